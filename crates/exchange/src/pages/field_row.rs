//! One field on the page of the columns: where it comes from, what stands there, how it is read.

use base::Currency;
use module::{Field, Shape};
use web::{Problems, Ui};

use super::columns_form::{AS_EMPTY, NOT_KNOWN};
use crate::mapping::{Column, Mapping};
use crate::outcome::Outcome;
use crate::sample::Sample;
use crate::values::normal;
use crate::words::Words;

/// Offered for amounts, beside the columns of the file.
const CURRENCIES: [&str; 14] =
    ["CNY", "USD", "EUR", "HKD", "JPY", "GBP", "SGD", "AUD", "KRW", "THB", "VND", "MYR", "RUB", "AED"];
/// Different words of one column that are shown; the first rows of a file rarely have more.
const WORDS_SHOWN: usize = 12;

pub(super) struct FieldRow {
    pub name: &'static str,
    pub label: String,
    pub required: bool,
    /// What may stand in it.
    pub hint: String,
    pub selected: String,
    pub options: Vec<(String, String)>,
    pub samples: String,
    /// Only amounts have these.
    pub currencies: Vec<(String, String)>,
    pub currency: String,
    /// Said when the file names no currency and the firm's own is only offered.
    pub currency_offered: bool,
    /// Only closed words have these.
    pub words: Vec<WordRow>,
    /// What each of them may mean.
    pub meanings: Vec<(String, String)>,
    pub problem: String,
}

/// One word of the file and which of ours it means.
pub(super) struct WordRow {
    pub theirs: String,
    /// Asks what it means; for those who hear the page.
    pub label: String,
    pub chosen: String,
}

impl FieldRow {
    pub fn stands_first(&self) -> bool {
        self.required || !self.selected.is_empty() || !self.problem.is_empty()
    }
}

/// What all rows of the page are made from.
pub(super) struct Rows<'a> {
    pub ui: &'a Ui,
    pub words: Words<'a>,
    pub mapping: &'a Mapping,
    pub sample: &'a Sample,
    /// Of the last check: it knows words that the first rows do not have.
    pub checked: Option<&'a Outcome>,
    pub form: &'a Problems,
    /// Offered for amounts of which the file names no currency.
    pub usual_currency: Option<Currency>,
}

impl Rows<'_> {
    pub fn row(&self, field: &'static Field) -> FieldRow {
        let column = self.mapping.columns.get(field.name);
        let at = column.and_then(|column| self.place(column.column.as_deref()));
        let made = column.and_then(|column| self.made_up(column));
        let mut options = vec![(String::new(), self.ui.t("import-not_taken"))];
        options.extend(made.clone().map(|text| ("keep".to_owned(), text)));
        options.extend(self.column_options());
        let (currencies, currency) = match field.shape {
            Shape::Amount => self.currencies(column),
            _ => (Vec::new(), String::new()),
        };
        let named = column.is_some_and(|column| column.currency.is_some() || column.currency_column.is_some());
        FieldRow {
            name: field.name,
            label: self.words.field(field.name),
            required: field.required,
            hint: self.hint(field),
            selected: match (made, at) {
                (Some(_), _) => "keep".into(),
                (None, Some(at)) => format!("c{at}"),
                (None, None) => String::new(),
            },
            options,
            samples: at.map_or_else(String::new, |at| self.sample.values(at).join(" · ")),
            currency_offered: field.shape == Shape::Amount && column.is_some() && !named && !currency.is_empty(),
            currencies,
            currency,
            words: match (field.shape, column, at) {
                (Shape::Choice(ours), Some(column), Some(at)) => self.word_rows(field, ours, column, at),
                _ => Vec::new(),
            },
            meanings: self.meanings(field),
            problem: self.form.problem(field.name).to_owned(),
        }
    }

    fn place(&self, name: Option<&str>) -> Option<usize> {
        let wanted = normal(name?);
        self.sample.header.columns.iter().position(|column| normal(column) == wanted)
    }

    fn column_options(&self) -> impl Iterator<Item = (String, String)> {
        let named = self.sample.header.columns.iter().enumerate().filter(|(_, name)| !name.is_empty());
        named.map(|(at, name)| (format!("c{at}"), name.clone()))
    }

    /// What a field says that is no single column; the page cannot make such a thing, but it keeps it.
    fn made_up(&self, column: &Column) -> Option<String> {
        match (&column.constant, column.parts.as_slice()) {
            (Some(constant), _) => Some(self.ui.t1("import-constant", "text", constant)),
            (None, []) => None,
            (None, parts) => Some(parts.join(" + ")),
        }
    }

    fn currencies(&self, column: Option<&Column>) -> (Vec<(String, String)>, String) {
        let constant = column.and_then(|column| column.currency).map(|currency| currency.to_string());
        let from = column.and_then(|column| self.place(column.currency_column.as_deref()));
        let usual = self.usual_currency.map(|currency| currency.to_string());
        let selected = constant.or(from.map(|at| format!("c{at}"))).or(usual).unwrap_or_default();
        let mut options = vec![(String::new(), self.ui.t("import-choose_currency"))];
        let rare = (selected.len() == 3 && !CURRENCIES.contains(&selected.as_str())).then_some(selected.as_str());
        options.extend(CURRENCIES.into_iter().chain(rare).map(|code| (code.to_owned(), code.to_owned())));
        let from = |(code, name): (String, String)| (code, self.ui.t1("import-currency_from", "column", name));
        options.extend(self.column_options().map(from));
        (options, selected)
    }

    /// The words of the column that are not ours as they stand, with what the mapping says of each.
    fn word_rows(&self, field: &Field, ours: &[&str], column: &Column, at: usize) -> Vec<WordRow> {
        let mut theirs = self.sample.distinct(at, WORDS_SHOWN);
        let unknown = self.checked.into_iter().flat_map(|outcome| &outcome.problems);
        let unknown = unknown.filter(|it| it.field == field.name && it.sentence.key == "import-word_unknown");
        theirs.extend(unknown.map(|it| it.value.clone()));
        let mut rows: Vec<WordRow> = Vec::new();
        for word in theirs {
            let folded = |other: &&String| other.to_lowercase() == word.to_lowercase();
            let known = ours.iter().chain(field.also.iter().map(|(theirs, _)| theirs));
            let is_known = known.into_iter().any(|known| normal(known) == normal(&word));
            if is_known || rows.iter().any(|row| folded(&&row.theirs)) {
                continue;
            }
            let chosen = match column.words.iter().find(|(known, _)| folded(known)) {
                Some((_, ours)) => ours.clone(),
                None if column.empty.iter().any(|empty| folded(&empty)) => AS_EMPTY.to_owned(),
                None => NOT_KNOWN.to_owned(),
            };
            let about = [("field", self.words.field(field.name)), ("word", word.clone())];
            rows.push(WordRow { label: self.ui.with("import-word_means", &about), theirs: word, chosen });
        }
        rows
    }

    /// What a word of the file may mean: nothing yet, an empty cell, or one of ours.
    fn meanings(&self, field: &Field) -> Vec<(String, String)> {
        let Shape::Choice(ours) = field.shape else { return Vec::new() };
        let own = [(NOT_KNOWN, "import-word_refused"), (AS_EMPTY, "import-word_empty")];
        let own = own.into_iter().map(|(code, key)| (code.to_owned(), self.ui.t(key)));
        own.chain(ours.iter().map(|word| ((*word).to_owned(), self.words.word(field.name, word)))).collect()
    }

    fn hint(&self, field: &Field) -> String {
        match field.shape {
            Shape::Choice(ours) => self.words.words(field.name, ours),
            Shape::Text => self.ui.t("import-shape-text"),
            Shape::Day => self.ui.t("import-shape-day"),
            Shape::Moment => self.ui.t("import-shape-moment"),
            Shape::Whole => self.ui.t("import-shape-whole"),
            Shape::Decimal => self.ui.t("import-shape-decimal"),
            Shape::Amount => self.ui.t("import-shape-amount"),
        }
    }
}
