use rand::Rng;

use crate::chance;
use crate::maximise::best_of;
use crate::parallel::parts;
use crate::special::{digamma, ln_gamma};
use crate::wrong::positive;
use crate::{Fit, Wrong};

const NAMES: [&str; 3] = ["p", "q", "gamma"];

/// Gamma–Gamma: what a purchase is worth varies around a customer's own mean, and the means vary among customers.
/// P. Fader & B. Hardie, "The Gamma-Gamma model of monetary value" (2013).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaGamma {
    p: f64,
    q: f64,
    gamma: f64,
}

/// The repeat purchases of one customer; customers without any are no observation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spend {
    pub repeats: u32,
    /// Mean value of a repeat purchase; above zero.
    pub mean: f64,
}

impl GammaGamma {
    /// # Errors
    /// `Parameter` names the one that is not a finite number above zero.
    pub fn new(parameters: [f64; 3]) -> Result<Self, Wrong> {
        let [p, q, gamma] = crate::wrong::parameters(parameters, NAMES)?;
        Ok(Self { p, q, gamma })
    }

    pub fn parameters(&self) -> [f64; 3] {
        [self.p, self.q, self.gamma]
    }

    /// Equation 1a of the note, over all customers.
    pub fn log_likelihood(&self, spends: &[Spend]) -> f64 {
        self.slope(spends)[0]
    }

    fn slope(&self, spends: &[Spend]) -> [f64; 4] {
        let Self { p, q, gamma } = *self;
        let (ln_gamma_q, digamma_q, ln) = (ln_gamma(q), digamma(q), gamma.ln());
        let all = parts(spends.len(), |range| {
            let mut sum = [0.0; 4];
            for spend in &spends[range] {
                let (x, mean) = (f64::from(spend.repeats), spend.mean);
                let (shape, total) = (p * x, gamma + x * mean);
                let (ln_mean, ln_total) = (mean.ln(), total.ln());
                let more = digamma(shape + q);
                sum[0] += ln_gamma(shape + q) - ln_gamma(shape) - ln_gamma_q + q * ln - ln_mean;
                sum[0] += shape * (x.ln() + ln_mean) - (shape + q) * ln_total;
                sum[1] += x * (more - digamma(shape) + ln_mean + x.ln() - ln_total);
                sum[2] += more - digamma_q + ln - ln_total;
                sum[3] += q / gamma - (shape + q) / total;
            }
            sum
        });
        all.into_iter().fold([0.0; 4], |left, right| std::array::from_fn(|i| left[i] + right[i]))
    }

    /// Maximum likelihood from several starts.
    ///
    /// # Errors
    /// Names the first row without repeats or with a mean that is not above zero; says what the data do not determine.
    pub fn fit(spends: &[Spend]) -> Result<Fit<Self>, Wrong> {
        for (at, spend) in spends.iter().enumerate() {
            positive(f64::from(spend.repeats), at + 1, "repeats")?;
            positive(spend.mean, at + 1, "value")?;
        }
        if spends.len() < 2 {
            return Err(Wrong::TooFew { what: "customers", found: spends.len(), needed: 2 });
        }
        if spends.iter().all(|spend| spend.mean == spends[0].mean) {
            return Err(Wrong::AllAlike { what: "values" });
        }
        let mean = spends.iter().map(|spend| spend.mean).sum::<f64>() / spends.len() as f64;
        let at = |logs: &[f64; 3]| {
            let [p, q, gamma] = logs.map(f64::exp);
            Self { p, q, gamma }
        };
        let on = |spends: &[Spend], logs: &[f64; 3]| {
            let model = at(logs);
            let [value, p, q, gamma] = model.slope(spends);
            (value, [p * model.p, q * model.q, gamma * model.gamma])
        };
        let every = spends.len().div_ceil(4_000).max(1);
        let rough: Vec<Spend> = spends.iter().step_by(every).copied().collect();
        let starts = [(6.0, 4.0), (1.0, 2.0), (2.0, 10.0), (20.0, 2.0)]
            .map(|(p, q): (f64, f64)| [p.ln(), q.ln(), ((q - 1.0) * mean / p).ln()]);
        let (top, agreeing) = best_of(&|l: &_| on(&rough, l), &|l: &_| on(spends, l), &starts, NAMES)?;
        Ok(Fit {
            model: at(&top.at),
            log_likelihood: top.value,
            estimates: top.estimates(NAMES),
            starts_agreeing: agreeing,
            starts: starts.len(),
            evaluations: top.evaluations,
        })
    }

    /// What a purchase of a new customer is worth on average; infinite when the means vary so much that they have none
    /// (q ≤ 1).
    pub fn expected(&self) -> f64 {
        match self.q > 1.0 {
            true => self.p * self.gamma / (self.q - 1.0),
            false => f64::INFINITY,
        }
    }

    /// What a purchase of this customer is worth on average: between his mean and everybody's (equation 5).
    pub fn expected_of(&self, spend: &Spend) -> f64 {
        let x = f64::from(spend.repeats);
        let below = self.p * x + self.q - 1.0;
        match below > 0.0 {
            true => self.p * (self.gamma + x * spend.mean) / below,
            false => f64::INFINITY,
        }
    }

    /// The mean of so many purchases of a customer of the model.
    pub fn simulate(&self, repeats: u32, chance: &mut impl Rng) -> Spend {
        let rate = chance::gamma(self.q, self.gamma, chance);
        let x = f64::from(repeats);
        Spend { repeats, mean: chance::gamma(self.p * x, rate * x, chance) }
    }
}

/// Pearson's correlation of how often and for how much the customers buy. The spend model rests on its being near zero.
/// `None` with fewer than three customers or when one of the two does not vary.
pub fn frequency_spend_correlation(spends: &[Spend]) -> Option<f64> {
    let pairs: Vec<_> = spends.iter().map(|spend| (f64::from(spend.repeats), spend.mean)).collect();
    correlation(&pairs)
}

pub(crate) fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < 3 {
        return None;
    }
    let n = pairs.len() as f64;
    let (left, right) = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0 / n, sum.1 + pair.1 / n));
    let sums = pairs.iter().fold((0.0, 0.0, 0.0), |sum, pair| {
        let (l, r) = (pair.0 - left, pair.1 - right);
        (sum.0 + l * l, sum.1 + l * r, sum.2 + r * r)
    });
    let found = sums.1 / (sums.0 * sums.2).sqrt();
    found.is_finite().then(|| found.clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quadrature::integral;

    #[test]
    fn the_likelihood_and_the_mean_are_integrals_over_the_customers_own_rate() {
        let m = GammaGamma::new([6.25, 3.74, 15.44]).unwrap();
        for (repeats, mean) in [(1, 35.0), (3, 12.0), (12, 80.0)] {
            let x = f64::from(repeats);
            let spend = Spend { repeats, mean };
            let ln_gamma_density = |value: f64, shape: f64, rate: f64| {
                shape * rate.ln() - ln_gamma(shape) + (shape - 1.0) * value.ln() - rate * value
            };
            let joint =
                |rate: f64| (ln_gamma_density(mean, m.p * x, rate * x) + ln_gamma_density(rate, m.q, m.gamma)).exp();
            let whole = integral(1e-9, 5.0, 400, joint);
            assert!((m.log_likelihood(&[spend]) - whole.ln()).abs() < 1e-9, "{spend:?}");
            let own = integral(1e-9, 5.0, 400, |rate| m.p / rate * joint(rate)) / whole;
            assert!((m.expected_of(&spend) / own - 1.0).abs() < 1e-9, "{spend:?}");
        }
    }

    #[test]
    fn simulated_customers_give_the_parameters_back() {
        let model = GammaGamma::new([6.25, 3.74, 15.44]).unwrap();
        let mut chance = crate::generator(2);
        let spends: Vec<_> = (0..20_000).map(|i| model.simulate(1 + i % 7, &mut chance)).collect();
        let mean = spends.iter().map(|spend| spend.mean).sum::<f64>() / 20_000.0;
        assert!((mean / model.expected() - 1.0).abs() < 0.03, "{mean}");
        let fit = GammaGamma::fit(&spends).unwrap();
        for (estimate, known) in fit.estimates.iter().zip(model.parameters()) {
            assert!((estimate.value - known).abs() < 4.0 * estimate.standard_error, "{estimate:?} {known}");
        }
    }

    #[test]
    fn values_at_or_below_zero_are_named_by_their_row() {
        let good = Spend { repeats: 2, mean: 10.0 };
        let refused = |mean| GammaGamma::fit(&[good, Spend { mean, ..good }]).unwrap_err();
        assert_eq!(refused(0.0), Wrong::NotPositive { row: 2, field: "value" });
        assert_eq!(refused(-3.0), Wrong::NotPositive { row: 2, field: "value" });
        assert_eq!(refused(f64::INFINITY), Wrong::NotFinite { row: 2, field: "value" });
        assert_eq!(refused(10.0), Wrong::AllAlike { what: "values" });
        assert!(GammaGamma::fit(&[good]).is_err());
    }

    #[test]
    fn a_correlation_needs_something_that_varies() {
        let all = |pairs: &[(u32, f64)]| {
            let spends: Vec<_> = pairs.iter().map(|&(repeats, mean)| Spend { repeats, mean }).collect();
            frequency_spend_correlation(&spends)
        };
        assert_eq!(all(&[(1, 2.0), (2, 4.0), (3, 6.0)]), Some(1.0));
        assert_eq!(all(&[(1, 2.0), (1, 4.0), (1, 6.0)]), None);
    }
}
