//! A complaint as a row of the table and as a card of the board.

use base::Instant;
use texts::format;
use web::Ui;

use super::excerpt;
use super::timer::{self, Calendars, Timer};
use crate::policy::Policy;
use crate::service::Listed;

/// Characters of the customer's words on a row.
const WORDS: usize = 48;

#[derive(Clone, Debug)]
pub struct RowView {
    pub id: String,
    pub number: String,
    pub customer_id: String,
    pub customer: String,
    pub words: String,
    pub category: String,
    pub severity: String,
    pub severity_tone: &'static str,
    pub status: String,
    pub status_tone: &'static str,
    pub next_step: String,
    pub owner: String,
    pub timer: Timer,
    pub legal: Option<Timer>,
    pub high_risk: bool,
    pub received: String,
}

impl RowView {
    pub fn of(ui: &Ui, listed: Listed, calendars: &Calendars, policy: &Policy, now: Instant) -> Self {
        let complaint = listed.complaint;
        let calendar = calendars.get(&complaint);
        let ours = calendar.map(|calendar| timer::ours(ui, &complaint, calendar, policy, now));
        Self {
            timer: ours.unwrap_or_default(),
            legal: calendar.and_then(|calendar| timer::legal(ui, &complaint, calendar, policy, now)),
            words: excerpt(&complaint.words, WORDS),
            category: ui.t(complaint.category.key()),
            severity: ui.t(complaint.severity.key()),
            severity_tone: complaint.severity.tone(),
            status: ui.t(complaint.status.key()),
            status_tone: complaint.status.tone(),
            next_step: complaint.next_step.map(|step| ui.t(step.key())).unwrap_or_default(),
            high_risk: complaint.high_risk_at.is_some() && complaint.status.is_open(),
            received: format::time(complaint.received_at),
            owner: listed.owner_name,
            customer: listed.customer_name,
            customer_id: complaint.customer_id.0,
            number: complaint.number,
            id: complaint.id.0,
        }
    }
}

/// A column of the board.
#[derive(Clone, Debug)]
pub struct ColumnView {
    pub title: String,
    pub count: String,
    pub rows: Vec<RowView>,
    /// Where the rest is listed; empty when all are shown.
    pub more: String,
}
