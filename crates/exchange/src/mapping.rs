//! Which column of a file is which field: kept as TOML, proposed from headers, applied to rows.

mod apply;
mod propose;

use std::collections::BTreeMap;

use base::{Currency, FieldProblem, Message};
use module::{Field, Shape};
use serde::{Deserialize, Serialize};

pub use crate::values::DayOrder;
pub use apply::{Absent, Bound};
pub use propose::{Match, Proposal, propose};

use crate::values::normal;

/// A saved mapping. The examples stand in `mappings/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// `customers`, `shipments`, `interactions`.
    pub kind: String,
    /// Where the records come from, part of a shipment's key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Sheet of a workbook; the first visible one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Needed only for dates such as `05/01/2026`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_order: Option<DayOrder>,
    /// By field name.
    #[serde(default)]
    pub columns: BTreeMap<String, Column>,
}

/// Where one field comes from: exactly one of `column`, `constant` and `parts`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Column {
    /// Header of the column; case, blanks, width and punctuation do not matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The same text for every row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constant: Option<String>,
    /// Headers of several columns whose texts are joined, empty ones left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// Between the parts; a blank when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join: Option<String>,
    /// Currency of an amount, for all rows or by a column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_column: Option<String>,
    #[serde(skip_serializing_if = "TextInNumber::is_default")]
    pub text: TextInNumber,
    /// Words that mean an empty cell in this column.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub empty: Vec<String>,
    /// The file's words and ours.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<String, String>,
}

/// What becomes of text where a number belongs. Never 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextInNumber {
    #[default]
    Refuse,
    /// The value is unknown; the text is kept.
    Unknown,
}

impl TextInNumber {
    fn is_default(&self) -> bool {
        *self == TextInNumber::default()
    }
}

impl Mapping {
    /// Reads TOML.
    ///
    /// # Errors
    /// What is wrong and on which line.
    pub fn parse(text: &str) -> Result<Mapping, Message> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
            Message::new("import-mapping_unreadable").with("line", line).with("detail", error.message())
        })
    }

    /// The text that `parse` reads back to the same mapping.
    ///
    /// # Errors
    /// Never for mappings made of plain texts.
    pub fn to_toml(&self) -> Result<String, Message> {
        toml::to_string_pretty(self)
            .map_err(|error| Message::new("import-mapping_unreadable").with("line", 1).with("detail", error))
    }

    /// Columns of fields that need not be filled and that the file does not have, as `bind` passes them over.
    pub fn absent(&self, columns: &[String], fields: &'static [Field]) -> Vec<Absent> {
        let absent = |field: &Field| {
            let column = self.columns.get(field.name).filter(|_| !field.required)?.missing(columns)?;
            Some(Absent { field: field.name, column })
        };
        fields.iter().filter_map(absent).collect()
    }

    /// Finds the columns in this file once, so that rows cost little. A field that need not be filled and whose column
    /// the file does not have is passed over; `Bound::absent` names it.
    ///
    /// # Errors
    /// Everything that does not fit, by field: all at once, so that people correct the mapping in one go.
    pub fn bind(&self, columns: &[String], fields: &'static [Field]) -> Result<Bound, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        for name in self.columns.keys() {
            if !fields.iter().any(|field| field.name == name) {
                let known: Vec<_> = fields.iter().map(|field| field.name).collect();
                let message = Message::new("import-field_unknown").with("field", name).with("known", known.join(" / "));
                problems.push(FieldProblem::new(name, message));
            }
        }
        let (mut bound, absent) = (Vec::new(), self.absent(columns, fields));
        for field in fields {
            match self.columns.get(field.name) {
                Some(_) if absent.iter().any(|absent| absent.field == field.name) => {}
                Some(column) => match column.bind(field, columns) {
                    Ok(column) => bound.push(column),
                    Err(messages) => {
                        problems.extend(messages.into_iter().map(|message| FieldProblem::new(field.name, message)));
                    }
                },
                None if field.required => {
                    let message = Message::new("import-field_unmapped").with("field", field.name);
                    problems.push(FieldProblem::new(field.name, message));
                }
                None => {}
            }
        }
        match problems.is_empty() {
            true => Ok(Bound::new(bound, self.day_order, absent)),
            false => Err(problems),
        }
    }
}

impl Column {
    /// The first of its columns that the file does not have. The column of a currency is not meant: an amount without
    /// its currency is no amount.
    fn missing(&self, columns: &[String]) -> Option<String> {
        if self.constant.is_some() {
            return None;
        }
        let known: Vec<String> = columns.iter().map(|column| normal(column)).collect();
        let absent = |name: &&String| !columns.contains(name) && !known.contains(&normal(name));
        self.column.iter().chain(&self.parts).find(absent).cloned()
    }

    fn bind(&self, field: &'static Field, columns: &[String]) -> Result<apply::BoundColumn, Vec<Message>> {
        let mut problems = Vec::new();
        let mut at = |name: &String| match place_of(name, columns) {
            Ok(at) => at,
            Err(message) => {
                problems.push(message);
                0
            }
        };
        let source = match (&self.column, &self.constant, self.parts.as_slice()) {
            (Some(column), None, []) => apply::Source::Column(at(column)),
            (None, Some(constant), []) => apply::Source::Constant(constant.clone()),
            (None, None, parts @ [_, ..]) => {
                let join = self.join.clone().unwrap_or_else(|| " ".into());
                apply::Source::Parts(parts.iter().map(&mut at).collect(), join)
            }
            _ => {
                problems.push(Message::new("import-column_source").with("field", field.name));
                return Err(problems);
            }
        };
        let currency = match (self.currency, &self.currency_column) {
            (Some(currency), None) => Some(apply::CurrencyFrom::Constant(currency)),
            (None, Some(column)) => Some(apply::CurrencyFrom::Column(at(column))),
            (None, None) => None,
            (Some(_), Some(_)) => {
                problems.push(Message::new("import-currency_twice").with("field", field.name));
                None
            }
        };
        if field.shape == Shape::Amount && currency.is_none() && problems.is_empty() {
            problems.push(Message::new("import-currency_unmapped").with("field", field.name));
        }
        if let Shape::Choice(known) = field.shape {
            for word in self.words.values().filter(|word| !known.contains(&word.as_str())) {
                let expected = known.join(" / ");
                problems.push(Message::new("import-word_unknown").with("text", word).with("expected", expected));
            }
        }
        match problems.is_empty() {
            true => Ok(apply::BoundColumn::new(self, field, source, currency)),
            false => Err(problems),
        }
    }
}

/// The column with this header.
fn place_of(name: &str, columns: &[String]) -> Result<usize, Message> {
    let exact: Vec<_> = columns.iter().enumerate().filter(|(_, column)| *column == name).collect();
    let wanted = normal(name);
    let alike = || columns.iter().enumerate().filter(|(_, column)| normal(column) == wanted && !wanted.is_empty());
    let found = if exact.is_empty() { alike().collect() } else { exact };
    match found.as_slice() {
        [(at, _)] => Ok(*at),
        [] => Err(Message::new("import-column_missing").with("column", name)),
        _ => Err(Message::new("import-column_twice").with("column", name)),
    }
}
