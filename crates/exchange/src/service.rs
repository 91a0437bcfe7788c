//! One method for each step of an import: add a file, say which column is what, check, commit.

mod at_work;
pub(crate) mod memory;
mod steps;

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, RwLock};

use axum::extract::Request;
use base::{Actor, ActorKind, Cursor, Error, Message, PageSize};
use db::Db;
use module::ImportKind;
use serde_json::Value as Json;

use crate::batch::{BatchId, Model, State};
use crate::folder::{self, Folder};
use crate::mapping::Mapping;
use crate::outcome::Choices;
use crate::reader::Reader;
use crate::sample::Sample;
use crate::upload::{self, Received};
use crate::{ALL, RUN, committed, store};

use at_work::AtWork;
pub use steps::Step;

/// Where a file's records come from when neither the mapping nor the person says.
pub const USUAL_SOURCE: &str = "file";

/// In place of a mapping's name: what was said for the last file with these headers.
pub const LAST_USED: &str = "last";

/// Files on their way in. Cheap to clone.
#[derive(Clone)]
pub struct Imports(Arc<Inner>);

struct Inner {
    db: Db,
    folder: Folder,
    reader: Reader,
    kinds: RwLock<Vec<Arc<dyn ImportKind>>>,
    at_work: AtWork,
}

impl std::fmt::Debug for Imports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Imports")
    }
}

impl Imports {
    /// Uploads lie in `imports` below the data folder.
    pub fn new(db: Db, data: &Path, reader: Reader) -> Self {
        let (folder, kinds) = (Folder::below(data), RwLock::default());
        Self(Arc::new(Inner { db, folder, reader, kinds, at_work: AtWork::default() }))
    }

    /// The kinds of all modules, once they are put together.
    pub fn extend(&self, kinds: impl IntoIterator<Item = Arc<dyn ImportKind>>) {
        self.0.kinds.write().unwrap_or_else(std::sync::PoisonError::into_inner).extend(kinds);
    }

    pub fn reader(&self) -> &Reader {
        &self.0.reader
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    /// The kinds that the actor may bring in.
    pub fn kinds(&self, actor: &Actor) -> Vec<Arc<dyn ImportKind>> {
        let all = self.0.kinds.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        all.iter().filter(|kind| actor.has(kind.permission())).cloned().collect()
    }

    /// # Errors
    /// A sentence when there is none of this name; `Forbidden` when there is but not for him.
    pub fn kind(&self, actor: &Actor, name: &str) -> Result<Arc<dyn ImportKind>, Error> {
        let all = self.0.kinds.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some(kind) = all.iter().find(|kind| kind.name() == name) else {
            let known: Vec<_> = all.iter().map(|kind| kind.name()).collect();
            let message = Message::new("import-kind_unknown").with("kind", name).with("known", known.join(", "));
            return Err(Error::invalid("kind", message));
        };
        actor.require(kind.permission())?;
        Ok(kind.clone())
    }

    /// Takes the file of a request: a form with a part `file`, or the whole body under this name.
    ///
    /// # Errors
    /// A sentence when there is no file, or too much of it.
    pub async fn receive(&self, actor: &Actor, request: Request, name: &str) -> Result<Received, Error> {
        actor.require(RUN)?;
        match upload::is_form(&request) {
            true => upload::from_form(&self.0.folder, request).await,
            false => upload::from_body(&self.0.folder, request, name).await,
        }
    }

    /// Keeps a received file with the mapping that is proposed for it. A file that cannot be read is not kept.
    ///
    /// # Errors
    /// Why the file is refused.
    pub async fn add(&self, actor: &Actor, kind: &str, received: Received) -> Result<Model, Error> {
        actor.require(RUN)?;
        let kind = self.kind(actor, kind)?;
        let file = received.file.reopen().map_err(|error| folder::unwritable(&error))?;
        let sample = self.take_sample(file, None).await?;
        let mapping = sample.proposal(&*kind).mapping;
        let id = BatchId::new(actor.now);
        let batch = Model {
            kind: kind.name().into(),
            file_name: received.name,
            sha256: received.sha256,
            bytes: i64::try_from(received.bytes).unwrap_or(i64::MAX),
            mapping: mapping.to_toml().map_err(Error::Refused)?,
            options: stored(&Choices { create_customers: false, source: USUAL_SOURCE.into() })?,
            ..empty(actor, id.clone())
        };
        received.file.persist(self.0.folder.upload(&id)).map_err(|error| folder::unwritable(&error.error))?;
        let tx = self.0.db.begin().await?;
        store::insert(&tx, batch.clone()).await?;
        self.0.db.commit(tx).await?;
        Ok(batch)
    }

    /// The actor's own batches, everybody's for those who may see them; newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list(
        &self,
        actor: &Actor,
        after: Option<&Cursor>,
        size: PageSize,
    ) -> Result<base::Page<Model>, Error> {
        actor.require(RUN)?;
        let by = who(actor);
        let own = (!actor.has(ALL)).then_some(by.as_str());
        let rows = store::latest(self.0.db.read(), own, after, size).await?;
        Ok(base::Page::cut(rows, size, store::cursor))
    }

    /// One's own batch, anybody's for those who may see them.
    ///
    /// # Errors
    /// `NotFound` when there is none or it is somebody else's.
    pub async fn batch(&self, actor: &Actor, id: &BatchId) -> Result<Model, Error> {
        actor.require(RUN)?;
        let by = who(actor);
        store::get(self.0.db.read(), id, (!actor.has(ALL)).then_some(by.as_str())).await
    }

    /// Only who brought the file in may go on with it or see its rows.
    ///
    /// # Errors
    /// `NotFound` as for `batch`.
    pub async fn own(&self, actor: &Actor, id: &BatchId) -> Result<Model, Error> {
        actor.require(RUN)?;
        store::get(self.0.db.read(), id, Some(&who(actor))).await
    }

    pub fn is_own(actor: &Actor, batch: &Model) -> bool {
        batch.by_id == who(actor)
    }

    /// The first rows of an uploaded file.
    ///
    /// # Errors
    /// `NotFound`, or why the file or the sheet cannot be read.
    pub async fn sample(&self, batch: &Model, sheet: Option<&str>) -> Result<Sample, Error> {
        self.take_sample(self.uploaded(&batch.id)?, sheet).await
    }

    pub(crate) async fn take_sample(&self, file: File, sheet: Option<&str>) -> Result<Sample, Error> {
        let (reader, sheet) = (self.0.reader.clone(), sheet.map(str::to_owned));
        let take = move || Sample::take(&reader, file, sheet.as_deref());
        tokio::task::spawn_blocking(take).await.map_err(|error| Error::Bug(error.to_string()))?
    }

    /// Starts again from the proposal for this sheet, from what was said the last time, or from a committed mapping.
    ///
    /// # Errors
    /// `NotFound`, a sentence when there is no such sheet or mapping.
    pub async fn begin_with(
        &self,
        actor: &Actor,
        id: &BatchId,
        sheet: Option<&str>,
        mapping: Option<&str>,
    ) -> Result<Model, Error> {
        let batch = self.own(actor, id).await?;
        let kind = self.kind(actor, &batch.kind)?;
        let mapping = match mapping {
            Some(LAST_USED) => {
                let sample = self.sample(&batch, sheet).await?;
                return self.recall(actor, batch, &sample).await;
            }
            Some(name) => {
                let mapping = committed::named(name).map_err(Error::Refused)?;
                fits_kind(&mapping, kind.name())?;
                Mapping { sheet: sheet.map(str::to_owned), ..mapping }
            }
            None => self.sample(&batch, sheet).await?.proposal(&*kind).mapping,
        };
        let source = mapping.source.clone().unwrap_or_else(|| USUAL_SOURCE.into());
        let choices = Choices { source, ..batch.choices() };
        self.save_columns(batch, &mapping, &choices).await
    }

    /// Says which column is what. Anything that does not fit the file is refused, all at once.
    ///
    /// # Errors
    /// `Invalid` by field; `NotFound`; `Conflict`.
    pub async fn set_columns(
        &self,
        actor: &Actor,
        id: &BatchId,
        mapping: &Mapping,
        choices: &Choices,
    ) -> Result<Model, Error> {
        let batch = self.own(actor, id).await?;
        let kind = self.kind(actor, &batch.kind)?;
        fits_kind(mapping, kind.name())?;
        memory::checked_source(&choices.source)?;
        let sample = self.sample(&batch, mapping.sheet.as_deref()).await?;
        mapping.bind(&sample.header.columns, kind.fields()).map_err(Error::Invalid)?;
        self.save_columns(batch, mapping, choices).await
    }

    async fn save_columns(&self, batch: Model, mapping: &Mapping, choices: &Choices) -> Result<Model, Error> {
        if batch.state.is_over() {
            return Err(Error::Refused(Message::new("import-is_over")));
        }
        if self.0.at_work.progress(&batch.id).is_some() {
            return Err(Error::Refused(Message::new("import-is_at_work")));
        }
        let changed = Model {
            mapping: mapping.to_toml().map_err(Error::Refused)?,
            options: stored(choices)?,
            state: State::Uploaded,
            result: Json::Null,
            problem: Json::Null,
            ..batch
        };
        let tx = self.0.db.begin().await?;
        let saved = store::save(&tx, &changed).await?;
        self.0.db.commit(tx).await?;
        Ok(saved)
    }

    fn uploaded(&self, id: &BatchId) -> Result<File, Error> {
        File::open(self.0.folder.upload(id)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Error::Refused(Message::new("import-file_gone")),
            _ => folder::unwritable(&error),
        })
    }

    /// The refused rows of the last run, see `kept::to_csv`.
    ///
    /// # Errors
    /// `NotFound` when none was refused, when they were removed after their time, or when it is somebody else's.
    pub async fn refused(&self, actor: &Actor, id: &BatchId) -> Result<(Model, File), Error> {
        let batch = self.own(actor, id).await?;
        let file = File::open(self.0.folder.refused(id)).map_err(|_| Error::NotFound)?;
        Ok((batch, file))
    }
}

/// Whose batches these are: a key acts for its user.
pub(crate) fn who(actor: &Actor) -> String {
    match (&actor.kind, actor.user_id()) {
        (ActorKind::System(name), _) => format!("system:{name}"),
        (_, Some(id)) => id.to_string(),
        _ => String::new(),
    }
}

pub(crate) fn empty(actor: &Actor, id: BatchId) -> Model {
    Model {
        id,
        kind: String::new(),
        file_name: String::new(),
        sha256: String::new(),
        bytes: 0,
        mapping: String::new(),
        options: Json::Null,
        state: State::Uploaded,
        result: Json::Null,
        problem: Json::Null,
        by_id: who(actor),
        by_name: actor.name.clone(),
        created_at: actor.now,
        ended_at: None,
        version: 1,
    }
}

pub(crate) fn stored(value: &impl serde::Serialize) -> Result<Json, Error> {
    serde_json::to_value(value).map_err(|error| Error::Bug(error.to_string()))
}

/// # Errors
/// A sentence when a mapping is for another kind.
pub(crate) fn fits_kind(mapping: &Mapping, kind: &str) -> Result<(), Error> {
    match mapping.kind == kind {
        true => Ok(()),
        false => {
            let message = Message::new("import-mapping_of_other_kind").with("other", &mapping.kind).with("kind", kind);
            Err(Error::invalid("mapping", message))
        }
    }
}
