//! What the customer page shows of the customer's own file.

use std::collections::BTreeSet;

use base::{Actor, Day, Error, FieldProblem, Instant, Message};
use chrono::{Duration, NaiveDateTime};
use module::TimelineRow;
use serde::Deserialize;
use texts::format;
use web::Ui;

use super::{ago, by, due_words, sentences};
use crate::customer::Model;
use crate::forms::{AddressDraft, InteractionDraft};
use crate::interaction::{self, Direction, InteractionKind, Mood, Outcome};
use crate::service::CustomerFile;

/// How a browser writes the time of a `datetime-local` field.
const MINUTE: &str = "%Y-%m-%dT%H:%M";
/// China Standard Time; see `base::Actor::day_of`.
const ZONE_HOURS: i64 = 8;

/// An interaction as it was typed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TypedLog {
    pub kind: InteractionKind,
    pub direction: Direction,
    /// In the firm's zone, to the minute; empty for now.
    #[serde(default)]
    pub happened_at: String,
    #[serde(default)]
    pub outcome: Option<Outcome>,
    #[serde(default)]
    pub mood: Option<Mood>,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub next_step: String,
    #[serde(default)]
    pub next_step_on: String,
    #[serde(default)]
    pub no_next_step: Option<String>,
    /// The shipment that the reader came from.
    #[serde(default)]
    pub shipment: Option<String>,
}

impl TypedLog {
    /// What stands in the form at first.
    pub fn blank(now: Instant, shipment: Option<String>) -> Self {
        Self {
            kind: InteractionKind::Call,
            direction: Direction::Outgoing,
            happened_at: (now + Duration::hours(ZONE_HOURS)).format(MINUTE).to_string(),
            outcome: Some(Outcome::Reached),
            mood: None,
            text: String::new(),
            next_step: String::new(),
            next_step_on: String::new(),
            no_next_step: None,
            shipment,
        }
    }

    /// As it was told before, to be told anew.
    pub fn again(row: interaction::Model) -> Self {
        Self {
            kind: row.kind,
            direction: row.direction,
            happened_at: (row.happened_at + Duration::hours(ZONE_HOURS)).format(MINUTE).to_string(),
            outcome: row.outcome,
            mood: row.mood,
            text: row.text,
            next_step: row.next_step.unwrap_or_default(),
            next_step_on: row.next_step_on.map(format::day).unwrap_or_default(),
            no_next_step: row.no_next_step.then(|| "yes".to_owned()),
            shipment: None,
        }
    }

    /// # Errors
    /// `Invalid` for a time or a day that is none.
    pub fn draft(&self) -> Result<InteractionDraft, Error> {
        let unreadable = |field: &str| FieldProblem::new(field, Message::new("interaction-time_unreadable"));
        let mut problems = Vec::new();
        let happened_at = match self.happened_at.as_str() {
            "" => None,
            text => match NaiveDateTime::parse_from_str(text, MINUTE).ok().and_then(in_utc) {
                Some(at) => Some(at),
                None => {
                    problems.push(unreadable("happened_at"));
                    None
                }
            },
        };
        let next_step_on: Option<Day> = match self.next_step_on.as_str() {
            "" => None,
            text => text.parse().map_err(|_| problems.push(unreadable("next_step_on"))).ok(),
        };
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        Ok(InteractionDraft {
            kind: self.kind,
            direction: self.direction,
            happened_at,
            outcome: self.outcome,
            mood: self.mood,
            text: self.text.replace("\r\n", "\n"),
            next_step: self.next_step.clone(),
            next_step_on,
            next_step_by: None,
            no_next_step: self.no_next_step.is_some(),
            shipments: self.shipment.iter().cloned().collect(),
            origin: None,
            author: None,
        })
    }
}

/// `None` at the very beginning of the calendar.
fn in_utc(local: NaiveDateTime) -> Option<Instant> {
    local.and_utc().checked_sub_signed(Duration::hours(ZONE_HOURS))
}

/// What was promised and is not done.
pub(crate) struct StepView {
    pub interaction: String,
    pub text: String,
    pub due: String,
    pub tone: &'static str,
    pub promised: String,
}

impl StepView {
    pub fn of(ui: &Ui, row: interaction::Model, today: Day) -> Self {
        let (due, tone) = row.next_step_on.map(|due| due_words(ui, due, today)).unwrap_or_default();
        let day = format::day(Actor::day_of(row.happened_at));
        Self {
            interaction: row.id,
            text: row.next_step.unwrap_or_default(),
            due,
            tone,
            promised: ui.t2("customer-step_promised", ("who", &by(ui, &row.by_name)), ("day", &day)),
        }
    }
}

pub(crate) struct EventView {
    pub when: String,
    pub who: String,
    pub kind: String,
    pub icon: &'static str,
    pub text: String,
    pub href: String,
    /// Where the reader takes it back; empty when he may not.
    pub take_back: String,
}

impl EventView {
    /// `fresh`: interactions that the reader may take back.
    pub fn of(ui: &Ui, row: TimelineRow, fresh: &BTreeSet<String>) -> Self {
        Self {
            take_back: match fresh.contains(&row.id) {
                true => format!("/interactions/{}/take-back", row.id),
                false => String::new(),
            },
            when: when(row.at),
            who: by(ui, &row.who),
            kind: row.kind,
            icon: row.icon,
            text: row.text,
            href: row.href,
        }
    }
}

/// A time; of what is known to the day only, the day.
fn when(at: Instant) -> String {
    let time = format::time(at);
    time.strip_suffix(" 00:00").map(str::to_owned).unwrap_or(time)
}

/// The customer's own file in the reader's words.
pub(crate) struct FileView {
    pub id: String,
    pub name: String,
    pub stage: String,
    pub stage_tone: &'static str,
    pub stage_since: String,
    pub stage_review_on: String,
    pub stage_reasons: Vec<String>,
    pub owner: String,
    pub department: String,
    pub relation: String,
    pub last_contact: String,
    pub contact_due: String,
    pub contact_tone: &'static str,
    pub rhythm: String,
    pub tags: Vec<(String, String)>,
    /// Kind and text.
    pub addresses: Vec<(String, String)>,
    pub former: String,
    pub size: String,
    pub created: String,
    pub updated: String,
    pub record: Model,
}

impl FileView {
    pub fn of(ui: &Ui, file: CustomerFile, owner: String, department: String, today: Day) -> Self {
        let CustomerFile { customer, tags, addresses, .. } = file;
        let due = customer.contact_due_on.map(|due| due_words(ui, due, today));
        let (contact_due, contact_tone) = due.unwrap_or_default();
        let day = |day: Option<Day>| day.map_or_else(String::new, format::day);
        let address = |one: &crate::address::Model| (ui.t(one.kind.key()), address_line(ui, &one.draft()));
        let tag_href = |tag: &String| serde_urlencoded::to_string([("tag", tag)]).unwrap_or_default();
        let created = format::day(Actor::day_of(customer.created_at));
        Self {
            id: customer.id.clone(),
            name: customer.name.clone(),
            stage: ui.t(customer.stage.key()),
            stage_tone: customer.stage.tone(),
            stage_since: day(customer.stage_since),
            stage_review_on: day(customer.stage_review_on),
            stage_reasons: sentences(ui, &customer.stage_reason),
            owner,
            department,
            relation: ui.t(customer.relation_type.key()),
            last_contact: match customer.last_contact_at {
                Some(last) => ago(ui, Actor::day_of(last), today),
                None => ui.t("customer-never"),
            },
            contact_due,
            contact_tone,
            rhythm: customer.rhythm_days.map_or_else(String::new, |days| ui.t1("customer-every", "days", days)),
            tags: tags.iter().map(|tag| (tag.clone(), format!("/customers?{}", tag_href(tag)))).collect(),
            addresses: addresses.iter().map(address).collect(),
            former: customer.former().join(" · "),
            size: customer.size.map(|size| ui.t(size.key())).unwrap_or_default(),
            created: ui.t2("customer-created_by", ("day", &created), ("who", &by(ui, &customer.created_by))),
            updated: format::time(customer.updated_at),
            record: customer,
        }
    }
}

/// An address on one line: from the largest to the street in Chinese, the other way round in English.
pub(crate) fn address_line(ui: &Ui, address: &AddressDraft) -> String {
    let mut parts = vec![&address.country, &address.province, &address.city, &address.line];
    parts.retain(|part| !part.is_empty());
    if ui.language() != base::Language::Chinese {
        parts.reverse();
        return parts.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    }
    parts.into_iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}
