//! What goes out, to people and to programs.

use module::{Reason, Tone, Urgency};
use serde::Serialize;
use shipments::{AtStake, Basis};
use utoipa::ToSchema;
use web::Ui;

use crate::day::{Day, Row};
use crate::rules::urgency;
use crate::service::Load;

/// Reasons shown on a row; the others are counted.
const SHOWN: usize = 2;

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DayView {
    pub today: String,
    /// The same in words.
    #[serde(skip)]
    pub today_words: String,
    pub rows: Vec<RowView>,
    /// Customers that can wait.
    pub more: usize,
    pub done: usize,
    pub overdue: usize,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RowView {
    pub customer: String,
    pub name: String,
    #[serde(skip)]
    pub owner: Option<String>,
    pub reasons: Vec<ReasonView>,
    pub more_reasons: usize,
    pub due: String,
    /// The due day in words: overdue by n days, today, in n days.
    pub due_words: String,
    #[schema(value_type = String)]
    pub urgency: Urgency,
    #[serde(skip)]
    pub tone: &'static str,
    /// Margin of the last 365 days, or revenue, or a word that it is unknown.
    pub value: String,
    pub value_note: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReasonView {
    pub kind: String,
    pub reason: String,
    pub act: String,
    pub evidence: String,
    pub evidence_href: String,
    pub due: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LoadView {
    pub person: Option<String>,
    pub name: String,
    pub left: usize,
    pub overdue: usize,
    pub done: usize,
    /// Customers without an owner, or whose owner has left.
    pub handover: i64,
    /// Where those are listed.
    #[serde(skip)]
    pub handover_href: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TeamView {
    pub people: Vec<LoadView>,
    pub exceptions: Vec<RowView>,
}

impl TeamView {
    /// Whose customer stands among the exceptions, and whether somebody must take him over.
    pub fn owner_of(&self, row: &RowView) -> Option<&LoadView> {
        self.people.iter().find(|load| load.person == row.owner)
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ActView {
    /// Give it to `undo` within a minute.
    pub act: String,
    pub customer: String,
}

impl DayView {
    pub fn of(ui: &Ui, day: Day) -> Self {
        let today = day.today;
        Self {
            today: today.to_string(),
            today_words: texts::format::day_long(today, ui.language()),
            rows: day.rows.into_iter().map(|row| RowView::of(ui, row, today)).collect(),
            more: day.more,
            done: day.done,
            overdue: day.overdue,
        }
    }
}

impl RowView {
    pub fn of(ui: &Ui, row: Row, today: base::Day) -> Self {
        let due = row.due();
        let (value, value_note) = stake_words(ui, row.at_stake.as_ref());
        Self {
            more_reasons: row.reasons.len().saturating_sub(SHOWN),
            reasons: row.reasons.into_iter().take(SHOWN).map(|reason| ReasonView::of(ui, reason)).collect(),
            owner: row.owner.map(|owner| owner.0),
            customer: row.customer.0,
            name: row.name,
            due: due.to_string(),
            due_words: due_words(ui, due, today),
            urgency: urgency(due, today),
            tone: tone(urgency(due, today)).name(),
            value,
            value_note,
        }
    }
}

impl ReasonView {
    fn of(ui: &Ui, reason: Reason) -> Self {
        Self {
            kind: reason.kind.into(),
            reason: ui.say(&reason.reason),
            act: ui.say(&reason.act),
            evidence: ui.say(&reason.evidence),
            evidence_href: reason.evidence_href,
            due: reason.due.to_string(),
        }
    }
}

impl LoadView {
    pub fn of(ui: &Ui, load: Load) -> Self {
        let name = match load.person {
            Some(_) => load.name,
            None => ui.t("worklist-nobody"),
        };
        let person = load.person.map(|id| id.0);
        Self {
            handover_href: format!("/customers?owner={}", person.as_deref().unwrap_or("none")),
            handover: load.handover,
            person,
            name,
            left: load.left,
            overdue: load.overdue,
            done: load.done,
        }
    }
}

fn due_words(ui: &Ui, due: base::Day, today: base::Day) -> String {
    match (due - today).num_days() {
        0 => ui.t("worklist-due_today"),
        days if days < 0 => ui.t1("worklist-overdue_by", "days", -days),
        days => ui.t1("worklist-due_in", "days", days),
    }
}

fn tone(urgency: Urgency) -> Tone {
    match urgency {
        Urgency::Overdue => Tone::Risk,
        Urgency::Today => Tone::Warn,
        Urgency::Soon => Tone::Neutral,
    }
}

/// The amount, and what it is: margin, revenue because cost is unknown, or nothing known.
fn stake_words(ui: &Ui, at_stake: Option<&AtStake>) -> (String, String) {
    let Some(at_stake) = at_stake else {
        return (ui.t("worklist-value_unknown"), String::new());
    };
    let value = match at_stake.value {
        Some(value) => texts::format::money_short(value, ui.language()),
        None => ui.t("worklist-value_unknown"),
    };
    let note = match (at_stake.value, at_stake.basis) {
        (None, _) => String::new(),
        (Some(_), Basis::Margin) => ui.t("worklist-value_margin"),
        (Some(_), Basis::Mixed) => ui.t("worklist-value_mixed"),
        (Some(_), _) => ui.t("worklist-value_revenue"),
    };
    let apart = at_stake.apart.words(ui.language());
    let apart = if apart.is_empty() { apart } else { ui.t1("worklist-value_apart", "amounts", apart) };
    (value, [note, apart].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "))
}
