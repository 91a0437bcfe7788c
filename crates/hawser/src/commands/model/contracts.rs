//! Models of contracts and of yes-or-no periods.

use std::path::Path;

use base::Message;
use models::buying::{BgBb, Season};
use models::{BetaGeometric, Wrong};
use serde_json::json;

use super::arguments::{Contracts, Seasons};
use super::table::{Sheet, Table};
use super::told::{Numbers, Told, Words, fit_json, option, percent};

/// Customers of one history.
const MOST: f64 = u32::MAX as f64;
/// Without any discount the renewals still to come have no sum where many customers never leave.
const LEAST_DISCOUNT: f64 = 0.0001;

pub fn seasons(asked: &Seasons, words: &Words) -> Result<Told, Message> {
    option("discount", asked.discount, 0.0, 1.0)?;
    option("ahead", f64::from(asked.ahead), 1.0, 1000.0)?;
    let table = Table::read(&asked.file)?;
    let mut names = vec![("periods", asked.periods.as_str()), ("bought", &asked.bought), ("last", &asked.last)];
    names.extend(asked.customers.as_deref().map(|column| ("customers", column)));
    let numbers = Numbers::read(&table, &names)?;
    let whole = |column: usize, row: usize| {
        let number = numbers.columns[column][row];
        let (row, field) = (row + 1, names[column].0);
        match number {
            ..0.0 => Err(numbers.refuse(&Wrong::Negative { row, field })),
            _ if number.fract() != 0.0 => Err(numbers.refuse(&Wrong::NotWhole { row, field })),
            MOST.. => Err(numbers.refuse(&Wrong::OutOfRange { row, field, least: 0.0, most: MOST })),
            _ => Ok(number as u32),
        }
    };
    let mut all = Vec::new();
    for row in 0..numbers.columns[0].len() {
        let customers = if names.len() > 3 { whole(3, row)? } else { 1 };
        all.push(Season { periods: whole(0, row)?, bought: whole(1, row)?, last: whole(2, row)?, customers });
    }
    let fit = BgBb::fit(&all).map_err(|wrong| numbers.refuse(&wrong))?;
    let customers: u64 = all.iter().map(|one| u64::from(one.customers)).sum();
    let mut lines =
        vec![words.line("model-customers", &[("model", "BG/BB".into()), ("customers", customers.to_string())])];
    lines.extend(words.fit(&fit));
    let expected = fit.model.expected(asked.ahead);
    let args = [("time", asked.ahead.to_string()), ("purchases", format!("{expected:.4}"))];
    lines.push(words.line("model-new_customer", &args));
    let mut json = fit_json(&fit);
    json["model"] = json!("BG/BB");
    json["customers"] = json!(customers);
    json["new_customer"] = json!({"time": asked.ahead, "purchases": expected});
    let mut told = Told { json, lines, silent: false };
    if let Some(out) = &asked.out {
        let mut sheet = Sheet::new(&[
            "periods",
            "bought",
            "last",
            "customers",
            "alive",
            "expected_purchases",
            "discounted_purchases",
        ]);
        for (one, outlook) in all.iter().zip(fit.model.outlook_of_all(&all, asked.ahead, asked.discount)) {
            let counts = [one.periods, one.bought, one.last, one.customers].map(|count| count.to_string());
            let figures = [outlook.alive, outlook.expected, outlook.discounted].map(|figure| figure.to_string());
            sheet.row(counts.into_iter().chain(figures));
        }
        sheet.write(out)?;
        told.silent = out == Path::new("-");
    }
    Ok(told)
}

pub fn renewals(asked: &Contracts, words: &Words) -> Result<Told, Message> {
    option("discount", asked.discount, LEAST_DISCOUNT, 1.0)?;
    asked.rows.map_or(Ok(()), |rows| option("rows", rows as f64, 3.0, 1e6))?;
    let table = Table::read(&asked.file)?;
    let numbers = Numbers::read(&table, &[("survivors", &asked.survivors)])?;
    let all = &numbers.columns[0];
    let learned = &all[..asked.rows.unwrap_or(all.len()).min(all.len())];
    let refuse = |wrong| numbers.refuse(&wrong);
    // The rows that are only compared must be right too.
    BetaGeometric::new([1.0, 1.0]).and_then(|any| any.log_likelihood(all)).map_err(refuse)?;
    let fit = BetaGeometric::fit(learned).map_err(refuse)?;
    let name = "shifted beta-geometric";
    let mut lines = vec![words.line("model-renewals", &[("model", name.into()), ("count", learned.len().to_string())])];
    lines.extend(words.fit(&fit));
    lines.push(words.line("model-survival_table", &[]));
    let mut rows = Vec::new();
    for (renewal, there) in all.iter().enumerate() {
        let (share, expected) = (there / all[0], fit.model.survival(renewal as u32));
        lines.push(format!("  {renewal:>4}  {:>9}  {:>9}", percent(share), percent(expected)));
        rows.push(json!({"renewal": renewal, "survival": share, "expected": expected}));
    }
    let last = (learned.len() - 1) as u32;
    let left = fit.model.discounted(last, asked.discount).map_err(refuse)?;
    let args = [("renewals", last.to_string()), ("left", format!("{left:.4}")), ("rate", percent(asked.discount))];
    lines.push(words.line("model-renewals_left", &args));
    let mut json = fit_json(&fit);
    json["model"] = json!(name);
    json["rows"] = json!(rows);
    json["discounted_renewals_left"] = json!({"after": last, "discount": asked.discount, "renewals": left});
    Ok(Told { json, lines, silent: false })
}
