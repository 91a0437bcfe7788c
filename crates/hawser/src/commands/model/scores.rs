//! Scores and classes.

use std::collections::HashMap;
use std::path::Path;

use base::Message;
use models::Interval;
use models::scores::{self, Attribute, Boundary, Cuts, Quadrant};
use serde_json::json;

use super::arguments::{self, Abc, Importance, OneColumn, Rfm, Wallet};
use super::purchases::{Zero, read};
use super::table::{Sheet, Table};
use super::told::{Numbers, Told, Words, option, percent, refusal};

pub fn rfm(asked: &Rfm, words: &Words) -> Result<Told, Message> {
    let own = &asked.purchases;
    if own.value.is_none() {
        return Err(Message::new("model-needs_value"));
    }
    option("classes", f64::from(asked.classes), 2.0, 9.0)?;
    let read = read(own, None, Zero::Allowed)?;
    let rows = &read.histories.rows;
    let unit = read.window.unit.days();
    let days: Vec<f64> = rows.iter().map(|row| ((row.buyer.observed - row.buyer.last) * unit).round()).collect();
    let purchases: Vec<f64> = rows.iter().map(|row| f64::from(row.buyer.repeats) + 1.0).collect();
    let value: Vec<f64> = rows.iter().map(|row| row.total_spend).collect();
    let found = scores::rfm(&days, &purchases, &value, asked.classes).map_err(|wrong| refusal(&wrong, &[], &[]))?;
    let mut sheet =
        Sheet::new(&["customer", "days_since", "purchases", "value", "recency", "frequency", "monetary", "cell"]);
    let mut cells: HashMap<String, u32> = HashMap::new();
    for (at, (row, one)) in rows.iter().zip(&found).enumerate() {
        let cell = format!("{}{}{}", one.recency, one.frequency, one.monetary);
        let name = read.names[row.customer as usize].clone();
        let figures = [days[at], purchases[at], value[at]].map(|figure| figure.to_string());
        let classes = [one.recency, one.frequency, one.monetary].map(|class| class.to_string());
        sheet.row([name].into_iter().chain(figures).chain(classes).chain([cell.clone()]));
        *cells.entry(cell).or_default() += 1;
    }
    let mut sorted: Vec<(String, u32)> = cells.into_iter().collect();
    sorted.sort_by(|a, b| b.0.cmp(&a.0));
    let args = [("customers", rows.len().to_string()), ("end", read.window.calibration_end.to_string())];
    let mut lines = vec![words.line("model-rfm", &args)];
    lines.extend(sorted.iter().map(|(cell, customers)| format!("  {cell}  {customers:>8}")));
    let cells: Vec<_> = sorted.iter().map(|(cell, customers)| json!({"cell": cell, "customers": customers})).collect();
    let mut json = json!({"model": "RFM", "customers": rows.len(), "classes": asked.classes, "cells": cells});
    if let Some(gap) = &read.gap {
        lines.insert(0, words.end_gap(gap));
        json["days_before_the_last"] = json!(gap.days);
    }
    written(Told { json, lines, silent: false }, own.out.as_deref(), sheet)
}

fn written(mut told: Told, out: Option<&Path>, sheet: Sheet) -> Result<Told, Message> {
    if let Some(out) = out {
        sheet.write(out)?;
        told.silent = out == Path::new("-");
    }
    Ok(told)
}

/// Names in the order in which they come, each with the sum of its values.
fn by_customer(asked: &Abc) -> Result<(Vec<String>, Vec<f64>), Message> {
    let table = Table::read(&asked.file)?;
    let (mut names, mut values, mut known) = (Vec::new(), Vec::<f64>::new(), HashMap::<String, usize>::new());
    table.each(&[&asked.customer, &asked.value], |row| {
        let (name, value) = (row.text(0, &asked.customer)?, row.number(1, &asked.value)?);
        if value < 0.0 {
            let message = Message::new("model-negative").with("line", row.line);
            return Err(message.with("column", &asked.value));
        }
        let at = *known.entry(name.to_owned()).or_insert_with(|| {
            names.push(name.to_owned());
            values.push(0.0);
            values.len() - 1
        });
        values[at] += value;
        match values[at].is_finite() {
            true => Ok(()),
            false => Err(Message::new("model-too_large").with("column", &asked.value)),
        }
    })?;
    Ok((names, values))
}

pub fn abc(asked: &Abc, words: &Words) -> Result<Told, Message> {
    if !(asked.a > 0.0 && asked.a < asked.b && asked.b <= 1.0) {
        return Err(Message::new("model-cuts"));
    }
    let (names, values) = by_customer(asked)?;
    let boundary = match asked.boundary {
        arguments::Boundary::Crossing => Boundary::CrossingBelongs,
        arguments::Boundary::Within => Boundary::OnlyWithin,
    };
    let cuts = Cuts { a: asked.a, b: asked.b };
    let classes =
        scores::abc(&values, cuts, boundary).map_err(|wrong| refusal(&wrong, &[], &[("value", &asked.value)]))?;
    let whole: f64 = values.iter().sum();
    let (mut lines, mut rows) = (vec![words.line("model-abc", &[("customers", names.len().to_string())])], Vec::new());
    for class in [scores::Abc::A, scores::Abc::B, scores::Abc::C] {
        let own = classes.iter().zip(&values).filter(|(found, _)| **found == class);
        let (count, value) = own.fold((0_u32, 0.0), |sum, (_, value)| (sum.0 + 1, sum.1 + value));
        lines.push(format!("  {class:?}  {count:>8}  {value:>16.2}  {:>9}", percent(value / whole)));
        rows.push(json!({"class": format!("{class:?}"), "customers": count, "value": value, "share": value / whole}));
    }
    let mut order: Vec<usize> = (0..names.len()).collect();
    // Equals by name, so that the file's order does not show.
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]).then_with(|| names[*a].cmp(&names[*b])));
    let mut sheet = Sheet::new(&["customer", "value", "class"]);
    for at in order {
        sheet.row([names[at].clone(), values[at].to_string(), format!("{:?}", classes[at])]);
    }
    let json = json!({"model": "ABC", "customers": names.len(), "value": whole, "classes": rows});
    written(Told { json, lines, silent: false }, asked.out.as_deref(), sheet)
}

fn one_column(asked: &OneColumn) -> Result<Numbers<'_>, Message> {
    let table = Table::read(&asked.file)?;
    Numbers::read(&table, &[("value", &asked.value), ("answer", &asked.value)])
}

pub fn lorenz(asked: &OneColumn, words: &Words) -> Result<Told, Message> {
    let numbers = one_column(asked)?;
    let found = scores::lorenz(&numbers.columns[0]).map_err(|wrong| numbers.refuse(&wrong))?;
    let mut lines = vec![words.line("model-gini", &[("value", format!("{:.4}", found.gini))])];
    let steps = found.curve.len() - 1;
    // Ten points are enough to read; programs get all.
    let points = steps.min(10);
    let tenths = (0..=points).map(|point| found.curve[point * steps / points]);
    lines.extend(tenths.map(|(customers, value)| format!("  {:>9}  {:>9}", percent(customers), percent(value))));
    let json = json!({"model": "Lorenz", "gini": found.gini, "curve": found.curve});
    Ok(Told { json, lines, silent: false })
}

pub fn recommendation(asked: &OneColumn, words: &Words) -> Result<Told, Message> {
    let numbers = one_column(asked)?;
    let found = scores::net_promoter(&numbers.columns[0]).map_err(|wrong| numbers.refuse(&wrong))?;
    let args = [
        ("score", format!("{:.1}", found.score)),
        ("low", format!("{:.1}", found.low)),
        ("high", format!("{:.1}", found.high)),
        ("promoters", found.promoters.to_string()),
        ("passives", found.passives.to_string()),
        ("detractors", found.detractors.to_string()),
    ];
    let json = json!({
        "model": "NPS", "score": found.score, "low": found.low, "high": found.high, "promoters": found.promoters,
        "passives": found.passives, "detractors": found.detractors,
    });
    Ok(Told { json, lines: vec![words.line("model-recommendation", &args)], silent: false })
}

fn share(interval: &Interval) -> [(&'static str, String); 3] {
    [("rate", percent(interval.rate)), ("low", percent(interval.low)), ("high", percent(interval.high))]
}

pub fn satisfaction(asked: &OneColumn, words: &Words) -> Result<Told, Message> {
    let numbers = one_column(asked)?;
    let found = scores::satisfied(&numbers.columns[0], 4, 5).map_err(|wrong| numbers.refuse(&wrong))?;
    let json = json!({"model": "CSAT", "rate": found.rate, "low": found.low, "high": found.high,
        "answers": numbers.columns[0].len()});
    Ok(Told { json, lines: vec![words.line("model-satisfied", &share(&found))], silent: false })
}

pub fn effort(asked: &OneColumn, words: &Words) -> Result<Told, Message> {
    let numbers = one_column(asked)?;
    let found = scores::customer_effort(&numbers.columns[0]).map_err(|wrong| numbers.refuse(&wrong))?;
    let args = [
        ("mean", format!("{:.2}", found.mean)),
        ("low", format!("{:.2}", found.low)),
        ("high", format!("{:.2}", found.high)),
    ];
    let lines = vec![words.line("model-effort", &args), words.line("model-effort_easy", &share(&found.easy))];
    let json = json!({
        "model": "CES", "mean": found.mean, "low": found.low, "high": found.high, "answers": found.answers,
        "easy": {"rate": found.easy.rate, "low": found.easy.low, "high": found.easy.high},
    });
    Ok(Told { json, lines, silent: false })
}

pub fn importance(asked: &Importance, words: &Words) -> Result<Told, Message> {
    let table = Table::read(&asked.file)?;
    let numbers = Numbers::read(&table, &[("importance", &asked.importance), ("performance", &asked.performance)])?;
    let names = names(&table, &asked.attribute)?;
    let pairs = numbers.columns[0].iter().zip(&numbers.columns[1]);
    let attributes: Vec<Attribute> =
        pairs.map(|(&importance, &performance)| Attribute { importance, performance }).collect();
    let found = scores::importance_performance(&attributes).map_err(|wrong| numbers.refuse(&wrong))?;
    let (mut lines, mut rows) = (Vec::new(), Vec::new());
    for ((name, one), quadrant) in names.iter().zip(&attributes).zip(found) {
        let (key, word) = match quadrant {
            Quadrant::ConcentrateHere => ("model-quadrant_concentrate", "concentrate_here"),
            Quadrant::KeepUp => ("model-quadrant_keep", "keep_up"),
            Quadrant::LowPriority => ("model-quadrant_low", "low_priority"),
            Quadrant::PossibleOverkill => ("model-quadrant_overkill", "possible_overkill"),
        };
        lines.push(format!("  {:>8.2}  {:>8.2}  {name}  {}", one.importance, one.performance, words.line(key, &[])));
        rows.push(json!({
            "attribute": name, "importance": one.importance, "performance": one.performance, "quadrant": word,
        }));
    }
    Ok(Told { json: json!({"model": "importance-performance", "attributes": rows}), lines, silent: false })
}

/// A column in which each name may stand once only.
fn names(table: &Table, column: &str) -> Result<Vec<String>, Message> {
    let (mut names, mut known) = (Vec::new(), HashMap::<String, u64>::new());
    table.each(&[column], |row| {
        let name = row.text(0, column)?;
        if let Some(first) = known.insert(name.to_owned(), row.line) {
            let message = Message::new("model-twice").with("line", row.line).with("column", column);
            return Err(message.with("first", first));
        }
        names.push(name.to_owned());
        Ok(())
    })?;
    Ok(names)
}

pub fn wallet(asked: &Wallet, words: &Words) -> Result<Told, Message> {
    let table = Table::read(&asked.file)?;
    let numbers = Numbers::read(&table, &[("place", &asked.place)])?;
    let names = names(&table, &asked.supplier)?;
    let shares = scores::wallet_shares(&numbers.columns[0]).map_err(|wrong| numbers.refuse(&wrong))?;
    let mut lines = vec![words.line("model-wallet", &[("count", names.len().to_string())])];
    lines.extend(names.iter().zip(&shares).map(|(name, share)| format!("  {:>9}  {name}", percent(*share))));
    let rows: Vec<_> =
        names.iter().zip(&shares).map(|(name, share)| json!({"supplier": name, "share": share})).collect();
    Ok(Told { json: json!({"model": "wallet allocation", "suppliers": rows}), lines, silent: false })
}
