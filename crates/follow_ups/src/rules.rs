//! Decisions; they read no clock, setting or database.

use base::{Day, FieldProblem, Instant, Message};
use calendar::Calendar;
use chrono::{Datelike, Days};
use customers::interaction::Mood;

use crate::follow_up::{Kind, Model, Status, VoidReason};
use crate::forms::DoneDraft;
use crate::policy::Policy;

/// Characters of a text.
pub(crate) const LONGEST: usize = 2000;

/// Why an act is not possible now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("follow_up-not_planned")]
    NotPlanned,
}

impl base::Refusal for Refusal {
    fn message(&self) -> Message {
        Message::new(self.to_string())
    }
}

/// When to ask, and by when at the latest. `from`: the day of what made it necessary.
pub fn plan(kind: Kind, from: Day, policy: &Policy, calendar: &Calendar) -> (Day, Day) {
    let (on, latest) = match kind {
        Kind::AfterResolution => {
            let nth = |n| calendar.workday_after(from, n).answer.unwrap_or_else(|| later(from, n));
            (nth(policy.resolved_workdays), nth(policy.resolved_latest))
        }
        Kind::Revisit => (workday(later(from, policy.revisit_days), calendar), later(from, policy.revisit_latest)),
        Kind::FirstWeek => (workday(later(from, policy.first_days), calendar), later(from, policy.first_latest)),
    };
    (on, latest.max(on))
}

fn later(from: Day, days: u32) -> Day {
    from.checked_add_days(Days::new(days.into())).unwrap_or(from)
}

/// This day when work is done on it, otherwise the next one.
fn workday(day: Day, calendar: &Calendar) -> Day {
    let before = day.pred_opt().unwrap_or(day);
    calendar.workday_after(before, 1).answer.unwrap_or(day)
}

/// The next try after nobody was reached.
pub fn next_try(today: Day, calendar: &Calendar) -> Day {
    workday(later(today, 1), calendar)
}

/// Planned ones by their day, everything else the newest first.
pub fn list_order(status: Status, planned_on: Day, done_at: Option<Instant>) -> i64 {
    match (status, done_at) {
        (Status::Planned, _) | (_, None) => i64::from(planned_on.num_days_from_ce()),
        (_, Some(at)) => -at.timestamp_micros(),
    }
}

/// # Errors
/// When somebody has done or skipped it already, or it is void.
pub fn may_do(follow_up: &Model) -> Result<(), Refusal> {
    if follow_up.status == Status::Planned { Ok(()) } else { Err(Refusal::NotPlanned) }
}

/// Whether something must follow from what he said.
pub fn is_unhappy(mood: Option<Mood>, satisfied: Option<i64>) -> bool {
    mood == Some(Mood::Annoyed) || satisfied.is_some_and(|satisfied| satisfied <= 2)
}

/// Why a follow-up of a complaint is void; `None` while it stands.
pub fn void_reason(follow_up: &Model, complaint: &complaints::complaint::Model) -> Option<VoidReason> {
    use complaints::words::Status as Stands;
    match complaint.status {
        Stands::Merged => Some(VoidReason::Merged),
        Stands::Resolved | Stands::Closed if complaint.round == follow_up.round => None,
        _ => Some(VoidReason::Reopened),
    }
}

/// Everything that is wrong with what somebody says he did, by field.
pub fn problems(kind: Kind, draft: &DoneDraft) -> Vec<FieldProblem> {
    let mut problems: Vec<_> = text_problem("result", &draft.result).into_iter().collect();
    problems.extend(too_long("remark", &draft.remark));
    if draft.satisfied.is_some_and(|satisfied| !(1..=5).contains(&satisfied)) {
        problems.push(wrong("satisfied", "follow_up-satisfied_range"));
    }
    let known = kind.questions().map(|question| question.word());
    for (question, answer) in &draft.answers {
        match known.contains(&question.as_str()) {
            true => problems.extend(too_long(question, answer)),
            false => problems.push(wrong("answers", "follow_up-question_unknown")),
        }
    }
    match (draft.next_step.trim().is_empty(), draft.next_step_on) {
        (false, None) => problems.push(wrong("next_step_on", "follow_up-step_day_missing")),
        (true, Some(_)) => problems.push(wrong("next_step", "follow_up-step_missing")),
        _ => {}
    }
    problems
}

/// What a text that must be there lacks.
pub fn text_problem(field: &str, text: &str) -> Option<FieldProblem> {
    match text.trim().is_empty() {
        true => Some(wrong(field, "follow_up-text_missing")),
        false => too_long(field, text),
    }
}

fn too_long(field: &str, text: &str) -> Option<FieldProblem> {
    if text.contains('\0') {
        return Some(wrong(field, "error-nul"));
    }
    let long = || FieldProblem::new(field, Message::new("follow_up-text_long").with("most", LONGEST));
    (text.chars().count() > LONGEST).then(long)
}

fn wrong(field: &str, key: &str) -> FieldProblem {
    FieldProblem::new(field, Message::new(key))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::Arc;

    use calendar::SpecialDays;
    use calendar::day::DayKind;
    use calendar::rules::{ZONE, office_hours};

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    /// With Tuesday, 24 November 2026 as a holiday and Saturday, the 28th, as its make-up workday.
    fn office() -> Calendar {
        let kinds = [(day("2026-11-24"), DayKind::Holiday), (day("2026-11-28"), DayKind::MakeUp)];
        let special = SpecialDays { kinds: BTreeMap::from(kinds), loaded: BTreeSet::from([2026]) };
        Calendar::new(office_hours(), ZONE, Arc::new(special))
    }

    fn planned(kind: Kind, from: &str) -> (String, String) {
        let (on, latest) = plan(kind, day(from), &Policy::default(), &office());
        (on.to_string(), latest.to_string())
    }

    fn pair(on: &str, latest: &str) -> (String, String) {
        (on.into(), latest.into())
    }

    #[test]
    fn two_workdays_after_a_friday_skip_the_weekend_and_the_holiday() {
        // Monday is the first, Wednesday the second, Thursday the third.
        assert_eq!(planned(Kind::AfterResolution, "2026-11-20"), pair("2026-11-25", "2026-11-26"));
        // The make-up Saturday counts.
        assert_eq!(planned(Kind::AfterResolution, "2026-11-26"), pair("2026-11-28", "2026-11-30"));
    }

    #[test]
    fn a_revisit_that_falls_on_a_free_day_moves_to_the_next_workday() {
        assert_eq!(planned(Kind::Revisit, "2026-10-25"), pair("2026-11-25", "2026-12-24"));
        assert_eq!(planned(Kind::Revisit, "2026-10-29"), pair("2026-11-28", "2026-12-28"));
        assert_eq!(planned(Kind::FirstWeek, "2026-11-15"), pair("2026-11-23", "2026-12-15"));
    }

    #[test]
    fn the_latest_day_is_never_before_the_planned_one() {
        let hasty = Policy { revisit_days: 60, revisit_latest: 10, ..Policy::default() };
        let (on, latest) = plan(Kind::Revisit, day("2026-11-23"), &hasty, &office());
        assert_eq!((on.to_string(), latest), ("2027-01-22".into(), on));
    }

    #[test]
    fn whoever_was_not_reached_is_called_on_the_next_workday() {
        assert_eq!(next_try(day("2026-11-23"), &office()), day("2026-11-25"));
        assert_eq!(next_try(day("2026-11-27"), &office()), day("2026-11-28"));
    }

    #[test]
    fn annoyed_or_two_points_and_less_is_unhappy() {
        let told = [(Some(Mood::Annoyed), Some(5)), (None, Some(2)), (Some(Mood::Neutral), Some(3)), (None, None)];
        assert_eq!(told.map(|(mood, satisfied)| is_unhappy(mood, satisfied)), [true, true, false, false]);
    }
}
