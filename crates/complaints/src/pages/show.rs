//! The page of one complaint: the card as it is printed, and beside it what comes next and what has been.

use std::collections::BTreeMap;

use askama::Template;
use attachments::Files;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::{Actor, Error, Instant, Language};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use texts::format;
use web::{Me, Page, Problems, Query, Ui, page, page_with};

use crate::complaint::{ComplaintId, Model};
use crate::service::ComplaintFile;
use crate::sheet::Field;
use crate::store::{self, people};
use crate::views::card::CardView;
use crate::views::show::{EntryView, StepMark, step_marks};
use crate::views::timer::{self, Calendars, Timer};
use crate::views::{minute, options, or_none};
use crate::words::{Answer, Cause, Channel, CompensationState, Status, Step};
use crate::{Complaints, HANDLE};

/// In which language the customer is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextIn {
    Zh,
    En,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowQuery {
    text: Option<TextIn>,
}

/// A form that was not taken: what was typed stays.
pub struct Refused {
    error: Error,
    typed: Map<String, Value>,
    /// It was the form of the files.
    file: bool,
}

impl Refused {
    /// # Errors
    /// Never in practice: a form is a JSON object.
    pub fn of(error: Error, typed: impl Serialize) -> Result<Self, Error> {
        match serde_json::to_value(typed).map_err(|error| Error::Bug(error.to_string()))? {
            Value::Object(typed) => Ok(Self { error, typed, file: false }),
            other => Err(Error::Bug(format!("a form: {other}"))),
        }
    }

    /// A file that was not taken.
    pub fn file(error: Error) -> Self {
        Self { error, typed: Map::new(), file: true }
    }

    fn of_file(&self) -> Option<&Error> {
        self.file.then_some(&self.error)
    }
}

/// What the forms offer.
#[derive(Default)]
struct Choices {
    channels: Vec<(String, String)>,
    answers: Vec<(String, String)>,
    causes: Vec<(String, String)>,
    departments: Vec<(String, String)>,
    owners: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "complaint.html")]
struct ShowPage {
    ui: Ui,
    card: CardView,
    complaint: Model,
    head: Head,
    marks: Vec<StepMark>,
    entries: Vec<EntryView>,
    files: Option<Files>,
    choices: Choices,
    may_handle: bool,
    told: String,
    other_text: (String, String),
    now: String,
    typed: Map<String, Value>,
    form: Problems,
    problem: String,
    conflict: bool,
}

/// What stands above the card.
#[derive(Default)]
struct Head {
    status: String,
    severity: String,
    owner: String,
    timer: Timer,
    legal: Option<Timer>,
    caution: String,
    /// Title and address of complaints that belong to this one.
    related: Vec<(String, String)>,
    /// How often it happened again after the correction was verified.
    recurred: u64,
}

#[derive(Template)]
#[template(path = "complaint_blank.html")]
struct BlankPage {
    ui: Ui,
    card: CardView,
}

impl ShowPage {
    fn base(&self) -> String {
        format!("{}/{}", super::HERE, self.complaint.id)
    }

    fn version(&self) -> String {
        self.complaint.version.to_string()
    }

    /// What was typed into a field of the form that was refused, else what stands there by itself.
    fn value(&self, name: &str, otherwise: &str) -> String {
        match self.typed.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) if !self.typed.is_empty() => String::new(),
            _ => otherwise.to_owned(),
        }
    }

    fn step(&self) -> Option<Step> {
        self.complaint.next_step.filter(|_| self.complaint.status.is_open())
    }

    fn step_word(&self) -> &'static str {
        self.step().map_or("", Step::word)
    }

    fn step_title(&self) -> String {
        self.step().map(|step| self.ui.t(step.key())).unwrap_or_default()
    }

    fn step_help(&self) -> String {
        self.step().map(|step| self.ui.t(help_key(step))).unwrap_or_default()
    }

    /// The form of the next step stands there.
    fn takes_step(&self) -> bool {
        self.may_handle && self.step().is_some() && self.complaint.status != Status::OnHold
    }

    fn confirms(&self) -> bool {
        self.step() == Some(Step::Confirm)
    }

    fn may_skip(&self) -> bool {
        !matches!(self.step(), Some(Step::Resolve | Step::Confirm))
    }

    /// A solution is worked out once the customer has been acknowledged.
    fn proposes(&self) -> bool {
        self.may_handle && matches!(self.step(), Some(Step::Act | Step::Inform | Step::Resolve))
    }

    fn waits_for_approval(&self) -> bool {
        self.complaint.compensation_state == Some(CompensationState::Waiting) && self.complaint.status.is_open()
    }

    fn may_hold(&self) -> bool {
        matches!(self.complaint.status, Status::Waiting | Status::Handling)
    }

    fn may_reopen(&self) -> bool {
        matches!(self.complaint.status, Status::Closed | Status::Resolved)
    }

    fn explains(&self) -> bool {
        self.complaint.status != Status::Merged && self.complaint.responded_at.is_some()
    }

    fn amount(&self) -> String {
        self.complaint.compensation().map(base::Money::amount).unwrap_or_default()
    }

    fn currency(&self) -> String {
        self.complaint.compensation_currency.map(|currency| currency.to_string()).unwrap_or_default()
    }

    fn currencies(&self) -> Vec<(String, String)> {
        ["CNY", "HKD", "USD", "EUR", "JPY"].map(|code| (code.to_owned(), code.to_owned())).to_vec()
    }

    fn cause(&self) -> &'static str {
        self.complaint.cause.map_or("", Cause::word)
    }

    fn cause_department(&self) -> String {
        self.complaint.cause_department_id.clone().map_or_else(String::new, String::from)
    }

    fn correction_due(&self) -> String {
        self.complaint.correction_due.map(format::day).unwrap_or_default()
    }

    fn compensation(&self) -> &str {
        self.card.text(Field::Compensation)
    }

    fn cause_shown(&self) -> &str {
        self.card.text(Field::Cause)
    }

    fn compensation_state(&self) -> String {
        self.complaint.compensation_state.map(|state| self.ui.t(state.key())).unwrap_or_default()
    }

    /// A part with a form that was refused stays open.
    fn open(&self, field: &str) -> bool {
        self.typed.contains_key(field)
    }
}

fn help_key(step: Step) -> &'static str {
    match step {
        Step::Listen => "complaint-help-listen",
        Step::Apologise => "complaint-help-apologise",
        Step::Acknowledge => "complaint-help-acknowledge",
        Step::Act => "complaint-help-act",
        Step::Inform => "complaint-help-inform",
        Step::Resolve => "complaint-help-resolve",
        Step::Confirm => "complaint-help-confirm",
    }
}

pub async fn blank(ui: Ui) -> Page {
    page(BlankPage { ui, card: CardView::default() })
}

pub async fn show(
    ui: Ui,
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
    Query(query): Query<ShowQuery>,
) -> Page {
    shown(ui, &actor, &complaints, &ComplaintId(id), query.text, None).await
}

/// The page with a form that was refused.
pub async fn render(
    ui: Ui,
    actor: &Actor,
    complaints: &Complaints,
    id: &ComplaintId,
    refused: Option<Refused>,
) -> Page {
    shown(ui, actor, complaints, id, None, refused).await
}

async fn shown(
    ui: Ui,
    actor: &Actor,
    complaints: &Complaints,
    id: &ComplaintId,
    text: Option<TextIn>,
    refused: Option<Refused>,
) -> Page {
    let file = complaints.file(actor, id).await?;
    let db = complaints.db().read();
    let reaches = actor.has(HANDLE) && store::get(db, actor, HANDLE, id).await.is_ok();
    let card = CardView::of(super::tongue(&ui)?, db, actor, &file).await?;
    let head = head(&ui, actor, complaints, &file).await?;
    let language = match text {
        Some(TextIn::Zh) => Language::Chinese,
        Some(TextIn::En) => Language::English,
        None => ui.language(),
    };
    let told = told(&ui, complaints, &card, &file, language).await?;
    let choices = if reaches { choices(&ui, actor, complaints, &file).await? } else { Choices::default() };
    let error = refused.as_ref().map(|refused| &refused.error);
    let conflict = matches!(error, Some(Error::Conflict));
    let seen = refused.as_ref().filter(|_| conflict).and_then(|refused| refused.typed.get("version")?.as_i64());
    let files = super::evidence::files(&ui, actor, complaints, id, refused.as_ref().and_then(Refused::of_file)).await?;
    let of_form = refused.as_ref().filter(|refused| !refused.file).map(|refused| &refused.error);
    let (form, problem) = (super::problems(&ui, of_form), super::sentence(&ui, of_form));
    let status = error.map_or(StatusCode::OK, web::answer::status_of);
    let entries = file.entries.into_iter().map(|line| EntryView::of(&ui, line, seen)).collect();
    let other = if language == Language::Chinese { ("en", "complaint-text_en") } else { ("zh", "complaint-text_zh") };
    page_with(
        status,
        ShowPage {
            marks: step_marks(&ui, &file.complaint),
            other_text: (format!("{}/{id}?text={}#next", super::HERE, other.0), ui.t(other.1)),
            may_handle: reaches,
            now: minute(actor.now),
            typed: refused.map(|refused| refused.typed).unwrap_or_default(),
            complaint: file.complaint,
            card,
            head,
            entries,
            files,
            choices,
            told,
            form,
            problem,
            conflict,
            ui,
        },
    )
}

async fn head(ui: &Ui, actor: &Actor, complaints: &Complaints, file: &ComplaintFile) -> Result<Head, Error> {
    let db = complaints.db().read();
    let complaint = &file.complaint;
    let policy = complaints.policy().await?;
    let calendars = Calendars::of(db, [complaint.department_id.clone()].into()).await?;
    let calendar = calendars.get(complaint).ok_or(Error::NotFound)?;
    let caution = complaint.resolution()?.read(calendar, actor.now).caution();
    let mut related = Vec::new();
    let address = |id: &ComplaintId| format!("{}/{id}", super::HERE);
    let links =
        [(&complaint.merged_into, "complaint-merged_into"), (&complaint.repeat_of, "complaint-repeat_of_number")];
    for (id, key) in links {
        if let Some(id) = id
            && let Ok(other) = store::get(db, actor, crate::VIEW, id).await
        {
            related.push((ui.t1(key, "number", &other.number), address(&other.id)));
        }
    }
    for other in store::merged_into(db, complaint).await? {
        related.push((ui.t1("complaint-took_in_number", "number", &other.number), address(&other.id)));
    }
    let open = complaint.status.is_open();
    Ok(Head {
        status: ui.t(complaint.status.key()),
        severity: ui.t(complaint.severity.key()),
        owner: file.owner_name.clone(),
        timer: timer::ours(ui, complaint, calendar, &policy, actor.now),
        legal: timer::legal(ui, complaint, calendar, &policy, actor.now),
        caution: caution.filter(|_| open).map(|caution| ui.say(&caution)).unwrap_or_default(),
        related,
        recurred: store::recurred(db, complaint).await?,
    })
}

/// What to tell the customer at the next step, filled in.
async fn told(
    ui: &Ui,
    complaints: &Complaints,
    card: &CardView,
    file: &ComplaintFile,
    language: Language,
) -> Result<String, Error> {
    let (Some(step), Some(texts)) = (file.complaint.next_step, ui.texts()) else { return Ok(String::new()) };
    let due = file.complaint.resolution_due.map(time).unwrap_or_default();
    let contact = Some(card.text(Field::Contact)).filter(|text| !text.is_empty()).unwrap_or(card.customer());
    let values = BTreeMap::from([
        ("customer", card.customer().to_owned()),
        ("contact", contact.to_owned()),
        ("number", file.complaint.number.clone()),
        ("category", texts.get(language, file.complaint.category.key())),
        ("received_on", card.text(Field::Received).to_owned()),
        ("waybills", card.text(Field::Waybills).to_owned()),
        ("owner", file.owner_name.clone()),
        ("due", due),
        ("solution", file.complaint.solution.clone()),
        (
            "compensation",
            file.complaint.compensation().map(|money| format::amount(money, language)).unwrap_or_default(),
        ),
    ]);
    Ok(crate::told::fill(&complaints.wordings().await?.of(texts, language, step), &values))
}

fn time(at: Instant) -> String {
    format::time(at)
}

async fn choices(ui: &Ui, actor: &Actor, complaints: &Complaints, file: &ComplaintFile) -> Result<Choices, Error> {
    let db = complaints.db().read();
    let departments = people::departments(db).await?;
    let customer = customers::store::get(db, actor, crate::VIEW, &file.complaint.customer_id).await?;
    let owners = complaints.possible_owners(&customer).await?;
    let none = || ui.t("complaint-choose_one");
    Ok(Choices {
        channels: options(ui, Channel::ALL, Channel::word, Channel::key),
        answers: or_none(none(), options(ui, Answer::ALL, Answer::word, Answer::key)),
        causes: or_none(none(), options(ui, Cause::ALL, Cause::word, Cause::key)),
        departments: or_none(none(), departments.into_iter().map(|one| (one.id.0, one.name)).collect()),
        owners: owners.into_iter().map(|(id, name)| (id.0, name)).collect(),
    })
}
