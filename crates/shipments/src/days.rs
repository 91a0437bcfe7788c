//! The days of a shipment, from all that is known of it; every door asks here. Pure.

use base::{Actor, Day, FieldProblem, Instant, Message};
use chrono::NaiveTime;

use crate::words::MilestoneKind;
use crate::{line, milestone, rules, shipment};

/// The day that counts: booked; otherwise the first day on which something happened to it, by its milestones or by the
/// delivery of a line; otherwise the first promise; otherwise the day it became known.
pub fn shipped_on<'a>(
    shipment: &shipment::Model,
    lines: impl IntoIterator<Item = &'a line::Model>,
    milestones: &[milestone::Model],
) -> Day {
    if let Some(booked) = shipment.booked_on {
        return booked;
    }
    let reached = milestones.iter().filter_map(|milestone| milestone.actual_at).map(Actor::day_of).min();
    let (mut delivered, mut promised) = (None, None);
    for line in lines {
        delivered = first(delivered, line.delivered_on);
        promised = first(promised, line.promised_on);
    }
    first(reached, delivered).or(promised).unwrap_or_else(|| Actor::day_of(shipment.created_at))
}

fn first(one: Option<Day>, other: Option<Day>) -> Option<Day> {
    [one, other].into_iter().flatten().min()
}

/// A day, and the time of day where it is known.
type When = (Option<Day>, Option<Instant>);

/// What the milestone `signed` says of every line that does not say it itself: planned is promised, actual is
/// delivered. What a line says itself wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signed {
    promised: When,
    delivered: When,
}

impl Signed {
    pub fn of(milestones: &[milestone::Model]) -> Self {
        let signed = milestones.iter().find(|milestone| milestone.kind == MilestoneKind::Signed);
        let [planned, actual] = signed
            .map_or([None, None], |signed| [signed.planned_at, signed.actual_at])
            .map(|at| at.map_or((None, None), when));
        Self { promised: planned, delivered: actual }
    }

    /// The line with only what it says itself. A day that is the milestone's counts as the milestone's and goes along
    /// when that is corrected.
    pub fn without(&self, mut line: line::Model) -> line::Model {
        if (line.promised_on, line.promised_at) == self.promised {
            (line.promised_on, line.promised_at) = (None, None);
        }
        if (line.delivered_on, line.delivered_at) == self.delivered {
            (line.delivered_on, line.delivered_at) = (None, None);
        }
        line
    }

    /// The line with what it does not say itself, and with the verdicts that follow.
    pub fn with(&self, mut line: line::Model) -> line::Model {
        if line.promised_on.is_none() {
            (line.promised_on, line.promised_at) = self.promised;
        }
        if line.delivered_on.is_none() {
            (line.delivered_on, line.delivered_at) = self.delivered;
        }
        rules::judged(line)
    }
}

/// Midnight of the firm's zone is a day without a time: milestones keep nothing but instants.
fn when(at: Instant) -> When {
    let midnight = at.checked_add_signed(rules::FIRM_ZONE).is_none_or(|local| local.time() == NaiveTime::MIN);
    (Some(Actor::day_of(at)), (!midnight).then_some(at))
}

/// What has happened cannot lie behind tomorrow; one day is left for clocks in other zones. Of a day that is not even
/// possible that is enough.
pub fn not_yet(field: &str, day: Option<Day>, today: Day) -> Option<FieldProblem> {
    let (day, tomorrow) = (day?, today.succ_opt()?);
    (day > tomorrow && rules::is_possible(day))
        .then(|| FieldProblem::new(field, Message::new("shipment-not_yet").with("day", day).with("latest", tomorrow)))
}

/// When it was ordered: the day of booking, otherwise that of the milestone.
pub fn booked(shipment: &shipment::Model, milestones: &[milestone::Model]) -> Option<Day> {
    let milestone = || milestones.iter().find(|milestone| milestone.kind == MilestoneKind::Booked)?.actual_at;
    shipment.booked_on.or_else(|| milestone().map(Actor::day_of))
}

/// Nothing arrives before it was ordered.
pub fn before_booked(field: &str, delivered: Option<Day>, booked: Option<Day>) -> Option<FieldProblem> {
    let (delivered, booked) = (delivered?, booked?);
    (delivered < booked).then(|| {
        let message = Message::new("shipment-delivered_before_booked");
        FieldProblem::new(field, message.with("delivered", delivered).with("booked", booked))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::{empty_line, steps};

    fn at(text: &str) -> Option<Instant> {
        text.parse().ok()
    }

    fn signed(planned: Option<Instant>, actual: Option<Instant>) -> Signed {
        let empty = steps::empty("s", MilestoneKind::Signed);
        Signed::of(&[milestone::Model { planned_at: planned, actual_at: actual, ..empty }])
    }

    #[test]
    fn what_a_line_says_itself_wins_over_the_milestone_and_the_rest_comes_from_it() {
        let promised = Day::from_ymd_opt(2025, 3, 4);
        let line = line::Model { promised_on: promised, ..empty_line("s", "1", &base::CustomerId("c".into())) };
        // Midnight of 5 March in China; 10:00 on the sixth.
        let both = signed(at("2025-03-04T16:00:00Z"), at("2025-03-06T02:00:00Z"));
        let settled = both.with(line.clone());
        assert_eq!((settled.promised_on, settled.promised_at), (promised, None));
        assert_eq!(
            (settled.delivered_on, settled.delivered_at),
            (Day::from_ymd_opt(2025, 3, 6), at("2025-03-06T02:00:00Z"))
        );
        assert_eq!(both.without(settled.clone()).delivered_on, None);
        assert_eq!(both.without(settled).promised_on, promised);
        let none = line::Model { promised_on: None, ..line };
        assert_eq!(both.with(none.clone()).promised_at, None, "midnight is a day without a time");
        assert_eq!(rules::judged(both.without(both.with(none.clone()))), none, "nothing of the milestone is left");
    }
}
