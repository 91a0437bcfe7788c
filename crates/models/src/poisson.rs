use std::f64::consts::TAU;

/// Whether `count` lies below the 5 % point of a Poisson distribution with this mean, that is, below the smallest `k`
/// with P(X ≤ k) ≥ 0.05. The same as P(X ≤ count) < 0.05. Never true for a mean below about 3.0, where even a count
/// of 0 is not rare, nor for a mean that is negative or not a number.
pub fn below_five_percent(count: u64, mean: f64) -> bool {
    poisson_cdf(count, mean) < 0.05
}

/// P(X ≤ count) for X Poisson distributed with this mean; not a number when the mean is negative or not finite.
///
/// Sums the terms from `count` away from the mean, so that they only get smaller. The first one comes from
/// C. Loader, "Fast and accurate computation of binomial probabilities" (2000), which loses no digits at large means.
/// Takes in the order of the square root of the mean steps.
pub fn poisson_cdf(count: u64, mean: f64) -> f64 {
    if !mean.is_finite() || mean < 0.0 {
        return f64::NAN;
    }
    if mean == 0.0 {
        return 1.0;
    }
    match count as f64 <= mean {
        true => lower_tail(count, mean),
        false => 1.0 - upper_tail(count + 1, mean),
    }
}

fn lower_tail(count: u64, mean: f64) -> f64 {
    let mut term = probability(count, mean);
    let mut sum = 0.0;
    for k in (0..=count).rev() {
        sum += term;
        term *= k as f64 / mean;
        if term <= sum * f64::EPSILON / 4.0 {
            break;
        }
    }
    sum
}

fn upper_tail(from: u64, mean: f64) -> f64 {
    let mut term = probability(from, mean);
    let mut sum = 0.0;
    let mut k = from as f64;
    while term > sum * f64::EPSILON / 4.0 {
        sum += term;
        k += 1.0;
        term *= mean / k;
    }
    sum
}

/// P(X = count); Loader (2000), equation 6.
fn probability(count: u64, mean: f64) -> f64 {
    if count == 0 {
        return (-mean).exp();
    }
    let k = count as f64;
    (-stirling_error(count) - deviance(k, mean)).exp() / (TAU * k).sqrt()
}

/// ln k! minus Stirling's formula for it.
fn stirling_error(count: u64) -> f64 {
    let k = count as f64;
    if count <= 15 {
        // The factorials up to 15! are exact in f64; the series is not good enough there.
        let factorial: f64 = (1..=count).map(|factor| factor as f64).product();
        return factorial.ln() - ((k + 0.5) * k.ln() - k + 0.5 * TAU.ln());
    }
    let k2 = k * k;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / k2) / k2) / k2) / k2) / k
}

/// `k ln(k / mean) + mean - k`, by a series where the two nearly cancel.
fn deviance(k: f64, mean: f64) -> f64 {
    let difference = k - mean;
    if difference.abs() >= 0.1 * (k + mean) {
        return k * (k / mean).ln() + mean - k;
    }
    let v = difference / (k + mean);
    let mut sum = difference * v;
    let mut term = 2.0 * k * v;
    for odd in (3..1000).step_by(2) {
        term *= v * v;
        let next = sum + term / f64::from(odd);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_means_agree_with_the_sum_written_out() {
        for mean in [0.1, 1.0, 3.7, 12.0, 40.0] {
            let mut term = f64::exp(-mean);
            let mut sum = 0.0;
            for count in 0..120_u64 {
                sum += term;
                assert!((poisson_cdf(count, mean) - sum).abs() < 1e-13, "{count} at {mean}");
                term *= mean / (count + 1) as f64;
            }
        }
    }

    #[test]
    fn a_printed_table_is_met() {
        // Tables of the cumulative Poisson distribution, four decimals.
        for (count, mean, printed) in [(2, 5.0, 0.1247), (4, 10.0, 0.0293), (5, 10.0, 0.0671), (10, 20.0, 0.0108)] {
            assert!((poisson_cdf(count, mean) - printed).abs() < 0.000_05, "{count} at {mean}");
        }
    }

    #[test]
    fn large_means_stay_exact() {
        // At a whole mean m the median is m, and P(X ≤ m) = 1/2 + 2/3 · P(X = m) up to order m^-3/2 (Ramanujan).
        for mean in [1e4_f64, 1e6, 1e8] {
            let expected = 0.5 + 2.0 / 3.0 / (TAU * mean).sqrt();
            assert!((poisson_cdf(mean as u64, mean) - expected).abs() < mean.powf(-1.5), "{mean}");
            let both = poisson_cdf(mean as u64, mean) - poisson_cdf(mean as u64 - 1, mean);
            assert!((both * (TAU * mean).sqrt() - 1.0).abs() < 1e-3, "{mean}");
        }
    }

    #[test]
    fn the_five_percent_point_of_ten_is_five() {
        assert!(below_five_percent(4, 10.0));
        assert!(!below_five_percent(5, 10.0));
    }

    #[test]
    fn nothing_is_only_rare_when_three_were_to_be_expected() {
        assert!(!below_five_percent(0, 2.99));
        assert!(below_five_percent(0, 3.0));
        assert!(!below_five_percent(0, 0.0));
        assert!(!below_five_percent(0, f64::NAN));
        assert!(!below_five_percent(0, -1.0));
    }
}
