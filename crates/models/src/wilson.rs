/// The 97.5 % point of the standard normal distribution: 95 % between minus and plus this.
const Z_95: f64 = 1.959_963_984_540_054;

/// A share and where the true share lies with 95 % confidence, all as fractions of 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    pub rate: f64,
    pub low: f64,
    pub high: f64,
}

/// The 95 % score interval of `hits` of `total`; `None` when there is nothing to divide by or more hits than trials.
///
/// E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209–212;
/// without continuity correction (method 3 of R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872).
pub fn wilson(hits: u64, total: u64) -> Option<Interval> {
    if total == 0 || hits > total {
        return None;
    }
    let (n, z2) = (total as f64, Z_95 * Z_95);
    let rate = hits as f64 / n;
    let middle = rate + z2 / (2.0 * n);
    let reach = Z_95 * (rate * (1.0 - rate) / n + z2 / (4.0 * n * n)).sqrt();
    let below = 1.0 + z2 / n;
    // Exact at the ends, where rounding would leave 1e-17 or 0.999….
    let low = if hits == 0 { 0.0 } else { (middle - reach) / below };
    let high = if hits == total { 1.0 } else { (middle + reach) / below };
    Some(Interval { rate, low, high })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_printed(hits: u64, total: u64, low: f64, high: f64) {
        let interval = wilson(hits, total).unwrap();
        assert!((interval.low - low).abs() < 0.000_05, "{interval:?}");
        assert!((interval.high - high).abs() < 0.000_05, "{interval:?}");
    }

    #[test]
    fn the_interval_is_the_one_printed_by_newcombe_1998() {
        // Table I, method 3.
        assert_printed(81, 263, 0.2553, 0.3662);
        assert_printed(15, 148, 0.0624, 0.1605);
        assert_printed(0, 20, 0.0, 0.1611);
        assert_printed(1, 29, 0.0061, 0.1718);
    }

    #[test]
    fn none_and_all_of_the_trials_mirror_each_other() {
        let (none, all) = (wilson(0, 10).unwrap(), wilson(10, 10).unwrap());
        assert_eq!((none.low, all.high), (0.0, 1.0));
        assert!((none.high - 0.277_533).abs() < 1e-6, "{none:?}");
        assert!((none.high - (1.0 - all.low)).abs() < 1e-12);
    }

    #[test]
    fn there_is_no_rate_of_nothing() {
        assert_eq!(wilson(0, 0), None);
        assert_eq!(wilson(2, 1), None);
    }
}
