//! What goes out, for people and programs alike.

use base::{Instant, Language};
use calendar::WorkingTime;
use serde::Serialize;
use texts::format;
use utoipa::ToSchema;
use web::Ui;

use crate::exception::{FoundBy, Kind, Model, Status};
use crate::notice::{self, Notices};
use crate::service::{File, Listed};

/// `Shanghai → Chengdu`; empty when neither end is known.
pub fn lane(origin: &str, destination: &str) -> String {
    let known = |place: &str| if place.is_empty() { "?".to_owned() } else { place.to_owned() };
    match (origin, destination) {
        ("", "") => String::new(),
        (origin, destination) => format!("{} → {}", known(origin), known(destination)),
    }
}

/// An exception for programs.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ShipmentExceptionFile)]
pub struct ExceptionView {
    #[serde(flatten)]
    pub exception: Model,
    pub customer_name: String,
    pub waybill: String,
    pub owner_name: String,
    /// Whole minutes of working time until the customer must have been told, negative when it is over; null when he was.
    pub left_minutes: Option<i64>,
    /// Years of which the calendar knows no holidays.
    pub unknown_years: Vec<i32>,
    /// How many the row of a list stands for.
    pub count: u64,
    /// Names its group: the same kind on the same transport, without one of the same shipment.
    pub group: String,
}

impl From<Listed> for ExceptionView {
    fn from(listed: Listed) -> Self {
        let Listed { file, count } = listed;
        Self {
            customer_name: file.customer,
            waybill: file.waybill,
            owner_name: file.owner,
            left_minutes: file.left.map(WorkingTime::whole_minutes),
            unknown_years: file.unknown_years,
            count,
            group: file.exception.group_key.clone(),
            exception: file.exception,
        }
    }
}

impl From<File> for ExceptionView {
    fn from(file: File) -> Self {
        Listed { file, count: 1 }.into()
    }
}

/// What went wrong: the late step, or what somebody wrote down.
pub fn what(ui: &Ui, exception: &Model) -> String {
    match exception.milestone {
        Some(step) if exception.kind == Kind::Late => ui.t1("exception-late_step", "step", ui.t(step.key())),
        _ => exception.what.clone(),
    }
}

/// The clock in words, and its tone.
pub fn clock(ui: &Ui, file: &File) -> (String, &'static str) {
    let one = &file.exception;
    let by = format::time(one.tell_by);
    match (file.left, one.told_first) {
        (Some(left), _) if left < WorkingTime::default() => {
            (ui.t1("exception-over_by", "time", calendar::words::working_time(ui, left)), "risk")
        }
        (Some(left), _) => {
            let time = calendar::words::working_time(ui, left);
            (ui.t2("exception-left", ("time", &time), ("by", &by)), "warn")
        }
        (None, Some(1)) => (ui.t("exception-told_first"), "good"),
        (None, Some(_)) if one.customer_asked_at.is_some_and(|asked| one.told_at >= Some(asked)) => {
            (ui.t("exception-he_asked_first"), "risk")
        }
        (None, Some(_)) => (ui.t("exception-told_late"), "risk"),
        (None, None) => (ui.t("exception-never_told"), "neutral"),
    }
}

/// A row of the list.
pub struct RowView {
    pub href: String,
    /// The waybill, of several on one transport its reference.
    pub heading: String,
    /// How many more stand in its group; 0 for one alone.
    pub more: u64,
    pub more_words: String,
    pub customer: String,
    pub customer_href: String,
    pub kind: String,
    pub what: String,
    pub lane: String,
    pub clock: String,
    pub clock_tone: &'static str,
    pub status: String,
    pub status_tone: &'static str,
    pub found_at: String,
    pub owner: String,
}

impl RowView {
    pub fn of(ui: &Ui, listed: &Listed) -> Self {
        let (file, one) = (&listed.file, &listed.file.exception);
        let (clock, clock_tone) = clock(ui, file);
        let href = match listed.count {
            0 | 1 => format!("/exceptions/{}", one.id),
            _ => group_href(&one.group_key),
        };
        Self {
            href,
            more: listed.count.saturating_sub(1),
            more_words: match one.transport_reference.is_empty() {
                true => ui.t1("exception-steps_late", "count", listed.count.to_string()),
                false => ui.t2(
                    "exception-and_more",
                    ("waybill", &file.waybill),
                    ("count", &listed.count.saturating_sub(1).to_string()),
                ),
            },
            heading: match (listed.count, one.transport_reference.as_str()) {
                (0 | 1, _) | (_, "") => file.waybill.clone(),
                (_, reference) => reference.to_owned(),
            },
            customer: file.customer.clone(),
            customer_href: format!("/customers/{}", one.customer_id),
            kind: ui.t(one.kind.key()),
            what: what(ui, one),
            lane: lane(&one.origin, &one.destination),
            clock,
            clock_tone,
            status: ui.t(one.status.key()),
            status_tone: one.status.tone(),
            found_at: format::time(one.found_at),
            owner: file.owner.clone(),
        }
    }
}

pub fn group_href(key: &str) -> String {
    address("/exceptions/group", [("key", key.to_owned())])
}

/// An address of ours; pairs without a value are left out.
pub fn address(path: &str, pairs: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let kept: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    match serde_urlencoded::to_string(&kept) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.into(),
    }
}

/// What the customer would be told, in the language asked for or his own.
pub fn draft(ui: &Ui, notices: &Notices, file: &File, language: Option<Language>) -> (Language, String) {
    let language = language.unwrap_or_else(|| notice::language_of(&file.customer));
    let text = ui
        .texts()
        .map(|texts| notice::draft(notices, texts, language, &file.exception, (&file.customer, &file.waybill)));
    (language, text.unwrap_or_default())
}

/// The facts of an exception, by term; empty ones are shown as not known.
pub fn facts(ui: &Ui, file: &File) -> Vec<(String, String)> {
    let one = &file.exception;
    let time = |at: Option<Instant>| at.map(format::time).unwrap_or_default();
    let found = ui.t2("exception-found_words", ("at", &format::time(one.found_at)), ("by", &ui.t(one.found_by.key())));
    let mut facts = vec![
        (ui.t("exception-kind"), ui.t(one.kind.key())),
        (ui.t("exception-owner"), file.owner.clone()),
        (ui.t("exception-lane"), lane(&one.origin, &one.destination)),
        (ui.t("exception-found"), found),
        (ui.t("exception-happened_at"), format::time(one.happened_at)),
        (ui.t("exception-transport"), one.transport_reference.clone()),
        (ui.t("exception-liable"), ui.t(one.liable.key())),
    ];
    if !one.line.is_empty() {
        facts.push((ui.t("exception-line"), one.line.clone()));
    }
    if one.found_by == FoundBy::Customer || one.customer_asked_at.is_some() {
        facts.push((ui.t("exception-asked_at"), time(one.customer_asked_at)));
    }
    if one.status == Status::Solved {
        facts.push((ui.t("exception-solution"), one.solution.clone()));
        facts.push((ui.t("exception-closed_words"), closed(ui, one)));
    }
    if let Some(cause) = one.void_cause {
        let why = if one.solution.is_empty() { ui.t(cause.key()) } else { one.solution.clone() };
        facts.push((ui.t("exception-void_why"), why));
        facts.push((ui.t("exception-closed_words"), closed(ui, one)));
    }
    facts
}

fn closed(ui: &Ui, one: &Model) -> String {
    let at = one.closed_at.map(format::time).unwrap_or_default();
    match one.closed_by.as_str() {
        "" => at,
        by => format!("{at} · {}", ui.who(by)),
    }
}

/// Plan against what happened: term and value.
pub fn evidence(ui: &Ui, one: &Model) -> Vec<(String, String)> {
    let Some(planned) = one.planned_at else { return Vec::new() };
    let minutes = one.tolerance_minutes.unwrap_or_default();
    let behind = one.actual_at.map(|actual| (actual - planned).num_minutes());
    let behind = behind.map_or_else(String::new, |minutes| match minutes {
        minutes if minutes > 0 => ui.t1("exception-behind", "time", span(ui, minutes)),
        _ => ui.t("exception-in_time_after_all"),
    });
    vec![
        (ui.t("exception-step"), one.milestone.map(|step| ui.t(step.key())).unwrap_or_default()),
        (ui.t("exception-planned"), format::time(planned)),
        (ui.t("exception-tolerance"), span(ui, minutes)),
        (ui.t("exception-actual"), one.actual_at.map_or_else(|| ui.t("exception-not_yet"), format::time)),
        (ui.t("exception-behind_title"), behind),
    ]
}

/// An amount of time, days and all, in words.
pub fn span(ui: &Ui, minutes: i64) -> String {
    calendar::words::working_time(ui, WorkingTime::from(chrono::Duration::minutes(minutes)))
}
