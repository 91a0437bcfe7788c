//! All that went wrong alike on one voyage, flight or vehicle: told and solved together.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use base::{Actor, Error};
use customers::interaction::InteractionKind;
use serde::Deserialize;
use serde_json::{Map, Value};
use web::{Form, Me, Page, Problems, Query, Ui, page_with, redirect};

use super::{HERE, belongs_to_form, refused};
use crate::exception::{ExceptionId, Liable, Status};
use crate::forms::{self, ActForm};
use crate::pages::acts::{at_field, way};
use crate::service::Seen;
use crate::{Exceptions, HANDLE, views};

/// What a ticked box is called: this and the exception's id; its value is the version.
const PICK: &str = "pick-";

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupQuery {
    #[serde(default)]
    key: String,
}

#[derive(Template)]
#[template(path = "exception_group.html")]
struct GroupPage {
    ui: Ui,
    key: String,
    title: String,
    untold: Vec<MemberView>,
    told: Vec<MemberView>,
    hows: Vec<(String, String)>,
    liables: Vec<(String, String)>,
    may_handle: bool,
    typed: ActForm,
    form: Problems,
    problem: String,
}

struct MemberView {
    id: String,
    version: i64,
    waybill: String,
    what: String,
    customer: String,
    lane: String,
    status: String,
    status_tone: &'static str,
    clock: String,
    clock_tone: &'static str,
    draft: String,
}

pub async fn show(
    ui: Ui,
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Query(query): Query<GroupQuery>,
) -> Page {
    render(ui, &actor, &exceptions, query.key, ActForm::default(), None).await
}

/// Tells the customers of those that are ticked, each in his own words.
pub async fn tell(
    ui: Ui,
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Form(form): Form<Map<String, Value>>,
) -> Page {
    let (key, typed, picked) = read(&form);
    let done = match way(&typed, actor.now) {
        Ok(way) => {
            let notices = exceptions.notices(&actor).await?;
            let group = exceptions.group(&actor, &key).await?;
            let text = |seen: &Seen| {
                let file = group.iter().find(|file| file.exception.id == seen.id.as_str());
                file.map(|file| views::draft(&ui, &notices, file, None).1).unwrap_or_default()
            };
            let tellings = picked.into_iter().map(|seen| (seen.clone(), text(&seen))).collect();
            let told = exceptions.tell(&actor, way, tellings).await;
            told.map(drop).map_err(|error| at_field(error, "told_at"))
        }
        Err(error) => Err(error),
    };
    answer(ui, &actor, &exceptions, key, typed, done).await
}

pub async fn solve(
    ui: Ui,
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Form(form): Form<Map<String, Value>>,
) -> Page {
    let (key, typed, picked) = read(&form);
    let done = match forms::liable("solved_by", &typed.solved_by) {
        Ok(liable) => exceptions.solve(&actor, &picked, &typed.solution, liable).await.map(drop),
        Err(error) => Err(error),
    };
    answer(ui, &actor, &exceptions, key, typed, done).await
}

fn read(form: &Map<String, Value>) -> (String, ActForm, Vec<Seen>) {
    let text = |name: &str| form.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let picked = form.iter().filter_map(|(name, value)| {
        let id = ExceptionId(name.strip_prefix(PICK)?.to_owned());
        Some(Seen { id, version: value.as_str()?.parse().ok()? })
    });
    let typed = ActForm {
        how: text("how"),
        told_at: text("told_at"),
        solution: text("solution"),
        solved_by: text("solved_by"),
        ..ActForm::default()
    };
    (text("key"), typed, picked.collect())
}

async fn answer(
    ui: Ui,
    actor: &Actor,
    exceptions: &Exceptions,
    key: String,
    typed: ActForm,
    done: Result<(), Error>,
) -> Page {
    match done {
        Ok(()) => Ok(match exceptions.group(actor, &key).await {
            // Nothing is open of it any more.
            Err(Error::NotFound) => redirect(HERE),
            _ => redirect(&views::group_href(&key)),
        }),
        Err(error) if belongs_to_form(&error) => render(ui, actor, exceptions, key, typed, Some(error)).await,
        Err(error) => Err(error.into()),
    }
}

async fn render(
    ui: Ui,
    actor: &Actor,
    exceptions: &Exceptions,
    key: String,
    typed: ActForm,
    error: Option<Error>,
) -> Page {
    let files = exceptions.group(actor, &key).await?;
    let notices = exceptions.notices(actor).await?;
    let (status, form, mut problem) = match &error {
        Some(error) => refused(&ui, error),
        None => (StatusCode::OK, Problems::default(), String::new()),
    };
    if !form.problem("exceptions").is_empty() {
        form.problem("exceptions").clone_into(&mut problem);
    }
    let title = files.first().map(|file| {
        let transport = &file.exception.transport_reference;
        let reference = if transport.is_empty() { &file.waybill } else { transport }.clone();
        let kind = ui.t(file.exception.kind.key());
        ui.t2("exception-group_heading", ("reference", &reference), ("kind", &kind))
    });
    let member = |file: &crate::service::File| {
        let one = &file.exception;
        let (clock, clock_tone) = views::clock(&ui, file);
        MemberView {
            id: one.id.clone(),
            version: one.version,
            waybill: file.waybill.clone(),
            what: views::what(&ui, one),
            customer: file.customer.clone(),
            lane: views::lane(&one.origin, &one.destination),
            status: ui.t(one.status.key()),
            status_tone: Status::tone(one.status),
            clock,
            clock_tone,
            draft: views::draft(&ui, &notices, file, None).1,
        }
    };
    let (untold, told): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.exception.is_untold());
    let page = GroupPage {
        title: title.unwrap_or_default(),
        untold: untold.into_iter().map(member).collect(),
        told: told.into_iter().map(member).collect(),
        hows: InteractionKind::ALL.iter().map(|how| (how.word().to_owned(), ui.t(how.key()))).collect(),
        liables: Liable::ALL.iter().map(|liable| (liable.word().to_owned(), ui.t(liable.key()))).collect(),
        may_handle: actor.has(HANDLE),
        key,
        typed,
        form,
        problem,
        ui,
    };
    page_with(status, page)
}
