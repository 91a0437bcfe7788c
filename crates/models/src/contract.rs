use rand::{Rng, RngExt};

use crate::chance;
use crate::maximise::best_of;
use crate::special::{digamma, hyp2f1, ln_beta};
use crate::{Fit, Wrong};

const NAMES: [&str; 2] = ["alpha", "beta"];

/// Shifted beta-geometric: at each renewal a customer leaves with his own probability, beta(α, β) distributed among
/// customers. P. Fader & B. Hardie, "How to project customer retention", Journal of Interactive Marketing 21 (2007) 76–90.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BetaGeometric {
    alpha: f64,
    beta: f64,
}

impl BetaGeometric {
    /// # Errors
    /// `Parameter` names the one that is not a finite number above zero.
    pub fn new(parameters: [f64; 2]) -> Result<Self, Wrong> {
        let [alpha, beta] = crate::wrong::parameters(parameters, NAMES)?;
        Ok(Self { alpha, beta })
    }

    pub fn parameters(&self) -> [f64; 2] {
        [self.alpha, self.beta]
    }

    /// `survivors`: customers (or a share or percent of them) still there after 0, 1, 2 … renewals (appendix B).
    ///
    /// # Errors
    /// Names the row of a number that is none or larger than the one before.
    pub fn log_likelihood(&self, survivors: &[f64]) -> Result<f64, Wrong> {
        check(survivors)?;
        Ok(self.slope(survivors).0)
    }

    fn slope(&self, survivors: &[f64]) -> (f64, [f64; 2]) {
        let (alpha, beta) = (self.alpha, self.beta);
        let whole = ln_beta(alpha, beta);
        let (by_alpha, by_beta, both) = (digamma(alpha), digamma(beta), digamma(alpha + beta));
        let (mut value, mut slope) = (0.0, [0.0; 2]);
        let mut add = |customers: f64, left: f64, stayed: f64| {
            let together = both - digamma(alpha + beta + left + stayed);
            value += customers * (ln_beta(alpha + left, beta + stayed) - whole);
            slope[0] += customers * (digamma(alpha + left) - by_alpha + together);
            slope[1] += customers * (digamma(beta + stayed) - by_beta + together);
        };
        for (renewal, pair) in survivors.windows(2).enumerate() {
            add(pair[0] - pair[1], 1.0, renewal as f64);
        }
        if let Some(left) = survivors.last() {
            add(*left, 0.0, (survivors.len() - 1) as f64);
        }
        (value, slope)
    }

    /// Maximum likelihood from several starts. Standard errors are those of as many customers as `survivors` begins with:
    /// give counts, not percent, for errors of use.
    ///
    /// # Errors
    /// As the log-likelihood; `Nothing` when nobody left or everybody did at once.
    pub fn fit(survivors: &[f64]) -> Result<Fit<Self>, Wrong> {
        check(survivors)?;
        if survivors.len() < 3 {
            return Err(Wrong::TooFew { what: "renewals", found: survivors.len() - 1, needed: 2 });
        }
        if survivors[0] == survivors[survivors.len() - 1] {
            return Err(Wrong::Nothing { what: "customers who left" });
        }
        if survivors[1] == 0.0 {
            return Err(Wrong::Nothing { what: "customers who stayed" });
        }
        let at = |logs: &[f64; 2]| Self { alpha: logs[0].exp(), beta: logs[1].exp() };
        let surface = |logs: &[f64; 2]| {
            let model = at(logs);
            let (value, slope) = model.slope(survivors);
            (value, [slope[0] * model.alpha, slope[1] * model.beta])
        };
        let starts = [[0.0, 0.0], [-0.5, 1.5], [1.0, 3.0], [-1.5, -0.5]];
        let (top, agreeing) = best_of(&surface, &surface, &starts, NAMES)?;
        Ok(Fit {
            model: at(&top.at),
            log_likelihood: top.value,
            estimates: top.estimates(NAMES),
            starts_agreeing: agreeing,
            starts: starts.len(),
            evaluations: top.evaluations,
        })
    }

    /// The share of a cohort that is still there after so many renewals (equation 6).
    pub fn survival(&self, renewals: u32) -> f64 {
        (ln_beta(self.alpha, self.beta + f64::from(renewals)) - ln_beta(self.alpha, self.beta)).exp()
    }

    /// Of those still there after `renewals` − 1, the share that renews once more; it rises, since the fickle leave first
    /// (equation 8).
    pub fn retention(&self, renewals: u32) -> f64 {
        let before = f64::from(renewals) - 1.0;
        (self.beta + before) / (self.alpha + self.beta + before)
    }

    /// Renewals still to come of a customer who is to renew after `renewals`, the first one counted if he does, all later
    /// ones discounted by `rate` a period. P. Fader & B. Hardie, "Customer-base valuation in a contractual setting: the
    /// perils of ignoring heterogeneity", Marketing Science 29 (2010) 85–93.
    ///
    /// # Errors
    /// `Parameter` unless the rate is above zero.
    pub fn discounted(&self, renewals: u32, rate: f64) -> Result<f64, Wrong> {
        if !(rate.is_finite() && rate > 0.0) {
            return Err(Wrong::Parameter { parameter: "rate" });
        }
        let n = f64::from(renewals);
        let (stays, either) = (self.beta + n, self.alpha + self.beta + n);
        Ok(stays / either * hyp2f1(1.0, stays + 1.0, either + 1.0, 1.0 / (1.0 + rate)))
    }

    /// How many of `customers` are still there after 0 … `renewals`.
    pub fn simulate(&self, customers: u32, renewals: u32, chance: &mut impl Rng) -> Vec<f64> {
        let mut survivors = vec![0.0; renewals as usize + 1];
        for _ in 0..customers {
            let leaves = chance::beta(self.alpha, self.beta, chance);
            for there in &mut survivors {
                *there += 1.0;
                if chance.random_bool(leaves) {
                    break;
                }
            }
        }
        survivors
    }
}

fn check(survivors: &[f64]) -> Result<(), Wrong> {
    for (at, number) in survivors.iter().enumerate() {
        crate::wrong::not_negative(*number, at + 1, "survivors")?;
    }
    match survivors.windows(2).position(|pair| pair[1] > pair[0]) {
        Some(at) => Err(Wrong::Unsorted { row: at + 2, field: "survivors" }),
        None if survivors.len() < 2 => Err(Wrong::TooFew { what: "renewals", found: 0, needed: 2 }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quadrature::integral;

    #[test]
    fn survival_is_the_mean_over_the_customers_own_probabilities() {
        let model = BetaGeometric::new([1.3, 3.8]).unwrap();
        for renewals in [1, 5, 12] {
            let density = |p: f64| p.powf(0.3) * (1.0 - p).powf(2.8 + f64::from(renewals));
            let known = integral(0.0, 1.0, 4000, density) / ln_beta(1.3, 3.8).exp();
            assert!((model.survival(renewals) - known).abs() < 1e-7, "{renewals}");
            let ratio = model.survival(renewals) / model.survival(renewals - 1);
            assert!((model.retention(renewals) - ratio).abs() < 1e-12);
        }
    }

    #[test]
    fn renewals_to_come_are_the_sum_written_out() {
        let model = BetaGeometric::new([0.668, 3.806]).unwrap();
        for renewals in [0_u32, 3] {
            let sum: f64 = (1..3000)
                .map(|more| model.survival(renewals + more) / model.survival(renewals) / 1.1_f64.powi(more as i32 - 1))
                .sum();
            assert!((model.discounted(renewals, 0.1).unwrap() - sum).abs() < 1e-9, "{renewals}");
        }
        assert!(model.discounted(1, 0.0).is_err());
    }

    #[test]
    fn simulated_contracts_give_the_parameters_back() {
        let model = BetaGeometric::new([0.7, 1.2]).unwrap();
        let survivors = model.simulate(50_000, 7, &mut crate::generator(4));
        let fit = BetaGeometric::fit(&survivors).unwrap();
        for (estimate, known) in fit.estimates.iter().zip(model.parameters()) {
            assert!((estimate.value - known).abs() < 4.0 * estimate.standard_error, "{estimate:?} {known}");
            assert!(estimate.standard_error < 0.05 * known, "{estimate:?}");
        }
    }

    #[test]
    fn what_cannot_be_or_says_nothing_is_refused() {
        let refused = |survivors: &[f64]| BetaGeometric::fit(survivors).unwrap_err();
        assert_eq!(refused(&[100.0, 80.0, 90.0]), Wrong::Unsorted { row: 3, field: "survivors" });
        assert_eq!(refused(&[100.0, -1.0, 0.0]), Wrong::Negative { row: 2, field: "survivors" });
        assert_eq!(refused(&[100.0, 100.0, 100.0]), Wrong::Nothing { what: "customers who left" });
        assert!(matches!(refused(&[100.0, 0.0, 0.0]), Wrong::Nothing { .. }));
        assert!(matches!(refused(&[100.0]), Wrong::TooFew { .. }));
        // Everybody the same: a geometric distribution has no spread of probabilities.
        assert!(matches!(refused(&[1024.0, 512.0, 256.0, 128.0]), Wrong::Undetermined { .. }));
    }
}
