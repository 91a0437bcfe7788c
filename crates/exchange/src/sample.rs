//! The first rows of a file: what people look at while they say which column is what.

use std::fs::File;

use base::{Error, Message};
use module::{Field, ImportKind, Shape};

use crate::cell::Row;
use crate::committed;
use crate::mapping::{self, Mapping, Proposal};
use crate::reader::{Line, Reader};
use crate::refusal::Header;
use crate::values;

/// Rows that are looked at.
const ROWS: usize = 200;
/// Different values of one column that are shown.
const VALUES: usize = 3;
/// Characters of one value that are shown.
const VALUE_CHARS: usize = 30;
/// Characters of one word that are looked at.
const WORD_CHARS: usize = 60;

#[derive(Clone, Debug)]
pub struct Sample {
    pub header: Header,
    pub rows: Vec<Row>,
}

impl Sample {
    /// Blocking.
    ///
    /// # Errors
    /// Why the file is refused; also when nothing stands below its header.
    pub fn take(reader: &Reader, file: File, sheet: Option<&str>) -> Result<Self, Error> {
        let mut table = reader.open_sheet(file, sheet).map_err(Error::refused)?;
        let header = table.header().clone();
        let (mut rows, mut lines) = (Vec::new(), 0);
        while lines < ROWS
            && let Some(line) = table.next()
        {
            lines += 1;
            if let Line::Row(row) = line.map_err(Error::refused)? {
                rows.push(row);
            }
        }
        match lines {
            0 => Err(Error::Refused(Message::new("import-no_rows"))),
            _ => Ok(Self { header, rows }),
        }
    }

    /// The first different values of a column, cut to what a page can show.
    pub fn values(&self, column: usize) -> Vec<String> {
        let cut = |text: String| text.chars().take(VALUE_CHARS).collect();
        self.distinct(column, VALUES).into_iter().map(cut).collect()
    }

    /// The first different values of a column as people see them; cut to what a word may have.
    pub fn distinct(&self, column: usize, most: usize) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for (row, cell) in self.rows.iter().filter_map(|row| Some((row, row.cells.get(column)?))) {
            let text = values::shown(cell, row.since_1904);
            let text: String = text.trim().chars().filter(|c| !c.is_control()).take(WORD_CHARS).collect();
            if !text.is_empty() && !values.contains(&text) {
                values.push(text);
            }
            if values.len() == most {
                break;
            }
        }
        values
    }

    /// The proposal for this header, with what the committed mappings know about the words of files.
    pub fn proposal(&self, kind: &dyn ImportKind) -> Proposal {
        let mut proposal = mapping::propose(kind.name(), &self.header.columns, kind.fields());
        proposal.mapping.sheet = self.header.sheet.clone().filter(|_| self.header.sheets.len() > 1);
        learn_words(&mut proposal.mapping, kind.fields(), |_| true);
        proposal
    }

    /// Columns that no field takes, in the order of the file.
    pub fn left_out(&self, mapping: &Mapping) -> Vec<&str> {
        let used = |name: &str| {
            mapping.columns.values().any(|column| {
                let named = column.column.iter().chain(&column.parts).chain(&column.currency_column);
                named.into_iter().any(|used| values::normal(used) == values::normal(name))
            })
        };
        let names = self.header.columns.iter().map(String::as_str);
        names.filter(|name| !name.is_empty() && !used(name)).collect()
    }
}

/// What committed mappings know about the words of these fields. A word that two of them understand differently is left
/// to people.
pub(crate) fn learn_words(mapping: &mut Mapping, fields: &[Field], which: impl Fn(&str) -> bool) {
    let known = committed::of_kind(&mapping.kind);
    for field in fields.iter().filter(|field| which(field.name)) {
        let Shape::Choice(ours_known) = field.shape else { continue };
        let Some(column) = mapping.columns.get_mut(field.name) else { continue };
        let taught = || known.iter().filter_map(|(_, mapping)| mapping.columns.get(field.name));
        for (theirs, ours) in taught().flat_map(|column| &column.words) {
            let agreed = taught().all(|column| column.words.get(theirs).is_none_or(|other| other == ours));
            if agreed && ours_known.contains(&ours.as_str()) {
                column.words.entry(theirs.clone()).or_insert_with(|| ours.clone());
            }
        }
    }
}
