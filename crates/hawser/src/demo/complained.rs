//! What customers of the textbook case complained about: the furniture of 红木家具厂 came broken, twice.

use access::Access;
use base::{Actor, ActorKind, Currency, CustomerId, DepartmentId, Error, Scope, UserId};
use chrono::Duration;
use complaints::complaint::Model;
use complaints::forms::{CauseDraft, ComplaintDraft, SolutionDraft, StepDraft};
use complaints::words::{Answer, Category, Cause, Channel, Severity, Step};
use complaints::{ComplaintId, Complaints};
use customers::Found;
use db::Db;
use serde::Deserialize;

use super::book::Owners;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complaint {
    customer: String,
    /// Who takes it, by department and login.
    department: String,
    owner: String,
    hours_ago: i64,
    category: Category,
    severity: Severity,
    channel: Channel,
    #[serde(default)]
    express: bool,
    words: String,
    wish: String,
    /// What the customer was told, step by step; all seven close it.
    #[serde(default)]
    told: Vec<String>,
    #[serde(default)]
    solution: String,
    #[serde(default)]
    compensation: String,
    cause: Option<Cause>,
    #[serde(default)]
    cause_text: String,
    #[serde(default)]
    correction: String,
    /// The department that is responsible; who handles it when nobody is named.
    #[serde(default)]
    responsible: String,
    /// It is about so many of the customer's last shipments.
    #[serde(default)]
    shipments: u64,
    /// The one before it is about the same.
    #[serde(default)]
    repeats: bool,
}

/// Writes the complaints and what was done about them.
///
/// # Errors
/// When the database refuses; a broken `demo.toml` is our mistake.
pub async fn fill(db: &Db, access: &Access, actor: &Actor, owners: &Owners, all: &[Complaint]) -> Result<(), Error> {
    let departments = access.departments().await?;
    let complaints = Complaints::new(db.clone());
    let mut last: Option<ComplaintId> = None;
    for told in all {
        let found = customers::find_many(db.read(), std::slice::from_ref(&told.customer)).await?.remove(&told.customer);
        let Some(Found::One(customer)) = found else { return Err(missing(&told.customer)) };
        let department = departments.iter().find(|one| one.name == told.department);
        let department = department.map(|one| one.id.clone()).ok_or_else(|| missing(&told.department))?;
        let (owner, name) = owners.get(&told.owner).ok_or_else(|| missing(&told.owner))?;
        let now = actor.now - Duration::hours(told.hours_ago);
        let then = Actor { now, name: name.clone(), ..actor.clone() };
        let repeat_of = last.take().filter(|_| told.repeats);
        let shipped = shipments::store::of_customer(db.read(), &customer, then.today(), told.shipments).await?;
        let waybills = shipped.into_iter().map(|one| one.waybill).collect();
        let draft = ComplaintDraft { waybills, ..draft(told, customer, department, owner, repeat_of) };
        let new = complaints.log(&then, draft).await?;
        last = Some(new.id.clone());
        let responsible = departments.iter().find(|one| one.name == told.responsible).map(|one| one.id.clone());
        handled(&complaints, &then, told, new, responsible).await?;
    }
    Ok(())
}

fn missing(what: &str) -> Error {
    Error::Bug(format!("the demo has no {what}"))
}

fn draft(
    told: &Complaint,
    customer: CustomerId,
    department: DepartmentId,
    owner: &UserId,
    repeat_of: Option<ComplaintId>,
) -> ComplaintDraft {
    ComplaintDraft {
        customer,
        department: Some(department),
        contact: None,
        channel: told.channel,
        category: told.category,
        severity: told.severity,
        express: told.express,
        words: told.words.clone(),
        wish: told.wish.clone(),
        received_at: None,
        owner: Some(owner.clone()),
        waybills: Vec::new(),
        repeat_of,
    }
}

/// The steps, some minutes apart.
async fn handled(
    complaints: &Complaints,
    then: &Actor,
    told: &Complaint,
    new: Model,
    responsible: Option<DepartmentId>,
) -> Result<(), Error> {
    let mut now = new;
    let mut actor = then.clone();
    for (step, text) in Step::ALL.iter().copied().zip(&told.told) {
        actor.now += Duration::minutes(7);
        if step == Step::Resolve {
            now = complaints.propose(&actor, &now.id, now.version, &solution(told)).await?;
        }
        let draft = StepDraft {
            step,
            skip_reason: String::new(),
            text: String::new(),
            told: text.clone(),
            told_how: Some(told.channel),
            told_at: None,
            answer: (step == Step::Confirm).then_some(Answer::Agreed),
            close_reason: String::new(),
        };
        now = complaints.take_step(&actor, &now.id, now.version, &draft).await?;
    }
    if now.solution.is_empty() && !told.solution.is_empty() {
        // By the agent himself, so that his authority counts.
        let own = agent(&actor, now.owner_id.as_ref());
        now = complaints.propose(&own, &now.id, now.version, &solution(told)).await?;
    }
    if let Some(cause) = told.cause {
        let draft = CauseDraft {
            cause,
            text: told.cause_text.clone(),
            department: responsible.or_else(|| Some(now.department_id.clone())),
            correction: told.correction.clone(),
            correction_due: (!told.correction.is_empty()).then(|| actor.today() + Duration::days(30)),
        };
        complaints.explain(&actor, &now.id, now.version, &draft).await?;
    }
    Ok(())
}

fn solution(told: &Complaint) -> SolutionDraft {
    SolutionDraft {
        solution: told.solution.clone(),
        extra: String::new(),
        compensation: told.compensation.clone(),
        currency: Some(Currency::CNY),
    }
}

fn agent(actor: &Actor, id: Option<&UserId>) -> Actor {
    let Some(id) = id.cloned() else { return actor.clone() };
    let needed = [customers::VIEW, complaints::VIEW, complaints::HANDLE];
    let permissions = needed.map(|permission| (permission, Scope::All)).into_iter().collect();
    Actor { kind: ActorKind::User { id, session: String::new() }, permissions, ..actor.clone() }
}
