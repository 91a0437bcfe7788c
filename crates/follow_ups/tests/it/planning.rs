use base::Actor;
use complaints::Complaints;
use complaints::events::{CLOSED, REOPENED, RESOLVED};
use complaints::words::Step;
use db::{Db, db_tests};
use follow_ups::PlanFollowUps;
use follow_ups::follow_up::{Kind, Status, VoidReason};
use module::Job;

use crate::{FRIDAY, all, at, chen, customer, day, deliver, house, resolved, ship, steps, tell_again, the_one};

fn job(now: &str) -> Actor {
    Actor::system("follow_ups.plan", at(now))
}

/// Day and state of all, by kind and round.
async fn plan(db: &Db) -> Vec<(Kind, i64, Status, String)> {
    let row = |one: follow_ups::follow_up::Model| (one.kind, one.round, one.status, one.planned_on.to_string());
    all(db).await.into_iter().map(row).collect()
}

db_tests! {
    async fn a_resolved_complaint_is_followed_up_twice_in_working_time_and_planned_once(db: Db) {
        let (_, complaint) = resolved(&db).await;
        deliver(&db, FRIDAY).await;
        let once = plan(&db).await;
        // Two workdays after Friday; thirty days after it is a Sunday.
        let expected = [
            (Kind::AfterResolution, 1, Status::Planned, "2026-11-24".to_owned()),
            (Kind::Revisit, 1, Status::Planned, "2026-12-21".to_owned()),
        ];
        assert_eq!(once, expected);
        let first = the_one(&db, Kind::AfterResolution).await;
        assert_eq!((first.latest_on, first.person_id), (day("2026-11-25"), complaint.owner_id.clone()));
        tell_again(&db, RESOLVED, &complaint, "2026-11-21T04:00:00Z").await;
        let closed = steps(&db, &chen("2026-11-23T02:00:00Z"), &complaint, Step::Confirm).await;
        tell_again(&db, CLOSED, &closed, "2026-11-23T04:00:00Z").await;
        assert_eq!(plan(&db).await, expected);
    }

    async fn what_was_planned_is_void_when_the_complaint_is_opened_again_and_planned_anew_when_it_is_resolved(db: Db) {
        let (_, complaint) = resolved(&db).await;
        deliver(&db, FRIDAY).await;
        let monday = "2026-11-23T02:00:00Z";
        let complaints = Complaints::new(db.clone());
        let again = complaints.reopen(&chen(monday), &complaint.id, complaint.version, "又坏了").await.unwrap();
        deliver(&db, monday).await;
        assert!(all(&db).await.iter().all(|one| one.void_reason == Some(VoidReason::Reopened)));
        let again = steps(&db, &chen(monday), &again, Step::Resolve).await;
        deliver(&db, monday).await;
        let states: Vec<_> = plan(&db).await.into_iter().map(|(_, round, status, _)| (round, status)).collect();
        let both = [(1, Status::Void), (2, Status::Planned)];
        assert_eq!(states, [both, both].concat());
        // Late news of the first round changes nothing.
        tell_again(&db, RESOLVED, &complaint, monday).await;
        tell_again(&db, REOPENED, &again, monday).await;
        assert_eq!(plan(&db).await.len(), 4);
        assert_eq!(all(&db).await.iter().filter(|one| one.status == Status::Planned).count(), 2);
    }

    async fn nothing_is_planned_when_it_was_opened_again_before_anybody_heard_of_the_resolution(db: Db) {
        let (_, complaint) = resolved(&db).await;
        let complaints = Complaints::new(db.clone());
        complaints.reopen(&chen(FRIDAY), &complaint.id, complaint.version, "又坏了").await.unwrap();
        deliver(&db, FRIDAY).await;
        assert!(all(&db).await.is_empty());
    }

    async fn follow_ups_of_a_merged_complaint_are_void(db: Db) {
        let (_, complaint) = resolved(&db).await;
        deliver(&db, FRIDAY).await;
        let complaints = Complaints::new(db.clone());
        let draft = complaints::samples::draft(&complaint.customer_id, &complaint.department_id);
        let other = complaints.log(&chen(FRIDAY), draft).await.unwrap();
        complaints.merge(&chen(FRIDAY), &complaint.id, complaint.version, &other.id).await.unwrap();
        PlanFollowUps(house_of(&db)).run(&job("2026-11-20T05:00:00Z")).await.unwrap();
        assert!(all(&db).await.iter().all(|one| one.void_reason == Some(VoidReason::Merged)));
        assert_eq!(all(&db).await.len(), 2);
    }

    async fn a_new_customer_is_asked_a_week_after_his_first_shipment_on_a_workday(db: Db) {
        house(&db).await;
        let chen = chen("2026-11-23T04:00:00Z");
        for (name, first) in [("today", "2026-11-23"), ("sunday", "2026-11-15"), ("older", "2026-10-23")] {
            let id = customer(&db, &chen, name).await;
            ship(&db, "2026-11-23T04:00:00Z", &id, &[first, "2026-11-23"]).await;
        }
        deliver(&db, "2026-11-23T04:00:00Z").await;
        PlanFollowUps(house_of(&db)).run(&job("2026-11-23T05:00:00Z")).await.unwrap();
        let planned: Vec<_> = all(&db).await.into_iter().map(|one| (one.object_id, one.planned_on)).collect();
        let expected = [("2026-11-15", "2026-11-23"), ("2026-11-23", "2026-11-30")];
        assert_eq!(planned, expected.map(|(first, on)| (first.to_owned(), day(on))));
    }

    async fn a_first_week_moves_with_earlier_shipments_and_ends_after_a_month(db: Db) {
        house(&db).await;
        let now = "2026-11-23T04:00:00Z";
        let id = customer(&db, &chen(now), "恒源").await;
        ship(&db, now, &id, &["2026-11-20"]).await;
        deliver(&db, now).await;
        ship(&db, now, &id, &["2026-11-18"]).await;
        deliver(&db, now).await;
        let rows: Vec<_> = all(&db).await.into_iter().map(|one| (one.object_id, one.void_reason)).collect();
        let expected = [("2026-11-18".to_owned(), None), ("2026-11-20".to_owned(), Some(VoidReason::ShippedBefore))];
        assert_eq!(rows, expected);
        let job_runs = |now: &'static str| {
            let plan = PlanFollowUps(house_of(&db));
            async move { plan.run(&job(now)).await.unwrap() }
        };
        job_runs("2026-12-18T04:00:00Z").await;
        assert_eq!(all(&db).await[0].status, Status::Planned);
        job_runs("2026-12-19T04:00:00Z").await;
        assert_eq!(all(&db).await[0].void_reason, Some(VoidReason::TooLate));
    }
}

fn house_of(db: &Db) -> follow_ups::FollowUps {
    follow_ups::FollowUps::new(db.clone(), Complaints::new(db.clone()))
}
