//! XLSX. The archive is measured before the workbook reader sees it; cells are streamed, never a whole sheet.

use std::io::{self, BufReader, Read, Seek, Write};

use calamine::{CellErrorType, DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use zip::ZipArchive;

use super::tabulate::{Source, Tabulator};
use super::{Input, Order, Stop};
use crate::cell::Cell;
use crate::limits::{CELL_CHARS, COLUMNS, INFLATED_BYTES, PART_BYTES, PARTS, RATIO, RATIO_FROM_BYTES};
use crate::refusal::{Refused, RowProblem};

pub(crate) fn read(input: &Input, order: &Order, out: &mut impl Write) -> Result<(), Stop> {
    measure(input)?;
    input.forget_progress();
    let mut book = Xlsx::new(BufReader::new(input.again())).map_err(refusal_of)?;
    let sheet = sheet_of(&book, order)?;
    let source = Source {
        encoding: "XLSX".into(),
        sheet: Some(sheet.clone()),
        sheets: book.sheet_names().into_iter().take(COLUMNS).map(|name| name.chars().take(200).collect()).collect(),
        since_1904: book.has_1904_epoch(),
        ..Source::default()
    };
    let mut table = Tabulator::new(source, input.clone(), out);
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(refusal_of)?;
    let mut row = Gathered::default();
    while let Some(cell) = cells.next_cell().map_err(refusal_of)? {
        let (number, column) = cell.get_position();
        if u64::from(number) + 1 != row.number {
            if u64::from(number) + 1 < row.number {
                return Err(Refused::Damaged.into());
            }
            std::mem::replace(&mut row, Gathered::at(number)).give(&mut table)?;
        }
        row.put(column as usize, cell.get_value())?;
    }
    row.give(&mut table)?;
    table.finish()
}

/// Refuses archives that would inflate beyond all measure, including those that lie about their sizes.
fn measure(input: &Input) -> Result<(), Stop> {
    let damaged = |_| Stop::from(Refused::Damaged);
    let mut archive = ZipArchive::new(BufReader::new(input.again())).map_err(damaged)?;
    if archive.len() > PARTS {
        return Err(Refused::UnsafeWorkbook.into());
    }
    let mut total = 0_u64;
    for at in 0..archive.len() {
        let part = archive.by_index_data(at).map_err(damaged)?;
        if part.encrypted() {
            return Err(Refused::Protected.into());
        }
        let (packed, inflated) = (part.compressed_size(), part.size());
        total = total.saturating_add(inflated);
        let steep = inflated >= RATIO_FROM_BYTES && inflated / packed.max(1) > RATIO;
        if steep || inflated > PART_BYTES || total > INFLATED_BYTES {
            return Err(Refused::UnsafeWorkbook.into());
        }
    }
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(damaged)?;
        let promised = part.size();
        let found = io::copy(&mut part.take(promised + 1), &mut io::sink()).map_err(|_| Refused::Damaged)?;
        if found != promised {
            return Err(Refused::UnsafeWorkbook.into());
        }
    }
    Ok(())
}

/// The sheet by name, or the first visible one.
fn sheet_of<R: Read + Seek>(book: &Xlsx<R>, order: &Order) -> Result<String, Refused> {
    let sheets = || book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    match &order.sheet {
        Some(name) => match sheets().find(|sheet| sheet.name == *name) {
            Some(sheet) => Ok(sheet.name.clone()),
            None => Err(Refused::NoSheet { sheet: name.clone() }),
        },
        None => sheets()
            .find(|sheet| sheet.visible == SheetVisible::Visible)
            .or_else(|| sheets().next())
            .map(|sheet| sheet.name.clone())
            .ok_or(Refused::Empty),
    }
}

#[derive(Default)]
struct Gathered {
    /// Counted from 1; 0 before the first row.
    number: u64,
    cells: Vec<Cell>,
    problem: Option<RowProblem>,
}

impl Gathered {
    fn at(row: u32) -> Self {
        Self { number: u64::from(row) + 1, ..Self::default() }
    }

    fn put(&mut self, column: usize, value: &DataRef<'_>) -> Result<(), Stop> {
        let cell = cell(value);
        if cell == Cell::Empty {
            return Ok(());
        }
        if column >= COLUMNS {
            return Err(Refused::TooManyColumns.into());
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, Cell::Empty);
        }
        let (cell, whole) = within_limit(cell);
        if !whole {
            self.problem.get_or_insert(RowProblem::CellTooLong { column: column as u64 + 1 });
        }
        self.cells[column] = cell;
        Ok(())
    }

    fn give<W: Write>(self, table: &mut Tabulator<'_, W>) -> Result<(), Stop> {
        match self.cells.iter().all(Cell::is_blank) {
            true => Ok(()),
            false => table.row(self.number, self.cells, self.problem),
        }
    }
}

fn within_limit(cell: Cell) -> (Cell, bool) {
    match cell {
        Cell::Text(text) if text.len() > CELL_CHARS => match text.char_indices().nth(CELL_CHARS) {
            Some((at, _)) => (Cell::Text(text[..at].to_owned()), false),
            None => (Cell::Text(text), true),
        },
        other => (other, true),
    }
}

fn cell(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number(number.to_string()),
        DataRef::Float(number) => Cell::Number(number.to_string()),
        DataRef::Bool(yes) => Cell::Bool(*yes),
        DataRef::DateTime(when) if when.is_duration() => Cell::Number(when.as_f64().to_string()),
        DataRef::DateTime(when) => Cell::Serial(when.as_f64().to_string()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => in_text(text),
        DataRef::SharedString(text) => in_text(text),
        DataRef::Error(error) => Cell::Error(error_text(error)),
    }
}

fn in_text(text: &str) -> Cell {
    match text {
        "" => Cell::Empty,
        text => Cell::Text(text.to_owned()),
    }
}

fn error_text(error: &CellErrorType) -> String {
    error.to_string()
}

fn refusal_of(error: XlsxError) -> Stop {
    match error {
        XlsxError::Password => Refused::Protected.into(),
        _ => Refused::Damaged.into(),
    }
}
