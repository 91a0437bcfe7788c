//! What keeps going wrong makes a quality event, once.

use base::{Actor, Error, PageSize, Scope, UserId};
use complaints::complaint::Model;
use complaints::forms::{CauseDraft, ComplaintDraft, QualityDone, QualityPlan};
use complaints::quality_event::{GroupedBy, QualityStatus};
use complaints::words::{Cause, Status};
use complaints::{Complaints, QualityListed, QualityReasons, samples};
use db::{Db, db_tests};
use module::ReasonSource;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use shipments::Shipments;

use crate::{at, chen, customer, person, service, when, why, with_department, with_limit};

fn cause(cause: Cause) -> CauseDraft {
    CauseDraft {
        cause,
        text: "纸箱承重不足".into(),
        department: Some(service()),
        correction: String::new(),
        correction_due: None,
    }
}

/// A complaint received on this day of November, not explained yet.
async fn received(complaints: &Complaints, day: u32) -> Model {
    let customer = customer(complaints.db(), &chen(), &format!("客户{day}")).await;
    let received_at = Some(at(&format!("2026-11-{day:02}T02:00:00Z")));
    complaints.log(&chen(), ComplaintDraft { received_at, ..samples::draft(&customer, &service()) }).await.unwrap()
}

async fn explained(complaints: &Complaints, day: u32) -> Model {
    let one = received(complaints, day).await;
    complaints.explain(&chen(), &one.id, one.version, &cause(Cause::Packing)).await.unwrap()
}

/// The same about a shipment, with nobody responsible.
async fn on_lane(db: &Db, complaints: &Complaints, no: u32) -> Model {
    let customer = customer(db, &chen(), &format!("线路客户{no}")).await;
    let draft = shipments::samples::shipment(&customer, &format!("L{no}"), chen().today());
    Shipments::new(db.clone()).record(&chen(), draft, None).await.unwrap();
    let draft = ComplaintDraft { waybills: vec![format!("L{no}")], ..samples::draft(&customer, &service()) };
    let one = complaints.log(&chen(), draft).await.unwrap();
    let nobody = CauseDraft { department: None, ..cause(Cause::Loading) };
    complaints.explain(&chen(), &one.id, 1, &nobody).await.unwrap()
}

async fn events(complaints: &Complaints) -> Vec<QualityListed> {
    complaints.quality_events(&chen(), None, None, PageSize(50)).await.unwrap().rows
}

async fn close(complaints: &Complaints, listed: &QualityListed) {
    let done = QualityDone { done: "换了双瓦楞纸箱，装车前检查".into() };
    complaints.close_quality(&chen(), &listed.event.id, listed.event.version, &done).await.unwrap();
}

db_tests! {
    async fn the_third_of_the_same_department_within_thirty_days_makes_one_event(db: Db) {
        let complaints = with_department(&db).await;
        explained(&complaints, 1).await;
        explained(&complaints, 10).await;
        assert!(events(&complaints).await.is_empty());
        let third = explained(&complaints, 20).await;
        let found = events(&complaints).await;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].event.grouped_by, found[0].event.cause), (GroupedBy::Department, Cause::Packing));
        assert_eq!((found[0].complaints, found[0].department_name.as_str()), (3, "客服"));
        assert_eq!(found[0].event.correction_due.to_string(), "2026-12-07");
        assert_eq!(found[0].event.first_received_at, at("2026-11-01T02:00:00Z"));
        complaints.explain(&chen(), &third.id, third.version, &cause(Cause::Packing)).await.unwrap();
        let fourth = explained(&complaints, 21).await;
        let found = events(&complaints).await;
        assert_eq!((found.len(), found[0].complaints), (1, 4), "more of the same joins while it is open");
        let file = complaints.quality_file(&chen(), &found[0].event.id).await.unwrap();
        assert_eq!(file.made_of[0].complaint.id, fourth.id);
    }

    async fn further_apart_or_of_another_cause_they_make_none(db: Db) {
        let complaints = with_department(&db).await;
        for (month, day) in [(9, 1), (10, 2), (11, 2)] {
            let one = received(&complaints, day + month).await;
            let tx = db.begin().await.unwrap();
            let at = at(&format!("2026-{month:02}-{day:02}T02:00:00Z"));
            complaints::complaint::Entity::update_many()
                .col_expr(complaints::complaint::Column::ReceivedOrder, sea_orm::sea_query::Expr::value(at.timestamp_micros()))
                .col_expr(complaints::complaint::Column::ReceivedAt, sea_orm::sea_query::Expr::value(at))
                .filter(complaints::complaint::Column::Id.eq(one.id.as_str()))
                .exec(&tx)
                .await
                .unwrap();
            db.commit(tx).await.unwrap();
            complaints.explain(&chen(), &one.id, 1, &cause(Cause::Packing)).await.unwrap();
        }
        let other = received(&complaints, 3).await;
        complaints.explain(&chen(), &other.id, 1, &cause(Cause::Weather)).await.unwrap();
        assert!(events(&complaints).await.is_empty());
    }

    async fn the_same_lane_makes_one_with_nobody_responsible_too(db: Db) {
        let complaints = with_department(&db).await;
        for no in 0..3 {
            on_lane(&db, &complaints, no).await;
        }
        let found = events(&complaints).await;
        assert_eq!(found.len(), 1);
        let event = &found[0].event;
        assert_eq!((event.grouped_by, event.origin.as_str(), event.destination.as_str()), (GroupedBy::Lane, "上海", "成都"));
    }

    async fn a_shipment_that_is_added_later_counts_from_then_on(db: Db) {
        let complaints = with_department(&db).await;
        on_lane(&db, &complaints, 1).await;
        on_lane(&db, &complaints, 2).await;
        let customer = customer(&db, &chen(), "明为公司").await;
        let draft = shipments::samples::shipment(&customer, "MW1", chen().today());
        Shipments::new(db.clone()).record(&chen(), draft, None).await.unwrap();
        let one = complaints.log(&chen(), samples::draft(&customer, &service())).await.unwrap();
        let nobody = CauseDraft { department: None, ..cause(Cause::Loading) };
        let one = complaints.explain(&chen(), &one.id, 1, &nobody).await.unwrap();
        assert!(events(&complaints).await.is_empty());
        complaints.add_shipments(&chen(), &one.id, one.version, &["MW1".into()]).await.unwrap();
        assert_eq!(events(&complaints).await.len(), 1);
    }

    async fn a_cause_that_was_wrong_leaves_the_event_and_two_that_are_one_count_once(db: Db) {
        let complaints = with_department(&db).await;
        let first = explained(&complaints, 1).await;
        let other = complaints.log(&chen(), samples::draft(&first.customer_id, &service())).await.unwrap();
        let other = complaints.explain(&chen(), &other.id, 1, &cause(Cause::Packing)).await.unwrap();
        let whole = complaints.merge(&chen(), &other.id, other.version, &first.id).await.unwrap();
        assert_eq!(whole.status, Status::Waiting);
        explained(&complaints, 10).await;
        assert!(events(&complaints).await.is_empty(), "two of one customer that became one");
        let third = explained(&complaints, 11).await;
        assert_eq!(events(&complaints).await[0].complaints, 3);
        complaints.explain(&chen(), &third.id, third.version, &cause(Cause::Weather)).await.unwrap();
        assert_eq!(events(&complaints).await[0].complaints, 2);
    }

    async fn after_it_was_closed_it_takes_three_new_ones(db: Db) {
        let complaints = with_department(&db).await;
        for day in [1, 2, 3] {
            explained(&complaints, day).await;
        }
        let first = events(&complaints).await.remove(0);
        close(&complaints, &first).await;
        for day in [4, 5] {
            explained(&complaints, day).await;
        }
        assert_eq!(events(&complaints).await.len(), 1);
        explained(&complaints, 6).await;
        let found = events(&complaints).await;
        assert_eq!((found.len(), found[0].complaints, found[1].complaints), (2, 3, 3));
        assert_eq!(found.iter().filter(|one| one.event.status == QualityStatus::Open).count(), 1);
    }

    async fn two_that_are_explained_at_once_see_each_other(db: Db) {
        let complaints = with_department(&db).await;
        let mut all = Vec::new();
        for day in 1..=6 {
            all.push(received(&complaints, day).await);
        }
        let tell = |one: Model| {
            let complaints = complaints.clone();
            async move { complaints.explain(&chen(), &one.id, one.version, &cause(Cause::Packing)).await.unwrap() }
        };
        futures::future::join_all(all.into_iter().map(tell)).await;
        let found = events(&complaints).await;
        assert_eq!((found.len(), found[0].complaints), (1, 6));
    }

    async fn what_was_rolled_back_counts_nothing_and_is_counted_when_it_is_said_again(db: Db) {
        let complaints = with_department(&db).await;
        explained(&complaints, 1).await;
        explained(&complaints, 2).await;
        let third = received(&complaints, 3).await;
        let late = complaints.explain(&chen(), &third.id, third.version + 7, &cause(Cause::Packing)).await;
        assert!(matches!(late, Err(Error::Conflict)));
        assert!(events(&complaints).await.is_empty());
        complaints.explain(&chen(), &third.id, third.version, &cause(Cause::Packing)).await.unwrap();
        assert_eq!(events(&complaints).await.len(), 1);
    }

    async fn it_is_planned_and_then_closed_only_with_what_was_done(db: Db) {
        let complaints = with_department(&db).await;
        for day in [1, 2, 3] {
            explained(&complaints, day).await;
        }
        let event = events(&complaints).await.remove(0).event;
        let plan = |owner: &str| QualityPlan {
            correction: "换双瓦楞纸箱".into(),
            correction_due: "2026-12-01".parse().unwrap(),
            owner: (!owner.is_empty()).then(|| UserId(owner.into())),
        };
        assert_eq!(why(complaints.plan_quality(&chen(), &event.id, 1, &plan("nobody")).await), "owner: complaint-out_of_reach");
        let empty = QualityPlan { correction: " ".into(), ..plan("") };
        assert_eq!(why(complaints.plan_quality(&chen(), &event.id, 1, &empty).await), "correction: complaint-text_missing");
        let planned = complaints.plan_quality(&chen(), &event.id, 1, &plan("")).await.unwrap();
        assert_eq!((planned.version, planned.owner_id.clone()), (2, None));
        let silent = QualityDone { done: "  ".into() };
        assert_eq!(why(complaints.close_quality(&chen(), &event.id, 2, &silent).await), "done: complaint-text_missing");
        let done = QualityDone { done: "已换".into() };
        assert!(matches!(complaints.close_quality(&chen(), &event.id, 1, &done).await, Err(Error::Conflict)));
        let closed = complaints.close_quality(&chen(), &event.id, 2, &done).await.unwrap();
        assert_eq!((closed.status, closed.closed_by.as_str()), (QualityStatus::Closed, "chen"));
        assert_eq!(why(complaints.close_quality(&chen(), &event.id, 3, &done).await), "quality_event-is_closed");
    }

    async fn its_owner_is_reminded_and_of_one_that_nobody_owns_whoever_oversees(db: Db) {
        let complaints = with_department(&db).await;
        with_limit(&db, "chen", 1).await;
        for day in [1, 2, 3] {
            explained(&complaints, day).await;
        }
        let event = events(&complaints).await.remove(0).event;
        assert_eq!(event.owner_id, Some(UserId("chen".into())), "who handles the complaint, when nobody oversees");
        let kinds = async |who: &Actor| {
            let own = QualityReasons.reasons(&db, who, who.user_id()).await.unwrap();
            own.into_iter().map(|one| (one.kind, one.due.to_string())).collect::<Vec<_>>()
        };
        assert_eq!(kinds(&chen()).await, [("quality_event", "2026-11-23".to_owned())]);
        let wang = person("wang", Scope::All);
        assert!(kinds(&wang).await.is_empty());
        let plan = QualityPlan { correction: "换箱".into(), correction_due: "2026-12-01".parse().unwrap(), owner: None };
        complaints.plan_quality(&chen(), &event.id, 1, &plan).await.unwrap();
        assert!(kinds(&wang).await.is_empty(), "it is not due yet");
        let due = when(&wang, "2026-12-01T02:00:00Z");
        assert_eq!(kinds(&due).await, [("quality_event", "2026-12-01".to_owned())]);
        let zhang = person("zhang", Scope::Own);
        assert!(kinds(&when(&zhang, "2026-12-01T02:00:00Z")).await.is_empty());
    }

    async fn one_sees_it_through_ones_own_customers_and_of_the_others_only_how_many(db: Db) {
        let complaints = with_department(&db).await;
        let zhang = person("zhang", Scope::Own);
        let own = customer(&db, &zhang, "明为公司").await;
        let one = complaints.log(&chen(), samples::draft(&own, &service())).await.unwrap();
        complaints.explain(&chen(), &one.id, 1, &cause(Cause::Packing)).await.unwrap();
        explained(&complaints, 20).await;
        let lin = person("lin", Scope::Own);
        explained(&complaints, 21).await;
        let seen = complaints.quality_events(&zhang, None, None, PageSize(10)).await.unwrap().rows;
        assert_eq!((seen.len(), seen[0].complaints), (1, 3));
        let file = complaints.quality_file(&zhang, &seen[0].event.id).await.unwrap();
        assert_eq!(file.made_of.iter().map(|one| one.customer_name.as_str()).collect::<Vec<_>>(), ["明为公司"]);
        assert!(complaints.quality_events(&lin, None, None, PageSize(10)).await.unwrap().rows.is_empty());
        assert!(matches!(complaints.quality_file(&lin, &seen[0].event.id).await, Err(Error::NotFound)));
        let done = QualityDone { done: "x".into() };
        assert!(matches!(complaints.close_quality(&lin, &seen[0].event.id, 1, &done).await, Err(Error::NotFound)));
    }
}
