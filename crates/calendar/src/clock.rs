//! A clock that counts working time, pauses on hold and answers when it is due, what has passed and what is left.

use base::{Instant, Message};
use chrono::Duration;
use serde::{Deserialize, Serialize};

use crate::span::Span;
use crate::working_time::{Calendar, Told};

/// An amount of working time; negative when more has passed than was allowed. Stored and told in whole seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkingTime(Duration);

impl WorkingTime {
    pub fn minutes(minutes: u32) -> Self {
        Self(Duration::minutes(i64::from(minutes)))
    }

    pub fn hours(hours: u32) -> Self {
        Self(Duration::hours(i64::from(hours)))
    }

    pub fn duration(self) -> Duration {
        self.0
    }

    /// Whole minutes; what is left of one does not count.
    pub fn whole_minutes(self) -> i64 {
        self.0.num_minutes()
    }
}

impl From<Duration> for WorkingTime {
    fn from(duration: Duration) -> Self {
        Self(duration)
    }
}

impl Serialize for WorkingTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.num_seconds().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for WorkingTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = i64::deserialize(deserializer)?;
        Duration::try_seconds(seconds).map(Self).ok_or_else(|| serde::de::Error::custom("too many seconds"))
    }
}

/// Time that does not count, because we wait for somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    pub from: Instant,
    /// `None`: still on hold.
    pub until: Option<Instant>,
}

/// What has to be done within an amount of working time. Plain data that a record can keep as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    pub started: Instant,
    pub allowed: WorkingTime,
    pub holds: Vec<Hold>,
    /// When what it waits for was done.
    pub stopped: Option<Instant>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ClockState)]
pub enum State {
    Running,
    OnHold,
    Stopped,
}

/// What a clock shows at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub state: State,
    /// When the allowed time is used up, or was. `None` while it is on hold with time left, and when the hours are so
    /// short that it is not within ten years.
    pub due_at: Option<Instant>,
    pub elapsed: WorkingTime,
    /// Negative when it is over.
    pub left: WorkingTime,
    /// Years into which it runs although their holidays are not known.
    pub unknown_years: Vec<i32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("calendar-clock_on_hold")]
    OnHold,
    #[error("calendar-clock_running")]
    Running,
    #[error("calendar-clock_stopped")]
    Stopped,
}

impl base::Refusal for Refusal {
    fn message(&self) -> Message {
        Message::new(self.to_string())
    }
}

impl Clock {
    pub fn starting(now: Instant, allowed: WorkingTime) -> Self {
        Self { started: now, allowed, holds: Vec::new(), stopped: None }
    }

    pub fn state(&self) -> State {
        match (self.stopped, self.holds.last()) {
            (Some(_), _) => State::Stopped,
            (None, Some(Hold { until: None, .. })) => State::OnHold,
            (None, _) => State::Running,
        }
    }

    /// # Errors
    /// When it is on hold already, or has stopped.
    pub fn hold(mut self, now: Instant) -> Result<Self, Refusal> {
        match self.state() {
            State::Running => self.holds.push(Hold { from: now.max(self.last()), until: None }),
            State::OnHold => return Err(Refusal::OnHold),
            State::Stopped => return Err(Refusal::Stopped),
        }
        Ok(self)
    }

    /// # Errors
    /// When it is not on hold.
    pub fn resume(mut self, now: Instant) -> Result<Self, Refusal> {
        match self.state() {
            State::OnHold => self.end_hold(now),
            State::Running => return Err(Refusal::Running),
            State::Stopped => return Err(Refusal::Stopped),
        }
        Ok(self)
    }

    /// Also ends a hold.
    ///
    /// # Errors
    /// When it has stopped already.
    pub fn stop(mut self, now: Instant) -> Result<Self, Refusal> {
        if self.state() == State::Stopped {
            return Err(Refusal::Stopped);
        }
        self.end_hold(now);
        self.stopped = Some(now.max(self.last()));
        Ok(self)
    }

    /// What it shows. Earlier than its start nothing has passed, whatever the machine's clock says.
    pub fn read(&self, calendar: &Calendar, now: Instant) -> Reading {
        let holds: Vec<Span> = self
            .holds
            .iter()
            .map(|hold| Span { from: hold.from, until: hold.until.unwrap_or(Instant::MAX_UTC) })
            .collect();
        let end = self.stopped.unwrap_or(now).max(self.started);
        let passed = calendar.between(self.started, end, &holds);
        let due = calendar.after(self.started, self.allowed.0, &holds);
        let unknown = |told: &Told<_>| told.unknown_years.clone();
        let mut unknown_years = [passed.unknown_years, unknown(&due)].concat();
        unknown_years.sort_unstable();
        unknown_years.dedup();
        Reading {
            state: self.state(),
            due_at: due.answer,
            elapsed: WorkingTime(passed.answer),
            left: WorkingTime(self.allowed.0 - passed.answer),
            unknown_years,
        }
    }

    /// The last instant that it knows of: the machine's clock may have been set back since.
    fn last(&self) -> Instant {
        let held = self.holds.last().map(|hold| hold.until.unwrap_or(hold.from));
        held.unwrap_or(self.started).max(self.started)
    }

    fn end_hold(&mut self, now: Instant) {
        if let Some(hold) = self.holds.last_mut().filter(|hold| hold.until.is_none()) {
            hold.until = Some(now.max(hold.from));
        }
    }
}

impl Reading {
    pub fn is_over(&self) -> bool {
        self.left.0 < Duration::zero()
    }

    /// What to say beside the answer when holidays are not known; the same for every answer that holds a year.
    pub fn caution(&self) -> Option<Message> {
        caution(&self.unknown_years)
    }
}

/// The sentence about years whose holidays are not loaded; `None` when there are none.
pub fn caution(unknown_years: &[i32]) -> Option<Message> {
    let years: Vec<String> = unknown_years.iter().map(ToString::to_string).collect();
    (!years.is_empty()).then(|| Message::new("calendar-years_unknown").with("years", years.join(", ")))
}
