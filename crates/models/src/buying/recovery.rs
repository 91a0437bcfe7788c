//! Parameters come back from simulated customers, and their mean is what is expected.

use super::{Base, BgNbd, MbgNbd, ParetoNbd, RepeatBuying};

#[track_caller]
fn comes_back<M: RepeatBuying + std::fmt::Debug>(parameters: [f64; 4], customers: u32) {
    let model = M::new(parameters).unwrap();
    let mut chance = crate::generator(7);
    let buyers = (0..customers).map(|i| model.simulate(30.0 + f64::from(i % 400) / 10.0, &mut chance));
    let base = Base::new(buyers.collect()).unwrap();
    let surplus = base.buyers().iter().map(|buyer| f64::from(buyer.repeats) - model.expected(buyer.observed));
    let (sum, squares) = surplus.fold((0.0, 0.0), |(sum, squares), one| (sum + one, squares + one * one));
    assert!(f64::abs(sum) < 3.0 * f64::sqrt(squares), "{sum} {squares}");
    let fit = M::fit(&base).unwrap();
    assert!(fit.log_likelihood >= model.log_likelihood(&base));
    for (estimate, known) in fit.estimates.iter().zip(parameters) {
        assert!((estimate.value - known).abs() < 4.0 * estimate.standard_error, "{estimate:?} {known}");
        assert!(estimate.standard_error < 0.25 * known, "{estimate:?}");
    }
}

#[test]
fn bg_nbd_gives_its_parameters_back() {
    comes_back::<BgNbd>([0.8, 6.0, 0.8, 2.5], 20_000);
}

#[test]
fn mbg_nbd_gives_its_parameters_back() {
    comes_back::<MbgNbd>([0.8, 6.0, 0.8, 2.5], 20_000);
}

#[test]
fn pareto_nbd_gives_its_parameters_back() {
    comes_back::<ParetoNbd>([0.55, 10.5, 0.6, 11.6], 20_000);
}

/// A few customers with any history.
fn any_base(seed: u64) -> Option<Base> {
    let mut chance = crate::generator(seed);
    let mut below = |most: f64| (1.0 - crate::chance::uniform(&mut chance)) * most;
    let size = 2 + below(40.0) as usize;
    let (pace, scale) = (10_f64.powf(below(3.0) - 1.5), 10_f64.powf(below(6.0) - 2.0));
    if seed.is_multiple_of(2) {
        let model = BgNbd::new([0.2 + below(2.0), scale * 0.3, 0.3 + below(1.5), 1.0 + below(4.0)]).ok()?;
        let mut chance = crate::generator(seed);
        return Base::new((0..size * 10).map(|_| model.simulate(scale * (0.5 + below(3.0)), &mut chance)).collect())
            .ok();
    }
    let buyers = (0..size).map(|_| {
        let observed = scale * (0.1 + below(1.0));
        let repeats = (below(1.0).powi(2) * 10.0 * pace) as u32;
        let last = if repeats > 0 { observed * (0.01 + below(0.99)) } else { 0.0 };
        super::Buyer { repeats, last, observed }
    });
    Base::new(buyers.collect()).ok()
}

/// A fit is at a top, with errors that are numbers, or it is refused.
fn fitted_or_refused<M: RepeatBuying>() -> (u32, u32) {
    let (mut fitted, mut refused) = (0, 0);
    for base in (0..70).filter_map(any_base) {
        let Ok(fit) = M::fit(&base) else {
            refused += 1;
            continue;
        };
        fitted += 1;
        assert!(
            fit.estimates.iter().all(|one| one.value > 0.0 && one.standard_error.is_finite()),
            "{:?}",
            fit.estimates
        );
        let own = fit.model.parameters();
        for (i, by) in [(0, 1.02), (1, 1.02), (2, 1.02), (3, 1.02), (0, 0.98), (1, 0.98), (2, 0.98), (3, 0.98)] {
            let beside = M::new(std::array::from_fn(|j| if i == j { own[j] * by } else { own[j] })).unwrap();
            assert!(beside.log_likelihood(&base) <= fit.log_likelihood + 1e-6, "{own:?} {i} {by}");
        }
        for buyer in base.buyers() {
            let (alive, ahead) = (fit.model.alive(buyer), fit.model.expected_of(buyer, buyer.observed + 1.0));
            assert!(
                (0.0..=1.0).contains(&alive) && ahead >= 0.0 && ahead.is_finite(),
                "{own:?} {buyer:?} {alive} {ahead}"
            );
        }
    }
    (fitted, refused)
}

#[test]
fn every_base_is_fitted_at_a_top_or_refused() {
    for (name, (fitted, refused)) in [
        ("BG/NBD", fitted_or_refused::<BgNbd>()),
        ("MBG/NBD", fitted_or_refused::<MbgNbd>()),
        ("Pareto/NBD", fitted_or_refused::<ParetoNbd>()),
    ] {
        eprintln!("{name}: {fitted} fitted, {refused} refused");
        assert!(fitted > 0 && refused > 0, "{name}");
    }
}

#[test]
fn customers_who_all_buy_alike_and_never_leave_are_refused() {
    // At one rate without anybody leaving, the spread of the rates and the leaving cannot be told.
    let mut chance = crate::generator(4);
    let buyers = (0..2_000).map(|_| {
        let (mut buyer, end) = (super::Buyer { repeats: 0, last: 0.0, observed: 40.0 }, 40.0);
        loop {
            let next = buyer.last + crate::chance::exponential(0.2, &mut chance);
            if next > end {
                return buyer;
            }
            buyer.last = next;
            buyer.repeats += 1;
        }
    });
    let base = Base::new(buyers.collect()).unwrap();
    for refused in [BgNbd::fit(&base).err(), MbgNbd::fit(&base).err(), ParetoNbd::fit(&base).err()] {
        assert!(
            matches!(refused, Some(crate::Wrong::Undetermined { .. } | crate::Wrong::NotConverged { .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn counts_and_times_of_any_size_give_numbers() {
    let buyers = vec![
        super::Buyer { repeats: u32::MAX, last: 1e12, observed: 1e12 },
        super::Buyer { repeats: 1, last: 1e-9, observed: 1e12 },
        super::Buyer { repeats: 0, last: 0.0, observed: 0.0 },
    ];
    let base = Base::new(buyers).unwrap();
    fn all<M: RepeatBuying>(base: &Base) -> bool {
        let model = M::new([0.5, 5.0, 0.8, 2.0]).unwrap();
        let each = base
            .buyers()
            .iter()
            .all(|buyer| (0.0..=1.0).contains(&model.alive(buyer)) && model.expected_of(buyer, 52.0).is_finite());
        let _ = M::fit(base);
        each && model.log_likelihood(base).is_finite()
            && model.expected_of_all(base, 52.0).iter().all(|one| one.is_finite())
    }
    assert!(all::<BgNbd>(&base) && all::<MbgNbd>(&base) && all::<ParetoNbd>(&base));
}
