//! The calendar's first page, and the form of the firm's or a department's hours.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::{Error, Instant};
use chrono::Datelike;
use web::{Form, Me, Page, Problems, Ui, page, page_with, redirect};

use super::{HERE, belongs_to_form, refused};
use crate::forms::{HoursForm, VersionForm};
use crate::service::{Calendars, Held};
use crate::window::Hours;
use crate::{MANAGE, words};

/// From this month on the next year's holidays are usually known.
const NEXT_YEAR_KNOWN: u32 = 11;

#[derive(Template)]
#[template(path = "calendar.html")]
struct CalendarPage {
    ui: Ui,
    may_manage: bool,
    /// What is missing, in words.
    warnings: Vec<(String, &'static str)>,
    hours: Vec<HoursRow>,
    years: Vec<YearRow>,
    this_year: i32,
}

struct HoursRow {
    id: String,
    name: String,
    lines: Vec<(String, String)>,
    /// Whose hours it goes by; empty where `lines` say it.
    as_of: String,
    note: String,
    zone: String,
}

struct YearRow {
    year: i64,
    holidays: usize,
    make_up: usize,
    /// Empty while no file has told it.
    loaded: String,
    by: String,
}

#[derive(Template)]
#[template(path = "hours.html")]
struct HoursPage {
    ui: Ui,
    id: String,
    name: String,
    /// What holds while there are no hours of its own, in words.
    inherited: String,
    own: bool,
    is_firm: bool,
    typed: HoursForm,
    form: Problems,
    problem: String,
}

impl HoursPage {
    /// Name, label and text of each line.
    fn lines(&self) -> Vec<(&'static str, String, String)> {
        let typed = self.typed.lines().into_iter().enumerate();
        typed.map(|(at, line)| (Hours::NAMES[at], words::line_name(&self.ui, at), line)).collect()
    }

    fn problem_of(&self, name: &str) -> String {
        self.form.problem(name).to_owned()
    }
}

pub async fn show(ui: Ui, Me(actor): Me, State(calendars): State<Calendars>) -> Page {
    let all = calendars.all_hours().await?;
    let years = calendars.years().await?;
    let (today, loaded) = (actor.today(), |year: i32| {
        years.iter().any(|(row, ..)| row.year == i64::from(year) && row.loaded_at.is_some())
    });
    let mut warnings = Vec::new();
    if !loaded(today.year()) {
        warnings.push((ui.t1("calendar-this_year_unknown", "year", today.year()), "risk"));
    }
    if today.month() >= NEXT_YEAR_KNOWN && !loaded(today.year() + 1) {
        warnings.push((ui.t1("calendar-next_year_unknown", "year", today.year() + 1), "warn"));
    }
    let row = |held: &Held| HoursRow {
        id: held.id().to_owned(),
        name: if held.department.is_none() { ui.t("calendar-firm_itself") } else { words::holder(&ui, held) },
        lines: words::summary(&ui, &held.hours),
        as_of: words::as_of(&ui, held, &all),
        note: if held.is_default() { ui.t("calendar-office_week") } else { String::new() },
        zone: held.zone.name().to_owned(),
    };
    let hours = all.iter().map(row).collect();
    let when = |at: Option<Instant>| at.map(texts::format::time).unwrap_or_default();
    let years = years.iter().rev().map(|(year, holidays, make_up)| YearRow {
        year: year.year,
        holidays: *holidays,
        make_up: *make_up,
        loaded: when(year.loaded_at),
        by: ui.who(&year.loaded_by),
    });
    let years = years.collect();
    let may_manage = actor.has(MANAGE);
    page(CalendarPage { ui, may_manage, warnings, hours, years, this_year: today.year() })
}

pub async fn edit(ui: Ui, State(calendars): State<Calendars>, Path(id): Path<String>) -> Page {
    form(ui, &calendars, &id, None, None).await
}

pub async fn save(
    ui: Ui,
    Me(actor): Me,
    State(calendars): State<Calendars>,
    Path(id): Path<String>,
    Form(typed): Form<HoursForm>,
) -> Page {
    let saved = match typed.hours() {
        Ok(hours) => calendars.set_hours(&actor, &id, typed.version, hours, &typed.zone).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(_) => Ok(redirect(HERE)),
        // What is stored now is shown, so that the reader sees what changed.
        Err(error @ Error::Conflict) => form(ui, &calendars, &id, None, Some(&error)).await,
        Err(error) if belongs_to_form(&error) => form(ui, &calendars, &id, Some(typed), Some(&error)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn drop_own(
    ui: Ui,
    Me(actor): Me,
    State(calendars): State<Calendars>,
    Path(id): Path<String>,
    Form(seen): Form<VersionForm>,
) -> Page {
    match calendars.drop_hours(&actor, &id, seen.version).await {
        Ok(()) => Ok(redirect(HERE)),
        Err(error @ Error::Conflict) => form(ui, &calendars, &id, None, Some(&error)).await,
        Err(error) => Err(error.into()),
    }
}

async fn form(ui: Ui, calendars: &Calendars, id: &str, typed: Option<HoursForm>, error: Option<&Error>) -> Page {
    let all = calendars.all_hours().await?;
    let held = all.iter().find(|held| held.id() == id).ok_or(Error::NotFound)?;
    let (status, form, problem) = match error {
        Some(error) => refused(&ui, error),
        None => (StatusCode::OK, Problems::default(), String::new()),
    };
    let inherited = match words::as_of(&ui, held, &all) {
        _ if held.is_default() => ui.t("calendar-goes_by_default"),
        as_of if as_of.is_empty() => as_of,
        as_of => ui.t1("calendar-goes_by", "from", as_of),
    };
    let page = HoursPage {
        id: id.to_owned(),
        name: words::holder(&ui, held),
        inherited,
        own: held.is_own(),
        is_firm: held.department.is_none(),
        typed: typed.unwrap_or_else(|| HoursForm::of(&held.hours, held.zone.name(), held.version)),
        form,
        problem,
        ui,
    };
    page_with(status, page)
}
