//! One import from the file to the database. Preview and commit are the same plan; commit also writes.
//!
//! Why the preview's counts are exactly the result's: both run `plan` over the same spooled rows with the same mapping
//! and options. The commit opens its transaction first and takes the one turn of all imports, then plans every chunk
//! before it writes the first row. So the plan reads what is stored, never its own half-written rows, in preview and
//! commit alike; what earlier chunks say travels in `Seen`. On SQLite the open transaction keeps every other
//! writer out; on PostgreSQL other imports wait, and a change by hand in between is met by the keys and versions of the
//! tables, which undo the whole file. Data that changed between preview and commit shows as other counts: with
//! `expected` given, the commit then does nothing and says so.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use base::{Actor, Error, Message};
use db::{Db, Tx};
use module::{ImportKind, Options, Record, Seen, Verdict};

use crate::mapping::Mapping;
use crate::outcome::{Counts, Outcome, Progress, Step};
use crate::reader::Reader;
use crate::spool::{Found, Item, Report, Shape, Spool};
use crate::store;
use crate::tally::Tally;

/// One file and how it is to be understood.
pub struct Work<'a> {
    pub reader: &'a Reader,
    pub kind: &'a dyn ImportKind,
    pub mapping: &'a Mapping,
    pub options: &'a Options,
    /// Where refused rows are kept, see `kept`; no file is made when none is refused.
    pub refused: Option<&'a Path>,
    pub report: Report,
}

/// What a commit of this file would do.
///
/// # Errors
/// `Refused` when the file cannot be read, `Invalid` when the mapping does not fit it.
pub async fn preview(db: &Db, actor: &Actor, file: File, work: &Work<'_>) -> Result<Outcome, Error> {
    actor.require(work.kind.permission())?;
    let spool = spooled(file, work).await?;
    plan(db, actor, &spool, work, &mut |_| {}).await
}

/// Writes the whole file or nothing.
///
/// # Errors
/// As `preview`; `Refused` when the counts are not the `expected` ones; any error of the kind. Nothing is written then.
pub async fn commit(
    db: &Db,
    actor: &Actor,
    file: File,
    work: &Work<'_>,
    expected: Option<&Counts>,
) -> Result<Outcome, Error> {
    let (outcome, tx) = carry_out(db, actor, file, work, expected).await?;
    db.commit(tx).await?;
    Ok(outcome)
}

/// Everything of a commit but its last word, so that the caller's own rows stand or fall with the import.
pub(crate) async fn carry_out(
    db: &Db,
    actor: &Actor,
    file: File,
    work: &Work<'_>,
    expected: Option<&Counts>,
) -> Result<(Outcome, Tx), Error> {
    actor.require(work.kind.permission())?;
    let spool = spooled(file, work).await?;
    let tx = db.begin_large().await?;
    store::take_turn(&tx).await?;
    let mut verdicts = Vec::new();
    let outcome = plan(db, actor, &spool, work, &mut |verdict| verdicts.push(verdict)).await?;
    if expected.is_some_and(|expected| *expected != outcome.counts) {
        return Err(Error::Refused(Message::new("import-changed_since_preview")));
    }
    write(&tx, actor, &spool, work, verdicts).await?;
    let detail = serde_json::json!({ "kind": work.kind.name(), "counts": outcome.counts });
    db::audit::record(&tx, actor, "import.committed", "import", work.kind.name(), detail).await?;
    Ok((outcome, tx))
}

async fn spooled(file: File, work: &Work<'_>) -> Result<Arc<Spool>, Error> {
    let (reader, mapping, report) = (work.reader.clone(), work.mapping.clone(), work.report.clone());
    let shape = Shape::of(work.kind);
    let fill = move || Spool::fill(&reader, file, &mapping, shape, &report);
    let spool = tokio::task::spawn_blocking(fill).await.map_err(|error| Error::Bug(error.to_string()))??;
    match spool.lines {
        0 => Err(Error::Refused(Message::new("import-no_rows"))),
        _ => Ok(Arc::new(spool)),
    }
}

/// The one plan. `keep` gets the verdict of every record that was not refused or repeated before planning.
async fn plan(
    db: &Db,
    actor: &Actor,
    spool: &Arc<Spool>,
    work: &Work<'_>,
    keep: &mut (dyn FnMut(Verdict) + Send),
) -> Result<Outcome, Error> {
    let mut tally = Tally::new(spool, work);
    let mut seen = Seen::default();
    let mut chunks = spool.chunks();
    let mut done = 0;
    while let Some(items) = chunks.recv().await {
        let mut items = items?;
        done += items.len() as u64;
        let records = records_of(&mut items);
        let verdicts = work.kind.plan(db, actor, &records, work.options, &mut seen).await?;
        if verdicts.len() != records.len() {
            return Err(Error::Bug(format!("{} gave too many or too few verdicts", work.kind.name())));
        }
        tally.add(db, actor, work, (&items, &records, &verdicts)).await?;
        for verdict in verdicts {
            // Reasons are told by now; two million of them need not be kept.
            keep(if matches!(verdict, Verdict::Refused(_)) { Verdict::Unchanged } else { verdict });
        }
        (work.report)(Progress { step: Step::Checking, done, total: spool.lines });
    }
    tally.finish(work, done, seen.new_customers.len() as u64)
}

async fn write(
    tx: &Tx,
    actor: &Actor,
    spool: &Arc<Spool>,
    work: &Work<'_>,
    verdicts: Vec<Verdict>,
) -> Result<(), Error> {
    let mut verdicts = verdicts.into_iter();
    let mut chunks = spool.chunks();
    let mut done = 0;
    while let Some(items) = chunks.recv().await {
        let mut items = items?;
        done += items.len() as u64;
        let records = records_of(&mut items);
        let told: Vec<_> = verdicts.by_ref().take(records.len()).collect();
        let wanted = |(_, verdict): &(&Record, &Verdict)| matches!(verdict, Verdict::New | Verdict::Changed(_));
        let pairs: Vec<_> = records.iter().zip(&told).filter(wanted).collect();
        if !pairs.is_empty() {
            work.kind.write(tx, actor, &pairs, work.options).await?;
        }
        (work.report)(Progress { step: Step::Writing, done, total: spool.lines });
    }
    match done == spool.lines {
        true => work.kind.finish(tx, actor).await,
        false => Err(Error::Bug("rows of the spool were lost".into())),
    }
}

/// Taken out of the items, which keep only that there was one: copying a million of them takes seconds.
fn records_of(items: &mut [Item]) -> Vec<Record> {
    let record = |item: &mut Item| match &mut item.found {
        Found::Record(record) => Some(Record { row: record.row, values: std::mem::take(&mut record.values) }),
        Found::Repeated | Found::Refused(_) => None,
    };
    items.iter_mut().filter_map(record).collect()
}
