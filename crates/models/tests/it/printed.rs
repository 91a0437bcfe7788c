use models::BetaGeometric;
use models::buying::{BgBb, Season};
use models::survival::{Spell, cox, kaplan_meier, log_rank};
use serde_json::Value;

use crate::{assert_printed, data};

fn json(path: &str) -> Option<Value> {
    Some(serde_json::from_str(&std::fs::read_to_string(data(path)?).unwrap()).unwrap())
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect()
}

/// Rows of a file of numbers, without its header.
fn rows(path: &str) -> Option<Vec<Vec<f64>>> {
    let mut reader = csv::Reader::from_path(data(path)?).unwrap();
    let row = |row: csv::StringRecord| row.iter().map(|cell| cell.parse().unwrap()).collect();
    Some(reader.records().map(|record| row(record.unwrap())).collect())
}

#[test]
fn the_shifted_beta_geometric_gives_the_published_figures() {
    // Fader & Hardie (2007), table 2: fitted on the first seven renewals.
    let Some(all) = json("printed/sbg.json") else { return };
    for (group, printed) in [("high_end", ["0.668", "3.806"]), ("regular", ["0.704", "1.182"])] {
        let fit = BetaGeometric::fit(&numbers(&all[group])[..8]).unwrap();
        assert_printed(&fit.model.parameters(), &printed);
    }
}

#[test]
fn bg_bb_gives_the_published_figures_of_the_donors() {
    let Some(rows) = rows("printed/donations_bgbb.csv") else { return };
    let seasons: Vec<Season> = rows
        .iter()
        .map(|row| Season {
            bought: row[0] as u32,
            last: row[1] as u32,
            periods: row[2] as u32,
            customers: row[3] as u32,
        })
        .collect();
    let fit = BgBb::fit(&seasons).unwrap();
    assert_printed(&fit.model.parameters(), &["1.204", "0.750", "0.657", "2.783"]);
    assert_printed(&[fit.log_likelihood], &["-33225.6"]);
}

/// Freireich's trial: (remission weeks, relapse) of a group.
fn remissions(all: &Value, group: &str) -> Vec<Spell> {
    let pair = |one: &Value| {
        let pair = numbers(one);
        Spell { time: pair[0], ended: pair[1] == 1.0 }
    };
    all[group].as_array().unwrap().iter().map(pair).collect()
}

#[test]
fn kaplan_meier_and_log_rank_give_the_printed_figures_of_the_6_mp_trial() {
    let Some(all) = json("printed/sixmp.json") else { return };
    let (treated, control) = (remissions(&all, "six_mp"), remissions(&all, "control"));
    let steps = kaplan_meier(&treated).unwrap();
    let printed = all["printed"]["km_six_mp"].as_object().unwrap();
    assert_eq!(steps.len(), printed.len());
    for step in &steps {
        let known = printed[&format!("{}", step.time)].as_f64().unwrap();
        assert!((step.survival - known).abs() < 0.000_5, "{step:?} {known}");
    }
    // Greenwood's errors as printed in Klein & Moeschberger (2003), table 4.1A.
    let errors: Vec<f64> = steps.iter().map(|step| step.standard_error).collect();
    assert_printed(&errors, &["0.0764", "0.0869", "0.0963", "0.1068", "0.1141", "0.1282", "0.1346"]);
    let groups: Vec<usize> = treated.iter().map(|_| 0).chain(control.iter().map(|_| 1)).collect();
    let spells = [treated, control].concat();
    let found = log_rank(&spells, &groups).unwrap();
    assert_printed(&[found.chi_squared], &["16.79"]);
    assert!((found.p - 4.2e-5).abs() < 1e-6);
    let rows: Vec<Vec<f64>> = groups.iter().map(|group| vec![*group as f64]).collect();
    let found = cox(&spells, &rows).unwrap();
    assert_printed(&[found.coefficients[0].value, found.coefficients[0].standard_error], &["1.572", "0.412"]);
}

#[test]
fn cox_gives_the_printed_figures_of_the_released_men() {
    let Some(rows) = rows("printed/rossi.csv") else { return };
    let spells: Vec<Spell> = rows.iter().map(|row| Spell { time: row[0], ended: row[1] == 1.0 }).collect();
    let columns: Vec<Vec<f64>> = rows.iter().map(|row| row[2..].to_vec()).collect();
    let found = cox(&spells, &columns).unwrap();
    let values: Vec<f64> = found.coefficients.iter().map(|one| one.value).collect();
    assert_printed(&values, &["-0.379", "-0.057", "0.314", "-0.150", "-0.434", "-0.085", "0.091"]);
    // As R's survival and Python's lifelines print them for the same data.
    let errors: Vec<f64> = found.coefficients.iter().map(|one| one.standard_error).collect();
    assert_printed(&errors, &["0.191", "0.022", "0.308", "0.212", "0.382", "0.196", "0.029"]);
    assert_printed(&[found.log_likelihood, found.concordance], &["-658.75", "0.64"]);
}
