//! The pages.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::{Actor, CustomerId, DepartmentId, Error, Message, PageSize};
use customers::interaction::InteractionKind;
use module::{Access, Routes};
use serde::Deserialize;
use web::{Form, Me, Page, Problems, Query, Ui, page, page_with, redirect};

use crate::forms::{NoteDraft, TellDraft};
use crate::note::{Model, NoteId, Status};
use crate::service::{self, Feedback};
use crate::store::Which;
use crate::views::{NoteRow, figures_since, working_time};
use crate::{ANSWER, LOG, VIEW};

pub const HERE: &str = "/feedback";

/// Adds the pages to the module's routes.
pub fn routes(routes: Routes, feedback: &Feedback) -> Routes {
    let (log, view, answer) = (Access::Needs(LOG), Access::Needs(VIEW), Access::Needs(ANSWER));
    routes
        .get("/feedback", view, list, feedback)
        .get("/feedback/new", log, blank, feedback)
        .post("/feedback/new", log, note, feedback)
        .get("/feedback/{id}", view, show, feedback)
        .post("/feedback/{id}/answer", answer, give_answer, feedback)
        .post("/feedback/{id}/tell", answer, tell, feedback)
        .post("/feedback/{id}/set-aside", answer, set_aside, feedback)
        .post("/feedback/{id}/pass-on", answer, pass_on, feedback)
        .post("/feedback/{id}/customer", answer, link, feedback)
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    #[serde(default)]
    which: Which,
    department: Option<DepartmentId>,
    after: Option<String>,
    said: Option<Said>,
}

/// What was just done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Noted,
}

#[derive(Template)]
#[template(path = "feedback_list.html")]
struct ListPage {
    ui: Ui,
    said: String,
    may_log: bool,
    tabs: Vec<(String, String, bool)>,
    departments: Vec<(String, String)>,
    department: String,
    which: &'static str,
    rows: Vec<NoteRow>,
    /// Department, how many answered, the middle working time.
    speeds: Vec<(String, usize, String)>,
    first: String,
    next: String,
}

pub async fn list(ui: Ui, Me(actor): Me, State(feedback): State<Feedback>, Query(query): Query<ListQuery>) -> Page {
    let after = web::api::cursor(query.after.as_deref())?;
    let department = query.department.as_ref();
    let found = feedback.list(&actor, query.which, department, after.as_ref(), PageSize::new(None)).await?;
    let counts = feedback.counts(&actor).await?;
    let departments = service::departments(feedback.db().read()).await?;
    let called = |id: Option<&DepartmentId>| {
        let named = departments.iter().find(|(known, _)| id.is_some_and(|id| id.0 == *known));
        named.map_or_else(|| ui.t("feedback-nobodys"), |(_, name)| name.clone())
    };
    let speeds = feedback.speeds(&actor, figures_since(&actor)).await?;
    let speeds = speeds
        .into_iter()
        .map(|one| (called(one.department.as_ref()), one.answered, working_time(&ui, one.median_minutes)));
    let tab = |(which, word, status): &(Which, &'static str, Option<Status>)| {
        let text = ui.t(&format!("feedback-which-{word}"));
        let count = status.and_then(|status| counts.get(&status)).copied();
        let text = count.map_or(text.clone(), |count| format!("{text} {count}"));
        (query.address(word, ""), text, *which == query.which)
    };
    let which = TABS.iter().find(|(which, ..)| *which == query.which).map_or("waiting", |(_, word, _)| *word);
    page(ListPage {
        said: query.said.map(|_| ui.t("feedback-said_noted")).unwrap_or_default(),
        may_log: actor.has(LOG),
        tabs: TABS.iter().map(tab).collect(),
        department: query.department.clone().map(|id| id.0).unwrap_or_default(),
        speeds: speeds.collect(),
        first: query.after.as_ref().map(|_| query.address(which, "")).unwrap_or_default(),
        next: found.next.as_deref().map(|after| query.address(which, after)).unwrap_or_default(),
        rows: found.rows.into_iter().map(|file| NoteRow::of(&ui, file)).collect(),
        which,
        departments,
        ui,
    })
}

const TABS: [(Which, &str, Option<Status>); 6] = [
    (Which::Waiting, "waiting", Some(Status::Waiting)),
    (Which::Answered, "answered", Some(Status::Answered)),
    (Which::Told, "told", Some(Status::Told)),
    (Which::SetAside, "set_aside", Some(Status::SetAside)),
    (Which::Mine, "mine", None),
    (Which::All, "all", None),
];

impl ListQuery {
    fn address(&self, which: &str, after: &str) -> String {
        let department = self.department.as_ref().map(|id| id.0.as_str()).unwrap_or_default();
        let pairs = [("which", which), ("department", department), ("after", after)];
        let kept: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        format!("{HERE}?{}", serde_urlencoded::to_string(&kept).unwrap_or_default())
    }
}

/// What was typed into the form of a new note.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewForm {
    /// From the customer's page.
    customer: Option<CustomerId>,
    #[serde(default)]
    customer_called: String,
    #[serde(default)]
    said_by: String,
    #[serde(default)]
    words: String,
    department: Option<DepartmentId>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewQuery {
    customer: Option<CustomerId>,
}

#[derive(Template)]
#[template(path = "feedback_new.html")]
struct NewPage {
    ui: Ui,
    typed: NewForm,
    /// Name of the customer from whose page it comes.
    customer: String,
    departments: Vec<(String, String)>,
    form: Problems,
    problem: String,
}

impl NewPage {
    fn department(&self) -> String {
        self.typed.department.as_ref().map(|id| id.0.clone()).unwrap_or_default()
    }

    fn customer_id(&self) -> String {
        self.typed.customer.as_ref().map(|id| id.0.clone()).unwrap_or_default()
    }
}

pub async fn blank(ui: Ui, Me(actor): Me, State(feedback): State<Feedback>, Query(query): Query<NewQuery>) -> Page {
    let typed = NewForm { customer: query.customer, ..NewForm::default() };
    form_of(ui, &actor, &feedback, typed, None).await
}

pub async fn note(ui: Ui, Me(actor): Me, State(feedback): State<Feedback>, Form(typed): Form<NewForm>) -> Page {
    let draft = NoteDraft {
        customer: typed.customer.clone(),
        customer_called: typed.customer_called.clone(),
        said_by: typed.said_by.clone(),
        words: typed.words.clone(),
        department: typed.department.clone(),
    };
    match feedback.note(&actor, draft).await {
        Ok(_) => Ok(match (typed.customer, actor.has(VIEW)) {
            (Some(customer), _) => redirect(&format!("/customers/{customer}")),
            (None, true) => redirect("/feedback?which=mine&said=noted"),
            (None, false) => redirect("/"),
        }),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            form_of(ui, &actor, &feedback, typed, Some(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn form_of(ui: Ui, actor: &Actor, feedback: &Feedback, typed: NewForm, error: Option<&Error>) -> Page {
    let db = feedback.db().read();
    let customer = match &typed.customer {
        Some(id) => {
            let found = customers::briefly(db, actor, std::slice::from_ref(id)).await?.remove(id);
            found.ok_or(Error::NotFound)?.name
        }
        None => String::new(),
    };
    let departments = service::departments(db).await?;
    let (status, form, problem) = problems_of(&ui, error);
    page_with(status, NewPage { ui, typed, customer, departments, form, problem })
}

fn problems_of(ui: &Ui, error: Option<&Error>) -> (StatusCode, Problems, String) {
    match error {
        None => (StatusCode::OK, Problems::default(), String::new()),
        Some(Error::Invalid(problems)) => (StatusCode::UNPROCESSABLE_ENTITY, Problems::of(ui, problems), String::new()),
        Some(Error::Conflict) => (StatusCode::CONFLICT, Problems::default(), ui.t("feedback-conflict")),
        Some(error) => (StatusCode::UNPROCESSABLE_ENTITY, Problems::default(), ui.say(&error.message())),
    }
}

#[derive(Template)]
#[template(path = "feedback.html")]
struct NotePage {
    ui: Ui,
    row: NoteRow,
    typed: ActForm,
    departments: Vec<(String, String)>,
    kinds: Vec<(String, String)>,
    form: Problems,
    problem: String,
}

impl NotePage {
    fn waits(&self) -> bool {
        self.row.status == Status::Waiting
    }

    fn to_be_told(&self) -> bool {
        self.row.status == Status::Answered
    }
}

/// What the forms of a note send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActForm {
    version: i64,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    customer: String,
    #[serde(default)]
    text: String,
    kind: Option<InteractionKind>,
    department: Option<DepartmentId>,
}

pub async fn show(ui: Ui, Me(actor): Me, State(feedback): State<Feedback>, Path(id): Path<String>) -> Page {
    shown(ui, &actor, &feedback, &NoteId(id), ActForm::default(), None).await
}

async fn shown(ui: Ui, actor: &Actor, feedback: &Feedback, id: &NoteId, typed: ActForm, error: Option<&Error>) -> Page {
    let row = NoteRow::of(&ui, feedback.get(actor, id).await?);
    let departments = service::departments(feedback.db().read()).await?;
    let kinds = InteractionKind::ALL.iter().map(|kind| (kind.word().to_owned(), ui.t(kind.key()))).collect();
    let (status, form, problem) = problems_of(&ui, error);
    page_with(status, NotePage { ui, row, typed, departments, kinds, form, problem })
}

/// Where an act leads: back to the note, or to the form with what is wrong.
async fn after(
    ui: Ui,
    actor: &Actor,
    feedback: &Feedback,
    typed: ActForm,
    id: NoteId,
    done: Result<Model, Error>,
) -> Page {
    match done {
        Ok(note) => Ok(redirect(&format!("{HERE}/{}", note.id))),
        Err(error @ (Error::Invalid(_) | Error::Refused(_) | Error::Conflict)) => {
            shown(ui, actor, feedback, &id, typed, Some(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn give_answer(
    ui: Ui,
    Me(actor): Me,
    State(feedback): State<Feedback>,
    Path(id): Path<String>,
    Form(typed): Form<ActForm>,
) -> Page {
    let id = NoteId(id);
    let done = feedback.answer(&actor, &id, typed.version, &typed.answer).await;
    after(ui, &actor, &feedback, typed, id, done).await
}

pub async fn tell(
    ui: Ui,
    Me(actor): Me,
    State(feedback): State<Feedback>,
    Path(id): Path<String>,
    Form(typed): Form<ActForm>,
) -> Page {
    let id = NoteId(id);
    let draft = TellDraft { kind: typed.kind.unwrap_or(InteractionKind::Call), text: typed.text.clone() };
    let done = feedback.tell(&actor, &id, typed.version, draft).await;
    after(ui, &actor, &feedback, typed, id, done).await
}

pub async fn set_aside(
    ui: Ui,
    Me(actor): Me,
    State(feedback): State<Feedback>,
    Path(id): Path<String>,
    Form(typed): Form<ActForm>,
) -> Page {
    let id = NoteId(id);
    let done = feedback.set_aside(&actor, &id, typed.version, &typed.reason).await;
    after(ui, &actor, &feedback, typed, id, done).await
}

pub async fn pass_on(
    ui: Ui,
    Me(actor): Me,
    State(feedback): State<Feedback>,
    Path(id): Path<String>,
    Form(typed): Form<ActForm>,
) -> Page {
    let id = NoteId(id);
    let done = match &typed.department {
        Some(to) => feedback.pass_on(&actor, &id, typed.version, to).await,
        None => Err(Error::invalid("department", Message::new("feedback-department_unknown"))),
    };
    after(ui, &actor, &feedback, typed, id, done).await
}

pub async fn link(
    ui: Ui,
    Me(actor): Me,
    State(feedback): State<Feedback>,
    Path(id): Path<String>,
    Form(typed): Form<ActForm>,
) -> Page {
    let id = NoteId(id);
    let done = feedback.link(&actor, &id, typed.version, &typed.customer).await;
    after(ui, &actor, &feedback, typed, id, done).await
}
