//! A file of purchases, as the models of repeat buying, spend and classes need it.

use std::collections::HashMap;

use base::Message;
use chrono::NaiveDate;
use models::{Histories, Margin, Purchase, Window, Wrong, histories};

use super::arguments::{Purchases, Unit};
use super::table::Table;
use super::told::{EndGap, refusal};

/// Days with repeat purchases that are worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zero {
    /// No spend model is asked for.
    Allowed,
    /// The spend model is one of values above zero.
    Refused,
    /// They are no observation of spend, and counted.
    LeftOut,
}

pub struct Read {
    pub names: Vec<String>,
    pub histories: Histories,
    pub window: Window,
    pub rows: usize,
    /// By customer and calendar month of the calibration: revenue and margin.
    pub margins: Vec<Margin>,
    /// Days of the calibration with repeat purchases without value.
    pub zero_days: u64,
    pub gap: Option<EndGap>,
    lines: Vec<u64>,
}

impl Read {
    pub fn refuse(&self, wrong: &Wrong, asked: &Purchases) -> Message {
        refusal_of(wrong, &self.lines, asked)
    }
}

fn refusal_of(wrong: &Wrong, lines: &[u64], asked: &Purchases) -> Message {
    refusal(wrong, lines, &[("value", asked.value.as_deref().unwrap_or("value")), ("day", &asked.date)])
}

/// The rows of the file, one after the other.
#[derive(Default)]
struct Rows {
    purchases: Vec<Purchase>,
    margins: Vec<f64>,
    lines: Vec<u64>,
    names: Vec<String>,
}

fn rows(asked: &Purchases, margin: Option<&str>) -> Result<Rows, Message> {
    let table = Table::read(&asked.file)?;
    let mut columns = vec![asked.customer.as_str(), asked.date.as_str()];
    columns.extend(asked.value.as_deref());
    columns.extend(margin);
    let mut rows = Rows::default();
    let mut known: HashMap<String, u32> = HashMap::new();
    table.each(&columns, |row| {
        let name = row.text(0, &asked.customer)?;
        let customer = match known.get(name) {
            Some(customer) => *customer,
            None => {
                let customer = rows.names.len() as u32;
                known.insert(name.to_owned(), customer);
                rows.names.push(name.to_owned());
                customer
            }
        };
        let value = asked.value.as_deref().map_or(Ok(0.0), |column| row.number(2, column))?;
        rows.purchases.push(Purchase { customer, day: row.day(1, &asked.date)?, value });
        if let Some(column) = margin {
            rows.margins.push(row.number(3, column)?);
        }
        rows.lines.push(row.line);
        Ok(())
    })?;
    Ok(rows)
}

pub fn read(asked: &Purchases, margin: Option<&str>, zero: Zero) -> Result<Read, Message> {
    let Rows { purchases, margins: made, lines, names } = rows(asked, margin)?;
    let window = window(&purchases, asked)?;
    let histories = histories(&purchases, &window).map_err(|wrong| refusal_of(&wrong, &lines, asked))?;
    let zero_days = histories.rows.iter().map(|row| u64::from(row.buyer.repeats - row.valued)).sum();
    if zero == Zero::Refused && zero_days > 0 {
        return Err(without_value(&purchases, &lines, &histories, &window, asked));
    }
    let margins = monthly(&purchases, &made, window.calibration_end);
    let gap = EndGap::of(purchases.iter().map(|one| one.day), asked.end);
    Ok(Read { names, histories, window, rows: purchases.len(), margins, zero_days, gap, lines })
}

/// Names the first line of a day with repeat purchases that are worth nothing.
fn without_value(
    purchases: &[Purchase],
    lines: &[u64],
    histories: &Histories,
    window: &Window,
    asked: &Purchases,
) -> Message {
    let short = histories.rows.iter().filter(|row| row.valued < row.buyer.repeats);
    let first_days: HashMap<u32, NaiveDate> = short.map(|row| (row.customer, row.first_day)).collect();
    let mut days: HashMap<(u32, NaiveDate), (u64, f64)> = HashMap::new();
    for (purchase, line) in purchases.iter().zip(lines) {
        let repeat = first_days.get(&purchase.customer).is_some_and(|first| purchase.day > *first);
        if repeat && purchase.day <= window.calibration_end {
            days.entry((purchase.customer, purchase.day)).or_insert((*line, 0.0)).1 += purchase.value;
        }
    }
    let line = days.into_values().filter(|(_, value)| *value <= 0.0).map(|(line, _)| line).min().unwrap_or_default();
    Message::new("model-zero_value").with("line", line).with("column", asked.value.as_deref().unwrap_or_default())
}

fn window(purchases: &[Purchase], asked: &Purchases) -> Result<Window, Message> {
    let latest = purchases.iter().map(|one| one.day).max();
    let end = asked.end.or(latest).ok_or_else(|| Message::new("model-empty"))?;
    let calibration_end = asked.calibration_end.unwrap_or(end);
    if calibration_end > end {
        let message = Message::new("model-end_before").with("calibration_end", calibration_end);
        return Err(message.with("end", end));
    }
    let unit = match asked.unit {
        Unit::Week => models::Unit::Week,
        Unit::Day => models::Unit::Day,
    };
    Ok(Window { unit, calibration_end, end })
}

/// Revenue and margin of each customer by month; months without revenue say nothing about a rate.
fn monthly(purchases: &[Purchase], made: &[f64], until: NaiveDate) -> Vec<Margin> {
    let mut months: HashMap<(u32, NaiveDate), (f64, f64)> = HashMap::new();
    for (purchase, margin) in purchases.iter().zip(made).filter(|(purchase, _)| purchase.day <= until) {
        let month = models::series::Length::Month.start(purchase.day);
        let sum = months.entry((purchase.customer, month)).or_default();
        *sum = (sum.0 + purchase.value, sum.1 + margin);
    }
    let mut sorted: Vec<_> = months.into_iter().filter(|(_, (revenue, _))| *revenue > 0.0).collect();
    sorted.sort_by_key(|(key, _)| *key);
    sorted.into_iter().map(|((customer, _), (revenue, margin))| Margin { customer, revenue, margin }).collect()
}
