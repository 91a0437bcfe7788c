//! CDNOW, first 39 weeks as calibration: Fader, Hardie & Lee (2005), table 2; Fader & Hardie (2013).

use chrono::NaiveDate;
use models::buying::{Base, BgNbd, Buyer, MbgNbd, ParetoNbd, RepeatBuying};
use models::{Fit, GammaGamma, Histories, Purchase, Spend, Unit, Window, frequency_spend_correlation, histories};

use crate::{assert_printed, data};

fn cdnow() -> Option<Histories> {
    let text = std::fs::read_to_string(data("cdnow/CDNOW_sample.txt")?).unwrap();
    let purchases: Vec<Purchase> = text
        .lines()
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            Purchase {
                customer: words[1].parse().unwrap(),
                day: NaiveDate::parse_from_str(words[2], "%Y%m%d").unwrap(),
                value: words[4].parse().unwrap(),
            }
        })
        .collect();
    let day = |text| NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap();
    let window = Window { unit: Unit::Week, calibration_end: day("1997-09-30"), end: day("1998-06-30") };
    Some(histories(&purchases, &window).unwrap())
}

fn estimates<M>(fit: &Fit<M>) -> Vec<f64> {
    let each = fit.estimates.iter().map(|estimate| estimate.value);
    each.chain([fit.log_likelihood]).collect()
}

const LOYAL: Buyer = Buyer { repeats: 26, last: 30.857, observed: 31.0 };

#[test]
fn bg_nbd_gives_the_published_figures() {
    let Some(cdnow) = cdnow() else { return };
    let base = Base::new(cdnow.buyers()).unwrap();
    assert_eq!(base.buyers().len(), 2357);
    let fit = BgNbd::fit(&base).unwrap();
    assert_printed(&estimates(&fit), &["0.243", "4.414", "0.793", "2.426", "-9582.4"]);
    assert_eq!((fit.starts_agreeing, fit.starts), (4, 4));
    // As the README of the Python package lifetimes prints them for the same data.
    let errors: Vec<f64> = fit.estimates.iter().map(|estimate| estimate.standard_error).collect();
    assert_printed(&errors, &["0.013", "0.378", "0.186", "0.705"]);
    assert_printed(&[fit.model.expected(52.0)], &["1.444"]);
    assert_printed(&[fit.model.expected_of(&LOYAL, 52.0), fit.model.alive(&LOYAL)], &["25.757", "0.969"]);
}

#[test]
fn pareto_nbd_gives_the_published_figures() {
    let Some(cdnow) = cdnow() else { return };
    let fit = ParetoNbd::fit(&Base::new(cdnow.buyers()).unwrap()).unwrap();
    assert_printed(&estimates(&fit), &["0.553", "10.578", "0.606", "11.669", "-9595.0"]);
    assert_eq!(fit.starts_agreeing, 4);
}

#[test]
fn mbg_nbd_gives_the_published_figures() {
    let Some(cdnow) = cdnow() else { return };
    let fit = MbgNbd::fit(&Base::new(cdnow.buyers()).unwrap()).unwrap();
    // As the manual of the R package BTYDplus prints them for the same data.
    assert_printed(&estimates(&fit)[..4], &["0.525", "6.183", "0.891", "1.614"]);
}

#[test]
fn gamma_gamma_gives_the_published_figures() {
    let Some(cdnow) = cdnow() else { return };
    let repeaters = cdnow.rows.iter().filter(|row| row.buyer.repeats > 0);
    let spends: Vec<Spend> = repeaters.map(|row| Spend { repeats: row.valued, mean: row.mean_spend }).collect();
    assert_eq!(spends.len(), 946);
    let fit = GammaGamma::fit(&spends).unwrap();
    assert_printed(&estimates(&fit)[..3], &["6.25", "3.74", "15.44"]);
    assert_printed(&[frequency_spend_correlation(&spends).unwrap()], &["0.11"]);
}

#[test]
fn what_was_held_out_is_foretold() {
    let Some(cdnow) = cdnow() else { return };
    let base = Base::new(cdnow.buyers()).unwrap();
    let model = BgNbd::fit(&base).unwrap().model;
    let foretold: f64 = model.expected_of_all(&base, 39.0).iter().sum();
    let came: f64 = cdnow.rows.iter().map(|row| f64::from(row.held_out)).sum();
    // The paper's figure 5 shows the same: by the end the model is a little low.
    assert!((foretold / came - 1.0).abs() < 0.15, "{foretold} {came}");
}
