//! Models of repeat buying and of what a purchase is worth, from a file of purchases.

use std::path::Path;

use base::Message;
use models::buying::{Base, Discounting, RepeatBuying};
use models::{Fit, GammaGamma, Histories, Spend, Wrong, frequency_spend_correlation, shrink};
use serde_json::{Value, json};

use super::arguments::{Buying, Purchases, Spending, Unit};
use super::purchases::{Read, Zero, read};
use super::table::Sheet;
use super::told::{Told, Words, figure, fit_json, option, refusal};

/// Nobody can tell more of a customer.
const MOST_YEARS: f64 = 100.0;

pub fn fit<M: RepeatBuying>(name: &str, asked: &Buying, words: &Words) -> Result<Told, Message> {
    let own = &asked.purchases;
    option("months", f64::from(asked.months), 1.0, 520.0)?;
    option("discount", asked.discount, 0.0, 1.0)?;
    let zero = match (own.value.is_some(), asked.leave_out_zero) {
        (false, _) => Zero::Allowed,
        (true, false) => Zero::Refused,
        (true, true) => Zero::LeftOut,
    };
    let read = read(own, asked.margin.as_deref(), zero)?;
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
    let mut json = json!({
        "model": name, "rows": read.rows, "customers": rows.len(), "repeaters": repeaters, "unit": unit,
        "calibration_end": read.window.calibration_end, "end": read.window.end,
        "came_later": later, "purchases_after_end": after,
    });
    if let Some(gap) = &read.gap {
        lines.push(words.end_gap(gap));
        json["days_before_the_last"] = json!(gap.days);
    }
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
    if !spend.expected().is_finite() {
        return Err(Message::new("model-no_mean_no_value"));
    }
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
            let own = spend.expected_of(&Spend { repeats: row.valued, mean: row.mean_spend });
            let rate = rates
                .as_ref()
                .map_or(1.0, |rates| rates.rates.get(row.customer as usize).copied().unwrap_or(rates.segment_rate));
            (own, purchases * own * rate)
        })
        .collect();
    let sum: f64 = all.iter().map(|(_, value)| value).sum();
    if !sum.is_finite() {
        return Err(refuse(Wrong::TooLarge { field: "value" }));
    }
    let kind = if rates.is_some() { "margin" } else { "revenue" };
    let args = [("months", asked.months.to_string()), ("kind", kind.to_owned()), ("value", format!("{sum:.2}"))];
    told.lines.push(words.line("model-value", &args));
    told.json["lifetime_value"] = json!({"months": asked.months, "discount": asked.discount, "of": kind, "sum": sum});
    Ok(all)
}

fn spend_of(read: &Read, asked: &Purchases, words: &Words) -> Result<(GammaGamma, Told), Message> {
    let valued = read.histories.rows.iter().filter(|row| row.valued > 0);
    let spends: Vec<Spend> = valued.map(|row| Spend { repeats: row.valued, mean: row.mean_spend }).collect();
    let fit = GammaGamma::fit(&spends).map_err(|wrong| read.refuse(&wrong, asked))?;
    let correlation = frequency_spend_correlation(&spends);
    let mut lines = vec![words.line("model-spend", &[("customers", spends.len().to_string())])];
    if read.zero_days > 0 {
        lines.push(words.line("model-zero_left_out", &[("days", read.zero_days.to_string())]));
    }
    lines.extend(words.fit(&fit));
    let told = correlation.map_or_else(|| "–".to_owned(), |one| format!("{one:.4}"));
    lines.push(words.line("model-correlation", &[("value", told)]));
    // With q at or below 1 the values vary so much that they have no mean; JSON has no number for it either.
    let mean = fit.model.expected();
    lines.push(match mean.is_finite() {
        true => words.line("model-mean_spend", &[("value", figure(mean))]),
        false => words.line("model-no_mean", &[]),
    });
    let mut json = fit_json(&fit);
    json["customers"] = json!(spends.len());
    json["zero_days_left_out"] = json!(read.zero_days);
    json["correlation_of_frequency_and_spend"] = json!(correlation);
    json["mean"] = json!(mean);
    Ok((fit.model, Told { json, lines, silent: false }))
}

pub fn spend(asked: &Spending, words: &Words) -> Result<Told, Message> {
    let own = &asked.purchases;
    if own.value.is_none() {
        return Err(Message::new("model-needs_value"));
    }
    let zero = if asked.leave_out_zero { Zero::LeftOut } else { Zero::Refused };
    let read = read(own, None, zero)?;
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
            let expected = model.expected_of(&Spend { repeats: row.valued, mean: row.mean_spend });
            let name = read.names[row.customer as usize].clone();
            let expected = if expected.is_finite() { expected.to_string() } else { String::new() };
            sheet.row([name, row.buyer.repeats.to_string(), row.mean_spend.to_string(), expected]);
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
