//! One method per business verb.

use std::collections::BTreeMap;

use base::{Actor, Cursor, CustomerId, DepartmentId, Error, FieldProblem, Instant, Message, Page, PageSize};
use calendar::{Clock, WorkingTime, calendar_of};
use customers::forms::InteractionDraft;
use customers::interaction::{Direction, Outcome};
use customers::{Brief, Found};
use db::{Db, Tx, audit, outbox, settings};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::forms::{NoteDraft, TellDraft};
use crate::note::{Model, NoteId, Origin, Status};
use crate::policy::{self, Policy};
use crate::rules::{self, Refusal};
use crate::store::{self, Speed, Which};
use crate::{ANSWER, LOG, VIEW, events};

#[derive(Clone, Debug)]
pub struct Feedback {
    db: Db,
}

/// A note with whom it concerns, as far as the actor may know.
#[derive(Clone, Debug)]
pub struct NoteFile {
    pub note: Model,
    pub customer: Option<Brief>,
    pub department: String,
    /// What the clock of the department says now, while it waits: working minutes left, below zero when it is over.
    pub minutes_left: Option<i64>,
    pub may_answer: bool,
}

impl Feedback {
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Anybody notes what a customer said. Who is meant by a name is looked up among all customers and told to nobody.
    ///
    /// # Errors
    /// `Forbidden` without the permission, `Invalid` by field, `NotFound` for a customer out of sight.
    pub async fn note(&self, actor: &Actor, draft: NoteDraft) -> Result<NoteId, Error> {
        actor.require(LOG)?;
        let tx = self.db.begin().await?;
        let id = note_in(&tx, actor, draft, Origin::Employee, None).await?;
        self.db.commit(tx).await?;
        Ok(id)
    }

    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn list(
        &self,
        actor: &Actor,
        which: Which,
        department: Option<&DepartmentId>,
        after: Option<&Cursor>,
        size: PageSize,
    ) -> Result<Page<NoteFile>, Error> {
        actor.require(VIEW)?;
        let found = store::list(self.db.read(), actor, which, department, after, size).await?;
        let rows = self.files(actor, found.rows).await?;
        Ok(Page { rows, next: found.next })
    }

    /// # Errors
    /// `Forbidden` without the permission, `NotFound` out of reach.
    pub async fn get(&self, actor: &Actor, id: &NoteId) -> Result<NoteFile, Error> {
        actor.require(VIEW)?;
        let note = store::get(self.db.read(), actor, VIEW, id).await?;
        self.files(actor, vec![note]).await?.pop().ok_or(Error::NotFound)
    }

    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn counts(&self, actor: &Actor) -> Result<BTreeMap<Status, i64>, Error> {
        actor.require(VIEW)?;
        store::counts(self.db.read(), actor).await
    }

    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn speeds(&self, actor: &Actor, since: Instant) -> Result<Vec<Speed>, Error> {
        actor.require(VIEW)?;
        store::speeds(self.db.read(), actor, since).await
    }

    /// The department says what it does about it.
    ///
    /// # Errors
    /// `Conflict` when somebody was faster, `Invalid` without a text, `Refused` when it does not wait.
    pub async fn answer(&self, actor: &Actor, id: &NoteId, version: i64, text: &str) -> Result<Model, Error> {
        refuse(rules::text_problem("answer", text))?;
        let (tx, mut note) = self.hold(actor, id, version).await?;
        rules::may_answer(&note).map_err(Error::refused)?;
        let calendar = calendar_of(&tx, note.department_id.as_ref()).await?;
        let worked = calendar.between(note.logged_at, actor.now, &[]).answer;
        note.status = Status::Answered;
        note.answer = text.trim().to_owned();
        note.answered_at = Some(actor.now);
        note.answered_by.clone_from(&actor.name);
        note.answered_minutes = Some(worked.num_minutes());
        outbox::add(&tx, actor.now, events::of(events::ANSWERED, &note)).await?;
        self.keep(tx, actor, note, "feedback.answered").await
    }

    /// Tells the customer what came of it, as an interaction on his timeline.
    ///
    /// # Errors
    /// As `answer`; `Refused` when it is not answered or nobody knows whose words they are.
    pub async fn tell(&self, actor: &Actor, id: &NoteId, version: i64, draft: TellDraft) -> Result<Model, Error> {
        let (tx, note) = self.hold(actor, id, version).await?;
        rules::may_tell(&note).map_err(Error::refused)?;
        let Some(customer) = note.customer_id.clone() else { return Err(Error::refused(Refusal::Unclear)) };
        let text = Some(draft.text.trim()).filter(|text| !text.is_empty()).unwrap_or(&note.answer).to_owned();
        let told = InteractionDraft {
            kind: draft.kind,
            direction: Direction::Outgoing,
            happened_at: None,
            outcome: Some(Outcome::Reached),
            mood: None,
            text,
            next_step: String::new(),
            next_step_on: None,
            next_step_by: None,
            no_next_step: true,
            shipments: Vec::new(),
            origin: None,
            author: None,
        };
        let interaction = customers::log_in(&tx, actor, &customer, told).await?;
        let note = told_by(note, actor, interaction.as_str());
        outbox::add(&tx, actor.now, events::of(events::TOLD, &note)).await?;
        self.keep(tx, actor, note, "feedback.told").await
    }

    /// Nothing follows from it, and why.
    ///
    /// # Errors
    /// As `answer`.
    pub async fn set_aside(&self, actor: &Actor, id: &NoteId, version: i64, reason: &str) -> Result<Model, Error> {
        refuse(rules::text_problem("reason", reason))?;
        let (tx, mut note) = self.hold(actor, id, version).await?;
        rules::may_answer(&note).map_err(Error::refused)?;
        note.status = Status::SetAside;
        note.reason = reason.trim().to_owned();
        self.keep(tx, actor, note, "feedback.set_aside").await
    }

    /// Another department answers; its hours count from when the customer said it.
    ///
    /// # Errors
    /// As `answer`; `Invalid` for a department that is not there.
    pub async fn pass_on(&self, actor: &Actor, id: &NoteId, version: i64, to: &DepartmentId) -> Result<Model, Error> {
        let (tx, mut note) = self.hold(actor, id, version).await?;
        rules::may_answer(&note).map_err(Error::refused)?;
        note.department_id = Some(to.clone());
        (note.due_at, note.due_order) = due(&tx, note.department_id.as_ref(), note.logged_at).await?;
        self.keep(tx, actor, note, "feedback.passed_on").await
    }

    /// Says which customer is meant.
    ///
    /// # Errors
    /// As `answer`; `Invalid` when no customer in sight is called so, or several are.
    pub async fn link(&self, actor: &Actor, id: &NoteId, version: i64, called: &str) -> Result<Model, Error> {
        let (tx, mut note) = self.hold(actor, id, version).await?;
        let found = customers::store::by_name_or_code(&tx, actor, called).await?;
        let [customer] = found.as_slice() else {
            return Err(Error::invalid("customer", Message::new("feedback-customer_unknown")));
        };
        note.customer_id = Some(customer.customer_id());
        self.keep(tx, actor, note, "feedback.linked").await
    }

    async fn hold(&self, actor: &Actor, id: &NoteId, version: i64) -> Result<(Tx, Model), Error> {
        actor.require(ANSWER)?;
        let tx = self.db.begin().await?;
        let note = store::get(&tx, actor, ANSWER, id).await?;
        match note.version == version {
            true => Ok((tx, note)),
            false => Err(Error::Conflict),
        }
    }

    async fn keep(&self, tx: Tx, actor: &Actor, note: Model, action: &'static str) -> Result<Model, Error> {
        save(&tx, actor, &note, action).await?;
        self.db.commit(tx).await?;
        Ok(Model { version: note.version + 1, ..note })
    }

    async fn files(&self, actor: &Actor, notes: Vec<Model>) -> Result<Vec<NoteFile>, Error> {
        let db = self.db.read();
        let ids: Vec<CustomerId> = notes.iter().filter_map(|note| note.customer_id.clone()).collect();
        let mut customers = BTreeMap::new();
        if actor.has(customers::VIEW) {
            customers = customers::briefly(db, actor, &ids).await?;
        }
        let named: BTreeMap<_, _> =
            customers::store::departments::departments(db).await?.into_iter().map(|row| (row.id, row.name)).collect();
        let mut calendars = BTreeMap::new();
        let mut files = Vec::with_capacity(notes.len());
        for note in notes {
            let department = note.department_id.clone();
            let mut minutes_left = None;
            if let (Status::Waiting, Some(due)) = (note.status, note.due_at) {
                if !calendars.contains_key(&department) {
                    calendars.insert(department.clone(), calendar_of(db, department.as_ref()).await?);
                }
                minutes_left = calendars.get(&department).map(|calendar| match due > actor.now {
                    true => calendar.between(actor.now, due, &[]).answer.num_minutes(),
                    false => -calendar.between(due, actor.now, &[]).answer.num_minutes().max(1),
                });
            }
            files.push(NoteFile {
                customer: note.customer_id.as_ref().and_then(|id| customers.get(id)).cloned(),
                department: department.and_then(|id| named.get(&id)).cloned().unwrap_or_default(),
                minutes_left,
                may_answer: may_answer(actor, &note, &customers),
                note,
            });
        }
        Ok(files)
    }
}

/// Whether the actor's permission to answer reaches the note; `store::visible_to` says the same for a query.
fn may_answer(actor: &Actor, note: &Model, seen: &BTreeMap<CustomerId, Brief>) -> bool {
    let mine = || note.logged_by_id.is_some() && note.logged_by_id.as_ref() == actor.user_id();
    let own_customer = || {
        let owner = note.customer_id.as_ref().and_then(|id| seen.get(id)).and_then(|brief| brief.owner_id.as_ref());
        owner.is_some() && owner == actor.user_id()
    };
    match actor.scope(ANSWER) {
        Some(base::Scope::All) => true,
        Some(base::Scope::Departments(all)) => {
            mine() || own_customer() || note.department_id.as_ref().is_some_and(|id| all.contains(id))
        }
        Some(base::Scope::Own) => mine() || own_customer(),
        None => false,
    }
}

/// Notes what a customer said in an open transaction, for other modules.
///
/// # Errors
/// As `Feedback::note`.
pub async fn note_in(
    tx: &Tx,
    actor: &Actor,
    draft: NoteDraft,
    origin: Origin,
    origin_id: Option<String>,
) -> Result<NoteId, Error> {
    let draft = rules::checked(draft).map_err(Error::Invalid)?;
    let (customer, called, its_department) = whose(tx, actor, &draft).await?;
    let department_id = draft.department.or(its_department);
    let (due_at, due_order) = due(tx, department_id.as_ref(), actor.now).await?;
    let id = NoteId::new(actor.now);
    let note = Model {
        id: id.0.clone(),
        customer_id: customer,
        customer_called: called,
        said_by: draft.said_by,
        words: draft.words,
        origin,
        origin_id,
        department_id,
        logged_at: actor.now,
        logged_by: actor.name.clone(),
        logged_by_id: actor.user_id().cloned(),
        due_at,
        due_order,
        status: Status::Waiting,
        answer: String::new(),
        answered_at: None,
        answered_by: String::new(),
        answered_minutes: None,
        told_at: None,
        told_by: String::new(),
        interaction_id: None,
        reason: String::new(),
        version: 1,
    };
    store::insert(tx, &note).await?;
    let told = json!({"customer": note.customer_id, "department": note.department_id});
    audit::record(tx, actor, "feedback.noted", "feedback", &note.id, told).await?;
    outbox::add(tx, actor.now, events::of(events::NOTED, &note)).await?;
    Ok(id)
}

/// The customer, how he was called, and his department.
async fn whose(
    tx: &Tx,
    actor: &Actor,
    draft: &NoteDraft,
) -> Result<(Option<CustomerId>, String, Option<DepartmentId>), Error> {
    if let Some(id) = &draft.customer {
        let customer = customers::store::get(tx, actor, customers::VIEW, id).await?;
        return Ok((Some(customer.customer_id()), customer.name, customer.department_id));
    }
    let called = draft.customer_called.clone();
    let found = customers::find_many(tx, std::slice::from_ref(&called)).await?.remove(&called);
    match found {
        Some(Found::One(id)) => {
            let department = customers::store::departments::of_customer(tx, &id).await?;
            Ok((Some(id), called, department))
        }
        Some(Found::Several) | None => Ok((None, called, None)),
    }
}

/// When the department has to have answered, and its sort key.
async fn due(
    tx: &impl ConnectionTrait,
    department: Option<&DepartmentId>,
    from: Instant,
) -> Result<(Option<Instant>, i64), Error> {
    let policy: Policy = settings::get(tx, policy::KEY).await?;
    let unknown = |error| match error {
        Error::NotFound => Error::invalid("department", Message::new("feedback-department_unknown")),
        other => other,
    };
    let calendar = calendar_of(tx, department).await.map_err(unknown)?;
    let due = Clock::starting(from, WorkingTime::hours(policy.answer_hours)).read(&calendar, from).due_at;
    Ok((due, due.map_or(i64::MAX, |due| due.timestamp_micros())))
}

/// The note after the customer was told by this interaction.
pub(crate) fn told_by(note: Model, actor: &Actor, interaction: &str) -> Model {
    Model {
        status: Status::Told,
        told_at: Some(actor.now),
        told_by: actor.name.clone(),
        interaction_id: Some(interaction.into()),
        ..note
    }
}

pub(crate) async fn save(tx: &Tx, actor: &Actor, note: &Model, action: &'static str) -> Result<(), Error> {
    store::save(tx, note).await?;
    let told = json!({"status": note.status, "customer": note.customer_id, "department": note.department_id});
    audit::record(tx, actor, action, "feedback", &note.id, told).await
}

fn refuse(problem: Option<FieldProblem>) -> Result<(), Error> {
    problem.map_or(Ok(()), |problem| Err(Error::Invalid(vec![problem])))
}

/// Those to whom the reader may give a note.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn departments(db: &impl ConnectionTrait) -> Result<Vec<(String, String)>, Error> {
    let all = customers::store::departments::departments(db).await?;
    Ok(all.into_iter().map(|row| (row.id.0, row.name)).collect())
}
