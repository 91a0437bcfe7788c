//! Decisions; they read no clock, setting or database.

use base::{FieldProblem, Message};

use crate::forms::NoteDraft;
use crate::note::{Model, Status};

/// Characters of a customer's words and of an answer.
const LONGEST_TEXT: usize = 4000;
const LONGEST_NAME: usize = 200;

/// Why an act is not possible now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("answered already")]
    NotWaiting,
    #[error("not answered yet")]
    NotAnswered,
    #[error("nobody knows which customer is meant")]
    Unclear,
}

impl base::Refusal for Refusal {
    fn message(&self) -> Message {
        Message::new(match self {
            Refusal::NotWaiting => "feedback-not_waiting",
            Refusal::NotAnswered => "feedback-not_answered",
            Refusal::Unclear => "feedback-whose_unclear",
        })
    }
}

/// The draft with tidy texts.
///
/// # Errors
/// Everything that is wrong with it, by field.
pub fn checked(mut draft: NoteDraft) -> Result<NoteDraft, Vec<FieldProblem>> {
    draft.customer_called = draft.customer_called.trim().to_owned();
    draft.said_by = draft.said_by.trim().to_owned();
    let mut problems = Vec::new();
    if draft.customer.is_none() && draft.customer_called.is_empty() {
        problems.push(FieldProblem::new("customer_called", Message::new("feedback-whose")));
    }
    for (field, text) in [("customer_called", &draft.customer_called), ("said_by", &draft.said_by)] {
        problems.extend(too_long(field, text, LONGEST_NAME));
    }
    problems.extend(text_problem("words", &draft.words));
    if problems.is_empty() { Ok(draft) } else { Err(problems) }
}

/// What a text that must be there lacks.
pub fn text_problem(field: &str, text: &str) -> Option<FieldProblem> {
    match text.trim().is_empty() {
        true => Some(FieldProblem::new(field, Message::new("feedback-text_missing"))),
        false => too_long(field, text, LONGEST_TEXT),
    }
}

fn too_long(field: &str, text: &str, most: usize) -> Option<FieldProblem> {
    let message = || Message::new("feedback-text_long").with("most", most);
    (text.chars().count() > most).then(|| FieldProblem::new(field, message()))
}

/// # Errors
/// When somebody was faster, or it was set aside.
pub fn may_answer(note: &Model) -> Result<(), Refusal> {
    if note.status == Status::Waiting { Ok(()) } else { Err(Refusal::NotWaiting) }
}

/// # Errors
/// When there is nothing to tell yet, or nobody to tell it to.
pub fn may_tell(note: &Model) -> Result<(), Refusal> {
    match (note.status, &note.customer_id) {
        (Status::Answered, Some(_)) => Ok(()),
        (Status::Answered, None) => Err(Refusal::Unclear),
        _ => Err(Refusal::NotAnswered),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(words: &str) -> NoteDraft {
        NoteDraft { customer_called: " 明为 ".into(), words: words.into(), ..NoteDraft::default() }
    }

    #[test]
    fn the_customers_own_words_stay_as_they_are() {
        let draft = checked(said("  提货 太晚 ")).unwrap();
        assert_eq!((draft.words.as_str(), draft.customer_called.as_str()), ("  提货 太晚 ", "明为"));
    }

    #[test]
    fn a_note_without_words_or_customer_is_told_by_field() {
        let fields = |draft| {
            let problems = checked(draft).unwrap_err();
            problems.into_iter().map(|problem: FieldProblem| problem.field).collect::<Vec<_>>()
        };
        assert_eq!(fields(NoteDraft::default()), ["customer_called", "words"]);
        assert_eq!(fields(said(&"字".repeat(4001))), ["words"]);
    }
}
