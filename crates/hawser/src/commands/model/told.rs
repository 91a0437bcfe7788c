//! What a model says, to people and to programs.

use base::{Language, Message};
use chrono::NaiveDate;
use models::{Fit, Wrong};
use serde_json::{Value, json};
use texts::Texts;

use super::table::Table;

/// An answer: the same in JSON and in lines.
pub struct Told {
    pub json: Value,
    pub lines: Vec<String>,
    /// The rows went to standard output already.
    pub silent: bool,
}

impl Told {
    pub fn say(&self, json: bool) {
        match (self.silent, json) {
            (true, _) => {}
            (false, true) => super::say(&self.json.to_string()),
            (false, false) => self.lines.iter().for_each(|line| super::say(line)),
        }
    }
}

pub struct Words<'a> {
    texts: &'a Texts,
    language: Language,
}

impl<'a> Words<'a> {
    pub fn new(texts: &'a Texts, language: Language) -> Self {
        Self { texts, language }
    }

    pub fn line(&self, key: &str, args: &[(&str, String)]) -> String {
        self.texts.with(self.language, key, args)
    }

    pub fn end_gap(&self, gap: &EndGap) -> String {
        self.line("model-end_gap", &[("last", gap.last.to_string()), ("days", gap.days.to_string())])
    }

    /// Parameters with errors, log-likelihood and how the starts agreed.
    pub fn fit<M>(&self, fit: &Fit<M>) -> Vec<String> {
        let estimate = |one: &models::Estimate| {
            format!("  {:<6} {:>12}  ± {}", one.name, figure(one.value), figure(one.standard_error))
        };
        let mut lines: Vec<String> = fit.estimates.iter().map(estimate).collect();
        let args = [
            ("value", format!("{:.4}", fit.log_likelihood)),
            ("agreeing", fit.starts_agreeing.to_string()),
            ("starts", fit.starts.to_string()),
        ];
        lines.push(self.line("model-log_likelihood", &args));
        lines
    }
}

pub fn fit_json<M>(fit: &Fit<M>) -> Value {
    let each = fit.estimates.iter();
    let parameters: Vec<Value> =
        each.map(|one| json!({"name": one.name, "value": one.value, "standard_error": one.standard_error})).collect();
    json!({
        "parameters": parameters, "log_likelihood": fit.log_likelihood,
        "starts": fit.starts, "starts_agreeing": fit.starts_agreeing, "evaluations": fit.evaluations,
    })
}

/// Six digits that count.
pub fn figure(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let before = value.abs().log10().floor() as i32;
    let decimals = (5 - before).clamp(0, 12) as usize;
    format!("{value:.decimals$}")
}

pub fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

/// The last day observed, asked for or the latest in the data, lies far behind the other days: perhaps a slip, and it
/// decides how long all were observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndGap {
    pub last: NaiveDate,
    pub days: i64,
}

impl EndGap {
    /// Longer than a month without anything is worth a word.
    const LONG: i64 = 31;

    pub fn of(days: impl Iterator<Item = NaiveDate>, end: Option<NaiveDate>) -> Option<Self> {
        let (mut last, mut before) = (None, None);
        let days = days.filter(|day| end.is_none_or(|end| *day <= end));
        for day in days.chain(end).map(Some) {
            if day > last {
                (last, before) = (day, last);
            } else if day < last && day > before {
                before = day;
            }
        }
        let (last, before) = (last?, before?);
        let days = (last - before).num_days();
        (days > Self::LONG).then_some(Self { last, days })
    }
}

/// Refuses an option by its name, whatever the file holds.
pub fn option(name: &str, value: f64, least: f64, most: f64) -> Result<(), Message> {
    match (least..=most).contains(&value) {
        true => Ok(()),
        false => Err(Message::new("model-option").with("option", name).with("least", least).with("most", most)),
    }
}

/// A row of the file that cannot be is named by its line; otherwise what the data cannot support.
pub fn refusal(wrong: &Wrong, lines: &[u64], columns: &[(&str, &str)]) -> Message {
    let line = |row: usize| lines.get(row - 1).map_or_else(|| row.to_string(), u64::to_string);
    // The figure's name in the model, by the column that it came from.
    let column = |field: &str| {
        columns
            .iter()
            .find(|(known, _)| *known == field)
            .map_or_else(|| field.to_owned(), |(_, column)| (*column).to_owned())
    };
    let cell =
        |key: &str, row: usize, field: &str| Message::new(key).with("line", line(row)).with("column", column(field));
    match wrong {
        Wrong::NotFinite { row, field } => cell("model-not_finite", *row, field),
        Wrong::Negative { row, field } => cell("model-negative", *row, field),
        Wrong::NotPositive { row, field } => cell("model-not_positive", *row, field),
        Wrong::NotWhole { row, field } => cell("model-not_whole", *row, field),
        Wrong::OutOfRange { row, field, least, most } => {
            cell("model-out_of_range", *row, field).with("least", least).with("most", most)
        }
        Wrong::Reversed { row, earlier, later } => cell("model-reversed", *row, earlier).with("other", column(later)),
        Wrong::Contradicts { row, field, other } => cell("model-contradicts", *row, field).with("other", column(other)),
        Wrong::Twice { row, first, field } => cell("model-twice", *row, field).with("first", line(*first)),
        Wrong::Unsorted { row, field } => cell("model-unsorted", *row, field),
        Wrong::Lengths { .. } => Message::new("model-lengths"),
        Wrong::TooFew { what, found, needed } => {
            about("model-too_few", what).with("found", found).with("needed", needed)
        }
        Wrong::TooMany { what, found, most } => about("model-too_many", what).with("found", found).with("most", most),
        Wrong::TooLarge { field } => Message::new("model-too_large").with("column", column(field)),
        Wrong::AllAlike { what } => about("model-all_alike", what),
        Wrong::Nothing { what } => about("model-nothing", what),
        Wrong::Undetermined { parameter } => Message::new("model-undetermined").with("parameter", *parameter),
        Wrong::Covariate { column } => Message::new("model-covariate").with("number", column),
        Wrong::NotConverged { evaluations } => Message::new("model-not_converged").with("evaluations", evaluations),
        Wrong::Parameter { parameter } => Message::new("model-parameter").with("parameter", *parameter),
    }
}

/// What there is too little of; `kind` is the same as one word, for texts in other languages.
fn about(key: &str, what: &str) -> Message {
    Message::new(key).with("what", what).with("kind", what.replace(' ', "_"))
}

/// The numbers of columns that a model calls by names of its own, and how to name what it refuses.
pub struct Numbers<'a> {
    pub columns: Vec<Vec<f64>>,
    lines: Vec<u64>,
    names: Vec<(&'a str, &'a str)>,
}

impl<'a> Numbers<'a> {
    /// `names`: what the model calls the figure, and the column.
    pub fn read(table: &Table, names: &[(&'a str, &'a str)]) -> Result<Self, Message> {
        let wanted: Vec<&str> = names.iter().map(|(_, column)| *column).collect();
        let (columns, lines) = table.numbers(&wanted)?;
        Ok(Self { columns, lines, names: names.to_vec() })
    }

    pub fn refuse(&self, wrong: &Wrong) -> Message {
        refusal(wrong, &self.lines, &self.names)
    }
}
