use base::{Currency, Day, Money};
use module::{Shape, Value};
use proptest::prelude::*;

use super::*;

const CNY: Rules = Rules { day_order: None, since_1904: false, currency: Some(Currency::CNY), text_is_unknown: false };

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn value(shape: Shape, cell: &Cell) -> Value {
    read(shape, cell, &CNY).unwrap_or_else(|message| panic!("{cell:?}: {message:?}")).unwrap()
}

fn refusal(shape: Shape, cell: &Cell, rules: &Rules) -> String {
    match read(shape, cell, rules) {
        Err(message) => message.key,
        Ok(value) => panic!("{cell:?} was read as {value:?}"),
    }
}

fn day(year: i32, month: u32, day: u32) -> Day {
    Day::from_ymd_opt(year, month, day).unwrap()
}

#[test]
fn a_day_is_read_however_people_write_it() {
    let wanted = Value::Day(day(2026, 1, 5));
    for written in [
        "2026/1/5",
        "2026-01-05",
        "2026.1.5",
        "20260105",
        "2026年1月5日",
        "2026年01月05号",
        "5-Jan-26",
        "5-Jan-2026",
        "05 JAN 2026",
        "Jan 5, 2026",
        "January 5 2026",
        "２０２６／１／５",
        "　2026-1-5　",
        "2026-01-05 00:00:00",
        "46027",
        "2026-Jan-05",
        "26年1月5日",
        "\u{feff}2026-01-05",
    ] {
        assert_eq!(value(Shape::Day, &text(written)), wanted, "{written}");
    }
    assert_eq!(value(Shape::Day, &Cell::Serial("46027".into())), wanted);
    assert_eq!(value(Shape::Day, &Cell::Number("20260105".into())), wanted);
    assert_eq!(value(Shape::Day, &text("1-Feb-99")), Value::Day(day(1999, 2, 1)));
}

#[test]
fn the_order_of_day_and_month_is_never_guessed() {
    assert_eq!(refusal(Shape::Day, &text("05/01/2026"), &CNY), "import-day_ambiguous");
    let with = |order| Rules { day_order: Some(order), ..CNY };
    let read = |order| read(Shape::Day, &text("05/01/2026"), &with(order)).unwrap();
    assert_eq!(read(DayOrder::Dmy), Some(Value::Day(day(2026, 1, 5))));
    assert_eq!(read(DayOrder::Mdy), Some(Value::Day(day(2026, 5, 1))));
}

#[test]
fn impossible_days_are_refused_with_their_text() {
    for written in ["2026-02-30", "2026年13月1日", "31-Apr-26", "20260230", "2026-1-5 25:00"] {
        let message = read(Shape::Moment, &text(written), &CNY).unwrap_err();
        assert_eq!((message.key.as_str(), message.args[0].1.as_str()), ("import-day_impossible", written));
    }
    for written in ["Pre-PQ Process", "2026", "5", "1/2", "2026-1", "昨天"] {
        assert_eq!(refusal(Shape::Day, &text(written), &CNY), "import-day_unreadable");
    }
    assert_eq!(refusal(Shape::Day, &Cell::Serial("60".into()), &CNY), "import-day_impossible");
    assert_eq!(refusal(Shape::Day, &Cell::Serial("-3".into()), &CNY), "import-day_out_of_range");
    assert_eq!(refusal(Shape::Day, &text("2026-01-05 08:05"), &CNY), "import-day_has_time");
}

#[test]
fn both_epochs_of_excel_give_the_same_day() {
    assert_eq!(value(Shape::Day, &Cell::Serial("59".into())), Value::Day(day(1900, 2, 28)));
    assert_eq!(value(Shape::Day, &Cell::Serial("61".into())), Value::Day(day(1900, 3, 1)));
    let since_1904 = Rules { since_1904: true, ..CNY };
    let value = read(Shape::Day, &Cell::Serial("44565".into()), &since_1904).unwrap();
    assert_eq!(value, Some(Value::Day(day(2026, 1, 5))));
}

#[test]
fn a_time_is_read_on_the_firms_clock() {
    let at = |written: &str| match value(Shape::Moment, &text(written)) {
        Value::Moment { at, has_time } => (at.format("%Y-%m-%dT%H:%M:%SZ").to_string(), has_time),
        other => panic!("{other:?}"),
    };
    for written in [
        "2026-01-05 08:05:09",
        "2026/1/5 上午8:05:09",
        "2026年1月5日 8时05分09秒",
        "2026-01-05T00:05:09Z",
        "2026-01-05T08:05:09+08:00",
        "2026-01-04T19:05:09-0500",
        "5-Jan-26 8:05:09 AM",
    ] {
        assert_eq!(at(written), ("2026-01-05T00:05:09Z".into(), true), "{written}");
    }
    assert_eq!(at("2026-1-5 下午8:05").0, "2026-01-05T12:05:00Z");
    assert_eq!(at("2026-1-5 12:00 am").0, "2026-01-04T16:00:00Z");
    assert_eq!(at("2026-1-5"), ("2026-01-04T16:00:00Z".into(), false));
    assert_eq!(
        value(Shape::Moment, &Cell::Serial("46027.336805555555".into())),
        value(Shape::Moment, &text("2026-01-05 08:05"))
    );
}

#[test]
fn a_number_is_read_however_people_write_it() {
    for (written, wanted) in [
        ("1,234.5", "1234.5"),
        ("1 234", "1234"),
        ("１，２３４", "1234"),
        ("-12.50", "-12.5"),
        ("(12.5)", "-12.5"),
        ("（3）", "-3"),
        ("1.2万", "12000"),
        ("3亿", "300000000"),
        ("1.2E+05", "120000"),
        ("1.2e-3", "0.0012"),
        ("+7", "7"),
        ("−4", "-4"),
        ("007", "7"),
        (".5", "0.5"),
        ("-0.00", "0"),
        ("0.1", "0.1"),
        ("12345678901234567890.123", "12345678901234567890.123"),
    ] {
        assert_eq!(value(Shape::Decimal, &text(written)), Value::Decimal(wanted.into()), "{written}");
    }
    assert_eq!(value(Shape::Whole, &text("1,200")), Value::Whole(1200));
    assert_eq!(refusal(Shape::Whole, &text("1.5"), &CNY), "import-number_not_whole");
    assert_eq!(value(Shape::Decimal, &Cell::Number("0.1".into())), Value::Decimal("0.1".into()));
}

#[test]
fn what_is_not_clearly_a_number_is_refused_and_never_zero() {
    for (written, key) in [
        ("See ASN-93 (ID#:1281)", "import-number_unreadable"),
        ("13 kg", "import-number_unreadable"),
        ("1,23", "import-number_unclear"),
        ("1.234,5", "import-number_unclear"),
        ("1.2.3", "import-number_unclear"),
        ("--1", "import-number_unclear"),
        ("15%", "import-number_percent"),
        ("1E+99", "import-number_too_long"),
        ("¥5", "import-number_has_currency"),
        ("-", "import-number_unreadable"),
    ] {
        assert_eq!(refusal(Shape::Decimal, &text(written), &CNY), key, "{written}");
    }
    assert_eq!(refusal(Shape::Decimal, &Cell::Error("#N/A".into()), &CNY), "import-cell_error");
    assert_eq!(refusal(Shape::Decimal, &Cell::Serial("46027".into()), &CNY), "import-number_is_day");
    assert_eq!(refusal(Shape::Decimal, &Cell::Bool(true), &CNY), "import-number_unreadable");
}

#[test]
fn text_in_a_number_column_is_kept_as_unknown_when_the_mapping_says_so() {
    let rules = Rules { text_is_unknown: true, ..CNY };
    let kept = read(Shape::Decimal, &text("Weight Captured Separately"), &rules).unwrap();
    assert_eq!(kept, Some(Value::Unknown("Weight Captured Separately".into())));
    assert_eq!(refusal(Shape::Decimal, &text("1.234,5"), &rules), "import-number_unclear");
}

#[test]
fn an_amount_keeps_its_currency_and_refuses_the_sign_of_another() {
    for written in ["¥1,234.50", "￥1234.5", "1234.5元", "RMB 1234.5", "1234.50"] {
        let wanted = Value::Amount(Money::new(123_450, Currency::CNY));
        assert_eq!(value(Shape::Amount, &text(written)), wanted, "{written}");
    }
    assert_eq!(refusal(Shape::Amount, &text("$5"), &CNY), "import-currency_differs");
    assert_eq!(value(Shape::Amount, &text("-¥5")), Value::Amount(Money::new(-500, Currency::CNY)));
}

#[test]
fn a_waybill_number_that_excel_shortened_is_refused() {
    assert_eq!(refusal(Shape::Text, &Cell::Number("1234567890123456800".into()), &CNY), "import-number_lost_digits");
    assert_eq!(refusal(Shape::Text, &text("6.90123E+12"), &CNY), "import-number_lost_digits");
    assert_eq!(value(Shape::Text, &Cell::Number("123456789012".into())), Value::Text("123456789012".into()));
}

#[test]
fn text_is_trimmed_and_freed_of_what_nobody_sees() {
    assert_eq!(value(Shape::Text, &text("\u{3000}明为\u{202d}公司\u{200b} \t")), Value::Text("明为公司".into()));
    assert_eq!(value(Shape::Text, &text("👨‍👩‍👧 مرحبا")), Value::Text("👨‍👩‍👧 مرحبا".into()));
    assert_eq!(value(Shape::Text, &Cell::Serial("46027".into())), Value::Text("2026-01-05".into()));
    assert_eq!(refusal(Shape::Text, &text("a\0b"), &CNY), "import-control_character");
    assert_eq!(read(Shape::Text, &text("\u{3000} "), &CNY), Ok(None));
}

#[test]
fn an_error_of_a_formula_and_a_formula_without_a_result_are_told_apart() {
    assert_eq!(refusal(Shape::Amount, &Cell::Error("#DIV/0!".into()), &CNY), "import-cell_error");
    assert_eq!(refusal(Shape::Amount, &Cell::Error("=A1*2".into()), &CNY), "import-formula_without_result");
}

#[test]
fn a_word_outside_the_list_is_refused_with_the_list() {
    let shape = Shape::Choice(&["air", "air_charter"]);
    assert_eq!(value(shape, &text("Air Charter")), Value::Text("air_charter".into()));
    let message = read(shape, &text("Rail"), &CNY).unwrap_err();
    assert_eq!(message.args, [("text".into(), "Rail".into()), ("expected".into(), "air / air_charter".into())]);
}

proptest! {
    #[test]
    fn every_day_survives_every_way_of_writing_it(days in 0_i64..109_000) {
        let wanted = day(1900, 3, 1) + Duration::days(days);
        for format in ["%Y-%m-%d", "%Y/%-m/%-d", "%Y年%-m月%-d日", "%-d-%b-%Y", "%b %-d, %Y", "%Y%m%d"] {
            let written = wanted.format(format).to_string();
            prop_assert_eq!(value(Shape::Day, &text(&written)), Value::Day(wanted), "{}", written);
        }
        prop_assert_eq!(value(Shape::Day, &Cell::Serial((days + 61).to_string())), Value::Day(wanted));
    }

    #[test]
    fn every_number_of_a_workbook_survives(number in -1e12_f64..1e12) {
        let Value::Decimal(read) = value(Shape::Decimal, &Cell::Number(number.to_string())) else { panic!() };
        prop_assert_eq!(read.parse::<f64>().unwrap(), number);
    }

    #[test]
    fn every_amount_survives_with_thousands(minor in -10_000_000_000_i64..10_000_000_000) {
        let plain = Money::new(minor.abs(), Currency::CNY).amount();
        let (whole, part) = plain.split_once('.').unwrap();
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let written = format!("{}{grouped}.{part}", if minor < 0 { "-" } else { "" });
        prop_assert_eq!(value(Shape::Amount, &text(&written)), Value::Amount(Money::new(minor, Currency::CNY)));
    }

    #[test]
    fn no_text_makes_reading_panic(written in "\\PC{0,20}", digits in "[0-9年月日:/. ,eE+$¥万-]{0,24}") {
        for shape in [Shape::Text, Shape::Day, Shape::Moment, Shape::Whole, Shape::Decimal, Shape::Amount] {
            let _ = read(shape, &text(&written), &CNY);
            let _ = read(shape, &text(&digits), &Rules { day_order: Some(DayOrder::Ymd), ..CNY });
        }
    }
}
