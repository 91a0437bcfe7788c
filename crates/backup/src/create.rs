use std::path::Path;

use base::{Error, Instant};
use db::{Db, Kind as Database, Tx, audit};
use futures::TryStreamExt;

use crate::evidence;
use crate::key;
use crate::manifest::{Column, FORMAT, Manifest, Part, Table, path};
use crate::pack::Pack;
use crate::progress::{Step, Tell, Told};
use crate::restore;
use crate::rules::{self, Refusal};
use crate::store::{self, Tables};
use crate::value;

/// Bytes of rows that go to the archive at once.
const PIECE: usize = 1 << 18;

/// Writes everything that the database knows at this moment, and the key and the evidence of `data_dir`, into a new file that only its
/// owner may read, and reads it back once. People go on working meanwhile.
///
/// # Errors
/// Refused when the database has no schema or the file is there already; `Unavailable` when it cannot be written.
pub async fn create(db: &Db, data_dir: &Path, out: &Path, now: Instant) -> Result<Manifest, Error> {
    create_telling(db, data_dir, out, now, &Tell::default()).await
}

/// The same, and tells how far it has come.
///
/// # Errors
/// As `create`.
pub async fn create_telling(
    db: &Db,
    data_dir: &Path,
    out: &Path,
    now: Instant,
    tell: &Tell,
) -> Result<Manifest, Error> {
    let tx = store::snapshot(db).await?;
    let migrations = store::steps(&tx).await?;
    if migrations.is_empty() {
        return Err(Error::refused(Refusal::NothingThere));
    }
    let secret = key::read(data_dir)?;
    let chain = audit::verify(&tx).await?;
    let mut pack = Pack::begin(out)?;
    let tables = put_tables(&tx, &mut pack, tell).await?;
    let has_evidence = tables.iter().any(|table| table.name == "attachments");
    let (evidence, evidence_missing) = evidence::put(&tx, &mut pack, data_dir, has_evidence).await?;
    let manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").into(),
        created_at: now,
        database: name_of(db.kind()).into(),
        migrations,
        audit_entries: chain.entries,
        audit_broken_at: chain.broken_at,
        tables,
        secret_key: match secret {
            Some(secret) => Some(put_part(&mut pack, key::NAME, secret).await),
            None => None,
        },
        evidence,
        evidence_missing,
    };
    tx.rollback().await?;
    let text = serde_json::to_vec_pretty(&manifest).map_err(|error| Error::Bug(error.to_string()))?;
    put_part(&mut pack, crate::archive::MANIFEST, text).await;
    pack.finish().await?;
    // A backup that cannot be read is worse than none, and is noticed when it is needed.
    match restore::checked(out, tell).await?.manifest == manifest {
        true => Ok(manifest),
        false => Err(Error::Bug(format!("{} is not what was written", out.display()))),
    }
}

fn name_of(database: Database) -> &'static str {
    match database {
        Database::Sqlite => "sqlite",
        Database::Postgres => "postgres",
    }
}

async fn put_part(pack: &mut Pack, path: &str, bytes: Vec<u8>) -> Part {
    pack.part(path.into()).await;
    pack.bytes(bytes).await;
    pack.ended()
}

async fn put_tables(tx: &Tx, pack: &mut Pack, tell: &Tell) -> Result<Vec<Table>, Error> {
    let tables: Tables = store::tables(tx).await?;
    let total = match tell.anybody() {
        true => store::counts_of(tx, tables.keys()).await?.values().sum(),
        false => 0,
    };
    let mut told = tell.step(Step::Writing, total);
    let mut done = Vec::with_capacity(tables.len());
    for (name, columns) in rules::in_order(tables, &store::pointers(tx).await?) {
        pack.part(path(&name)).await;
        let rows = put_rows(tx, pack, &name, &columns, &mut told).await?;
        done.push(Table { name, columns, rows, part: pack.ended() });
    }
    Ok(done)
}

/// Each row is one line: a JSON array of its values.
async fn put_rows(tx: &Tx, pack: &mut Pack, table: &str, columns: &[Column], told: &mut Told) -> Result<u64, Error> {
    let mut found = store::rows(tx, table, columns).await?;
    let (mut count, mut piece) = (0, Vec::with_capacity(PIECE));
    while let Some(row) = found.try_next().await? {
        let values = columns.iter().enumerate().map(|(at, column)| value::out_of(&row, at, column.kind));
        let values = values.collect::<Result<Vec<_>, _>>().map_err(|error| Error::Bug(format!("{table}: {error}")))?;
        serde_json::to_writer(&mut piece, &values).map_err(|error| Error::Bug(error.to_string()))?;
        piece.push(b'\n');
        count += 1;
        told.more(1);
        if piece.len() >= PIECE {
            pack.bytes(std::mem::replace(&mut piece, Vec::with_capacity(PIECE))).await;
        }
        if !pack.is_well() {
            break;
        }
    }
    pack.bytes(piece).await;
    Ok(count)
}
