//! The Rust half of `compare/compare.py`: fits, expectations and lifetime values of the customers in a CSV file (repeats,
//! last, observed), with the seconds that each took and the most memory the process held.
//! `cargo run --release -p models --example compare -- bgnbd FILE`

use std::error::Error;
use std::time::Instant;

use models::buying::{Base, BgNbd, Buyer, Discounting, ParetoNbd, RepeatBuying};
use serde_json::{Value, json};

/// What the Python package takes for a month of a model in weeks.
const MONTH: f64 = 4.345;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(model), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("say: bgnbd or paretonbd, and a file".into());
    };
    let told = match model.as_str() {
        "bgnbd" => compare::<BgNbd>(&file, true)?,
        "paretonbd" => compare::<ParetoNbd>(&file, false)?,
        other => return Err(format!("{other} is neither bgnbd nor paretonbd").into()),
    };
    println!("{told}");
    Ok(())
}

fn read(file: &str) -> Result<Vec<Buyer>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(file)?;
    let mut buyers = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        let number = |at: usize| record[at].parse::<f64>();
        buyers.push(Buyer { repeats: record[0].parse()?, last: number(1)?, observed: number(2)? });
    }
    Ok(buyers)
}

fn compare<M: RepeatBuying>(file: &str, values: bool) -> Result<Value, Box<dyn Error>> {
    let buyers = read(file)?;
    let start = Instant::now();
    // Checking and grouping belong to the fit.
    let base = Base::new(buyers)?;
    let fit = M::fit(&base)?;
    let fitted = start.elapsed().as_secs_f64();
    let mut told = json!({"fit": fitted, "parameters": fit.model.parameters(), "log_likelihood": fit.log_likelihood,
        "evaluations": fit.evaluations});
    if values {
        let start = Instant::now();
        let expected = fit.model.expected_of_all(&base, 52.0);
        told["expectations"] = json!(start.elapsed().as_secs_f64());
        told["expected"] = json!(expected.iter().sum::<f64>());
        let start = Instant::now();
        let worth = fit.model.discounted_of_all(&base, &Discounting::new(MONTH, 12, 0.01)?);
        told["values"] = json!(start.elapsed().as_secs_f64());
        told["worth"] = json!(worth.iter().sum::<f64>());
    }
    told["peak_mb"] = json!(peak());
    Ok(told)
}

/// The most memory this process has held, in MB; zero where the system does not tell.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok())
        .map_or(0.0, |kilobytes| kilobytes / 1024.0)
}
