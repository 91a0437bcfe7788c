//! The holidays and make-up workdays of one year.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::{Actor, Day, Error};
use chrono::Datelike;
use web::{Form, Me, Page, Problems, Ui, page_with, redirect};

use super::{HERE, belongs_to_form, refused};
use crate::MANAGE;
use crate::clock::caution;
use crate::day::DayKind;
use crate::forms::DayForm;
use crate::rules::YEARS;
use crate::service::{Calendars, year_of};
use crate::views::DayRow;
use crate::words;

#[derive(Template)]
#[template(path = "calendar_year.html")]
struct YearPage {
    ui: Ui,
    year: i32,
    may_manage: bool,
    /// Who loaded it and when; empty while nobody has.
    loaded: String,
    caution: String,
    festivals: Vec<(String, String)>,
    days: Vec<DayRow>,
    kinds: Vec<(String, String)>,
    typed: DayForm,
    form: Problems,
    problem: String,
    /// Empty at the ends.
    before: String,
    after: String,
}

impl YearPage {
    fn remove_words(&self, row: &DayRow) -> String {
        self.ui.t2("calendar-remove_words", ("day", &row.day.to_string()), ("name", &row.name))
    }
}

pub async fn show(ui: Ui, Me(actor): Me, State(calendars): State<Calendars>, Path(year): Path<String>) -> Page {
    shown(ui, &actor, &calendars, year_of(&year)?, DayForm::default(), None).await
}

pub async fn set_day(
    ui: Ui,
    Me(actor): Me,
    State(calendars): State<Calendars>,
    Path(year): Path<String>,
    Form(typed): Form<DayForm>,
) -> Page {
    let year = year_of(&year)?;
    let set = match typed.read(year) {
        Ok(row) => calendars.set_day(&actor, row.day, row.kind, &row.name).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(()) => Ok(redirect(&format!("{HERE}/years/{year}"))),
        Err(error) if belongs_to_form(&error) => shown(ui, &actor, &calendars, year, typed, Some(&error)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn remove_day(Me(actor): Me, State(calendars): State<Calendars>, Path(day): Path<String>) -> Page {
    let day: Day = day.parse().map_err(|_| Error::NotFound)?;
    calendars.remove_day(&actor, day).await?;
    Ok(redirect(&format!("{HERE}/years/{}", day.year())))
}

async fn shown(ui: Ui, actor: &Actor, calendars: &Calendars, year: i32, typed: DayForm, error: Option<&Error>) -> Page {
    let (status, form, problem) = match error {
        Some(error) => refused(&ui, error),
        None => (StatusCode::OK, Problems::default(), String::new()),
    };
    let known = calendars.year(year).await?;
    let firm = calendars.for_department(None).await?;
    let loaded =
        known.loaded.as_ref().and_then(|row| Some((texts::format::time(row.loaded_at?), ui.who(&row.loaded_by))));
    let loaded = loaded.map(|(at, by)| ui.t2("calendar-loaded_by", ("at", &at), ("by", &by)));
    let caution = if loaded.is_some() { None } else { caution(&[year]) };
    let address = |year: i32| match YEARS.contains(&year) {
        true => format!("{HERE}/years/{year}"),
        false => String::new(),
    };
    let page = YearPage {
        year,
        may_manage: actor.has(MANAGE),
        loaded: loaded.unwrap_or_default(),
        caution: caution.map(|message| ui.say(&message)).unwrap_or_default(),
        festivals: words::festivals(&ui, year),
        days: known.days.iter().map(|day| DayRow::of(&ui, &firm, day)).collect(),
        kinds: DayKind::ALL.map(|kind| (kind.word().to_owned(), words::kind(&ui, kind))).to_vec(),
        typed,
        form,
        problem,
        before: address(year - 1),
        after: address(year + 1),
        ui,
    };
    page_with(status, page)
}
