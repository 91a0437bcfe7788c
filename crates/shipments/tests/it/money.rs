use base::{Currency, Money};
use shipments::{Rates, Worth, worth};

use crate::day;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn cny(minor: i64) -> Money {
    Money::new(minor, Currency::CNY)
}

/// 7.1234 yuan a dollar from 10 January, 7 from 20 January; 0.045 a yen.
fn rates() -> Rates {
    Rates::into_currency(Currency::CNY)
        .with(Currency::USD, day("2026-01-10"), "7.1234".parse().unwrap())
        .with(Currency::USD, day("2026-01-20"), "7".parse().unwrap())
        .with(Currency::JPY, day("2026-01-10"), "0.045".parse().unwrap())
}

#[test]
fn the_latest_rate_on_or_before_the_day_counts() {
    assert_eq!(rates().convert(usd(10_000), day("2026-01-19")), Some(cny(71_234)));
    assert_eq!(rates().convert(usd(10_000), day("2026-01-20")), Some(cny(70_000)));
    assert_eq!(rates().convert(usd(10_000), day("2026-01-09")), None);
    assert_eq!(rates().convert(Money::new(1, Currency::EUR), day("2026-02-01")), None);
}

#[test]
fn each_currency_keeps_its_own_decimals_and_halves_round_away_from_zero() {
    let yen = |whole| Money::new(whole, Currency::JPY);
    assert_eq!(rates().convert(yen(100), day("2026-01-10")), Some(cny(450)));
    assert_eq!(rates().convert(yen(1), day("2026-01-10")), Some(cny(5)));
    assert_eq!(rates().convert(yen(-1), day("2026-01-10")), Some(cny(-5)));
}

#[test]
fn what_cannot_be_converted_stands_apart_from_the_sum() {
    let on = day("2026-01-20");
    let euro = Money::new(500, Currency::EUR);
    let sum = rates().sum([(cny(100), on), (usd(100), on), (euro, on), (euro, on)]);
    assert_eq!(sum.total, cny(800));
    assert_eq!(sum.apart.into_iter().collect::<Vec<_>>(), [(Currency::EUR, 1000)]);
}

#[test]
fn an_amount_that_does_not_fit_is_not_cut() {
    assert_eq!(rates().convert(usd(i64::MAX), day("2026-01-20")), None);
    let on = day("2026-01-20");
    let sum = rates().sum([(cny(i64::MAX), on), (cny(1), on)]);
    assert_eq!((sum.total, sum.apart[&Currency::CNY]), (cny(i64::MAX), 1));
}

#[test]
fn a_shipment_is_worth_its_margin_else_its_revenue_else_nobody_knows() {
    let on = day("2026-01-20");
    assert_eq!(worth(Some(usd(1000)), Some(cny(2000)), on, &rates()), Worth::Margin(cny(5000)));
    assert_eq!(worth(Some(usd(1000)), None, on, &rates()), Worth::Revenue(cny(7000)));
    assert_eq!(worth(None, Some(cny(2000)), on, &rates()), Worth::Unknown);
    let unconverted = worth(Some(usd(1000)), Some(Money::new(1, Currency::EUR)), on, &rates());
    assert_eq!(unconverted, Worth::Unconverted);
}
