//! Which column was what the last time that a file with the same headers came.

use base::{Actor, Error, Message};

use super::Imports;
use crate::RUN;
use crate::batch::Model;
use crate::mapping::Mapping;
use crate::outcome::Choices;
use crate::refusal::Header;
use crate::remembered::{self, fingerprint};
use crate::sample::Sample;
use crate::store::mappings;

impl Imports {
    /// What was said the last time, if it still fits the file.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_used(
        &self,
        actor: &Actor,
        kind: &str,
        header: &Header,
    ) -> Result<Option<(remembered::Model, Mapping)>, Error> {
        actor.require(RUN)?;
        let kind = self.kind(actor, kind)?;
        let found = mappings::last_used(self.db().read(), kind.name(), &fingerprint(&header.columns)).await?;
        let sheet = header.sheet.clone().filter(|_| header.sheets.len() > 1);
        let fits = |mapping: &Mapping| mapping.bind(&header.columns, kind.fields()).is_ok();
        Ok(found.and_then(|row| row.mapping(sheet).filter(fits).map(|mapping| (row, mapping))))
    }

    /// Begins with what was said the last time, if anything was.
    ///
    /// # Errors
    /// As `set_columns`.
    pub async fn recall(&self, actor: &Actor, batch: Model, sample: &Sample) -> Result<Model, Error> {
        match self.last_used(actor, &batch.kind, &sample.header).await? {
            Some((row, mapping)) => {
                let choices = Choices { source: row.source, ..batch.choices() };
                self.save_columns(batch, &mapping, &choices).await
            }
            None => Ok(batch),
        }
    }

    /// Keeps what somebody said for the next file with the same headers, whatever becomes of this one.
    ///
    /// # Errors
    /// When the database refuses the write.
    pub async fn remember(
        &self,
        actor: &Actor,
        header: &Header,
        mapping: &Mapping,
        choices: &Choices,
    ) -> Result<(), Error> {
        actor.require(RUN)?;
        let row = remembered::Model {
            kind: mapping.kind.clone(),
            fingerprint: fingerprint(&header.columns),
            mapping: mapping.to_toml().map_err(Error::Refused)?,
            source: choices.source.clone(),
            by_name: actor.name.clone(),
            used_at: actor.now,
        };
        let tx = self.db().begin().await?;
        mappings::put(&tx, row).await?;
        self.db().commit(tx).await
    }
}

/// A source is part of the key of what it brings: never nothing, and short enough to be shown.
///
/// # Errors
/// A sentence at the field.
pub(crate) fn checked_source(source: &str) -> Result<String, Error> {
    const MOST: usize = 50;
    let source = source.trim();
    let message = match source.chars().count() {
        0 => Message::new("import-source_missing"),
        1..=MOST => return Ok(source.to_owned()),
        _ => Message::new("import-source_too_long").with("most", MOST),
    };
    Err(Error::invalid("source", message))
}
