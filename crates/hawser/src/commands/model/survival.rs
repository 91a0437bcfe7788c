//! How long it lasts.

use std::path::Path;

use base::Message;
use models::Wrong;
use models::survival::{Spell, cox as fit_cox, kaplan_meier, log_rank};
use serde_json::json;

use super::arguments::{Cox, Spells};
use super::table::{Sheet, Table};
use super::told::{Numbers, Told, Words, figure};

/// More groups are a column that names the customers; their test would need the square of their number in memory.
const MOST_GROUPS: usize = 200;

struct Read<'a> {
    spells: Vec<Spell>,
    numbers: Numbers<'a>,
    /// Names of the groups, in the order in which they come, and the group of each spell.
    names: Vec<String>,
    groups: Vec<usize>,
}

fn read<'a>(asked: &'a Spells, columns: &'a [String]) -> Result<Read<'a>, Message> {
    let table = Table::read(&asked.file)?;
    let mut names = vec![("time", asked.time.as_str()), ("event", asked.event.as_str())];
    names.extend(columns.iter().map(|column| ("column", column.as_str())));
    let numbers = Numbers::read(&table, &names)?;
    let mut spells = Vec::new();
    for (at, (time, event)) in numbers.columns[0].iter().zip(&numbers.columns[1]).enumerate() {
        if *event != 0.0 && *event != 1.0 {
            return Err(numbers.refuse(&Wrong::OutOfRange { row: at + 1, field: "event", least: 0.0, most: 1.0 }));
        }
        spells.push(Spell { time: *time, ended: *event == 1.0 });
    }
    let (mut names, mut groups) = (Vec::<String>::new(), Vec::new());
    if let Some(column) = &asked.group {
        table.each(&[column], |row| {
            let name = row.text(0, column)?;
            let at = names.iter().position(|known| known == name).unwrap_or(names.len());
            if at == names.len() {
                if at == MOST_GROUPS {
                    return Err(Message::new("model-too_many_groups").with("column", column).with("most", MOST_GROUPS));
                }
                names.push(name.to_owned());
            }
            groups.push(at);
            Ok(())
        })?;
    }
    Ok(Read { spells, numbers, names, groups })
}

pub fn km(asked: &Spells, words: &Words) -> Result<Told, Message> {
    let read = read(asked, &[])?;
    let (mut lines, mut curves) = (Vec::new(), Vec::new());
    let mut sheet = Sheet::new(&["group", "time", "at_risk", "ended", "survival", "standard_error", "low", "high"]);
    let groups = if read.names.is_empty() { vec![None] } else { (0..read.names.len()).map(Some).collect() };
    for group in groups {
        let own = |at: &usize| group.is_none_or(|group| read.groups[*at] == group);
        let spells: Vec<Spell> = (0..read.spells.len()).filter(own).map(|at| read.spells[at]).collect();
        // Rows of one group are not those of the file: a time that cannot be was refused by the whole before.
        kaplan_meier(&read.spells).map_err(|wrong| read.numbers.refuse(&wrong))?;
        let steps = kaplan_meier(&spells).map_err(|wrong| read.numbers.refuse(&wrong))?;
        let name = group.map_or("", |group| read.names[group].as_str());
        lines.push(words.line(
            "model-km",
            &[("group", group.map_or_else(String::new, |_| format!(" {name}"))), ("count", spells.len().to_string())],
        ));
        let mut rows = Vec::new();
        for step in &steps {
            let time = figure(step.time);
            lines.push(format!(
                "  {time:>10}  {:>7}  {:>6}  {:.4}  ± {:.4}  {:.4} – {:.4}",
                step.at_risk, step.ended, step.survival, step.standard_error, step.low, step.high
            ));
            let counts = [step.time.to_string(), step.at_risk.to_string(), step.ended.to_string()];
            let shares = [step.survival, step.standard_error, step.low, step.high].map(|share| share.to_string());
            sheet.row([name.to_owned()].into_iter().chain(counts).chain(shares));
            rows.push(json!({
                "time": step.time, "at_risk": step.at_risk, "ended": step.ended, "survival": step.survival,
                "standard_error": step.standard_error, "low": step.low, "high": step.high,
            }));
        }
        curves.push(json!({"group": name, "spells": spells.len(), "steps": rows}));
    }
    let mut told = Told { json: json!({"model": "Kaplan-Meier", "curves": curves}), lines, silent: false };
    if let Some(out) = &asked.out {
        sheet.write(out)?;
        told.silent = out == Path::new("-");
    }
    Ok(told)
}

pub fn logrank(asked: &Spells, words: &Words) -> Result<Told, Message> {
    if asked.group.is_none() {
        return Err(Message::new("model-needs_group"));
    }
    let read = read(asked, &[])?;
    let found = log_rank(&read.spells, &read.groups).map_err(|wrong| read.numbers.refuse(&wrong))?;
    let args = [
        ("chi", format!("{:.4}", found.chi_squared)),
        ("degrees", found.degrees.to_string()),
        ("p", format!("{:.3e}", found.p)),
    ];
    let mut lines = vec![words.line("model-log_rank", &args)];
    let mut rows = Vec::new();
    for (name, (ended, expected)) in read.names.iter().zip(&found.ended) {
        lines.push(words.line(
            "model-log_rank_group",
            &[("group", name.clone()), ("ended", ended.to_string()), ("expected", format!("{expected:.2}"))],
        ));
        rows.push(json!({"group": name, "ended": ended, "expected": expected}));
    }
    let json = json!({
        "model": "log-rank", "chi_squared": found.chi_squared, "degrees": found.degrees, "p": found.p, "groups": rows,
    });
    Ok(Told { json, lines, silent: false })
}

pub fn cox(asked: &Cox, words: &Words) -> Result<Told, Message> {
    let read = read(&asked.spells, &asked.columns)?;
    let rows: Vec<Vec<f64>> =
        (0..read.spells.len()).map(|at| read.numbers.columns[2..].iter().map(|column| column[at]).collect()).collect();
    let found = fit_cox(&read.spells, &rows).map_err(|wrong| match wrong {
        Wrong::Covariate { column } => {
            let name = asked.columns.get(column - 1).cloned().unwrap_or_default();
            Message::new("model-covariate").with("number", name)
        }
        wrong => read.numbers.refuse(&wrong),
    })?;
    let ended = read.spells.iter().filter(|spell| spell.ended).count();
    let args = [("count", read.spells.len().to_string()), ("ended", ended.to_string())];
    let mut lines = vec![words.line("model-cox", &args)];
    let mut coefficients = Vec::new();
    for (name, one) in asked.columns.iter().zip(&found.coefficients) {
        lines.push(format!(
            "  {name:<16} {:>10.4}  ± {:.4}  exp {:>8.4}  z {:>7.2}  p {:.4}",
            one.value,
            one.standard_error,
            one.value.exp(),
            one.z,
            one.p
        ));
        coefficients.push(json!({
            "name": name, "value": one.value, "standard_error": one.standard_error, "hazard_ratio": one.value.exp(),
            "z": one.z, "p": one.p,
        }));
    }
    let args = [
        ("value", format!("{:.4}", found.log_likelihood)),
        ("zero", format!("{:.4}", found.null_log_likelihood)),
        ("p", format!("{:.3e}", found.p)),
        ("concordance", format!("{:.4}", found.concordance)),
    ];
    lines.push(words.line("model-cox_whole", &args));
    let json = json!({
        "model": "Cox", "spells": read.spells.len(), "ended": ended, "coefficients": coefficients,
        "log_likelihood": found.log_likelihood, "null_log_likelihood": found.null_log_likelihood, "p": found.p,
        "concordance": found.concordance,
    });
    Ok(Told { json, lines, silent: false })
}
