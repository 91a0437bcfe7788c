//! The pages.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use base::{CustomerId, Error};
use serde::Deserialize;
use web::{Form, Me, Page, Query, Ui, page, page_with, redirect};

use crate::forms::{DoneForm, LaterForm};
use crate::service::{Act, Worklist};
use crate::views::{DayView, LoadView, RowView, TeamView};

#[derive(Template)]
#[template(path = "worklist.html")]
struct TodayPage {
    ui: Ui,
    day: DayView,
    /// Where the last act is taken back, and the sentence about it.
    undo_href: String,
    said: String,
    /// What was typed for a customer and refused, and why.
    refused: Option<Refused>,
    /// Also those who can wait are shown.
    whole: bool,
    /// One customer after the other: the first stands above the list with his form.
    begin: bool,
}

struct Refused {
    customer: String,
    typed: DoneForm,
    problem: String,
}

impl TodayPage {
    fn opening(&self) -> String {
        let figures = [
            ("who", self.ui.user().unwrap_or_default().to_owned()),
            ("left", self.day.rows.len().to_string()),
            ("overdue", self.day.overdue.to_string()),
            ("done", self.day.done.to_string()),
        ];
        let key = if self.day.rows.is_empty() { "worklist-opening_empty" } else { "worklist-opening" };
        self.ui.with(key, &figures)
    }

    fn refused_of(&self, row: &RowView) -> Option<&Refused> {
        self.refused.as_ref().filter(|refused| refused.customer == row.customer)
    }

    fn typed(&self, row: &RowView) -> DoneForm {
        self.refused_of(row).map(|refused| refused.typed.clone()).unwrap_or_default()
    }

    /// Why this row was refused; empty when it was not.
    fn problem(&self, row: &RowView) -> String {
        self.refused_of(row).map(|refused| refused.problem.clone()).unwrap_or_default()
    }

    /// Why a row was refused that has left the list meanwhile.
    fn lost_problem(&self) -> String {
        let shown = |refused: &&Refused| self.day.rows.iter().any(|row| row.customer == refused.customer);
        let gone = self.refused.as_ref().filter(|refused| !shown(refused));
        gone.map(|refused| refused.problem.clone()).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "team.html")]
struct TeamPage {
    ui: Ui,
    team: TeamView,
}

/// What the last act was, for the notice after the redirect.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    done: Option<String>,
    later: Option<String>,
    undone: Option<String>,
    /// Also those who can wait.
    whole: Option<bool>,
    /// One customer after the other.
    begin: Option<bool>,
}

/// From where an act was done.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Working {
    begin: Option<bool>,
}

pub async fn today(ui: Ui, Me(actor): Me, State(worklist): State<Arc<Worklist>>, Query(after): Query<After>) -> Page {
    let (whole, begin) = (after.whole == Some(true), after.begin == Some(true));
    let day = DayView::of(&ui, worklist.today(&actor, whole).await?);
    let (acted, said) = match (after.done, after.later, after.undone) {
        (Some(act), ..) => (act, ui.t("worklist-said_done")),
        (_, Some(act), _) => (act, ui.t("worklist-said_later")),
        (.., Some(_)) => (String::new(), ui.t("worklist-said_undone")),
        _ => (String::new(), String::new()),
    };
    let undo_href = if acted.is_empty() { acted } else { format!("/worklist/acts/{acted}/undo") };
    page(TodayPage { ui, day, undo_href, said, refused: None, whole, begin })
}

pub async fn done(
    ui: Ui,
    Me(actor): Me,
    State(worklist): State<Arc<Worklist>>,
    Path(id): Path<String>,
    Query(working): Query<Working>,
    Form(form): Form<DoneForm>,
) -> Page {
    let acted = match form.clone().draft(&ui, actor.today()) {
        Ok(draft) => worklist.done(&actor, &CustomerId(id.clone()), draft).await,
        Err(error) => Err(error),
    };
    let refused = Refused { customer: id, typed: form, problem: String::new() };
    after_act(ui, &actor, &worklist, acted, "done", refused, working).await
}

pub async fn later(
    ui: Ui,
    Me(actor): Me,
    State(worklist): State<Arc<Worklist>>,
    Path(id): Path<String>,
    Query(working): Query<Working>,
    Form(form): Form<LaterForm>,
) -> Page {
    let until = actor.today() + chrono::Duration::days(i64::from(form.days));
    let acted = worklist.later(&actor, &CustomerId(id.clone()), until).await;
    let refused = Refused { customer: id, typed: DoneForm::default(), problem: String::new() };
    after_act(ui, &actor, &worklist, acted, "later", refused, working).await
}

pub async fn undo(Me(actor): Me, State(worklist): State<Arc<Worklist>>, Path(act): Path<String>) -> Page {
    worklist.undo(&actor, &act).await?;
    Ok(redirect("/worklist?undone=1"))
}

pub async fn team(ui: Ui, Me(actor): Me, State(worklist): State<Arc<Worklist>>) -> Page {
    let (loads, exceptions) = worklist.team(&actor).await?;
    let today = actor.today();
    let team = TeamView {
        people: loads.into_iter().map(|load| LoadView::of(&ui, load)).collect(),
        exceptions: exceptions.into_iter().map(|row| RowView::of(&ui, row, today)).collect(),
    };
    page(TeamPage { ui, team })
}

/// Back to the list, where the next customer stands first; what was wrong is said in the row, which keeps what was typed.
async fn after_act(
    ui: Ui,
    actor: &base::Actor,
    worklist: &Worklist,
    acted: Result<Act, Error>,
    what: &str,
    mut refused: Refused,
    working: Working,
) -> Page {
    let begin = working.begin == Some(true);
    let error = match acted {
        Ok(act) => {
            return Ok(redirect(&format!("/worklist?{what}={}{}", act.id, if begin { "&begin=true" } else { "" }))
                .into_response());
        }
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => error,
        Err(error) => return Err(error.into()),
    };
    refused.problem = match &error {
        Error::Invalid(problems) => problems.first().map(|problem| ui.say(&problem.message)).unwrap_or_default(),
        other => ui.say(&other.message()),
    };
    let day = DayView::of(&ui, worklist.today(actor, false).await?);
    let refused = Some(refused);
    page_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        TodayPage { ui, day, undo_href: String::new(), said: String::new(), refused, whole: false, begin },
    )
}
