#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use base::{Actor, ActorKind, CustomerId, DepartmentId, Error, Instant, Language, PageSize, Permission, Scope, UserId};
use customers::interaction::InteractionKind;
use customers::{Customers, samples};
use db::dialect::statement;
use db::{Db, db_tests};
use feedback::{
    ANSWER, AnsweredFeedback, Feedback, LOG, NoteDraft, NoteFile, NoteId, Origin, Status, TellDraft, VIEW, Which,
};
use module::{Doing, ReasonSource};
use sea_orm::ConnectionTrait;

/// Friday, five in the afternoon in Guangzhou.
const FRIDAY: &str = "2026-11-20T09:00:00Z";
/// Monday, ten in the morning.
const MONDAY: &str = "2026-11-23T02:00:00Z";

fn somebody(name: &str, at: &str, permissions: &[(Permission, Scope)]) -> Actor {
    Actor {
        kind: ActorKind::User { id: UserId(name.into()), session: "s".into() },
        name: name.into(),
        department: None,
        permissions: permissions.iter().cloned().collect(),
        language: Language::Chinese,
        now: at.parse::<Instant>().unwrap(),
    }
}

fn boss(at: &str) -> Actor {
    let all = [customers::VIEW, customers::CREATE, customers::EDIT, customers::LOG, LOG, VIEW, ANSWER];
    somebody("boss", at, &all.map(|permission| (permission, Scope::All)))
}

/// Hears much and sees no customer.
fn driver() -> Actor {
    somebody("driver", FRIDAY, &[(LOG, Scope::Own), (VIEW, Scope::Own)])
}

fn agent_of(department: &str, at: &str) -> Actor {
    let scope = Scope::Departments(vec![DepartmentId(department.into())]);
    somebody("agent", at, &[(VIEW, scope.clone()), (ANSWER, scope)])
}

async fn departments(db: &Db) {
    const INSERT: &str = "insert into departments (id, name, version, created_at) values ($1, $1, 1, $2)";
    let tx = db.begin().await.unwrap();
    for name in ["claims", "south"] {
        tx.execute_raw(statement(&tx, INSERT, [name.into(), boss(FRIDAY).now.into()])).await.unwrap();
    }
    db.commit(tx).await.unwrap();
}

async fn customer(db: &Db, name: &str) -> CustomerId {
    let of_the_south = Actor { department: Some(DepartmentId("south".into())), ..boss(FRIDAY) };
    Customers::new(db.clone()).create(&of_the_south, samples::draft(name)).await.unwrap().customer_id()
}

fn said(called: &str, words: &str) -> NoteDraft {
    NoteDraft { customer_called: called.into(), words: words.into(), ..NoteDraft::default() }
}

fn reason<'a>(of: &'a module::Reason, interaction: &'a str) -> Doing<'a> {
    Doing { kind: of.kind, mark: &of.mark, customer: &of.customer, interaction }
}

/// A house where 明为公司 is a customer of the south, and what a driver heard from it on Friday afternoon.
async fn heard(db: &Db) -> (Feedback, CustomerId, NoteId) {
    departments(db).await;
    let id = customer(db, "明为公司").await;
    let feedback = Feedback::new(db.clone());
    let note = feedback.note(&driver(), said("明为公司", " 提货总是太晚 ")).await.unwrap();
    (feedback, id, note)
}

async fn now(feedback: &Feedback, note: &NoteId) -> NoteFile {
    feedback.get(&boss(MONDAY), note).await.unwrap()
}

db_tests! {
    async fn whoever_sees_nobodys_file_notes_what_he_heard_and_learns_nothing_else(db: Db) {
        let (feedback, id, note) = heard(&db).await;
        let own = feedback.get(&driver(), &note).await.unwrap();
        assert!(own.customer.is_none() && own.note.customer_called == "明为公司" && !own.may_answer);
        let unknown = feedback.note(&driver(), said("没有这家", "再不来了")).await.unwrap();
        let own = feedback.get(&driver(), &unknown).await.unwrap();
        assert!(own.customer.is_none() && own.note.customer_called == "没有这家");
        let known = now(&feedback, &note).await;
        assert_eq!((known.note.customer_id, known.note.words.as_str()), (Some(id), " 提货总是太晚 "));
        assert_eq!(known.note.department_id, Some(DepartmentId("south".into())));
        let list = feedback.list(&driver(), Which::All, None, None, PageSize(50)).await.unwrap();
        assert_eq!(list.rows.len(), 2);
        let stranger = somebody("stranger", FRIDAY, &[(VIEW, Scope::Own)]);
        assert!(matches!(feedback.get(&stranger, &note).await, Err(Error::NotFound)));
    }

    async fn the_answer_is_measured_in_working_hours_of_its_department(db: Db) {
        let (feedback, _, note) = heard(&db).await;
        let waiting = feedback.get(&boss(FRIDAY), &note).await.unwrap();
        assert_eq!(waiting.minutes_left, Some(8 * 60));
        let answered = feedback.answer(&agent_of("south", MONDAY), &note, 1, " 提前一小时提货 ").await.unwrap();
        assert_eq!((answered.status, answered.answer.as_str()), (Status::Answered, "提前一小时提货"));
        // One hour on Friday and one on Monday: a weekend is no working time.
        assert_eq!(answered.answered_minutes, Some(120));
        let speeds = feedback.speeds(&boss(MONDAY), boss(FRIDAY).now).await.unwrap();
        assert_eq!(speeds.iter().map(|one| (one.answered, one.median_minutes)).collect::<Vec<_>>(), [(1, 120)]);
    }

    async fn another_department_neither_sees_nor_answers_what_is_not_passed_on_to_it(db: Db) {
        let (feedback, _, note) = heard(&db).await;
        let claims = agent_of("claims", MONDAY);
        assert!(matches!(feedback.answer(&claims, &note, 1, "好").await, Err(Error::NotFound)));
        feedback.pass_on(&boss(MONDAY), &note, 1, &DepartmentId("claims".into())).await.unwrap();
        assert!(feedback.get(&claims, &note).await.unwrap().may_answer);
        let late = feedback.answer(&claims, &note, 1, "好").await;
        assert!(matches!(late, Err(Error::Conflict)), "he saw it as it was before");
        feedback.answer(&claims, &note, 2, "好").await.unwrap();
        let nowhere = feedback.pass_on(&boss(MONDAY), &note, 3, &DepartmentId("none".into())).await;
        assert_eq!(nowhere.unwrap_err().code(), "feedback-not_waiting");
    }

    async fn the_customer_is_told_once_and_it_stands_on_his_timeline(db: Db) {
        let (feedback, id, note) = heard(&db).await;
        let tell = || TellDraft { kind: InteractionKind::Call, text: String::new() };
        let early = feedback.tell(&boss(MONDAY), &note, 1, tell()).await.unwrap_err();
        assert_eq!(early.code(), "feedback-not_answered");
        feedback.answer(&boss(MONDAY), &note, 1, "提前一小时提货").await.unwrap();
        let told = feedback.tell(&boss(MONDAY), &note, 2, tell()).await.unwrap();
        assert_eq!((told.status, told.told_by.as_str()), (Status::Told, "boss"));
        let file = Customers::new(db.clone()).file(&boss(MONDAY), &id).await.unwrap();
        assert_eq!(file.customer.last_contact_at, Some(boss(MONDAY).now));
        assert_eq!(feedback.tell(&boss(MONDAY), &note, 3, tell()).await.unwrap_err().code(), "feedback-not_answered");
    }

    async fn words_of_nobody_known_are_told_to_nobody_until_somebody_says_whose_they_are(db: Db) {
        let (feedback, ..) = heard(&db).await;
        let note = feedback.note(&driver(), said("明为", "箱子破了")).await.unwrap();
        feedback.answer(&boss(MONDAY), &note, 1, "换木箱").await.unwrap();
        let tell = TellDraft { kind: InteractionKind::Visit, text: "已换木箱".into() };
        assert_eq!(feedback.tell(&boss(MONDAY), &note, 2, tell.clone()).await.unwrap_err().code(), "feedback-whose_unclear");
        assert_eq!(feedback.link(&boss(MONDAY), &note, 2, "没有这家").await.unwrap_err().code(), "invalid");
        feedback.link(&boss(MONDAY), &note, 2, "明为公司").await.unwrap();
        feedback.tell(&boss(MONDAY), &note, 3, tell).await.unwrap();
    }

    async fn what_was_answered_is_on_the_owners_worklist_until_he_has_told_the_customer(db: Db) {
        let (feedback, _, note) = heard(&db).await;
        let reasons = || async { AnsweredFeedback.reasons(&db, &boss(MONDAY), None).await.unwrap() };
        assert!(reasons().await.is_empty(), "the department has not answered yet");
        feedback.answer(&boss(MONDAY), &note, 1, "提前一小时提货").await.unwrap();
        let all = reasons().await;
        assert_eq!(all.len(), 1);
        let tx = db.begin().await.unwrap();
        AnsweredFeedback.done(&tx, &boss(MONDAY), &reason(&all[0], "call-1")).await.unwrap();
        db.commit(tx).await.unwrap();
        assert!(reasons().await.is_empty() && now(&feedback, &note).await.note.status == Status::Told);
        let tx = db.begin().await.unwrap();
        AnsweredFeedback.undone(&tx, &boss(MONDAY), &reason(&all[0], "call-1")).await.unwrap();
        db.commit(tx).await.unwrap();
        assert_eq!(reasons().await.len(), 1);
    }

    async fn what_nothing_follows_from_is_set_aside_with_a_reason(db: Db) {
        let (feedback, _, note) = heard(&db).await;
        let without = feedback.set_aside(&boss(MONDAY), &note, 1, "  ").await.unwrap_err();
        assert_eq!(without.code(), "invalid");
        feedback.set_aside(&boss(MONDAY), &note, 1, "不是我们的货").await.unwrap();
        assert_eq!(feedback.answer(&boss(MONDAY), &note, 2, "好").await.unwrap_err().code(), "feedback-not_waiting");
        let counts = feedback.counts(&boss(MONDAY)).await.unwrap();
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), [(Status::SetAside, 1)]);
    }

    async fn another_module_notes_what_it_heard_and_a_nul_finds_nothing(db: Db) {
        let (feedback, id, _) = heard(&db).await;
        let tx = db.begin().await.unwrap();
        let draft = NoteDraft { customer: Some(id), words: "司机很客气".into(), ..NoteDraft::default() };
        let note = feedback::note_in(&tx, &boss(MONDAY), draft, Origin::FollowUp, Some("f1".into())).await.unwrap();
        db.commit(tx).await.unwrap();
        assert_eq!(now(&feedback, &note).await.note.origin, Origin::FollowUp);
        assert!(matches!(feedback.get(&boss(MONDAY), &NoteId("a\0b".into())).await, Err(Error::NotFound)));
    }

    async fn a_list_is_read_on_from_where_it_ended(db: Db) {
        let (feedback, ..) = heard(&db).await;
        for number in 0..4 {
            feedback.note(&driver(), said("明为公司", &format!("第{number}句"))).await.unwrap();
        }
        for which in [Which::Waiting, Which::All, Which::Mine] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = feedback.list(&driver(), which, None, after.as_ref(), PageSize(2)).await.unwrap();
                seen.extend(page.rows.iter().map(|row| row.note.id.clone()));
                match page.next.as_deref().and_then(base::Cursor::decode) {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
            let all: std::collections::BTreeSet<_> = seen.iter().collect();
            assert_eq!((seen.len(), all.len()), (5, 5), "{which:?}");
        }
    }
}
