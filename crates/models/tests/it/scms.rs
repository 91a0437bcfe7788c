//! The public delivery history of USAID SCMS: ten thousand real lines.

use std::io::Read;

use chrono::NaiveDate;
use models::scores::{Abc, Boundary, Cuts, abc};
use models::series::{Direction, Kind, Length, Method, by_period, forecast, watch};

use crate::data;

struct Line {
    country: String,
    delivered: NaiveDate,
    value: f64,
}

fn lines() -> Option<Vec<Line>> {
    let folder = std::fs::read_dir(data("scms")?).unwrap();
    let file =
        folder.map(|entry| entry.unwrap().path()).find(|path| path.to_string_lossy().ends_with(".csv.gz")).unwrap();
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(std::fs::File::open(file).unwrap()).read_to_end(&mut text).unwrap();
    let text = String::from_utf8_lossy(&text).into_owned();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header.eq_ignore_ascii_case(name)).unwrap();
    let [country, delivered, value] = ["country", "delivered to client date", "line item value"].map(column);
    let line = |record: csv::StringRecord| Line {
        country: record[country].to_owned(),
        delivered: NaiveDate::parse_from_str(&record[delivered], "%d-%b-%y").unwrap(),
        value: record[value].replace(',', "").parse().unwrap(),
    };
    Some(reader.records().map(|record| line(record.unwrap())).collect())
}

#[test]
fn eight_countries_are_a_five_b_and_thirty_c_by_the_crossing_rule() {
    let Some(lines) = lines() else { return };
    let mut countries = std::collections::BTreeMap::<&str, f64>::new();
    lines.iter().for_each(|line| *countries.entry(&line.country).or_default() += line.value);
    let values: Vec<f64> = countries.values().copied().collect();
    let classes = abc(&values, Cuts::default(), Boundary::CrossingBelongs).unwrap();
    let count = |class| classes.iter().filter(|one| **one == class).count();
    assert_eq!((count(Abc::A), count(Abc::B), count(Abc::C)), (8, 5, 30));
}

#[test]
fn the_forecast_of_real_months_and_weeks_beats_the_seasonal_naive_one() {
    let Some(lines) = lines() else { return };
    let counts: Vec<(NaiveDate, f64)> = lines.iter().map(|line| (line.delivered, 1.0)).collect();
    let values: Vec<(NaiveDate, f64)> = lines.iter().map(|line| (line.delivered, line.value)).collect();
    for (what, happened) in [("lines", counts), ("value", values)] {
        for length in [Length::Month, Length::Week] {
            let series = by_period(&happened, length, None).unwrap();
            let found = forecast(&series.values, length.season(), 12, &[]).unwrap();
            let test = found.back_test;
            eprintln!("{what} by {length:?}: {:.3} of the naive error, {:.3} covered", test.relative, test.covered);
            assert!(found.method == Method::Smoothing && test.relative < 0.9, "{what} {length:?}: {test:?}");
            assert!(test.covered > 0.9, "{what} {length:?}: {test:?}");
        }
    }
}

#[test]
fn the_real_months_are_watched_without_an_error() {
    let Some(lines) = lines() else { return };
    let counts: Vec<(NaiveDate, f64)> = lines.iter().map(|line| (line.delivered, 1.0)).collect();
    let series = by_period(&counts, Length::Month, None).unwrap();
    let history = series.values.len() - 12;
    let found = watch(&series.values, history, 12, Kind::Count, Direction::Fall, &[]).unwrap();
    assert!(found.dispersion > 1.0 && found.expected.iter().all(|mean| mean.is_finite() && *mean > 0.0), "{found:?}");
}
