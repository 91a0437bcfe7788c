//! Exceptions that somebody writes down.

use base::{Actor, CustomerId, Error, FieldProblem, Instant, Message};
use db::{audit, settings};
use serde::Deserialize;
use serde_json::json;
use shipments::shipment;
use utoipa::ToSchema;

use super::{Exceptions, may_handle};
use crate::exception::{FoundBy, Kind, Model};
use crate::policy::{Policy, SETTINGS};
use crate::raise::{self, Deadlines};
use crate::{HANDLE, rules, store};

/// An exception as somebody tells it: of a shipment by its id, or by source and waybill number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptionDraft {
    #[serde(default)]
    pub shipment: Option<String>,
    #[serde(default)]
    pub source: Option<String>,
    #[serde(default)]
    pub waybill: Option<String>,
    /// Whose the shipment is believed to be; one of another customer is refused.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub customer: Option<CustomerId>,
    /// Number of the line; empty for the whole shipment.
    #[serde(default)]
    pub line: String,
    pub kind: Kind,
    pub found_by: FoundBy,
    /// Absent: now.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub happened_at: Option<Instant>,
    pub what: String,
    /// When the customer asked about it; absent for one that he found: now.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub customer_asked_at: Option<Instant>,
}

impl Exceptions {
    /// # Errors
    /// `Invalid` field by field: a shipment that is unknown or another customer's, a time in the future, no words.
    pub async fn log(&self, actor: &Actor, draft: ExceptionDraft) -> Result<Model, Error> {
        actor.require(HANDLE)?;
        let draft = checked(draft, actor)?;
        let tx = self.db.begin().await?;
        let shipment = shipment_of(&tx, actor, &draft).await?;
        if draft.customer.as_ref().is_some_and(|customer| *customer != shipment.customer_id) {
            return Err(Error::invalid("waybill", Message::new("exception-other_customer")));
        }
        may_handle(&tx, actor, std::iter::once(shipment.customer_id.clone())).await?;
        let mut lines = shipments::store::lines_of(&tx, std::slice::from_ref(&shipment.id)).await?;
        if !draft.line.is_empty() {
            lines.retain(|line| line.line == draft.line);
            if lines.is_empty() {
                return Err(Error::invalid("line", Message::new("exception-no_such_line")));
            }
        }
        let owners = store::owners(&tx, &[shipment.customer_id.as_str()]).await?;
        let (owner, department) = owners.get(&shipment.customer_id).cloned().unwrap_or_default();
        let policy: Policy = settings::get(&tx, SETTINGS).await?;
        let by = Deadlines::default().tell_by(&tx, department.as_ref(), actor.now, &policy).await?;
        let (origin, destination) = raise::lane(&lines);
        let asked = match draft.found_by {
            FoundBy::Customer => draft.customer_asked_at.or(Some(actor.now)),
            _ => draft.customer_asked_at,
        };
        let exception = Model {
            line: draft.line,
            happened_at: draft.happened_at.unwrap_or(actor.now),
            what: draft.what,
            customer_asked_at: asked,
            touched: true,
            ..raise::found(actor, &shipment, (draft.kind, draft.found_by), by, owner)
        }
        .on_lane(&origin, &destination);
        store::insert(&tx, &exception).await?;
        let detail = json!({
            "shipment": exception.shipment_id, "customer": exception.customer_id, "kind": exception.kind,
            "found_by": exception.found_by, "what": exception.what, "happened_at": exception.happened_at,
        });
        audit::record(&tx, actor, "exception.logged", "exception", &exception.id, detail).await?;
        raise::tell_raised(&tx, actor, &exception).await?;
        self.db.commit(tx).await?;
        Ok(exception)
    }
}

fn checked(draft: ExceptionDraft, actor: &Actor) -> Result<ExceptionDraft, Error> {
    let mut problems: Vec<FieldProblem> = Vec::new();
    let what = rules::text("what", &draft.what);
    for (field, at) in [("happened_at", draft.happened_at), ("customer_asked_at", draft.customer_asked_at)] {
        let wrong = at.and_then(|at| rules::past(field, at, actor.now).err());
        problems.extend(wrong.into_iter().flat_map(told));
    }
    if !FoundBy::BY_HAND.contains(&draft.found_by) {
        let mut problem = FieldProblem::new("found_by", Message::new("exception-found_by_program"));
        problem.allowed = FoundBy::BY_HAND.iter().map(ToString::to_string).collect();
        problems.push(problem);
    }
    match what {
        Ok(what) if problems.is_empty() => Ok(ExceptionDraft { what, line: draft.line.trim().into(), ..draft }),
        what => {
            problems.extend(what.err().into_iter().flat_map(told));
            Err(Error::Invalid(problems))
        }
    }
}

fn told(error: Error) -> Vec<FieldProblem> {
    match error {
        Error::Invalid(problems) => problems,
        _ => Vec::new(),
    }
}

/// One that nobody knows and one that is hidden are alike.
async fn shipment_of(tx: &db::Tx, actor: &Actor, draft: &ExceptionDraft) -> Result<shipment::Model, Error> {
    let unknown = |field: &str| Error::invalid(field, Message::new("exception-no_such_shipment"));
    let (field, texts) = match &draft.shipment {
        Some(id) => ("shipment", vec![id.as_str()]),
        None => ("waybill", vec![draft.source.as_deref().unwrap_or(""), draft.waybill.as_deref().unwrap_or("")]),
    };
    if !actor.has(shipments::VIEW) || texts.iter().any(|text| text.contains('\0')) {
        return Err(unknown(field));
    }
    let found = match &draft.shipment {
        Some(id) => match shipments::store::get(tx, actor, id).await {
            Err(Error::NotFound) => None,
            other => Some(other?),
        },
        None => store::by_waybill(tx, actor, texts[0].trim(), texts[1].trim()).await?,
    };
    found.ok_or_else(|| unknown(field))
}
