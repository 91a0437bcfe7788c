//! The card as a file, out and in.

use askama::Template;
use attachments::Kind;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::{Actor, Error, Language, Message};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use web::{Form, Me, Page, Ui, page, page_with, redirect};

use super::{HERE, tongue};
use crate::Complaints;
use crate::complaint::ComplaintId;
use crate::rules::LONGEST;
use crate::sheet::filled::Filled;
use crate::sheet::plan::{Plan, Way};
use crate::sheet::{Field, Shape, Tongue, book};
use crate::views::card::CardView;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Template)]
#[template(path = "complaint_import.html")]
struct UploadPage {
    ui: Ui,
    problem: String,
}

/// One cell as the preview shows it.
struct Line {
    label: String,
    before: String,
    after: String,
    what: String,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "complaint_import_check.html")]
struct CheckPage {
    ui: Ui,
    /// Number of the complaint; empty for a new one.
    number: String,
    /// Cell and what is wrong with it.
    problems: Vec<(String, String)>,
    lines: Vec<Line>,
    nothing: bool,
    card: String,
    seen: i64,
    conflict: bool,
}

/// What the preview hands on; read anew when it comes back.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Handed {
    language: String,
    cells: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakenForm {
    card: String,
    #[serde(default)]
    seen: i64,
}

pub async fn upload_form(ui: Ui) -> Page {
    page(UploadPage { ui, problem: String::new() })
}

pub async fn blank(ui: Ui, Me(actor): Me) -> Page {
    let bytes = book::workbook(tongue(&ui)?, &CardView::default(), actor.now)?;
    Ok(download("complaint-card.xlsx", bytes))
}

pub async fn workbook(ui: Ui, Me(actor): Me, State(complaints): State<Complaints>, Path(id): Path<String>) -> Page {
    let id = ComplaintId(id);
    let bytes = complaints.workbook(&actor, tongue(&ui)?, &id).await?;
    Ok(download(&format!("complaint-{id}.xlsx"), bytes))
}

pub fn download(name: &str, bytes: Vec<u8>) -> Response {
    let headers: [(HeaderName, String); 4] = [
        (header::CONTENT_TYPE, XLSX.into()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
        (header::CACHE_CONTROL, "private, no-store".into()),
    ];
    (headers, bytes).into_response()
}

/// Takes a filled card and shows what it would do; nothing is written.
pub async fn upload(ui: Ui, Me(actor): Me, State(complaints): State<Complaints>, request: Request) -> Page {
    match read(&ui, &actor, &complaints, request).await {
        Ok(filled) => check(ui, &actor, &complaints, &filled, StatusCode::OK).await,
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            let problem = match &error {
                Error::Invalid(problems) => problems.first().map(|problem| ui.say(&problem.message)),
                _ => None,
            };
            let problem = problem.unwrap_or_else(|| ui.say(&error.message()));
            page_with(web::answer::status_of(&error), UploadPage { ui, problem })
        }
        Err(error) => Err(error.into()),
    }
}

/// Brings in what the preview showed.
pub async fn take(ui: Ui, Me(actor): Me, State(complaints): State<Complaints>, Form(form): Form<TakenForm>) -> Page {
    let filled = handed(&ui, &form.card)?;
    let card = Tongue { language: filled.language, ..tongue(&ui)? };
    match complaints.bring_in(&actor, card, &filled, form.seen).await {
        Ok(id) => Ok(redirect(&format!("{HERE}/{id}"))),
        Err(error @ (Error::Invalid(_) | Error::Refused(_) | Error::Conflict)) => {
            check(ui, &actor, &complaints, &filled, web::answer::status_of(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn read(ui: &Ui, actor: &Actor, complaints: &Complaints, request: Request) -> Result<Filled, Error> {
    let desk = complaints.desk()?;
    let received = desk.attachments.receive(actor, request, "").await?;
    if received.kind != Kind::Xlsx {
        return Err(Error::Refused(Message::new("complaint-sheet-no_workbook")));
    }
    let (reader, file) = (desk.reader.clone(), received.reopen()?);
    let texts = ui.clone();
    tokio::task::spawn_blocking(move || Filled::read(&reader, file, tongue(&texts)?.texts))
        .await
        .map_err(|error| Error::Bug(error.to_string()))?
}

async fn check(ui: Ui, actor: &Actor, complaints: &Complaints, filled: &Filled, status: StatusCode) -> Page {
    let card = Tongue { language: filled.language, ..tongue(&ui)? };
    let plan = Plan::of(card, complaints, actor, filled).await?;
    let cells = filled.cells.iter().map(|(field, text)| (field.word().to_owned(), text.clone())).collect();
    let handed = Handed { language: filled.language.code().to_owned(), cells };
    let number = plan.complaint.as_ref().map(|complaint| complaint.number.clone()).unwrap_or_default();
    let told = |(field, message): &(Field, Message)| (ui.t(field.label()), ui.say(message));
    let problems: Vec<(String, String)> = plan.problems.iter().map(told).collect();
    let status = if problems.is_empty() { status } else { StatusCode::UNPROCESSABLE_ENTITY };
    let lines = plan.changes.iter().map(|change| {
        let (key, tone) = match change.way {
            Way::Same => ("complaint-sheet-way-same", "neutral"),
            Way::New => ("complaint-sheet-way-new", "good"),
            Way::Changed => ("complaint-sheet-way-changed", "warn"),
            Way::Kept => ("complaint-sheet-way-kept", "info"),
        };
        let (before, after) = (change.before.clone(), change.after.clone());
        Line { label: ui.t(change.field.label()), before, after, what: ui.t(key), tone }
    });
    let page = CheckPage {
        lines: lines.collect(),
        nothing: plan.is_nothing() && plan.complaint.is_some(),
        card: serde_json::to_string(&handed).map_err(|error| Error::Bug(error.to_string()))?,
        seen: plan.version(),
        conflict: status == StatusCode::CONFLICT,
        number,
        problems,
        ui,
    };
    page_with(status, page)
}

/// What came back from the preview is as foreign as any form.
fn handed(ui: &Ui, card: &str) -> Result<Filled, Error> {
    let foreign = || Error::Refused(Message::new("error-form_unreadable"));
    let handed: Handed = serde_json::from_str(card).map_err(|_| foreign())?;
    let language = Language::from_code(&handed.language).ok_or_else(foreign)?;
    let spoken = Tongue { language, ..tongue(ui)? };
    let mut cells = BTreeMap::new();
    for (word, text) in handed.cells {
        let field = Field::from_word(&word).ok_or_else(foreign)?;
        let choice = matches!(field.shape(), Shape::Choice(_));
        if text.contains('\0') || text.chars().count() > LONGEST || choice && field.chosen(spoken, &text).is_none() {
            return Err(foreign());
        }
        cells.insert(field, text);
    }
    Ok(Filled { language, cells })
}
