//! Spend, margin and what hangs on the last day of the data.

use super::*;

/// Customers who buy every tenth day, each purchase worth what `worth` says of customer and purchase.
fn buying(customers: u32, worth: impl Fn(u32, u32) -> String) -> String {
    let start = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    let rows = (0..customers).flat_map(|customer| (0..3 + customer % 5).map(move |purchase| (customer, purchase)));
    let row = |(customer, purchase): (u32, u32)| {
        let day = start + chrono::Days::new(u64::from(customer % 9 + purchase * (8 + customer % 7)));
        format!("c{customer},{day},{}\n", worth(customer, purchase))
    };
    format!("who,day,worth,made\n{}", rows.map(row).collect::<String>())
}

#[test]
fn days_without_value_are_left_out_of_the_spend_on_request_and_counted() {
    let chance = |seed: u32| fastrand::Rng::with_seed(seed.into()).f64();
    let worth = |customer: u32, purchase: u32| {
        ((5.0 - chance(customer).ln() * 30.0) * (0.5 + chance(1000 + customer * 10 + purchase))).round() + 1.0
    };
    let plain = buying(200, |customer, purchase| format!("{},1", worth(customer, purchase)));
    let zero = |customer: u32, purchase: u32| customer.is_multiple_of(50) && purchase == 1;
    let some = buying(200, |customer, purchase| match zero(customer, purchase) {
        true => "0,1".to_owned(),
        false => format!("{},1", worth(customer, purchase)),
    });
    let asked = format!("gammagamma FILE {BOUGHT}");
    assert!(ask(&asked, &some).unwrap_err().contains("Line 3: “worth” of a day with a repeat purchase is zero"));
    let left_out = &ask(&format!("{asked} --leave-out-zero"), &some).unwrap()["told"];
    assert_eq!(left_out["zero_days_left_out"], 4);
    assert_eq!(ask(&asked, &plain).unwrap()["told"]["zero_days_left_out"], 0);
    // As if those days had not been.
    let without: String = buying(200, |customer, purchase| match zero(customer, purchase) {
        true => "gone".to_owned(),
        false => format!("{},1", worth(customer, purchase)),
    });
    let without: String =
        without.lines().filter(|line| !line.ends_with("gone")).map(|line| format!("{line}\n")).collect();
    let known = &ask(&asked, &without).unwrap()["told"];
    assert_eq!((&left_out["parameters"], &left_out["mean"]), (&known["parameters"], &known["mean"]));
}

#[test]
fn a_mean_that_does_not_exist_is_said_and_gives_no_lifetime_values() {
    let model = models::GammaGamma::new([6.0, 0.6, 10.0]).unwrap();
    let worth: Vec<f64> = (0..600).map(|at| model.simulate(1, &mut models::generator(at)).mean).collect();
    let text = buying(600, |customer, purchase| {
        format!("{},1", worth[customer as usize] * (0.9 + 0.1 * f64::from(purchase % 3)))
    });
    let told = &ask(&format!("gammagamma FILE {BOUGHT} --out OUT"), &text).unwrap()["told"];
    assert!(told["parameters"][1]["value"].as_f64().unwrap() < 1.0 && told["mean"].is_null(), "{told}");
    let text = format!("{}{}", purchases().replace(';', ","), "");
    let heavy: String = text
        .lines()
        .enumerate()
        .map(|(at, line)| match line.rsplit_once(',') {
            Some((left, _)) if at > 0 => {
                let customer: usize = line[1..].split(',').next().unwrap().parse().unwrap();
                format!("{left},{}\n", worth[customer % 600] * (0.9 + 0.1 * (at % 3) as f64))
            }
            _ => format!("{line}\n"),
        })
        .collect();
    let said = ask(&format!("bgnbd FILE {BOUGHT}"), &heavy).unwrap_err();
    assert!(said.contains("a purchase has no mean value") && said.contains("No lifetime values"), "{said}");
}

/// The lifetime values of a file whose margin is `share` of each customer's value.
fn lifetime(share: impl Fn(u32) -> f64, options: &str) -> Value {
    let mut text = "who;day;worth;made\n".to_owned();
    for line in purchases().lines().skip(1) {
        let cells: Vec<&str> = line.split(';').collect();
        let (customer, worth): (u32, f64) = (cells[0][1..].parse().unwrap(), cells[2].parse().unwrap());
        text.push_str(&format!("{line};{}\n", worth * share(customer)));
    }
    ask(&format!("bgnbd FILE {BOUGHT} {options}"), &text).unwrap()["told"].clone()
}

#[test]
fn lifetime_values_in_margin_are_those_in_revenue_times_the_shrunken_rates() {
    let sum = |told: &Value| told["lifetime_value"]["sum"].as_f64().unwrap();
    let revenue = lifetime(|_| 0.3, "");
    let margin = lifetime(|_| 0.3, "--margin made");
    assert_eq!(
        (&revenue["lifetime_value"]["of"], &margin["lifetime_value"]["of"]),
        (&json!("revenue"), &json!("margin"))
    );
    assert!((sum(&margin) / sum(&revenue) - 0.3).abs() < 1e-9, "{margin}");
    assert!((margin["margin_rate"].as_f64().unwrap() - 0.3).abs() < 1e-9);
    // The correlation that the spend model must be free of is told beside it.
    let correlation = margin["spend"]["correlation_of_frequency_and_spend"].as_f64().unwrap();
    assert!(correlation.abs() < 0.3 && margin["spend"] == revenue["spend"]);
    // Customers of two rates that never vary are worth their own rates; at a loss, less than nothing.
    let two = lifetime(|customer| if customer % 2 == 0 { -0.1 } else { 0.5 }, "--margin made");
    assert!(sum(&two) > 0.1 * sum(&revenue) && sum(&two) < 0.3 * sum(&revenue), "{two}");
    assert!(sum(&lifetime(|_| -0.2, "--margin made")) < 0.0);
}

#[test]
fn a_lone_last_day_far_behind_the_others_is_told() {
    let late = format!("{}c1;2026-11-20;5\n", purchases());
    for line in [format!("bgnbd FILE {BOUGHT}"), format!("rfm FILE {BOUGHT}")] {
        let told = &ask(&line, &late).unwrap()["told"];
        assert!(told["days_before_the_last"].as_i64().unwrap() > 300, "{line}: {told}");
        assert!(ask(&line, &purchases()).unwrap()["told"]["days_before_the_last"].is_null());
        let ended =
            |end: &str| ask(&format!("{line} --end {end}"), &late).unwrap()["told"]["days_before_the_last"].clone();
        assert!(ended("2025-10-10").is_null() && ended("2026-06-30").as_i64().unwrap() > 200);
    }
    let start = chrono::NaiveDate::from_ymd_opt(2021, 1, 1).unwrap();
    let days: String = (0..1300).map(|at| format!("{}\n", start + chrono::Days::new(at + at % 3))).collect();
    let told = &ask("change FILE --date d", &format!("d\n{days}2025-08-01\n")).unwrap()["told"];
    assert!(told["days_before_the_last"].as_i64().unwrap() > 31, "{told}");
}

#[test]
fn equal_customers_share_their_class_in_any_order_of_rows() {
    let asked = "abc FILE --customer a --value b";
    for text in ["a,b\nx,50\ny,30\nz,10\nw,10\n", "a,b\nw,10\nz,10\ny,30\nx,50\n"] {
        let told = &ask(asked, text).unwrap()["told"];
        let counts: Vec<u64> = (0..3).map(|at| told["classes"][at]["customers"].as_u64().unwrap()).collect();
        assert_eq!(counts, [2, 2, 0]);
    }
}

#[test]
fn amounts_of_billions_are_watched() {
    let start = chrono::NaiveDate::from_ymd_opt(2021, 1, 1).unwrap();
    let months = models::series::Length::Month.starts(start, 49);
    for unit in [1.0, 1e7, 1e14] {
        let mut chance = fastrand::Rng::with_seed(3);
        let rows: String =
            months.iter().map(|day| format!("{day},{:.0}\n", unit * f64::from(chance.u32(900..1100)))).collect();
        let told = ask("change FILE --date d --value v", &format!("d,v\n{rows}")).unwrap();
        assert_eq!(told["told"]["alarm"], Value::Null, "{unit}");
    }
}
