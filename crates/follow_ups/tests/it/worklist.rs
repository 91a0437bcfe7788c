use base::{PageSize, Scope};
use customers::forms::InteractionDraft;
use customers::interaction::Mood;
use db::db_tests;
use follow_ups::follow_up::{Kind, Reopening, Status};
use follow_ups::{FollowUpReasons, Which};
use module::{Doing, Reason, ReasonSource};

use crate::{FRIDAY, TUESDAY, chen, customer, day, deliver, house, person, resolved, ship, the_one};

fn doing<'a>(reason: &'a Reason, interaction: &'a str) -> Doing<'a> {
    Doing { kind: reason.kind, mark: &reason.mark, customer: &reason.customer, interaction }
}

db_tests! {
    async fn a_due_follow_up_is_on_the_owners_worklist_and_done_there(db: Db) {
        let (follow_ups, _) = resolved(&db).await;
        deliver(&db, FRIDAY).await;
        let actor = chen(TUESDAY);
        assert!(FollowUpReasons.reasons(&db, &chen(FRIDAY), None).await.unwrap().is_empty(), "it is not due yet");
        let reasons = FollowUpReasons.reasons(&db, &actor, actor.user_id()).await.unwrap();
        let planned = the_one(&db, Kind::AfterResolution).await;
        assert_eq!(reasons.len(), 1);
        assert_eq!((reasons[0].kind, &reasons[0].mark), ("follow_up_due", &planned.id.0));
        assert_eq!((&reasons[0].evidence_href, reasons[0].due), (&format!("/follow-ups/{}", planned.id), day("2026-11-24")));
        let li = person("li", Scope::Own, TUESDAY);
        assert!(FollowUpReasons.reasons(&db, &li, None).await.unwrap().is_empty());

        let tx = db.begin().await.unwrap();
        let call = InteractionDraft { mood: Some(Mood::Annoyed), ..customers::samples::call("还是不行") };
        let said = customers::log_in(&tx, &actor, &planned.customer_id, call).await.unwrap();
        FollowUpReasons.done(&tx, &actor, &doing(&reasons[0], said.as_str())).await.unwrap();
        db.commit(tx).await.unwrap();
        let done = the_one(&db, Kind::AfterResolution).await;
        assert_eq!((done.status, done.result.as_str(), done.reopening), (Status::Done, "还是不行", Some(Reopening::Waiting)));

        let tx = db.begin().await.unwrap();
        FollowUpReasons.undone(&tx, &actor, &doing(&reasons[0], said.as_str())).await.unwrap();
        db.commit(tx).await.unwrap();
        assert_eq!(FollowUpReasons.reasons(&db, &actor, None).await.unwrap().len(), 1);
        assert_eq!(follow_ups.reopen_waiting(&actor).await.unwrap(), 0, "nobody said so after all");
    }

    async fn a_new_customer_is_on_the_worklist_at_once_under_the_day_of_his_first_shipment(db: Db) {
        let follow_ups = house(&db).await;
        let zhang = person("zhang", Scope::Own, FRIDAY);
        let id = customer(&db, &zhang, "恒源").await;
        ship(&db, FRIDAY, &id, &["2026-11-20"]).await;
        deliver(&db, FRIDAY).await;
        let reasons = FollowUpReasons.reasons(&db, &zhang, zhang.user_id()).await.unwrap();
        let told: Vec<_> = reasons.iter().map(|one| (one.kind, one.mark.as_str(), one.due, one.person.as_ref())).collect();
        assert_eq!(told, [("first_week", "2026-11-20", day("2026-11-27"), zhang.user_id())]);
        let tx = db.begin().await.unwrap();
        let said = customers::log_in(&tx, &zhang, &id, customers::samples::call("第一票很顺利")).await.unwrap();
        FollowUpReasons.done(&tx, &zhang, &doing(&reasons[0], said.as_str())).await.unwrap();
        db.commit(tx).await.unwrap();
        assert_eq!(the_one(&db, Kind::FirstWeek).await.status, Status::Done);
        let done = follow_ups.list(&zhang, Which::Done, Some(Kind::FirstWeek), None, PageSize(5)).await.unwrap();
        assert_eq!((done.rows.len(), done.rows[0].customer.name.as_str()), (1, "恒源"));
        let mut blind = zhang.clone();
        blind.permissions.remove(&follow_ups::VIEW);
        assert!(FollowUpReasons.reasons(&db, &blind, None).await.unwrap().is_empty());
    }
}
