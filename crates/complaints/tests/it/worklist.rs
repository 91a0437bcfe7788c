//! What stands on whose worklist.

use base::{Actor, Language, UserId};
use complaints::ComplaintReasons;
use complaints::forms::ComplaintDraft;
use complaints::samples;
use db::{Db, db_tests};
use module::ReasonSource;
use texts::Texts;

use crate::{at, chen, customer, logged, service, when, with_department};

async fn kinds(db: &Db, actor: &Actor, person: &str) -> Vec<&'static str> {
    let person = UserId(person.into());
    ComplaintReasons.reasons(db, actor, Some(&person)).await.unwrap().into_iter().map(|one| one.kind).collect()
}

db_tests! {
    async fn the_owner_is_reminded_before_and_after_the_first_response_is_due(db: Db) {
        let (_, first) = logged(&db).await;
        let due = first.response_due.unwrap();
        assert!(kinds(&db, &chen(), "chen").await.is_empty());
        let soon = Actor { now: due - chrono::Duration::minutes(20), ..chen() };
        assert_eq!(kinds(&db, &soon, "chen").await, ["complaint_response_due"]);
        let late = Actor { now: due, ..chen() };
        assert_eq!(kinds(&db, &late, "chen").await, ["complaint_response_overdue"]);
        assert!(kinds(&db, &late, "li").await.is_empty());
    }

    async fn day_five_by_law_stands_there_even_on_hold(db: Db) {
        let complaints = with_department(&db).await;
        let customer = customer(&db, &chen(), "红木家具厂").await;
        let draft = ComplaintDraft { express: true, ..samples::draft(&customer, &service()) };
        let express = complaints.log(&chen(), draft).await.unwrap();
        complaints.hold(&chen(), &express.id, 1, "等").await.unwrap();
        assert!(kinds(&db, &when(&chen(), "2026-11-27T04:00:00Z"), "chen").await.is_empty());
        assert_eq!(kinds(&db, &when(&chen(), "2026-11-28T04:00:00Z"), "chen").await, ["complaint_legal_clock"]);
    }

    async fn the_manager_sees_only_what_went_up(db: Db) {
        let (complaints, first) = logged(&db).await;
        let wang = crate::person("wang", base::Scope::All);
        let late = when(&wang, "2026-11-24T09:00:00Z");
        complaints.keep_time(&Actor::system("job", first.response_due.unwrap())).await.unwrap();
        assert!(kinds(&db, &late, "wang").await.is_empty());
        complaints.keep_time(&Actor::system("job", at("2026-11-24T09:00:00Z"))).await.unwrap();
        assert_eq!(kinds(&db, &late, "wang").await, ["complaint_escalated"]);
        let mut rep = late.clone();
        rep.permissions.remove(&complaints::OVERSEE);
        assert!(kinds(&db, &rep, "wang").await.is_empty());
    }

    async fn every_reason_is_a_sentence_in_both_languages(db: Db) {
        let (_, first) = logged(&db).await;
        let late = Actor { now: first.response_due.unwrap(), ..chen() };
        let own = complaints::module(complaints::Complaints::new(db.clone())).locales.unwrap();
        let texts = Texts::load([own]).unwrap();
        for reason in ComplaintReasons.reasons(&db, &late, None).await.unwrap() {
            for language in [Language::Chinese, Language::English] {
                for message in [&reason.reason, &reason.act, &reason.evidence] {
                    assert!(!texts.say(language, message).starts_with("complaint-"));
                }
            }
        }
    }
}
