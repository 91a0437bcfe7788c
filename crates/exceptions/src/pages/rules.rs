//! Tolerances, and the texts that customers are told.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::{Actor, CustomerId, Error, FieldProblem, Message};
use serde::Deserialize;
use shipments::MilestoneKind;
use web::{Form, Me, Page, Problems, Ui, page_with, redirect};

use super::{SETTINGS, belongs_to_form, refused};
use crate::forms::word;
use crate::notice::{FIELDS, Notices};
use crate::service::ThresholdDraft;
use crate::{Exceptions, views};

/// As typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ThresholdForm {
    /// His name; empty for all.
    customer: String,
    origin: String,
    destination: String,
    milestone: String,
    minutes: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VersionForm {
    version: i64,
}

#[derive(Template)]
#[template(path = "exception_rules.html")]
struct RulesPage {
    ui: Ui,
    rows: Vec<RuleView>,
    milestones: Vec<(String, String)>,
    notices: Notices,
    fields: String,
    typed: ThresholdForm,
    form: Problems,
    problem: String,
}

struct RuleView {
    id: String,
    version: i64,
    customer: String,
    lane: String,
    milestone: String,
    tolerance: String,
    remove_words: String,
}

pub async fn show(ui: Ui, Me(actor): Me, State(exceptions): State<Exceptions>) -> Page {
    render(ui, &actor, &exceptions, ThresholdForm::default(), None, None).await
}

pub async fn set(
    ui: Ui,
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Form(typed): Form<ThresholdForm>,
) -> Page {
    let set = match typed.draft(&exceptions, &actor).await {
        Ok(draft) => match exceptions.set_threshold(&actor, draft).await {
            Err(Error::Conflict) => Err(Error::invalid("milestone", Message::new("exception-threshold_there"))),
            other => other.map(drop),
        },
        Err(error) => Err(error),
    };
    match set {
        Ok(()) => Ok(redirect(SETTINGS)),
        Err(error) if belongs_to_form(&error) => render(ui, &actor, &exceptions, typed, None, Some(error)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn remove(
    ui: Ui,
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    Form(seen): Form<VersionForm>,
) -> Page {
    match exceptions.remove_threshold(&actor, &id, seen.version).await {
        Ok(()) => Ok(redirect(SETTINGS)),
        Err(error @ Error::Conflict) => {
            render(ui, &actor, &exceptions, ThresholdForm::default(), None, Some(error)).await
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn set_notices(
    ui: Ui,
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Form(typed): Form<NoticesForm>,
) -> Page {
    let typed = typed.notices();
    match exceptions.set_notices(&actor, typed.clone()).await {
        Ok(_) => Ok(redirect(SETTINGS)),
        Err(error) if belongs_to_form(&error) => {
            // After a conflict what holds now is shown.
            let kept = Some(typed).filter(|_| !matches!(error, Error::Conflict));
            render(ui, &actor, &exceptions, ThresholdForm::default(), kept, Some(error)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// An empty text is one that is missing, not the old one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NoticesForm {
    late_zh: String,
    late_en: String,
    other_zh: String,
    other_en: String,
    version: i64,
}

impl NoticesForm {
    fn notices(self) -> Notices {
        let Self { late_zh, late_en, other_zh, other_en, version } = self;
        Notices { late_zh, late_en, other_zh, other_en, version }
    }
}

impl ThresholdForm {
    async fn draft(&self, exceptions: &Exceptions, actor: &Actor) -> Result<ThresholdDraft, Error> {
        let mut problems = Vec::new();
        let customer = match self.customer.trim() {
            "" => None,
            name => match called(exceptions, actor, name).await? {
                Some(id) => Some(id),
                None => {
                    problems.push(FieldProblem::new("customer", Message::new("exception-no_such_customer")));
                    None
                }
            },
        };
        let minutes = self.minutes.trim().parse::<i64>();
        if minutes.is_err() {
            let most = Message::new("exception-minutes_wrong").with("most", crate::policy::MOST_MINUTES);
            problems.push(FieldProblem::new("minutes", most));
        }
        match (word::<MilestoneKind>("milestone", &self.milestone), minutes) {
            (Ok(milestone), Ok(minutes)) if problems.is_empty() => Ok(ThresholdDraft {
                customer,
                origin: self.origin.clone(),
                destination: self.destination.clone(),
                milestone,
                minutes,
            }),
            (milestone, _) => {
                problems.extend(milestone.err());
                Err(Error::Invalid(problems))
            }
        }
    }
}

/// The only customer of this name or code that the actor may see.
async fn called(exceptions: &Exceptions, actor: &Actor, name: &str) -> Result<Option<CustomerId>, Error> {
    let mut found = customers::store::by_name_or_code(exceptions.db().read(), actor, name).await?;
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(Some(one.customer_id())),
        _ => Ok(None),
    }
}

async fn render(
    ui: Ui,
    actor: &Actor,
    exceptions: &Exceptions,
    typed: ThresholdForm,
    notices: Option<Notices>,
    error: Option<Error>,
) -> Page {
    let (status, form, problem) = match &error {
        Some(error) => refused(&ui, error),
        None => (StatusCode::OK, Problems::default(), String::new()),
    };
    let notices = match notices {
        Some(notices) => notices,
        None => exceptions.notices(actor).await?,
    };
    let all = |text: String, key: &str| if text.is_empty() { ui.t(key) } else { text };
    let rule = |row: crate::service::ThresholdListed| {
        let one = row.threshold;
        let customer = all(row.customer_name, "exception-all_customers");
        let lane = all(views::lane(&one.origin, &one.destination), "exception-all_lanes");
        let milestone = ui.t(one.milestone.key());
        let words = [("customer", customer.clone()), ("lane", lane.clone()), ("milestone", milestone.clone())];
        RuleView {
            id: one.id,
            version: one.version,
            remove_words: ui.with("exception-remove_words", &words),
            customer,
            lane,
            milestone,
            tolerance: views::span(&ui, one.minutes),
        }
    };
    let milestones = MilestoneKind::ALL.iter().filter(|kind| **kind != MilestoneKind::Exception);
    let page = RulesPage {
        rows: exceptions.thresholds(actor).await?.into_iter().map(rule).collect(),
        milestones: milestones.map(|kind| (kind.word().to_owned(), ui.t(kind.key()))).collect(),
        notices,
        fields: FIELDS.map(|field| format!("{{{{{field}}}}}")).join(" "),
        typed,
        form,
        problem,
        ui,
    };
    page_with(status, page)
}
