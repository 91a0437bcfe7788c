//! CSV and its relatives.

use std::io::Write;

use super::decode::{self, Decoded};
use super::records::{self, Record, Splitter};
use super::tabulate::{Source, Tabulator};
use super::{Input, Stop};
use crate::cell::Cell;
use crate::limits::COLUMNS;
use crate::refusal::{Refused, RowProblem};

/// How much of the file decides the separator, bytes.
const SAMPLE: usize = 64 * 1024;

pub(crate) fn read(input: &Input, out: &mut impl Write) -> Result<(), Stop> {
    let encoding = decode::encoding_of(input)?;
    let separator = records::separator_of(&sample(input, encoding)?);
    input.forget_progress();
    let source = Source {
        encoding: decode::name(encoding).into(),
        separator: Some(separator),
        even_rows: true,
        ..Source::default()
    };
    let mut table = Tabulator::new(source, input.clone(), out);
    let mut text = Decoded::new(input, encoding);
    let mut splitter = Splitter::new(separator);
    while let Some(piece) = text.next()? {
        splitter.feed(&piece, |record| give(&mut table, record))?;
    }
    if let Some(record) = splitter.finish()? {
        give(&mut table, record)?;
    }
    table.finish()
}

fn give<W: Write>(table: &mut Tabulator<'_, W>, record: Record) -> Result<(), Stop> {
    if record.is_blank() && record.count <= COLUMNS {
        return Ok(());
    }
    let problem = match (record.cut, record.count) {
        (Some(column), _) => Some(RowProblem::CellTooLong { column: column as u64 }),
        (None, count) if count > COLUMNS && table.has_header() => {
            Some(RowProblem::Ragged { found: count as u64, expected: table.width() as u64 })
        }
        (None, count) if count > COLUMNS => return Err(Refused::TooManyColumns.into()),
        _ => None,
    };
    let cells = record.fields.into_iter().map(|text| if text.is_empty() { Cell::Empty } else { Cell::Text(text) });
    table.row(record.line, cells.collect(), problem)
}

fn sample(input: &Input, encoding: &'static encoding_rs::Encoding) -> Result<String, Stop> {
    let mut text = Decoded::new(input, encoding);
    let mut sample = String::new();
    while sample.len() < SAMPLE
        && let Some(piece) = text.next()?
    {
        sample.push_str(&piece);
    }
    Ok(sample)
}
