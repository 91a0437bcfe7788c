//! The rows of one file after the worker has read them once: kept in an unnamed temporary file, so that checking and
//! writing go over exactly the same rows in the same order without parsing the upload again.

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, Write};
use std::sync::Arc;

use base::{Error, FieldProblem};
use module::{ImportKind, Record};
use tokio::sync::mpsc;

use crate::cell::Row;
use crate::frames::{self, Frame};
use crate::mapping::{Bound, Mapping};
use crate::outcome::{Progress, Step};
use crate::reader::{Line, Reader};
use crate::refusal::Header;
use crate::rows::{Duplicates, Place};

/// Rows that are planned and written together.
pub const CHUNK: usize = 1_000;
/// Chunks that wait between the reading thread and the database.
const WAITING: usize = 2;

/// Told now and then how far the work is; called from any thread.
pub type Report = Arc<dyn Fn(Progress) + Send + Sync>;

pub(crate) struct Spool {
    pub header: Header,
    pub lines: u64,
    file: File,
    pub bound: Bound,
    duplicates: Duplicates,
    key_field: &'static str,
}

/// One row of the file and what the mapping made of it.
pub(crate) struct Item {
    pub row: Row,
    pub found: Found,
}

pub(crate) enum Found {
    Record(Record),
    Repeated,
    Refused(Vec<FieldProblem>),
}

/// What of an import kind the reading thread needs.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    fields: &'static [module::Field],
    key: &'static [&'static str],
}

impl Shape {
    pub fn of(kind: &dyn ImportKind) -> Self {
        Self { fields: kind.fields(), key: kind.key() }
    }
}

impl Spool {
    /// Blocking.
    ///
    /// # Errors
    /// Why the file is refused, or what of the mapping does not fit it.
    pub fn fill(reader: &Reader, file: File, mapping: &Mapping, shape: Shape, report: &Report) -> Result<Self, Error> {
        let mut table = reader.open_sheet(file, mapping.sheet.as_deref()).map_err(Error::refused)?;
        let header = table.header().clone();
        let bound = mapping.bind(&header.columns, shape.fields).map_err(Error::Invalid)?;
        let mut duplicates = Duplicates::new(shape.key);
        let mut out = BufWriter::with_capacity(1 << 20, tempfile::tempfile().map_err(full)?);
        let mut lines = 0_u64;
        while let Some(line) = table.next() {
            let frame = match line.map_err(Error::refused)? {
                Line::Row(row) => {
                    if let Ok(record) = bound.apply(&row) {
                        duplicates.note(&record);
                    }
                    Frame::Row { number: row.number, cells: row.cells }
                }
                Line::Refused { row, problem } => Frame::RefusedRow { number: row.number, cells: row.cells, problem },
            };
            frames::write(&mut out, &frame).map_err(full)?;
            lines += 1;
            if lines.is_multiple_of(CHUNK as u64) {
                let (done, total) = table.progress();
                report(Progress { step: Step::Reading, done, total });
            }
        }
        out.flush().map_err(full)?;
        let file = out.into_inner().map_err(|error| full(error.into_error()))?;
        let key_field = shape.key.first().copied().unwrap_or_default();
        Ok(Self { header, lines, file, bound, duplicates, key_field })
    }

    /// All rows from the first on, at most `CHUNK` at a time, made by a thread of their own.
    /// Only one of these at a time: they share the place in the file.
    pub fn chunks(self: &Arc<Self>) -> mpsc::Receiver<Result<Vec<Item>, Error>> {
        let (give, take) = mpsc::channel(WAITING);
        let spool = self.clone();
        tokio::task::spawn_blocking(move || {
            if let Err(error) = spool.give(&give) {
                // Nobody listens any more when this fails too.
                let _ = give.blocking_send(Err(error));
            }
        });
        take
    }

    fn give(&self, give: &mpsc::Sender<Result<Vec<Item>, Error>>) -> Result<(), Error> {
        let mut file = self.file.try_clone().map_err(full)?;
        file.rewind().map_err(full)?;
        let mut input = BufReader::with_capacity(1 << 20, file);
        let mut left = self.lines;
        while left > 0 {
            let mut items = Vec::with_capacity(CHUNK);
            while left > 0 && items.len() < CHUNK {
                items.push(self.item(frames::read(&mut input).map_err(full)?)?);
                left -= 1;
            }
            if give.blocking_send(Ok(items)).is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn item(&self, frame: Frame) -> Result<Item, Error> {
        let row = |number, cells| Row { number, cells, since_1904: self.header.since_1904 };
        match frame {
            Frame::Row { number, cells } => {
                let row = row(number, cells);
                let found = match self.bound.apply(&row) {
                    Ok(record) => self.placed(record),
                    Err(problems) => Found::Refused(problems),
                };
                Ok(Item { row, found })
            }
            Frame::RefusedRow { number, cells, problem } => {
                let found = Found::Refused(vec![FieldProblem::new("", problem.message())]);
                Ok(Item { row: row(number, cells), found })
            }
            _ => Err(Error::Bug("the spool holds something else than rows".into())),
        }
    }

    fn placed(&self, record: Record) -> Found {
        match self.duplicates.place(&record) {
            Place::Counts => Found::Record(record),
            Place::Repeats { .. } => Found::Repeated,
            place => Found::Refused(place.problem(self.key_field).into_iter().collect()),
        }
    }
}

/// The temporary folder is full or gone.
fn full(error: std::io::Error) -> Error {
    Error::Unavailable(format!("temporary file: {error}"))
}
