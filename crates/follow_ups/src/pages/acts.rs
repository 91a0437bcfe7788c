//! What the forms of a follow-up send.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use base::{Actor, Day, DepartmentId, Error, FieldProblem, Message};
use customers::interaction::{InteractionKind, Mood};
use serde::Deserialize;
use web::{Form, Me, Page, Ui, redirect};

use super::{HERE, shown};
use crate::follow_up::{FollowUpId, Kind, Model};
use crate::forms::{DoneDraft, NotReachedDraft, SkipDraft};
use crate::service::FollowUps;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActForm {
    version: i64,
    pub(super) how: Option<InteractionKind>,
    #[serde(default)]
    pub(super) answer_1: String,
    #[serde(default)]
    pub(super) answer_2: String,
    #[serde(default)]
    pub(super) answer_3: String,
    #[serde(default)]
    pub(super) result: String,
    pub(super) mood: Option<Mood>,
    pub(super) satisfied: Option<i64>,
    #[serde(default)]
    pub(super) remark: String,
    pub(super) department: Option<DepartmentId>,
    #[serde(default)]
    pub(super) next_step: String,
    #[serde(default)]
    pub(super) next_step_on: String,
    #[serde(default)]
    pub(super) text: String,
    #[serde(default)]
    pub(super) reason: String,
}

impl ActForm {
    /// # Errors
    /// `Invalid` without a mood, or for a day that is none.
    fn draft(&self, kind: Kind) -> Result<DoneDraft, Error> {
        let mut problems = Vec::new();
        let mut wrong = |field: &str, key: &str| problems.push(FieldProblem::new(field, Message::new(key)));
        if self.mood.is_none() {
            wrong("mood", "follow_up-mood_missing");
        }
        let next_step_on = match self.next_step_on.trim() {
            "" => None,
            typed => {
                let day = typed.parse::<Day>().ok();
                if day.is_none() {
                    wrong("next_step_on", "follow_up-day_wrong");
                }
                day
            }
        };
        let Some(mood) = self.mood.filter(|_| problems.is_empty()) else { return Err(Error::Invalid(problems)) };
        let answers = [&self.answer_1, &self.answer_2, &self.answer_3];
        let answers = kind.questions().into_iter().zip(answers).filter(|(_, answer)| !answer.trim().is_empty());
        Ok(DoneDraft {
            how: self.how.unwrap_or(InteractionKind::Call),
            result: self.result.clone(),
            mood,
            satisfied: self.satisfied,
            answers: answers
                .map(|(question, answer)| (question.word().to_owned(), answer.clone()))
                .collect::<BTreeMap<_, _>>(),
            remark: self.remark.clone(),
            department: self.department.clone(),
            next_step: self.next_step.clone(),
            next_step_on,
        })
    }
}

pub async fn done(
    ui: Ui,
    Me(actor): Me,
    State(follow_ups): State<FollowUps>,
    Path(id): Path<String>,
    Form(typed): Form<ActForm>,
) -> Page {
    let id = FollowUpId(id);
    let kind = follow_ups.get(&actor, &id).await?.follow_up.kind;
    let done = match typed.draft(kind) {
        Ok(draft) => follow_ups.done(&actor, &id, typed.version, draft).await,
        Err(error) => Err(error),
    };
    after(ui, &actor, &follow_ups, typed, id, done).await
}

pub async fn not_reached(
    ui: Ui,
    Me(actor): Me,
    State(follow_ups): State<FollowUps>,
    Path(id): Path<String>,
    Form(typed): Form<ActForm>,
) -> Page {
    let id = FollowUpId(id);
    let draft = NotReachedDraft { how: typed.how.unwrap_or(InteractionKind::Call), text: typed.text.clone() };
    let tried = follow_ups.not_reached(&actor, &id, typed.version, draft).await;
    after(ui, &actor, &follow_ups, typed, id, tried).await
}

pub async fn skip(
    ui: Ui,
    Me(actor): Me,
    State(follow_ups): State<FollowUps>,
    Path(id): Path<String>,
    Form(typed): Form<ActForm>,
) -> Page {
    let id = FollowUpId(id);
    let draft = SkipDraft { reason: typed.reason.clone() };
    let skipped = follow_ups.skip(&actor, &id, typed.version, draft).await;
    after(ui, &actor, &follow_ups, typed, id, skipped).await
}

/// Where an act leads: back to the follow-up, or to the form with what is wrong.
async fn after(
    ui: Ui,
    actor: &Actor,
    follow_ups: &FollowUps,
    typed: ActForm,
    id: FollowUpId,
    done: Result<Model, Error>,
) -> Page {
    match done {
        Ok(follow_up) => Ok(redirect(&format!("{HERE}/{}", follow_up.id))),
        Err(error @ (Error::Invalid(_) | Error::Refused(_) | Error::Conflict)) => {
            shown(ui, actor, follow_ups, &id, typed, Some(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}
