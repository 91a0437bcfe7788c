//! What the form about the columns says, on top of the mapping that was there before.

use std::collections::BTreeMap;

use base::{Error, Message};
use module::{Field, Shape};

use crate::mapping::{Column, DayOrder, Mapping, TextInNumber};
use crate::outcome::Choices;
use crate::sample;
use crate::service::USUAL_SOURCE;

pub(super) struct Typed {
    pub mapping: Mapping,
    pub choices: Choices,
}

impl Typed {
    /// Fields come as `column-waybill`, `currency-cost`, `words-mode`; a field that does not come is not taken.
    pub fn read(
        pairs: Vec<(String, String)>,
        before: Mapping,
        fields: &'static [Field],
        names: &[String],
    ) -> Result<Self, Error> {
        let mut said: BTreeMap<String, String> = pairs.into_iter().collect();
        let mut columns = BTreeMap::new();
        for field in fields {
            let mut take = |part: &str| said.remove(&format!("{part}-{}", field.name)).unwrap_or_default();
            let (from, currency, words) = (take("column"), take("currency"), take("words"));
            let known = before.columns.get(field.name);
            let Some(mut column) = column(&from, known, names)? else { continue };
            if field.shape == Shape::Amount {
                set_currency(&mut column, &currency, names)?;
            }
            if matches!(field.shape, Shape::Choice(_)) && !words.is_empty() {
                column.words = pairs_of(&words);
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
        if !said.is_empty() || source.chars().count() > 50 {
            return Err(unreadable());
        }
        let mut mapping =
            Mapping { day_order: DayOrder::from_name(&day_order), columns, source: Some(source.clone()), ..before };
        sample::learn_words(&mut mapping, fields);
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

/// The file's words and ours, as the form shows them.
pub(super) fn choice_words(column: &Column) -> String {
    column.words.iter().map(|(theirs, ours)| format!("{theirs}={ours}")).collect::<Vec<_>>().join(", ")
}

fn pairs_of(text: &str) -> BTreeMap<String, String> {
    let pairs = text.split([',', '\u{ff0c}', ';', '\u{ff1b}', '\u{3001}', '\n']);
    let pair = |pair: &str| {
        let (theirs, ours) = pair.split_once(['=', '\u{ff1d}'])?;
        Some((theirs.trim().to_owned(), ours.trim().to_owned()))
    };
    pairs.filter_map(pair).filter(|(theirs, _)| !theirs.is_empty()).collect()
}
