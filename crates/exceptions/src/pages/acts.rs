//! What the forms of one exception do.

use axum::extract::{Path, State};
use base::{Actor, Error, Instant, UserId};
use customers::interaction::InteractionKind;
use web::{Form, Me, Page, Ui, redirect};

use super::belongs_to_form;
use super::show::render;
use crate::exception::{ExceptionId, Liable};
use crate::forms::{self, ActForm};
use crate::service::Seen;
use crate::{Exceptions, Way};

pub async fn tell(
    ui: Ui,
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    Form(typed): Form<ActForm>,
) -> Page {
    let done = match way(&typed, actor.now) {
        Ok(way) => {
            let told = exceptions.tell(&actor, way, vec![(seen(&id, &typed), typed.text.clone())]).await;
            told.map(drop).map_err(|error| at_field(error, "told_at"))
        }
        Err(error) => Err(error),
    };
    answer(ui, &actor, &exceptions, id, typed, done).await
}

/// # Errors
/// `Invalid` for a time or a way that is none.
pub fn way(typed: &ActForm, now: Instant) -> Result<Way, Error> {
    let at = forms::instant("told_at", &typed.told_at).map_err(|problem| Error::Invalid(vec![problem]))?;
    let how: InteractionKind = forms::word("how", &typed.how).map_err(|problem| Error::Invalid(vec![problem]))?;
    Ok(Way { how, at: at.unwrap_or(now) })
}

pub async fn asked(
    ui: Ui,
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    Form(typed): Form<ActForm>,
) -> Page {
    let done = match forms::instant("asked_at", &typed.asked_at) {
        Ok(at) => {
            let asked = exceptions.asked(&actor, &seen(&id, &typed), at.unwrap_or(actor.now)).await;
            asked.map(drop).map_err(|error| at_field(error, "asked_at"))
        }
        Err(problem) => Err(Error::Invalid(vec![problem])),
    };
    answer(ui, &actor, &exceptions, id, typed, done).await
}

pub async fn start(
    ui: Ui,
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    Form(typed): Form<ActForm>,
) -> Page {
    let done = exceptions.start(&actor, &seen(&id, &typed)).await.map(drop);
    answer(ui, &actor, &exceptions, id, typed, done).await
}

pub async fn solve(
    ui: Ui,
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    Form(typed): Form<ActForm>,
) -> Page {
    let done = match forms::liable("solved_by", &typed.solved_by) {
        Ok(liable) => exceptions.solve(&actor, &[seen(&id, &typed)], &typed.solution, liable).await.map(drop),
        Err(error) => Err(error),
    };
    answer(ui, &actor, &exceptions, id, typed, done).await
}

pub async fn blame(
    ui: Ui,
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    Form(typed): Form<ActForm>,
) -> Page {
    let done = match forms::word::<Liable>("liable", &typed.liable) {
        Ok(liable) => exceptions.blame(&actor, &seen(&id, &typed), liable).await.map(drop),
        Err(problem) => Err(Error::Invalid(vec![problem])),
    };
    answer(ui, &actor, &exceptions, id, typed, done).await
}

pub async fn void(
    ui: Ui,
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    Form(typed): Form<ActForm>,
) -> Page {
    let done = exceptions.void(&actor, &seen(&id, &typed), &typed.why).await.map(drop);
    answer(ui, &actor, &exceptions, id, typed, done).await
}

pub async fn hand_over(
    ui: Ui,
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    Form(typed): Form<ActForm>,
) -> Page {
    let to = UserId(typed.owner.clone());
    let done = exceptions.hand_over(&actor, &seen(&id, &typed), &to).await.map(drop);
    answer(ui, &actor, &exceptions, id, typed, done).await
}

/// The time of an act has a name of its own on each form.
pub fn at_field(error: Error, field: &str) -> Error {
    match error {
        Error::Invalid(mut problems) => {
            problems.iter_mut().filter(|one| one.field == "at").for_each(|one| one.field = field.to_owned());
            Error::Invalid(problems)
        }
        other => other,
    }
}

fn seen(id: &str, typed: &ActForm) -> Seen {
    Seen { id: ExceptionId(id.to_owned()), version: typed.version }
}

async fn answer(
    ui: Ui,
    actor: &Actor,
    exceptions: &Exceptions,
    id: String,
    typed: ActForm,
    done: Result<(), Error>,
) -> Page {
    match done {
        Ok(()) => Ok(redirect(&format!("/exceptions/{id}"))),
        Err(error) if belongs_to_form(&error) => {
            render(ui, actor, exceptions, &ExceptionId(id), None, Some((typed, error))).await
        }
        Err(error) => Err(error.into()),
    }
}
