use crate::Wrong;
use crate::wrong::not_negative;

/// Recency, frequency and monetary value of one customer, each from 1 (worst) to the number of classes (best).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rfm {
    pub recency: u8,
    pub frequency: u8,
    pub monetary: u8,
}

/// A. Hughes, "Strategic database marketing" (1994): customers are cut into classes of the same size by each figure.
/// Equal figures get the same class, that of the mean of their places, so that no class depends on the order of rows.
/// `days_since`: days since the last purchase, fewer are better.
///
/// # Errors
/// Names the row of a figure that is negative or no number; `Parameter` unless there are 2 to 9 classes.
pub fn rfm(days_since: &[f64], purchases: &[f64], value: &[f64], classes: u8) -> Result<Vec<Rfm>, Wrong> {
    if !(2..=9).contains(&classes) {
        return Err(Wrong::Parameter { parameter: "classes" });
    }
    for other in [purchases.len(), value.len()] {
        if days_since.len() != other {
            return Err(Wrong::Lengths { left: days_since.len(), right: other });
        }
    }
    for (figures, field) in [(days_since, "days_since"), (purchases, "purchases"), (value, "value")] {
        for (at, figure) in figures.iter().enumerate() {
            not_negative(*figure, at + 1, field)?;
        }
    }
    let fewer: Vec<f64> = days_since.iter().map(|days| -days).collect();
    let [recency, frequency, monetary] = [&fewer, purchases, value].map(|figures| of_figure(figures, classes));
    let all = recency.into_iter().zip(frequency).zip(monetary);
    Ok(all.map(|((recency, frequency), monetary)| Rfm { recency, frequency, monetary }).collect())
}

fn of_figure(figures: &[f64], classes: u8) -> Vec<u8> {
    let places = mean_places(figures);
    let n = figures.len() as f64;
    // Places run from 1 to n; the middle of place p is (p − 1/2) / n of the way.
    let class = |place: f64| (1.0 + ((place - 0.5) / n * f64::from(classes)).floor()).min(f64::from(classes)) as u8;
    places.into_iter().map(class).collect()
}

/// The place of each figure from the smallest, 1, up; equal ones share the mean of their places.
pub(super) fn mean_places(figures: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..figures.len()).collect();
    order.sort_by(|a, b| figures[*a].total_cmp(&figures[*b]));
    let mut places = vec![0.0; figures.len()];
    let mut before = 0;
    for same in order.chunk_by(|a, b| figures[*a] == figures[*b]) {
        let mean = before as f64 + (same.len() as f64 + 1.0) / 2.0;
        same.iter().for_each(|at| places[*at] = mean);
        before += same.len();
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_different_customers_make_five_classes_of_two() {
        let days: Vec<f64> = (0..10).map(f64::from).collect();
        let found = rfm(&days, &days, &[7.0; 10], 5).unwrap();
        let recency: Vec<u8> = found.iter().map(|one| one.recency).collect();
        let frequency: Vec<u8> = found.iter().map(|one| one.frequency).collect();
        assert_eq!(recency, [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]);
        assert_eq!(frequency, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
        assert!(found.iter().all(|one| one.monetary == 3), "all the same are all in the middle");
    }

    #[test]
    fn equal_figures_never_fall_into_two_classes() {
        let purchases = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 9.0];
        let found = rfm(&[0.0; 9], &purchases, &[1.0; 9], 3).unwrap();
        let frequency: Vec<u8> = found.iter().map(|one| one.frequency).collect();
        assert_eq!(frequency, [2, 2, 2, 2, 2, 2, 3, 3, 3]);
    }

    #[test]
    fn figures_that_cannot_be_are_named() {
        assert_eq!(rfm(&[1.0, -1.0], &[1.0; 2], &[1.0; 2], 5), Err(Wrong::Negative { row: 2, field: "days_since" }));
        assert!(matches!(rfm(&[1.0], &[], &[1.0], 5), Err(Wrong::Lengths { .. })));
        assert!(rfm(&[1.0], &[1.0], &[1.0], 1).is_err());
    }
}
