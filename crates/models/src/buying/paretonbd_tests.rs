//! Second formulas: the integral over the time of leaving by a plain rule, and the two hypergeometric functions of the paper.

use super::*;
use crate::quadrature::integral;
use crate::special::hyp2f1;

fn cases() -> impl Iterator<Item = (ParetoNbd, Buyer)> {
    let models = [[0.553, 10.578, 0.606, 11.669], [1.5, 30.0, 1.0, 3.0], [0.3, 2.0, 2.5, 40.0], [2.0, 5.0, 0.4, 5.0]];
    let buyers =
        [(0, 0.0, 39.0), (1, 10.0, 38.9), (2, 30.428, 38.857), (26, 30.857, 31.0), (9, 9.0, 30.0), (3, 5.0, 5.0)];
    models.into_iter().flat_map(move |model| {
        buyers
            .into_iter()
            .map(move |(repeats, last, observed)| (ParetoNbd::new(model).unwrap(), Buyer { repeats, last, observed }))
    })
}

fn group(buyer: &Buyer) -> Group {
    Group { repeats: buyer.repeats, last: buyer.last, observed: buyer.observed, count: 1.0 }
}

/// Fader & Hardie (2005), equations 14 to 18: A0 by two hypergeometric functions.
fn by_hypergeometric(m: &ParetoNbd, buyer: &Buyer) -> f64 {
    let x = f64::from(buyer.repeats);
    let most = m.alpha.max(m.beta);
    let (apart, k) = ((m.alpha - m.beta).abs(), m.r + m.s + x);
    let second = if m.alpha >= m.beta { m.s + 1.0 } else { m.r + x };
    let from = |t: f64| hyp2f1(k, second, k + 1.0, apart / (most + t)) / (most + t).powf(k);
    let a0 = from(buyer.last) - from(buyer.observed);
    let still = (m.alpha + buyer.observed).powf(-m.r - x) * (m.beta + buyer.observed).powf(-m.s);
    let shape = ln_gamma(m.r + x) - ln_gamma(m.r) + m.r * m.alpha.ln() + m.s * m.beta.ln();
    shape + (still + m.s / k * a0).ln()
}

#[test]
fn the_likelihood_is_that_of_the_paper_and_of_a_plain_integral() {
    for (m, buyer) in cases() {
        let found = m.slope(&[group(&buyer)])[0];
        assert!((found - by_hypergeometric(&m, &buyer)).abs() < 1e-9, "{m:?} {buyer:?}");
        let x = f64::from(buyer.repeats);
        let density = |t: f64| m.s * (m.alpha + t).powf(-m.r - x) * (m.beta + t).powf(-m.s - 1.0);
        let left = integral(buyer.last, buyer.observed, 200, density);
        let still = (m.alpha + buyer.observed).powf(-m.r - x) * (m.beta + buyer.observed).powf(-m.s);
        assert!((m.alive(&buyer) - still / (still + left)).abs() < 1e-9, "{m:?} {buyer:?}");
    }
}

#[test]
fn the_expectations_are_the_integrals_over_the_time_ahead() {
    for (m, buyer) in cases() {
        for time in [0.5, 52.0, 500.0] {
            // Mean rate of buying times the chance to be there, over the time ahead.
            let fresh = integral(0.0, time, 300, |t| m.r / m.alpha * (m.beta / (m.beta + t)).powf(m.s));
            assert!((m.expected(time) / fresh - 1.0).abs() < 1e-9, "{m:?} {time}");
            let x = f64::from(buyer.repeats);
            let staying = m.beta + buyer.observed;
            let ahead = |t: f64| (m.r + x) / (m.alpha + buyer.observed) * (staying / (staying + t)).powf(m.s);
            let known = m.alive(&buyer) * integral(0.0, time, 300, ahead);
            assert!((m.expected_of(&buyer, time) / known - 1.0).abs() < 1e-9, "{m:?} {buyer:?} {time}");
        }
    }
}

#[test]
fn the_gradient_is_that_of_the_likelihood() {
    for (model, buyer) in cases() {
        let slope = model.slope(&[group(&buyer)]);
        let own = model.parameters();
        for i in 0..4 {
            let step = 1e-5 * own[i];
            let beside = |by: f64| {
                let at = std::array::from_fn(|j| own[j] + if i == j { by } else { 0.0 });
                ParetoNbd::new(at).unwrap().slope(&[group(&buyer)])[0]
            };
            let known = (beside(step) - beside(-step)) / (2.0 * step);
            assert!((slope[i + 1] - known).abs() < 1e-6 * (1.0 + known.abs()), "{model:?} {buyer:?} {i}");
        }
    }
}

#[test]
fn a_thousand_purchases_long_ago_do_not_overflow() {
    let model = ParetoNbd::new([0.5, 10.0, 0.6, 12.0]).unwrap();
    let buyer = Buyer { repeats: 1000, last: 10.0, observed: 300.0 };
    assert!(model.slope(&[group(&buyer)]).iter().all(|one| one.is_finite()));
    assert!(model.alive(&buyer) >= 0.0 && model.alive(&buyer) < 1e-100);
}
