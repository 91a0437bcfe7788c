//! Feelings first: the steps in their order.

use complaints::forms::StepDraft;
use complaints::samples;
use complaints::words::{Answer, Channel, EntryKind, Status, Step};
use db::db_tests;

use crate::{chen, logged, up_to, when, why};

db_tests! {
    async fn nobody_acts_before_he_has_listened_and_apologised(db: Db) {
        let (complaints, first) = logged(&db).await;
        let early = complaints.take_step(&chen(), &first.id, 1, &samples::step(Step::Act)).await;
        assert_eq!(why(early), "complaint-out_of_order");
        let listened = complaints.take_step(&chen(), &first.id, 1, &samples::step(Step::Listen)).await.unwrap();
        assert_eq!((listened.next_step, listened.status), (Some(Step::Apologise), Status::Waiting));
        let again = complaints.take_step(&chen(), &first.id, 2, &samples::step(Step::Listen)).await;
        assert_eq!(why(again), "complaint-out_of_order");
    }

    async fn a_step_is_left_out_only_with_a_reason_that_stays(db: Db) {
        let (complaints, first) = logged(&db).await;
        let silent = StepDraft { told: String::new(), ..samples::step(Step::Listen) };
        assert_eq!(why(complaints.take_step(&chen(), &first.id, 1, &silent).await), "told: complaint-text_missing");
        let left_out = StepDraft { skip_reason: "客户已挂机".into(), ..silent };
        complaints.take_step(&chen(), &first.id, 1, &left_out).await.unwrap();
        let file = complaints.file(&chen(), &first.id).await.unwrap();
        assert_eq!((file.entries[0].kind, file.entries[0].text.as_str()), (EntryKind::StepSkipped, "客户已挂机"));
        assert_eq!(file.complaint.next_step, Some(Step::Apologise));
    }

    async fn the_solution_and_the_customers_answer_cannot_be_left_out(db: Db) {
        let (complaints, first) = logged(&db).await;
        let now = up_to(&complaints, &chen(), &first, Step::Resolve).await;
        let skip = StepDraft { skip_reason: "忙".into(), ..samples::step(Step::Resolve) };
        assert_eq!(why(complaints.take_step(&chen(), &now.id, now.version, &skip).await), "complaint-step_not_skippable");
        let without = complaints.take_step(&chen(), &now.id, now.version, &samples::step(Step::Resolve)).await;
        assert_eq!(why(without), "complaint-no_solution");
    }

    async fn it_is_closed_when_he_agrees_or_for_a_reason_that_is_kept(db: Db) {
        let (complaints, first) = logged(&db).await;
        let now = up_to(&complaints, &chen(), &first, Step::Confirm).await;
        assert_eq!(now.status, Status::Resolved);
        let confirm = samples::step(Step::Confirm);
        let nothing = complaints.take_step(&chen(), &now.id, now.version, &confirm).await;
        assert_eq!(why(nothing), "answer: complaint-answer_missing");
        let silent = StepDraft { answer: Some(Answer::None), ..confirm.clone() };
        let unexplained = complaints.take_step(&chen(), &now.id, now.version, &silent).await;
        assert_eq!(why(unexplained), "close_reason: complaint-close_reason_missing");
        let silent = StepDraft { close_reason: "三次回访无人接听".into(), ..silent };
        let closed = complaints.take_step(&chen(), &now.id, now.version, &silent).await.unwrap();
        assert_eq!((closed.status, closed.close_reason.as_str()), (Status::Closed, "三次回访无人接听"));
        assert_eq!((closed.answer, closed.answer_at), (Some(Answer::None), None));
    }

    async fn an_unhappy_answer_begins_again_with_listening(db: Db) {
        let (complaints, first) = logged(&db).await;
        let now = up_to(&complaints, &chen(), &first, Step::Confirm).await;
        let refused = StepDraft { answer: Some(Answer::Refused), ..samples::step(Step::Confirm) };
        let again = complaints.take_step(&chen(), &now.id, now.version, &refused).await.unwrap();
        assert_eq!((again.status, again.round, again.next_step), (Status::Handling, 2, Some(Step::Listen)));
        assert_eq!((again.resolved_at, again.answer), (None, None));
        let kinds: Vec<_> = complaints.file(&chen(), &again.id).await.unwrap().entries.iter().map(|one| one.kind).collect();
        assert_eq!(kinds[..3], [EntryKind::Reopened, EntryKind::Answer, EntryKind::StepDone]);
    }

    async fn a_closed_complaint_is_opened_again_and_its_history_stays(db: Db) {
        let (complaints, first) = logged(&db).await;
        let now = up_to(&complaints, &chen(), &first, Step::Confirm).await;
        let agreed = StepDraft { answer: Some(Answer::Agreed), ..samples::step(Step::Confirm) };
        let closed = complaints.take_step(&chen(), &now.id, now.version, &agreed).await.unwrap();
        assert_eq!((closed.status, closed.answer_how), (Status::Closed, Some(Channel::Phone)));
        assert_eq!(why(complaints.hold(&chen(), &closed.id, closed.version, "等").await), "complaint-is_closed");
        let later = when(&chen(), "2026-12-23T04:00:00Z");
        let open = complaints.reopen(&later, &closed.id, closed.version, "又坏了一件").await.unwrap();
        assert_eq!((open.status, open.round, open.closed_at), (Status::Handling, 2, None));
        assert!(open.resolution_due.unwrap() > later.now);
        assert_eq!(why(complaints.reopen(&later, &open.id, open.version, "再").await), "complaint-is_not_closed");
    }

    async fn who_comes_second_gets_a_conflict_and_can_read_what_changed(db: Db) {
        let (complaints, first) = logged(&db).await;
        let li = crate::person("li", base::Scope::All);
        complaints.take_step(&li, &first.id, 1, &samples::step(Step::Listen)).await.unwrap();
        let second = complaints.take_step(&chen(), &first.id, 1, &samples::step(Step::Listen)).await;
        assert!(matches!(second, Err(base::Error::Conflict)));
        let since: Vec<_> =
            complaints.file(&chen(), &first.id).await.unwrap().entries.into_iter().filter(|one| one.version > 1).collect();
        assert_eq!((since.len(), since[0].by_name.as_str(), since[0].step), (1, "li", Some(Step::Listen)));
    }

    async fn two_who_resolve_one_card_at_the_same_moment_do_it_once(db: Db) {
        let (complaints, first) = logged(&db).await;
        let now = up_to(&complaints, &chen(), &first, Step::Resolve).await;
        let now = complaints.propose(&chen(), &now.id, now.version, &samples::solution("")).await.unwrap();
        let tasks: Vec<_> = (0..6)
            .map(|_| {
                let (complaints, id) = (complaints.clone(), now.id.clone());
                tokio::spawn(async move {
                    complaints.take_step(&chen(), &id, now.version, &samples::step(Step::Resolve)).await.is_ok()
                })
            })
            .collect();
        let mut won = 0;
        for task in tasks {
            won += usize::from(task.await.unwrap());
        }
        assert_eq!(won, 1);
        let entries = complaints.file(&chen(), &now.id).await.unwrap().entries;
        assert_eq!(entries.iter().filter(|one| one.step == Some(Step::Resolve)).count(), 1);
    }

    async fn each_step_is_timed_on_the_working_calendar(db: Db) {
        let (complaints, first) = logged(&db).await;
        // Noon on Monday, then ten on Tuesday: the night does not count.
        let tuesday = when(&chen(), "2026-11-24T02:00:00Z");
        complaints.take_step(&tuesday, &first.id, 1, &samples::step(Step::Listen)).await.unwrap();
        let took = complaints.file(&chen(), &first.id).await.unwrap().entries[0].took.unwrap();
        assert!(took > 3600 && took < 8 * 3600, "{took}");
    }
}
