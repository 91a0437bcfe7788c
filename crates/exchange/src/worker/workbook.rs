//! XLSX. The archive is measured before the workbook reader sees it; cells are streamed, never a whole sheet.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read, Seek, Write};

use calamine::{CellErrorType, DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use zip::ZipArchive;

use super::tabulate::{Source, Tabulator};
use super::{Input, Order, Stop};
use crate::cell::Cell;
use crate::limits::{CELL_CHARS, COLUMNS, INFLATED_BYTES, PART_BYTES, PARTS, RATIO, RATIO_FROM_BYTES};
use crate::refusal::{Refused, RowProblem};

/// Formulas of a sheet whose missing results are told; one in each row of the largest sheet is more than enough.
const FORMULAS: usize = 200_000;
/// Characters of a formula that are told.
const FORMULA_CHARS: usize = 60;

pub(crate) fn read(input: &Input, order: &Order, out: &mut impl Write) -> Result<(), Stop> {
    let has_open_formulas = measure(input)?;
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
    let formulas = if has_open_formulas { formulas_of(&mut book, &sheet)? } else { BTreeMap::new() };
    input.forget_progress();
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
        match (cell.get_value(), formulas.get(&(number, column))) {
            (DataRef::Empty, Some(formula)) => row.put(column as usize, Cell::Error(formula.clone()))?,
            (value, _) => row.put(column as usize, self::cell(value))?,
        }
    }
    row.give(&mut table)?;
    table.finish()
}

/// Where formulas stand, each as `=SUM(A1:A2)`. A program that writes workbooks does not work them out, so they may have
/// no result until somebody saves the file in a spreadsheet: that must not look like an empty cell.
fn formulas_of(book: &mut Xlsx<BufReader<Input>>, sheet: &str) -> Result<BTreeMap<(u32, u32), String>, Stop> {
    let mut found = BTreeMap::new();
    let mut cells = book.worksheet_cells_reader(sheet).map_err(refusal_of)?;
    while let Some(cell) = cells.next_formula().map_err(refusal_of)? {
        if !cell.get_value().is_empty() && found.len() < FORMULAS {
            let told: String = std::iter::once('=').chain(cell.get_value().chars()).take(FORMULA_CHARS).collect();
            found.insert(cell.get_position(), told);
        }
    }
    Ok(found)
}

/// Refuses archives that would inflate beyond all measure, including those that lie about their sizes. Tells whether it
/// holds formulas that nobody has worked out.
fn measure(input: &Input) -> Result<bool, Stop> {
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
    let mut formulas = Looked::default();
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(damaged)?;
        let promised = part.size();
        let found = io::copy(&mut part.take(promised + 1), &mut formulas).map_err(|_| Refused::Damaged)?;
        if found != promised {
            return Err(Refused::UnsafeWorkbook.into());
        }
    }
    Ok(formulas.has_open_formulas())
}

/// Looks for formulas and for results of formulas that are texts, in what is written to it, and keeps nothing of it.
#[derive(Default)]
struct Looked {
    formula: bool,
    /// A spreadsheet has worked the formulas out: it marks each text among the results, also the empty one.
    text_result: bool,
    /// The last bytes of what came before.
    end: Vec<u8>,
}

impl Looked {
    const FORMULA: [&'static [u8]; 4] = [b"<f>", b"<f ", b":f>", b":f "];
    const TEXT_RESULT: &'static [u8] = b" t=\"str\"";

    /// Whether a missing result means that nobody has worked it out.
    fn has_open_formulas(&self) -> bool {
        self.formula && !self.text_result
    }

    fn look(&mut self, bytes: &[u8]) {
        self.formula |= bytes.windows(3).any(|window| Self::FORMULA.contains(&window));
        self.text_result |= bytes.windows(Self::TEXT_RESULT.len()).any(|window| window == Self::TEXT_RESULT);
    }
}

impl Write for Looked {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let kept = Self::TEXT_RESULT.len() - 1;
        let mut seam = std::mem::take(&mut self.end);
        seam.extend(bytes.iter().take(kept));
        self.look(&seam);
        self.look(bytes);
        self.end = match bytes.len() < kept {
            true => seam.split_off(seam.len().saturating_sub(kept)),
            false => bytes[bytes.len() - kept..].to_vec(),
        };
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
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

    fn put(&mut self, column: usize, cell: Cell) -> Result<(), Stop> {
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
