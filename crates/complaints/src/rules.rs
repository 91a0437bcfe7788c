//! What may be done to a complaint, and what becomes of it. Pure.

use base::{Currency, Error, FieldProblem, Instant, Message, Money, UserId};

use crate::complaint::Model;
use crate::forms::{CauseDraft, ComplaintDraft, SolutionDraft, StepDraft};
use crate::words::{Answer, CompensationState, Escalation, Status, Step};

/// Characters of a text; a card is one page.
pub const LONGEST: usize = 4000;
/// Shipments that one complaint is about.
pub const MOST_WAYBILLS: usize = 50;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("complaint-is_closed")]
    Closed,
    #[error("complaint-is_on_hold")]
    OnHold,
    #[error("complaint-is_not_on_hold")]
    NotOnHold,
    #[error("complaint-out_of_order")]
    OutOfOrder,
    #[error("complaint-step_not_skippable")]
    NotSkippable,
    #[error("complaint-no_solution")]
    NoSolution,
    #[error("complaint-not_approved")]
    NotApproved,
    #[error("complaint-is_not_closed")]
    NotClosed,
    #[error("complaint-other_customer")]
    OtherCustomer,
    #[error("complaint-merged_already")]
    Merged,
    #[error("complaint-no_correction")]
    NoCorrection,
    #[error("complaint-correction_not_done")]
    CorrectionNotDone,
    #[error("complaint-own_verification")]
    OwnVerification,
    #[error("complaint-out_of_reach")]
    OutOfReach,
    #[error("complaint-solution_carried_out")]
    CarriedOut,
    #[error("quality_event-is_closed")]
    QualityClosed,
}

impl base::Refusal for Refusal {
    fn message(&self) -> Message {
        Message::new(self.to_string())
    }
}

/// What is wrong with a complaint that comes in.
pub fn draft_problems(draft: &ComplaintDraft, now: Instant) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    needed(&mut problems, "words", &draft.words);
    short(&mut problems, "wish", &draft.wish);
    match draft.received_at {
        Some(at) if at > now => problems.push(wrong("received_at", "complaint-in_the_future")),
        Some(at) if !possible(at) => problems.push(wrong("received_at", "complaint-impossible_time")),
        _ => {}
    }
    if draft.waybills.len() > MOST_WAYBILLS {
        problems.push(wrong("waybills", "complaint-too_many_waybills"));
    }
    problems
}

/// Both databases keep it, and clocks can count from it.
fn possible(at: Instant) -> bool {
    use chrono::Datelike;
    (2000..=2200).contains(&at.year())
}

pub fn is_open(complaint: &Model) -> Result<(), Refusal> {
    if complaint.status.is_open() { Ok(()) } else { Err(Refusal::Closed) }
}

/// # Errors
/// `Refused` when it is not this step's turn, `Invalid` when something is missing.
pub fn check_step(complaint: &Model, draft: &StepDraft, now: Instant) -> Result<(), Error> {
    is_open(complaint).map_err(Error::refused)?;
    if complaint.status == Status::OnHold {
        return Err(Error::refused(Refusal::OnHold));
    }
    if complaint.next_step != Some(draft.step) {
        return Err(Error::refused(Refusal::OutOfOrder));
    }
    let mut problems = Vec::new();
    if !draft.skip_reason.trim().is_empty() {
        short(&mut problems, "skip_reason", &draft.skip_reason);
        if matches!(draft.step, Step::Resolve | Step::Confirm) {
            return Err(Error::refused(Refusal::NotSkippable));
        }
        return if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) };
    }
    short(&mut problems, "text", &draft.text);
    match draft.step {
        Step::Confirm => answer_problems(&mut problems, draft),
        _ => {
            needed(&mut problems, "told", &draft.told);
            if draft.told_how.is_none() {
                problems.push(wrong("told_how", "complaint-how_missing"));
            }
        }
    }
    let told_at = draft.told_at.unwrap_or(now);
    if told_at > now {
        problems.push(wrong("told_at", "complaint-in_the_future"));
    } else if told_at < complaint.received_at {
        problems.push(wrong("told_at", "complaint-before_received"));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    if draft.step == Step::Resolve { solution_stands(complaint).map_err(Error::refused) } else { Ok(()) }
}

fn answer_problems(problems: &mut Vec<FieldProblem>, draft: &StepDraft) {
    short(problems, "told", &draft.told);
    short(problems, "close_reason", &draft.close_reason);
    match draft.answer {
        None => problems.push(wrong("answer", "complaint-answer_missing")),
        // Nobody closes what the customer has not agreed to without saying why.
        Some(Answer::None) if draft.close_reason.trim().is_empty() => {
            problems.push(wrong("close_reason", "complaint-close_reason_missing"));
        }
        Some(_) => {}
    }
    if draft.answer.is_some_and(|answer| answer != Answer::None) && draft.told_how.is_none() {
        problems.push(wrong("told_how", "complaint-how_missing"));
    }
}

fn solution_stands(complaint: &Model) -> Result<(), Refusal> {
    match (complaint.solution.is_empty(), complaint.compensation_state) {
        (true, _) => Err(Refusal::NoSolution),
        (false, Some(CompensationState::Waiting | CompensationState::Refused)) => Err(Refusal::NotApproved),
        (false, _) => Ok(()),
    }
}

/// What follows one in the order.
pub fn after(step: Step) -> Option<Step> {
    Step::ALL.iter().copied().find(|next| *next > step)
}

/// Whether doing it answers the customer for the first time; what was only left out does not.
pub fn responds(step: Step) -> bool {
    step >= Step::Acknowledge
}

/// What becomes of the customer's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Closed,
    /// He does not agree, and nobody says why that should be the end: it begins again.
    Again,
}

pub fn outcome(answer: Answer, close_reason: &str) -> Outcome {
    match answer {
        Answer::Refused if close_reason.trim().is_empty() => Outcome::Again,
        Answer::Agreed | Answer::Refused | Answer::None => Outcome::Closed,
    }
}

/// The complaint in a new round, from the first step on.
pub fn begin_again(complaint: &mut Model) {
    complaint.round += 1;
    complaint.next_step = Some(Step::Listen);
    complaint.status = Status::Handling;
    complaint.resolved_at = None;
    complaint.closed_at = None;
    complaint.answer = None;
    complaint.answer_at = None;
    complaint.answer_how = None;
    complaint.close_reason.clear();
    complaint.escalation = Escalation::None;
}

/// The amount of a draft; `None` when there is none.
///
/// # Errors
/// `Invalid` when it is no amount.
pub fn solution(draft: &SolutionDraft, reporting: Currency) -> Result<Option<Money>, Error> {
    let mut problems = Vec::new();
    needed(&mut problems, "solution", &draft.solution);
    short(&mut problems, "extra", &draft.extra);
    let typed = draft.compensation.trim().replace([',', '，'], "");
    let currency = draft.currency.unwrap_or(reporting);
    let amount = match typed.is_empty() {
        true => None,
        false => {
            let amount = Money::parse(&typed, currency).filter(|amount| amount.minor >= 0);
            if amount.is_none() {
                problems.push(wrong("compensation", "complaint-no_amount"));
            }
            amount.filter(|amount| amount.minor > 0)
        }
    };
    if problems.is_empty() { Ok(amount) } else { Err(Error::Invalid(problems)) }
}

/// # Errors
/// `Invalid`, field by field.
pub fn check_cause(draft: &CauseDraft) -> Result<(), Error> {
    let mut problems = Vec::new();
    short(&mut problems, "text", &draft.text);
    short(&mut problems, "correction", &draft.correction);
    if !draft.correction.trim().is_empty() && draft.correction_due.is_none() {
        problems.push(wrong("correction_due", "complaint-correction_due_missing"));
    }
    problems.extend(customers::rules::year_problem("correction_due", draft.correction_due));
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// # Errors
/// Before it is done, or by whoever did it.
pub fn may_verify(complaint: &Model, who: Option<&UserId>) -> Result<(), Refusal> {
    match (&complaint.correction_done_at, &complaint.correction_done_by) {
        (None, _) => Err(Refusal::CorrectionNotDone),
        (Some(_), by) if who.is_none() || who == by.as_ref() => Err(Refusal::OwnVerification),
        (Some(_), _) => Ok(()),
    }
}

/// A text that must be there.
///
/// # Errors
/// `Invalid` when it is not, or too long.
pub fn said(field: &str, text: &str) -> Result<String, Error> {
    let mut problems = Vec::new();
    needed(&mut problems, field, text);
    if problems.is_empty() { Ok(text.trim().to_owned()) } else { Err(Error::Invalid(problems)) }
}

fn needed(problems: &mut Vec<FieldProblem>, field: &str, text: &str) {
    if text.trim().is_empty() {
        problems.push(wrong(field, "complaint-text_missing"));
    }
    short(problems, field, text);
}

fn short(problems: &mut Vec<FieldProblem>, field: &str, text: &str) {
    if text.chars().count() > LONGEST {
        problems.push(FieldProblem::new(field, Message::new("complaint-text_too_long").with("most", LONGEST)));
    }
    if text.contains('\0') {
        problems.push(wrong(field, "error-nul"));
    }
}

pub(crate) fn wrong(field: &str, key: &str) -> FieldProblem {
    FieldProblem::new(field, Message::new(key))
}
