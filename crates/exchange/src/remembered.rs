//! What people said the last time that a file with the same headers came, so that nobody says it twice.

use sea_orm::entity::prelude::*;
use sha2::{Digest, Sha256};

use crate::folder::hexadecimal;
use crate::mapping::Mapping;
use crate::values::normal;

/// The columns of one kind of file, for everybody in the firm.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_mappings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// Of the headers, see `fingerprint`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub fingerprint: String,
    /// TOML.
    pub mapping: String,
    pub source: String,
    pub by_name: String,
    pub used_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The mapping for a file with this sheet; `None` for a mapping that a newer program wrote.
    pub fn mapping(&self, sheet: Option<String>) -> Option<Mapping> {
        Some(Mapping { sheet, ..Mapping::parse(&self.mapping).ok()? })
    }
}

/// The same for the same headers in any order; case, blanks, width and punctuation do not matter.
pub(crate) fn fingerprint(columns: &[String]) -> String {
    let mut names: Vec<String> = columns.iter().map(|column| normal(column)).collect();
    names.sort();
    let mut hash = Sha256::new();
    for name in names {
        hash.update(name.as_bytes());
        hash.update([0]);
    }
    hexadecimal(hash)
}
