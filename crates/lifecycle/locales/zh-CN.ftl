lifecycle-reason-by_hand = 人工设定：{ $reason }
lifecycle-reason-no_shipment = 尚无运单
lifecycle-reason-first_time = { $on } 首次发货
lifecycle-reason-repeat = 共 { $shipments } 票，最近一票 { $last }
lifecycle-reason-loyal = 近 { $window } 个月中 { $months } 个月有货，共 { $shipments } 票
lifecycle-reason-lost = 最近一票 { $last }，此后超过 { $days } 天未发货
lifecycle-reason-won_back = 流失后于 { $on } 再次发货
