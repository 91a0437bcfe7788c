//! What the pages show.

pub mod file;
pub mod list;
pub mod quality;
pub mod trend;

use web::Ui;

use crate::{Mode, SEVERAL};

/// An address of ours; pairs without a value are left out.
pub fn address(path: &str, pairs: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let kept: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    match serde_urlencoded::to_string(&kept) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.into(),
    }
}

/// Options of a select: any mode, then each.
pub fn mode_options(ui: &Ui) -> Vec<(String, String)> {
    let any = (String::new(), ui.t("shipment-any_mode"));
    std::iter::once(any).chain(Mode::ALL.iter().map(|mode| (mode.word().to_owned(), ui.t(mode.key())))).collect()
}

/// A stored mode in words; empty when nobody said it.
pub fn mode_name(ui: &Ui, word: &str) -> String {
    match word.parse::<Mode>() {
        Ok(mode) => ui.t(mode.key()),
        Err(_) if word == SEVERAL => ui.t("quality-several"),
        Err(_) => String::new(),
    }
}

/// `上海 → 成都`; empty when neither end is known.
pub fn lane(origin: &str, destination: &str) -> String {
    match (origin, destination) {
        ("", "") => String::new(),
        (origin, destination) => format!("{} → {}", known(origin), known(destination)),
    }
}

fn known(place: &str) -> &str {
    if place.is_empty() { "?" } else { place }
}

/// Whole units of so many decimals as a decimal number: `12345` of 3 is `12.345`.
pub fn decimal(number: i64, decimals: u32) -> String {
    let one = 10_i64.pow(decimals);
    let whole = texts::format::thousands(number / one);
    let part = format!("{:0width$}", number.unsigned_abs() % one.unsigned_abs(), width = decimals as usize);
    match part.trim_end_matches('0') {
        "" => whole,
        part => format!("{whole}.{part}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grams_are_shown_as_kilograms_without_needless_zeros() {
        assert_eq!(decimal(1_234_500, 3), "1,234.5");
        assert_eq!(decimal(2_000, 3), "2");
        assert_eq!(decimal(5, 3), "0.005");
    }

    #[test]
    fn an_address_leaves_out_what_is_empty_and_escapes_the_rest() {
        let pairs = [("q", "a&b".to_owned()), ("mode", String::new())];
        assert_eq!(address("/shipments", pairs), "/shipments?q=a%26b");
        assert_eq!(address("/shipments", []), "/shipments");
    }
}
