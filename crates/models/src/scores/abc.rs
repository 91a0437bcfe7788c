use crate::Wrong;
use crate::wrong::{finite, not_negative};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Abc {
    A,
    B,
    C,
}

/// On which side of a cut the one stands whose value crosses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boundary {
    /// The one that crosses 80 % is A: what comes before him is below 80 %.
    CrossingBelongs,
    /// Only those are A who together stay within 80 %.
    OnlyWithin,
}

/// Shares of the whole value: A up to `a`, B up to `b`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cuts {
    pub a: f64,
    pub b: f64,
}

impl Default for Cuts {
    fn default() -> Self {
        Self { a: 0.8, b: 0.95 }
    }
}

/// The class of each value, in the order given. Equal values share their class, so that it does not depend on the order of
/// rows: together they cross a cut, or stay within it, as one value would that is as large as all of them.
///
/// # Errors
/// Names the row of a value that is negative or no number; `Nothing` when all are zero; `TooLarge` when their sum is no
/// number; `Parameter` for cuts that do not rise between 0 and 1.
pub fn abc(values: &[f64], cuts: Cuts, boundary: Boundary) -> Result<Vec<Abc>, Wrong> {
    for (at, value) in values.iter().enumerate() {
        not_negative(*value, at + 1, "value")?;
    }
    if !(cuts.a > 0.0 && cuts.a < cuts.b && cuts.b <= 1.0) {
        return Err(Wrong::Parameter { parameter: "cut" });
    }
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
    let equals = || order.chunk_by(|a, b| values[*a] == values[*b]);
    let sum = |same: &[usize]| values[same[0]] * same.len() as f64;
    // Added in the same order as below, so that the last one ends at the whole exactly.
    let whole = finite(equals().map(sum).sum(), "value")?;
    if whole <= 0.0 {
        return Err(Wrong::Nothing { what: "value" });
    }
    let mut classes = vec![Abc::C; values.len()];
    let mut before = 0.0;
    // Sums of decimal fractions miss a cut by their rounding; a share that near to it is on it.
    let slack = 1e-12 * whole;
    for same in equals() {
        let after = before + sum(same);
        let within = |cut: f64| match boundary {
            Boundary::CrossingBelongs => before < cut * whole - slack,
            Boundary::OnlyWithin => after <= cut * whole + slack,
        };
        let class = match (within(cuts.a), within(cuts.b)) {
            (true, _) => Abc::A,
            (false, true) => Abc::B,
            _ => Abc::C,
        };
        same.iter().for_each(|at| classes[*at] = class);
        before = after;
    }
    Ok(classes)
}

#[cfg(test)]
mod tests {
    use super::Abc::{A, B, C};
    use super::*;

    #[test]
    fn the_one_who_crosses_a_cut_belongs_above_or_below_it_by_rule() {
        let values = [50.0, 4.0, 20.0, 15.0, 10.0, 1.0];
        let by = |boundary| abc(&values, Cuts::default(), boundary).unwrap();
        assert_eq!(by(Boundary::CrossingBelongs), [A, C, A, A, B, C]);
        assert_eq!(by(Boundary::OnlyWithin), [A, C, A, B, B, C]);
    }

    #[test]
    fn a_share_that_ends_on_the_cut_is_within_by_both_rules() {
        let values = [0.7, 0.1, 0.09, 0.06, 0.05];
        for boundary in [Boundary::CrossingBelongs, Boundary::OnlyWithin] {
            assert_eq!(abc(&values, Cuts::default(), boundary).unwrap(), [A, A, B, B, C]);
        }
    }

    #[test]
    fn equal_customers_share_their_class_in_any_order() {
        let values = [30.0, 10.0, 50.0, 10.0];
        let by = |values: &[f64], boundary| abc(values, Cuts::default(), boundary).unwrap();
        assert_eq!(by(&values, Boundary::CrossingBelongs), [A, B, A, B]);
        assert_eq!(by(&values, Boundary::OnlyWithin), [A, C, A, C]);
        assert_eq!(by(&[10.0; 7], Boundary::CrossingBelongs), [A; 7]);
        assert_eq!(by(&[10.0; 7], Boundary::OnlyWithin), [C; 7]);
    }

    #[test]
    fn one_giant_is_a_only_if_the_crossing_belongs() {
        let by = |boundary| abc(&[99.0, 1.0], Cuts::default(), boundary).unwrap();
        assert_eq!(by(Boundary::CrossingBelongs), [A, C]);
        assert_eq!(by(Boundary::OnlyWithin), [C, C]);
    }

    #[test]
    fn values_that_cannot_be_are_named() {
        let refused = |values: &[f64]| abc(values, Cuts::default(), Boundary::OnlyWithin).unwrap_err();
        assert_eq!(refused(&[1.0, -1.0]), Wrong::Negative { row: 2, field: "value" });
        assert_eq!(refused(&[0.0, 0.0]), Wrong::Nothing { what: "value" });
        assert_eq!(refused(&[]), Wrong::Nothing { what: "value" });
        assert_eq!(refused(&[1e308, 1e308, 5.0]), Wrong::TooLarge { field: "value" });
        assert!(abc(&[1.0], Cuts { a: 0.9, b: 0.8 }, Boundary::OnlyWithin).is_err());
    }
}
