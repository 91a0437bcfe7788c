//! What may be stored: hours without contradictions, years told by a file, days set by hand. Pure.

use std::collections::BTreeMap;

use base::{Day, FieldProblem, Message};
use chrono::Datelike;
use chrono_tz::Tz;

use crate::day::{DayKind, Model, Origin};
use crate::file::{Reading, Row};
use crate::window::{DAY, Hours, Window, windows};

/// Of a line of hours.
const MOST_WINDOWS: usize = 12;
/// Of the text of a line of hours, in characters.
const LINE_CHARS: usize = 300;
/// Years that somebody may load: those of our clocks and of the lunar dates.
pub const YEARS: std::ops::RangeInclusive<i32> = 1901..=2099;
/// Until somebody says otherwise.
pub const ZONE: Tz = Tz::Asia__Shanghai;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The file says nothing of the year that it was chosen for.
    #[error("calendar-year_without_holidays")]
    YearWithoutHolidays(i32),
    /// Some lines cannot be taken; half a year would make clocks wrong in silence.
    #[error("calendar-lines_refused")]
    LinesRefused,
    /// No clock could ever end.
    #[error("calendar-no_working_time")]
    NoWorkingTime,
}

impl base::Refusal for Refusal {
    fn message(&self) -> Message {
        match self {
            Refusal::YearWithoutHolidays(year) => Message::new(self.to_string()).with("year", year),
            Refusal::LinesRefused | Refusal::NoWorkingTime => Message::new(self.to_string()),
        }
    }
}

/// What holds until somebody says otherwise: an office week, closed on holidays.
pub fn office_hours() -> Hours {
    let office = windows("09:00-12:00, 13:30-18:00").unwrap_or_default();
    Hours::of_lines(std::array::from_fn(|line| if line < 5 || line == 8 { office.clone() } else { Vec::new() }))
}

/// Hours from lines of text, each named as in `Hours::NAMES`.
///
/// # Errors
/// The problems, by the name of their line.
pub fn hours_of(lines: &[String; 9]) -> Result<Hours, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut read: [Vec<Window>; 9] = Default::default();
    for (at, line) in lines.iter().enumerate() {
        let long = line.chars().count() > LINE_CHARS;
        let told = if long { Err(Message::new("calendar-line_long").with("most", LINE_CHARS)) } else { line_of(line) };
        match told {
            Ok(windows) => read[at] = windows,
            Err(why) => problems.push(FieldProblem::new(Hours::NAMES[at], why)),
        }
    }
    let hours = Hours::of_lines(read);
    problems.extend(
        hours_problems(&hours)
            .into_iter()
            .filter(|new| problems.iter().all(|old| old.field != new.field))
            .collect::<Vec<_>>(),
    );
    match problems.is_empty() {
        true => Ok(hours),
        false => Err(problems),
    }
}

fn line_of(line: &str) -> Result<Vec<Window>, Message> {
    windows(line).map_err(|problem| Message::new(problem.to_string()))
}

/// Windows that overlap, within a day or with the night before.
pub fn hours_problems(hours: &Hours) -> Vec<FieldProblem> {
    let lines = hours.lines();
    let mut problems = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let mut sorted = line.to_vec();
        sorted.sort_unstable();
        // The week goes round; a holiday or a make-up workday may follow any day.
        let night = (at < 7).then(|| lines[(at + 6) % 7].iter().map(|window| window.closes()).max()).flatten();
        let night = night.and_then(|closes| closes.checked_sub(DAY)).unwrap_or(0);
        let overlap = sorted.windows(2).any(|pair| pair[1].opens() < pair[0].closes());
        let problem = match sorted.first() {
            _ if sorted.len() > MOST_WINDOWS => Message::new("calendar-windows_many").with("most", MOST_WINDOWS),
            _ if overlap => Message::new("calendar-windows_overlap"),
            Some(first) if first.opens() < night => Message::new("calendar-night_overlaps"),
            _ => continue,
        };
        problems.push(FieldProblem::new(Hours::NAMES[at], problem));
    }
    problems
}

/// # Errors
/// `NoWorkingTime` when no ordinary day of the week has a window.
pub fn has_working_time(hours: &Hours) -> Result<(), Refusal> {
    match hours.lines().iter().take(7).any(|line| !line.is_empty()) {
        true => Ok(()),
        false => Err(Refusal::NoWorkingTime),
    }
}

/// # Errors
/// The problem of the field `zone`.
pub fn zone_of(name: &str) -> Result<Tz, FieldProblem> {
    name.trim().parse().map_err(|_| FieldProblem::new("zone", Message::new("calendar-zone_unknown")))
}

/// What taking a file for a year would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub added: Vec<Row>,
    /// As it is, and as the file has it.
    pub changed: Vec<(Model, Row)>,
    /// Told by an earlier file and by this one no more.
    pub removed: Vec<Model>,
    /// Set by somebody; the file says otherwise, and the day stays as it is.
    pub kept: Vec<(Model, Row)>,
    pub unchanged: usize,
    /// Days of other years, which are left as they are.
    pub left_out: usize,
}

/// `stored`: the days of the year and of the December before.
///
/// # Errors
/// `LinesRefused`, or `YearWithoutHolidays`.
pub fn plan(year: i32, reading: &Reading, stored: &[Model]) -> Result<Plan, Refusal> {
    if !reading.refused.is_empty() {
        return Err(Refusal::LinesRefused);
    }
    let told = reading.rows.values().filter(|row| row.day.year() == year);
    if !told.into_iter().any(|row| row.kind == DayKind::Holiday) {
        return Err(Refusal::YearWithoutHolidays(year));
    }
    let known: BTreeMap<Day, &Model> = stored.iter().map(|day| (day.day, day)).collect();
    let mut plan = Plan::default();
    for row in reading.rows.values() {
        match known.get(&row.day) {
            _ if !belongs(row.day, year) => plan.left_out += 1,
            None => plan.added.push(row.clone()),
            Some(day) if same(day, row) => plan.unchanged += 1,
            Some(day) if day.origin == Origin::Hand => plan.kept.push(((*day).clone(), row.clone())),
            Some(day) => plan.changed.push(((*day).clone(), row.clone())),
        }
    }
    let gone =
        |day: &&Model| day.day.year() == year && day.origin == Origin::File && !reading.rows.contains_key(&day.day);
    plan.removed = stored.iter().filter(gone).cloned().collect();
    Ok(plan)
}

/// A notice for a year may free the last days of the year before; of these it says nothing else.
fn belongs(day: Day, year: i32) -> bool {
    day.year() == year || (day.year() == year - 1 && day.month() == 12)
}

fn same(day: &Model, row: &Row) -> bool {
    day.kind == row.kind && day.name == row.name
}
