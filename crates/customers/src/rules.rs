//! What may be written and what follows from it.

use std::collections::BTreeSet;

use base::{Actor, Day, FieldProblem, Instant, Message, Refusal as _};
use chrono::{Datelike, Duration, NaiveTime};
use texts::pinyin;
use unicode_normalization::UnicodeNormalization;

use crate::called::Called;
use crate::customer::Stage;
use crate::forms::{CustomerDraft, InteractionDraft};
use crate::interaction::{self, Outcome};

/// Most characters of a name.
pub const LONGEST_NAME: usize = 200;
/// Most characters of one long text.
pub const LONGEST_TEXT: usize = 10_000;
/// Most former names, tags or addresses of one customer.
const MOST_PARTS: usize = 50;
/// Longest rhythm, in days.
const LONGEST_RHYTHM: i64 = 730;
/// First and last year of anything that happens.
pub const YEARS: [i32; 2] = [1980, 2199];

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
    #[error("this interaction was imported before")]
    AlreadyLogged,
    #[error("nobody has this id")]
    NobodyThere,
    #[error("this is no shipment of the customer")]
    StrangeShipment,
    #[error("it was logged too long ago, by somebody else or from a file")]
    StandsAsLogged,
    #[error("the step was finished too long ago")]
    StepStaysDone,
}

impl base::Refusal for Refusal {
    fn message(&self) -> Message {
        Message::new(match self {
            Refusal::CreditCodeTaken => "customer-credit_code_taken",
            Refusal::StageNotByHand => "customer-stage_not_by_hand",
            Refusal::ReasonMissing => "customer-reason_missing",
            Refusal::NoOpenStep => "customer-no_open_step",
            Refusal::OwnerOutOfReach => "customer-owner_out_of_reach",
            Refusal::NobodyThere => "interaction-nobody_there",
            Refusal::StrangeShipment => "interaction-strange_shipment",
            Refusal::AlreadyLogged => "interaction-already_logged",
            Refusal::StandsAsLogged => "interaction-stands_as_logged",
            Refusal::StepStaysDone => "customer-step_stays_done",
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

/// How the names are read, one reading a line.
pub fn spoken_key(search_key: &str) -> String {
    let all: BTreeSet<String> = search_key.lines().flat_map(pinyin::spoken).collect();
    all.into_iter().collect::<Vec<_>>().join("\n")
}

/// By what the customer can be found, each once.
pub fn called(draft: &CustomerDraft) -> Vec<(Called, String)> {
    let one = |called, text: &String| (called, name_key(text));
    let mut all = vec![
        one(Called::Code, &draft.credit_code),
        one(Called::Name, &draft.name),
        one(Called::Short, &draft.short_name),
        one(Called::English, &draft.english_name),
    ];
    all.extend(draft.former_names.iter().map(|name| one(Called::Former, name)));
    all.retain(|(_, key)| !key.is_empty());
    all.sort();
    all.dedup();
    all
}

/// The words of a search, written like `search_key`.
pub fn words(text: &str) -> Vec<String> {
    text.split_whitespace().take(8).map(|word| plain(word).collect()).filter(|word: &String| !word.is_empty()).collect()
}

/// Whether there is anything to see: not a blank, and none of those that take no room or are drawn as nothing.
fn is_seen(c: char) -> bool {
    let unseen = matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}');
    !(unseen || c.is_whitespace() || c.is_control())
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
    for address in &mut draft.addresses {
        for text in [&mut address.country, &mut address.province, &mut address.city, &mut address.line] {
            *text = text.trim().into();
        }
    }
    draft.tags.sort();
    draft.tags.dedup();
    if !draft.name.chars().any(is_seen) {
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
        problems.push(too_many_parts(field, count));
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
    problems.extend(draft.author.as_ref().and_then(|author| line_problem("person", &author.name)));
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
    problems.extend(year_problem("happened_at", draft.happened_at.map(Actor::day_of)));
    problems.extend(year_problem("next_step_on", draft.next_step_on));
    problems.extend(draft.shipments.iter().filter_map(|id| line_problem("shipments", id)));
    if draft.shipments.len() > MOST_PARTS {
        problems.push(too_many_parts("shipments", draft.shipments.len()));
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

/// Hours in which whoever logged an interaction may take it back. After that it is what others have relied on, and what
/// is right is logged beside it.
pub const TAKE_BACK_HOURS: i64 = 24;
/// Minutes in which a finished next step can be opened again.
const REOPEN_MINUTES: i64 = 10;

/// # Errors
/// `StandsAsLogged` for what somebody else logged, what was imported, and what is too old.
pub fn may_take_back(interaction: &interaction::Model, actor: &Actor) -> Result<(), Refusal> {
    let own = interaction.by_id.is_some() && interaction.by_id.as_ref() == actor.user_id();
    let fresh = actor.now - interaction.created_at <= Duration::hours(TAKE_BACK_HOURS);
    match own && fresh && interaction.source.is_none() {
        true => Ok(()),
        false => Err(Refusal::StandsAsLogged),
    }
}

/// # Errors
/// `NoOpenStep` when none was finished, `StepStaysDone` when that was too long ago.
pub fn may_reopen(interaction: &interaction::Model, now: Instant) -> Result<Instant, Refusal> {
    let done = interaction.next_step_done_at.ok_or(Refusal::NoOpenStep)?;
    match now - done <= Duration::minutes(REOPEN_MINUTES) {
        true => Ok(done),
        false => Err(Refusal::StepStaysDone),
    }
}

/// Why a customer is a prospect: nothing was shipped, and nobody has said otherwise.
pub fn not_judged() -> Message {
    Message::new("customer-stage-no_shipment")
}

/// # Errors
/// `StageNotByHand` for what shipments decide or have decided, `ReasonMissing` without a reason.
pub fn stage_by_hand(before: Stage, stage: Stage, reason: &str) -> Result<(), Refusal> {
    let by_hand = [before, stage].iter().all(|stage| Stage::BY_HAND.contains(stage));
    match (by_hand, reason.trim().is_empty()) {
        (false, _) => Err(Refusal::StageNotByHand),
        (true, true) => Err(Refusal::ReasonMissing),
        (true, false) => Ok(()),
    }
}

/// # Errors
/// When it cannot be stored.
pub fn checked_reason(reason: &str) -> Result<(), Vec<FieldProblem>> {
    match text_problem("reason", reason) {
        Some(problem) => Err(vec![problem]),
        None => Ok(()),
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
    short.extend(draft.owner_id.as_ref().map(|owner| ("owner_id", &owner.0)));
    short.extend(draft.former_names.iter().map(|name| ("former_names", name)));
    short.extend(draft.tags.iter().map(|tag| ("tags", tag)));
    for address in &draft.addresses {
        short.extend(
            [&address.country, &address.province, &address.city, &address.line].map(|text| ("address_line", text)),
        );
    }
    short.into_iter().filter_map(|(field, text)| line_problem(field, text)).collect()
}

pub(crate) fn too_many_parts(field: &str, count: usize) -> FieldProblem {
    let message = Message::new("customer-too_many_parts").with("most", MOST_PARTS).with("count", count);
    FieldProblem::new(field, message)
}

/// Years far away are slips of the pen, and the two databases do not sort them alike.
pub fn year_problem(field: &str, day: Option<Day>) -> Option<FieldProblem> {
    let [first, last] = YEARS;
    let wrong = !(first..=last).contains(&day?.year());
    wrong.then(|| {
        FieldProblem::new(field, Message::new("interaction-year_impossible").with("first", first).with("last", last))
    })
}

/// Somebody may send any instant; beyond these nothing is kept, and arithmetic near the end of the calendar fails.
pub(crate) fn within_calendar(at: Instant) -> Instant {
    let last =
        Day::from_ymd_opt(YEARS[1] + 1, 1, 2).map_or(Instant::MAX_UTC, |day| day.and_time(NaiveTime::MIN).and_utc());
    at.clamp(Instant::UNIX_EPOCH, last)
}

pub(crate) fn line_problem(field: &str, text: &str) -> Option<FieldProblem> {
    if text.chars().any(char::is_control) {
        return Some(FieldProblem::new(field, Message::new("customer-control_character")));
    }
    too_long(field, text, LONGEST_NAME)
}

pub(crate) fn text_problem(field: &str, text: &str) -> Option<FieldProblem> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_width_and_blanks_but_with_their_legal_form() {
        assert_eq!(name_key(" Ｍing　Wei Co., Ltd"), "mingweico.,ltd");
        assert_eq!(name_key("a\0b\u{85}c"), "abc");
        assert_ne!(name_key("明为公司"), name_key("明为有限公司"));
        // One sign of eighteen letters: a name of 200 must not become a key of 3,600.
        assert_eq!(name_key(&"ﷺ".repeat(LONGEST_NAME)).chars().count(), LONGEST_NAME);
    }

    #[test]
    fn a_customer_is_called_by_each_name_once() {
        let mut draft = CustomerDraft::named("明为公司");
        (draft.short_name, draft.english_name) = ("明为".into(), String::new());
        draft.former_names = vec!["老明为".into(), "老 明为".into()];
        let names: Vec<_> = called(&draft).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["明为公司", "明为", "老明为"]);
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let mut draft = CustomerDraft::named(" ");
        (draft.credit_code, draft.rhythm_days) = ("x".into(), Some(731));
        draft.tags = (0..51).map(|n| n.to_string()).collect();
        let fields: Vec<_> = checked(draft).unwrap_err().into_iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["name", "tags", "rhythm_days", "credit_code"]);
    }

    #[test]
    fn checking_twice_changes_nothing_more() {
        let mut draft = CustomerDraft::named("  明为 公司 ");
        (draft.tags, draft.former_names) = (vec!["b".into(), " a ".into(), "b".into(), " ".into()], vec![" ".into()]);
        draft.credit_code = " 91440300708461136t ".into();
        let once = checked(draft).unwrap();
        assert_eq!((once.name.as_str(), once.credit_code.as_str()), ("明为 公司", "91440300708461136T"));
        assert_eq!(once.tags, ["a", "b"]);
        assert_eq!(checked(once.clone()), Ok(once));
    }

    #[test]
    fn a_name_that_nobody_can_see_is_none() {
        for name in ["\u{200b}\u{200b}", " \u{feff}\u{3164}\u{3000}"] {
            assert_eq!(checked(CustomerDraft::named(name)).unwrap_err()[0].field, "name");
        }
        assert!(checked(CustomerDraft::named("明\u{200d}为")).is_ok());
    }

    #[test]
    fn the_next_contact_is_due_a_rhythm_after_the_last_day_in_china() {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let created = at("2026-01-01T00:00:00Z");
        let due = contact_due_on(Some(10), Some(at("2026-11-01T17:00:00Z")), created);
        assert_eq!(due, "2026-11-12".parse().ok());
        assert_eq!(contact_due_on(Some(10), None, created), "2026-01-11".parse().ok());
        assert_eq!(contact_due_on(None, Some(created), created), None);
    }

    #[test]
    fn shipments_decide_the_later_stages() {
        for stage in Stage::ALL {
            let by_hand = matches!(stage, Stage::NonCustomer | Stage::Prospect | Stage::Target);
            assert_eq!(stage_by_hand(Stage::Prospect, *stage, "x").is_ok(), by_hand, "{stage}");
            assert_eq!(stage_by_hand(*stage, Stage::Target, "x").is_ok(), by_hand, "from {stage}");
        }
        assert_eq!(stage_by_hand(Stage::Prospect, Stage::Target, " \u{3000}"), Err(Refusal::ReasonMissing));
    }
}
