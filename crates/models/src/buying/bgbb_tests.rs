use super::*;
use crate::quadrature::integral;

fn cases() -> Vec<(BgBb, Season)> {
    let models = [[1.204, 0.75, 0.657, 2.783], [2.0, 3.0, 1.0, 4.0], [1.5, 1.5, 2.0, 3.0]];
    let seasons = [(6, 0, 0), (6, 1, 1), (6, 3, 5), (6, 6, 6), (1, 1, 1), (10, 2, 9)];
    let one = |(periods, bought, last)| Season { periods, bought, last, customers: 1 };
    models.iter().flat_map(|m| seasons.map(|s| (BgBb::new(*m).unwrap(), one(s)))).collect()
}

/// ∫ f(p) beta(p; a, b) dp with p = u^k (1−u)^0 against poles at both ends.
fn over(a: f64, b: f64, f: impl Fn(f64) -> f64) -> f64 {
    // p = u³ / (u³ + (1−u)³) makes both ends flat.
    let density = |u: f64| {
        let (up, down) = (u.powi(3), (1.0 - u).powi(3));
        let p = up / (up + down);
        let speed = 3.0 * (u * (1.0 - u)).powi(2) / (up + down).powi(2);
        f(p) * p.powf(a - 1.0) * (down / (up + down)).powf(b - 1.0) * speed
    };
    integral(0.0, 1.0, 400, density) / ln_beta(a, b).exp()
}

#[test]
fn the_likelihood_is_the_integral_over_both_chances() {
    for (m, one) in cases() {
        let (x, n) = (one.bought as i32, one.periods as i32);
        let bought = |present: i32| over(m.alpha, m.beta, |p| p.powi(x) * (1.0 - p).powi(present - x));
        let mut known = bought(n) * over(m.gamma, m.delta, |q| (1.0 - q).powi(n));
        for present in one.last as i32..n {
            known += bought(present) * over(m.gamma, m.delta, |q| q * (1.0 - q).powi(present));
        }
        assert!((m.ln_history(&one) - known.ln()).abs() < 1e-7, "{m:?} {one:?}");
    }
}

#[test]
fn the_gradient_is_that_of_the_likelihood() {
    for (m, one) in cases() {
        let (own, slope) = (m.parameters(), Sums::new(&m, one.periods).histories(&[one])[0].1);
        for i in 0..4 {
            let step = 1e-5 * own[i];
            let beside = |by: f64| {
                BgBb::new(std::array::from_fn(|j| own[j] + if i == j { by } else { 0.0 })).unwrap().ln_history(&one)
            };
            let known = (beside(step) - beside(-step)) / (2.0 * step);
            assert!((slope[i] - known).abs() < 1e-7, "{m:?} {one:?} {i}: {} {known}", slope[i]);
        }
    }
}

#[test]
fn the_sums_are_the_closed_forms_of_the_paper() {
    for (m, one) in cases().into_iter().filter(|(m, _)| m.gamma != 1.0) {
        let ratio = |periods: f64| (ln_gamma(1.0 + m.delta + periods) - ln_gamma(m.gamma + m.delta + periods)).exp();
        let whole = m.delta / (m.gamma - 1.0) / (ln_gamma(1.0 + m.delta) - ln_gamma(m.gamma + m.delta)).exp();
        // The mean.
        let fresh = m.alpha / (m.alpha + m.beta) * whole * (ratio(0.0) - ratio(10.0));
        assert!((m.expected(10) - fresh).abs() < 1e-10, "{m:?}");
        // Equation 13.
        let (x, n) = (f64::from(one.bought), f64::from(one.periods));
        let buys = (ln_beta(m.alpha + x + 1.0, m.beta + n - x) - ln_beta(m.alpha, m.beta) - m.ln_history(&one)).exp();
        let known = buys * whole * (ratio(n) - ratio(n + 5.0));
        assert!((m.expected_of(&one, 5) - known).abs() < 1e-10, "{m:?} {one:?}");
        assert!((m.discounted(&one, 5, 0.0) - known).abs() < 1e-10);
        assert!(m.discounted(&one, 5, 0.1) < known || known == 0.0);
    }
}

/// Every history of up to `most` periods.
fn all_histories(most: u32) -> Vec<Season> {
    let one = |periods, bought, last| Season { periods, bought, last, customers: 1 };
    let lasts = |periods| (1..=periods).flat_map(move |last| (1..=last).map(move |bought| one(periods, bought, last)));
    (1..=most).flat_map(|periods| std::iter::once(one(periods, 0, 0)).chain(lasts(periods))).collect()
}

#[test]
fn histories_that_share_a_sum_have_the_likelihood_they_have_alone() {
    let mut seasons = all_histories(40);
    seasons.push(Season { periods: 900, bought: 2, last: 899, customers: 1 });
    seasons.push(Season { periods: 900, bought: 2, last: 2, customers: 1 });
    for parameters in [[1.204, 0.75, 0.657, 2.783], [0.01, 200.0, 30.0, 0.02], [500.0, 3.0, 0.001, 9.0]] {
        let m = BgBb::new(parameters).unwrap();
        let all = m.outlook_of_all(&seasons, 5, 0.1);
        let whole: f64 = seasons.iter().map(|one| m.ln_history(one)).sum();
        assert!((m.log_likelihood(&seasons).unwrap() / whole - 1.0).abs() < 1e-11, "{parameters:?}");
        for (one, found) in seasons.iter().zip(all) {
            let known = [m.alive(one), m.expected_of(one, 5), m.discounted(one, 5, 0.1)];
            let found = [found.alive, found.expected, found.discounted];
            assert!(found.iter().zip(known).all(|(found, known)| (found - known).abs() <= 1e-9 * known), "{one:?}");
            assert!((0.0..=1.0 + 1e-9).contains(&found[0]), "{one:?} {found:?}");
        }
    }
}

/// A hundred thousand different histories took more than a minute.
#[test]
fn a_hundred_thousand_different_histories_are_fitted_within_seconds() {
    let mut chance = crate::generator(3);
    let model = BgBb::new([1.2, 0.8, 0.7, 20.0]).unwrap();
    let long = (0..100_000).map(|at| model.simulate(100 + at % 900, &mut chance));
    let seasons: Vec<Season> = all_histories(84).into_iter().chain(long).collect();
    let start = std::time::Instant::now();
    let _ = BgBb::fit(&seasons);
    model.outlook_of_all(&seasons, 5, 0.1);
    eprintln!("{} histories: {:?}", seasons.len(), start.elapsed());
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn a_simulated_base_gives_its_parameters_back() {
    let model = BgBb::new([1.2, 0.8, 0.7, 2.8]).unwrap();
    let mut chance = crate::generator(11);
    let all: Vec<Season> = (0..30_000).map(|_| model.simulate(8, &mut chance)).collect();
    let bought: f64 = all.iter().map(|one| f64::from(one.bought)).sum::<f64>() / 30_000.0;
    assert!((bought / model.expected(8) - 1.0).abs() < 0.02);
    let fit = BgBb::fit(&all).unwrap();
    for (estimate, known) in fit.estimates.iter().zip(model.parameters()) {
        assert!((estimate.value - known).abs() < 4.0 * estimate.standard_error, "{estimate:?} {known}");
        assert!(estimate.standard_error < 0.2 * known, "{estimate:?}");
    }
}

#[test]
fn histories_that_cannot_be_are_named_by_their_row() {
    let good = Season { periods: 6, bought: 1, last: 3, customers: 10 };
    let refused = |bad: Season| BgBb::fit(&[good, bad]).unwrap_err();
    assert!(matches!(refused(Season { last: 7, ..good }), Wrong::Reversed { row: 2, .. }));
    assert!(matches!(refused(Season { periods: u32::MAX, ..good }), Wrong::OutOfRange { row: 2, .. }));
    assert!(matches!(refused(Season { bought: 4, ..good }), Wrong::Contradicts { row: 2, .. }));
    assert!(matches!(refused(Season { bought: 0, ..good }), Wrong::Contradicts { row: 2, .. }));
    assert!(matches!(refused(Season { customers: 0, ..good }), Wrong::NotPositive { row: 2, .. }));
    assert_eq!(BgBb::fit(&[good, good]).unwrap_err(), Wrong::AllAlike { what: "customers" });
}
