//! Asking a second person, and answering.

mod limits;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use base::{Actor, ActorKind, CustomerId, Error, Message, Money, Page, PageSize};
use base::{Cursor, FieldProblem};
use db::{Db, Tx, audit, outbox};
use sea_orm::ConnectionTrait;
use serde_json::json;
use shipments::Shipments;

use crate::approval::{Answer, ApprovalId, Model, Status};
use crate::limit::Authority;
use crate::rules::{self, Decider, MOST_NOTE, Refusal};
use crate::{DECIDE, events, store};

pub use limits::{LimitRow, RoleLimits};

/// Something that may need a second person; the module that asks declares it: `approvals::Kind { name: "compensation",
/// title_key: "complaint-approval_compensation" }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// Stored, part of the API and of addresses.
    pub name: &'static str,
    pub title_key: &'static str,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    pub kind: Kind,
    /// What the audit calls it: `complaint`, `claim`.
    pub object: &'a str,
    pub object_id: &'a str,
    pub customer: Option<&'a CustomerId>,
    /// In its own currency.
    pub amount: Option<Money>,
    /// Why, and what for: what the second person reads first.
    pub reason: Message,
    /// The page of the object.
    pub href: String,
}

/// All questions and answers.
#[derive(Clone, Debug)]
pub struct Approvals(Arc<Inside>);

#[derive(Debug)]
struct Inside {
    db: Db,
    kinds: RwLock<Vec<Kind>>,
}

impl Approvals {
    pub fn new(db: Db) -> Self {
        Self(Arc::new(Inside { db, kinds: RwLock::default() }))
    }

    /// The kinds of all modules, once at start.
    pub fn know(&self, kinds: impl IntoIterator<Item = Kind>) {
        self.0.kinds.write().unwrap_or_else(PoisonError::into_inner).extend(kinds);
    }

    pub fn kinds(&self) -> Vec<Kind> {
        self.0.kinds.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks, in the transaction of the act. The caller has checked that the actor may ask for it, and that he may not do
    /// it alone (`may_alone`).
    ///
    /// # Errors
    /// Refused when the same is waiting for an answer already.
    pub async fn ask(&self, tx: &Tx, actor: &Actor, ask: Ask<'_>) -> Result<ApprovalId, Error> {
        let worth = match ask.amount {
            Some(amount) => self.worth(tx, actor, amount).await?,
            None => None,
        };
        let row = Model {
            id: ApprovalId::new(actor.now),
            kind: ask.kind.name.into(),
            object: ask.object.into(),
            object_id: ask.object_id.into(),
            customer_id: ask.customer.cloned(),
            amount: ask.amount.map(|amount| amount.minor),
            currency: ask.amount.map(|amount| amount.currency.to_string()),
            worth: worth.map(|worth| worth.minor),
            worth_currency: worth.map(|worth| worth.currency.to_string()),
            reason: serde_json::to_value(&ask.reason).map_err(|error| Error::Bug(error.to_string()))?,
            href: ask.href,
            status: Status::Waiting,
            waiting_for: Some(format!("{} {} {}", ask.kind.name, ask.object, ask.object_id)),
            asked_at: actor.now,
            asked_by_id: id_of(actor),
            asked_by: actor.name.clone(),
            department_id: actor.department.clone(),
            decided_at: None,
            decided_by: String::new(),
            decided_by_id: None,
            note: String::new(),
            version: 1,
        };
        if !store::insert(tx, row.clone()).await? {
            return Err(Error::refused(Refusal::WaitsAlready));
        }
        tell(tx, actor, "approval.asked", &row).await?;
        Ok(row.id)
    }

    /// Approves or refuses.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `Invalid` for the note, `Conflict` when somebody answers at the same moment, and what
    /// `rules::decide` refuses.
    pub async fn decide(&self, actor: &Actor, id: &ApprovalId, answer: Answer, note: &str) -> Result<Model, Error> {
        actor.require(DECIDE)?;
        let note = note_of(answer, note)?;
        let tx = self.0.db.begin().await?;
        let approval = store::get(&tx, actor, id).await?;
        let authority = self.authority_for(&tx, actor, &approval.kind).await?;
        let by = Decider { id: &id_of(actor), user: actor.user_id(), name: &actor.name, authority };
        let decided = rules::decide(approval, &by, answer, note, actor.now).map_err(Error::refused)?;
        let decided = store::save(&tx, decided).await?;
        tell(&tx, actor, "approval.decided", &decided).await?;
        self.0.db.commit(tx).await?;
        Ok(decided)
    }

    /// Takes the actor's own question back.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, or a refusal for somebody else's and what has been decided.
    pub async fn withdraw(&self, actor: &Actor, id: &ApprovalId) -> Result<Model, Error> {
        let tx = self.0.db.begin().await?;
        let approval = store::get(&tx, actor, id).await?;
        let ended = rules::withdraw(approval, &id_of(actor), &actor.name, actor.now).map_err(Error::refused)?;
        let ended = store::save(&tx, ended).await?;
        tell(&tx, actor, "approval.withdrawn", &ended).await?;
        self.0.db.commit(tx).await?;
        Ok(ended)
    }

    /// Takes everything back that waits for an answer about an object, in the transaction of the act that makes it
    /// pointless. The caller has checked that the actor may do that act.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn withdraw_all(&self, tx: &Tx, actor: &Actor, object: &str, object_id: &str) -> Result<(), Error> {
        let all = store::of(tx, object, object_id).await?;
        for waiting in all.into_iter().filter(|one| one.status == Status::Waiting) {
            let ended = rules::ended(waiting, Status::Withdrawn, &actor.name, actor.now);
            let ended = store::save(tx, ended).await?;
            tell(tx, actor, "approval.withdrawn", &ended).await?;
        }
        Ok(())
    }

    /// What has become of these, whoever may see them: for the module that asked. What does not exist is left out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn state_of(
        &self,
        db: &impl ConnectionTrait,
        ids: &[ApprovalId],
    ) -> Result<BTreeMap<ApprovalId, Model>, Error> {
        store::by_ids(db, ids).await
    }

    /// Everything that was asked about an object, last asked first: for the module that owns it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of(&self, db: &impl ConnectionTrait, object: &str, object_id: &str) -> Result<Vec<Model>, Error> {
        store::of(db, object, object_id).await
    }

    /// What the actor may grant alone, in the reporting currency.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn authority(&self, db: &impl ConnectionTrait, actor: &Actor, kind: Kind) -> Result<Authority, Error> {
        self.authority_for(db, actor, kind.name).await
    }

    /// Whether the actor may grant this amount without asking. An amount of which no rate is known only whoever has no
    /// limit may grant.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn may_alone(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        kind: Kind,
        amount: Money,
    ) -> Result<bool, Error> {
        let worth = self.worth(db, actor, amount).await?;
        Ok(self.authority(db, actor, kind).await?.covers(worth))
    }

    /// Longest waiting first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn waiting(&self, actor: &Actor) -> Result<Vec<Model>, Error> {
        store::waiting(self.0.db.read(), actor).await
    }

    /// Last decided first.
    ///
    /// # Errors
    /// `Invalid` when the place is none of this list.
    pub async fn decided(&self, actor: &Actor, after: Option<&Cursor>, size: PageSize) -> Result<Page<Model>, Error> {
        store::decided(self.0.db.read(), actor, after, size).await
    }

    /// # Errors
    /// `NotFound` also when it is out of the actor's reach.
    pub async fn get(&self, actor: &Actor, id: &ApprovalId) -> Result<Model, Error> {
        store::get(self.0.db.read(), actor, id).await
    }

    /// Why the actor cannot answer this one; `None` when he can.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn hindrance(&self, actor: &Actor, approval: &Model) -> Result<Option<Refusal>, Error> {
        let authority = self.authority_for(self.0.db.read(), actor, &approval.kind).await?;
        let by = Decider { id: &id_of(actor), user: actor.user_id(), name: &actor.name, authority };
        Ok(rules::decide(approval.clone(), &by, Answer::Approve, String::new(), actor.now).err())
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    async fn worth(&self, db: &impl ConnectionTrait, actor: &Actor, amount: Money) -> Result<Option<Money>, Error> {
        let reporting = Shipments::new(self.0.db.clone()).policy().await?.reporting;
        Ok(shipments::store::rates::into(db, reporting).await?.convert(amount, actor.today()))
    }
}

/// As `asked_by_id` has it: a key acts for its user.
pub(crate) fn id_of(actor: &Actor) -> String {
    match &actor.kind {
        ActorKind::User { id, .. } | ActorKind::Key { user: id, .. } => id.to_string(),
        ActorKind::System(name) => format!("system:{name}"),
    }
}

/// Whoever refuses says why.
fn note_of(answer: Answer, note: &str) -> Result<String, Error> {
    let problem = |key: &str| Err(Error::Invalid(vec![FieldProblem::new("note", Message::new(key))]));
    match (answer, note.trim()) {
        (Answer::Refuse, "") => problem("approval-note_missing"),
        (_, note) if note.chars().count() > MOST_NOTE => problem("approval-note_too_long"),
        (_, note) => Ok(note.to_owned()),
    }
}

async fn tell(tx: &Tx, actor: &Actor, act: &str, approval: &Model) -> Result<(), Error> {
    let detail = json!({
        "kind": approval.kind, "object": approval.object, "object_id": approval.object_id,
        "amount": approval.amount, "currency": approval.currency, "status": approval.status, "note": approval.note,
    });
    audit::record(tx, actor, act, "approval", approval.id.as_str(), detail).await?;
    outbox::add(tx, actor.now, events::told(approval)).await
}
