//! Who did what: appended in the transaction of the act, sealed into a hash chain by a job.
//!
//! The chain is not made inside each transaction, because that would serialise all writers.

use base::{Actor, ActorKind, Error, Id, Instant};
use chrono::Duration;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LikeExpr;
use sea_orm::{ConnectionTrait, ExprTrait, QueryOrder, QuerySelect, Set};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{Db, Tx};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "audit_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub at: DateTimeUtc,
    /// User id, key id or `system:name`.
    pub actor: String,
    pub actor_name: String,
    /// `customer.changed`, `user.signed_in`, …
    pub action: String,
    /// `customer`, `user`, …
    pub object: String,
    pub object_id: String,
    /// Fields before and after; never a secret.
    pub detail: Json,
    /// Place in the chain, given by the sealing job.
    pub sealed_no: Option<i64>,
    /// SHA-256 of the entry before and of this one, hexadecimal.
    pub hash: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

/// # Errors
/// When the database refuses the write.
pub async fn record(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    action: &str,
    object: &str,
    object_id: &str,
    detail: serde_json::Value,
) -> Result<(), Error> {
    let who = match &actor.kind {
        ActorKind::User { id, .. } => id.to_string(),
        ActorKind::Key { id, .. } => format!("key:{id}"),
        ActorKind::System(name) => format!("system:{name}"),
    };
    let row = ActiveModel {
        id: Set(Id::new(actor.now).into_text()),
        at: Set(actor.now),
        actor: Set(who),
        actor_name: Set(actor.name.clone()),
        action: Set(action.into()),
        object: Set(object.into()),
        object_id: Set(object_id.into()),
        detail: Set(detail),
        sealed_no: Set(None),
        hash: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Characters that one may look for; nothing that is kept in these columns is longer.
const MOST_WORDS: usize = 100;

/// Newest first. Nothing is found by words longer than any that are kept.
///
/// # Errors
/// When the database does not answer.
pub async fn latest(
    db: &impl ConnectionTrait,
    before: Option<(Instant, String)>,
    words: &str,
    rows: u64,
) -> Result<Vec<Model>, Error> {
    let mut query = Entity::find().order_by_desc(Column::At).order_by_desc(Column::Id).limit(rows);
    if let Some((at, id)) = before {
        let older = Column::At.lt(at).or(Column::At.eq(at).and(Column::Id.lt(id)));
        query = query.filter(older);
    }
    if words.chars().count() > MOST_WORDS {
        return Ok(Vec::new());
    }
    if !words.is_empty() {
        let holds = |column: Column| column.like(holding(words));
        let any =
            holds(Column::ActorName).or(holds(Column::Action)).or(holds(Column::Object)).or(Column::ObjectId.eq(words));
        query = query.filter(any);
    }
    Ok(query.all(db).await?)
}

/// The words as they are: `%` and `_` mean themselves.
fn holding(words: &str) -> LikeExpr {
    let plain = words.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    LikeExpr::new(format!("%{plain}%")).escape('!')
}

/// Seals the entries that are not yet in the chain, oldest first. Returns how many.
///
/// # Errors
/// When the database does not answer, or when the chain does not end where its head says: to go on from there would
/// hide that links were taken away, so nothing more is sealed until a backup is brought back.
pub async fn seal(db: &Db) -> Result<u64, Error> {
    let mut sealed = 0;
    loop {
        let tx = db.begin().await?;
        lock_chain(&tx).await?;
        let (mut no, mut hash) = end_of_chain(&tx).await?;
        let waiting = Entity::find()
            .filter(Column::SealedNo.is_null())
            .order_by_asc(Column::At)
            .order_by_asc(Column::Id)
            .limit(500)
            .all(&tx)
            .await?;
        if waiting.is_empty() {
            return Ok(sealed);
        }
        for entry in waiting {
            no += 1;
            hash = link(&hash, no, &entry);
            Entity::update_many()
                .col_expr(Column::SealedNo, Expr::value(no))
                .col_expr(Column::Hash, Expr::value(hash.clone()))
                .filter(Column::Id.eq(&entry.id))
                .exec(&tx)
                .await?;
            sealed += 1;
        }
        settings_head(&tx, no, &hash).await?;
        tx.commit().await?;
    }
}

/// What has happened and is not in the chain yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waiting {
    pub entries: u64,
    /// When the act of the first of them happened.
    pub oldest_at: Option<Instant>,
}

/// # Errors
/// When the database does not answer.
pub async fn waiting(db: &impl ConnectionTrait) -> Result<Waiting, Error> {
    let unsealed = || Entity::find().filter(Column::SealedNo.is_null());
    let oldest = unsealed().order_by_asc(Column::At).order_by_asc(Column::Id).limit(1).one(db).await?;
    Ok(Waiting { entries: unsealed().count(db).await?, oldest_at: oldest.map(|entry| entry.at) })
}

/// What `verify` found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    pub entries: i64,
    /// Number of the first entry that was changed, removed or put in by hand.
    pub broken_at: Option<i64>,
}

/// The chain as far as it holds.
#[derive(Default)]
struct Walk {
    no: i64,
    hash: String,
    /// When the act of the last link happened.
    at: Option<Instant>,
}

/// Recomputes the whole chain: every link from 1 on, none left out and none besides, to the head that was stored.
///
/// # Errors
/// When the database does not answer.
pub async fn verify(db: &impl ConnectionTrait) -> Result<Verdict, Error> {
    let mut walk = Walk::default();
    loop {
        let broken_at = walk.on(db).await?;
        if broken_at.is_some() {
            return Ok(Verdict { entries: walk.no, broken_at });
        }
        let told = head(db).await?;
        if told == (walk.no, walk.hash.clone()) {
            break;
        }
        // A sealing that ended in between has added links; a cut has not.
        if after(db, Some(walk.no), 1).await?.is_empty() {
            return Ok(Verdict { entries: walk.no, broken_at: Some(walk.no + 1) });
        }
    }
    let put_in = has_strange_waiting(db, walk.at).await?;
    Ok(Verdict { entries: walk.no, broken_at: put_in.then_some(walk.no + 1) })
}

impl Walk {
    /// To the last link, or to the first that does not hold: its number.
    async fn on(&mut self, db: &impl ConnectionTrait) -> Result<Option<i64>, Error> {
        loop {
            // From the very first: a number below 1 is none of ours.
            let entries = after(db, (self.no > 0).then_some(self.no), 1000).await?;
            if entries.is_empty() {
                return Ok(None);
            }
            for entry in entries {
                let (next, found) = (self.no + 1, entry.sealed_no.unwrap_or_default());
                let expected = link(&self.hash, next, &entry);
                if found != next || entry.hash.as_deref() != Some(expected.as_str()) {
                    return Ok(Some(std::cmp::min(next, found)));
                }
                *self = Self { no: next, hash: expected, at: Some(entry.at) };
            }
        }
    }
}

async fn after(db: &impl ConnectionTrait, no: Option<i64>, rows: u64) -> Result<Vec<Model>, Error> {
    let place = no.map_or_else(|| Column::SealedNo.is_not_null(), |no| Column::SealedNo.gt(no));
    Ok(Entity::find().filter(place).order_by_asc(Column::SealedNo).limit(rows).all(db).await?)
}

/// An act is written when it is done but carries the time when it began; an import may take hours.
const LONGEST_ACT: Duration = Duration::days(1);

/// Whether an entry waits that was in the chain before, or that claims to be older than it can be.
async fn has_strange_waiting(db: &impl ConnectionTrait, last: Option<Instant>) -> Result<bool, Error> {
    let Some(last) = last else {
        return Ok(false);
    };
    let strange = Column::Hash.is_not_null().or(Column::At.lt(last - LONGEST_ACT));
    Ok(Entity::find().filter(Column::SealedNo.is_null()).filter(strange).limit(1).one(db).await?.is_some())
}

fn link(before: &str, no: i64, entry: &Model) -> String {
    let content = serde_json::json!([
        before,
        no,
        entry.id,
        entry.at.timestamp_micros(),
        entry.actor,
        entry.actor_name,
        entry.action,
        entry.object,
        entry.object_id,
        canonical(&entry.detail),
    ]);
    Sha256::digest(content.to_string().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// JSON text with sorted keys: PostgreSQL's jsonb does not keep their order.
fn canonical(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Object(fields) => {
            let mut keys: Vec<_> = fields.keys().collect();
            keys.sort();
            let parts: Vec<_> = keys.into_iter().map(|key| format!("{key:?}:{}", canonical(&fields[key]))).collect();
            format!("{{{}}}", parts.join(","))
        }
        serde_json::Value::Array(items) => {
            format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

/// Number and hash of the last link, which is the stored head.
async fn end_of_chain(tx: &Tx) -> Result<(i64, String), Error> {
    let last = Entity::find().filter(Column::SealedNo.is_not_null()).order_by_desc(Column::SealedNo).one(tx).await?;
    let last =
        last.map_or((0, String::new()), |entry| (entry.sealed_no.unwrap_or_default(), entry.hash.unwrap_or_default()));
    let told = head(tx).await?;
    match last == told {
        true => Ok(last),
        false => Err(Error::Unavailable(format!(
            "the audit chain ends at entry {} but its head is entry {}: somebody changed or removed entries; \
             nothing is sealed until a backup is restored",
            last.0, told.0
        ))),
    }
}

/// Two nodes must not seal at the same time.
async fn lock_chain(tx: &Tx) -> Result<(), Error> {
    let sql = format!("select value from settings where key = $1{}", crate::dialect::for_update(tx));
    tx.query_one_raw(crate::dialect::statement(tx, &sql, [CHAIN_HEAD.into()])).await?;
    Ok(())
}

const CHAIN_HEAD: &str = "audit.chain_head";

#[derive(Clone, Debug, Default, Serialize, serde::Deserialize)]
struct Head {
    no: i64,
    hash: String,
}

async fn settings_head(tx: &Tx, no: i64, hash: &str) -> Result<(), Error> {
    let sealer = Actor::system("audit_seal", base::now());
    crate::settings::put(tx, &sealer, CHAIN_HEAD, &Head { no, hash: hash.into() }).await
}

async fn head(db: &impl ConnectionTrait) -> Result<(i64, String), Error> {
    let head: Head = crate::settings::get(db, CHAIN_HEAD).await?;
    Ok((head.no, head.hash))
}
