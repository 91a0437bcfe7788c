//! What a row of a file tells, and whether we have it already.

use std::collections::{BTreeMap, BTreeSet};

use base::{Actor, CustomerId, Error, FieldProblem, Instant, Message, Scope, UserId};
use module::{Difference, Options, Record, Value};
use sea_orm::ConnectionTrait;
use sha2::{Digest, Sha256};

use super::{chosen, problem};
use crate::customer::Model;
use crate::find::{Found, find_many};
use crate::forms::{Author, CustomerDraft, InteractionDraft};
use crate::interaction::{self, Direction, InteractionKind};
use crate::service::{department_of, own, told};
use crate::store::{self, touches};
use crate::{people, rules};

/// Source of the keys of imported interactions, the same for every file.
pub const SOURCE: &str = "import";

/// One row that can be believed.
#[derive(Clone, Debug)]
pub struct Told {
    pub customer: Whom,
    pub draft: InteractionDraft,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whom {
    Known(String),
    /// By `rules::name_key`: the import creates him.
    New(String),
}

/// What the rows may mean.
pub struct Known {
    pub customers: BTreeMap<String, Model>,
    found: BTreeMap<String, Found>,
    people: Vec<people::Model>,
}

impl Known {
    pub async fn load(db: &impl ConnectionTrait, actor: &Actor, records: &[&Record]) -> Result<Self, Error> {
        let texts = |field: &'static str| -> Vec<String> {
            let all: BTreeSet<&str> = records.iter().filter_map(|record| record.text(field)).collect();
            all.into_iter().map(str::to_owned).collect()
        };
        let found = find_many(db, &texts("customer")).await?;
        let ids: BTreeSet<String> = found.values().filter_map(id_of).collect();
        let ids: Vec<String> = ids.into_iter().collect();
        let reached = store::reached(db, actor, crate::LOG, &ids).await?;
        let customers = reached.into_iter().map(|one| (one.id.clone(), one)).collect();
        Ok(Self { customers, found, people: store::people_called(db, &texts("person")).await? })
    }

    pub fn told(&self, actor: &Actor, record: &Record, options: &Options) -> Result<Told, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let customer = self.whom(actor, record, options).map_err(|problem| problems.push(problem)).ok();
        let draft = self.draft(record, actor.now).map_err(|more| problems.extend(more)).ok();
        match (customer, draft) {
            (Some(customer), Some(draft)) => Ok(Told { customer, draft }),
            _ => Err(problems),
        }
    }

    fn whom(&self, actor: &Actor, record: &Record, options: &Options) -> Result<Whom, FieldProblem> {
        let name = record.text("customer").unwrap_or_default();
        match self.found.get(name) {
            Some(Found::One(id)) if self.customers.contains_key(id.as_str()) => Ok(Whom::Known(id.0.clone())),
            Some(Found::One(_)) => Err(problem("customer", "customer-import-out_of_reach")),
            Some(Found::Several) => Err(problem("customer", "customer-import-several")),
            None if !options.create_customers => Err(problem("customer", "customer-import-unknown_customer")),
            None if !actor.has(crate::CREATE) => Err(problem("customer", "customer-import-may_not_create")),
            None => match named(actor, name) {
                // Whom the actor did not reach once he is there, the rows of the next chunk could not be logged with.
                Ok((draft, department)) if !reaches(actor, &draft, department.as_ref()) => {
                    Err(problem("customer", "customer-import-may_not_create"))
                }
                Ok((draft, _)) => Ok(Whom::New(rules::name_key(&draft.name))),
                Err(Error::Invalid(problems)) => {
                    let first = problems.into_iter().next();
                    Err(first.map_or_else(
                        || problem("customer", "customer-name_missing"),
                        |problem| FieldProblem { field: "customer".into(), ..problem },
                    ))
                }
                Err(_) => Err(problem("customer", "customer-import-may_not_create")),
            },
        }
    }

    fn draft(&self, record: &Record, now: Instant) -> Result<InteractionDraft, Vec<FieldProblem>> {
        let next_step = record.text("next_step").unwrap_or_default().to_owned();
        let next_step_on = record.day("next_step_on");
        let draft = InteractionDraft {
            kind: chosen(record, "kind").unwrap_or(InteractionKind::Call),
            direction: chosen(record, "direction").unwrap_or(Direction::Outgoing),
            happened_at: moment(record),
            outcome: chosen(record, "outcome"),
            mood: chosen(record, "mood"),
            text: record.text("text").unwrap_or_default().to_owned(),
            // What a file does not say about the future, nobody promised.
            no_next_step: next_step.is_empty() && next_step_on.is_none(),
            next_step,
            next_step_on,
            next_step_by: None,
            shipments: Vec::new(),
            origin: None,
            author: record.text("person").map(|name| self.author(name)),
        };
        rules::checked_interaction(&draft, now).map(|()| draft)
    }

    /// A name that is none of the users' is kept as a name.
    fn author(&self, name: &str) -> Author {
        let mut called = self.people.iter().filter(|person| person.name == name || person.login == name);
        match (called.next(), called.next()) {
            (Some(person), None) => Author { name: person.name.clone(), id: Some(UserId(person.id.clone())) },
            _ => Author { name: name.into(), id: None },
        }
    }
}

impl Told {
    /// The same telling of the same customer has the same key, however often it is imported.
    pub fn key(&self, customer: &str) -> String {
        let at = self.draft.happened_at.map_or(0, |at| at.timestamp_micros());
        let told = format!("{customer}\n{at}\n{}\n{}", self.draft.kind, self.draft.text.trim());
        Sha256::digest(told).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub fn known_key(&self) -> Option<String> {
        match &self.customer {
            Whom::Known(id) => Some(self.key(id)),
            Whom::New(_) => None,
        }
    }

    pub fn row(self, actor: &Actor, customer: &str) -> interaction::Model {
        let origin = Some((SOURCE.to_owned(), self.key(customer)));
        told(actor, &CustomerId(customer.into()), InteractionDraft { origin, ..self.draft })
    }

    /// What is stored with what the row says otherwise, and which fields these are; empty cells change nothing.
    pub fn over(&self, record: &Record, stored: &interaction::Model) -> (interaction::Model, Vec<String>) {
        let mut row = stored.clone();
        let says = |field: &str| record.values.contains_key(field);
        if says("direction") {
            row.direction = self.draft.direction;
        }
        row.outcome = self.draft.outcome.or(row.outcome);
        row.mood = self.draft.mood.or(row.mood);
        if says("next_step") {
            row.next_step = Some(self.draft.next_step.trim().to_owned());
            row.next_step_on = self.draft.next_step_on;
            row.no_next_step = false;
        }
        if let Some(author) = &self.draft.author {
            (row.by_name, row.by_id) = (author.name.clone(), author.id.clone());
        }
        if row.next_step.is_some() && stored.next_step.is_none() {
            row.next_step_by = row.by_id.clone();
        }
        let pairs = kept(stored).into_iter().zip(kept(&row));
        let fields = pairs.filter(|(before, after)| before != after).map(|(_, (field, _))| field.to_owned()).collect();
        (row, fields)
    }
}

impl Told {
    /// What is stored and what it becomes, where the two differ.
    pub fn differences(&self, record: &Record, stored: &interaction::Model) -> Vec<Difference> {
        let (after, _) = self.over(record, stored);
        let pairs = kept(stored).into_iter().zip(kept(&after)).filter(|(before, after)| before != after);
        pairs.map(|((field, before), (_, after))| Difference { field: field.to_owned(), before, after }).collect()
    }
}

/// What an import may change of an interaction, by the names of the fields in a file.
pub fn kept(row: &interaction::Model) -> [(&'static str, String); 6] {
    [
        ("direction", row.direction.word().into()),
        ("outcome", row.outcome.map_or_else(String::new, |outcome| outcome.word().into())),
        ("mood", row.mood.map_or_else(String::new, |mood| mood.word().into())),
        ("next_step", row.next_step.clone().unwrap_or_default()),
        ("next_step_on", row.next_step_on.map_or_else(String::new, |day| day.to_string())),
        ("person", row.by_name.clone()),
    ]
}

/// What of these was imported before, by key.
///
/// # Errors
/// When the database does not answer.
pub async fn stored(db: &impl ConnectionTrait, keys: &[String]) -> Result<BTreeMap<String, interaction::Model>, Error> {
    let rows = touches::imported(db, SOURCE, keys).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.source_key.clone()?, row))).collect())
}

/// A customer of whom only the name is known, ready to be created.
///
/// # Errors
/// `Invalid` when the actor may not own him.
pub fn named(actor: &Actor, name: &str) -> Result<(CustomerDraft, Option<base::DepartmentId>), Error> {
    let mut draft = rules::checked(CustomerDraft::named(name)).map_err(Error::Invalid)?;
    own(actor, &mut draft);
    let department = department_of(actor, crate::CREATE, draft.owner_id.as_ref(), None);
    let out_of_reach = || Error::invalid("customer", Message::new("customer-owner_out_of_reach"));
    Ok((draft, department.ok_or_else(out_of_reach)?))
}

/// Whether the actor may see and log with a customer that he creates so.
fn reaches(actor: &Actor, draft: &CustomerDraft, department: Option<&base::DepartmentId>) -> bool {
    let own = draft.owner_id.is_some() && draft.owner_id.as_ref() == actor.user_id();
    [crate::VIEW, crate::LOG].into_iter().all(|permission| match actor.scope(permission) {
        Some(Scope::All) => true,
        Some(Scope::Departments(some)) => own || department.is_some_and(|department| some.contains(department)),
        Some(Scope::Own) => own,
        None => false,
    })
}

fn id_of(found: &Found) -> Option<String> {
    match found {
        Found::One(id) => Some(id.0.clone()),
        Found::Several => None,
    }
}

fn moment(record: &Record) -> Option<Instant> {
    match record.values.get("happened_at") {
        Some(Value::Moment { at, .. }) => Some(*at),
        _ => None,
    }
}
