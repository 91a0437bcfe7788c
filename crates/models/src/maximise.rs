//! The top of a likelihood in the logarithms of its positive parameters, and how sharp that top is.

use crate::Wrong;
use crate::matrix::{Matrix, inverse};

/// Parameters are searched between e to the minus and plus this, from the scale of the data.
const REACH: f64 = 10.0;
const MOST_EVALUATIONS: u32 = 600;
/// What the log-likelihood may still be below its top; a thousandth of a standard error away the loss is 5e-7.
const SLACK: f64 = 1e-9;
/// A standard error of the logarithm above this means that the data say nothing about the parameter.
const NOT_DETERMINED: f64 = 3.0;

/// A fitted model.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit<M> {
    pub model: M,
    /// On the time scale of the data; constants that do not depend on the parameters as in the paper.
    pub log_likelihood: f64,
    pub estimates: Vec<Estimate>,
    /// How many of the starts led to this top.
    pub starts_agreeing: usize,
    pub starts: usize,
    /// Of the likelihood with its gradient, on all customers.
    pub evaluations: u32,
}

impl<M> Fit<M> {
    /// The same fit of a model in other clothes.
    pub(crate) fn map<T>(self, f: impl FnOnce(M) -> T) -> Fit<T> {
        let Self { model, log_likelihood, estimates, starts_agreeing, starts, evaluations } = self;
        Fit { model: f(model), log_likelihood, estimates, starts_agreeing, starts, evaluations }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    pub name: &'static str,
    pub value: f64,
    /// From the inverse of the observed information.
    pub standard_error: f64,
}

/// Log-likelihood and its gradient at the logarithms of the parameters.
pub(crate) trait Surface<const N: usize>: Fn(&[f64; N]) -> (f64, [f64; N]) {}
impl<const N: usize, F: Fn(&[f64; N]) -> (f64, [f64; N])> Surface<N> for F {}

#[derive(Clone, Debug)]
pub(crate) struct Top<const N: usize> {
    pub at: [f64; N],
    pub value: f64,
    /// Inverse of the observed information, of the logarithms.
    pub covariance: Matrix<N>,
    pub evaluations: u32,
}

impl<const N: usize> Top<N> {
    /// Estimates of the parameters themselves: at a maximum the error of p is p times that of ln p.
    pub fn estimates(&self, names: [&'static str; N]) -> Vec<Estimate> {
        let each = names.into_iter().enumerate();
        each.map(|(i, name)| {
            let value = self.at[i].exp();
            Estimate { name, value, standard_error: value * self.covariance[i][i].sqrt() }
        })
        .collect()
    }
}

/// The best top that the starts lead to on `rough` (a part of the data, or all), then climbed to the end on `all`.
pub(crate) fn best_of<const N: usize>(
    rough: &impl Surface<N>,
    all: &impl Surface<N>,
    starts: &[[f64; N]],
    names: [&'static str; N],
) -> Result<(Top<N>, usize), Wrong> {
    let mut tops: Vec<Climb<N>> = Vec::new();
    let mut refused = Wrong::NotConverged { evaluations: MOST_EVALUATIONS };
    for start in starts {
        match climb(rough, *start, start, None, names) {
            Ok(top) => tops.push(top),
            Err(wrong) => refused = wrong,
        }
    }
    let Some(best) = tops.iter().max_by(|a, b| a.value.total_cmp(&b.value)) else { return Err(refused) };
    let agreeing = tops.iter().filter(|top| best.value - top.value < 1e-3).count();
    let observed = information(rough, &best.at, &best.gradient);
    let metric = inverse(&observed).filter(|metric| (0..N).all(|i| metric[i][i] > 0.0));
    Ok((finish(all, best.at, &starts[0], metric.map(|metric| (metric, best.value)), names)?, agreeing))
}

/// Climbs until a step of Newton's with the observed information would gain nothing more.
fn finish<const N: usize>(
    surface: &impl Surface<N>,
    start: [f64; N],
    origin: &[f64; N],
    metric: Option<(Matrix<N>, f64)>,
    names: [&'static str; N],
) -> Result<Top<N>, Wrong> {
    let mut climbed = climb(surface, start, origin, metric, names)?;
    let mut evaluations = climbed.evaluations;
    for _ in 0..8 {
        let observed = information(surface, &climbed.at, &climbed.gradient);
        evaluations += N as u32;
        let Some(covariance) = inverse(&observed) else { return Err(loosest(&observed, names)) };
        if let Some(i) = (0..N).find(|&i| !(covariance[i][i] > 0.0 && covariance[i][i].sqrt() < NOT_DETERMINED)) {
            return Err(Wrong::Undetermined { parameter: names[i] });
        }
        if gain(&climbed.gradient, &covariance) <= slack(climbed.value) {
            return Ok(Top { at: climbed.at, value: climbed.value, covariance, evaluations });
        }
        climbed = climb(surface, climbed.at, origin, Some((covariance, climbed.value)), names)?;
        evaluations += climbed.evaluations;
    }
    Err(Wrong::NotConverged { evaluations })
}

/// The parameter whose own curvature is least.
fn loosest<const N: usize>(information: &Matrix<N>, names: [&'static str; N]) -> Wrong {
    let least = (0..N).min_by(|&i, &j| information[i][i].total_cmp(&information[j][j])).unwrap_or(0);
    Wrong::Undetermined { parameter: names[least] }
}

fn slack(value: f64) -> f64 {
    SLACK.max(value.abs() * 1e-14)
}

struct Climb<const N: usize> {
    at: [f64; N],
    value: f64,
    gradient: [f64; N],
    evaluations: u32,
}

/// BFGS (Nocedal & Wright 2006, algorithm 6.1) with a backtracking search.
fn climb<const N: usize>(
    surface: &impl Surface<N>,
    start: [f64; N],
    origin: &[f64; N],
    metric: Option<(Matrix<N>, f64)>,
    names: [&'static str; N],
) -> Result<Climb<N>, Wrong> {
    let (value, gradient) = surface(&start);
    let mut here = Climb { at: start, value, gradient, evaluations: 1 };
    if !value.is_finite() {
        return Err(Wrong::NotConverged { evaluations: 1 });
    }
    let fresh = metric.is_none();
    // Measured on a part of the data, the metric is as much too long as the part is smaller.
    let scaled = metric.map(|(metric, there)| metric.map(|row| row.map(|one| one * there / value)));
    let mut metric = scaled.unwrap_or_else(|| first_metric(&here.gradient));
    let (mut learned, mut outside) = (!fresh, 0);
    while here.evaluations < MOST_EVALUATIONS {
        if learned && gain(&here.gradient, &metric) <= slack(here.value) {
            return inside(here, origin, names);
        }
        let Some(step) = search(surface, &mut here, &metric, origin) else {
            if !learned || gain(&here.gradient, &metric) <= 1e4 * slack(here.value) {
                return inside(here, origin, names);
            }
            metric = first_metric(&here.gradient);
            learned = false;
            continue;
        };
        // A long step may leave the range and come back; who stays outside has no top inside.
        match (0..N).find(|&i| (here.at[i] - origin[i]).abs() > REACH) {
            Some(i) if outside == 8 => return Err(Wrong::Undetermined { parameter: names[i] }),
            Some(_) => outside += 1,
            None => outside = 0,
        }
        let first = !learned;
        learned |= learn(&mut metric, &step, first);
    }
    Err(Wrong::NotConverged { evaluations: here.evaluations })
}

/// A top outside the range is the edge of a likelihood that rises for ever.
fn inside<const N: usize>(here: Climb<N>, origin: &[f64; N], names: [&'static str; N]) -> Result<Climb<N>, Wrong> {
    match (0..N).find(|&i| (here.at[i] - origin[i]).abs() > REACH) {
        Some(i) => Err(Wrong::Undetermined { parameter: names[i] }),
        None => Ok(here),
    }
}

/// Half a unit in the direction of the gradient.
fn first_metric<const N: usize>(gradient: &[f64; N]) -> Matrix<N> {
    let length = gradient.iter().map(|g| g * g).sum::<f64>().sqrt().max(1e-300);
    let mut metric = [[0.0; N]; N];
    (0..N).for_each(|i| metric[i][i] = 0.5 / length);
    metric
}

/// What a full step would gain if the metric were the inverse of the information.
fn gain<const N: usize>(gradient: &[f64; N], metric: &Matrix<N>) -> f64 {
    0.5 * dot(gradient, &times(metric, gradient))
}

struct Step<const N: usize> {
    moved: [f64; N],
    turned: [f64; N],
}

/// A step that climbs enough; none when rounding hides every gain.
fn search<const N: usize>(
    surface: &impl Surface<N>,
    here: &mut Climb<N>,
    metric: &Matrix<N>,
    origin: &[f64; N],
) -> Option<Step<N>> {
    let mut direction = times(metric, &here.gradient);
    let longest = direction.iter().fold(0.0_f64, |most, d| most.max(d.abs()));
    if longest > 2.0 {
        direction = direction.map(|d| d * 2.0 / longest);
    }
    let slope = dot(&direction, &here.gradient);
    if slope.is_nan() || slope <= 0.0 {
        return None;
    }
    let mut share = 1.0;
    for _ in 0..30 {
        let at: [f64; N] = std::array::from_fn(|i| {
            (here.at[i] + share * direction[i]).clamp(origin[i] - REACH - 1.0, origin[i] + REACH + 1.0)
        });
        let (value, gradient) = surface(&at);
        here.evaluations += 1;
        if value.is_finite() && value >= here.value + 1e-4 * share * slope {
            let moved = std::array::from_fn(|i| at[i] - here.at[i]);
            let turned = std::array::from_fn(|i| here.gradient[i] - gradient[i]);
            *here = Climb { at, value, gradient, evaluations: here.evaluations };
            return Some(Step { moved, turned });
        }
        share *= 0.4;
    }
    None
}

/// Updates the inverse metric from what the step showed; false where the curvature was of the wrong sign.
fn learn<const N: usize>(metric: &mut Matrix<N>, step: &Step<N>, first: bool) -> bool {
    let along = dot(&step.moved, &step.turned);
    if along <= 1e-14 * dot(&step.turned, &step.turned).max(1e-300) {
        return false;
    }
    if first {
        let scale = along / dot(&step.turned, &step.turned);
        *metric = [[0.0; N]; N];
        (0..N).for_each(|i| metric[i][i] = scale);
    }
    let turned = times(metric, &step.turned);
    let factor = (along + dot(&step.turned, &turned)) / (along * along);
    for i in 0..N {
        for j in 0..N {
            metric[i][j] += factor * step.moved[i] * step.moved[j]
                - (turned[i] * step.moved[j] + step.moved[i] * turned[j]) / along;
        }
    }
    true
}

/// Minus the second derivatives, from differences of the gradient.
fn information<const N: usize>(surface: &impl Surface<N>, at: &[f64; N], gradient: &[f64; N]) -> Matrix<N> {
    const STEP: f64 = 1e-5;
    let mut found = [[0.0; N]; N];
    for i in 0..N {
        let mut there = *at;
        there[i] += STEP;
        let beside = surface(&there).1;
        (0..N).for_each(|j| found[i][j] = (gradient[j] - beside[j]) / STEP);
    }
    std::array::from_fn(|i| std::array::from_fn(|j| 0.5 * (found[i][j] + found[j][i])))
}

fn dot<const N: usize>(left: &[f64; N], right: &[f64; N]) -> f64 {
    left.iter().zip(right).map(|(l, r)| l * r).sum()
}

fn times<const N: usize>(matrix: &Matrix<N>, vector: &[f64; N]) -> [f64; N] {
    std::array::from_fn(|i| dot(&matrix[i], vector))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A gamma sample's likelihood, whose top is known from its sufficient statistics.
    fn gamma(at: &[f64; 2]) -> (f64, [f64; 2]) {
        let [shape, rate] = at.map(f64::exp);
        let (count, mean, mean_log) = (100.0, 2.0, 0.4);
        let value =
            count * (shape * rate.ln() - crate::special::ln_gamma(shape) + (shape - 1.0) * mean_log - rate * mean);
        let by_shape = count * (rate.ln() - crate::special::digamma(shape) + mean_log);
        (value, [by_shape * shape, count * (shape / rate - mean) * rate])
    }

    #[test]
    fn every_start_finds_the_top_of_a_gamma_likelihood() {
        for start in [[0.0, 0.0], [3.0, -3.0], [-4.0, 4.0]] {
            let (top, agreeing) = best_of(&gamma, &gamma, &[start], ["shape", "rate"]).unwrap();
            let [shape, rate] = top.at.map(f64::exp);
            assert!((shape / rate - 2.0).abs() < 1e-6 && agreeing == 1, "{shape} {rate}");
            assert!((shape.ln() - crate::special::digamma(shape) - 2.0_f64.ln() + 0.4).abs() < 1e-5);
            let information = 100.0 * shape * shape * 1.0;
            assert!(top.estimates(["shape", "rate"])[0].standard_error > shape / information.sqrt());
        }
    }

    #[test]
    fn a_likelihood_that_rises_without_end_is_said() {
        let rising = |at: &[f64; 2]| (-(-at[0]).exp() - at[1] * at[1], [(-at[0]).exp(), -2.0 * at[1]]);
        let refused = best_of(&rising, &rising, &[[0.0, 1.0]], ["first", "second"]).unwrap_err();
        assert_eq!(refused, Wrong::Undetermined { parameter: "first" });
    }

    #[test]
    fn a_ridge_is_said() {
        let ridge = |at: &[f64; 2]| {
            let off = at[0] + at[1] - 1.0;
            (-off * off, [-2.0 * off, -2.0 * off])
        };
        assert!(matches!(best_of(&ridge, &ridge, &[[0.3, 0.1]], ["a", "b"]), Err(Wrong::Undetermined { .. })));
    }
}
