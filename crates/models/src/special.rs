//! Special functions. ln Γ is `libm`'s, digamma and the quantiles are `statrs`'; see docs/decisions/0008.

pub use statrs::function::gamma::digamma;

/// ln |Γ(x)|, to the last digit (fdlibm's algorithm).
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b), without cancellation where one of the two is much larger.
pub fn ln_beta(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    if large < 1e4 {
        return ln_gamma(small) + ln_gamma(large) - ln_gamma(small + large);
    }
    // ln Γ(large) − ln Γ(small + large) by Stirling's series, whose leading terms nearly cancel.
    let sum = small + large;
    let tail = |x: f64| 1.0 / (12.0 * x) - 1.0 / (360.0 * x * x * x);
    ln_gamma(small) - (large - 0.5) * (small / large).ln_1p() - small * sum.ln() + small + tail(large) - tail(sum)
}

/// Gauss' hypergeometric function for 0 ≤ z < 1, by its series (Abramowitz & Stegun 15.1.1), after the linear
/// transformation 15.3.3 where that makes it shorter. Not a number when `c` is a whole number at or below zero.
pub fn hyp2f1(a: f64, b: f64, c: f64, z: f64) -> f64 {
    if !(0.0..1.0).contains(&z) || (c <= 0.0 && c.fract() == 0.0) {
        return f64::NAN;
    }
    let excess = c - a - b;
    match excess < 0.0 {
        true => (1.0 - z).powf(excess) * series(c - a, c - b, c, z),
        false => series(a, b, c, z),
    }
}

fn series(a: f64, b: f64, c: f64, z: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 0..10_000_000_u32 {
        let n = f64::from(n);
        term *= (a + n) * (b + n) / ((c + n) * (n + 1.0)) * z;
        sum += term;
        if term.abs() <= f64::EPSILON / 4.0 * f64::abs(sum) && n > -a && n > -b {
            break;
        }
    }
    sum
}

/// The point below which a standard normal value lies with this probability.
pub fn normal_quantile(probability: f64) -> f64 {
    -std::f64::consts::SQRT_2 * statrs::function::erf::erfc_inv(2.0 * probability)
}

/// P(Z ≤ z) of a standard normal value.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// P(X > x) of a chi-squared value with these degrees of freedom.
pub fn chi_squared_above(x: f64, degrees: f64) -> f64 {
    match x > 0.0 {
        true => statrs::function::gamma::gamma_ur(degrees / 2.0, x / 2.0),
        false => 1.0,
    }
}

/// The two-sided 95 % point of Student's t with these degrees of freedom: P(|T| ≤ t) = 0.95.
pub fn student_95(degrees: f64) -> f64 {
    let x = statrs::function::beta::inv_beta_reg(degrees / 2.0, 0.5, 0.05);
    (degrees * (1.0 - x) / x).sqrt()
}

#[cfg(test)]
#[path = "special_tests.rs"]
mod tests;
