//! Which customers need something because of their shipments.

use base::{Actor, CustomerId, Scope, UserId};
use chrono::{Days, Duration};
use db::{Db, db_tests};
use module::{Doing, Reason, ReasonSource};
use shipments::forms::LineDraft;
use shipments::{ShipmentReasons, Shipments, samples};

use crate::{customer, day, manager, person};

async fn reasons(db: &Db, actor: &Actor, kind: &str) -> Vec<Reason> {
    let all = ShipmentReasons.reasons(db, actor, None).await.unwrap();
    all.into_iter().filter(|reason| reason.kind == kind).collect()
}

/// A call to the customer about nothing in particular.
async fn call(db: &Db, actor: &Actor, customer: &CustomerId) -> String {
    let tx = db.begin().await.unwrap();
    let logged = customers::log_in(&tx, actor, customer, customers::samples::call("到货时间")).await.unwrap();
    db.commit(tx).await.unwrap();
    logged.0
}

/// Promised for 20 November and delivered two days later.
async fn record_late(db: &Db, customer: &CustomerId, waybill: &str) -> String {
    let mut draft = samples::shipment(customer, waybill, day("2026-11-20"));
    draft.lines[0].delivered_on = Some(day("2026-11-22"));
    Shipments::new(db.clone()).record(&manager(), draft, None).await.unwrap().id.0
}

/// What the program does with waiting events and due jobs.
async fn work(db: &Db, actor: &Actor) {
    let module = shipments::module(Shipments::new(db.clone()));
    module::deliver(db, &module.listeners, actor.now).await.unwrap();
    for job in module.jobs {
        job.run(actor).await.unwrap();
    }
}

db_tests! {
    async fn a_late_delivery_asks_for_a_word_until_somebody_tells_the_customer(db: Db) {
        let zhang = person("zhang", Scope::Own);
        let ming = customer(&db, &zhang, "明为公司").await;
        let shipment = record_late(&db, &ming, "YD1").await;
        let found = reasons(&db, &zhang, "late_untold").await;
        assert_eq!(found.len(), 1);
        assert_eq!((&found[0].mark, &found[0].person), (&format!("{shipment}/2026-11-20"), &Some(UserId("zhang".into()))));
        assert_eq!((found[0].due, &found[0].customer), (day("2026-11-21"), &ming));
        let interaction = call(&db, &zhang, &ming).await;
        assert_eq!(reasons(&db, &zhang, "late_untold").await.len(), 1, "the call was about something else");
        let doing = Doing { kind: "late_untold", mark: &found[0].mark, customer: &ming, interaction: &interaction };
        let tx = db.begin().await.unwrap();
        ShipmentReasons.done(&tx, &zhang, &doing).await.unwrap();
        db.commit(tx).await.unwrap();
        assert_eq!(reasons(&db, &zhang, "late_untold").await.len(), 0);
        let tx = db.begin().await.unwrap();
        ShipmentReasons.undone(&tx, &zhang, &doing).await.unwrap();
        db.commit(tx).await.unwrap();
        assert_eq!(reasons(&db, &zhang, "late_untold").await.len(), 1);
    }

    async fn a_word_before_the_promise_was_missed_does_not_count(db: Db) {
        let zhang = person("zhang", Scope::Own);
        let ming = customer(&db, &zhang, "明为公司").await;
        let shipment = record_late(&db, &ming, "YD1").await;
        // 20 November ends in China at 16:00 UTC.
        for (now, left) in [("2026-11-20T15:59:00Z", 1), ("2026-11-20T16:01:00Z", 0)] {
            let early = Actor { now: now.parse().unwrap(), ..zhang.clone() };
            let interaction = call(&db, &early, &ming).await;
            let doing = Doing { kind: "late_untold", mark: &shipment, customer: &ming, interaction: &interaction };
            let tx = db.begin().await.unwrap();
            ShipmentReasons.done(&tx, &early, &doing).await.unwrap();
            db.commit(tx).await.unwrap();
            assert_eq!(reasons(&db, &zhang, "late_untold").await.len(), left, "{now}");
        }
    }

    async fn what_is_overdue_is_told_for_a_year_and_what_came_late_for_a_month_after_it_came(db: Db) {
        let actor = manager();
        let ming = customer(&db, &actor, "明为公司").await;
        let shipments = Shipments::new(db.clone());
        let all = [
            ("YD1", "2026-11-22", None),
            ("YD2", "2026-11-23", None),
            ("open for 40 days", "2026-10-14", None),
            ("open for a year", "2025-11-23", None),
            ("open for longer", "2025-11-22", None),
            ("39 days late yesterday", "2026-10-14", Some("2026-11-22")),
            ("late a month ago", "2026-10-20", Some("2026-10-24")),
            ("late before that", "2026-10-20", Some("2026-10-23")),
        ];
        for (waybill, promised, delivered) in all {
            let mut draft = samples::shipment(&ming, waybill, day(promised));
            draft.lines[0].delivered_on = delivered.map(day);
            shipments.record(&actor, draft, None).await.unwrap();
        }
        let found = reasons(&db, &actor, "late_untold").await;
        let mut waybills: Vec<_> = found.iter().map(|reason| reason.reason.args[0].1.to_string()).collect();
        waybills.sort();
        let wanted = ["39 days late yesterday", "YD1", "late a month ago", "open for 40 days", "open for a year"];
        assert_eq!(waybills, wanted);
        let open = found.iter().filter(|reason| reason.reason.key == "shipment-reason-late_open").count();
        assert_eq!(open, 3);
    }

    async fn a_word_about_one_late_line_does_not_silence_one_that_is_missed_later(db: Db) {
        let actor = manager();
        let ming = customer(&db, &actor, "明为公司").await;
        let mut draft = samples::shipment(&ming, "YD1", day("2026-11-10"));
        draft.lines.push(LineDraft { line: "2".into(), ..samples::line(day("2026-11-20")) });
        for line in &mut draft.lines {
            line.delivered_on = None;
        }
        Shipments::new(db.clone()).record(&actor, draft, None).await.unwrap();
        for (now, due) in [("2026-11-15T04:00:00Z", "2026-11-11"), ("2026-11-22T04:00:00Z", "2026-11-21")] {
            let then = Actor { now: now.parse().unwrap(), ..actor.clone() };
            let found = reasons(&db, &then, "late_untold").await;
            assert_eq!(found.iter().map(|reason| reason.due).collect::<Vec<_>>(), [day(due)], "{now}");
            let interaction = call(&db, &then, &ming).await;
            let doing = Doing { kind: "late_untold", mark: &found[0].mark, customer: &ming, interaction: &interaction };
            let tx = db.begin().await.unwrap();
            ShipmentReasons.done(&tx, &then, &doing).await.unwrap();
            db.commit(tx).await.unwrap();
            assert_eq!(reasons(&db, &then, "late_untold").await.len(), 0, "{now}");
        }
    }

    async fn each_sees_the_reasons_of_his_own_customers(db: Db) {
        let (zhang, li) = (person("zhang", Scope::Own), person("li", Scope::Own));
        let ming = customer(&db, &zhang, "明为公司").await;
        record_late(&db, &ming, "YD1").await;
        assert_eq!(reasons(&db, &li, "late_untold").await.len(), 0);
        let own = ShipmentReasons.reasons(&db, &manager(), li.user_id()).await.unwrap();
        let whole = ShipmentReasons.reasons(&db, &manager(), zhang.user_id()).await.unwrap();
        assert_eq!((own.len(), whole.len()), (0, 1));
    }

    async fn a_customer_who_ships_less_than_chance_explains_is_noticed(db: Db) {
        let actor = manager();
        let ming = customer(&db, &actor, "明为公司").await;
        let xun = customer(&db, &actor, "迅捷物流").await;
        let shipments = Shipments::new(db.clone());
        for n in 0..18 {
            let on = day("2026-10-20") - Days::new(n * 9);
            shipments.record(&actor, samples::shipment(&ming, &format!("M{n}"), on), None).await.unwrap();
            shipments.record(&actor, samples::shipment(&xun, &format!("X{n}"), on), None).await.unwrap();
        }
        shipments.record(&actor, samples::shipment(&xun, "X99", day("2026-11-20")), None).await.unwrap();
        work(&db, &actor).await;
        let found = reasons(&db, &actor, "volume_drop").await;
        assert_eq!(found.iter().map(|reason| &reason.customer).collect::<Vec<_>>(), [&ming]);
        assert_eq!(found[0].mark, "2026-11");
        let later = Actor { now: actor.now + Duration::days(28), ..actor };
        work(&db, &later).await;
        let found = reasons(&db, &later, "volume_drop").await;
        // Of 明为公司 17 are left in the 180 days, too few to say it; 迅捷物流 still has 18 and none lately.
        assert_eq!(found.iter().map(|reason| &reason.customer).collect::<Vec<_>>(), [&xun]);
    }
}
