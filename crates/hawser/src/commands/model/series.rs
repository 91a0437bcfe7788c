//! Forecast and change of what happens day by day.

use std::path::Path;

use base::Message;
use chrono::NaiveDate;
use models::Wrong;
use models::series::{self, Kind, Length, Method, Series};
use serde_json::json;

use super::arguments::{Change, Days, Direction, Forecast, Period};
use super::table::{Sheet, Table};
use super::told::{EndGap, Told, Words, figure, option, percent, refusal};

/// The series, what it is made of, and whether its values are counts.
struct Read {
    series: Series,
    kind: Kind,
    gap: Option<EndGap>,
}

fn read(asked: &Days) -> Result<Read, Message> {
    option("before", f64::from(asked.before), 0.0, 366.0)?;
    option("after", f64::from(asked.after), 0.0, 366.0)?;
    let table = Table::read(&asked.file)?;
    let mut columns = vec![asked.date.as_str()];
    columns.extend(asked.value.as_deref());
    let (mut happened, mut lines) = (Vec::new(), Vec::new());
    table.each(&columns, |row| {
        let value = asked.value.as_deref().map_or(Ok(1.0), |column| row.number(1, column))?;
        happened.push((row.day(0, &asked.date)?, value));
        lines.push(row.line);
        Ok(())
    })?;
    if let Some(end) = asked.end {
        let kept: Vec<bool> = happened.iter().map(|(day, _)| *day <= end).collect();
        let mut keep = kept.iter();
        happened.retain(|_| keep.next().copied().unwrap_or(false));
        let mut keep = kept.iter();
        lines.retain(|_| keep.next().copied().unwrap_or(false));
    }
    let length = match asked.period {
        Period::Week => Length::Week,
        Period::Month => Length::Month,
    };
    let column = asked.value.as_deref().unwrap_or("value");
    let series = series::by_period(&happened, length, asked.end)
        .map_err(|wrong| refusal(&wrong, &lines, &[("value", column)]))?;
    // Above that, numbers have no digits left for fractions, and all look whole.
    let whole = happened.iter().all(|(_, value)| value.fract() == 0.0);
    let kind =
        if whole && series.values.iter().all(|value| *value <= MOST_COUNTED) { Kind::Count } else { Kind::Volume };
    let gap = EndGap::of(happened.iter().map(|(day, _)| *day), asked.end);
    Ok(Read { series, kind, gap })
}

/// 2^53.
const MOST_COUNTED: f64 = 9_007_199_254_740_992.0;

/// What is known of the periods: the share of the festival's days, where days are given.
fn known(asked: &Days, starts: &[NaiveDate], length: Length) -> Vec<Vec<f64>> {
    match asked.festival.is_empty() {
        true => Vec::new(),
        false => vec![series::festival(starts, length, &asked.festival, asked.before, asked.after)],
    }
}

/// Periods have no line in the file; they are named by their first day.
fn refuse(wrong: &Wrong, starts: &[NaiveDate]) -> Message {
    let row = match wrong {
        Wrong::NotWhole { row, .. }
        | Wrong::OutOfRange { row, .. }
        | Wrong::Negative { row, .. }
        | Wrong::NotFinite { row, .. } => starts.get(row - 1),
        _ => None,
    };
    match row {
        Some(start) => Message::new("model-period").with("start", start),
        None => refusal(wrong, &[], &[]),
    }
}

fn opening(read: &Read, words: &Words) -> Vec<String> {
    let series = &read.series;
    let first = series.starts.first().map(ToString::to_string).unwrap_or_default();
    let last = series.starts.last().map(ToString::to_string).unwrap_or_default();
    let args = [
        ("count", series.starts.len().to_string()),
        ("unit", if series.length == Length::Week { "week".to_owned() } else { "month".to_owned() }),
        ("first", first),
        ("last", last),
        ("cut", series.cut_off.to_string()),
    ];
    let gap = read.gap.map(|gap| words.end_gap(&gap));
    [words.line("model-series", &args)].into_iter().chain(gap).collect()
}

pub fn forecast(asked: &Forecast, words: &Words) -> Result<Told, Message> {
    option("ahead", asked.ahead as f64, 1.0, series::MOST_AHEAD as f64)?;
    let days = &asked.days;
    let read = read(days)?;
    let series = &read.series;
    let count = series.starts.len();
    let ahead = asked.ahead;
    let starts = series.length.starts(series.starts[0], count + ahead);
    let known = known(days, &starts, series.length);
    let found = series::forecast(&series.values, series.length.season(), ahead, &known)
        .map_err(|wrong| refuse(&wrong, &starts))?;
    let test = &found.back_test;
    let (key, method) = match found.method {
        Method::Smoothing => ("model-forecast_model", "smoothing"),
        Method::SeasonalNaive => ("model-forecast_naive", "seasonal_naive"),
    };
    // Where a season ago was exact, no error is a multiple of its.
    let back_test = if test.relative.is_finite() { "model-back_test" } else { "model-back_test_exact" };
    let args = [
        ("relative", format!("{:.3}", test.relative)),
        ("mase", format!("{:.3}", test.mase)),
        ("naive", format!("{:.3}", test.mase_naive)),
        ("covered", percent(test.covered)),
        ("origins", test.origins.to_string()),
        ("forecasts", test.forecasts.to_string()),
    ];
    let mut lines = opening(&read, words);
    lines.extend([words.line(back_test, &args), words.line(key, &[])]);
    let mut sheet = Sheet::new(&["start", "forecast", "low", "high"]);
    let mut rows = Vec::new();
    for (start, point) in starts[count..].iter().zip(&found.points) {
        let [value, low, high] = [point.value, point.low, point.high];
        lines.push(format!("  {start}  {:>12}  {} – {}", figure(value), figure(low), figure(high)));
        sheet.row([start.to_string(), value.to_string(), low.to_string(), high.to_string()]);
        rows.push(json!({"start": start, "forecast": value, "low": low, "high": high}));
    }
    let mut json = json!({
        "model": "forecast", "method": method, "periods": count, "waves": found.waves, "points": rows,
        "back_test": {
            "origins": test.origins, "forecasts": test.forecasts, "relative_to_seasonal_naive": test.relative,
            "mase": test.mase, "mase_seasonal_naive": test.mase_naive, "covered": test.covered,
        },
    });
    if let Some(gap) = &read.gap {
        json["days_before_the_last"] = json!(gap.days);
    }
    written(Told { json, lines, silent: false }, days, sheet)
}

fn written(mut told: Told, days: &Days, sheet: Sheet) -> Result<Told, Message> {
    if let Some(out) = &days.out {
        sheet.write(out)?;
        told.silent = out == Path::new("-");
    }
    Ok(told)
}

pub fn change(asked: &Change, words: &Words) -> Result<Told, Message> {
    let days = &asked.days;
    let read = read(days)?;
    let series = &read.series;
    let (starts, season) = (&series.starts, series.length.season());
    let history = match asked.calibration_end {
        // Only whole periods are known to be unchanged.
        Some(end) => {
            starts.iter().take_while(|start| series.length.next(**start) <= end + chrono::Days::new(1)).count()
        }
        None => starts.len().saturating_sub(season),
    };
    let known = known(days, starts, series.length);
    let direction = match asked.direction {
        Direction::Fall => series::Direction::Fall,
        Direction::Rise => series::Direction::Rise,
    };
    let found = series::watch(&series.values, history, season, read.kind, direction, &known)
        .map_err(|wrong| refuse(&wrong, starts))?;
    let watched = &starts[history..];
    let mut lines = opening(&read, words);
    let mut sheet = Sheet::new(&["start", "value", "expected", "evidence", "threshold"]);
    let mut rows = Vec::new();
    for (at, start) in watched.iter().enumerate() {
        let (value, expected) = (series.values[history + at], found.expected[at]);
        let (evidence, threshold) = (found.evidence[at], found.threshold[at]);
        let mark = if found.alarm == Some(at) { " !" } else { "" };
        lines.push(format!(
            "  {start}  {:>12}  {:>12}  {evidence:>8.3} / {threshold:<8.3}{mark}",
            figure(value),
            figure(expected)
        ));
        sheet.row([
            start.to_string(),
            value.to_string(),
            expected.to_string(),
            evidence.to_string(),
            threshold.to_string(),
        ]);
        rows.push(
            json!({"start": start, "value": value, "expected": expected, "evidence": evidence, "threshold": threshold}),
        );
    }
    lines.push(match (found.alarm, found.since) {
        (Some(alarm), Some(since)) => {
            words.line("model-alarm", &[("at", watched[alarm].to_string()), ("since", watched[since].to_string())])
        }
        _ => words.line("model-no_alarm", &[]),
    });
    let mut json = json!({
        "model": "change", "history": history, "periods": rows, "alarm": found.alarm.map(|at| watched[at]),
        "since": found.since.map(|at| watched[at]), "dispersion": found.dispersion, "waves": found.waves, "trend": found.trend,
    });
    if let Some(gap) = &read.gap {
        json["days_before_the_last"] = json!(gap.days);
    }
    written(Told { json, lines, silent: false }, days, sheet)
}
