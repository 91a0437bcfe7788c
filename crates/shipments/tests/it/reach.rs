//! Nobody learns or changes through one customer what belongs to another.

use std::sync::Arc;

use base::{Actor, CustomerId, Error, Scope, UserId};
use customers::Customers;
use customers::forms::InteractionDraft;
use db::{Db, db_tests};
use module::{CustomerPanel, Doing, Reason, ReasonSource};
use shipments::{Clock, Grain, ShipmentPanel, ShipmentReasons, Shipments, samples, trend, value_at_stake};
use texts::Texts;

use crate::{customer, day, manager, person};

fn house(db: &Db) -> (Customers, Shipments) {
    let customers = Customers::new(db.clone());
    customers.extend(vec![Arc::new(ShipmentPanel)], Vec::new());
    (customers, Shipments::new(db.clone()))
}

/// Promised for 20 November and delivered two days later.
async fn record_late(db: &Db, customer: &CustomerId, waybill: &str) -> String {
    let mut draft = samples::shipment(customer, waybill, day("2026-11-20"));
    draft.lines[0].delivered_on = Some(day("2026-11-22"));
    Shipments::new(db.clone()).record(&manager(), draft, None).await.unwrap().id.0
}

async fn untold(db: &Db, actor: &Actor) -> Vec<Reason> {
    let all = ShipmentReasons.reasons(db, actor, None).await.unwrap();
    all.into_iter().filter(|reason| reason.kind == "late_untold").collect()
}

fn call_about(shipments: &[&str]) -> InteractionDraft {
    let shipments = shipments.iter().map(|id| (*id).to_owned()).collect();
    InteractionDraft { shipments, ..customers::samples::call("晚到的事") }
}

db_tests! {
    async fn a_word_to_one_customer_tells_nothing_of_another_ones_shipment(db: Db) {
        let (customers, _) = house(&db);
        let (zhang, li) = (person("zhang", Scope::Own), person("li", Scope::Own));
        let (ming, hong) = (customer(&db, &zhang, "明为公司").await, customer(&db, &li, "红木家具厂").await);
        let foreign = record_late(&db, &ming, "YD1").await;
        let own = record_late(&db, &hong, "YD2").await;
        for shipments in [vec![foreign.as_str()], vec![own.as_str(), foreign.as_str()], vec!["nonsense"]] {
            let refused = customers.log(&li, &hong, call_about(&shipments)).await;
            assert!(matches!(refused, Err(Error::Refused(why)) if why.key == "interaction-strange_shipment"));
        }
        assert_eq!(customers.interactions(&li, &hong, None, base::PageSize(9)).await.unwrap().rows.len(), 0);
        assert_eq!(untold(&db, &zhang).await.len(), 1);
        customers.log(&li, &hong, call_about(&[&own, &own])).await.unwrap();
        assert_eq!((untold(&db, &li).await.len(), untold(&db, &zhang).await.len()), (0, 1));
    }

    async fn whoever_sees_both_customers_still_tells_only_the_one_whose_shipment_it_is(db: Db) {
        let (customers, _) = house(&db);
        let actor = manager();
        let (ming, hong) = (customer(&db, &actor, "明为公司").await, customer(&db, &actor, "红木家具厂").await);
        let shipment = record_late(&db, &ming, "YD1").await;
        assert!(matches!(customers.log(&actor, &hong, call_about(&[&shipment])).await, Err(Error::Refused(_))));
        // However the link came to be there.
        let logged = customers.log(&actor, &hong, call_about(&[])).await.unwrap();
        let doing = Doing { kind: "late_untold", mark: &shipment, customer: &hong, interaction: logged.as_str() };
        let tx = db.begin().await.unwrap();
        ShipmentReasons.done(&tx, &actor, &doing).await.unwrap();
        db.commit(tx).await.unwrap();
        assert_eq!(untold(&db, &actor).await.len(), 1);
        customers.log(&actor, &ming, call_about(&[&shipment])).await.unwrap();
        assert_eq!(untold(&db, &actor).await.len(), 0);
    }

    async fn without_shipments_nobody_tells_about_one_and_other_modules_cannot(db: Db) {
        let (customers, _) = house(&db);
        let mut zhang = person("zhang", Scope::Own);
        let ming = customer(&db, &zhang, "明为公司").await;
        let shipment = record_late(&db, &ming, "YD1").await;
        let tx = db.begin().await.unwrap();
        assert!(matches!(customers::log_in(&tx, &zhang, &ming, call_about(&[&shipment])).await, Err(Error::Refused(_))));
        tx.rollback().await.unwrap();
        zhang.permissions.remove(&shipments::VIEW);
        assert!(matches!(customers.log(&zhang, &ming, call_about(&[&shipment])).await, Err(Error::Refused(_))));
    }

    async fn a_hidden_waybill_and_one_that_never_was_answer_alike_to_a_version(db: Db) {
        let (_, shipments) = house(&db);
        let (zhang, li) = (person("zhang", Scope::Own), person("li", Scope::Own));
        let (ming, hong) = (customer(&db, &zhang, "明为公司").await, customer(&db, &li, "红木家具厂").await);
        record_late(&db, &ming, "YD1").await;
        for waybill in ["YD1", "YD9"] {
            let told = shipments.record(&li, samples::shipment(&hong, waybill, day("2026-11-20")), Some(1)).await;
            assert!(matches!(told, Err(Error::Conflict)), "{waybill}: {told:?}");
            let told = shipments.record(&li, samples::shipment(&ming, waybill, day("2026-11-20")), None).await;
            assert!(matches!(told, Err(Error::Invalid(_))), "{waybill}: {told:?}");
        }
    }

    async fn how_many_shipments_the_firm_has_is_known_to_those_who_see_them_all(db: Db) {
        let (_, shipments) = house(&db);
        let zhang = person("zhang", Scope::Own);
        let (ming, hong) = (customer(&db, &zhang, "明为公司").await, customer(&db, &manager(), "红木家具厂").await);
        shipments.record(&manager(), samples::shipment(&ming, "YD1", day("2026-11-05")), None).await.unwrap();
        record_late(&db, &hong, "YD2").await;
        record_late(&db, &hong, "YD3").await;
        let own = trend(&db, &zhang, &ming, Grain::Line, Clock::Day, 12).await.unwrap();
        let told = serde_json::to_value(&own[0]).unwrap();
        assert_eq!(told["all"], serde_json::json!({"rate": 0.33, "counted": null}));
        assert_eq!(told["own"]["total"], 1);
        for part in [customers::VIEW, shipments::VIEW] {
            let mut half = manager();
            half.permissions.insert(part, Scope::Departments(Vec::new()));
            half.kind = zhang.kind.clone();
            let seen = trend(&db, &half, &ming, Grain::Line, Clock::Day, 12).await.unwrap();
            assert_eq!(seen[0].all.counted, None, "{part:?}");
        }
        let whole = trend(&db, &manager(), &ming, Grain::Line, Clock::Day, 12).await.unwrap();
        assert_eq!(whole[0].all.counted.as_ref().map(|all| (all.on_time, all.total)), Some((1, 3)));
        assert!((whole[0].all.rate - 1.0 / 3.0).abs() < 1e-9);
    }

    async fn the_customer_page_counts_no_shipments_that_its_reader_may_not_see(db: Db) {
        let (_, shipments) = house(&db);
        let own = shipments::module(shipments.clone()).locales.unwrap();
        let texts = Texts::load([web::locales(), own]).unwrap();
        let hong = customer(&db, &manager(), "红木家具厂").await;
        record_late(&db, &hong, "YD1").await;
        let mut zhang = person("zhang", Scope::All);
        zhang.permissions.insert(shipments::VIEW, Scope::Own);
        assert_eq!(ShipmentPanel.figures(&db, &zhang, &texts, &hong).await.unwrap().len(), 0);
        assert!(ShipmentPanel.render(&db, &zhang, &texts, &hong, "").await.unwrap().is_none());
        assert_eq!(ShipmentPanel.figures(&db, &manager(), &texts, &hong).await.unwrap().len(), 4);
    }

    async fn what_a_customer_brings_is_known_to_those_who_may_see_his_shipments(db: Db) {
        let (_, shipments) = house(&db);
        let ming = customer(&db, &person("zhang", Scope::Own), "明为公司").await;
        let mut draft = samples::shipment(&ming, "YD1", day("2026-11-05"));
        (draft.lines[0].revenue_minor, draft.lines[0].revenue_currency) = (Some(100), Some(base::Currency::CNY));
        shipments.record(&manager(), draft, None).await.unwrap();
        let mut blind = person("zhang", Scope::Own);
        assert_eq!(blind.user_id(), Some(&UserId("zhang".into())));
        let ids = std::slice::from_ref(&ming);
        assert_eq!(value_at_stake(&db, &blind, ids).await.unwrap().len(), 1);
        blind.permissions.remove(&shipments::VIEW);
        assert_eq!(value_at_stake(&db, &blind, ids).await.unwrap().len(), 0);
        let mut wide = person("li", Scope::All);
        wide.permissions.insert(shipments::VIEW, Scope::Own);
        assert_eq!(value_at_stake(&db, &wide, ids).await.unwrap().len(), 0);
    }
}
