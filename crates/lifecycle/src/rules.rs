use base::{Day, Message};
use chrono::{Datelike, Days, Months};

use crate::{ByHand, Move, Policy, Stage, Standing};

/// The relationship stage on the as-of day.
///
/// `shipment_days` holds one day a shipment, in any order. Days after the as-of day do not count, nor does a stage
/// given by hand for a later day; both are only seen by `review_on`. Once a shipment counts, a stage given by hand does not.
///
/// - 1 shipment: first-time; 2 or more: repeat.
/// - Loyal: `Policy::loyal_shipments` shipments in `loyal_months` of the last `loyal_window_months` calendar months,
///   the as-of day's month being the last of them.
/// - Lost: silent for more days than both `lost_after_days` and `lost_after_gaps` times the median gap between the
///   distinct shipment days. A shipment after that wins the customer back: he is repeat or loyal again.
pub fn stage(shipment_days: &[Day], by_hand: Option<&ByHand>, policy: &Policy, as_of: Day) -> Standing {
    let mut days = shipment_days.to_vec();
    days.sort_unstable();
    let history = History { days: &days, by_hand, policy };
    let now = history.standing(as_of);
    let review_on = history.changes_after(as_of).into_iter().find(|day| history.standing(*day) != now);
    Standing { review_on, ..now }
}

/// Every change of stage after one day and up to another, oldest first; like `stage`, whatever order the days come in.
pub fn moves(shipment_days: &[Day], by_hand: Option<&ByHand>, policy: &Policy, after: Day, until: Day) -> Vec<Move> {
    let mut days = shipment_days.to_vec();
    days.sort_unstable();
    let history = History { days: &days, by_hand, policy };
    let mut moves = Vec::new();
    let mut from = history.stage_at(after);
    for on in history.changes_between(after, until) {
        let to = history.stage_at(on);
        if to != from {
            moves.push(Move { on, from, to });
        }
        from = to;
    }
    moves
}

/// All that is known of one customer; days are sorted.
struct History<'a> {
    days: &'a [Day],
    by_hand: Option<&'a ByHand>,
    policy: &'a Policy,
}

impl History<'_> {
    /// The answer without its review day.
    fn standing(&self, on: Day) -> Standing {
        let Some(last) = self.known(on).last().copied() else {
            return self.judged(on);
        };
        let stage = self.stage_on(on);
        let (since, before) = self.began(stage, on);
        let mut reasons = vec![self.reason(stage, on, last)];
        if before == Some(Stage::Lost) {
            reasons.push(Message::new("lifecycle-reason-won_back").with("on", since));
        }
        Standing { stage, since: Some(since), reasons, review_on: None }
    }

    /// Without a shipment a person decides.
    fn judged(&self, on: Day) -> Standing {
        match self.by_hand.filter(|by_hand| by_hand.since <= on) {
            Some(by_hand) => Standing {
                stage: by_hand.stage.into(),
                since: Some(by_hand.since),
                reasons: vec![Message::new("lifecycle-reason-by_hand").with("reason", &by_hand.reason)],
                review_on: None,
            },
            None => Standing {
                stage: Stage::Prospect,
                since: None,
                reasons: vec![customers::rules::not_judged()],
                review_on: None,
            },
        }
    }

    fn stage_at(&self, on: Day) -> Stage {
        match self.known(on) {
            [] => self.judged(on).stage,
            _ => self.stage_on(on),
        }
    }

    fn reason(&self, stage: Stage, on: Day, last: Day) -> Message {
        let known = self.known(on);
        match stage {
            Stage::Lost => {
                Message::new("lifecycle-reason-lost").with("last", last).with("days", silence_limit(known, self.policy))
            }
            Stage::Loyal => {
                let (shipments, months) = self.recent(on);
                Message::new("lifecycle-reason-loyal")
                    .with("shipments", shipments)
                    .with("months", months)
                    .with("window", self.policy.loyal_window_months)
            }
            Stage::FirstTime => Message::new("lifecycle-reason-first_time").with("on", last),
            _ => Message::new("lifecycle-reason-repeat").with("shipments", known.len()).with("last", last),
        }
    }

    /// The shipment days up to this day.
    fn known(&self, on: Day) -> &[Day] {
        &self.days[..self.days.partition_point(|day| *day <= on)]
    }

    /// The stage from shipments alone; there is at least one by then.
    fn stage_on(&self, on: Day) -> Stage {
        let known = self.known(on);
        if known.last().is_some_and(|last| self.lost_by(*last, on).is_some()) {
            return Stage::Lost;
        }
        if known.len() < 2 {
            return Stage::FirstTime;
        }
        let (shipments, months) = self.recent(on);
        match shipments >= self.policy.loyal_shipments as usize && months >= self.policy.loyal_months {
            true => Stage::Loyal,
            false => Stage::Repeat,
        }
    }

    /// Shipments in the window of months that ends with this day, and how many of the months have one.
    fn recent(&self, on: Day) -> (usize, u32) {
        let known = self.known(on);
        let month = first_of_month(on);
        let mut end = known.len();
        let (mut shipments, mut months) = (0, 0);
        for back in 0..self.policy.loyal_window_months {
            let Some(from) = month.checked_sub_months(Months::new(back)) else {
                break;
            };
            let start = known[..end].partition_point(|day| *day < from);
            shipments += end - start;
            months += u32::from(end > start);
            end = start;
        }
        (shipments, months)
    }

    /// The first day of the unbroken run of this stage that reaches `on`, and the stage before it.
    fn began(&self, stage: Stage, on: Day) -> (Day, Option<Stage>) {
        let mut since = on;
        let mut end = on;
        while let Some(last) = self.known(end).last().copied() {
            let mut changes = self.changes_within(last, end);
            changes.push(last);
            changes.sort_unstable();
            for day in changes.into_iter().rev() {
                let then = self.stage_on(day);
                if then != stage {
                    return (since, Some(then));
                }
                since = day;
            }
            let Some(before) = last.pred_opt() else {
                break;
            };
            end = before;
        }
        (since, None)
    }

    /// The days after the shipment day `last` and not after `until` on which the stage can change without a shipment.
    fn changes_within(&self, last: Day, until: Day) -> Vec<Day> {
        let lost = self.lost_by(last, until);
        // After the window has passed, nothing is left to fall out of it.
        let months = self.policy.loyal_window_months + 1;
        let mut changes: Vec<Day> = months_after(last, months).take_while(|day| *day <= until).collect();
        changes.extend(lost);
        changes
    }

    /// The days after `after` and not after `until` on which the stage can change, in order.
    fn changes_between(&self, after: Day, until: Day) -> Vec<Day> {
        let mut changes: Vec<Day> = self.by_hand.iter().map(|by_hand| by_hand.since).collect();
        let counted = self.known(until);
        let first = self.known(after).len().saturating_sub(1);
        for (at, last) in counted.iter().enumerate().skip(first) {
            // The next shipment ends what silence could do.
            let end = counted.get(at + 1).copied().unwrap_or(until);
            changes.push(*last);
            changes.extend(self.changes_within(*last, end));
        }
        changes.retain(|day| *day > after && *day <= until);
        changes.sort_unstable();
        changes.dedup();
        changes
    }

    /// The day on which silence since the shipment day `last` became a loss, when that was by `until`.
    fn lost_by(&self, last: Day, until: Day) -> Option<Day> {
        // Within the least silence nobody can be lost: spares the median in all the short gaps.
        match days_between(last, until) > u64::from(self.policy.lost_after_days) {
            true => lost_on(self.known(last), self.policy).filter(|day| *day <= until),
            false => None,
        }
    }

    /// The days after `on` on which the answer can change with what is known now, in order.
    fn changes_after(&self, on: Day) -> Vec<Day> {
        let next_shipment = self.days.get(self.known(on).len()).copied();
        let judged = self.by_hand.map(|by_hand| by_hand.since);
        let lost = lost_on(self.known(on), self.policy);
        let mut changes: Vec<Day> = months_after(on, self.policy.loyal_window_months + 1).collect();
        changes.extend([next_shipment, judged, lost].into_iter().flatten().filter(|day| *day > on));
        changes.sort_unstable();
        changes
    }
}

/// The first day on which the silence after the last of these days is too long; `None` when that is beyond the calendar.
fn lost_on(known: &[Day], policy: &Policy) -> Option<Day> {
    known.last()?.checked_add_days(Days::new(silence_limit(known, policy) + 1))
}

/// The longest silence in whole days that does not yet mean lost.
fn silence_limit(known: &[Day], policy: &Policy) -> u64 {
    let mut distinct = known.to_vec();
    distinct.dedup();
    let mut gaps: Vec<u64> = distinct.windows(2).map(|pair| days_between(pair[0], pair[1])).collect();
    gaps.sort_unstable();
    // Twice the median, so that the mean of the two middle gaps stays whole.
    let median_twice = match gaps.len() {
        0 => 0,
        count if count % 2 == 1 => 2 * gaps[count / 2],
        count => gaps[count / 2 - 1] + gaps[count / 2],
    };
    u64::from(policy.lost_after_days).max(u64::from(policy.lost_after_gaps) * median_twice / 2)
}

fn days_between(from: Day, to: Day) -> u64 {
    u64::try_from((to - from).num_days()).unwrap_or(0)
}

fn first_of_month(day: Day) -> Day {
    day.with_day(1).unwrap_or(day)
}

/// The first days of the months after this day's.
fn months_after(day: Day, months: u32) -> impl Iterator<Item = Day> {
    let month = first_of_month(day);
    (1..=months).map_while(move |ahead| month.checked_add_months(Months::new(ahead)))
}
