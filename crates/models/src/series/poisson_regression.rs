//! Log-linear regression of counts on trend, season and what else the caller knows.

use std::f64::consts::TAU;

use crate::matrix::Factor;

/// Spread that the logarithm of a mean may have by each wave of the season, and by a year of trend, before there are data.
/// Wide enough to matter only where the data say next to nothing.
const SEASON_SPREAD: f64 = 0.7;
const TREND_SPREAD: f64 = 0.3;
const KNOWN_SPREAD: f64 = 1.0;
const MOST_STEPS: u32 = 40;

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
    pub fn columns(&self, trend: bool, waves: usize) -> Vec<usize> {
        let plain = (0..self.plain).filter(|at| *at != Self::TREND || trend);
        plain.chain(self.plain..self.plain + 2 * waves).collect()
    }

    pub fn mean(&self, at: usize, columns: &[usize], by: &[f64]) -> f64 {
        let row = &self.rows[at * self.width..(at + 1) * self.width];
        columns.iter().zip(by).map(|(column, by)| row[*column] * by).sum::<f64>().exp()
    }

    /// Coefficients of the best Poisson regression on these columns, from a level of `start`, and the factor of their
    /// information; McCullagh & Nelder (1989), section 2.5, with the weak spreads above. `None` when it does not converge.
    pub fn fit(&self, counts: &[f64], columns: &[usize], start: f64) -> Option<(Vec<f64>, Factor)> {
        let size = columns.len();
        let mut by = vec![0.0; size];
        by[0] = start;
        for _ in 0..MOST_STEPS {
            let mut information = vec![0.0; size * size];
            let mut step: Vec<f64> = by.iter().zip(columns).map(|(by, column)| -by * self.precision[*column]).collect();
            for (at, count) in counts.iter().enumerate() {
                let row = &self.rows[at * self.width..(at + 1) * self.width];
                let mean = self.mean(at, columns, &by);
                for i in 0..size {
                    step[i] += (count - mean) * row[columns[i]];
                    (0..=i).for_each(|j| information[i * size + j] += mean * row[columns[i]] * row[columns[j]]);
                }
            }
            (0..size).for_each(|i| information[i * size + i] += self.precision[columns[i]]);
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
    pub fn deviance(&self, counts: &[f64], columns: &[usize], by: &[f64]) -> f64 {
        let each = counts.iter().enumerate().map(|(at, &count)| {
            let mean = self.mean(at, columns, by);
            let log = if count > 0.0 { count * (count / mean).ln() } else { 0.0 };
            2.0 * (log - count + mean)
        });
        each.sum()
    }

    /// Pearson's chi-squared.
    pub fn pearson(&self, counts: &[f64], columns: &[usize], by: &[f64]) -> f64 {
        let each = counts.iter().enumerate().map(|(at, count)| {
            let mean = self.mean(at, columns, by);
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
        let (columns, known) = (design.columns(true, 2), [5.0, 0.05, 0.3, -0.2, 0.1, 0.05]);
        let counts: Vec<f64> = (0..240).map(|at| design.mean(at, &columns, &known)).collect();
        let (found, _) = design.fit(&counts, &columns, 4.0).unwrap();
        assert!(found.iter().zip(known).all(|(one, other)| (one - other).abs() < 1e-3), "{found:?}");
        assert!(design.deviance(&counts, &columns, &found) < 0.1 && design.pearson(&counts, &columns, &found) < 0.1);
    }

    #[test]
    fn a_long_run_of_zeros_does_not_run_away() {
        let design = Design::new(36, 36, 12, 3, &[]);
        let counts: Vec<f64> = (0..36).map(|at| if at % 12 == 3 { 4.0 } else { 0.0 }).collect();
        assert!(design.fit(&counts, &design.columns(true, 3), -1.0).is_some());
    }
}
