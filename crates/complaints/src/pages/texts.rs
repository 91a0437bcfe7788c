//! What customers are told at each step, as an administrator may change it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use base::{Error, Language};
use web::{Form, Me, Page, Problems, Ui, page_with, redirect};

use crate::Complaints;
use crate::rules::wrong;
use crate::told::{FIELDS, Wordings, default};
use crate::words::Step;

pub const HERE: &str = "/settings/complaint-texts";

#[derive(Template)]
#[template(path = "complaint_texts.html")]
struct TextsPage {
    ui: Ui,
    version: String,
    /// Step, then name, text and problem in both languages.
    rows: Vec<Row>,
    fields: String,
    problem: String,
}

struct Row {
    title: String,
    zh: (String, String, String),
    en: (String, String, String),
}

pub async fn show(ui: Ui, State(complaints): State<Complaints>) -> Page {
    let wordings = complaints.wordings().await?;
    shown(ui, wordings, None).await
}

pub async fn save(
    ui: Ui,
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Form(typed): Form<BTreeMap<String, String>>,
) -> Page {
    let wordings = match read(&ui, &typed) {
        Ok(wordings) => wordings,
        Err(error) => return Err(error.into()),
    };
    match complaints.set_wordings(&actor, wordings.clone()).await {
        Ok(()) => Ok(redirect(HERE)),
        Err(error @ (Error::Invalid(_) | Error::Conflict)) => {
            // The version that stands there now: saving again replaces what the other one wrote, knowingly.
            let version = complaints.wordings().await?.version;
            shown(ui, Wordings { version, ..wordings }, Some(error)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn shown(ui: Ui, wordings: Wordings, error: Option<Error>) -> Page {
    let status = error.as_ref().map_or(StatusCode::OK, web::answer::status_of);
    let problems: Problems = super::problems(&ui, error.as_ref());
    let cell = |step: Step, code: &str, language: Language| {
        let text = ui.texts().map(|texts| wordings.of(texts, language, step)).unwrap_or_default();
        let name = format!("{step}_{code}");
        let problem = problems.problem(&name).to_owned();
        (name, text, problem)
    };
    let row = |step: &Step| Row {
        title: ui.t(step.key()),
        zh: cell(*step, "zh", Language::Chinese),
        en: cell(*step, "en", Language::English),
    };
    let rows = Step::ALL.iter().map(row).collect();
    let fields = FIELDS.map(|field| format!("{{{{{field}}}}}")).join(" ");
    let problem = super::sentence(&ui, error.as_ref());
    page_with(status, TextsPage { version: wordings.version.to_string(), rows, fields, problem, ui })
}

/// A text like the program's own is not kept, so that it follows the program.
fn read(ui: &Ui, typed: &BTreeMap<String, String>) -> Result<Wordings, Error> {
    let mut wordings = Wordings::default();
    for (name, text) in typed {
        if name == "version" {
            let version = text.parse().map_err(|_| Error::Invalid(vec![wrong("version", "complaint-choose")]))?;
            wordings.version = version;
            continue;
        }
        let unknown = || Error::Invalid(vec![wrong(name, "complaint-no_such_text")]);
        let (step, code) = name.rsplit_once('_').ok_or_else(unknown)?;
        let step: Step = step.parse().map_err(|_| unknown())?;
        let (texts, language) = match code {
            "zh" => (&mut wordings.chinese, Language::Chinese),
            "en" => (&mut wordings.english, Language::English),
            _ => return Err(unknown()),
        };
        let text = text.replace("\r\n", "\n").trim().to_owned();
        let own = ui.texts().map(|texts| default(texts, language, step)).unwrap_or_default();
        if !text.is_empty() && text != own {
            texts.insert(step, text);
        }
    }
    Ok(wordings)
}
