//! Second formulas: the integrals over p that the papers solve, taken by numerical integration.

use super::*;
use crate::quadrature::integral;

/// ∫ f(p) beta(p; a, b) dp, with p = u^(1/a) against the pole at zero.
fn over_p(a: f64, b: f64, f: impl Fn(f64) -> f64) -> f64 {
    let density = |u: f64| {
        let p = u.powf(1.0 / a);
        f(p) * (1.0 - p).powf(b - 1.0) / a
    };
    // Panels that get finer towards zero.
    let pieces = [0.0, 1e-6, 1e-4, 1e-2, 0.1, 0.5, 1.0];
    let whole: f64 = pieces.windows(2).map(|ends| integral(ends[0], ends[1], 20, density)).sum();
    whole / ln_beta(a, b).exp()
}

fn cases() -> impl Iterator<Item = (Geometric, Buyer)> {
    let models = [[0.243, 4.414, 0.793, 2.426], [1.5, 10.0, 1.0, 3.0], [0.7, 2.0, 2.5, 1.5], [2.0, 30.0, 0.6, 1.4]];
    let buyers = [(0, 0.0, 39.0), (1, 10.0, 38.9), (2, 30.428, 38.857), (26, 30.857, 31.0), (9, 9.0, 30.0)];
    models.into_iter().flat_map(move |[r, alpha, a, b]| {
        buyers.into_iter().flat_map(move |(repeats, last, observed)| {
            let buyer = Buyer { repeats, last, observed };
            [0.0, 1.0].map(|first| (Geometric { r, alpha, a, b, first }, buyer))
        })
    })
}

/// (likelihood, likelihood of being there) of a history, integrated over p.
fn integrated(m: &Geometric, buyer: &Buyer) -> (f64, f64) {
    let x = f64::from(buyer.repeats);
    let rate = |until: f64| {
        (ln_gamma(m.r + x) - ln_gamma(m.r) + m.r * m.alpha.ln() - (m.r + x) * (m.alpha + until).ln()).exp()
    };
    let chances = x + m.first;
    let there = over_p(m.a, m.b, |p| (1.0 - p).powf(chances)) * rate(buyer.observed);
    let left = match chances > 0.0 {
        true => over_p(m.a, m.b, |p| p * (1.0 - p).powf(chances - 1.0)) * rate(buyer.last),
        false => 0.0,
    };
    (there + left, there)
}

#[test]
fn the_likelihood_and_the_chance_to_be_there_are_the_integrals_over_p() {
    for (model, buyer) in cases() {
        let (likelihood, there) = integrated(&model, &buyer);
        let group = Group { repeats: buyer.repeats, last: buyer.last, observed: buyer.observed, count: 1.0 };
        let found = model.slope(&[group])[0];
        assert!((found - likelihood.ln()).abs() < 1e-6, "{model:?} {buyer:?}: {found} {}", likelihood.ln());
        assert!((model.alive(&buyer) - there / likelihood).abs() < 1e-6, "{model:?} {buyer:?}");
    }
}

#[test]
fn the_expectations_are_the_integrals_over_p() {
    // Of a customer who is there and leaves with p after each purchase: (1 − e^(−λpt)) / p, over gamma distributed λ.
    let ahead = |r: f64, alpha: f64, p: f64, time: f64| (1.0 - (alpha / (alpha + p * time)).powf(r)) / p;
    for (m, buyer) in cases() {
        for time in [0.1, 10.0, 52.0, 400.0] {
            let x = f64::from(buyer.repeats);
            let fresh = over_p(m.a, m.b, |p| (1.0 - p).powf(m.first) * ahead(m.r, m.alpha, p, time));
            assert!((m.expected(time) / fresh - 1.0).abs() < 1e-6, "{m:?} {time}: {} {fresh}", m.expected(time));
            let stayed = m.b + x + m.first;
            let known = over_p(m.a, stayed, |p| ahead(m.r + x, m.alpha + buyer.observed, p, time));
            let found = m.expected_of(&buyer, time) / m.alive(&buyer);
            assert!((found / known - 1.0).abs() < 1e-6, "{m:?} {buyer:?} {time}: {found} {known}");
        }
    }
}

#[test]
fn the_gradient_is_that_of_the_likelihood() {
    for (model, buyer) in cases() {
        let group = Group { repeats: buyer.repeats, last: buyer.last, observed: buyer.observed, count: 3.0 };
        let own = [model.r, model.alpha, model.a, model.b];
        let value = |at: [f64; 4]| {
            let [r, alpha, a, b] = at;
            Geometric { r, alpha, a, b, ..model }.slope(&[group])[0]
        };
        let slope = model.slope(&[group]);
        for i in 0..4 {
            let step = 1e-5 * own[i];
            let beside = |by: f64| value(std::array::from_fn(|j| own[j] + if i == j { by } else { 0.0 }));
            let known = (beside(step) - beside(-step)) / (2.0 * step);
            assert!((slope[i + 1] - known).abs() < 1e-6 * (1.0 + known.abs()), "{model:?} {buyer:?} {i}");
        }
    }
}

#[test]
fn everybody_at_once_gets_the_same_as_one_by_one() {
    let mut chance = chance::generator(3);
    let model = Geometric { r: 0.3, alpha: 5.0, a: 0.8, b: 2.5, first: 0.0 };
    let buyers = (0..500).map(|i| model.simulate(1.0 + f64::from(i) / 10.0, &mut chance));
    let base = Base::new(buyers.collect()).unwrap();
    let plan = crate::buying::Discounting::new(4.0, 12, 0.01).unwrap();
    let (all, values) = (model.weighted_of_all(&base, &[(52.0, 1.0)]), model.weighted_of_all(&base, &plan.weights()));
    for (at, buyer) in base.buyers().iter().enumerate() {
        let known = model.expected_of(buyer, 52.0);
        assert!((all[at] - known).abs() < 1e-12 * (1.0 + known), "{buyer:?}");
        let known = plan.sum(|time| model.expected_of(buyer, time));
        assert!((values[at] - known).abs() < 1e-12 * (1.0 + known), "{buyer:?}");
    }
}

#[test]
fn expectations_have_no_gap_where_the_written_formula_divides_by_zero() {
    for (a, b) in [(1.0, 2.0), (0.4, 0.6)] {
        let at = |shift: f64| Geometric { r: 0.5, alpha: 3.0, a: a + shift, b, first: 0.0 }.expected(20.0);
        let between = 0.5 * (at(1e-3) + at(-1e-3));
        assert!((at(0.0) - between).abs() < 1e-5, "{} {between}", at(0.0));
    }
}

#[test]
fn customers_who_all_leave_with_the_same_probability_are_the_limit_of_large_a_and_b() {
    let (p, r, alpha) = (0.2, 1.5, 20.0_f64);
    for time in [1.0, 60.0, 2000.0] {
        let known = (1.0 - (alpha / (alpha + p * time)).powf(r)) / p;
        for size in [1e5, 1e7] {
            let found = Geometric { r, alpha, a: p * size, b: (1.0 - p) * size, first: 0.0 }.expected(time);
            assert!((found / known - 1.0).abs() < 20.0 / size + 1e-6, "{time} {size}: {found} {known}");
        }
    }
}
