//! A card that somebody filled in, as the limited reader gives it: rows of text, nothing of which is believed yet.

use std::collections::BTreeMap;
use std::fs::File;

use base::{Error, Language, Message};
use exchange::values::{self, Rules};
use exchange::{Cell, Line, Reader, Row};
use module::{Shape as Cells, Value};
use texts::{Texts, format};

use super::book::HEADER;
use super::{Field, Shape, Tongue, plain};
use crate::rules::LONGEST;

/// Characters of a name in a sentence.
const NAMED: usize = 60;

/// The cells that say something, in the language of the card: choices by their stored word, times and days as they are
/// shown everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    pub language: Language,
    pub cells: BTreeMap<Field, String>,
}

impl Filled {
    pub fn text(&self, field: Field) -> &str {
        self.cells.get(&field).map_or("", String::as_str)
    }

    /// Blocking.
    ///
    /// # Errors
    /// A sentence when the file is no card of ours, or when one of its cells cannot be read.
    pub fn read(reader: &Reader, file: File, texts: &Texts) -> Result<Self, Error> {
        let mut table = reader.open(file).map_err(Error::refused)?;
        let header = table.header().clone();
        let mut rows = Vec::new();
        for line in &mut table {
            match line.map_err(Error::refused)? {
                Line::Row(row) => rows.push(row),
                Line::Refused { problem, .. } => return Err(Error::Refused(problem.message())),
            }
        }
        let labels: Vec<&str> = rows.iter().map(|row| row.cells.first().map_or("", Cell::text)).collect();
        let tongue = spoken(texts, &labels);
        for (at, key) in HEADER.into_iter().enumerate() {
            let (found, expected) = (header.columns.get(at).map_or("", String::as_str), tongue.t(key));
            same(found, &expected)?;
        }
        if let Some(more) = header.columns.get(HEADER.len()) {
            same(more, "")?;
        }
        for at in 0..rows.len().max(Field::ALL.len()) {
            let expected = Field::ALL.get(at).map(|field| tongue.t(field.label())).unwrap_or_default();
            same(labels.get(at).copied().unwrap_or_default(), &expected)?;
        }
        Self::of(tongue, &rows)
    }

    fn of(tongue: Tongue<'_>, rows: &[Row]) -> Result<Self, Error> {
        let mut cells = BTreeMap::new();
        for (field, row) in Field::ALL.iter().copied().zip(rows) {
            if let Some(beyond) = row.cells.iter().skip(HEADER.len()).find(|cell| !cell.is_blank()) {
                return Err(Error::Refused(cell_message("complaint-sheet-beyond", tongue, field, beyond.text())));
            }
            let Some(cell) = row.cells.get(1).filter(|cell| !cell.is_blank()) else { continue };
            let text = read(tongue, field, cell, row.since_1904).map_err(Error::Refused)?;
            if text.chars().count() > LONGEST {
                let message = cell_message("complaint-sheet-too_long", tongue, field, "");
                return Err(Error::Refused(message.with("most", LONGEST)));
            }
            cells.insert(field, text);
        }
        Ok(Self { language: tongue.language, cells })
    }
}

/// The language whose labels most of the rows carry.
fn spoken<'a>(texts: &'a Texts, labels: &[&str]) -> Tongue<'a> {
    let of = |language| {
        let tongue = Tongue { texts, language };
        let known = Field::ALL.iter().zip(labels).filter(|(field, label)| tongue.t(field.label()) == label.trim());
        (known.count(), tongue)
    };
    let (chinese, english) = (of(Language::Chinese), of(Language::English));
    if english.0 > chinese.0 { english.1 } else { chinese.1 }
}

/// A name of the card is as we wrote it.
fn same(found: &str, expected: &str) -> Result<(), Error> {
    let found = found.trim();
    if found == expected {
        return Ok(());
    }
    let found: String = found.chars().take(NAMED).collect();
    Err(Error::Refused(match (found.is_empty(), expected.is_empty()) {
        (true, _) => Message::new("complaint-sheet-row_missing").with("expected", expected),
        (_, true) => Message::new("complaint-sheet-row_unknown").with("found", found),
        _ => Message::new("complaint-sheet-header_changed").with("found", found).with("expected", expected),
    }))
}

fn read(tongue: Tongue<'_>, field: Field, cell: &Cell, since_1904: bool) -> Result<String, Message> {
    let rules = Rules { since_1904, ..Rules::default() };
    let unreadable = |_: Message| cell_message("complaint-sheet-unreadable", tongue, field, cell.text());
    match field.shape() {
        Shape::Time => match values::read(Cells::Moment, cell, &rules).map_err(unreadable)? {
            Some(Value::Moment { at, .. }) => Ok(format::time(at)),
            _ => Ok(String::new()),
        },
        Shape::Day => match values::read(Cells::Day, cell, &rules).map_err(unreadable)? {
            Some(Value::Day(day)) => Ok(format::day(day)),
            _ => Ok(String::new()),
        },
        Shape::Choice(_) => match field.chosen(tongue, cell.text().trim()) {
            Some(word) => Ok(word.to_owned()),
            None => {
                let offered = field.offered(tongue).join(" / ");
                Err(cell_message("complaint-sheet-no_choice", tongue, field, cell.text()).with("offered", offered))
            }
        },
        // Text stays as it was written; anything else goes the way of every import: a number that Excel has cut, or
        // a formula without a result, is told and not taken for what somebody wrote.
        Shape::Line | Shape::Text | Shape::Amount => match cell {
            Cell::Text(text) if text.contains('\0') => Err(unreadable(Message::new("error-nul"))),
            Cell::Text(text) => Ok(plain(text)),
            _ => match values::read(Cells::Text, cell, &rules)? {
                Some(Value::Text(text)) => Ok(text),
                _ => Ok(String::new()),
            },
        },
    }
}

/// A sentence that names the cell as the card does.
pub fn cell_message(key: &str, tongue: Tongue<'_>, field: Field, text: &str) -> Message {
    let text: String = text.trim().chars().take(NAMED).collect();
    Message::new(key).with("cell", tongue.t(field.label())).with("text", text)
}
