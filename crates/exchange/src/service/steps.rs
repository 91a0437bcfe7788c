//! The two long steps. They go on when the browser that asked for them is gone.

use std::io::Seek;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use base::{Actor, Error, Message};
use module::{ImportKind, Options};
use serde_json::Value as Json;

use super::{Imports, stored};
use crate::batch::{BatchId, Model, State};
use crate::engine::{self, Work};
use crate::folder;
use crate::mapping::Mapping;
use crate::outcome::{Progress, Sentence};
use crate::reader::Reader;
use crate::spool::Report;
use crate::{standing, store};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Check,
    Commit,
}

impl Imports {
    /// How far a step is; `None` when nothing is being done with the batch.
    pub fn progress(&self, id: &BatchId) -> Option<Progress> {
        self.0.at_work.progress(id)
    }

    /// Starts a step and waits for its end, but not longer than `patience`: what comes later stands on the batch.
    ///
    /// # Errors
    /// `NotFound`; a sentence when the batch is not ready for the step.
    pub async fn start(&self, actor: &Actor, id: &BatchId, step: Step, patience: Duration) -> Result<Model, Error> {
        let batch = self.own(actor, id).await?;
        ready_for(step, &batch)?;
        let (imports, actor, batch_id) = (self.clone(), actor.clone(), id.clone());
        let work = tokio::spawn(async move { imports.run(&actor, &batch_id, step).await });
        match tokio::time::timeout(patience, work).await {
            Ok(Ok(Err(error @ (Error::Bug(_) | Error::Unavailable(_) | Error::Forbidden)))) => Err(error),
            // Refusals stand on the batch already.
            _ => store::get(self.0.db.read(), id, None).await,
        }
    }

    /// Does a step to its end. What stops it is kept on the batch.
    ///
    /// # Errors
    /// What stopped it.
    pub async fn run(&self, actor: &Actor, id: &BatchId, step: Step) -> Result<Model, Error> {
        let Some(place) = self.0.at_work.take(id) else {
            return Err(Error::Refused(Message::new("import-is_at_work")));
        };
        let _turn = self.0.at_work.places.acquire().await.map_err(|error| Error::Bug(error.to_string()))?;
        // Read only now: while this one waited for its turn, the batch may have changed.
        let batch = self.own(actor, id).await?;
        ready_for(step, &batch)?;
        let done = match step {
            Step::Check => self.check(actor, &batch, place.report()).await,
            Step::Commit => self.commit(actor, &batch, place.report()).await,
        };
        match done {
            Ok(batch) => Ok(batch),
            Err(error) => {
                self.note(actor, batch, step, &error).await?;
                Err(error)
            }
        }
    }

    async fn check(&self, actor: &Actor, batch: &Model, report: Report) -> Result<Model, Error> {
        let chosen = self.chosen(actor, batch)?;
        let file = self.unchanged(batch).await?;
        let outcome = engine::preview(&self.0.db, actor, file, &chosen.work(&self.0.reader, report)).await?;
        let tx = self.0.db.begin().await?;
        let checked =
            Model { state: State::Previewed, result: stored(&outcome)?, problem: Json::Null, ..batch.clone() };
        let saved = store::save(&tx, &checked).await?;
        self.0.db.commit(tx).await?;
        Ok(saved)
    }

    async fn commit(&self, actor: &Actor, batch: &Model, report: Report) -> Result<Model, Error> {
        let chosen = self.chosen(actor, batch)?;
        let file = self.unchanged(batch).await?;
        let work = chosen.work(&self.0.reader, report);
        let expected = batch.outcome().map(|outcome| outcome.counts);
        let (outcome, tx) = engine::carry_out(&self.0.db, actor, file, &work, expected.as_ref()).await?;
        standing::require(&tx, actor).await?;
        let ended = Model {
            state: State::Committed,
            result: stored(&outcome)?,
            problem: Json::Null,
            ended_at: Some(actor.now),
            ..batch.clone()
        };
        // In the import's own transaction: rows and the word that they are in stand or fall together.
        let saved = store::save(&tx, &ended).await?;
        self.0.db.commit(tx).await?;
        if let Err(error) = folder::remove(&self.0.folder.upload(&batch.id)) {
            tracing::warn!(import.id = %batch.id, %error, "An uploaded file could not be removed");
        }
        tracing::info!(import.id = %batch.id, import.kind = %batch.kind, rows = outcome.counts.rows(), "File imported");
        Ok(saved)
    }

    fn chosen(&self, actor: &Actor, batch: &Model) -> Result<Chosen, Error> {
        Ok(Chosen {
            kind: self.kind(actor, &batch.kind)?,
            mapping: batch.mapping()?,
            options: batch.choices().options(),
            refused: self.0.folder.refused(&batch.id),
        })
    }

    /// The uploaded file, which nobody may have touched since it came.
    async fn unchanged(&self, batch: &Model) -> Result<std::fs::File, Error> {
        let mut file = self.uploaded(&batch.id)?;
        let hash = move || {
            let sha256 = folder::sha256(&file)?;
            file.rewind()?;
            Ok((file, sha256))
        };
        let hashed: std::io::Result<_> =
            tokio::task::spawn_blocking(hash).await.map_err(|error| Error::Bug(error.to_string()))?;
        let (file, sha256) = hashed.map_err(|error| folder::unwritable(&error))?;
        match sha256 == batch.sha256 {
            true => Ok(file),
            false => Err(Error::Refused(Message::new("import-file_changed"))),
        }
    }

    /// A file that cannot be read is over; anything else can be tried again.
    async fn note(&self, actor: &Actor, batch: Model, step: Step, error: &Error) -> Result<(), Error> {
        let key = match error {
            Error::Refused(why) => why.key.as_str(),
            _ => "",
        };
        let changed_since = key == "import-changed_since_preview";
        let message = match error {
            Error::Invalid(problems) => problems.first().map_or_else(|| error.message(), |it| it.message.clone()),
            other => other.message(),
        };
        let over = match key {
            "import-file_changed" | "import-file_gone" => true,
            "" | "import-changed_since_preview" | "import-no_such_sheet" | "import-no_rows" => false,
            _ => step == Step::Check,
        };
        let state = match (over, step) {
            (true, _) => State::Failed,
            (false, Step::Commit) if !changed_since => batch.state,
            (false, _) => State::Uploaded,
        };
        let ended_at = over.then_some(actor.now);
        let result = if state == State::Uploaded { Json::Null } else { batch.result.clone() };
        let noted = Model { state, problem: stored(&Sentence::from(message))?, result, ended_at, ..batch };
        let tx = self.0.db.begin().await?;
        store::save(&tx, &noted).await?;
        self.0.db.commit(tx).await
    }

    /// Gives a file up before it was committed.
    ///
    /// # Errors
    /// `NotFound`; a sentence when it is over already.
    pub async fn give_up(&self, actor: &Actor, id: &BatchId) -> Result<(), Error> {
        let batch = self.own(actor, id).await?;
        if batch.state.is_over() {
            return Err(Error::Refused(Message::new("import-is_over")));
        }
        let Some(_place) = self.0.at_work.take(id) else {
            return Err(Error::Refused(Message::new("import-is_at_work")));
        };
        self.close(actor, batch, "import-given_up").await
    }

    async fn close(&self, actor: &Actor, batch: Model, why: &str) -> Result<(), Error> {
        let id = batch.id.clone();
        let problem = stored(&Sentence::from(Message::new(why)))?;
        let closed = Model { state: State::Failed, problem, ended_at: Some(actor.now), ..batch };
        let tx = self.0.db.begin().await?;
        store::save(&tx, &closed).await?;
        self.0.db.commit(tx).await?;
        for path in [self.0.folder.upload(&id), self.0.folder.refused(&id)] {
            folder::remove(&path).map_err(|error| folder::unwritable(&error))?;
        }
        Ok(())
    }

    /// Ends what nobody has finished for `KEPT_DAYS` and removes files of that age. Returns how many files went.
    ///
    /// # Errors
    /// When the database or the folder does not answer.
    pub async fn tidy_up(&self, actor: &Actor) -> Result<u64, Error> {
        let days = crate::jobs::KEPT_DAYS;
        for batch in store::left_behind(self.0.db.read(), actor.now - chrono::Duration::days(days)).await? {
            if let Some(_place) = self.0.at_work.take(&batch.id) {
                self.close(actor, batch, "import-left_behind").await?;
            }
        }
        let before = std::time::SystemTime::from(actor.now - chrono::Duration::days(days));
        self.0.folder.remove_older(before).map_err(|error| folder::unwritable(&error))
    }
}

/// What was chosen for a batch, the same for its preview and its commit.
struct Chosen {
    kind: Arc<dyn ImportKind>,
    mapping: Mapping,
    options: Options,
    refused: PathBuf,
}

impl Chosen {
    fn work<'a>(&'a self, reader: &'a Reader, report: Report) -> Work<'a> {
        let Self { kind, mapping, options, refused } = self;
        Work { reader, kind: &**kind, mapping, options, refused: Some(refused), report }
    }
}

fn ready_for(step: Step, batch: &Model) -> Result<(), Error> {
    match (step, batch.state) {
        (_, state) if state.is_over() => Err(Error::Refused(Message::new("import-is_over"))),
        (Step::Commit, State::Uploaded) => Err(Error::Refused(Message::new("import-not_previewed"))),
        _ => Ok(()),
    }
}
