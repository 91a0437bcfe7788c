//! A smooth function of one variable, evaluated at some points and then cheap at a million others.

const NODES: usize = 40;
/// Points evaluated together.
pub(crate) const LANES: usize = 8;

/// L. Trefethen, "Approximation theory and approximation practice" (2013), chapters 3 and 19.
pub(crate) struct Chebyshev {
    middle: f64,
    half: f64,
    coefficients: Vec<f64>,
}

impl Chebyshev {
    /// The function between `from` and `to`; `None` when 40 points do not give 13 digits.
    pub fn of(from: f64, to: f64, f: impl Fn(f64) -> f64) -> Option<Self> {
        let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
        let angle = |at: usize| std::f64::consts::PI * (at as f64 + 0.5) / NODES as f64;
        let values: Vec<f64> = (0..NODES).map(|at| f(middle + half * angle(at).cos())).collect();
        let mut coefficients: Vec<f64> = (0..NODES)
            .map(|degree| {
                let each = values.iter().enumerate().map(|(at, value)| value * (degree as f64 * angle(at)).cos());
                each.sum::<f64>() * 2.0 / NODES as f64
            })
            .collect();
        coefficients[0] *= 0.5;
        let most = coefficients.iter().fold(0.0_f64, |most, one| most.max(one.abs()));
        let small = |one: &f64| one.abs() <= 1e-14 * most;
        // The last ones must be rounding only, or the series has not ended.
        if half.is_nan() || half <= 0.0 || !coefficients[NODES - 4..].iter().all(|one| one.abs() <= 1e-13 * most) {
            return None;
        }
        let needed = coefficients.iter().rposition(|one| !small(one)).map_or(1, |last| last + 1);
        coefficients.truncate(needed);
        Some(Self { middle, half, coefficients })
    }

    /// Clenshaw's recurrence.
    pub fn at(&self, points: [f64; LANES]) -> [f64; LANES] {
        let twice = points.map(|point| 2.0 * (point - self.middle) / self.half);
        let (mut next, mut after) = ([0.0; LANES], [0.0; LANES]);
        for coefficient in self.coefficients[1..].iter().rev() {
            for i in 0..LANES {
                let own = twice[i] * next[i] - after[i] + coefficient;
                after[i] = next[i];
                next[i] = own;
            }
        }
        std::array::from_fn(|i| 0.5 * twice[i] * next[i] - after[i] + self.coefficients[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smooth_function_is_met_to_thirteen_digits_and_a_kink_is_refused() {
        let found = Chebyshev::of(1.0, 3.0, |x| x.exp() / (1.0 + x * x)).unwrap();
        for x in [1.0, 1.3, 2.0, 2.999, 3.0] {
            let known = f64::exp(x) / (1.0 + x * x);
            assert!((found.at([x; LANES])[3] / known - 1.0).abs() < 1e-13, "{x}");
        }
        assert!(Chebyshev::of(-1.0, 1.0, f64::abs).is_none());
        assert!(Chebyshev::of(1.0, 1.0, f64::exp).is_none());
    }
}
