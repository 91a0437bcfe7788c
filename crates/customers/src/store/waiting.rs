//! Who waits for something: what a worklist says of him and no more. Of a whole firm these are thousands of rows.

use access::Reaches;
use base::{Actor, CustomerId, Day, DepartmentId, Error, Instant, UserId};
use db::{dialect, packed};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, ExprTrait, QuerySelect, QueryTrait};
use serde::Deserialize;

use super::visible_to;
use crate::customer::{self, Column};
use crate::interaction;

/// A next step that somebody promised and that is due.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct StepDue {
    /// Of the interaction.
    pub id: String,
    pub customer: CustomerId,
    pub owner: Option<UserId>,
    pub department: Option<DepartmentId>,
    pub promised_by: Option<UserId>,
    pub step: Option<String>,
    pub due: Day,
    /// Who logged it; `None`: a file.
    pub by: Option<UserId>,
    pub by_name: String,
    pub happened_at: Instant,
}

/// A customer of whom nobody has heard for longer than was agreed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Silent {
    pub customer: CustomerId,
    pub owner: Option<UserId>,
    pub due: Day,
    pub rhythm_days: Option<i64>,
    pub last_contact_at: Option<Instant>,
}

/// Of visible customers, due on or before the actor's day, each with whose work it is.
///
/// # Errors
/// When the database does not answer.
pub async fn steps_due(
    db: &impl ConnectionTrait,
    actor: &Actor,
    person: Option<&UserId>,
) -> Result<Vec<(StepDue, Option<UserId>)>, Error> {
    use interaction::Column as C;
    let of = |column: C| Expr::col((interaction::Entity, column));
    // The steps that are due are few beside all that was ever said with the customers of a department.
    let of_customer = dialect::unsought("interactions.customer_id");
    let mut query = visible_to(actor).select_only().into_query();
    query
        .expr_as(of(C::Id), "id")
        .expr_as(of(C::CustomerId), "customer")
        .expr_as(Expr::col((customer::Entity, Column::OwnerId)), "owner")
        .expr_as(Expr::col((customer::Entity, Column::DepartmentId)), "department")
        .expr_as(of(C::NextStepBy), "promised_by")
        .expr_as(of(C::NextStep), "step")
        .expr_as(of(C::NextStepOn), "due")
        .expr_as(of(C::ById), "by")
        .expr_as(of(C::ByName), "by_name")
        .expr_as(of(C::HappenedAt), "happened_at")
        .inner_join(interaction::Entity, Expr::col((customer::Entity, Column::Id)).eq(of_customer))
        .and_where(of(C::NextStepOn).lte(actor.today()))
        .and_where(of(C::NextStepDoneAt).is_null());
    if let Some(person) = person {
        query.and_where(of(C::NextStepBy).eq(person.clone()).or(Column::OwnerId.eq(person.clone())));
    }
    let names = ["id", "customer", "owner", "department", "promised_by", "step", "due", "by", "by_name", "happened_at"];
    let mut steps: Vec<StepDue> = packed::rows(db, query, &names).await?;
    steps.sort_by(|one, other| (one.due, &one.id).cmp(&(other.due, &other.id)));
    let steps = with_whom(db, steps).await?;
    Ok(steps.into_iter().filter(|(_, whose)| person.is_none() || whose.as_ref() == person).collect())
}

/// Each with whose work it is: who promised it. When that is nobody, or somebody who does not see the customer any
/// more, it is the owner's: a promise to a customer outlives whoever made it.
async fn with_whom(db: &impl ConnectionTrait, steps: Vec<StepDue>) -> Result<Vec<(StepDue, Option<UserId>)>, Error> {
    let is_anothers = |step: &StepDue| step.promised_by.is_some() && step.promised_by != step.owner;
    let reaches = match steps.iter().any(is_anothers) {
        true => Reaches::of(db, crate::VIEW).await?,
        false => Reaches::default(),
    };
    let whose = |step: &StepDue| {
        let promised = step.promised_by.as_ref();
        let kept = promised.filter(|one| reaches.reach(one, step.owner.as_ref(), step.department.as_ref()));
        kept.or(step.owner.as_ref()).cloned()
    };
    Ok(steps.into_iter().map(|step| (whose(&step), step)).map(|(whose, step)| (step, whose)).collect())
}

/// Visible customers whose contact was due before the actor's day.
///
/// # Errors
/// When the database does not answer.
pub async fn silent(db: &impl ConnectionTrait, actor: &Actor, owner: Option<&UserId>) -> Result<Vec<Silent>, Error> {
    let mut seen = visible_to(actor).filter(Column::ContactDueOn.lt(actor.today()));
    if let Some(owner) = owner {
        seen = seen.filter(Column::OwnerId.eq(owner.clone()));
    }
    let columns = [Column::Id, Column::OwnerId, Column::ContactDueOn, Column::RhythmDays, Column::LastContactAt];
    let query = seen.select_only().columns(columns).into_query();
    let mut silent: Vec<Silent> = packed::rows(db, query, &columns.map(|column| column.as_str())).await?;
    silent.sort_by(|one, other| (one.due, &one.customer).cmp(&(other.due, &other.customer)));
    Ok(silent)
}
