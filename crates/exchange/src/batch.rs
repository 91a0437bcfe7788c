use std::fmt;
use std::str::FromStr;

use base::Error;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::mapping::Mapping;
use crate::outcome::{Choices, Outcome, Sentence};

base::ids! {
    /// One uploaded or imported file.
    BatchId,
}

/// A file that somebody brought in, and what became of it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_batches")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BatchId,
    /// `customers`, `shipments`, `interactions`.
    pub kind: String,
    pub file_name: String,
    /// Of the uploaded bytes, hexadecimal.
    pub sha256: String,
    pub bytes: i64,
    /// TOML; empty when the file could not even be opened.
    pub mapping: String,
    pub options: Json,
    pub state: State,
    pub result: Json,
    pub problem: Json,
    /// User id, or `system:name`; nobody else sees the batch.
    pub by_id: String,
    pub by_name: String,
    pub created_at: DateTimeUtc,
    /// When it was committed or failed.
    pub ended_at: Option<DateTimeUtc>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// # Errors
    /// Only what somebody changed in the table by hand.
    pub fn mapping(&self) -> Result<Mapping, Error> {
        Mapping::parse(&self.mapping).map_err(Error::Refused)
    }

    pub fn choices(&self) -> Choices {
        Choices::deserialize(&self.options).unwrap_or_default()
    }

    /// What the last preview said; after the commit, what was done.
    pub fn outcome(&self) -> Option<Outcome> {
        Outcome::deserialize(&self.result).ok()
    }

    /// Why the last step came to nothing.
    pub fn why(&self) -> Option<Sentence> {
        Sentence::deserialize(&self.problem).ok()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveValueType)]
#[sea_orm(value_type = "String")]
#[serde(rename_all = "snake_case")]
pub enum State {
    Uploaded,
    Previewed,
    Committed,
    Failed,
}

impl State {
    const ALL: [State; 4] = [State::Uploaded, State::Previewed, State::Committed, State::Failed];

    pub fn name(self) -> &'static str {
        match self {
            State::Uploaded => "uploaded",
            State::Previewed => "previewed",
            State::Committed => "committed",
            State::Failed => "failed",
        }
    }

    /// The class suffix of `macros.html`.
    pub fn tone(self) -> &'static str {
        match self {
            State::Uploaded => "neutral",
            State::Previewed => "info",
            State::Committed => "good",
            State::Failed => "risk",
        }
    }

    /// Nothing more can happen to it.
    pub fn is_over(self) -> bool {
        matches!(self, State::Committed | State::Failed)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("no such state of a batch")]
pub struct UnknownState;

impl FromStr for State {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        State::ALL.into_iter().find(|state| state.name() == text).ok_or(UnknownState)
    }
}
