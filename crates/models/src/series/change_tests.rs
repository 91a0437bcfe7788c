use super::*;

/// A month's mean in a year with a season.
fn seasonal(at: usize) -> f64 {
    let angle = std::f64::consts::TAU * at as f64 / 12.0;
    30.0 * (0.3 * angle.sin() + 0.1 * (2.0 * angle).cos()).exp()
}

/// Of `series` made-up ones, the share with an alarm within `months` of the end of the history.
fn alarms(series: u64, history: usize, months: usize, mean: impl Fn(usize) -> f64 + Sync) -> f64 {
    let half = |from: u64| {
        let count = (from..series).step_by(2).filter(|seed| {
            let mut chance = generator(1000 + seed);
            let values: Vec<f64> = (0..history + months).map(|at| chance::poisson(mean(at), &mut chance)).collect();
            watch(&values, history, 12, Kind::Count, Direction::Fall, &[]).unwrap().alarm.is_some()
        });
        count.count() as f64
    };
    let (one, other) = std::thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        (half(0), other.join().unwrap())
    });
    (one + other) / series as f64
}

#[test]
fn one_in_twenty_of_unchanged_series_gives_a_false_alarm_within_a_year() {
    let growing = |at: usize| 5.0 * seasonal(at) * (0.15 * at as f64 / 12.0).exp();
    let shrinking = |at: usize| 5.0 * seasonal(at) * (-0.15 * at as f64 / 12.0).exp();
    for (what, share) in [
        ("a level of 20", alarms(1000, 36, 12, |_| 20.0)),
        ("a season around 30", alarms(1000, 36, 12, seasonal)),
        ("a season and growth around 150", alarms(1000, 36, 12, growing)),
        ("a season and decline around 150", alarms(1000, 36, 12, shrinking)),
    ] {
        eprintln!("false alarms within a year at {what}: {share}");
        assert!((share - 0.05).abs() <= 0.015, "{what}: {share}");
    }
}

/// Rare counts give few different sums, so that the chance may only lie below.
#[test]
fn rare_counts_give_no_more_false_alarms() {
    for mean in [0.2, 0.5, 1.0, 2.0, 3.0, 5.0] {
        let share = alarms(400, 36, 12, |at| if at == 0 { mean + 1.0 } else { mean });
        eprintln!("false alarms within a year at a mean of {mean}: {share}");
        assert!(share <= 0.08, "{mean}: {share}");
    }
}

#[test]
fn a_fall_from_20_to_12_is_found_within_four_months() {
    let found = alarms(1000, 36, 4, |at| if at < 36 { 20.0 } else { 12.0 });
    eprintln!("falls from 20 to 12 found within four months: {found}");
    assert!(found >= 0.8, "{found}");
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
}

#[test]
fn what_cannot_be_watched_is_said() {
    let watch = |values: &[f64], history, kind| watch(values, history, 12, kind, Direction::Fall, &[]).unwrap_err();
    let values: Vec<f64> = (0..30).map(f64::from).collect();
    assert_eq!(watch(&values, 20, Kind::Count), Wrong::TooFew { what: "periods of history", found: 20, needed: 24 });
    assert!(matches!(watch(&values, 30, Kind::Count), Wrong::TooFew { .. }));
    assert!(matches!(watch(&[0.0; 30], 24, Kind::Count), Wrong::Nothing { .. }));
    assert_eq!(watch(&[&values[..3], &[1.5]].concat(), 24, Kind::Count), Wrong::NotWhole { row: 4, field: "count" });
    assert_eq!(watch(&[f64::NAN], 24, Kind::Volume), Wrong::NotFinite { row: 1, field: "value" });
}
