//! From raw rows to a table: finds the header, refuses what does not belong, writes the frames.

use std::io::Write;

use super::{Input, Stop};
use crate::cell::Cell;
use crate::frames::{self, End, Frame};
use crate::limits::{COLUMNS, FRAME_BYTES, ROWS};
use crate::refusal::{Header, Refused, RowProblem};

/// Rows looked at before the header is decided.
const HELD: usize = 20;
/// A column's name longer than this is cut, characters.
const NAME_CHARS: usize = 200;
/// A frame of progress after so many rows.
const PROGRESS_ROWS: u64 = 2_000;

/// What is known about the file before its first row.
#[derive(Debug, Default)]
pub(crate) struct Source {
    pub encoding: String,
    pub separator: Option<char>,
    pub sheet: Option<String>,
    pub sheets: Vec<String>,
    pub since_1904: bool,
    /// Every row must have as many cells as the header (text files; in workbooks empty cells are simply absent).
    pub even_rows: bool,
}

struct Held {
    number: u64,
    cells: Vec<Cell>,
    problem: Option<RowProblem>,
}

pub(crate) struct Tabulator<'a, W> {
    source: Source,
    input: Input,
    out: &'a mut W,
    held: Vec<Held>,
    header: Option<Vec<String>>,
    end: End,
}

impl<'a, W: Write> Tabulator<'a, W> {
    pub fn new(source: Source, input: Input, out: &'a mut W) -> Self {
        Self { source, input, out, held: Vec::new(), header: None, end: End::default() }
    }

    pub fn has_header(&self) -> bool {
        self.header.is_some()
    }

    pub fn width(&self) -> usize {
        self.header.as_ref().map_or(0, Vec::len)
    }

    /// # Errors
    /// When the file breaks a limit or the parent is gone.
    pub fn row(&mut self, number: u64, cells: Vec<Cell>, problem: Option<RowProblem>) -> Result<(), Stop> {
        if self.header.is_some() {
            return self.data(number, cells, problem);
        }
        self.held.push(Held { number, cells, problem });
        match self.held.len() < HELD {
            true => Ok(()),
            false => self.decide_header(),
        }
    }

    pub fn finish(mut self) -> Result<(), Stop> {
        if self.header.is_none() {
            self.decide_header()?;
        }
        frames::write(self.out, &Frame::Progress(self.input.furthest()))?;
        Ok(frames::write(self.out, &Frame::End(self.end))?)
    }

    fn decide_header(&mut self) -> Result<(), Stop> {
        let held = std::mem::take(&mut self.held);
        let at = header_among(&held).ok_or(Refused::Empty)?;
        let columns = names(&held[at].cells);
        if columns.len() > COLUMNS {
            return Err(Refused::TooManyColumns.into());
        }
        let header = Header {
            columns: columns.clone(),
            row: held[at].number,
            above: held[..at].iter().map(|row| joined(&row.cells)).collect(),
            encoding: self.source.encoding.clone(),
            separator: self.source.separator,
            sheet: self.source.sheet.clone(),
            sheets: self.source.sheets.clone(),
            since_1904: self.source.since_1904,
        };
        frames::write(self.out, &Frame::Header(header))?;
        self.header = Some(columns);
        for row in held.into_iter().skip(at + 1) {
            self.data(row.number, row.cells, row.problem)?;
        }
        Ok(())
    }

    fn data(&mut self, number: u64, mut cells: Vec<Cell>, problem: Option<RowProblem>) -> Result<(), Stop> {
        if self.end.rows + self.end.refused >= ROWS {
            return Err(Refused::TooManyRows.into());
        }
        let problem = problem.or_else(|| self.problem_of(&cells));
        let (problem, cells) = match frames::packed_size(&cells) + 4096 > FRAME_BYTES {
            true => (Some(RowProblem::RowTooLong), cells.iter().map(cut).collect()),
            false => {
                let used = cells.iter().rposition(|cell| *cell != Cell::Empty).map_or(0, |last| last + 1);
                cells.truncate(used.min(COLUMNS));
                (problem, cells)
            }
        };
        match problem {
            Some(problem) => {
                self.end.refused += 1;
                frames::write(self.out, &Frame::RefusedRow { number, cells, problem })?;
            }
            None => {
                self.end.rows += 1;
                frames::write(self.out, &Frame::Row { number, cells })?;
            }
        }
        if (self.end.rows + self.end.refused).is_multiple_of(PROGRESS_ROWS) {
            frames::write(self.out, &Frame::Progress(self.input.furthest()))?;
        }
        Ok(())
    }

    fn problem_of(&self, cells: &[Cell]) -> Option<RowProblem> {
        let header = self.header.as_ref()?;
        if header.len() > 1 && is_again(header, cells) {
            return Some(RowProblem::HeaderRepeated);
        }
        let beyond = cells.iter().skip(header.len()).any(|cell| !cell.is_blank());
        match self.source.even_rows && (beyond || cells.len() < header.len()) {
            true => Some(RowProblem::Ragged { found: cells.len() as u64, expected: header.len() as u64 }),
            false => None,
        }
    }
}

/// The first row that is about as wide as most rows are. A title above the header is narrower.
/// What the cells say does not count: headers repeat names, and rows of data may hold nothing but text.
fn header_among(rows: &[Held]) -> Option<usize> {
    let filled = |row: &Held| row.cells.iter().filter(|cell| !cell.is_blank()).count();
    let mut widths: Vec<_> = rows.iter().map(filled).collect();
    widths.sort_unstable();
    let usual = *widths.get(widths.len() / 2)?;
    rows.iter().position(|row| filled(row) * 5 >= usual * 3)
}

fn names(cells: &[Cell]) -> Vec<String> {
    let used = cells.iter().rposition(|cell| !cell.is_blank()).map_or(0, |last| last + 1);
    cells[..used].iter().map(|cell| name(cell.text())).collect()
}

fn name(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(NAME_CHARS).collect()
}

fn joined(cells: &[Cell]) -> String {
    let texts: Vec<_> = cells.iter().map(|cell| name(cell.text())).filter(|text| !text.is_empty()).collect();
    texts.join(" ").chars().take(NAME_CHARS).collect()
}

fn is_again(header: &[String], cells: &[Cell]) -> bool {
    let blank = Cell::Empty;
    let width = header.len().max(cells.len());
    (0..width).all(|at| {
        let text = cells.get(at).unwrap_or(&blank).text();
        header.get(at).map_or("", String::as_str) == name(text)
    })
}

fn cut(cell: &Cell) -> Cell {
    match cell {
        Cell::Text(text) => Cell::Text(text.chars().take(1_000).collect()),
        other => other.clone(),
    }
}
