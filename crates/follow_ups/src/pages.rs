//! The pages.

mod acts;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::{Actor, Error, PageSize};
use customers::interaction::{InteractionKind, Mood};
use module::{Access, Routes};
use serde::Deserialize;
use web::{Me, Page, Problems, Query, Ui, page, page_with};

use crate::follow_up::{FollowUpId, Kind};
use crate::pages::acts::ActForm;
use crate::service::FollowUps;
use crate::store::Which;
use crate::views::FollowUpRow;
use crate::{DO, VIEW};

pub const HERE: &str = "/follow-ups";

/// Adds the pages to the module's routes.
pub fn routes(routes: Routes, follow_ups: &FollowUps) -> Routes {
    let (view, act) = (Access::Needs(VIEW), Access::Needs(DO));
    routes
        .get("/follow-ups", view, list, follow_ups)
        .get("/follow-ups/{id}", view, show, follow_ups)
        .post("/follow-ups/{id}/done", act, acts::done, follow_ups)
        .post("/follow-ups/{id}/not-reached", act, acts::not_reached, follow_ups)
        .post("/follow-ups/{id}/skip", act, acts::skip, follow_ups)
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    #[serde(default)]
    which: Which,
    kind: Option<Kind>,
    after: Option<String>,
}

const TABS: [(Which, &str); 4] =
    [(Which::Due, "due"), (Which::Planned, "planned"), (Which::Done, "done"), (Which::Skipped, "skipped")];

impl ListQuery {
    fn address(&self, which: &str, after: &str) -> String {
        let kind = self.kind.map(Kind::word).unwrap_or_default();
        let pairs = [("which", which), ("kind", kind), ("after", after)];
        let kept: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        format!("{HERE}?{}", serde_urlencoded::to_string(&kept).unwrap_or_default())
    }
}

#[derive(Template)]
#[template(path = "follow_ups.html")]
struct ListPage {
    ui: Ui,
    tabs: Vec<(String, String, bool)>,
    kinds: Vec<(String, String)>,
    kind: &'static str,
    which: &'static str,
    rows: Vec<FollowUpRow>,
    first: String,
    next: String,
}

pub async fn list(ui: Ui, Me(actor): Me, State(follow_ups): State<FollowUps>, Query(query): Query<ListQuery>) -> Page {
    let after = web::api::cursor(query.after.as_deref())?;
    let found = follow_ups.list(&actor, query.which, query.kind, after.as_ref(), PageSize::new(None)).await?;
    let (due, planned) = follow_ups.counts(&actor).await?;
    let tab = |(which, word): &(Which, &'static str)| {
        let text = ui.t(&format!("follow_up-which-{word}"));
        let text = match which {
            Which::Due => format!("{text} {due}"),
            Which::Planned => format!("{text} {planned}"),
            Which::Done | Which::Skipped => text,
        };
        (query.address(word, ""), text, *which == query.which)
    };
    let which = TABS.iter().find(|(which, _)| *which == query.which).map_or("due", |(_, word)| *word);
    page(ListPage {
        tabs: TABS.iter().map(tab).collect(),
        kinds: Kind::ALL.iter().map(|kind| (kind.word().to_owned(), ui.t(kind.key()))).collect(),
        kind: query.kind.map(Kind::word).unwrap_or_default(),
        first: query.after.as_ref().map(|_| query.address(which, "")).unwrap_or_default(),
        next: found.next.as_deref().map(|after| query.address(which, after)).unwrap_or_default(),
        rows: found.rows.into_iter().map(|file| FollowUpRow::of(&ui, file, actor.today())).collect(),
        which,
        ui,
    })
}

#[derive(Template)]
#[template(path = "follow_up.html")]
struct FollowUpPage {
    ui: Ui,
    row: FollowUpRow,
    typed: ActForm,
    /// Name of the field, question, what was typed.
    questions: Vec<(&'static str, String, String)>,
    hows: Vec<(String, String)>,
    moods: Vec<(String, String)>,
    points: Vec<(String, String)>,
    departments: Vec<(String, String)>,
    form: Problems,
    problem: String,
}

impl FollowUpPage {
    fn how(&self) -> &'static str {
        self.typed.how.unwrap_or(InteractionKind::Call).word()
    }

    fn mood(&self) -> &'static str {
        self.typed.mood.map(Mood::word).unwrap_or_default()
    }

    fn satisfied(&self) -> String {
        self.typed.satisfied.map(|points| points.to_string()).unwrap_or_default()
    }

    fn department(&self) -> String {
        self.typed.department.as_ref().map(|id| id.0.clone()).unwrap_or_default()
    }
}

pub async fn show(ui: Ui, Me(actor): Me, State(follow_ups): State<FollowUps>, Path(id): Path<String>) -> Page {
    shown(ui, &actor, &follow_ups, &FollowUpId(id), ActForm::default(), None).await
}

async fn shown(
    ui: Ui,
    actor: &Actor,
    follow_ups: &FollowUps,
    id: &FollowUpId,
    typed: ActForm,
    error: Option<&Error>,
) -> Page {
    let file = follow_ups.get(actor, id).await?;
    let departments = customers::store::departments::departments(follow_ups.db().read()).await?;
    let (status, form, problem) = problems_of(&ui, error);
    let none = || (String::new(), ui.t("follow_up-choose"));
    let moods = Mood::ALL.iter().map(|mood| (mood.word().to_owned(), ui.t(mood.key())));
    let point = |points: u8| (points.to_string(), ui.t(&format!("follow_up-satisfied-{points}")));
    let own = (String::new(), ui.t("follow_up-its_department"));
    let asked = file.follow_up.kind.questions();
    let fields = [("answer_1", &typed.answer_1), ("answer_2", &typed.answer_2), ("answer_3", &typed.answer_3)];
    let question = |(question, (name, answer)): (crate::follow_up::Question, (&'static str, &String))| {
        (name, ui.t(question.key()), answer.clone())
    };
    page_with(
        status,
        FollowUpPage {
            row: FollowUpRow::of(&ui, file, actor.today()),
            questions: asked.into_iter().zip(fields).map(question).collect(),
            hows: InteractionKind::ALL.iter().map(|kind| (kind.word().to_owned(), ui.t(kind.key()))).collect(),
            moods: std::iter::once(none()).chain(moods).collect(),
            points: std::iter::once(none()).chain((1..=5).rev().map(point)).collect(),
            departments: std::iter::once(own).chain(departments.into_iter().map(|row| (row.id.0, row.name))).collect(),
            ui,
            typed,
            form,
            problem,
        },
    )
}

fn problems_of(ui: &Ui, error: Option<&Error>) -> (StatusCode, Problems, String) {
    match error {
        None => (StatusCode::OK, Problems::default(), String::new()),
        Some(Error::Invalid(problems)) => (StatusCode::UNPROCESSABLE_ENTITY, Problems::of(ui, problems), String::new()),
        Some(Error::Conflict) => (StatusCode::CONFLICT, Problems::default(), ui.t("follow_up-conflict")),
        Some(error) => (StatusCode::UNPROCESSABLE_ENTITY, Problems::default(), ui.say(&error.message())),
    }
}
