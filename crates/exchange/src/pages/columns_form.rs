//! What the form about the columns says, on top of the mapping that was there before.

use std::collections::{BTreeMap, BTreeSet};

use base::{Error, Message};
use module::{Field, Shape};

use crate::mapping::{Column, DayOrder, Mapping, TextInNumber};
use crate::outcome::Choices;
use crate::sample;
use crate::service::USUAL_SOURCE;

/// A word of the file that means an empty cell.
pub(super) const AS_EMPTY: &str = "-";
/// A word of the file that nobody has said anything of: its rows are refused.
pub(super) const NOT_KNOWN: &str = "?";

pub(super) struct Typed {
    pub mapping: Mapping,
    pub choices: Choices,
}

type Said = BTreeMap<String, String>;

impl Typed {
    /// Fields come as `column-waybill`, `currency-cost`, words as `theirs-mode-0` and `ours-mode-0`; a field that does
    /// not come is not taken.
    pub fn read(
        pairs: Vec<(String, String)>,
        before: Mapping,
        fields: &'static [Field],
        names: &[String],
    ) -> Result<Self, Error> {
        let mut said: Said = pairs.into_iter().collect();
        let (mut columns, mut fresh) = (BTreeMap::new(), BTreeSet::new());
        for field in fields {
            let from = said.remove(&format!("column-{}", field.name)).unwrap_or_default();
            let currency = said.remove(&format!("currency-{}", field.name)).unwrap_or_default();
            let words = words(&mut said, field.name);
            let known = before.columns.get(field.name);
            let Some(mut column) = column(&from, known, names)? else { continue };
            if field.shape == Shape::Amount {
                set_currency(&mut column, &currency, names)?;
            }
            match known.is_some_and(|known| known.column == column.column) {
                true => set_words(&mut column, words, field)?,
                // What was said of the words of another column does not hold here.
                false => drop(fresh.insert(field.name)),
            }
            columns.insert(field.name.to_owned(), column);
        }
        let policy = said.remove("on_text").unwrap_or_default();
        for column in columns.values_mut() {
            match policy.as_str() {
                "refuse" => column.text = TextInNumber::Refuse,
                "unknown" => column.text = TextInNumber::Unknown,
                _ => {}
            }
        }
        let day_order = said.remove("day_order").unwrap_or_default();
        let source = said.remove("source").unwrap_or_else(|| USUAL_SOURCE.into()).trim().to_owned();
        let create_customers = said.remove("create_customers").is_some();
        if !said.is_empty() {
            return Err(unreadable());
        }
        let mut mapping =
            Mapping { day_order: DayOrder::from_name(&day_order), columns, source: Some(source.clone()), ..before };
        sample::learn_words(&mut mapping, fields, |field| fresh.contains(field));
        Ok(Self { mapping, choices: Choices { create_customers, source } })
    }
}

fn unreadable() -> Error {
    Error::Refused(Message::new("error-form_unreadable"))
}

/// The same column as before keeps its words and what counts as empty.
fn column(from: &str, known: Option<&Column>, names: &[String]) -> Result<Option<Column>, Error> {
    match (from, known) {
        ("", _) => Ok(None),
        ("keep", Some(known)) => Ok(Some(known.clone())),
        (from, known) => {
            let name = name_at(from, names)?;
            let same = known.filter(|known| known.column.as_ref() == Some(&name)).cloned();
            Ok(Some(same.unwrap_or(Column { column: Some(name), ..Column::default() })))
        }
    }
}

fn set_currency(column: &mut Column, said: &str, names: &[String]) -> Result<(), Error> {
    (column.currency, column.currency_column) = match said {
        "" => (None, None),
        code => match code.parse() {
            Ok(currency) => (Some(currency), None),
            Err(_) => (None, Some(name_at(code, names)?)),
        },
    };
    Ok(())
}

/// `c3` is the fourth column.
fn name_at(place: &str, names: &[String]) -> Result<String, Error> {
    let at: Option<usize> = place.strip_prefix('c').and_then(|number| number.parse().ok());
    at.and_then(|at| names.get(at)).cloned().ok_or_else(unreadable)
}

/// The words of the file that the form shows, and what was chosen for each.
fn words(said: &mut Said, field: &str) -> Vec<(String, String)> {
    let mut words = Vec::new();
    while let Some(theirs) = said.remove(&format!("theirs-{field}-{}", words.len())) {
        let chosen = said.remove(&format!("ours-{field}-{}", words.len())).unwrap_or_default();
        words.push((theirs, chosen));
    }
    words
}

fn set_words(column: &mut Column, words: Vec<(String, String)>, field: &Field) -> Result<(), Error> {
    let Shape::Choice(ours) = field.shape else { return Ok(()) };
    for (theirs, chosen) in words {
        let other = |known: &String| known.to_lowercase() != theirs.to_lowercase();
        column.words.retain(|known, _| other(known));
        column.empty.retain(other);
        match chosen.as_str() {
            NOT_KNOWN | "" => {}
            AS_EMPTY => column.empty.push(theirs),
            word if ours.contains(&word) => drop(column.words.insert(theirs, chosen)),
            _ => return Err(unreadable()),
        }
    }
    Ok(())
}
