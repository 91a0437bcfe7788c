//! One import from the file to the database. Preview and commit are the same plan; commit also writes.
//!
//! Why the preview's counts are exactly the result's: both run `plan` over the same spooled rows with the same mapping
//! and options. The commit opens its transaction first and takes the one turn of all imports. While one chunk is
//! written, the next is planned, on another connection: so the plan reads what was stored before, never its own
//! half-written rows, in preview and commit alike; what earlier chunks say travels in `Seen`. On SQLite the open
//! transaction keeps every other writer out; on PostgreSQL other imports wait, and a change by hand in between is met by
//! the keys and versions of the tables, which undo the whole file. Data that changed between preview and commit shows as
//! other counts: with `expected` given, the commit then undoes everything and says so.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use base::{Actor, Error, Message};
use db::{Db, Tx};
use module::{ImportKind, Options, Record, Seen, Verdict};
use tokio::sync::mpsc;

use crate::mapping::Mapping;
use crate::outcome::{Counts, Outcome, Progress, Step};
use crate::reader::Reader;
use crate::spool::{Found, Item, Report, Shape, Spool};
use crate::store;
use crate::tally::Tally;

/// Planned chunks that wait to be written.
const WAITING: usize = 2;

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
    plan(db, actor, &spool, work, None).await
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
    let (give, take) = mpsc::channel(WAITING);
    let planning = plan(db, actor, &spool, work, Some(give));
    // Not one after the other: the database writes in a thread of its own, and nobody waits for the other's chunk.
    let (outcome, written) = futures::join!(planning, write(&tx, actor, work, spool.lines, take));
    written?;
    let outcome = outcome?;
    if expected.is_some_and(|expected| *expected != outcome.counts) {
        return Err(Error::Refused(Message::new("import-changed_since_preview")));
    }
    work.kind.finish(&tx, actor).await?;
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

/// A chunk that can be written.
struct Planned {
    /// Of the file, with those that are no records.
    lines: u64,
    records: Vec<Record>,
    /// One a record.
    verdicts: Vec<Verdict>,
}

/// The one plan. `hand_over` gets every chunk of it, if somebody writes it.
async fn plan(
    db: &Db,
    actor: &Actor,
    spool: &Arc<Spool>,
    work: &Work<'_>,
    hand_over: Option<mpsc::Sender<Planned>>,
) -> Result<Outcome, Error> {
    let mut tally = Tally::new(spool, work);
    let mut seen = Seen::default();
    let mut chunks = spool.chunks();
    let mut done = 0;
    while let Some(items) = chunks.recv().await {
        let mut items = items?;
        let lines = items.len() as u64;
        done += lines;
        let records = records_of(&mut items);
        let verdicts = work.kind.plan(db, actor, &records, work.options, &mut seen).await?;
        if verdicts.len() != records.len() {
            return Err(Error::Bug(format!("{} gave too many or too few verdicts", work.kind.name())));
        }
        tally.add(db, actor, work, (&items, &records, &verdicts)).await?;
        match &hand_over {
            Some(writer) => {
                // Whoever stopped writing says why.
                let gone = |_| Error::Bug("nobody writes what is planned".into());
                writer.send(Planned { lines, records, verdicts }).await.map_err(gone)?;
            }
            None => (work.report)(Progress { step: Step::Checking, done, total: spool.lines }),
        }
    }
    tally.finish(work, done, seen.new_customers.len() as u64)
}

/// Ends when the plan ends; whether that was the end of the file is for the plan to say.
async fn write(
    tx: &Tx,
    actor: &Actor,
    work: &Work<'_>,
    total: u64,
    mut chunks: mpsc::Receiver<Planned>,
) -> Result<(), Error> {
    let mut done = 0;
    while let Some(chunk) = chunks.recv().await {
        done += chunk.lines;
        let wanted = |(_, verdict): &(&Record, &Verdict)| matches!(verdict, Verdict::New | Verdict::Changed(_));
        let pairs: Vec<_> = chunk.records.iter().zip(&chunk.verdicts).filter(wanted).collect();
        if !pairs.is_empty() {
            work.kind.write(tx, actor, &pairs, work.options).await?;
        }
        (work.report)(Progress { step: Step::Writing, done, total });
    }
    Ok(())
}

/// Taken out of the items, which keep only that there was one: copying a million of them takes seconds.
fn records_of(items: &mut [Item]) -> Vec<Record> {
    let record = |item: &mut Item| match &mut item.found {
        Found::Record(record) => Some(Record { row: record.row, values: std::mem::take(&mut record.values) }),
        Found::Repeated | Found::Refused(_) => None,
    };
    items.iter_mut().filter_map(record).collect()
}
