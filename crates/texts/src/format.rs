//! How figures are written. Times are shown in the firm's zone, UTC+8, which has no daylight saving.

use base::{Currency, Day, Instant, Language, Money};
use chrono::{Datelike, Duration};

/// `1234567` → `1,234,567`.
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{}{grouped}", if number < 0 { "-" } else { "" })
}

/// `CNY 1,234.50`, always with the currency's code: for files and for programs.
pub fn money(money: Money) -> String {
    format!("{} {}", money.currency, grouped(money))
}

/// For people: `¥1,234.50` in Chinese, where everybody knows the sign; `CNY 1,234.50` elsewhere, and other currencies
/// by their code everywhere.
pub fn amount(money: Money, language: Language) -> String {
    written(money, language, &grouped(money))
}

/// `¥12.3万` in Chinese, `CNY 123.0K` in English: for tight places, with the full amount elsewhere.
pub fn money_short(money: Money, language: Language) -> String {
    let units = money.minor as f64 / money.currency.minor_per_unit() as f64;
    let (steps, names): (&[f64], &[&str]) = match language {
        Language::Chinese => (&[1e8, 1e4], &["亿", "万"]),
        _ => (&[1e9, 1e6, 1e3], &["B", "M", "K"]),
    };
    let step = steps.iter().zip(names).find(|(step, _)| units.abs() >= **step);
    let short = step.map_or_else(|| format!("{units:.0}"), |(step, name)| format!("{:.1}{name}", units / step));
    written(money, language, &short)
}

/// `+12%`, `-8%`, `0%`: how much a count has changed; `None` without anything to compare with.
pub fn change(now: i64, before: i64) -> Option<String> {
    let percent = (now - before) as f64 / before as f64 * 100.0;
    (before > 0).then(|| match percent.round() as i64 {
        up if up > 0 => format!("+{up}%"),
        other => format!("{other}%"),
    })
}

fn written(money: Money, language: Language, number: &str) -> String {
    match (language, money.currency) {
        (Language::Chinese, Currency::CNY) => match number.strip_prefix('-') {
            Some(number) => format!("-¥{number}"),
            None => format!("¥{number}"),
        },
        (_, currency) => format!("{currency} {number}"),
    }
}

/// `-1,234.50`.
fn grouped(money: Money) -> String {
    let amount = money.amount();
    let (whole, part) = amount.split_once('.').unwrap_or((&amount, ""));
    let sign = if whole.starts_with('-') { "-" } else { "" };
    let whole = thousands(whole.trim_start_matches('-').parse().unwrap_or(0));
    match part {
        "" => format!("{sign}{whole}"),
        part => format!("{sign}{whole}.{part}"),
    }
}

/// A fraction as `88.51 %`.
pub fn percent(fraction: f64) -> String {
    format!("{:.2}%", fraction * 100.0)
}

/// `2026-11-23`.
pub fn day(day: Day) -> String {
    day.format("%Y-%m-%d").to_string()
}

/// `2026年11月23日 周一` or `Mon 23 Nov 2026`.
pub fn day_long(day: Day, language: Language) -> String {
    const WEEKDAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    match language {
        Language::Chinese => format!(
            "{}年{}月{}日 {}",
            day.year(),
            day.month(),
            day.day(),
            WEEKDAYS[day.weekday().num_days_from_monday() as usize]
        ),
        _ => day.format("%a %-d %b %Y").to_string(),
    }
}

/// `2026-11-23 17:36` in the firm's zone.
pub fn time(instant: Instant) -> String {
    let local = instant.checked_add_signed(Duration::hours(8)).unwrap_or(instant);
    local.format("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_at_the_end_of_the_calendar_can_be_told() {
        assert_eq!(time("2026-11-23T09:36:00Z".parse().unwrap()), "2026-11-23 17:36");
        assert!(time(Instant::MAX_UTC).ends_with("23:59"));
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(thousands(-1_234_567), "-1,234,567");
        assert_eq!(thousands(12), "12");
    }

    #[test]
    fn money_names_its_currency() {
        let negative = Money::new(-123_456_789, Currency::CNY);
        assert_eq!(money(negative), "CNY -1,234,567.89");
        assert_eq!(money(Money::new(1234, Currency::JPY)), "JPY 1,234");
        assert_eq!(amount(negative, Language::Chinese), "-¥1,234,567.89");
        assert_eq!(amount(negative, Language::English), "CNY -1,234,567.89");
        // The sign is also Japan's; there it would mislead.
        assert_eq!(amount(Money::new(1234, Currency::JPY), Language::Chinese), "JPY 1,234");
        assert_eq!(money_short(Money::new(1_234_567_800, Currency::CNY), Language::Chinese), "¥1234.6万");
        assert_eq!(money_short(Money::new(-1_234_567_800, Currency::CNY), Language::English), "CNY -12.3M");
    }

    #[test]
    fn a_change_is_told_only_against_something() {
        assert_eq!(change(12, 13).as_deref(), Some("-8%"));
        assert_eq!(change(3, 2).as_deref(), Some("+50%"));
        assert_eq!(change(3, 3).as_deref(), Some("0%"));
        assert_eq!(change(3, 0), None);
    }
}
