use crate::Wrong;
use crate::wrong::{finite, not_negative};

/// How unequally a value is spread.
#[derive(Clone, Debug, PartialEq)]
pub struct Lorenz {
    /// 0 when all have the same, 1 − 1/n when one has everything.
    pub gini: f64,
    /// (share of the customers, their share of the value), from the smallest up, from (0, 0) to (1, 1).
    pub curve: Vec<(f64, f64)>,
}

/// M. Lorenz (1905), C. Gini (1912): one less twice the area below the curve.
///
/// # Errors
/// Names the row of a value that is negative or no number; `Nothing` when all are zero; `TooLarge` when a
/// sum is no number.
pub fn lorenz(values: &[f64]) -> Result<Lorenz, Wrong> {
    for (at, value) in values.iter().enumerate() {
        not_negative(*value, at + 1, "value")?;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let whole = finite(sorted.iter().sum(), "value")?;
    if whole <= 0.0 {
        return Err(Wrong::Nothing { what: "value" });
    }
    let n = sorted.len() as f64;
    let mut curve = vec![(0.0, 0.0)];
    let (mut sum, mut weighed) = (0.0, 0.0);
    for (at, value) in sorted.iter().enumerate() {
        sum += value;
        weighed += (2.0 * (at + 1) as f64 - n - 1.0) * value;
        curve.push(((at + 1) as f64 / n, sum / whole));
    }
    let gini = finite(weighed, "value")? / finite(n * whole, "value")?;
    Ok(Lorenz { gini: gini.max(0.0), curve })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality_is_zero_and_one_owner_is_all_but_one() {
        assert_eq!(lorenz(&[3.0; 4]).unwrap().gini, 0.0);
        assert!((lorenz(&[0.0, 0.0, 0.0, 8.0]).unwrap().gini - 0.75).abs() < 1e-12);
        // (1, 2, 3, 4): Σ (2i − 5) x / (4 · 10) = 10 / 40.
        assert!((lorenz(&[4.0, 1.0, 3.0, 2.0]).unwrap().gini - 0.25).abs() < 1e-12);
    }

    #[test]
    fn the_coefficient_is_one_less_twice_the_area() {
        let found = lorenz(&[5.0, 1.0, 0.5, 12.0, 7.0]).unwrap();
        let area: f64 = found.curve.windows(2).map(|two| (two[1].0 - two[0].0) * (two[0].1 + two[1].1) / 2.0).sum();
        assert!((found.gini - (1.0 - 2.0 * area)).abs() < 1e-12);
        assert_eq!((found.curve[0], found.curve[5]), ((0.0, 0.0), (1.0, 1.0)));
    }

    #[test]
    fn values_that_cannot_be_are_named() {
        assert_eq!(lorenz(&[1.0, f64::NAN]), Err(Wrong::NotFinite { row: 2, field: "value" }));
        assert_eq!(lorenz(&[1e308, 1e308]), Err(Wrong::TooLarge { field: "value" }));
        assert_eq!(lorenz(&[4e307, 4e307, 1e307]), Err(Wrong::TooLarge { field: "value" }));
        assert_eq!(lorenz(&[]), Err(Wrong::Nothing { what: "value" }));
    }
}
