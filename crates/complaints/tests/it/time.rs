//! Clocks that pause, the law's that does not, and what goes up when it is overdue.

use base::{Actor, Error};
use complaints::complaint::Model;
use complaints::forms::ComplaintDraft;
use complaints::words::{EntryKind, Escalation, Severity, Status, Step};
use complaints::{CalendarChanged, Complaints, samples, store};
use db::db_tests;
use db::dialect::statement;
use module::Listener;
use sea_orm::ConnectionTrait;

use crate::{at, chen, customer, logged, service, up_to, when, why, with_department};

fn job(now: &str) -> Actor {
    Actor::system("complaints.keep_time", at(now))
}

async fn read(complaints: &Complaints, complaint: &Model) -> Model {
    complaints.file(&chen(), &complaint.id).await.unwrap().complaint
}

db_tests! {
    async fn the_worse_it_is_the_sooner_we_answer(db: Db) {
        let complaints = with_department(&db).await;
        let customer = customer(&db, &chen(), "红木家具厂").await;
        let mut last = None;
        for severity in [Severity::Critical, Severity::High, Severity::Normal, Severity::Low] {
            let draft = ComplaintDraft { severity, ..samples::draft(&customer, &service()) };
            let due = complaints.log(&chen(), draft).await.unwrap().response_due;
            assert!(due > last, "{severity}");
            last = due;
        }
    }

    async fn a_complaint_of_the_past_has_been_waiting_since_and_one_of_the_future_is_refused(db: Db) {
        let complaints = with_department(&db).await;
        let customer = customer(&db, &chen(), "红木家具厂").await;
        let of = |time: &str| ComplaintDraft { received_at: Some(at(time)), ..samples::draft(&customer, &service()) };
        let friday = complaints.log(&chen(), of("2026-11-20T02:00:00Z")).await.unwrap();
        assert!(friday.response_due.unwrap() < chen().now);
        let tomorrow = complaints.log(&chen(), of("2026-11-24T02:00:00Z")).await;
        assert_eq!(why(tomorrow), "received_at: complaint-in_the_future");
        assert_eq!(why(complaints.log(&chen(), of("1026-11-24T02:00:00Z")).await), "received_at: complaint-impossible_time");
    }

    async fn a_hold_moves_what_is_due_by_its_working_time(db: Db) {
        let (complaints, first) = logged(&db).await;
        let before = first.resolution_due.unwrap();
        let afternoon = when(&chen(), "2026-11-23T06:00:00Z");
        assert_eq!(why(complaints.hold(&afternoon, &first.id, 1, " ").await), "reason: complaint-text_missing");
        let held = complaints.hold(&afternoon, &first.id, 1, "等客户照片").await.unwrap();
        assert_eq!((held.status, held.resolution_due), (Status::OnHold, None));
        let step = complaints.take_step(&afternoon, &held.id, held.version, &samples::step(Step::Listen)).await;
        assert_eq!(why(step), "complaint-is_on_hold");
        assert_eq!(complaints.keep_time(&job("2027-03-01T00:00:00Z")).await.unwrap(), 0, "nothing is overdue on hold");
        let later = when(&chen(), "2026-11-23T07:00:00Z");
        let resumed = complaints.resume(&later, &held.id, held.version).await.unwrap();
        assert_eq!((resumed.status, resumed.hold_reason.as_str()), (Status::Waiting, ""));
        assert_eq!(resumed.resolution_due.unwrap() - before, chrono::Duration::hours(1));
    }

    async fn the_first_response_is_given_when_we_acknowledge(db: Db) {
        let (complaints, first) = logged(&db).await;
        let now = up_to(&complaints, &chen(), &first, Step::Acknowledge).await;
        assert_eq!((now.responded_at, now.status), (None, Status::Waiting));
        let now = up_to(&complaints, &chen(), &now, Step::Act).await;
        assert_eq!((now.responded_at, now.status), (Some(chen().now), Status::Handling));
    }

    async fn the_laws_clock_runs_beside_ours_and_never_pauses(db: Db) {
        let complaints = with_department(&db).await;
        let customer = customer(&db, &chen(), "红木家具厂").await;
        let draft = ComplaintDraft { express: true, ..samples::draft(&customer, &service()) };
        let express = complaints.log(&chen(), draft).await.unwrap();
        // Received on 23 November: the last day is the 30th, until 24:00 in Shanghai.
        assert_eq!(express.legal_due, Some(at("2026-11-30T16:00:00Z")));
        let held = complaints.hold(&chen(), &express.id, 1, "等").await.unwrap();
        assert_eq!(held.legal_due, express.legal_due);
        let legal = store::list::Filter { view: store::list::View::Legal, ..Default::default() };
        assert_eq!(complaints.list(&chen(), &legal, base::PageSize(10)).await.unwrap().rows.len(), 1);
        assert_eq!(complaints.log(&chen(), samples::draft(&customer, &service())).await.unwrap().legal_due, None);
    }

    async fn an_overdue_complaint_goes_to_the_owner_then_the_manager_then_is_a_high_risk(db: Db) {
        let (complaints, first) = logged(&db).await;
        assert_eq!(complaints.keep_time(&job("2026-11-23T04:30:00Z")).await.unwrap(), 0);
        let due = first.response_due.unwrap();
        assert_eq!(complaints.keep_time(&Actor::system("job", due)).await.unwrap(), 1);
        assert_eq!(complaints.keep_time(&Actor::system("job", due)).await.unwrap(), 0, "once");
        assert_eq!(read(&complaints, &first).await.escalation, Escalation::Owner);
        // Days later, after a night without power: the two other rungs, each once.
        assert_eq!(complaints.keep_time(&job("2026-12-01T04:00:00Z")).await.unwrap(), 2);
        assert_eq!(complaints.keep_time(&job("2026-12-01T04:00:00Z")).await.unwrap(), 0);
        let now = read(&complaints, &first).await;
        assert_eq!((now.escalation, now.high_risk_at), (Escalation::HighRisk, Some(at("2026-12-01T04:00:00Z"))));
        let rungs: Vec<_> = complaints.file(&chen(), &first.id).await.unwrap().entries;
        let rungs: Vec<_> =
            rungs.into_iter().filter(|one| one.kind == EntryKind::Escalated).map(|one| one.text).collect();
        assert_eq!(rungs, ["high_risk", "manager", "owner"]);
    }

    async fn the_manager_hears_of_it_four_working_hours_after_the_owner(db: Db) {
        let (complaints, first) = logged(&db).await;
        let due = first.response_due.unwrap();
        complaints.keep_time(&Actor::system("job", due)).await.unwrap();
        // The night does not count: three clock hours of the evening are no working hours.
        assert_eq!(complaints.keep_time(&job("2026-11-23T15:00:00Z")).await.unwrap(), 0);
        assert_eq!(complaints.keep_time(&job("2026-11-24T09:00:00Z")).await.unwrap(), 1);
        assert_eq!(read(&complaints, &first).await.escalation, Escalation::Manager);
    }

    async fn two_nodes_take_it_up_once(db: Db) {
        let (complaints, first) = logged(&db).await;
        let due = first.response_due.unwrap();
        let tasks: Vec<_> = (0..4)
            .map(|_| {
                let complaints = complaints.clone();
                tokio::spawn(async move { complaints.keep_time(&Actor::system("job", due)).await.unwrap() })
            })
            .collect();
        let mut climbed = 0;
        for task in tasks {
            climbed += task.await.unwrap();
        }
        assert_eq!(climbed, 1);
    }

    async fn another_calendar_moves_what_is_due_and_people_keep_their_version(db: Db) {
        let (complaints, first) = logged(&db).await;
        let calendars = calendar::Calendars::new(db.clone());
        let admin = Actor::system("test", chen().now);
        let friday = "2026-11-24".parse().unwrap();
        calendars.set_day(&admin, friday, calendar::day::DayKind::Holiday, "停电").await.unwrap();
        let listeners: Vec<std::sync::Arc<dyn Listener>> = vec![std::sync::Arc::new(CalendarChanged)];
        module::deliver(&db, &listeners, chen().now).await.unwrap();
        complaints.keep_time(&job("2026-11-23T04:00:00Z")).await.unwrap();
        let now = read(&complaints, &first).await;
        assert!(now.resolution_due.unwrap() > first.resolution_due.unwrap());
        assert_eq!(now.version, first.version);
    }

    async fn one_that_cannot_be_taken_on_keeps_no_other_waiting(db: Db) {
        let (complaints, first) = logged(&db).await;
        let second = complaints.log(&chen(), samples::draft(&first.customer_id, &service())).await.unwrap();
        let tx = db.begin().await.unwrap();
        let broken = "update complaints set response_clock = '[]' where id = $1";
        tx.execute_raw(statement(&tx, broken, [first.id.to_string().into()])).await.unwrap();
        db.commit(tx).await.unwrap();
        let due = second.response_due.unwrap();
        assert!(matches!(complaints.keep_time(&Actor::system("job", due)).await, Err(Error::Bug(_))));
        assert_eq!(read(&complaints, &second).await.escalation, Escalation::Owner);
    }

    async fn somebody_without_the_permission_is_refused(db: Db) {
        let (complaints, first) = logged(&db).await;
        let mut reader = chen();
        reader.permissions.remove(&complaints::HANDLE);
        let step = complaints.take_step(&reader, &first.id, 1, &samples::step(Step::Listen)).await;
        assert!(matches!(step, Err(Error::Forbidden)));
    }
}
