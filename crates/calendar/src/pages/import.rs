//! A file of holidays: choose, look at what it would do, take it.

use askama::Template;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::StatusCode;
use base::{Actor, Error, Message};
use chrono::Datelike;
use serde::Deserialize;
use web::{Form, Me, Page, Problems, Query, Ui, page_with, redirect};

use super::{HERE, belongs_to_form, refused};
use crate::file::{self, FileProblem, MOST_BYTES, RefusedLine, Row};
use crate::forms::LoadForm;
use crate::rules::Plan;
use crate::service::{Calendars, Preview, typed_year};
use crate::{day, words};

/// What is read and thrown away of a file that is too large, so that the browser waits for our sentence, in bytes.
const DRAINED: usize = 32 * 1024 * 1024;
/// Refused lines that are shown.
const SHOWN: usize = 50;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChooseQuery {
    year: String,
}

#[derive(Template)]
#[template(path = "calendar_import.html")]
struct ChoosePage {
    ui: Ui,
    year: String,
    limit: usize,
    form: Problems,
    problem: String,
}

#[derive(Template)]
#[template(path = "calendar_preview.html")]
struct PreviewPage {
    ui: Ui,
    year: i32,
    version: i64,
    file_name: String,
    /// Why nothing can be taken; empty when something can.
    problem: String,
    refused: Vec<RefusedLine>,
    more_refused: usize,
    plan: Plan,
    /// For the form that takes them.
    rows: String,
}

impl PreviewPage {
    fn line(&self, refused: &RefusedLine) -> String {
        refused.line.map(|line| line.to_string()).unwrap_or_default()
    }

    fn row(&self, row: &Row) -> String {
        format!("{} {}", words::kind(&self.ui, row.kind), row.name)
    }

    fn stored(&self, day: &day::Model) -> String {
        format!("{} {}", words::kind(&self.ui, day.kind), day.name)
    }

    fn changes_anything(&self) -> bool {
        !(self.plan.added.is_empty() && self.plan.changed.is_empty() && self.plan.removed.is_empty())
    }

    fn day(&self, day: &base::Day) -> String {
        format!("{} {}", day, words::weekday(&self.ui, *day))
    }
}

pub async fn choose(
    ui: Ui,
    Me(actor): Me,
    State(calendars): State<Calendars>,
    Query(query): Query<ChooseQuery>,
) -> Page {
    let year = match query.year {
        told if !told.is_empty() => typed_year(&told)?,
        _ => next_unknown(&calendars, &actor).await?,
    };
    chosen(ui, year.to_string(), None).await
}

/// The first year from this one on that no file has told.
async fn next_unknown(calendars: &Calendars, actor: &Actor) -> Result<i32, Error> {
    let known = calendars.years().await?;
    let is_known = |year: i32| known.iter().any(|(row, ..)| row.year == i64::from(year) && row.loaded_at.is_some());
    let this = actor.today().year();
    Ok((this..this + 10).find(|year| !is_known(*year)).unwrap_or(this))
}

async fn chosen(ui: Ui, year: String, error: Option<&Error>) -> Page {
    let (status, form, problem) = match error {
        Some(error) => refused(&ui, error),
        None => (StatusCode::OK, Problems::default(), String::new()),
    };
    page_with(status, ChoosePage { ui, year, limit: MOST_BYTES / 1024, form, problem })
}

pub async fn preview(ui: Ui, Me(actor): Me, State(calendars): State<Calendars>, request: Request) -> Page {
    let sent = match Sent::from_form(request).await {
        Ok(sent) => sent,
        Err(error) => return chosen(ui, String::new(), Some(&error)).await,
    };
    match looked_at(&calendars, &actor, &sent).await {
        Ok(preview) => previewed(ui, preview, sent.file_name),
        Err(error) if belongs_to_form(&error) => chosen(ui, sent.year, Some(&error)).await,
        Err(error) => Err(error.into()),
    }
}

async fn looked_at(calendars: &Calendars, actor: &Actor, sent: &Sent) -> Result<Preview, Error> {
    let year = typed_year(&sent.year)?;
    match &sent.bytes {
        Some(bytes) => calendars.preview(actor, year, bytes).await,
        None => Err(Error::invalid("file", Message::new("calendar-file_missing"))),
    }
}

fn previewed(ui: Ui, preview: Preview, file_name: String) -> Page {
    let (status, problem, plan) = match preview.plan {
        Ok(plan) => (StatusCode::OK, String::new(), plan),
        Err(refusal) => {
            let sentence = ui.say(&base::Refusal::message(&refusal));
            (StatusCode::UNPROCESSABLE_ENTITY, sentence, Plan::default())
        }
    };
    let rows = file::written(preview.reading.rows.values());
    let mut refused = preview.reading.refused;
    let more_refused = refused.len().saturating_sub(SHOWN);
    refused.truncate(SHOWN);
    let (year, version) = (preview.year, preview.version);
    page_with(status, PreviewPage { ui, year, version, file_name, problem, refused, more_refused, plan, rows })
}

/// Takes what the preview showed.
pub async fn load(ui: Ui, Me(actor): Me, State(calendars): State<Calendars>, Form(form): Form<LoadForm>) -> Page {
    let year = typed_year(&form.year);
    let taken = match (&year, file::read(form.rows.as_bytes())) {
        (Ok(year), Ok(reading)) => calendars.load_year(&actor, *year, form.version, &reading).await.map(|_| *year),
        (Ok(_), Err(problem)) => Err(Error::refused(problem)),
        (Err(_), _) => year.map_err(|_| Error::NotFound),
    };
    match taken {
        Ok(year) => Ok(redirect(&format!("{HERE}/years/{year}"))),
        Err(error) if belongs_to_form(&error) => chosen(ui, form.year, Some(&error)).await,
        Err(error) => Err(error.into()),
    }
}

/// The form as it came.
#[derive(Default)]
struct Sent {
    year: String,
    file_name: String,
    bytes: Option<Vec<u8>>,
}

impl Sent {
    /// # Errors
    /// A sentence when it is too large or no form with a file.
    async fn from_form(mut request: Request) -> Result<Self, Error> {
        let broken = |_| Error::Refused(Message::new("calendar-upload_broken"));
        DefaultBodyLimit::disable().apply(&mut request);
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| broken(()))?;
        let (mut sent, mut seen) = (Sent::default(), 0);
        while let Some(mut part) = form.next_field().await.map_err(|_| broken(()))? {
            let (name, file_name) = (part.name().unwrap_or_default().to_owned(), part.file_name().map(str::to_owned));
            let mut bytes = Vec::new();
            while let Some(chunk) = part.chunk().await.map_err(|_| broken(()))? {
                seen += chunk.len();
                if seen > DRAINED {
                    return Err(Error::refused(FileProblem::TooLarge));
                }
                // One byte too many is enough to know.
                bytes.extend(chunk.iter().take(MOST_BYTES + 1 - bytes.len()));
            }
            match name.as_str() {
                "year" => sent.year = String::from_utf8_lossy(&bytes).trim().chars().take(10).collect(),
                "file" if !bytes.is_empty() || file_name.as_deref().is_some_and(|name| !name.is_empty()) => {
                    sent.file_name = file_name.unwrap_or_default().chars().take(100).collect();
                    sent.bytes = Some(bytes);
                }
                _ => {}
            }
        }
        Ok(sent)
    }
}
