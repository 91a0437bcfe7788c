//! What the firm stands to lose with a customer.

use base::{Currency, CustomerId, Money};
use customers::customer::UNKNOWN_VALUE;
use customers::figures::ValueBasis;
use db::{Db, db_tests};
use shipments::store::figures;
use shipments::{AtStake, Basis, Shipments, samples, value_at_stake, values_at_stake};

use crate::{customer, day, manager};

/// Records a shipment of this revenue and cost in minor units.
async fn ship(
    shipments: &Shipments,
    customer: &CustomerId,
    (waybill, on): (&str, &str),
    revenue: Option<(i64, Currency)>,
    cost: Option<(i64, Currency)>,
) {
    let mut draft = samples::shipment(customer, waybill, day(on));
    (draft.lines[0].revenue_minor, draft.lines[0].revenue_currency) = revenue.unzip();
    (draft.lines[0].cost_minor, draft.lines[0].cost_currency) = cost.unzip();
    shipments.record(&manager(), draft, None).await.unwrap();
}

async fn stake(db: &Db, id: &CustomerId) -> Option<AtStake> {
    value_at_stake(db, &manager(), std::slice::from_ref(id)).await.unwrap().remove(id)
}

fn cny(minor: i64) -> Option<Money> {
    Some(Money::new(minor, Currency::CNY))
}

db_tests! {
    async fn a_customer_is_worth_the_margin_of_the_last_365_days(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let shipments = Shipments::new(db.clone());
        assert_eq!(stake(&db, &ming).await, None);
        ship(&shipments, &ming, ("YD1", "2026-11-05"), Some((10_000, Currency::CNY)), Some((4_000, Currency::CNY))).await;
        ship(&shipments, &ming, ("YD2", "2025-11-24"), Some((500, Currency::CNY)), Some((0, Currency::CNY))).await;
        ship(&shipments, &ming, ("YD3", "2025-11-23"), Some((9_999, Currency::CNY)), Some((0, Currency::CNY))).await;
        ship(&shipments, &ming, ("YD4", "2026-11-24"), Some((9_999, Currency::CNY)), Some((0, Currency::CNY))).await;
        let told = stake(&db, &ming).await.unwrap();
        assert_eq!((told.value, told.basis), (cny(6_500), Basis::Margin));
    }

    async fn what_a_customer_is_worth_is_kept_with_his_figures_and_orders_the_list(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let xun = customer(&db, &manager(), "迅捷物流").await;
        let shipments = Shipments::new(db.clone());
        ship(&shipments, &ming, ("YD1", "2026-11-05"), Some((10_000, Currency::CNY)), Some((4_000, Currency::CNY))).await;
        ship(&shipments, &ming, ("YD2", "2026-10-10"), Some((500, Currency::CNY)), None).await;
        ship(&shipments, &xun, ("YD3", "2026-11-05"), None, None).await;
        let both = [ming.clone(), xun.clone()];
        let refresh = async || {
            let tx = db.begin().await.unwrap();
            figures::refresh(&tx, &both, day("2026-11-23")).await.unwrap();
            db.commit(tx).await.unwrap();
        };
        refresh().await;
        let kept = figures::of_customer(db.read(), &ming).await.unwrap().unwrap();
        assert_eq!((kept.shipments_30, kept.shipments_prior_30), (1, 1));
        assert_eq!((kept.value_minor, kept.value_basis), (Some(6_500), ValueBasis::Mixed));
        let file = |id: CustomerId| {
            let customers = customers::Customers::new(db.clone());
            async move { customers.file(&manager(), &id).await.unwrap().customer }
        };
        let listed = file(ming.clone()).await;
        assert_eq!((listed.shipments_30, listed.value_order), (1, 6_500));
        assert_eq!(file(xun).await.value_order, UNKNOWN_VALUE);
        // Another rate makes all figures old.
        assert!(figures::stale(db.read(), day("2026-11-23"), None, 9).await.unwrap().is_empty());
        shipments.set_rate(&manager(), Currency::USD, day("2026-01-01"), "7").await.unwrap();
        assert_eq!(figures::stale(db.read(), day("2026-11-23"), None, 9).await.unwrap().len(), 2);
    }

    async fn revenue_stands_in_where_the_cost_is_unknown_and_unknown_says_so(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let xun = customer(&db, &manager(), "迅捷物流").await;
        let shipments = Shipments::new(db.clone());
        ship(&shipments, &ming, ("YD1", "2026-11-05"), Some((10_000, Currency::CNY)), None).await;
        let told = stake(&db, &ming).await.unwrap();
        assert_eq!((told.value, told.basis), (cny(10_000), Basis::Revenue));
        ship(&shipments, &ming, ("YD2", "2026-11-05"), Some((10_000, Currency::CNY)), Some((9_000, Currency::CNY))).await;
        let told = stake(&db, &ming).await.unwrap();
        assert_eq!((told.value, told.basis), (cny(11_000), Basis::Mixed));
        ship(&shipments, &xun, ("YD3", "2026-11-05"), None, Some((9_000, Currency::CNY))).await;
        let told = stake(&db, &xun).await.unwrap();
        assert_eq!((told.value, told.basis, told.unknown_lines), (None, Basis::Unknown, 1));
    }

    async fn amounts_convert_by_the_rate_of_their_day_and_the_rest_stands_apart(db: Db) {
        let actor = manager();
        let ming = customer(&db, &actor, "明为公司").await;
        let shipments = Shipments::new(db.clone());
        shipments.set_rate(&actor, Currency::USD, day("2026-01-01"), "7").await.unwrap();
        shipments.set_rate(&actor, Currency::USD, day("2026-11-01"), "7.10").await.unwrap();
        ship(&shipments, &ming, ("YD1", "2026-10-31"), Some((1_000, Currency::USD)), Some((2_000, Currency::CNY))).await;
        ship(&shipments, &ming, ("YD2", "2026-11-05"), Some((1_000, Currency::USD)), Some((100, Currency::USD))).await;
        ship(&shipments, &ming, ("YD3", "2026-11-05"), Some((777, Currency::EUR)), None).await;
        let told = stake(&db, &ming).await.unwrap();
        assert_eq!((told.value, told.basis), (cny(5_000 + 6_390), Basis::Margin));
        assert_eq!(told.apart.0, [(Currency::EUR, 777)].into());
        let tx = db.begin().await.unwrap();
        figures::refresh(&tx, std::slice::from_ref(&ming), actor.today()).await.unwrap();
        db.commit(tx).await.unwrap();
        let kept = values_at_stake(&db, &actor, std::slice::from_ref(&ming)).await.unwrap().remove(&ming).unwrap();
        assert_eq!((kept.value, kept.basis, kept.apart), (told.value, told.basis, told.apart));
        shipments.remove_rate(&actor, Currency::USD, day("2026-01-01")).await.unwrap();
        assert_eq!(stake(&db, &ming).await.unwrap().value, cny(6_390));
        assert!(shipments.set_rate(&actor, Currency::CNY, day("2026-01-01"), "1").await.is_err());
        assert!(shipments.set_rate(&actor, Currency::USD, day("2026-01-01"), "-7").await.is_err());
        assert_eq!(shipments.rates(&actor).await.unwrap().len(), 1);
    }
}
