use std::path::{Path, PathBuf};

use base::Error;
use db::{Db, Tx, audit};
use migrations::Migrations;
use sea_orm::Value;
use sea_orm_migration::MigratorTrait;
use tokio::sync::mpsc;

use crate::archive::Archive;
use crate::evidence;
use crate::key;
use crate::manifest::{Column, Manifest};
use crate::progress::{Step, Tell};
use crate::rules::{self, Refusal};
use crate::store;

/// Rows that travel from the file to the database together, at most; a larger row travels alone.
const ROWS: usize = 1000;
const GROUP_BYTES: usize = 8 << 20;
/// Groups between the file and the database; each may take several times its bytes.
const WAITING: usize = 1;

/// Reads the whole file and compares it with what it says about itself; changes nothing.
///
/// # Errors
/// Refused when it is damaged, cut off, of a newer form or no backup at all.
pub async fn verify(path: &Path) -> Result<Manifest, Error> {
    Ok(checked(path, &Tell::default()).await?.manifest)
}

/// Brings everything back into an empty database of either kind, and the key and the evidence into `data_dir`: all of it or
/// nothing.
///
/// The rows go into the schema that they came from; then the steps that were added since are taken, as they would be
/// by a running program.
///
/// # Errors
/// As `verify`; refused also when the database holds rows, when `data_dir` has another key, or when a newer program
/// made the backup. Nothing is changed then.
pub async fn restore(path: &Path, db: &Db, data_dir: &Path) -> Result<Manifest, Error> {
    restore_telling(path, db, data_dir, &Tell::default()).await
}

/// The same, and tells how far it has come.
///
/// # Errors
/// As `restore`.
pub async fn restore_telling(path: &Path, db: &Db, data_dir: &Path, tell: &Tell) -> Result<Manifest, Error> {
    Ready::of(path, tell).await?.restore(db, data_dir, tell).await
}

/// A backup that is whole and that this program knows.
#[derive(Debug)]
pub struct Ready {
    archive: Archive,
    /// How many of our steps its rows belong to.
    steps: usize,
}

impl Ready {
    /// Reads the whole file; needs no database.
    ///
    /// # Errors
    /// As `verify`; refused also when a newer program made the backup.
    pub async fn of(path: &Path, tell: &Tell) -> Result<Self, Error> {
        let archive = checked(path, tell).await?;
        let ours: Vec<String> = Migrations::migrations().iter().map(|step| step.name().to_owned()).collect();
        let steps = rules::steps(&archive.manifest, &ours).map_err(Error::refused)?;
        Ok(Self { archive, steps })
    }

    /// # Errors
    /// As `restore`, for what is wrong with the database or the folder.
    pub async fn restore(mut self, db: &Db, data_dir: &Path, tell: &Tell) -> Result<Manifest, Error> {
        let manifest = self.archive.manifest.clone();
        let secret = self.archive.key().map_err(Error::refused)?;
        if let Some(secret) = &secret {
            key::check(data_dir, secret)?;
        }
        let tx = db.begin().await?;
        prepare(&tx, &manifest, self.steps).await?;
        let mut archive = fill(&tx, self.archive, tell).await?;
        compare(&tx, &manifest).await?;
        Migrations::up(&tx, None).await?;
        let data = data_dir.to_path_buf();
        on_a_thread(move || evidence::bring_back(&mut archive, &data)).await?;
        // Before the rows: rows without their key would be of less use than a key without its rows.
        if let Some(secret) = &secret {
            key::put(data_dir, secret)?;
        }
        db.commit(tx).await?;
        Ok(manifest)
    }
}

pub(crate) async fn checked(path: &Path, tell: &Tell) -> Result<Archive, Error> {
    let (path, tell): (PathBuf, Tell) = (path.into(), tell.clone());
    on_a_thread(move || {
        let mut archive = Archive::open(&path)?;
        archive.check(&tell).map_err(Error::refused)?;
        Ok(archive)
    })
    .await
}

async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(Error::Bug(error.to_string())),
    }
}

/// Empty tables of the schema that the rows belong to.
async fn prepare(tx: &Tx, manifest: &Manifest, steps: usize) -> Result<(), Error> {
    let found = store::tables(tx).await?;
    if let Some(table) = store::first_filled(tx, &found).await? {
        return Err(Error::refused(Refusal::NotEmpty(table)));
    }
    let taken = store::steps(tx).await?;
    if !manifest.migrations.starts_with(&taken) {
        return Err(Error::refused(Refusal::OtherSchema));
    }
    let missing = u32::try_from(steps - taken.len()).unwrap_or_default();
    Migrations::up(tx, Some(missing)).await?;
    let tables = store::tables(tx).await?;
    if !rules::fits(&manifest.tables, &tables) {
        return Err(Error::refused(Refusal::OtherSchema));
    }
    store::clear(tx, &tables).await
}

struct Group {
    table: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
}

/// The file is read on a thread of its own, ahead of the database; it is given back for what is no row.
async fn fill(tx: &Tx, mut archive: Archive, tell: &Tell) -> Result<Archive, Error> {
    let mut told = tell.step(Step::Restoring, archive.manifest.rows());
    let points = store::pointers(tx).await?;
    let tables = archive.manifest.tables.clone().into_iter().map(|table| (table.name.clone(), table)).collect();
    let order = rules::in_order(tables, &points);
    let (groups, mut waiting) = mpsc::channel(WAITING);
    let reading = on_a_thread(move || {
        for (name, table) in order {
            let group = |rows| Group { table: name.clone(), columns: table.columns.clone(), rows };
            let (mut rows, mut held) = (Vec::new(), 0);
            let given = archive.each_row(&table, |row, bytes| {
                rows.push(row);
                held += bytes;
                if rows.len() < ROWS && held < GROUP_BYTES {
                    return true;
                }
                held = 0;
                // A database that has refused takes no more; it says why itself.
                groups.blocking_send(group(std::mem::take(&mut rows))).is_ok()
            });
            given.map_err(Error::refused)?;
            if !rows.is_empty() && groups.blocking_send(group(rows)).is_err() {
                break;
            }
        }
        Ok(archive)
    });
    let writing = async move {
        while let Some(group) = waiting.recv().await {
            let rows = group.rows.len() as u64;
            store::insert(tx, &group.table, &group.columns, group.rows).await?;
            told.more(rows);
        }
        Ok(())
    };
    let (read, written) = tokio::join!(reading, writing);
    written.and(read)
}

/// What the database says now against what the manifest says.
async fn compare(tx: &Tx, manifest: &Manifest) -> Result<(), Error> {
    let counts = store::counts_of(tx, manifest.tables.iter().map(|table| &table.name)).await?;
    if manifest.tables.iter().any(|table| counts.get(&table.name) != Some(&table.rows)) {
        return Err(Error::refused(Refusal::Damaged));
    }
    let chain = match audit::verify(tx).await {
        // A row that is no audit entry cannot even be read as one.
        Err(Error::Bug(_)) => return Err(Error::refused(Refusal::OtherAudit)),
        read => read?,
    };
    match (chain.entries, chain.broken_at) == (manifest.audit_entries, manifest.audit_broken_at) {
        true => Ok(()),
        false => Err(Error::refused(Refusal::OtherAudit)),
    }
}
