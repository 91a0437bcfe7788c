use crate::Wrong;
use crate::wrong::not_negative;

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

/// The class of each value, in the order given. Of equal values the earlier row comes first.
///
/// # Errors
/// Names the row of a value that is negative or no number; `Nothing` when all are zero; `OutOfRange` for cuts that do not
/// rise between 0 and 1.
pub fn abc(values: &[f64], cuts: Cuts, boundary: Boundary) -> Result<Vec<Abc>, Wrong> {
    for (at, value) in values.iter().enumerate() {
        not_negative(*value, at + 1, "value")?;
    }
    if !(cuts.a > 0.0 && cuts.a < cuts.b && cuts.b <= 1.0) {
        return Err(Wrong::OutOfRange { row: 1, field: "cut", least: 0.0, most: 1.0 });
    }
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]).then(a.cmp(b)));
    // Added in the same order as below, so that the last one ends at the whole exactly.
    let whole: f64 = order.iter().map(|at| values[*at]).sum();
    if whole <= 0.0 {
        return Err(Wrong::Nothing { what: "value" });
    }
    let mut classes = vec![Abc::C; values.len()];
    let mut before = 0.0;
    // Sums of decimal fractions miss a cut by their rounding; a share that near to it is on it.
    let slack = 1e-12 * whole;
    for at in order {
        let after = before + values[at];
        let within = |cut: f64| match boundary {
            Boundary::CrossingBelongs => before < cut * whole - slack,
            Boundary::OnlyWithin => after <= cut * whole + slack,
        };
        classes[at] = match (within(cuts.a), within(cuts.b)) {
            (true, _) => Abc::A,
            (false, true) => Abc::B,
            _ => Abc::C,
        };
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
        let values = [0.7, 0.1, 0.1, 0.05, 0.05];
        for boundary in [Boundary::CrossingBelongs, Boundary::OnlyWithin] {
            assert_eq!(abc(&values, Cuts::default(), boundary).unwrap(), [A, A, B, B, C]);
        }
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
        assert!(abc(&[1.0], Cuts { a: 0.9, b: 0.8 }, Boundary::OnlyWithin).is_err());
    }
}
