//! From a cell to a value of the shape that a field wants, or a sentence that says what is wrong with it.

mod days;
mod numbers;
mod text;

use base::{Currency, Instant, Message, Money};
use chrono::{Duration, NaiveDateTime, NaiveTime};
use module::{Shape, Value};

use crate::cell::Cell;
use crate::refusal::shortened;

pub use days::DayOrder;
pub use numbers::{NumberProblem, plain_number};
pub use text::{clean, normal};

/// How one column is to be read.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    pub day_order: Option<DayOrder>,
    pub since_1904: bool,
    /// Currency of amounts in this column.
    pub currency: Option<Currency>,
    /// Text in a number column is kept as unknown instead of refused.
    pub text_is_unknown: bool,
}

/// `None` when the cell is empty.
///
/// # Errors
/// The sentence for the person who made the file.
pub fn read(shape: Shape, cell: &Cell, rules: &Rules) -> Result<Option<Value>, Message> {
    if cell.is_blank() {
        return Ok(None);
    }
    if let Cell::Error(text) = cell {
        let key = if text.starts_with('=') { "import-formula_without_result" } else { "import-cell_error" };
        return Err(with_text(key, text));
    }
    match shape {
        Shape::Text => text_value(cell, rules),
        Shape::Day => moment(cell, rules).and_then(|(local, _)| match local.time() {
            NaiveTime::MIN => Ok(Some(Value::Day(local.date()))),
            _ => Err(with_text("import-day_has_time", &shown(cell, rules.since_1904))),
        }),
        Shape::Moment => {
            let (local, has_time) = moment(cell, rules)?;
            Ok(Some(Value::Moment { at: instant(local), has_time }))
        }
        Shape::Whole => number(cell, rules, |text| {
            let whole = text.parse().map_err(|_| with_text("import-number_not_whole", text))?;
            Ok(Value::Whole(whole))
        }),
        Shape::Decimal => number(cell, rules, |text| Ok(Value::Decimal(text.to_owned()))),
        Shape::Amount => amount(cell, rules),
        Shape::Choice(words) => choice(cell, words),
    }
}

fn text_value(cell: &Cell, rules: &Rules) -> Result<Option<Value>, Message> {
    let text = match cell {
        // Excel keeps 15 digits; a longer number has lost its tail before it came to us.
        Cell::Number(number) if digits(number) > 15 => return Err(with_text("import-number_lost_digits", number)),
        Cell::Text(text) if text::is_number_cut_by_excel(text) => {
            return Err(with_text("import-number_lost_digits", text));
        }
        Cell::Serial(_) => shown(cell, rules.since_1904),
        other => clean(other.text())?,
    };
    Ok((!text.is_empty()).then_some(Value::Text(text)))
}

fn digits(number: &str) -> usize {
    number.bytes().filter(u8::is_ascii_digit).count()
}

/// The day and time on the firm's clock, and whether there was a time.
fn moment(cell: &Cell, rules: &Rules) -> Result<(NaiveDateTime, bool), Message> {
    let read = match cell {
        Cell::Number(number) | Cell::Serial(number) => days::from_number(number, rules.since_1904),
        other => days::from_text(&clean(other.text())?, rules.day_order),
    };
    read.map_err(|problem| with_text(problem.key(), cell.text()))
}

/// China Standard Time has no daylight saving.
fn instant(local: NaiveDateTime) -> Instant {
    (local - Duration::hours(8)).and_utc()
}

fn number(
    cell: &Cell,
    rules: &Rules,
    value: impl Fn(&str) -> Result<Value, Message>,
) -> Result<Option<Value>, Message> {
    let text = clean(cell.text())?;
    let problem = match (cell, plain_number(&text)) {
        (Cell::Bool(_), _) => with_text("import-number_unreadable", &text),
        (Cell::Serial(_), _) => with_text("import-number_is_day", &shown(cell, rules.since_1904)),
        (_, Ok((number, None))) => return value(&number).map(Some),
        (_, Ok((_, Some(_)))) => with_text("import-number_has_currency", &text),
        (_, Err(NumberProblem::Text)) if rules.text_is_unknown => return Ok(Some(Value::Unknown(text))),
        (_, Err(problem)) => with_text(problem.key(), &text),
    };
    Err(problem)
}

fn amount(cell: &Cell, rules: &Rules) -> Result<Option<Value>, Message> {
    let text = clean(cell.text())?;
    let (number, mark) = match plain_number(&text) {
        _ if matches!(cell, Cell::Serial(_)) => {
            return Err(with_text("import-number_is_day", &shown(cell, rules.since_1904)));
        }
        Ok(read) => read,
        Err(NumberProblem::Text) if rules.text_is_unknown => return Ok(Some(Value::Unknown(text))),
        Err(problem) => return Err(with_text(problem.key(), &text)),
    };
    let Some(currency) = rules.currency else { return Err(with_text("import-currency_missing", &text)) };
    if mark.is_some_and(|mark| !mark.fits(currency)) {
        return Err(with_text("import-currency_differs", &text).with("currency", currency));
    }
    match Money::parse(&number, currency) {
        Some(money) => Ok(Some(Value::Amount(money))),
        None => Err(with_text("import-number_too_long", &text)),
    }
}

fn choice(cell: &Cell, words: &[&'static str]) -> Result<Option<Value>, Message> {
    let text = clean(cell.text())?;
    if let Some(word) = words.iter().find(|word| **word == text) {
        return Ok(Some(Value::Text((*word).to_owned())));
    }
    let wanted = normal(&text);
    match words.iter().find(|word| normal(word) == wanted) {
        Some(word) => Ok(Some(Value::Text((*word).to_owned()))),
        None => Err(with_text("import-word_unknown", &text).with("expected", words.join(" / "))),
    }
}

fn with_text(key: &str, text: &str) -> Message {
    Message::new(key).with("text", shortened(text))
}

/// A date cell as a day, everything else as it is.
pub(crate) fn shown(cell: &Cell, since_1904: bool) -> String {
    match (cell, days::from_number(cell.text(), since_1904)) {
        (Cell::Serial(_), Ok((at, true))) => at.format("%Y-%m-%d %H:%M:%S").to_string(),
        (Cell::Serial(_), Ok((at, false))) => at.format("%Y-%m-%d").to_string(),
        _ => cell.text().to_owned(),
    }
}

#[cfg(test)]
mod tests;
