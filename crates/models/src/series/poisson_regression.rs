//! Log-linear regression of counts on trend, season and what else the caller knows.

use std::f64::consts::TAU;

use crate::matrix::Factor;

/// Spread that the logarithm of a mean may have by each wave of the season, and by a year of trend, before there are data.
/// Wide enough to matter only where the data say next to nothing.
const SEASON_SPREAD: f64 = 0.7;
const TREND_SPREAD: f64 = 0.25;
const KNOWN_SPREAD: f64 = 1.0;
const MOST_STEPS: u32 = 40;

/// What a straight line keeps of the level at the least; beyond, it has come to nothing.
const LEAST_LEFT: f64 = 0.02;

/// How a level goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trend {
    None,
    /// By the same factor each season.
    Exponential,
    /// By the same amount each season.
    Linear,
}

/// Which columns a regression uses.
pub(super) struct Shape {
    pub trend: Trend,
    columns: Vec<usize>,
}

/// Rows of the regression for all periods, the watched ones too: 1, trend, what the caller knows, waves of the season.
pub(super) struct Design {
    rows: Vec<f64>,
    width: usize,
    /// Columns before the waves.
    plain: usize,
    precision: Vec<f64>,
}

impl Design {
    /// The column of the trend.
    pub const TREND: usize = 1;

    /// `known`: one column for each entry, with a number for every period.
    pub fn new(periods: usize, history: usize, season: usize, waves: usize, known: &[Vec<f64>]) -> Self {
        let plain = 2 + known.len();
        let width = plain + 2 * waves;
        let mut rows = Vec::with_capacity(periods * width);
        for at in 0..periods {
            // Years from the end of the history: the level is then that of the last year, not of long ago.
            rows.extend([1.0, (at as f64 + 1.0 - history as f64) / season as f64]);
            rows.extend(known.iter().map(|column| column[at]));
            for wave in 1..=waves {
                let angle = TAU * (wave * (at % season)) as f64 / season as f64;
                rows.extend([angle.sin(), angle.cos()]);
            }
        }
        let spreads = [TREND_SPREAD].into_iter().chain(known.iter().map(|_| KNOWN_SPREAD));
        let spreads = spreads.chain((0..2 * waves).map(|_| SEASON_SPREAD));
        let precision = [0.0].into_iter().chain(spreads.map(|spread: f64| 1.0 / (spread * spread))).collect();
        Self { rows, width, plain, precision }
    }

    pub fn periods(&self) -> usize {
        self.rows.len() / self.width
    }

    /// Level, what the caller knows, trend if wanted, and so many waves.
    pub fn shape(&self, trend: Trend, waves: usize) -> Shape {
        let plain = (0..self.plain).filter(|at| *at != Self::TREND || trend != Trend::None);
        Shape { trend, columns: plain.chain(self.plain..self.plain + 2 * waves).collect() }
    }

    pub fn mean(&self, at: usize, shape: &Shape, by: &[f64]) -> f64 {
        self.predictor(at, shape, by).0.exp()
    }

    /// The logarithm of the mean, and how it changes with the coefficient of the trend.
    fn predictor(&self, at: usize, shape: &Shape, by: &[f64]) -> (f64, f64) {
        let row = &self.rows[at * self.width..(at + 1) * self.width];
        let log: f64 = shape.columns.iter().zip(by).map(|(column, by)| row[*column] * by).sum();
        let time = row[Self::TREND];
        if shape.trend != Trend::Linear {
            return (log, time);
        }
        let by = by[Self::TREND];
        let factor = 1.0 + by * time;
        match factor > LEAST_LEFT {
            true => (log - by * time + factor.ln(), time / factor),
            false => (log - by * time + LEAST_LEFT.ln(), 0.0),
        }
    }

    /// Coefficients of the best regression of this shape on values whose variance is `dispersion` times their mean, from a
    /// level of `start`, and the factor of their information times the dispersion; McCullagh & Nelder (1989), sections 2.5
    /// and 9.2, with the weak spreads above. `None` when it does not converge.
    pub fn fit(&self, counts: &[f64], shape: &Shape, start: f64, dispersion: f64) -> Option<(Vec<f64>, Factor)> {
        let columns = &shape.columns;
        let size = columns.len();
        let precision: Vec<f64> = columns.iter().map(|column| dispersion * self.precision[*column]).collect();
        let mut by = vec![0.0; size];
        by[0] = start;
        let mut own = vec![0.0; size];
        for _ in 0..MOST_STEPS {
            let mut information = vec![0.0; size * size];
            let mut step: Vec<f64> = by.iter().zip(&precision).map(|(by, precision)| -by * precision).collect();
            for (at, count) in counts.iter().enumerate() {
                let row = &self.rows[at * self.width..(at + 1) * self.width];
                let (log, trend) = self.predictor(at, shape, &by);
                let mean = log.exp();
                let entry = |column: usize| if column == Self::TREND { trend } else { row[column] };
                own.iter_mut().zip(columns).for_each(|(own, column)| *own = entry(*column));
                for i in 0..size {
                    step[i] += (count - mean) * own[i];
                    (0..=i).for_each(|j| information[i * size + j] += mean * own[i] * own[j]);
                }
            }
            (0..size).for_each(|i| information[i * size + i] += precision[i]);
            let factor = Factor::of(information, size)?;
            factor.solve(&mut step);
            let longest = step.iter().fold(0.0_f64, |most, one| most.max(one.abs()));
            let share = (1.0 / longest).min(1.0);
            by.iter_mut().zip(&step).for_each(|(by, step)| *by += share * step);
            if longest < 1e-6 {
                return Some((by, factor));
            }
        }
        None
    }

    /// Poisson's deviance.
    pub fn deviance(&self, counts: &[f64], shape: &Shape, by: &[f64]) -> f64 {
        let each = counts.iter().enumerate().map(|(at, &count)| {
            let mean = self.mean(at, shape, by);
            let log = if count > 0.0 { count * (count / mean).ln() } else { 0.0 };
            2.0 * (log - count + mean)
        });
        each.sum()
    }

    /// Pearson's chi-squared.
    pub fn pearson(&self, counts: &[f64], shape: &Shape, by: &[f64]) -> f64 {
        let each = counts.iter().enumerate().map(|(at, count)| {
            let mean = self.mean(at, shape, by);
            (count - mean).powi(2) / mean
        });
        each.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_with_trend_and_season_is_found_again() {
        let design = Design::new(240, 240, 12, 2, &[]);
        for (trend, by) in [(Trend::Exponential, 0.05), (Trend::Linear, 0.04), (Trend::Linear, -0.3)] {
            let (shape, known) = (design.shape(trend, 2), [5.0, by, 0.3, -0.2, 0.1, 0.05]);
            let counts: Vec<f64> = (0..240).map(|at| design.mean(at, &shape, &known)).collect();
            let (found, _) = design.fit(&counts, &shape, 4.0, 1.0).unwrap();
            assert!(found.iter().zip(known).all(|(one, other)| (one - other).abs() < 2e-3), "{trend:?} {found:?}");
            assert!(design.deviance(&counts, &shape, &found) < 0.1 && design.pearson(&counts, &shape, &found) < 0.1);
        }
    }

    #[test]
    fn a_straight_trend_adds_the_same_each_season_and_ends_near_nothing() {
        let design = Design::new(60, 36, 12, 0, &[]);
        let mean = |at| design.mean(at, &design.shape(Trend::Linear, 0), &[f64::ln(100.0), -0.6]);
        assert!((mean(35) - 100.0).abs() < 1e-9 && (mean(23) - 160.0).abs() < 1e-9 && (mean(47) - 40.0).abs() < 1e-9);
        assert!((mean(59) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_long_run_of_zeros_does_not_run_away() {
        let design = Design::new(36, 36, 12, 3, &[]);
        let counts: Vec<f64> = (0..36).map(|at| if at % 12 == 3 { 4.0 } else { 0.0 }).collect();
        assert!(design.fit(&counts, &design.shape(Trend::Exponential, 3), -1.0, 1.0).is_some());
    }
}
