//! What is refused, and in which order tables are filled.

use std::collections::{BTreeMap, BTreeSet};

use base::Message;

use crate::manifest::{Column, Manifest, Table};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the database has no schema")]
    NothingThere,
    #[error("{0} exists")]
    FileExists(String),
    #[error("there is no file {0}")]
    NoFile(String),
    #[error("there is no folder {0}")]
    NoFolder(String),
    #[error("damaged or no backup")]
    Damaged,
    #[error("the archive holds {0:?}")]
    Foreign(String),
    #[error("format {0} is newer")]
    NewerFormat(u32),
    #[error("the schema of {0} is newer")]
    NewerProgram(String),
    #[error("the target holds rows in {0}")]
    NotEmpty(String),
    #[error("the target's schema is another one")]
    OtherSchema,
    #[error("it unpacks to far more than a backup does")]
    TooDense,
    #[error("a row of {table} is refused: {cause}")]
    RowRefused { table: String, cause: String },
    #[error("the audit trail is not the one that was backed up")]
    OtherAudit,
    #[error("{0} holds another key")]
    OtherKey(String),
}

impl base::Refusal for Refusal {
    fn message(&self) -> Message {
        match self {
            Refusal::NothingThere => Message::new("backup-nothing_there"),
            Refusal::FileExists(path) => Message::new("backup-file_exists").with("path", path),
            Refusal::NoFile(path) => Message::new("backup-no_file").with("path", path),
            Refusal::NoFolder(path) => Message::new("backup-no_folder").with("path", path),
            Refusal::Damaged => Message::new("backup-damaged"),
            Refusal::Foreign(name) => Message::new("backup-foreign").with("name", name),
            Refusal::NewerFormat(format) => Message::new("backup-newer_format").with("format", format),
            Refusal::NewerProgram(version) => Message::new("backup-newer_program").with("version", version),
            Refusal::NotEmpty(table) => Message::new("backup-not_empty").with("table", table),
            Refusal::OtherSchema => Message::new("backup-other_schema"),
            Refusal::TooDense => Message::new("backup-too_dense"),
            Refusal::RowRefused { table, cause } => {
                Message::new("backup-row_refused").with("table", table).with("cause", cause)
            }
            Refusal::OtherAudit => Message::new("backup-other_audit"),
            Refusal::OtherKey(path) => Message::new("backup-other_key").with("path", path),
        }
    }
}

/// How many of our steps the rows of the backup belong to; the rest is taken after they are in.
///
/// # Errors
/// `NewerProgram` for a step that we do not know, `Damaged` for one left out.
pub fn steps(manifest: &Manifest, ours: &[String]) -> Result<usize, Refusal> {
    if manifest.migrations.iter().any(|step| !ours.contains(step)) {
        return Err(Refusal::NewerProgram(manifest.program.clone()));
    }
    match ours.starts_with(&manifest.migrations) && !manifest.migrations.is_empty() {
        true => Ok(manifest.migrations.len()),
        false => Err(Refusal::Damaged),
    }
}

/// The tables, each after those that it points to, otherwise by name. `points`: (table, the one it points to).
pub fn in_order<T>(mut tables: BTreeMap<String, T>, points: &[(String, String)]) -> Vec<(String, T)> {
    let mut done = Vec::with_capacity(tables.len());
    while !tables.is_empty() {
        let waits =
            |table: &String| points.iter().any(|(from, to)| from == table && to != table && tables.contains_key(to));
        // In a circle nobody is first; then the database has to say what it thinks of it.
        let next = tables.keys().find(|table| !waits(table)).or_else(|| tables.keys().next()).cloned();
        done.extend(next.and_then(|name| tables.remove_entry(&name)));
    }
    done
}

/// Whether the rows go into these tables, column by column.
pub fn fits(tables: &[Table], target: &BTreeMap<String, Vec<Column>>) -> bool {
    let names: BTreeSet<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    names.len() == tables.len()
        && tables.len() == target.len()
        && tables.iter().all(|table| target.get(&table.name).is_some_and(|columns| same(&table.columns, columns)))
}

/// Their order may differ.
fn same(one: &[Column], other: &[Column]) -> bool {
    let sorted = |columns: &[Column]| {
        let mut columns = columns.to_vec();
        columns.sort();
        columns
    };
    sorted(one) == sorted(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn manifest(migrations: &[&str]) -> Manifest {
        Manifest {
            format: 1,
            program: "9.0.0".into(),
            created_at: "2026-11-23T08:00:00Z".parse().unwrap(),
            database: "sqlite".into(),
            migrations: texts(migrations),
            audit_entries: 0,
            audit_broken_at: None,
            tables: Vec::new(),
            secret_key: None,
            evidence: Vec::new(),
            evidence_missing: 0,
        }
    }

    #[test]
    fn a_backup_of_an_older_program_says_how_far_its_schema_went() {
        let ours = texts(&["a", "b", "c"]);
        assert_eq!(steps(&manifest(&["a", "b"]), &ours), Ok(2));
        assert_eq!(steps(&manifest(&["a", "b", "c"]), &ours), Ok(3));
    }

    #[test]
    fn a_backup_of_a_newer_program_is_refused_with_its_version() {
        assert_eq!(steps(&manifest(&["a", "d"]), &texts(&["a"])), Err(Refusal::NewerProgram("9.0.0".into())));
    }

    #[test]
    fn a_schema_with_a_step_left_out_is_no_schema_of_ours() {
        assert_eq!(steps(&manifest(&["b"]), &texts(&["a", "b"])), Err(Refusal::Damaged));
        assert_eq!(steps(&manifest(&[]), &texts(&["a"])), Err(Refusal::Damaged));
    }

    #[test]
    fn a_table_is_filled_after_those_it_points_to() {
        let tables = ["a_lines", "customers", "marks", "z_shipments"].map(|name| (name.to_owned(), ()));
        let points = [("a_lines", "z_shipments"), ("z_shipments", "customers"), ("customers", "customers")]
            .map(|(from, to)| (from.to_owned(), to.to_owned()));
        let order: Vec<String> = in_order(BTreeMap::from(tables), &points).into_iter().map(|(name, ())| name).collect();
        assert_eq!(order, ["customers", "marks", "z_shipments", "a_lines"]);
    }

    #[test]
    fn tables_that_point_at_each_other_are_still_all_there() {
        let points = [("a", "b"), ("b", "a")].map(|(from, to)| (from.to_owned(), to.to_owned()));
        let tables = BTreeMap::from(["a", "b"].map(|name| (name.to_owned(), ())));
        assert_eq!(in_order(tables, &points).len(), 2);
    }
}
