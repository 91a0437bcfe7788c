//! The price of a solution, its cause, and what is done about it.

use std::sync::Arc;

use approvals::{Answer as Said, Approvals};
use base::{Actor, Currency, Error, Scope, UserId};
use complaints::complaint::Model;
use complaints::forms::{CauseDraft, SolutionDraft};
use complaints::words::{Cause, CompensationState, EntryKind, Status, Step};
use complaints::{CompensationDecided, ComplaintId, Complaints, samples};
use db::{Db, db_tests};
use module::Listener;

use crate::{chen, customer, logged, person, service, up_to, why, with_limit};

fn cause() -> CauseDraft {
    CauseDraft {
        cause: Cause::Packing,
        text: "纸箱承重不足".into(),
        department: Some(service()),
        correction: "接货前提醒打木箱".into(),
        correction_due: Some("2026-12-01".parse().unwrap()),
    }
}

/// Chen may promise 1,000 yuan alone, Wang 20,000.
async fn house(db: &Db) -> (Complaints, Model) {
    let (complaints, first) = logged(db).await;
    with_limit(db, "chen", 1000).await;
    with_limit(db, "wang", 20_000).await;
    (complaints, first)
}

/// Answers what waits.
async fn answer(db: &Db, who: &Actor, said: Said) -> Result<(), Error> {
    let approvals = Approvals::new(db.clone());
    let waiting = approvals.waiting(&person("wang", Scope::All)).await?;
    approvals.decide(who, &waiting[0].id, said, "太多了").await.map(drop)
}

/// The complaint after the answer has reached it.
async fn heard(db: &Db, complaints: &Complaints, id: &ComplaintId) -> Model {
    let listeners: [Arc<dyn Listener>; 1] = [Arc::new(CompensationDecided(complaints.clone()))];
    module::deliver(db, &listeners, chen().now).await.unwrap();
    complaints.file(&chen(), id).await.unwrap().complaint
}

db_tests! {
    async fn compensation_beyond_ones_authority_waits_for_somebody_else(db: Db) {
        let (complaints, first) = house(&db).await;
        let now = up_to(&complaints, &chen(), &first, Step::Resolve).await;
        let within = complaints.propose(&chen(), &now.id, now.version, &samples::solution("1000.00")).await.unwrap();
        assert_eq!(within.compensation_state, Some(CompensationState::Free));
        let now = complaints.propose(&chen(), &now.id, within.version, &samples::solution("1,000.01")).await.unwrap();
        assert_eq!(now.compensation_state, Some(CompensationState::Waiting));
        let early = complaints.take_step(&chen(), &now.id, now.version, &samples::step(Step::Resolve)).await;
        assert_eq!(why(early), "complaint-not_approved");
        assert_eq!(why(answer(&db, &chen(), Said::Approve).await), "approval-own_request");
        answer(&db, &person("wang", Scope::All), Said::Approve).await.unwrap();
        let now = heard(&db, &complaints, &now.id).await;
        assert_eq!(now.compensation_state, Some(CompensationState::Approved));
        assert_eq!(now.compensation_approver, Some(UserId("wang".into())));
        let resolved = complaints.take_step(&chen(), &now.id, now.version, &samples::step(Step::Resolve)).await.unwrap();
        assert_eq!(resolved.status, Status::Resolved);
        let more = complaints.propose(&chen(), &now.id, resolved.version, &samples::solution("9999")).await;
        assert_eq!(why(more), "complaint-solution_carried_out");
    }

    async fn an_approved_amount_that_changes_waits_again_and_what_was_asked_before_is_over(db: Db) {
        let (complaints, first) = house(&db).await;
        let wang = person("wang", Scope::All);
        complaints.propose(&chen(), &first.id, 1, &samples::solution("5000")).await.unwrap();
        answer(&db, &wang, Said::Approve).await.unwrap();
        let approved = heard(&db, &complaints, &first.id).await;
        let same = complaints.propose(&chen(), &first.id, approved.version, &samples::solution("5000")).await.unwrap();
        assert_eq!(same.compensation_state, Some(CompensationState::Approved));
        let more = complaints.propose(&chen(), &first.id, same.version, &samples::solution("5001")).await.unwrap();
        assert_eq!(more.compensation_state, Some(CompensationState::Waiting));
        let yen = SolutionDraft { currency: Some(Currency::JPY), ..samples::solution("1") };
        let yen = complaints.propose(&chen(), &first.id, more.version, &yen).await.unwrap();
        assert_eq!(yen.compensation_state, Some(CompensationState::Waiting), "without a rate nobody knows how much it is");
        let waiting = Approvals::new(db.clone()).waiting(&wang).await.unwrap();
        assert_eq!(waiting.iter().map(|one| one.currency.as_deref()).collect::<Vec<_>>(), [Some("JPY")]);
        for wrong in ["-5", "abc", "99999999999999999999"] {
            let refused = complaints.propose(&chen(), &first.id, yen.version, &samples::solution(wrong)).await;
            assert_eq!(why(refused), "compensation: complaint-no_amount");
        }
    }

    async fn what_is_not_approved_is_not_promised(db: Db) {
        let (complaints, first) = house(&db).await;
        let now = up_to(&complaints, &chen(), &first, Step::Resolve).await;
        complaints.propose(&chen(), &now.id, now.version, &samples::solution("5000")).await.unwrap();
        answer(&db, &person("wang", Scope::All), Said::Refuse).await.unwrap();
        let now = heard(&db, &complaints, &now.id).await;
        assert_eq!(now.compensation_state, Some(CompensationState::Refused));
        let step = complaints.take_step(&chen(), &now.id, now.version, &samples::step(Step::Resolve)).await;
        assert_eq!(why(step), "complaint-not_approved");
        let file = complaints.file(&chen(), &now.id).await.unwrap();
        let line = &file.entries[0];
        assert_eq!((line.kind, line.by_name.as_str()), (EntryKind::NotApproved, "wang"));
        assert!(line.text.contains("太多了"), "{}", line.text);
    }

    async fn a_correction_is_followed_until_somebody_else_has_verified_it(db: Db) {
        let (complaints, first) = logged(&db).await;
        assert_eq!(why(complaints.correct(&chen(), &first.id, 1).await), "complaint-no_correction");
        let undated = CauseDraft { correction_due: None, ..cause() };
        let refused = complaints.explain(&chen(), &first.id, 1, &undated).await;
        assert_eq!(why(refused), "correction_due: complaint-correction_due_missing");
        let now = complaints.explain(&chen(), &first.id, 1, &cause()).await.unwrap();
        assert_eq!(why(complaints.verify(&chen(), &now.id, now.version).await), "complaint-correction_not_done");
        let now = complaints.correct(&chen(), &now.id, now.version).await.unwrap();
        assert_eq!(why(complaints.verify(&chen(), &now.id, now.version).await), "complaint-own_verification");
        let now = complaints.verify(&person("wang", Scope::All), &now.id, now.version).await.unwrap();
        assert!(now.correction_verified_at.is_some());
        let other = CauseDraft { correction: "一律打木箱".into(), ..cause() };
        let now = complaints.explain(&chen(), &now.id, now.version, &other).await.unwrap();
        assert_eq!((now.correction_done_at, now.correction_verified_at), (None, None));
    }

    async fn two_complaints_of_one_customer_become_one_and_both_stay_readable(db: Db) {
        let (complaints, first) = logged(&db).await;
        let second = complaints.log(&chen(), samples::draft(&first.customer_id, &service())).await.unwrap();
        let stranger = customer(&db, &chen(), "明为公司").await;
        let other = complaints.log(&chen(), samples::draft(&stranger, &service())).await.unwrap();
        let refused = complaints.merge(&chen(), &other.id, other.version, &first.id).await;
        assert_eq!(why(refused), "complaint-other_customer");
        assert_eq!(why(complaints.merge(&chen(), &first.id, 1, &first.id).await), "complaint-other_customer");
        let whole = complaints.merge(&chen(), &second.id, 1, &first.id).await.unwrap();
        assert_eq!((&whole.id, whole.version), (&first.id, 2));
        let gone = complaints.file(&chen(), &second.id).await.unwrap();
        assert_eq!((gone.complaint.status, gone.complaint.merged_into), (Status::Merged, Some(first.id.clone())));
        assert_eq!((gone.complaint.words.as_str(), gone.entries[0].kind), (second.words.as_str(), EntryKind::Merged));
        assert_eq!(gone.entries[0].text, first.number);
        let again = complaints.merge(&chen(), &second.id, 2, &first.id).await;
        assert_eq!(why(again), "complaint-merged_already");
    }
}
