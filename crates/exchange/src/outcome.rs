//! What an import will do or has done, as people and programs read it.

use base::Message;
use module::{Difference, Options};
use serde::{Deserialize, Serialize};

use crate::refusal::shortened;

/// Problems kept for the page; the file of refused rows has all of them.
pub const PROBLEMS_SHOWN: usize = 50;
/// Changes kept for the page.
pub const CHANGES_SHOWN: usize = 20;

/// Every row of the file is in exactly one of the first five.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    pub new: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// The same as an earlier row of the file; counted there.
    pub repeated: u64,
    pub refused: u64,
    pub new_customers: u64,
}

impl Counts {
    pub fn rows(&self) -> u64 {
        self.new + self.changed + self.unchanged + self.repeated + self.refused
    }

    /// Whether there is anything to write.
    pub fn writes(&self) -> bool {
        self.new + self.changed > 0
    }
}

/// Something wrong with one row; `field` is empty when the row as a whole is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    pub row: u64,
    /// What people know the record by, as the file says it.
    #[serde(default)]
    pub key: Vec<String>,
    pub field: String,
    /// Header of the column that the field comes from; empty when it comes from none.
    #[serde(default)]
    pub column: String,
    /// What stands there.
    #[serde(default)]
    pub value: String,
    pub sentence: Sentence,
}

/// A `base::Message` that can be stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    pub key: String,
    pub args: Vec<(String, String)>,
}

impl Sentence {
    pub fn message(&self) -> Message {
        Message { key: self.key.clone(), args: self.args.clone() }
    }
}

impl From<Message> for Sentence {
    fn from(message: Message) -> Self {
        Self { key: message.key, args: message.args }
    }
}

/// A record that exists already and would become different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    pub row: u64,
    #[serde(default)]
    pub key: Vec<String>,
    pub fields: Vec<String>,
    /// What is stored and what it becomes.
    #[serde(default)]
    pub values: Vec<Replaced>,
}

/// Empty text is nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replaced {
    pub field: String,
    pub before: String,
    pub after: String,
}

impl From<Difference> for Replaced {
    fn from(it: Difference) -> Self {
        Self { field: it.field, before: shortened(&it.before), after: shortened(&it.after) }
    }
}

/// The answer of a preview and of a commit alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    pub counts: Counts,
    /// The first `PROBLEMS_SHOWN`.
    pub problems: Vec<Problem>,
    /// The first `CHANGES_SHOWN`.
    pub changes: Vec<Change>,
    /// What is probably not meant so.
    #[serde(default)]
    pub warnings: Vec<Sentence>,
    /// What is left out, in case somebody misses it.
    #[serde(default)]
    pub notices: Vec<Sentence>,
}

/// `module::Options` as it is stored with the batch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choices {
    pub create_customers: bool,
    pub source: String,
}

impl Choices {
    pub fn options(&self) -> Options {
        Options { create_customers: self.create_customers, source: self.source.clone() }
    }
}

/// What is being done and how far it is; `total` is 0 while nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub step: Step,
    pub done: u64,
    pub total: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Bytes of the file.
    Reading,
    /// Rows.
    Checking,
    /// Rows.
    Writing,
}

impl Step {
    pub fn name(self) -> &'static str {
        match self {
            Step::Reading => "reading",
            Step::Checking => "checking",
            Step::Writing => "writing",
        }
    }
}
