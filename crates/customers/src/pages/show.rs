//! The page of one customer: figures, timeline and tabs of all modules.

use askama::Template;
use askama::filters::Safe;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::{Actor, CustomerId, Error, Instant};
use chrono::Duration;
use module::{CustomerFigure, TimelineRow};
use serde::Deserialize;
use web::{Me, Page, Problems, Query, Ui};

use crate::contacts::views::list::ContactsView;
use crate::customer::{Model, Stage};
use crate::interaction::{Direction, InteractionKind, Mood, Outcome};
use crate::service::Customers;
use crate::store;
use crate::views::file::{EventView, FileView, StepView, TypedLog};
use crate::views::{options, or_none};

/// Rows of the timeline on one page.
const EVENTS: usize = 30;
/// Most rows of one instant that are kept together on a page.
const MOST_TIED: usize = 500;
const TIMELINE: &str = "timeline";
const CONTACTS: &str = "contacts";
const FILE: &str = "file";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ShowQuery {
    /// `timeline`, `contacts`, `file` or the name of a module's panel.
    tab: Option<String>,
    /// The timeline before this instant, in microseconds since 1970.
    before: Option<i64>,
    /// What has just been done.
    said: Option<Said>,
    /// The shipment that an interaction will tell about.
    shipment: Option<String>,
    /// The interaction whose step was just finished: it can be opened again.
    step: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Created,
    Saved,
    Logged,
    StepDone,
    StepOpen,
    StageSet,
}

/// What was typed into the forms of the page, and what is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Refused {
    pub log: Option<TypedLog>,
    pub stage: Option<(String, String)>,
    pub error: Option<Error>,
    /// What has just been taken back stands in the form again.
    pub taken_back: bool,
}

#[derive(Template)]
#[template(path = "customer.html")]
struct ShowPage {
    ui: Ui,
    file: FileView,
    said: String,
    /// Where the last act is taken back; empty when it cannot be.
    undo_href: String,
    problem: String,
    form: Problems,
    may_edit: bool,
    may_log: bool,
    figures: Vec<CustomerFigure>,
    tabs: Vec<(String, String, bool)>,
    inside: Inside,
    steps: Vec<StepView>,
    log: TypedLog,
    picks: Picks,
    stages: Vec<(String, String)>,
    /// The stage and the reason that were typed.
    stage: (String, String),
}

impl ShowPage {
    /// Where the interaction form is: on the timeline's first page.
    fn log_href(&self) -> String {
        match &self.inside {
            Inside::Timeline { newest, .. } if newest.is_empty() => "#text".into(),
            _ => format!("/customers/{}#text", self.file.id),
        }
    }

    fn outcome(&self) -> &str {
        self.log.outcome.map_or("", Outcome::word)
    }

    fn mood(&self) -> &str {
        self.log.mood.map_or("", Mood::word)
    }
}

/// What stands under the tabs.
enum Inside {
    Timeline {
        events: Vec<EventView>,
        older: String,
        newest: String,
    },
    Contacts(ContactsView),
    File,
    /// A module's own template, which has escaped what it shows.
    Panel(Safe<String>),
    Empty,
}

/// The choices of the interaction form: word and text.
struct Picks {
    kinds: Vec<(String, String)>,
    directions: Vec<(String, String)>,
    outcomes: Vec<(String, String)>,
    moods: Vec<(String, String)>,
}

impl Picks {
    fn new(ui: &Ui) -> Self {
        Self {
            kinds: options(ui, InteractionKind::ALL.iter().map(|one| (one.word(), one.key()))),
            directions: options(ui, Direction::ALL.iter().map(|one| (one.word(), one.key()))),
            outcomes: options(ui, Outcome::ALL.iter().map(|one| (one.word(), one.key()))),
            moods: or_none(
                ui.t("interaction-mood-none"),
                options(ui, Mood::ALL.iter().map(|one| (one.word(), one.key()))),
            ),
        }
    }
}

pub async fn show(
    ui: Ui,
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
    Query(query): Query<ShowQuery>,
) -> Page {
    render(ui, &customers, &actor, &CustomerId(id), query, Refused::default()).await
}

/// The page, also with a form that was refused.
pub(crate) async fn render(
    ui: Ui,
    customers: &Customers,
    actor: &Actor,
    id: &CustomerId,
    query: ShowQuery,
    refused: Refused,
) -> Page {
    // Modules write for the actor; on a page he may have chosen another language than in his settings.
    let actor = &Actor { language: ui.language(), ..actor.clone() };
    let file = customers.file(actor, id).await?;
    let may_edit = customers.may(actor, crate::EDIT, &file.customer).await?;
    let may_log = customers.may(actor, crate::LOG, &file.customer).await?;
    let (owner, department) = whose(customers, &file.customer).await?;
    let today = actor.today();
    let tab = match &refused.stage {
        Some(_) => FILE.to_owned(),
        None => query.tab.clone().unwrap_or_else(|| TIMELINE.into()),
    };
    let tabs = tabs(&ui, customers, id, &tab);
    let inside = inside(&ui, customers, actor, id, &tab, query.before).await?;
    let steps = customers.open_steps(id).await?.into_iter().map(|row| StepView::of(&ui, row, today)).collect();
    let status = refused.error.as_ref().map_or(StatusCode::OK, web::answer::status_of);
    let problems = match &refused.error {
        Some(Error::Invalid(problems)) => Problems::of(&ui, problems),
        _ => Problems::default(),
    };
    let page = ShowPage {
        file: FileView::of(&ui, file, owner, department, today),
        said: match query.said {
            _ if refused.taken_back => ui.t("customer-said_taken_back"),
            Some(said) => ui.t(said_key(said)),
            None => String::new(),
        },
        undo_href: match (query.said, &query.step) {
            (Some(Said::StepDone), Some(step)) => format!("/interactions/{step}/step-open"),
            _ => String::new(),
        },
        problem: refused.error.as_ref().map_or_else(String::new, |error| ui.say(&error.message())),
        form: problems,
        may_edit,
        may_log,
        figures: figures(&ui, customers, actor, id).await?,
        tabs,
        inside,
        steps,
        log: refused.log.unwrap_or_else(|| TypedLog::blank(actor.now, query.shipment)),
        picks: Picks::new(&ui),
        stages: options(&ui, Stage::BY_HAND.iter().map(|one| (one.word(), one.key()))),
        stage: refused.stage.unwrap_or_default(),
        ui,
    };
    web::page_with(status, page)
}

fn said_key(said: Said) -> &'static str {
    match said {
        Said::Created => "customer-said_created",
        Said::Saved => "customer-said_saved",
        Said::Logged => "customer-said_logged",
        Said::StepDone => "customer-said_step_done",
        Said::StepOpen => "customer-said_step_open",
        Said::StageSet => "customer-said_stage_set",
    }
}

/// The names of the owner and of his department.
async fn whose(customers: &Customers, customer: &Model) -> Result<(String, String), Error> {
    let owner = match &customer.owner_id {
        Some(id) => customers.names_of(vec![id.clone()]).await?.remove(id).unwrap_or_default(),
        None => String::new(),
    };
    Ok((owner, customers.department_name(customer).await?))
}

/// The timeline and the contacts first, one for each panel that has a title, the customer's own file last.
fn tabs(ui: &Ui, customers: &Customers, id: &CustomerId, active: &str) -> Vec<(String, String, bool)> {
    let panels = customers.panels().iter().map(|panel| (panel.name(), panel.title_key()));
    let all = [(TIMELINE, "customer-timeline"), (CONTACTS, "contact-list")]
        .into_iter()
        .chain(panels.filter(|(_, title)| !title.is_empty()))
        .chain([(FILE, "customer-file")]);
    let tab = |(name, title): (&str, &str)| {
        let href = if name == TIMELINE { format!("/customers/{id}") } else { format!("/customers/{id}?tab={name}") };
        (href, ui.t(title), name == active)
    };
    all.map(tab).collect()
}

async fn figures(ui: &Ui, customers: &Customers, actor: &Actor, id: &CustomerId) -> Result<Vec<CustomerFigure>, Error> {
    let mut figures = Vec::new();
    let Some(texts) = ui.texts() else { return Ok(figures) };
    for panel in customers.panels() {
        figures.extend(panel.figures(customers.db(), actor, texts, id).await?);
    }
    Ok(figures)
}

async fn inside(
    ui: &Ui,
    customers: &Customers,
    actor: &Actor,
    id: &CustomerId,
    tab: &str,
    before: Option<i64>,
) -> Result<Inside, Error> {
    match tab {
        TIMELINE => timeline(ui, customers, actor, id, before).await,
        CONTACTS => Ok(Inside::Contacts(ContactsView::of(ui, &customers.contacts(actor, id).await?))),
        FILE => Ok(Inside::File),
        other => {
            let panel = customers.panels().iter().find(|panel| panel.name() == other).ok_or(Error::NotFound)?;
            let Some(texts) = ui.texts() else { return Ok(Inside::Empty) };
            let rendered = panel.render(customers.db(), actor, texts, id, ui.csrf()).await?;
            Ok(rendered.map_or(Inside::Empty, |panel| Inside::Panel(Safe(panel.html))))
        }
    }
}

async fn timeline(
    ui: &Ui,
    customers: &Customers,
    actor: &Actor,
    id: &CustomerId,
    before: Option<i64>,
) -> Result<Inside, Error> {
    let given = before.and_then(store::instant_of);
    // What happened in this very moment belongs to the timeline too.
    let start = given.unwrap_or(actor.now + Duration::minutes(1));
    let mut rows = gathered(ui, customers, actor, id, start, EVENTS + 1).await?;
    let mut more = rows.len() > EVENTS;
    let mut cut = rows.len().min(EVENTS);
    if more {
        // A page ends between two instants, because the next one starts before the last instant of this one.
        while cut > 0 && rows[cut - 1].at == rows[cut].at {
            cut -= 1;
        }
        if cut == 0 {
            let at = rows[0].at;
            rows = gathered(ui, customers, actor, id, start, MOST_TIED).await?;
            cut = rows.iter().take_while(|row| row.at == at).count();
            more = cut < rows.len();
        }
    }
    rows.truncate(cut);
    let older = match rows.last() {
        Some(last) if more => format!("/customers/{id}?before={}", last.at.timestamp_micros()),
        _ => String::new(),
    };
    let newest = if given.is_some() { format!("/customers/{id}") } else { String::new() };
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let fresh = customers.fresh_among(actor, &ids).await?;
    Ok(Inside::Timeline { events: rows.into_iter().map(|row| EventView::of(ui, row, &fresh)).collect(), older, newest })
}

/// The rows of all modules, newest first.
async fn gathered(
    ui: &Ui,
    customers: &Customers,
    actor: &Actor,
    id: &CustomerId,
    before: Instant,
    most: usize,
) -> Result<Vec<TimelineRow>, Error> {
    let Some(texts) = ui.texts() else { return Ok(Vec::new()) };
    let mut rows = Vec::new();
    for source in customers.sources() {
        rows.extend(source.before(customers.db(), actor, texts, id, before, most as u64).await?);
    }
    rows.sort_by(|one, other| (other.at, &other.id).cmp(&(one.at, &one.id)));
    rows.truncate(most);
    Ok(rows)
}
