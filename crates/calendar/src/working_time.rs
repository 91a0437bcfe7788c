//! How much work is done between two instants, and when so much of it has been done. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::{Day, Instant};
use chrono::{Datelike, Days, Duration};
use chrono_tz::Tz;

use crate::day::DayKind;
use crate::span::{Span, spans_of, wall_clock};
use crate::window::{Hours, Window};

/// How far a question about time looks, in days: ten years. Hours so short that nothing ends within them end never.
const FARTHEST: u64 = 3660;
/// A window lasts at most a day and no zone is more than 14 hours from Greenwich: what begins three days later by the
/// calendar begins later.
const AHEAD: u64 = 3;

/// Holidays and make-up workdays, and the years of which all are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpecialDays {
    pub kinds: BTreeMap<Day, DayKind>,
    pub loaded: BTreeSet<i32>,
}

/// Whose clocks count by these hours: the firm's or a department's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    hours: Hours,
    zone: Tz,
    special: Arc<SpecialDays>,
}

/// An answer, and the years into which the question ran although their holidays are not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<T> {
    pub answer: T,
    /// In these every day counted by its weekday. Empty when all was known, or makes no difference.
    pub unknown_years: Vec<i32>,
}

impl Calendar {
    pub fn new(hours: Hours, zone: Tz, special: Arc<SpecialDays>) -> Self {
        Self { hours, zone, special }
    }

    pub fn hours(&self) -> &Hours {
        &self.hours
    }

    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The day that the wall clock shows at an instant.
    pub fn day_of(&self, instant: Instant) -> Day {
        wall_clock(self.zone, instant).date()
    }

    pub fn kind_of(&self, day: Day) -> Option<DayKind> {
        self.special.kinds.get(&day).copied()
    }

    /// Those that open on this day.
    pub fn windows_on(&self, day: Day) -> &[Window] {
        match self.kind_of(day) {
            Some(DayKind::Holiday) => &self.hours.holiday,
            Some(DayKind::MakeUp) => &self.hours.make_up,
            None => self.hours.on(day.weekday()),
        }
    }

    /// Whether work is done at this instant.
    pub fn is_open(&self, instant: Instant) -> bool {
        self.from(instant).next().is_some_and(|span| span.from <= instant)
    }

    /// When work is done next: now, or when the next window opens. `None` when none does within ten years.
    pub fn opens(&self, instant: Instant) -> Told<Option<Instant>> {
        let next = self.from(instant).next().map(|span| span.from.max(instant));
        self.told(next, instant, next)
    }

    /// The working time from one instant to another, without that of the holds; none when the other is before the one.
    pub fn between(&self, from: Instant, until: Instant, holds: &[Span]) -> Told<Duration> {
        let within = Span { from, until };
        let spans = self.from(from).take_while(|span| span.from < until).filter_map(|span| span.within(within));
        let worked =
            spans.flat_map(|span| without(span, holds)).fold(Duration::zero(), |sum, span| sum + span.length());
        self.told(worked, from, (from < until).then_some(until))
    }

    /// The first instant by which so much working time has passed since `from`, without that of the holds. `None` when
    /// that is not within ten years.
    pub fn after(&self, from: Instant, need: Duration, holds: &[Span]) -> Told<Option<Instant>> {
        if need <= Duration::zero() {
            return self.told(Some(from), from, None);
        }
        let always = Span { from, until: Instant::MAX_UTC };
        let mut left = need;
        // Nobody waits for the end of a hold that has none.
        let endless = holds.iter().filter(|hold| hold.until == Instant::MAX_UTC).map(|hold| hold.from).min();
        let spans = self.from(from).take_while(|span| endless.is_none_or(|endless| span.from < endless));
        let spans = spans.filter_map(|span| span.within(always));
        for span in spans.flat_map(|span| without(span, holds)) {
            if left <= span.length() {
                let due = span.from + left;
                return self.told(Some(due), from, Some(due));
            }
            left -= span.length();
        }
        self.told(None, from, None)
    }

    /// The n-th day after this one on which a window opens. `None` when it is not within ten years.
    pub fn workday_after(&self, day: Day, n: u32) -> Told<Option<Day>> {
        let later = days_from(day).skip(1);
        let found = match n {
            0 => Some(day),
            n => later.filter(|day| !self.windows_on(*day).is_empty()).nth(n as usize - 1),
        };
        Told { unknown_years: self.unknown(day, found.unwrap_or(day)), answer: found }
    }

    /// All working time that is not over at this instant, in order, none of it twice.
    fn from(&self, instant: Instant) -> impl Iterator<Item = Span> + '_ {
        let first = self.day_of(instant);
        let first = first.checked_sub_days(Days::new(AHEAD)).unwrap_or(first);
        let walk = Walk { calendar: self, days: Box::new(days_from(first)), reached: first, waiting: BTreeSet::new() };
        Once { spans: walk, told: Instant::MIN_UTC }.filter(move |span| span.until > instant)
    }

    fn told<T>(&self, answer: T, from: Instant, until: Option<Instant>) -> Told<T> {
        let (first, last) = (self.day_of(from), until.map_or(self.day_of(from), |until| self.day_of(until)));
        Told { answer, unknown_years: self.unknown(first, last) }
    }

    fn unknown(&self, first: Day, last: Day) -> Vec<i32> {
        match self.hours.heed_holidays() {
            true => (first.year()..=last.year()).filter(|year| !self.special.loaded.contains(year)).collect(),
            false => Vec::new(),
        }
    }
}

fn days_from(day: Day) -> impl Iterator<Item = Day> {
    day.iter_days().take(FARTHEST as usize)
}

/// What is left of a span when the holds are taken out, in order.
fn without(span: Span, holds: &[Span]) -> Vec<Span> {
    let mut left = vec![span];
    for hold in holds.iter().filter(|hold| hold.from < hold.until) {
        let before = |span: &Span| Span { from: span.from, until: span.until.min(hold.from) };
        let after = |span: &Span| Span { from: span.from.max(hold.until), until: span.until };
        left = left.iter().flat_map(|span| [before(span), after(span)]).filter(|span| span.from < span.until).collect();
    }
    left
}

/// The spans of all windows in the order in which they begin.
struct Walk<'a> {
    calendar: &'a Calendar,
    days: Box<dyn Iterator<Item = Day>>,
    reached: Day,
    waiting: BTreeSet<Span>,
}

impl Iterator for Walk<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        loop {
            let first = self.waiting.first().copied();
            // Nothing of the days that are still to come can begin before it.
            let settled = first.is_some_and(|first| {
                self.reached.signed_duration_since(first.from.date_naive()).num_days() >= AHEAD as i64
            });
            match if settled { None } else { self.days.next() } {
                Some(day) => {
                    self.reached = day;
                    let windows = self.calendar.windows_on(day);
                    self.waiting.extend(windows.iter().flat_map(|window| spans_of(self.calendar.zone, day, *window)));
                }
                None => return self.waiting.pop_first(),
            }
        }
    }
}

/// The same time, none of it twice.
struct Once<I> {
    spans: I,
    /// All before it has been told.
    told: Instant,
}

impl<I: Iterator<Item = Span>> Iterator for Once<I> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        for span in self.spans.by_ref() {
            let rest = span.within(Span { from: self.told, until: Instant::MAX_UTC });
            self.told = self.told.max(span.until);
            if rest.is_some() {
                return rest;
            }
        }
        None
    }
}
