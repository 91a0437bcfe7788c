//! One method per business verb.

mod create;
mod hidden_code;
mod log;
mod shown;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use base::{Actor, CustomerId, Error, Message, Page, PageSize, Permission, Scope, UserId};
use db::{Db, audit};
use module::{CustomerPanel, TimelineSource};
use serde_json::json;

use crate::assess::{Assessed, assess};
use crate::customer::{Model, Stage};
use crate::forms::{CustomerDraft, InteractionDraft};
use crate::interaction::{self, InteractionId};
use crate::rules::{self, Refusal};
use crate::store::{self, Filter, Sort, parts, touches};
use crate::{address, assessment, people};

pub use create::create_in;
pub(crate) use create::{change_in, create_many, department_of, difference, own, write_change};
pub(crate) use hidden_code::within_limit;
pub use log::{log_in, unlog_in};
pub(crate) use log::{log_many, recount_contact, told};
pub(crate) use shown::Beside;

#[derive(Clone)]
pub struct Customers {
    db: Db,
    shown: Arc<OnceLock<Shown>>,
}

/// What all modules show on the customer page.
struct Shown {
    panels: Vec<Arc<dyn CustomerPanel>>,
    sources: Vec<Arc<dyn TimelineSource>>,
}

impl std::fmt::Debug for Customers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Customers").field("db", &self.db).finish_non_exhaustive()
    }
}

/// A customer with what belongs to its file.
#[derive(Clone, Debug, serde::Serialize)]
pub struct CustomerFile {
    #[serde(flatten)]
    pub customer: Model,
    pub tags: Vec<String>,
    pub addresses: Vec<address::Model>,
    pub assessments: Vec<assessment::Model>,
}

impl CustomerFile {
    /// The file as its form has it.
    pub fn draft(&self) -> CustomerDraft {
        let customer = &self.customer;
        CustomerDraft {
            name: customer.name.clone(),
            short_name: customer.short_name.clone(),
            former_names: customer.former(),
            english_name: customer.english_name.clone(),
            credit_code: customer.credit_code.clone().unwrap_or_default(),
            industry: customer.industry.clone(),
            size: customer.size,
            relation_type: customer.relation_type,
            source: customer.source.clone(),
            owner_id: customer.owner_id.clone(),
            rhythm_days: customer.rhythm_days,
            notes: customer.notes.clone(),
            tags: self.tags.clone(),
            addresses: self.addresses.iter().map(address::Model::draft).collect(),
        }
    }
}

impl Customers {
    pub fn new(db: Db) -> Self {
        Self { db, shown: Arc::default() }
    }

    /// Says once, at start-up, what the customer page shows: the panels and the timelines of all modules, ours too.
    pub fn extend(&self, panels: Vec<Arc<dyn CustomerPanel>>, sources: Vec<Arc<dyn TimelineSource>>) {
        // Said twice, the first one stands: the program is put together once.
        let _ = self.shown.set(Shown { panels, sources });
    }

    pub(crate) fn panels(&self) -> &[Arc<dyn CustomerPanel>] {
        self.shown.get().map_or(&[], |shown| &shown.panels)
    }

    pub(crate) fn sources(&self) -> &[Arc<dyn TimelineSource>] {
        self.shown.get().map_or(&[], |shown| &shown.sources)
    }

    pub(crate) fn db(&self) -> &Db {
        &self.db
    }

    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn list(&self, actor: &Actor, filter: &Filter, size: PageSize) -> Result<Page<Model>, Error> {
        actor.require(crate::VIEW)?;
        let hidden = filter.sort.is_of_shipments() && !self.may_sort_by_shipments(actor);
        let by_name = hidden.then(|| Filter { sort: Sort::Name, ..filter.clone() });
        store::list(self.db.read(), actor, by_name.as_ref().unwrap_or(filter), size).await
    }

    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn count(&self, actor: &Actor, filter: &Filter) -> Result<i64, Error> {
        actor.require(crate::VIEW)?;
        store::count(self.db.read(), actor, filter).await
    }

    /// As `list`, with tags and addresses.
    ///
    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn files(&self, actor: &Actor, filter: &Filter, size: PageSize) -> Result<Page<CustomerFile>, Error> {
        let page = self.list(actor, filter, size).await?;
        let ids: Vec<String> = page.rows.iter().map(|row| row.id.clone()).collect();
        let mut tags = parts::tags_of_all(self.db.read(), &ids).await?;
        let mut addresses = parts::addresses_of_all(self.db.read(), &ids).await?;
        Ok(page.map(|customer| CustomerFile {
            tags: tags.remove(&customer.id).unwrap_or_default(),
            addresses: addresses.remove(&customer.id).unwrap_or_default(),
            assessments: Vec::new(),
            customer,
        }))
    }

    /// # Errors
    /// `NotFound` when there is none or it is out of the actor's scope.
    pub async fn file(&self, actor: &Actor, id: &CustomerId) -> Result<CustomerFile, Error> {
        actor.require(crate::VIEW)?;
        let db = self.db.read();
        Ok(CustomerFile {
            customer: store::get(db, actor, crate::VIEW, id).await?,
            tags: parts::tags_of(db, id).await?,
            addresses: parts::addresses_of(db, id).await?,
            assessments: store::assessments_of(db, id).await?,
        })
    }

    /// For imports: exact name or credit code.
    ///
    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn find_by_name_or_code(&self, actor: &Actor, text: &str) -> Result<Vec<Model>, Error> {
        actor.require(crate::VIEW)?;
        store::by_name_or_code(self.db.read(), actor, text).await
    }

    /// # Errors
    /// `Invalid` field by field, also when the code is taken or the owner out of reach; `TooMany` for whoever has
    /// learned of too many codes of customers that he does not reach.
    pub async fn create(&self, actor: &Actor, draft: CustomerDraft) -> Result<Model, Error> {
        actor.require(crate::CREATE)?;
        let asked = self.may_ask_for_code(actor, &draft, None).await?;
        let tx = self.db.begin().await?;
        match create_in(&tx, actor, draft).await {
            Ok(customer) => {
                self.db.commit(tx).await?;
                Ok(customer)
            }
            Err(error) => Err(self.answered(tx, actor, asked, error).await?),
        }
    }

    /// # Errors
    /// `Conflict` when somebody changed the customer since `version`; `Invalid`, `Refused` and `NotFound` as usual.
    pub async fn change(
        &self,
        actor: &Actor,
        id: &CustomerId,
        version: i64,
        draft: CustomerDraft,
    ) -> Result<(), Error> {
        actor.require(crate::EDIT)?;
        let asked = self.may_ask_for_code(actor, &draft, Some(id)).await?;
        let tx = self.db.begin().await?;
        match change_in(&tx, actor, id, version, draft).await {
            Ok(()) => self.db.commit(tx).await,
            Err(error) => Err(self.answered(tx, actor, asked, error).await?),
        }
    }

    /// What others saved since `version`, newest first: who, and the names of the fields.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn changed_since(
        &self,
        actor: &Actor,
        id: &CustomerId,
        version: i64,
    ) -> Result<Vec<(String, Vec<String>)>, Error> {
        actor.require(crate::EDIT)?;
        let db = self.db.read();
        store::get(db, actor, crate::EDIT, id).await?;
        let entries = audit::latest(db, None, id.as_str(), 100).await?;
        let later = entries.into_iter().filter(|entry| {
            entry.action == "customer.changed" && entry.detail["version"]["after"].as_i64().is_some_and(|v| v > version)
        });
        let fields = |detail: &serde_json::Value| {
            let all = detail.as_object().into_iter().flatten().map(|(field, _)| field.clone());
            all.filter(|field| field != "version").collect()
        };
        Ok(later.map(|entry| (entry.actor_name, fields(&entry.detail))).collect())
    }

    /// # Errors
    /// `Refused` for a stage that shipments decide or without a reason.
    pub async fn set_stage_by_hand(
        &self,
        actor: &Actor,
        id: &CustomerId,
        stage: Stage,
        reason: &str,
    ) -> Result<(), Error> {
        actor.require(crate::EDIT)?;
        rules::checked_reason(reason).map_err(Error::Invalid)?;
        let tx = self.db.begin().await?;
        let before = store::get(&tx, actor, crate::EDIT, id).await?;
        rules::stage_by_hand(before.stage, stage, reason).map_err(Error::refused)?;
        let why = Message::new("customer-stage-by_hand").with("who", &actor.name).with("reason", reason.trim());
        let found = Assessed {
            kind: "stage",
            value: stage.word().into(),
            score: None,
            reasons: vec![why],
            as_of: actor.today(),
            since: Some(actor.today()),
            review_on: None,
        };
        assess(&tx, actor, id, found).await?;
        let detail = json!({"before": before.stage, "after": stage, "reason": reason.trim()});
        audit::record(&tx, actor, "customer.stage_set", "customer", id.as_str(), detail).await?;
        self.db.commit(tx).await
    }

    /// # Errors
    /// `Invalid` without text, or without a next step that is not explicitly none; `Refused` for a shipment that is not
    /// the customer's.
    pub async fn log(&self, actor: &Actor, id: &CustomerId, draft: InteractionDraft) -> Result<InteractionId, Error> {
        actor.require(crate::LOG)?;
        let tx = self.db.begin().await?;
        let logged = log::log_about(&tx, actor, id, draft, self.panels()).await?;
        self.db.commit(tx).await?;
        Ok(logged)
    }

    /// # Errors
    /// `Refused` when there is no open next step.
    pub async fn finish_next_step(&self, actor: &Actor, id: &InteractionId) -> Result<CustomerId, Error> {
        actor.require(crate::LOG)?;
        let tx = self.db.begin().await?;
        let interaction = touches::get(&tx, id).await?;
        store::get(&tx, actor, crate::LOG, &interaction.customer_id).await?;
        if !touches::finish_step(&tx, &interaction, actor.now).await? {
            return Err(Error::refused(Refusal::NoOpenStep));
        }
        audit::record(&tx, actor, "interaction.step_finished", "interaction", id.as_str(), json!({})).await?;
        self.db.commit(tx).await?;
        Ok(interaction.customer_id)
    }

    /// Opens a next step again that was just finished.
    ///
    /// # Errors
    /// `Refused` when it is open or was finished too long ago.
    pub async fn reopen_next_step(&self, actor: &Actor, id: &InteractionId) -> Result<CustomerId, Error> {
        actor.require(crate::LOG)?;
        let tx = self.db.begin().await?;
        let interaction = touches::get(&tx, id).await?;
        store::get(&tx, actor, crate::LOG, &interaction.customer_id).await?;
        let done = rules::may_reopen(&interaction, actor.now).map_err(Error::refused)?;
        if !touches::reopen_step(&tx, &interaction, done).await? {
            return Err(Error::Conflict);
        }
        audit::record(&tx, actor, "interaction.step_opened_again", "interaction", id.as_str(), json!({})).await?;
        self.db.commit(tx).await?;
        Ok(interaction.customer_id)
    }

    /// Takes back what the actor has just logged, and gives what it was.
    ///
    /// # Errors
    /// `Refused` for what somebody else logged, what was imported, and what is too old.
    pub async fn take_back(&self, actor: &Actor, id: &InteractionId) -> Result<interaction::Model, Error> {
        actor.require(crate::LOG)?;
        let tx = self.db.begin().await?;
        let was = log::take_back(&tx, actor, id).await?;
        self.db.commit(tx).await?;
        Ok(was)
    }

    /// # Errors
    /// `NotFound` when the customer is out of the actor's scope.
    pub async fn interactions(
        &self,
        actor: &Actor,
        id: &CustomerId,
        after: Option<&base::Cursor>,
        size: PageSize,
    ) -> Result<Page<interaction::Model>, Error> {
        actor.require(crate::VIEW)?;
        store::get(self.db.read(), actor, crate::VIEW, id).await?;
        touches::of_customer(self.db.read(), id, after, size).await
    }

    /// The shipments that interactions told about, by interaction.
    pub(crate) async fn shipments_told(
        &self,
        rows: &[interaction::Model],
    ) -> Result<BTreeMap<String, Vec<String>>, Error> {
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        touches::shipments_told(self.db.read(), &ids).await
    }

    /// Open next steps of a customer that the caller has shown to be visible.
    pub(crate) async fn open_steps(&self, id: &CustomerId) -> Result<Vec<interaction::Model>, Error> {
        touches::open_steps_of(self.db.read(), id).await
    }

    /// Those whom the actor may make owner: himself, or more by his scope.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn possible_owners(&self, actor: &Actor, permission: Permission) -> Result<Vec<people::Model>, Error> {
        let all = store::possible_owners(self.db.read()).await?;
        let scope = actor.scope(permission).unwrap_or_default();
        let reached = |person: &people::Model| match &scope {
            Scope::All => true,
            Scope::Departments(some) => person.department_id.as_ref().is_some_and(|own| some.contains(own)),
            Scope::Own => actor.user_id().is_some_and(|own| own.as_str() == person.id),
        };
        Ok(all.into_iter().filter(reached).collect())
    }

    /// How many customers that the actor may see wait for a new owner, by the one who has left; `None`: nobody's.
    ///
    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn left_behind(&self, actor: &Actor) -> Result<BTreeMap<Option<UserId>, i64>, Error> {
        actor.require(crate::VIEW)?;
        Ok(store::left_behind(self.db.read(), actor).await?.into_iter().collect())
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn names_of(&self, ids: Vec<UserId>) -> Result<BTreeMap<UserId, String>, Error> {
        let people = store::people(self.db.read(), ids).await?;
        Ok(people.into_iter().map(|person| (UserId(person.id), person.name)).collect())
    }
}
