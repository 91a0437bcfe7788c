//! What raises an exception by itself, and what does not.

use base::Scope;
use chrono::Duration;
use db::{Db, audit, db_tests, settings};
use exceptions::exception::{FoundBy, Kind, Status, VoidCause};
use exceptions::{Exceptions, Policy, ThresholdDraft};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use shipments::MilestoneKind;
use shipments::forms::MilestoneDraft;

use crate::{MONDAY, all, at, customer, deliver, later, manager, person, planned, record, statuses, the_only, tick};

async fn raised_in_audit(db: &Db) -> usize {
    let entries = audit::Entity::find().filter(audit::Column::Action.eq("exception.raised"));
    entries.all(db.read()).await.unwrap().len()
}

db_tests! {
    async fn a_step_behind_its_plan_raises_one_exception_for_the_owner_with_a_clock(db: Db) {
        let zhang = person("zhang", Scope::Own);
        let ming = customer(&db, &zhang, "明为公司").await;
        let plan = at(MONDAY) + Duration::minutes(1);
        let shipment = record(&db, &manager(), planned(&ming, "YD1", plan, None)).await;
        tick(&db, at(MONDAY)).await;
        tick(&db, plan + Duration::minutes(119)).await;
        assert_eq!(all(&db).await.len(), 0, "two hours are fine");
        for minutes in [121, 122, 200] {
            tick(&db, plan + Duration::minutes(minutes)).await;
        }
        let one = the_only(&db).await;
        assert_eq!((&one.shipment_id, &one.customer_id, &one.owner_id), (&shipment, &ming, &zhang.user_id().cloned()));
        assert_eq!((one.kind, one.found_by, one.status), (Kind::Late, FoundBy::Program, Status::Open));
        assert_eq!((one.milestone, one.planned_at, one.actual_at), (Some(MilestoneKind::Signed), Some(plan), None));
        assert_eq!((one.origin.as_str(), one.destination.as_str()), ("上海", "成都"));
        // Found at 12:02, in the noon break; two working hours end at 15:30.
        assert_eq!((one.found_at, one.tell_by), (at("2026-11-23T04:02:00Z"), at("2026-11-23T07:30:00Z")));
        assert_eq!(raised_in_audit(&db).await, 1);
    }

    async fn an_actual_time_behind_plan_and_tolerance_raises_one_when_it_is_told(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let plan = at(MONDAY) - Duration::hours(5);
        let late = record(&db, &manager(), planned(&ming, "YD1", plan, Some(plan + Duration::minutes(121)))).await;
        record(&db, &manager(), planned(&ming, "YD2", plan, Some(plan + Duration::minutes(120)))).await;
        deliver(&db, at(MONDAY)).await;
        assert_eq!(statuses(&db).await, [(late, Status::Open)]);
    }

    async fn history_raises_nothing(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        for (waybill, days) in [("YD1", 31), ("YD2", 400), ("YD3", 2000)] {
            let plan = at(MONDAY) - Duration::days(days);
            record(&db, &manager(), planned(&ming, waybill, plan, Some(plan + Duration::days(3)))).await;
            record(&db, &manager(), planned(&ming, &format!("{waybill}-open"), plan, None)).await;
        }
        tick(&db, at(MONDAY)).await;
        assert_eq!(all(&db).await.len(), 0);
        let tx = db.begin().await.unwrap();
        settings::put(&tx, &manager(), "exceptions", &Policy { raise_days: 40, ..Policy::default() }).await.unwrap();
        db::outbox::add(&tx, at(MONDAY), base::Event::new("settings.changed", serde_json::json!({"key": "exceptions"})))
            .await
            .unwrap();
        db.commit(tx).await.unwrap();
        tick(&db, at(MONDAY) + Duration::minutes(1)).await;
        assert_eq!(all(&db).await.len(), 1, "what never happened is looked at again when the rules change");
    }

    async fn a_step_done_late_long_ago_is_no_news_but_one_still_open_is(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let plan = at(MONDAY) - Duration::days(12);
        let ago = |days: i64| Some(at(MONDAY) - Duration::days(days));
        record(&db, &manager(), planned(&ming, "YD1", plan, ago(8))).await;
        let news = record(&db, &manager(), planned(&ming, "YD2", plan, ago(6))).await;
        let open = record(&db, &manager(), planned(&ming, "YD3", plan, None)).await;
        tick(&db, at(MONDAY)).await;
        let mut raised: Vec<_> = all(&db).await.into_iter().map(|one| one.shipment_id).collect();
        raised.sort_unstable();
        let mut expected = vec![news, open];
        expected.sort_unstable();
        assert_eq!(raised, expected);
    }

    async fn late_steps_of_one_waybill_are_one_row_and_told_in_one_act(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let plan = at(MONDAY) - Duration::hours(9);
        let mut draft = planned(&ming, "YD1", plan, None);
        draft.milestones.push(MilestoneDraft { kind: MilestoneKind::HandedOver, ..draft.milestones[0].clone() });
        record(&db, &manager(), draft).await;
        record(&db, &manager(), planned(&ming, "YD2", plan, None)).await;
        tick(&db, at(MONDAY)).await;
        let listed = Exceptions::new(db.clone()).list(&manager(), &Default::default(), Default::default()).await.unwrap();
        let mut counts: Vec<_> = listed.rows.iter().map(|row| (row.file.waybill.as_str(), row.count)).collect();
        counts.sort_unstable();
        assert_eq!(counts, [("YD1", 2), ("YD2", 1)]);
        let key = &listed.rows.iter().find(|row| row.count == 2).unwrap().file.exception.group_key;
        assert_eq!(Exceptions::new(db.clone()).group(&manager(), key).await.unwrap().len(), 2);
    }

    async fn what_became_late_while_the_program_was_down_is_raised_once(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        tick(&db, at(MONDAY)).await;
        for number in 1..=7 {
            let plan = at(MONDAY) + Duration::hours(number * 20);
            record(&db, &manager(), planned(&ming, &format!("YD{number}"), plan, None)).await;
        }
        deliver(&db, at(MONDAY)).await;
        let back = at(MONDAY) + Duration::hours(6 * 20 + 3);
        tick(&db, back).await;
        assert_eq!(all(&db).await.len(), 6);
        tick(&db, back + Duration::minutes(1)).await;
        // A clock that goes back an hour and on again neither doubles nor misses anything.
        tick(&db, back - Duration::hours(1)).await;
        let plan = back - Duration::hours(2) - Duration::minutes(30);
        record(&db, &later(&manager(), 0), planned(&ming, "YD9", plan, None)).await;
        deliver(&db, back - Duration::hours(1)).await;
        assert_eq!(all(&db).await.len(), 6, "not late yet by this clock");
        tick(&db, back).await;
        assert_eq!((all(&db).await.len(), raised_in_audit(&db).await), (7, 7));
    }

    async fn the_closest_tolerance_counts_and_a_shorter_one_holds_for_what_is_under_way(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let other = customer(&db, &manager(), "红木家具厂").await;
        let plan = at(MONDAY);
        record(&db, &manager(), planned(&ming, "YD1", plan, None)).await;
        record(&db, &manager(), planned(&other, "YD2", plan, None)).await;
        let now = later(&manager(), 31);
        tick(&db, now.now).await;
        assert_eq!(all(&db).await.len(), 0);
        let exceptions = Exceptions::new(db.clone());
        let draft = |customer, lane: (&str, &str), minutes| ThresholdDraft {
            customer,
            origin: lane.0.into(),
            destination: lane.1.into(),
            milestone: MilestoneKind::Signed,
            minutes,
        };
        exceptions.set_threshold(&now, draft(None, ("上海", "成都"), 600)).await.unwrap();
        exceptions.set_threshold(&now, draft(Some(ming.clone()), ("", ""), 30)).await.unwrap();
        tick(&db, later(&now, 1).now).await;
        assert_eq!(the_only(&db).await.customer_id, ming);
        tick(&db, later(&now, 300).now).await;
        assert_eq!(all(&db).await.len(), 1, "ten hours are fine on the lane");
        tick(&db, later(&now, 600).now).await;
        assert_eq!(all(&db).await.len(), 2);
    }

    async fn what_turns_out_in_time_takes_an_untouched_exception_back_and_a_delay_brings_it_again(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let plan = at(MONDAY) - Duration::hours(4);
        record(&db, &manager(), planned(&ming, "YD1", plan, None)).await;
        tick(&db, at(MONDAY)).await;
        assert_eq!(the_only(&db).await.status, Status::Open);
        record(&db, &later(&manager(), 1), planned(&ming, "YD1", plan, Some(plan + Duration::minutes(5)))).await;
        tick(&db, later(&manager(), 1).now).await;
        let void = the_only(&db).await;
        assert_eq!((void.status, void.void_cause), (Status::Void, Some(VoidCause::InTime)));
        record(&db, &later(&manager(), 2), planned(&ming, "YD1", plan, Some(plan + Duration::hours(3)))).await;
        tick(&db, later(&manager(), 2).now).await;
        let again = the_only(&db).await;
        assert_eq!((again.status, again.void_cause, again.closed_at), (Status::Open, None, None));
        assert_eq!(again.actual_at, Some(plan + Duration::hours(3)));
        let mut replanned = planned(&ming, "YD1", plan + Duration::days(1), None);
        replanned.milestones[0].actual_at = None;
        record(&db, &later(&manager(), 3), replanned).await;
        tick(&db, later(&manager(), 3).now).await;
        assert_eq!(the_only(&db).await.void_cause, Some(VoidCause::Replanned));
    }

    async fn a_step_that_nobody_recorded_is_not_late_once_what_comes_after_it_has_happened(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let plan = at(MONDAY) - Duration::hours(4);
        let with_pick_up = |now, signed| {
            let mut draft = planned(&ming, "YD1", plan + Duration::hours(24), signed);
            let pick_up = MilestoneDraft { kind: MilestoneKind::PickedUp, planned_at: Some(plan), estimated_at: None, actual_at: None };
            draft.milestones.push(pick_up);
            (later(&manager(), now), draft)
        };
        let (now, draft) = with_pick_up(0, None);
        record(&db, &now, draft).await;
        tick(&db, now.now).await;
        assert_eq!((the_only(&db).await.milestone, the_only(&db).await.status), (Some(MilestoneKind::PickedUp), Status::Open));
        let (now, draft) = with_pick_up(9, Some(at(MONDAY)));
        record(&db, &now, draft).await;
        tick(&db, now.now).await;
        assert_eq!(the_only(&db).await.void_cause, Some(VoidCause::Passed));
    }

    async fn without_an_owner_it_is_nobodys_and_stays_for_the_manager(db: Db) {
        let tx = db.begin().await.unwrap();
        let nobodys = customers::create_in(&tx, &manager(), customers::samples::draft("无主客户")).await.unwrap();
        db.commit(tx).await.unwrap();
        record(&db, &manager(), planned(&nobodys.customer_id(), "YD1", at(MONDAY) - Duration::hours(4), None)).await;
        tick(&db, at(MONDAY)).await;
        assert_eq!(the_only(&db).await.owner_id, nobodys.owner_id);
    }
}
