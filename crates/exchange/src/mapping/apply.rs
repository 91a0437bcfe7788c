use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use base::{Currency, FieldProblem, Message};
use module::{Field, Record, Shape, Value};

use super::{Column, DayOrder, TextInNumber};
use crate::cell::{Cell, Row};
use crate::refusal::shortened;
use crate::values::{self, Rules, clean};

/// A mapping whose columns were found in one file.
#[derive(Clone, Debug)]
pub struct Bound {
    columns: Vec<BoundColumn>,
    day_order: Option<DayOrder>,
    absent: Vec<Absent>,
}

/// A column that the mapping names and the file does not have; its field need not be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    pub field: &'static str,
    pub column: String,
}

#[derive(Clone, Debug)]
pub(super) struct BoundColumn {
    field: &'static Field,
    /// Of the file's column, or of several; empty when the field comes from none.
    header: String,
    source: Source,
    currency: Option<CurrencyFrom>,
    text_is_unknown: bool,
    empty: HashSet<String>,
    words: HashMap<String, String>,
}

#[derive(Clone, Debug)]
pub(super) enum Source {
    Column(usize),
    Constant(String),
    Parts(Vec<usize>, String),
}

#[derive(Clone, Debug)]
pub(super) enum CurrencyFrom {
    Constant(Currency),
    Column(usize),
}

impl Bound {
    pub(super) fn new(columns: Vec<BoundColumn>, day_order: Option<DayOrder>, absent: Vec<Absent>) -> Self {
        Self { columns, day_order, absent }
    }

    /// Columns that were passed over.
    pub fn absent(&self) -> &[Absent] {
        &self.absent
    }

    /// Header of the column that a field comes from; empty when it comes from none.
    pub fn header_of(&self, field: &str) -> &str {
        self.column_of(field).map_or("", |column| &column.header)
    }

    /// What the row says there, as people see it in the file; cut to what a sentence can carry.
    pub fn text_of(&self, row: &Row, field: &str) -> String {
        let Some(column) = self.column_of(field) else { return String::new() };
        let places = match &column.source {
            Source::Column(at) => vec![*at],
            Source::Parts(places, _) => places.clone(),
            Source::Constant(_) => Vec::new(),
        };
        let texts = places.into_iter().map(|at| values::shown(at_place(row, at), row.since_1904));
        let texts: Vec<_> = texts.filter(|text| !text.trim().is_empty()).collect();
        shortened(texts.join(" ").trim())
    }

    fn column_of(&self, field: &str) -> Option<&BoundColumn> {
        self.columns.iter().find(|column| column.field.name == field)
    }

    /// One row as a record. Empty cells have no value.
    ///
    /// # Errors
    /// Every field that cannot be read, each with the cell's text.
    pub fn apply(&self, row: &Row) -> Result<Record, Vec<FieldProblem>> {
        let mut values = BTreeMap::new();
        let mut problems = Vec::new();
        for column in &self.columns {
            match column.read(row, self.day_order) {
                Ok(Some(value)) => {
                    values.insert(column.field.name, value);
                }
                Ok(None) if column.field.required => {
                    problems.push(FieldProblem::new(column.field.name, Message::new("import-required")));
                }
                Ok(None) => {}
                Err(message) => problems.push(FieldProblem::new(column.field.name, message)),
            }
        }
        match problems.is_empty() {
            true => Ok(Record { row: row.number, values }),
            false => Err(problems),
        }
    }
}

impl BoundColumn {
    pub(super) fn new(column: &Column, field: &'static Field, source: Source, currency: Option<CurrencyFrom>) -> Self {
        let header = column.column.clone().unwrap_or_else(|| column.parts.join(" + "));
        // What the mapping says of a word goes before what everybody means by it.
        let said = column.words.iter().map(|(theirs, ours)| (theirs.as_str(), ours.as_str()));
        Self {
            field,
            header,
            source,
            currency,
            text_is_unknown: column.text == TextInNumber::Unknown,
            empty: column.empty.iter().map(|word| folded(word)).collect(),
            words: field
                .also
                .iter()
                .copied()
                .chain(said)
                .map(|(theirs, ours)| (folded(theirs), ours.to_owned()))
                .collect(),
        }
    }

    fn read(&self, row: &Row, day_order: Option<DayOrder>) -> Result<Option<Value>, Message> {
        let cell = self.cell(row)?;
        if cell.is_blank() {
            return Ok(None);
        }
        let cell = match self.translated(&cell) {
            Some(Cell::Empty) => return Ok(None),
            Some(word) => Cow::Owned(word),
            None => cell,
        };
        let mut rules =
            Rules { day_order, since_1904: row.since_1904, currency: None, text_is_unknown: self.text_is_unknown };
        if self.field.shape == Shape::Amount {
            rules.currency = self.currency(row)?;
        }
        values::read(self.field.shape, &cell, &rules)
    }

    fn cell<'a>(&'a self, row: &'a Row) -> Result<Cow<'a, Cell>, Message> {
        match &self.source {
            Source::Column(at) => Ok(Cow::Borrowed(at_place(row, *at))),
            Source::Constant(text) => Ok(Cow::Owned(Cell::Text(text.clone()))),
            Source::Parts(places, join) => {
                let mut parts = Vec::new();
                for at in places {
                    // Each part as text by the rules for text: dates as days, no lost digits.
                    let rules = Rules { since_1904: row.since_1904, ..Rules::default() };
                    if let Some(Value::Text(text)) = values::read(Shape::Text, at_place(row, *at), &rules)? {
                        parts.push(text);
                    }
                }
                Ok(Cow::Owned(Cell::Text(parts.join(join))))
            }
        }
    }

    /// A word of the file in our words; `Empty` for a word that means nothing.
    fn translated(&self, cell: &Cell) -> Option<Cell> {
        if self.empty.is_empty() && self.words.is_empty() {
            return None;
        }
        let word = folded(cell.text());
        if self.empty.contains(&word) {
            return Some(Cell::Empty);
        }
        self.words.get(&word).map(|ours| Cell::Text(ours.clone()))
    }

    fn currency(&self, row: &Row) -> Result<Option<Currency>, Message> {
        match &self.currency {
            None => Ok(None),
            Some(CurrencyFrom::Constant(currency)) => Ok(Some(*currency)),
            Some(CurrencyFrom::Column(at)) => {
                let text = clean(at_place(row, *at).text())?;
                match text.as_str() {
                    "" => Ok(None),
                    text => match text.parse() {
                        Ok(currency) => Ok(Some(currency)),
                        Err(_) => Err(Message::new("import-currency_unknown").with("text", shortened(text))),
                    },
                }
            }
        }
    }
}

fn at_place(row: &Row, at: usize) -> &Cell {
    const BLANK: &Cell = &Cell::Empty;
    row.cells.get(at).unwrap_or(BLANK)
}

/// Words are compared without case and width; punctuation matters: `N/A` is not `NA`, `-` is a word.
fn folded(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.trim().nfkc().flat_map(char::to_lowercase).collect()
}
