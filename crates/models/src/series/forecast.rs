use std::f64::consts::TAU;

use super::smoothing::{Smoothed, paces};
use crate::Wrong;
use crate::special::{normal_quantile, student_95};
use crate::wrong::not_negative;

/// Numbers of waves a season that are tried.
const WAVES: [usize; 6] = [0, 1, 2, 3, 4, 5];
/// Five years of weeks.
pub const MOST_AHEAD: usize = 260;

/// What is to come, with 95 % intervals.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    pub points: Vec<Point>,
    /// Which method made the points: the one that was better in the back-test.
    pub method: Method,
    pub back_test: BackTest,
    /// Waves a season that the data show; 0 for none.
    pub waves: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// As likely too high as too low.
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Smoothing,
    /// As a season ago: the model was no better than that.
    SeasonalNaive,
}

/// Forecasts from earlier dates, each with only what was known then, against what came.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BackTest {
    pub origins: usize,
    pub forecasts: usize,
    /// Mean absolute error over that of the seasonal naive forecast from the same origins; the model is used below 1.
    pub relative: f64,
    /// Mean absolute scaled errors (R. Hyndman & A. Koehler, International Journal of Forecasting 22 (2006) 679–688): over
    /// the mean change from season to season within the data before each origin.
    pub mase: f64,
    pub mase_naive: f64,
    /// How many of the model's 95 % intervals held what came, as a share.
    pub covered: f64,
}

/// Forecasts `ahead` periods of a series with `season` periods (12 for months, 52 for weeks). `known`: columns of what is
/// known of all periods, the forecast ones too (holidays).
///
/// Smoothing with a damped trend on the logarithms, with waves for the season and the known columns as regressors, all
/// chosen by Akaike's criterion. It is used if it beats the seasonal naive forecast in the back-test.
///
/// # Errors
/// Names the row of a number that is negative or none; `TooFew` with less than two seasons; `AllAlike` when nothing varies.
pub fn forecast(values: &[f64], season: usize, ahead: usize, known: &[Vec<f64>]) -> Result<Forecast, Wrong> {
    check(values, season, ahead, known)?;
    let task = Task { values, season, known, offset: offset(values) };
    let (back_test, widen) = task.back_test(ahead.min(season))?;
    let count = values.len();
    let not_converged = Wrong::NotConverged { evaluations: 0 };
    let best = task.best(count).ok_or(not_converged)?;
    let method = if back_test.relative < 1.0 { Method::Smoothing } else { Method::SeasonalNaive };
    let points = (1..=ahead).map(|steps| match method {
        Method::Smoothing => task.point(&best, count, steps, widen),
        Method::SeasonalNaive => task.naive_point(steps),
    });
    Ok(Forecast { points: points.collect(), method, back_test, waves: best.waves })
}

fn check(values: &[f64], season: usize, ahead: usize, known: &[Vec<f64>]) -> Result<(), Wrong> {
    for (at, value) in values.iter().enumerate() {
        not_negative(*value, at + 1, "value")?;
    }
    if season < 2 || values.len() < 2 * season {
        return Err(Wrong::TooFew { what: "periods", found: values.len(), needed: 2 * season.max(2) });
    }
    if !(1..=MOST_AHEAD).contains(&ahead) {
        return Err(Wrong::OutOfRange { row: 1, field: "ahead", least: 1.0, most: MOST_AHEAD as f64 });
    }
    for column in known {
        if column.len() != values.len() + ahead {
            return Err(Wrong::Lengths { left: values.len() + ahead, right: column.len() });
        }
        if let Some(at) = column.iter().position(|one| !one.is_finite()) {
            return Err(Wrong::NotFinite { row: at + 1, field: "known" });
        }
    }
    match values.iter().all(|value| *value == values[0]) {
        true => Err(Wrong::AllAlike { what: "values" }),
        false => Ok(()),
    }
}

/// What is added before logarithms are taken: nothing, unless there are zeros.
fn offset(values: &[f64]) -> f64 {
    match values.contains(&0.0) {
        true => 0.5 * values.iter().filter(|value| **value > 0.0).fold(f64::INFINITY, |least, one| least.min(*one)),
        false => 0.0,
    }
}

struct Task<'a> {
    values: &'a [f64],
    season: usize,
    known: &'a [Vec<f64>],
    offset: f64,
}

struct Best {
    smoothed: Smoothed,
    waves: usize,
}

impl Task<'_> {
    fn row(&self, at: usize, waves: usize) -> Vec<f64> {
        let angle = |wave: usize| TAU * (wave * (at % self.season)) as f64 / self.season as f64;
        let season = (1..=waves).flat_map(|wave| [angle(wave).sin(), angle(wave).cos()]);
        self.known.iter().map(|column| column[at]).chain(season).collect()
    }

    /// The best smoothing of the first `count` values.
    fn best(&self, count: usize) -> Option<Best> {
        let logs: Vec<f64> = self.values[..count].iter().map(|value| (value + self.offset).ln()).collect();
        let mut best: Option<Best> = None;
        for waves in WAVES.into_iter().filter(|waves| 2 * waves < self.season) {
            let rows: Vec<Vec<f64>> = (0..count).map(|at| self.row(at, waves)).collect();
            for pace in paces() {
                let Some(smoothed) = Smoothed::fit(&logs, &rows, pace) else { continue };
                if best.as_ref().is_none_or(|best| smoothed.criterion < best.smoothed.criterion) {
                    best = Some(Best { smoothed, waves });
                }
            }
        }
        best
    }

    fn point(&self, best: &Best, count: usize, steps: usize, widen: f64) -> Point {
        let (mean, variance) = best.smoothed.ahead(steps, &self.row(count + steps - 1, best.waves));
        self.told(mean, widen * student_95(best.smoothed.free) * variance.sqrt())
    }

    fn told(&self, mean: f64, reach: f64) -> Point {
        let back = |log: f64| (log.exp() - self.offset).max(0.0);
        Point { value: back(mean), low: back(mean - reach), high: back(mean + reach) }
    }

    /// As in the last season that is known of the first `count` values.
    fn naive(&self, count: usize, steps: usize) -> f64 {
        self.values[count - self.season + (steps - 1) % self.season]
    }

    /// With the spread of the changes from season to season.
    fn naive_point(&self, steps: usize) -> Point {
        let log = |at: usize| (self.values[at] + self.offset).ln();
        let count = self.values.len();
        let changes: Vec<f64> = (self.season..count).map(|at| log(at) - log(at - self.season)).collect();
        let variance = changes.iter().map(|one| one * one).sum::<f64>() / changes.len() as f64;
        let seasons = (steps - 1) / self.season + 1;
        let reach = student_95(changes.len() as f64) * (variance * seasons as f64).sqrt();
        self.told((self.naive(count, steps) + self.offset).ln(), reach)
    }

    /// From each period of the last season on, or fewer where a season and a quarter must be known before. Also by how much
    /// intervals must be wider than the model says, so that 95 % would have held.
    fn back_test(&self, ahead: usize) -> Result<(BackTest, f64), Wrong> {
        let count = self.values.len();
        let first = (count - self.season).max(self.season + self.season / 4);
        // A fit for each of 52 weeks would cost minutes and tell little more.
        let every = self.season.div_ceil(26);
        let (mut origins, mut errors, mut naive_errors, mut scaled, mut naive_scaled) = (0, 0.0, 0.0, 0.0, 0.0);
        let (mut strays, mut held) = (Vec::new(), 0.0);
        for origin in (first..count).step_by(every) {
            let Some(best) = self.best(origin) else { continue };
            origins += 1;
            let scale = self.scale(origin);
            for steps in 1..=ahead.min(count - origin) {
                let came = self.values[origin + steps - 1];
                let point = self.point(&best, origin, steps, 1.0);
                let (own, naive) = ((point.value - came).abs(), (self.naive(origin, steps) - came).abs());
                errors += own;
                naive_errors += naive;
                scaled += own / scale;
                naive_scaled += naive / scale;
                held += f64::from(u8::from((point.low..=point.high).contains(&came)));
                strays.push(self.stray(&best, origin, steps));
            }
        }
        let forecasts = strays.len();
        if forecasts == 0 {
            return Err(Wrong::TooFew { what: "periods", found: count, needed: 3 * self.season });
        }
        strays.sort_by(f64::total_cmp);
        let reached = strays[((0.95 * forecasts as f64).ceil() as usize - 1).min(forecasts - 1)];
        let n = forecasts as f64;
        // Where a season ago was exact, nothing is better.
        let relative = if naive_errors > 0.0 { errors / naive_errors } else { f64::INFINITY };
        let back_test = BackTest {
            origins,
            forecasts,
            relative,
            mase: scaled / n,
            mase_naive: naive_scaled / n,
            covered: held / n,
        };
        Ok((back_test, (reached / normal_quantile(0.975)).max(1.0)))
    }

    /// How many of its own standard errors the forecast was off.
    fn stray(&self, best: &Best, origin: usize, steps: usize) -> f64 {
        let at = origin + steps - 1;
        let (mean, variance) = best.smoothed.ahead(steps, &self.row(at, best.waves));
        ((self.values[at] + self.offset).ln() - mean).abs() / variance.sqrt()
    }

    /// Mean absolute change from season to season.
    fn scale(&self, count: usize) -> f64 {
        let changes = (self.season..count).map(|at| (self.values[at] - self.values[at - self.season]).abs());
        let sum: f64 = changes.sum();
        (sum / (count - self.season) as f64).max(f64::MIN_POSITIVE)
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use rand_distr::{Distribution, StandardNormal};

    use super::*;
    use crate::series::{Length, festival};

    fn noise(chance: &mut impl rand::Rng) -> f64 {
        StandardNormal.sample(chance)
    }

    fn spring_festivals() -> Vec<NaiveDate> {
        let all = [
            "2019-02-05",
            "2020-01-25",
            "2021-02-12",
            "2022-02-01",
            "2023-01-22",
            "2024-02-10",
            "2025-01-29",
            "2026-02-17",
        ];
        all.iter().map(|day| day.parse().unwrap()).collect()
    }

    /// Months from 2019 on with trend, season and a moving festival; `known` reaches a year further.
    fn months(count: usize, seed: u64) -> (Vec<f64>, Vec<f64>) {
        let starts = Length::Month.starts("2019-01-01".parse().unwrap(), count + 12);
        let known = festival(&starts, Length::Month, &spring_festivals(), 7, 10);
        let mut chance = crate::generator(seed);
        let value = |at: usize, noise: f64| {
            let angle = TAU * at as f64 / 12.0;
            let log = 7.0 + 0.004 * at as f64 + 0.2 * angle.cos() - 0.1 * (2.0 * angle).sin() - 1.2 * known[at];
            (log + 0.05 * noise).exp()
        };
        ((0..count).map(|at| value(at, noise(&mut chance))).collect(), known)
    }

    #[test]
    fn trend_season_and_the_moving_festival_beat_the_seasonal_naive_forecast() {
        let (values, known) = months(72, 1);
        let with = forecast(&values, 12, 12, std::slice::from_ref(&known)).unwrap();
        assert_eq!(with.method, Method::Smoothing);
        assert!(with.back_test.relative < 0.7 && with.back_test.mase < 1.0, "{:?}", with.back_test);
        assert!(with.back_test.covered > 0.85, "{:?}", with.back_test);
        let without = forecast(&values, 12, 12, &[]).unwrap();
        assert!(with.back_test.relative < without.back_test.relative, "the festival is worth knowing");
    }

    #[test]
    fn knowing_the_moving_festival_lowers_the_error_of_most_series() {
        let (mut better, mut with, mut without) = (0, 0.0, 0.0);
        for seed in 100..130 {
            let (values, known) = months(72, seed);
            let knowing = forecast(&values, 12, 12, &[known]).unwrap().back_test.mase;
            let not = forecast(&values, 12, 12, &[]).unwrap().back_test.mase;
            better += u32::from(knowing < not);
            (with, without) = (with + knowing / 30.0, without + not / 30.0);
        }
        eprintln!("MASE with the festival {with:.3}, without {without:.3}; better for {better} of 30");
        assert!(better >= 27 && with < 0.8 * without && with < 1.0, "{better} {with} {without}");
    }

    #[test]
    fn nineteen_of_twenty_intervals_hold_what_comes() {
        let (mut held, mut all) = (0.0, 0.0);
        for seed in 0..40 {
            let (values, known) = months(72, seed);
            let found = forecast(&values[..60], 12, 12, std::slice::from_ref(&known[..72].to_vec())).unwrap();
            for (point, came) in found.points.iter().zip(&values[60..]) {
                held += f64::from(u8::from((point.low..=point.high).contains(came)));
                all += 1.0;
            }
        }
        assert!((0.92..=0.995).contains(&(held / all)), "{}", held / all);
    }

    #[test]
    fn where_a_season_ago_is_best_the_naive_forecast_is_used_and_said_so() {
        // A season of twelve unrelated jumps that repeats exactly but for a whisper.
        let mut chance = crate::generator(9);
        let jumps: Vec<f64> = (0..12).map(|_| noise(&mut chance).exp() * 100.0).collect();
        let values: Vec<f64> = (0..36).map(|at| jumps[at % 12] * (1.0 + 1e-6 * noise(&mut chance))).collect();
        let found = forecast(&values, 12, 12, &[]).unwrap();
        assert_eq!(found.method, Method::SeasonalNaive);
        assert!(found.back_test.relative >= 1.0);
        assert!(found.points.iter().zip(&jumps).all(|(point, jump)| (point.value / jump - 1.0).abs() < 1e-4));
    }

    #[test]
    fn zeros_are_allowed_and_weeks_work() {
        let mut chance = crate::generator(3);
        let values: Vec<f64> = (0..156).map(|_| (2.0 + 2.0 * noise(&mut chance)).max(0.0).round()).collect();
        let found = forecast(&values, 52, 13, &[]).unwrap();
        assert_eq!(found.points.len(), 13);
        assert!(
            found.points.iter().all(|point| 0.0 <= point.low && point.low <= point.value && point.value <= point.high)
        );
    }

    #[test]
    fn what_cannot_be_forecast_is_said() {
        assert!(matches!(forecast(&[1.0, 2.0], 12, 12, &[]), Err(Wrong::TooFew { .. })));
        assert_eq!(forecast(&[3.0; 40], 12, 12, &[]), Err(Wrong::AllAlike { what: "values" }));
        let mut values: Vec<f64> = (0..40).map(f64::from).collect();
        values[4] = -1.0;
        assert_eq!(forecast(&values, 12, 12, &[]), Err(Wrong::Negative { row: 5, field: "value" }));
        assert!(matches!(forecast(&values[10..], 12, 0, &[]), Err(Wrong::OutOfRange { .. })));
        assert!(matches!(forecast(&values[10..], 12, 3, &[vec![0.0; 3]]), Err(Wrong::Lengths { .. })));
    }
}
