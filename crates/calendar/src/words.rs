//! The calendar in words.

use base::Day;
use chrono::Datelike;
use web::Ui;

use crate::clock::WorkingTime;
use crate::day::{DayKind, Origin};
use crate::lunar::{Festival, LunarDate};
use crate::service::Held;
use crate::window::{Hours, Window, line};

/// `3 h 20 min`, without a sign: whether it has passed or is left stands in the sentence around it.
pub fn working_time(ui: &Ui, time: WorkingTime) -> String {
    let minutes = time.whole_minutes().unsigned_abs();
    let (hours, minutes) = ((minutes / 60).to_string(), (minutes % 60).to_string());
    match (hours.as_str(), minutes.as_str()) {
        ("0", minutes) => ui.t1("calendar-minutes", "minutes", minutes),
        (hours, "0") => ui.t1("calendar-hours", "hours", hours),
        (hours, minutes) => ui.t2("calendar-hours_minutes", ("hours", hours), ("minutes", minutes)),
    }
}

/// The lunar date of a day; empty where nobody knows it.
pub fn lunar(ui: &Ui, day: Day) -> String {
    let Some(lunar) = LunarDate::of(day) else {
        return String::new();
    };
    let leap = if lunar.at.leap { "yes" } else { "no" };
    let args = [("leap", leap.to_owned()), ("month", lunar.at.month.to_string()), ("day", lunar.at.day.to_string())];
    ui.with("calendar-lunar", &args)
}

/// The lunar festivals of a year and their days; empty where nobody knows them.
pub fn festivals(ui: &Ui, year: i32) -> Vec<(String, String)> {
    let told = |festival: Festival| {
        let day = festival.in_year(year)?;
        Some((ui.t(festival.key()), format!("{day} {}", weekday(ui, day))))
    };
    Festival::ALL.into_iter().filter_map(told).collect()
}

pub fn weekday(ui: &Ui, day: Day) -> String {
    line_name(ui, day.weekday().num_days_from_monday() as usize)
}

/// The name of a line of `Hours`.
pub fn line_name(ui: &Ui, at: usize) -> String {
    ui.t(&format!("calendar-line-{}", Hours::NAMES[at]))
}

pub fn windows(ui: &Ui, windows: &[Window]) -> String {
    if windows.is_empty() { ui.t("calendar-closed") } else { line(windows) }
}

/// The hours with equal days of the week together: `Mon–Fri` and the windows.
pub fn summary(ui: &Ui, hours: &Hours) -> Vec<(String, String)> {
    let lines = hours.lines();
    let mut rows: Vec<(usize, usize)> = Vec::new();
    for at in 0..lines.len() {
        match rows.last_mut() {
            // Holidays and make-up workdays are no days of the week.
            Some((first, last)) if at < 7 && lines[*first] == lines[at] => *last = at,
            _ => rows.push((at, at)),
        }
    }
    let name = |first: usize, last: usize| match first == last {
        true => line_name(ui, first),
        false => {
            let (first, last) = (line_name(ui, first), line_name(ui, last));
            ui.t2("calendar-from_to", ("first", &first), ("last", &last))
        }
    };
    rows.into_iter().map(|(first, last)| (name(first, last), windows(ui, lines[first]))).collect()
}

pub fn kind(ui: &Ui, kind: DayKind) -> String {
    ui.t(kind.key())
}

pub fn origin(ui: &Ui, origin: Origin) -> String {
    match origin {
        Origin::File => ui.t("calendar-origin-file"),
        Origin::Hand => ui.t("calendar-origin-hand"),
    }
}

/// Whose hours they are.
pub fn holder(ui: &Ui, held: &Held) -> String {
    held.department.as_ref().map_or_else(|| ui.t("calendar-firm"), |department| department.name.clone())
}

/// Whose hours a department goes by; empty when it is its own.
pub fn as_of(ui: &Ui, held: &Held, all: &[Held]) -> String {
    if held.is_own() || held.department.is_none() {
        return String::new();
    }
    let name = all.iter().find(|other| other.id() == held.holder).map(|other| holder(ui, other));
    ui.t1("calendar-as_of", "holder", name.unwrap_or_default())
}
