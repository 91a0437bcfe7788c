use base::Instant;
use serde::{Deserialize, Serialize};

/// The form of the file that this program writes, and the newest it reads.
pub const FORMAT: u32 = 1;

/// `manifest.json`: what is in the file, and how to tell that all of it is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: u32,
    /// Version of the program that wrote the file.
    pub program: String,
    pub created_at: Instant,
    /// `sqlite` or `postgres`; the file goes into either.
    pub database: String,
    /// Steps of the schema that the rows belong to, oldest first.
    pub migrations: Vec<String>,
    /// Entries of the audit chain.
    pub audit_entries: i64,
    /// First entry that did not fit when the backup was made; a restore brings back what was there, faults too.
    pub audit_broken_at: Option<i64>,
    /// A table comes after those that its rows point to.
    pub tables: Vec<Table>,
    /// `None` when nothing has been sealed yet.
    pub secret_key: Option<Part>,
    /// Files behind attachments; each stands under its hash.
    #[serde(default)]
    pub evidence: Vec<Part>,
    /// How many more a row needs, whose file was gone or damaged when the backup was made.
    #[serde(default)]
    pub evidence_missing: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub name: String,
    /// In the order of the values in each row.
    pub columns: Vec<Column>,
    pub rows: u64,
    pub part: Part,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
}

/// What a column holds, whatever a database calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Text,
    Whole,
    Fraction,
    Truth,
    Json,
    Instant,
    Day,
    Bytes,
}

/// One entry of the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Unpacked.
    pub bytes: u64,
    /// Of the unpacked bytes, hexadecimal.
    pub sha256: String,
}

impl Manifest {
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

impl Table {
    pub fn path(&self) -> String {
        path(&self.name)
    }
}

pub(crate) fn path(table: &str) -> String {
    format!("tables/{table}.jsonl")
}

impl Kind {
    /// `declared`: the type as the database's own catalogue tells it. `None` for one that no table of ours has.
    pub fn of_declared(declared: &str) -> Option<Self> {
        let declared = declared.to_lowercase();
        let bare = declared.split('(').next().unwrap_or_default().trim_end();
        Some(match bare {
            "text" | "varchar" | "character varying" | "char" | "character" => Kind::Text,
            "bigint" | "integer" | "smallint" => Kind::Whole,
            "double" | "double precision" => Kind::Fraction,
            "boolean" => Kind::Truth,
            "jsonb" | "jsonb_text" | "json" | "json_text" => Kind::Json,
            "timestamp with time zone" | "timestamp_with_timezone_text" => Kind::Instant,
            "date" | "date_text" => Kind::Day,
            "bytea" | "blob" => Kind::Bytes,
            _ => return None,
        })
    }
}
