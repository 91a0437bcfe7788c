//! Exponential smoothing with a damped trend and regressors, all coefficients by least squares.

use crate::matrix::Factor;

/// How fast level and trend follow the data, and how fast the trend dies out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pace {
    pub level: f64,
    pub trend: f64,
    pub damping: f64,
}

/// Tried one by one: the sum of squares has many hollows, and there are few parameters.
pub(super) fn paces() -> impl Iterator<Item = Pace> {
    [0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9].into_iter().flat_map(|level| {
        [(0.0, 0.98), (0.0, 0.9), (0.1, 0.9), (0.3, 0.9)].map(|(share, damping)| Pace {
            level,
            trend: share * level,
            damping,
        })
    })
}

/// A fitted smoothing; R. Hyndman, A. Koehler, J. Ord & R. Snyder, "Forecasting with exponential smoothing" (2008),
/// model ETS(A,Ad,N) with regressors (section 9.1).
pub(super) struct Smoothed {
    pub pace: Pace,
    /// Variance of one step ahead.
    pub variance: f64,
    /// Akaike's criterion with its correction for few data (section 7.1).
    pub criterion: f64,
    pub free: f64,
    coefficients: Vec<f64>,
    factor: Factor,
    /// State at the end of the series itself and of each column.
    own: State,
    columns: Vec<State>,
}

#[derive(Clone, Copy)]
struct State {
    level: f64,
    trend: f64,
}

impl State {
    /// What the next value misses, and the state after it.
    fn step(&mut self, value: f64, pace: Pace) -> f64 {
        let missed = value - self.level - pace.damping * self.trend;
        self.level += pace.damping * self.trend + pace.level * missed;
        self.trend = pace.damping * self.trend + pace.trend * missed;
        missed
    }

    fn ahead(&self, steps: usize, pace: Pace) -> f64 {
        self.level + self.trend * (1..=steps).map(|step| pace.damping.powi(step as i32)).sum::<f64>()
    }
}

impl Smoothed {
    /// `rows`: the regressors of each value, all of the same length. The first level and trend are estimated too: what one
    /// step ahead misses is linear in them and in the coefficients once the pace is given.
    /// `None` when there are not enough values.
    pub fn fit(values: &[f64], rows: &[Vec<f64>], pace: Pace) -> Option<Self> {
        let wide = rows.first().map_or(0, Vec::len);
        let size = wide + 2;
        let free = values.len() as f64 - size as f64;
        if free < 3.0 {
            return None;
        }
        let zero = State { level: 0.0, trend: 0.0 };
        let (mut own, mut columns) = (zero, vec![zero; size]);
        columns[wide].level = -1.0;
        columns[wide + 1].trend = -1.0;
        let (mut matrix, mut right, mut squares) = (vec![0.0; size * size], vec![0.0; size], 0.0);
        let mut missed = vec![0.0; size];
        for (value, row) in values.iter().zip(rows) {
            let target = own.step(*value, pace);
            for (i, column) in columns.iter_mut().enumerate() {
                missed[i] = column.step(row.get(i).copied().unwrap_or(0.0), pace);
            }
            squares += target * target;
            for i in 0..size {
                right[i] += missed[i] * target;
                (0..=i).for_each(|j| matrix[i * size + j] += missed[i] * missed[j]);
            }
        }
        // A regressor that never stirred, or a trend that died before the data began, gets a coefficient of zero.
        (0..size).for_each(|i| matrix[i * size + i] += 1e-6 * (1.0 + matrix[i * size + i]));
        let factor = Factor::of(matrix, size)?;
        let mut coefficients = right.clone();
        factor.solve(&mut coefficients);
        let explained: f64 = coefficients.iter().zip(&right).map(|(by, right)| by * right).sum();
        let left = (squares - explained).max(1e-12 * squares + 1e-300);
        let (n, parameters) = (values.len() as f64, size as f64 + 3.0);
        let correction = match n - parameters - 1.0 > 1.0 {
            true => 2.0 * parameters * (parameters + 1.0) / (n - parameters - 1.0),
            false => return None,
        };
        let criterion = n * (left / n).ln() + 2.0 * parameters + correction;
        Some(Self { pace, variance: left / free, criterion, free, coefficients, factor, own, columns })
    }

    /// (forecast, its variance) so many steps ahead, with the regressors of that period.
    pub fn ahead(&self, steps: usize, row: &[f64]) -> (f64, f64) {
        let pace = self.pace;
        let mut leans: Vec<f64> = self.columns.iter().map(|column| -column.ahead(steps, pace)).collect();
        leans.iter_mut().zip(row).for_each(|(lean, own)| *lean += own);
        let mean =
            self.own.ahead(steps, pace) + leans.iter().zip(&self.coefficients).map(|(l, by)| l * by).sum::<f64>();
        // Chapter 6 of the book: what the errors on the way leave behind.
        let weight = |step: usize| {
            pace.level + pace.trend * (1..=step).map(|power| pace.damping.powi(power as i32)).sum::<f64>()
        };
        let on_the_way: f64 = (1..steps).map(|step| weight(step).powi(2)).sum();
        let mut solved = leans.clone();
        self.factor.solve(&mut solved);
        let estimated: f64 = leans.iter().zip(&solved).map(|(one, other)| one * other).sum();
        (mean, self.variance * (1.0 + on_the_way + estimated))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOW: Pace = Pace { level: 0.3, trend: 0.06, damping: 0.9 };

    #[test]
    fn a_level_with_a_regressor_is_found_and_continued() {
        let rows: Vec<Vec<f64>> = (0..50).map(|at| vec![f64::from(u8::from(at % 7 == 0))]).collect();
        let values: Vec<f64> =
            rows.iter().enumerate().map(|(at, row)| 4.0 + 2.0 * row[0] + 0.01 * (at % 3) as f64).collect();
        for pace in [SLOW, Pace { level: 0.0, trend: 0.0, damping: 0.9 }] {
            let found = Smoothed::fit(&values, &rows, pace).unwrap();
            let (plain, _) = found.ahead(1, &[0.0]);
            let (holiday, variance) = found.ahead(5, &[1.0]);
            assert!((plain - 4.01).abs() < 0.02 && (holiday - 6.01).abs() < 0.02, "{plain} {holiday}");
            assert!(variance > 0.0 && variance < 0.01);
        }
    }

    #[test]
    fn the_linear_form_is_the_recursion() {
        // With first level, trend and coefficient as estimated, the plain recursion misses what the fit says it misses.
        let rows: Vec<Vec<f64>> = (0..40).map(|at| vec![f64::from(at * 7 % 5)]).collect();
        let values: Vec<f64> = (0..40).map(|at| f64::from(at * at % 11) + 0.2 * f64::from(at)).collect();
        let found = Smoothed::fit(&values, &rows, SLOW).unwrap();
        let by = &found.coefficients;
        let mut state = State { level: by[1], trend: by[2] };
        let squares: f64 =
            values.iter().zip(&rows).map(|(value, row)| state.step(value - by[0] * row[0], SLOW).powi(2)).sum();
        assert!((squares / found.free / found.variance - 1.0).abs() < 1e-4);
        let (mean, _) = found.ahead(3, &[2.0]);
        assert!((mean - state.ahead(3, SLOW) - 2.0 * by[0]).abs() < 1e-9);
    }

    #[test]
    fn uncertainty_grows_with_the_distance() {
        let values: Vec<f64> = (0..40).map(|at| f64::from(at * at % 11)).collect();
        let found = Smoothed::fit(&values, &vec![vec![]; 40], SLOW).unwrap();
        assert!(found.ahead(12, &[]).1 > found.ahead(1, &[]).1);
        assert!(Smoothed::fit(&values[..4], &vec![vec![]; 4], SLOW).is_none());
    }
}
