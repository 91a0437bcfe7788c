//! Timers in words.

use std::collections::{BTreeMap, BTreeSet};

use base::{DepartmentId, Error, Instant};
use calendar::words::working_time;
use calendar::{Calendar, WorkingTime};
use sea_orm::ConnectionTrait;
use web::Ui;

use crate::clocks;
use crate::complaint::Model;
use crate::policy::Policy;
use crate::store::people;
use crate::words::Status;

/// What a clock says, and how bad that is.
#[derive(Clone, Debug, Default)]
pub struct Timer {
    pub words: String,
    pub tone: &'static str,
}

/// The calendars of the departments of a list.
#[derive(Debug)]
pub struct Calendars(BTreeMap<DepartmentId, Calendar>);

impl Calendars {
    /// # Errors
    /// When the database does not answer.
    pub async fn of(db: &impl ConnectionTrait, departments: BTreeSet<DepartmentId>) -> Result<Self, Error> {
        let mut all = BTreeMap::new();
        for department in departments {
            let calendar = people::calendar(db, &department).await?;
            all.insert(department, calendar);
        }
        Ok(Self(all))
    }

    pub fn get(&self, complaint: &Model) -> Option<&Calendar> {
        self.0.get(&complaint.department_id)
    }
}

/// What is due first, in working time.
pub fn ours(ui: &Ui, complaint: &Model, calendar: &Calendar, policy: &Policy, now: Instant) -> Timer {
    let plain = |key: &str, tone| Timer { words: ui.t(key), tone };
    match (complaint.status, clocks::due(complaint)) {
        (Status::OnHold, _) => plain("complaint-timer-held", "neutral"),
        (Status::Resolved, _) => plain("complaint-timer-unconfirmed", "info"),
        (Status::Closed | Status::Merged, _) => Timer { words: String::new(), tone: "neutral" },
        (_, None) => plain("complaint-timer-far", "neutral"),
        (status, Some(due)) => {
            let response = status == Status::Waiting && complaint.response_due == Some(due);
            running(ui, calendar, policy, now, due, response)
        }
    }
}

fn running(ui: &Ui, calendar: &Calendar, policy: &Policy, now: Instant, due: Instant, response: bool) -> Timer {
    let over = now >= due;
    let (from, until) = if over { (due, now) } else { (now, due) };
    let time = WorkingTime::from(calendar.between(from, until, &[]).answer);
    let key = match (response, over) {
        (true, false) => "complaint-timer-response_left",
        (true, true) => "complaint-timer-response_over",
        (false, false) => "complaint-timer-resolution_left",
        (false, true) => "complaint-timer-resolution_over",
    };
    let soon = time.whole_minutes() <= i64::from(policy.soon_minutes);
    let tone = match (over, soon) {
        (true, _) => "risk",
        (false, true) => "warn",
        (false, false) => "neutral",
    };
    Timer { words: ui.t1(key, "time", working_time(ui, time)), tone }
}

/// The law's day; `None` when the law gives none, or it is answered.
pub fn legal(ui: &Ui, complaint: &Model, calendar: &Calendar, policy: &Policy, now: Instant) -> Option<Timer> {
    let read = clocks::legal(complaint, calendar, policy, now)?;
    if complaint.resolved_at.is_some() || !complaint.status.is_open() {
        return None;
    }
    let tone = if read.day >= policy.legal_red_day { "risk" } else { "neutral" };
    let words = match read.is_over() {
        true => ui.t("complaint-timer-legal_over"),
        false => {
            ui.t2("complaint-timer-legal", ("day", &read.day.to_string()), ("last", &texts::format::day(read.last_day)))
        }
    };
    Some(Timer { words, tone })
}
