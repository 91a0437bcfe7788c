//! What may be written and what follows from it.

use base::{Actor, Day, FieldProblem, Instant, Message, Refusal as _};
use chrono::Duration;
use unicode_normalization::UnicodeNormalization;

use crate::customer::Stage;
use crate::forms::{CustomerDraft, InteractionDraft};
use crate::interaction::Outcome;

/// Most characters of a name.
pub const LONGEST_NAME: usize = 200;
/// Most characters of one long text.
pub const LONGEST_TEXT: usize = 10_000;
/// Most former names, tags or addresses of one customer.
const MOST_PARTS: usize = 50;
/// Longest rhythm, in days.
const LONGEST_RHYTHM: i64 = 730;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("another customer has this credit code")]
    CreditCodeTaken,
    #[error("this stage comes from shipments")]
    StageNotByHand,
    #[error("a stage set by hand needs a reason")]
    ReasonMissing,
    #[error("there is no open next step")]
    NoOpenStep,
    #[error("the owner is out of reach")]
    OwnerOutOfReach,
}

impl base::Refusal for Refusal {
    fn message(&self) -> Message {
        Message::new(match self {
            Refusal::CreditCodeTaken => "customer-credit_code_taken",
            Refusal::StageNotByHand => "customer-stage_not_by_hand",
            Refusal::ReasonMissing => "customer-reason_missing",
            Refusal::NoOpenStep => "customer-no_open_step",
            Refusal::OwnerOutOfReach => "customer-owner_out_of_reach",
        })
    }
}

/// For comparing and sorting names: NFKC, lower-case, without blanks. The legal form stays, because 明为公司 and
/// 明为有限公司 may be two firms. Cut to what an index can hold, since NFKC may make a text longer.
pub fn name_key(name: &str) -> String {
    plain(name).take(LONGEST_NAME).collect()
}

/// What the words of a search are compared with, without blanks too.
pub fn search_key(draft: &CustomerDraft) -> String {
    let mut lines = vec![&draft.name, &draft.short_name, &draft.english_name, &draft.credit_code];
    lines.extend(&draft.former_names);
    lines.into_iter().map(|line| plain(line).collect::<String>()).collect::<Vec<_>>().join("\n")
}

/// The words of a search, written like `search_key`.
pub fn words(text: &str) -> Vec<String> {
    text.split_whitespace().take(8).map(|word| plain(word).collect()).filter(|word: &String| !word.is_empty()).collect()
}

fn plain(text: &str) -> impl Iterator<Item = char> {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace() && !c.is_control())
}

/// The draft without blanks around its texts and with the credit code in its written form.
///
/// # Errors
/// Every field that cannot be accepted.
pub fn checked(mut draft: CustomerDraft) -> Result<CustomerDraft, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    for text in
        [&mut draft.name, &mut draft.short_name, &mut draft.english_name, &mut draft.industry, &mut draft.source]
    {
        *text = text.trim().into();
    }
    for list in [&mut draft.former_names, &mut draft.tags] {
        *list = list.iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect();
    }
    draft.tags.sort();
    draft.tags.dedup();
    if draft.name.is_empty() {
        problems.push(FieldProblem::new("name", Message::new("customer-name_missing")));
    }
    problems.extend(line_problems(&draft));
    problems.extend(text_problem("notes", &draft.notes));
    let parts = [
        ("former_names", draft.former_names.len()),
        ("tags", draft.tags.len()),
        ("address_line", draft.addresses.len()),
    ];
    for (field, count) in parts.into_iter().filter(|(_, count)| *count > MOST_PARTS) {
        let message = Message::new("customer-too_many_parts").with("most", MOST_PARTS).with("count", count);
        problems.push(FieldProblem::new(field, message));
    }
    if draft.rhythm_days.is_some_and(|days| !(1..=LONGEST_RHYTHM).contains(&days)) {
        problems.push(FieldProblem::new(
            "rhythm_days",
            Message::new("customer-rhythm_out_of_range").with("most", LONGEST_RHYTHM),
        ));
    }
    if !draft.credit_code.trim().is_empty() {
        match crate::credit_code::checked(&draft.credit_code) {
            Ok(code) => draft.credit_code = code,
            Err(wrong) => problems.push(FieldProblem::new("credit_code", wrong.message())),
        }
    } else {
        draft.credit_code.clear();
    }
    if problems.is_empty() { Ok(draft) } else { Err(problems) }
}

/// # Errors
/// Every field that cannot be accepted; a next step is compulsory or explicitly none.
pub fn checked_interaction(draft: &InteractionDraft, now: Instant) -> Result<(), Vec<FieldProblem>> {
    let mut problems = Vec::new();
    if draft.text.trim().is_empty() {
        problems.push(FieldProblem::new("text", Message::new("interaction-text_missing")));
    }
    problems.extend(text_problem("text", &draft.text));
    problems.extend(line_problem("next_step", &draft.next_step));
    let step = !draft.next_step.trim().is_empty();
    let wrong = match (step, draft.no_next_step, draft.next_step_on) {
        (true, true, _) => Some(("next_step", "interaction-step_and_none")),
        (false, false, _) => Some(("next_step", "interaction-step_missing")),
        (true, false, None) => Some(("next_step_on", "interaction-step_day_missing")),
        (false, true, Some(_)) => Some(("next_step_on", "interaction-step_and_none")),
        _ => None,
    };
    problems.extend(wrong.map(|(field, key)| FieldProblem::new(field, Message::new(key))));
    if draft.happened_at.is_some_and(|at| at > now) {
        problems.push(FieldProblem::new("happened_at", Message::new("interaction-in_future")));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// One day after the last contact plus the rhythm would be late; a customer never contacted counts from its creation.
pub fn contact_due_on(rhythm_days: Option<i64>, last: Option<Instant>, created: Instant) -> Option<Day> {
    Actor::day_of(last.unwrap_or(created)).checked_add_signed(Duration::try_days(rhythm_days?)?)
}

/// Whether somebody of the customer was really spoken or written to.
pub fn is_contact(outcome: Option<Outcome>) -> bool {
    outcome != Some(Outcome::NotReached)
}

/// # Errors
/// `StageNotByHand` for what shipments decide, `ReasonMissing` without a reason.
pub fn stage_by_hand(stage: Stage, reason: &str) -> Result<(), Refusal> {
    match (Stage::BY_HAND.contains(&stage), reason.trim().is_empty()) {
        (false, _) => Err(Refusal::StageNotByHand),
        (true, true) => Err(Refusal::ReasonMissing),
        (true, false) => Ok(()),
    }
}

/// What is wrong with the one-line texts.
fn line_problems(draft: &CustomerDraft) -> Vec<FieldProblem> {
    let mut short = vec![
        ("name", &draft.name),
        ("short_name", &draft.short_name),
        ("english_name", &draft.english_name),
        ("industry", &draft.industry),
        ("source", &draft.source),
    ];
    short.extend(draft.former_names.iter().map(|name| ("former_names", name)));
    short.extend(draft.tags.iter().map(|tag| ("tags", tag)));
    for address in &draft.addresses {
        short.extend(
            [&address.country, &address.province, &address.city, &address.line].map(|text| ("address_line", text)),
        );
    }
    short.into_iter().filter_map(|(field, text)| line_problem(field, text)).collect()
}

fn line_problem(field: &str, text: &str) -> Option<FieldProblem> {
    if text.chars().any(char::is_control) {
        return Some(FieldProblem::new(field, Message::new("customer-control_character")));
    }
    too_long(field, text, LONGEST_NAME)
}

fn text_problem(field: &str, text: &str) -> Option<FieldProblem> {
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Some(FieldProblem::new(field, Message::new("customer-control_character")));
    }
    too_long(field, text, LONGEST_TEXT)
}

fn too_long(field: &str, text: &str, most: usize) -> Option<FieldProblem> {
    let count = text.chars().count();
    (count > most)
        .then(|| FieldProblem::new(field, Message::new("customer-too_long").with("most", most).with("count", count)))
}
