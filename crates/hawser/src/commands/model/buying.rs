//! Models of repeat buying and of what a purchase is worth, from a file of purchases.

use std::collections::HashMap;
use std::path::Path;

use base::Message;
use chrono::NaiveDate;
use models::buying::{Base, Discounting, RepeatBuying};
use models::{
    Fit, GammaGamma, Histories, Margin, Purchase, Spend, Window, Wrong, frequency_spend_correlation, histories, shrink,
};
use serde_json::{Value, json};

use super::arguments::{Buying, Purchases, Spending, Unit};
use super::table::{Sheet, Table};
use super::told::{Told, Words, figure, fit_json, refusal};

/// A file of purchases, read.
pub struct Read {
    pub names: Vec<String>,
    pub histories: Histories,
    pub window: Window,
    pub rows: usize,
    lines: Vec<u64>,
    /// By customer and calendar month of the calibration: revenue and margin.
    margins: Vec<Margin>,
}

impl Read {
    pub fn refuse(&self, wrong: &Wrong, asked: &Purchases) -> Message {
        refusal_of(wrong, &self.lines, asked)
    }
}

fn refusal_of(wrong: &Wrong, lines: &[u64], asked: &Purchases) -> Message {
    refusal(wrong, lines, &[("value", asked.value.as_deref().unwrap_or("value")), ("day", &asked.date)])
}

pub fn read(asked: &Purchases, margin: Option<&str>) -> Result<Read, Message> {
    let table = Table::read(&asked.file)?;
    let mut columns = vec![asked.customer.as_str(), asked.date.as_str()];
    columns.extend(asked.value.as_deref());
    columns.extend(margin);
    let (mut purchases, mut made, mut lines, mut names) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut known: HashMap<String, u32> = HashMap::new();
    let rows = table.each(&columns, |row| {
        let name = row.text(0, &asked.customer)?;
        let customer = match known.get(name) {
            Some(customer) => *customer,
            None => {
                let customer = names.len() as u32;
                known.insert(name.to_owned(), customer);
                names.push(name.to_owned());
                customer
            }
        };
        let value = asked.value.as_deref().map_or(Ok(0.0), |column| row.number(2, column))?;
        purchases.push(Purchase { customer, day: row.day(1, &asked.date)?, value });
        if let Some(column) = margin {
            made.push(row.number(3, column)?);
        }
        lines.push(row.line);
        Ok(())
    })?;
    drop((table, known));
    let window = window(&purchases, asked)?;
    let histories = histories(&purchases, &window).map_err(|wrong| refusal_of(&wrong, &lines, asked))?;
    let margins = monthly(&purchases, &made, window.calibration_end);
    Ok(Read { names, histories, window, rows, lines, margins })
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

/// Nobody can tell more of a customer.
const MOST_YEARS: f64 = 100.0;

pub fn fit<M: RepeatBuying>(name: &str, asked: &Buying, words: &Words) -> Result<Told, Message> {
    let own = &asked.purchases;
    let read = read(own, asked.margin.as_deref())?;
    let refuse = |wrong: Wrong| read.refuse(&wrong, own);
    let base = Base::new(read.histories.buyers()).map_err(refuse)?;
    let fit = M::fit(&base).map_err(refuse)?;
    let year = 364.0 / read.window.unit.days();
    let held = (read.window.end - read.window.calibration_end).num_days() as f64 / read.window.unit.days();
    let ahead = asked.ahead.unwrap_or(if held > 0.0 { held } else { year });
    if !(ahead > 0.0 && ahead <= MOST_YEARS * year) {
        return Err(Message::new("model-ahead").with("years", MOST_YEARS));
    }
    let expected = fit.model.expected_of_all(&base, ahead);
    let mut told = opening(name, &read, own, words);
    told.lines.extend(words.fit(&fit));
    merge(&mut told.json, fit_json(&fit));
    let new = fit.model.expected(year);
    told.lines
        .push(words.line("model-new_customer", &[("time", year.to_string()), ("purchases", format!("{new:.4}"))]));
    told.json["new_customer"] = json!({"time": year, "purchases": new});
    told.json["ahead"] = json!({"time": ahead, "purchases": expected.iter().sum::<f64>()});
    if held > 0.0 {
        let compared = match ahead == held {
            true => held_out(&read.histories, &expected, words),
            false => held_out(&read.histories, &fit.model.expected_of_all(&base, held), words),
        };
        told.lines.extend(compared.lines);
        told.json["hold_out"] = compared.json;
    }
    let values = match &own.value {
        None => None,
        Some(_) => Some(values(&fit, &base, asked, &read, words, &mut told)?),
    };
    if let Some(out) = &own.out {
        let alive: Vec<f64> = base.buyers().iter().map(|buyer| fit.model.alive(buyer)).collect();
        customers(&read, &alive, &expected, values.as_deref()).write(out)?;
        told.silent = out == Path::new("-");
    }
    Ok(told)
}

fn opening(name: &str, read: &Read, asked: &Purchases, words: &Words) -> Told {
    let rows = &read.histories.rows;
    let repeaters = rows.iter().filter(|row| row.buyer.repeats > 0).count();
    let unit = if asked.unit == Unit::Week { "week" } else { "day" };
    let args = [
        ("model", name.to_owned()),
        ("customers", rows.len().to_string()),
        ("repeaters", repeaters.to_string()),
        ("end", read.window.calibration_end.to_string()),
        ("unit", unit.to_owned()),
    ];
    let mut lines = vec![words.line("model-base", &args)];
    let (later, after) = (read.histories.came_later, read.histories.after_end);
    if later + after > 0 {
        lines.push(words.line("model-left_out", &[("later", later.to_string()), ("after", after.to_string())]));
    }
    let json = json!({
        "model": name, "rows": read.rows, "customers": rows.len(), "repeaters": repeaters, "unit": unit,
        "calibration_end": read.window.calibration_end, "end": read.window.end,
        "came_later": later, "purchases_after_end": after,
    });
    Told { json, lines, silent: false }
}

fn merge(json: &mut Value, more: Value) {
    if let (Value::Object(own), Value::Object(more)) = (json, more) {
        own.extend(more);
    }
}

const MOST_REPEATS_ALONE: u32 = 7;

/// What was expected of those with so many repeats, and what came.
fn held_out(histories: &Histories, expected: &[f64], words: &Words) -> Told {
    let mut groups = vec![(0_u32, 0.0, 0.0); MOST_REPEATS_ALONE as usize + 1];
    let mut off = 0.0;
    for (row, expected) in histories.rows.iter().zip(expected) {
        let group = &mut groups[row.buyer.repeats.min(MOST_REPEATS_ALONE) as usize];
        *group = (group.0 + 1, group.1 + expected, group.2 + f64::from(row.held_out));
        off += (expected - f64::from(row.held_out)).abs();
    }
    let (foretold, came) = groups.iter().fold((0.0, 0.0), |sum, group| (sum.0 + group.1, sum.1 + group.2));
    let mean_error = off / expected.len() as f64;
    let args =
        [("expected", format!("{foretold:.1}")), ("came", format!("{came}")), ("error", format!("{mean_error:.4}"))];
    let mut lines = vec![words.line("model-hold_out", &args)];
    let mut rows = Vec::new();
    for (repeats, (customers, expected, came)) in groups.into_iter().enumerate().filter(|(_, group)| group.0 > 0) {
        let more = if repeats == MOST_REPEATS_ALONE as usize { "+" } else { "" };
        let count = f64::from(customers);
        lines.push(format!(
            "  {:>4}  {customers:>8}  {:>9.3}  {:>9.3}",
            format!("{repeats}{more}"),
            expected / count,
            came / count
        ));
        rows.push(
            json!({"repeats": format!("{repeats}{more}"), "customers": customers, "expected": expected, "came": came}),
        );
    }
    let json = json!({"expected": foretold, "came": came, "mean_absolute_error": mean_error, "by_repeats": rows});
    Told { json, lines, silent: false }
}

/// (expected value of a purchase, lifetime value) of each customer.
fn values<M: RepeatBuying>(
    fit: &Fit<M>,
    base: &Base,
    asked: &Buying,
    read: &Read,
    words: &Words,
    told: &mut Told,
) -> Result<Vec<(f64, f64)>, Message> {
    let refuse = |wrong: Wrong| read.refuse(&wrong, &asked.purchases);
    let (spend, told_spend) = spend_of(read, &asked.purchases, words)?;
    told.lines.extend(told_spend.lines);
    told.json["spend"] = told_spend.json;
    let rates = match asked.margin {
        None => None,
        Some(_) => Some(shrink(&read.margins).map_err(|wrong| refusal(&wrong, &[], &[]))?),
    };
    if let Some(rates) = &rates {
        told.lines.push(words.line("model-margin", &[("rate", super::told::percent(rates.segment_rate))]));
        told.json["margin_rate"] = json!(rates.segment_rate);
    }
    let month = 365.0 / 12.0 / read.window.unit.days();
    let plan = Discounting::new(month, asked.months, asked.discount).map_err(refuse)?;
    let purchases = fit.model.discounted_of_all(base, &plan);
    let rows = read.histories.rows.iter().zip(purchases);
    let all: Vec<(f64, f64)> = rows
        .map(|(row, purchases)| {
            let own = spend.expected_of(&Spend { repeats: row.buyer.repeats, mean: row.mean_spend });
            let rate = rates
                .as_ref()
                .map_or(1.0, |rates| rates.rates.get(row.customer as usize).copied().unwrap_or(rates.segment_rate));
            (own, purchases * own * rate)
        })
        .collect();
    let sum: f64 = all.iter().map(|(_, value)| value).sum();
    if !sum.is_finite() {
        // With q at or below 1 the values vary so much that they have no mean.
        return Err(Message::new("model-undetermined").with("parameter", "q"));
    }
    let kind = if rates.is_some() { "margin" } else { "revenue" };
    let args = [("months", asked.months.to_string()), ("kind", kind.to_owned()), ("value", format!("{sum:.2}"))];
    told.lines.push(words.line("model-value", &args));
    told.json["lifetime_value"] = json!({"months": asked.months, "discount": asked.discount, "of": kind, "sum": sum});
    Ok(all)
}

fn spend_of(read: &Read, asked: &Purchases, words: &Words) -> Result<(GammaGamma, Told), Message> {
    let repeaters: Vec<_> = read.histories.rows.iter().filter(|row| row.buyer.repeats > 0).collect();
    if let Some(row) = repeaters.iter().find(|row| row.mean_spend <= 0.0) {
        let name = read.names[row.customer as usize].as_str();
        return Err(Message::new("model-no_spend").with("customer", name));
    }
    let spends: Vec<Spend> =
        repeaters.iter().map(|row| Spend { repeats: row.buyer.repeats, mean: row.mean_spend }).collect();
    let fit = GammaGamma::fit(&spends).map_err(|wrong| read.refuse(&wrong, asked))?;
    let correlation = frequency_spend_correlation(&spends);
    let mut lines = vec![words.line("model-spend", &[("customers", spends.len().to_string())])];
    lines.extend(words.fit(&fit));
    let told = correlation.map_or_else(|| "–".to_owned(), |one| format!("{one:.4}"));
    lines.push(words.line("model-correlation", &[("value", told)]));
    let mean = fit.model.expected();
    lines.push(words.line("model-mean_spend", &[("value", figure(mean))]));
    let mut json = fit_json(&fit);
    json["customers"] = json!(spends.len());
    json["correlation_of_frequency_and_spend"] = json!(correlation);
    json["mean"] = json!(mean);
    Ok((fit.model, Told { json, lines, silent: false }))
}

pub fn spend(asked: &Spending, words: &Words) -> Result<Told, Message> {
    let own = &asked.purchases;
    if own.value.is_none() {
        return Err(Message::new("model-needs_value"));
    }
    let read = read(own, None)?;
    let mut told = opening("Gamma–Gamma", &read, own, words);
    let (model, more) = spend_of(&read, own, words)?;
    told.lines.extend(more.lines);
    merge(&mut told.json, json!({"customers_with_spend": more.json["customers"].clone()}));
    let customers = told.json["customers"].clone();
    merge(&mut told.json, more.json);
    told.json["customers"] = customers;
    if let Some(out) = &own.out {
        let mut sheet = Sheet::new(&["customer", "repeats", "mean_spend", "expected_spend"]);
        for row in &read.histories.rows {
            let (repeats, mean) = (row.buyer.repeats, row.mean_spend);
            let expected = model.expected_of(&Spend { repeats, mean });
            let name = read.names[row.customer as usize].clone();
            sheet.row([name, repeats.to_string(), mean.to_string(), expected.to_string()]);
        }
        sheet.write(out)?;
        told.silent = out == Path::new("-");
    }
    Ok(told)
}

/// One row for each customer of the calibration.
fn customers(read: &Read, alive: &[f64], expected: &[f64], values: Option<&[(f64, f64)]>) -> Sheet {
    let mut headers = vec![
        "customer",
        "first_day",
        "repeats",
        "last",
        "observed",
        "alive",
        "expected_purchases",
        "held_out_purchases",
    ];
    if values.is_some() {
        headers.extend(["mean_spend", "expected_spend", "lifetime_value"]);
    }
    let mut sheet = Sheet::new(&headers);
    for (at, row) in read.histories.rows.iter().enumerate() {
        let buyer = &row.buyer;
        let mut cells = vec![
            read.names[row.customer as usize].clone(),
            row.first_day.to_string(),
            buyer.repeats.to_string(),
            buyer.last.to_string(),
            buyer.observed.to_string(),
            alive[at].to_string(),
            expected[at].to_string(),
            row.held_out.to_string(),
        ];
        if let Some(values) = values {
            cells.extend([row.mean_spend, values[at].0, values[at].1].map(|one| one.to_string()));
        }
        sheet.row(cells);
    }
    sheet
}
