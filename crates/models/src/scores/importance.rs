use crate::Wrong;
use crate::spend::correlation;

/// One attribute of the service: how much it matters to the customers, and how well we do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attribute {
    pub importance: f64,
    pub performance: f64,
}

/// What to do about an attribute. J. Martilla & J. James, "Importance-performance analysis", Journal of Marketing 41
/// (1977) 77–79.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quadrant {
    /// Matters and is not good.
    ConcentrateHere,
    /// Matters and is good.
    KeepUp,
    /// Does not matter much and is not good.
    LowPriority,
    /// Does not matter much and is good.
    PossibleOverkill,
}

/// The quadrant of each attribute, cut at the means; one that lies on a cut counts as above it.
///
/// # Errors
/// Names the row of a number that is none; `TooFew` with fewer than two attributes; `TooLarge` when a sum is none.
pub fn importance_performance(attributes: &[Attribute]) -> Result<Vec<Quadrant>, Wrong> {
    for (at, one) in attributes.iter().enumerate() {
        for (number, field) in [(one.importance, "importance"), (one.performance, "performance")] {
            if !number.is_finite() {
                return Err(Wrong::NotFinite { row: at + 1, field });
            }
        }
    }
    if attributes.len() < 2 {
        return Err(Wrong::TooFew { what: "attributes", found: attributes.len(), needed: 2 });
    }
    let mean = |of: fn(&Attribute) -> f64| attributes.iter().map(of).sum::<f64>() / attributes.len() as f64;
    let (importance, performance) = (mean(|one| one.importance), mean(|one| one.performance));
    crate::wrong::finite(importance, "importance")?;
    crate::wrong::finite(performance, "performance")?;
    let above = |number: f64, cut: f64| number >= cut - 1e-12 * cut.abs();
    let quadrant = |one: &Attribute| match (above(one.importance, importance), above(one.performance, performance)) {
        (true, false) => Quadrant::ConcentrateHere,
        (true, true) => Quadrant::KeepUp,
        (false, false) => Quadrant::LowPriority,
        (false, true) => Quadrant::PossibleOverkill,
    };
    Ok(attributes.iter().map(quadrant).collect())
}

/// How much an attribute matters, derived from answers instead of asked for: the correlation of its marks with overall
/// satisfaction. `None` where one of them does not vary.
///
/// # Errors
/// `Lengths` when the two are not of the same customers; names the row of a number that is none.
pub fn derived_importance(marks: &[f64], overall: &[f64]) -> Result<Option<f64>, Wrong> {
    if marks.len() != overall.len() {
        return Err(Wrong::Lengths { left: marks.len(), right: overall.len() });
    }
    let pairs: Vec<(f64, f64)> = marks.iter().copied().zip(overall.iter().copied()).collect();
    match pairs.iter().position(|(mark, overall)| !(mark.is_finite() && overall.is_finite())) {
        Some(at) => Err(Wrong::NotFinite { row: at + 1, field: "answer" }),
        None => Ok(correlation(&pairs)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_attributes_stand_in_four_quadrants() {
        let all = [(5.0, 2.0), (5.0, 4.0), (2.0, 2.0), (2.0, 4.0)];
        let all = all.map(|(importance, performance)| Attribute { importance, performance });
        let known = [Quadrant::ConcentrateHere, Quadrant::KeepUp, Quadrant::LowPriority, Quadrant::PossibleOverkill];
        assert_eq!(importance_performance(&all).unwrap(), known);
        assert!(importance_performance(&all[..1]).is_err());
        let none = Attribute { importance: f64::NAN, performance: 1.0 };
        assert_eq!(importance_performance(&[all[0], none]), Err(Wrong::NotFinite { row: 2, field: "importance" }));
    }

    #[test]
    fn what_moves_with_satisfaction_matters() {
        let overall = [1.0, 2.0, 4.0, 5.0];
        let strong = derived_importance(&[1.0, 3.0, 4.0, 5.0], &overall).unwrap().unwrap();
        let weak = derived_importance(&[3.0, 2.0, 4.0, 3.0], &overall).unwrap().unwrap();
        assert!(strong > 0.9 && weak < 0.5);
        assert_eq!(derived_importance(&[3.0; 4], &overall), Ok(None));
    }
}
