use super::*;

/// A month's mean in a year with a season.
fn seasonal(at: usize) -> f64 {
    let angle = std::f64::consts::TAU * at as f64 / 12.0;
    30.0 * (0.3 * angle.sin() + 0.1 * (2.0 * angle).cos()).exp()
}

/// Of `series` made-up ones with this variance over mean, the percentage with an alarm within `months` of the end of the
/// history.
fn alarms(series: u64, history: usize, months: usize, dispersion: f64, mean: impl Fn(usize) -> f64 + Sync) -> f64 {
    let draw = |mean: f64, chance: &mut Pcg64Mcg| match dispersion > 1.0 {
        true => chance::poisson(chance::gamma(mean / (dispersion - 1.0), 1.0 / (dispersion - 1.0), chance), chance),
        false => chance::poisson(mean, chance),
    };
    let part = |from: u64| {
        let count = (from..series).step_by(2).filter(|seed| {
            let mut chance = generator(1000 + seed);
            let values: Vec<f64> = (0..history + months).map(|at| draw(mean(at), &mut chance)).collect();
            watch(&values, history, 12, Kind::Count, Direction::Fall, &[]).unwrap().alarm.is_some()
        });
        count.count() as f64
    };
    let (one, other) = std::thread::scope(|scope| {
        let other = scope.spawn(|| part(1));
        (part(0), other.join().unwrap())
    });
    100.0 * (one + other) / series as f64
}

/// The mean percentage over levels of 5, 20 and 100 at the end of 24, 36 and 48 months; `mean`: of the month, by the
/// seasons since the end of the history and the month of the year.
fn false_alarms(series: u64, dispersion: f64, mean: impl Fn(f64, usize) -> f64 + Sync) -> f64 {
    let mut sum = 0.0;
    for history in [24, 36, 48] {
        for level in [5.0, 20.0, 100.0] {
            let seasons = |at: usize| (at as f64 - history as f64) / 12.0;
            sum += alarms(series, history, 12, dispersion, |at| level * mean(seasons(at), at));
        }
    }
    sum / 9.0
}

#[test]
fn one_in_twenty_of_unchanged_series_gives_a_false_alarm_within_a_year() {
    // A thousand may stray by 1.5; those of all levels and histories together by less.
    for (what, share, stray) in [
        ("a level", false_alarms(300, 1.0, |_, _| 1.0), 0.7),
        ("a season", false_alarms(300, 1.0, |_, at| seasonal(at) / 30.0), 0.7),
        ("a thousand levels of 20", alarms(1000, 36, 12, 1.0, |_| 20.0), 1.5),
        ("a thousand seasons around 30", alarms(1000, 36, 12, 1.0, seasonal), 1.5),
    ] {
        eprintln!("false alarms within a year at {what}: {share:.2} %");
        assert!((share - 5.0).abs() <= stray, "{what}: {share}");
    }
}

#[test]
fn trends_and_more_spread_than_poissons_give_no_more_than_a_few_false_alarms_more() {
    for (what, share) in [
        ("three times the variance", false_alarms(150, 3.0, |_, _| 1.0)),
        ("three times the variance and a season", false_alarms(150, 3.0, |_, at| seasonal(at) / 30.0)),
        ("growth by 20 % a year", false_alarms(100, 1.0, |seasons, _| 1.2_f64.powf(seasons))),
        ("a fall by 20 % a year", false_alarms(100, 1.0, |seasons, _| 0.8_f64.powf(seasons))),
        ("growth in a straight line", false_alarms(100, 1.0, |seasons, _| 1.0 + 0.2 * seasons)),
        ("a fall in a straight line", false_alarms(100, 1.0, |seasons, _| 1.0 - 0.2 * seasons)),
    ] {
        eprintln!("false alarms within a year at {what}: {share:.2} %");
        assert!((1.0..=9.5).contains(&share), "{what}: {share}");
    }
}

/// Rare counts give few different sums, so that the chance may only lie below.
#[test]
fn rare_counts_give_no_more_false_alarms() {
    for mean in [0.2, 0.5, 1.0, 2.0, 3.0, 5.0] {
        let share = alarms(400, 36, 12, 1.0, |at| if at == 0 { mean + 1.0 } else { mean });
        eprintln!("false alarms within a year at a mean of {mean}: {share} %");
        assert!(share <= 8.0, "{mean}: {share}");
    }
}

#[test]
fn a_fall_from_20_to_12_is_found_within_four_months() {
    for history in [24, 36, 48] {
        let found = alarms(1500, history, 4, 1.0, |at| if at < history { 20.0 } else { 12.0 });
        eprintln!("falls from 20 to 12 found within four months after {history}: {found} %");
        assert!(found >= 80.0, "{history}: {found}");
    }
}

#[test]
fn the_alarm_tells_what_was_to_be_expected_and_since_when_it_is_different() {
    let values: Vec<f64> = (0..48).map(|at| (seasonal(at) * if at >= 40 { 0.5 } else { 1.0 }).round()).collect();
    let found = watch(&values, 36, 12, Kind::Count, Direction::Fall, &[]).unwrap();
    assert!((40..43).contains(&(36 + found.alarm.unwrap())) && found.since == Some(4), "{found:?}");
    assert!(
        found.expected.iter().enumerate().all(|(at, mean)| (mean / seasonal(36 + at) - 1.0).abs() < 0.1),
        "{found:?}"
    );
    assert!(found.waves > 0 && found.dispersion == 1.0);
    let rise = watch(&values, 36, 12, Kind::Count, Direction::Rise, &[]).unwrap();
    assert_eq!((rise.alarm, rise.since), (None, None));
}

#[test]
fn volumes_have_no_unit() {
    let mut chance = generator(8);
    let tonnes: Vec<f64> = (0..48)
        .map(|at| chance::gamma(20.0, 20.0 / (700.0 * seasonal(at) * if at >= 42 { 0.5 } else { 1.0 }), &mut chance))
        .collect();
    let in_tonnes = watch(&tonnes, 36, 12, Kind::Volume, Direction::Fall, &[]).unwrap();
    let kilos: Vec<f64> = tonnes.iter().map(|one| one * 1000.0).collect();
    let in_kilos = watch(&kilos, 36, 12, Kind::Volume, Direction::Fall, &[]).unwrap();
    assert!(in_tonnes.alarm.is_some_and(|at| at >= 6) && in_tonnes.alarm == in_kilos.alarm, "{in_tonnes:?}");
    let in_megatonnes: Vec<f64> = tonnes.iter().map(|one| one * 1e-6).collect();
    let in_megatonnes = watch(&in_megatonnes, 36, 12, Kind::Volume, Direction::Fall, &[]).unwrap();
    for (one, other) in in_megatonnes.evidence.iter().zip(&in_kilos.evidence) {
        assert!((one - other).abs() < 1e-6 * (1.0 + one), "{in_megatonnes:?} {in_kilos:?}");
    }
}

#[test]
fn what_cannot_be_watched_is_said() {
    let watch = |values: &[f64], history, kind| watch(values, history, 12, kind, Direction::Fall, &[]).unwrap_err();
    let values: Vec<f64> = (0..30).map(f64::from).collect();
    assert_eq!(watch(&values, 20, Kind::Count), Wrong::TooFew { what: "periods of history", found: 20, needed: 24 });
    assert!(matches!(watch(&values, 30, Kind::Count), Wrong::TooFew { .. }));
    assert!(matches!(watch(&[0.0; 30], 24, Kind::Count), Wrong::Nothing { .. }));
    assert_eq!(watch(&[&values[..3], &[1.5]].concat(), 24, Kind::Count), Wrong::NotWhole { row: 4, field: "count" });
    assert_eq!(
        watch(&[1.0, 1e16], 24, Kind::Count),
        Wrong::OutOfRange { row: 2, field: "count", least: 0.0, most: MOST_COUNTED }
    );
    assert_eq!(watch(&[f64::NAN], 24, Kind::Volume), Wrong::NotFinite { row: 1, field: "value" });
}
