//! Evidence, added, shown and taken away. Who may do that is for the module that owns the object.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use base::{Actor, CustomerId, Error, Instant};
use chrono::Duration;
use db::{Db, Tx, audit, settings};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::attachment::{AttachmentId, Model};
use crate::folder::{Blobs, hash_of, unavailable};
use crate::rules::{POLICY, Policy, Refusal};
use crate::upload::{self, Received};
use crate::{serve, store};

/// How long bytes lie that no file needs any more, days.
pub const KEPT_DAYS: i64 = 30;
/// How long a file may take to arrive, hours; what is older never became one.
const ARRIVES_WITHIN: i64 = 24;
const AT_ONCE: u64 = 200;

/// All evidence.
#[derive(Clone, Debug)]
pub struct Attachments(Arc<Inside>);

#[derive(Debug)]
struct Inside {
    db: Db,
    blobs: Blobs,
}

/// What a file is added to. `object` is what the audit calls it: `complaint`, `claim`, `exception`.
#[derive(Clone, Copy, Debug)]
pub struct Holder<'a> {
    pub object: &'a str,
    pub object_id: &'a str,
    pub customer: Option<&'a CustomerId>,
}

/// What is wrong with bytes that files need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Gone,
    /// They are not those that were added.
    Changed,
}

/// Files whose bytes cannot be had.
#[derive(Clone, Debug)]
pub struct Missing {
    pub sha256: String,
    pub fault: Fault,
    pub files: Vec<Model>,
}

impl Attachments {
    pub fn new(db: Db, data: &Path) -> Self {
        Self(Arc::new(Inside { db, blobs: Blobs::below(data) }))
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn policy(&self) -> Result<Policy, Error> {
        settings::get(self.0.db.read(), POLICY).await
    }

    /// Takes the file of a request: a form with a part `file`, or the whole body under this name. Nothing is kept until
    /// `add`. The caller has checked that the actor may add it, so that nobody else fills the disk.
    ///
    /// # Errors
    /// A sentence when there is no file, too much of it, or not of a kind that may be evidence: see `turned_away`.
    pub async fn receive(&self, _actor: &Actor, request: Request, name: &str) -> Result<Received, Error> {
        let policy = self.policy().await?;
        match upload::is_form(&request) {
            true => upload::from_form(&self.0.blobs, policy, request).await,
            false => upload::from_body(&self.0.blobs, policy, request, name).await,
        }
    }

    /// Keeps a received file, in the transaction of the act. The caller has checked that the actor may.
    ///
    /// # Errors
    /// Refused when the holder has as many files as it may have.
    pub async fn add(&self, tx: &Tx, actor: &Actor, holder: &Holder<'_>, received: Received) -> Result<Model, Error> {
        let policy: Policy = settings::get(tx, POLICY).await?;
        if !store::take_place(tx, holder, policy.most_files).await? {
            return Err(Error::refused(Refusal::TooMany { most: policy.most_files }));
        }
        let row = Model {
            id: AttachmentId::new(actor.now),
            object: holder.object.into(),
            object_id: holder.object_id.into(),
            customer_id: holder.customer.cloned(),
            name: received.name,
            kind: received.kind,
            bytes: i64::try_from(received.bytes).unwrap_or(i64::MAX),
            sha256: received.sha256,
            added_by: actor.name.clone(),
            added_by_id: actor.user_id().cloned(),
            added_at: actor.now,
            removed_at: None,
            removed_by: String::new(),
        };
        // First the row that holds the bytes, then the bytes, then the record: whoever clears away waits for us, and no
        // record is ever without its file.
        store::touch_blob(tx, &row.sha256, row.bytes, actor.now).await?;
        let (blobs, hash, file) = (self.0.blobs.clone(), row.sha256.clone(), received.file);
        blocking(move || blobs.put(file, &hash).map_err(|error| unavailable(&error))).await?;
        store::insert(tx, row.clone()).await?;
        audit::record(tx, actor, "attachment.added", holder.object, holder.object_id, told(&row)).await?;
        Ok(row)
    }

    /// What was added and not removed, in the order in which it came.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of(&self, db: &impl ConnectionTrait, object: &str, object_id: &str) -> Result<Vec<Model>, Error> {
        store::of(db, object, object_id).await
    }

    /// How many files each of these has; those without any are left out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn counts(
        &self,
        db: &impl ConnectionTrait,
        object: &str,
        ids: &[String],
    ) -> Result<BTreeMap<String, i64>, Error> {
        store::counts(db, object, ids).await
    }

    /// # Errors
    /// `NotFound` also when it was added to something else.
    pub async fn get(
        &self,
        db: &impl ConnectionTrait,
        object: &str,
        object_id: &str,
        id: &AttachmentId,
    ) -> Result<Model, Error> {
        store::get(db, object, object_id, id).await
    }

    /// The file on its way to the reader: to be saved, never shown by the browser as one of our pages.
    ///
    /// # Errors
    /// `Unavailable` when its bytes are gone.
    pub async fn open(&self, file: &Model) -> Result<Response, Error> {
        serve::response(&self.0.blobs, file).await
    }

    /// Takes a file away, in the transaction of the act; the record of it stays.
    ///
    /// # Errors
    /// `NotFound` also when somebody else was first.
    pub async fn remove(
        &self,
        tx: &Tx,
        actor: &Actor,
        object: &str,
        object_id: &str,
        id: &AttachmentId,
    ) -> Result<Model, Error> {
        let row = store::get(tx, object, object_id, id).await?;
        store::mark_removed(tx, actor, &row).await?;
        audit::record(tx, actor, "attachment.removed", object, object_id, told(&row)).await?;
        Ok(row)
    }

    /// Files whose bytes are gone or are not those that were added: for `doctor`. Reads everything once.
    ///
    /// # Errors
    /// When the database does not answer or the folder cannot be read.
    pub async fn missing(&self) -> Result<Vec<Missing>, Error> {
        let mut missing = Vec::new();
        for hash in store::kept(self.0.db.read()).await?.into_keys() {
            let (blobs, looked) = (self.0.blobs.clone(), hash.clone());
            if let Some(fault) = blocking(move || fault_of(&blobs, &looked)).await? {
                let files = store::standing_on(self.0.db.read(), &hash).await?;
                missing.push(Missing { sha256: hash, fault, files });
            }
        }
        Ok(missing)
    }

    /// Removes bytes that no file has needed for `KEPT_DAYS` days, and what never arrived. Returns how many went.
    ///
    /// # Errors
    /// When the database or the data folder does not let us.
    pub async fn clear(&self, now: Instant) -> Result<u64, Error> {
        self.adopt(now).await?;
        let before = now - Duration::days(KEPT_DAYS);
        let mut gone = 0;
        for hash in store::unused(self.0.db.read(), before, AT_ONCE).await? {
            let tx = self.0.db.begin().await?;
            if store::forget_blob(&tx, &hash, before).await? {
                let blobs = self.0.blobs.clone();
                blocking(move || blobs.remove(&hash).map_err(|error| unavailable(&error))).await?;
                gone += 1;
            }
            self.0.db.commit(tx).await?;
        }
        Ok(gone)
    }

    /// Bytes whose act was undone after they had their name get a record, and go with it when its time has come: only
    /// who holds that record may remove them.
    async fn adopt(&self, now: Instant) -> Result<(), Error> {
        let blobs = self.0.blobs.clone();
        let old = (now - Duration::hours(ARRIVES_WITHIN)).into();
        let found = blocking(move || {
            blobs.remove_unfinished(old).and_then(|()| blobs.older_than(old)).map_err(|error| unavailable(&error))
        });
        let unknown = store::unknown(self.0.db.read(), &found.await?).await?;
        if unknown.is_empty() {
            return Ok(());
        }
        let tx = self.0.db.begin().await?;
        for hash in unknown {
            store::touch_blob(&tx, &hash, 0, now).await?;
        }
        self.0.db.commit(tx).await
    }
}

fn told(row: &Model) -> serde_json::Value {
    json!({ "file": row.id, "name": row.name, "kind": row.kind, "bytes": row.bytes, "sha256": row.sha256 })
}

fn fault_of(blobs: &Blobs, hash: &str) -> Result<Option<Fault>, Error> {
    let same = |file: File| hash_of(&file).map(|found| found == hash);
    match blobs.open(hash).and_then(same) {
        Ok(true) => Ok(None),
        Ok(false) => Ok(Some(Fault::Changed)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Some(Fault::Gone)),
        Err(error) => Err(unavailable(&error)),
    }
}

/// Work on the disk, beside the threads that answer people.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Bug(error.to_string()))?
}
