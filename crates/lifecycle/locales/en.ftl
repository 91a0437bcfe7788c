lifecycle-reason-by_hand = Set by hand: { $reason }
lifecycle-reason-no_shipment = No shipment yet
lifecycle-reason-first_time = First shipment on { $on }
lifecycle-reason-repeat = Shipments: { $shipments }, the last on { $last }
lifecycle-reason-loyal = { $shipments } shipments in { $months } of the last { $window } months
lifecycle-reason-lost = Last shipment on { $last }, silent for more than { $days } days since
lifecycle-reason-won_back = Shipped again on { $on } after having been lost
