use rand::{Rng, RngExt};

use crate::chance;
use crate::maximise::best_of;
#[cfg(test)]
use crate::special::ln_gamma;
use crate::special::{digamma, ln_beta};
use crate::{Fit, Wrong};

const NAMES: [&str; 4] = ["alpha", "beta", "gamma", "delta"];

/// Customers with the same history of yes-or-no periods (a year's donation, a season's contract).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Season {
    /// Periods after the first purchase. `n` in the paper.
    pub periods: u32,
    /// Periods of them with a purchase. `x`.
    pub bought: u32,
    /// The last period with a purchase, 0 without any. `t_x`.
    pub last: u32,
    /// How many customers have this history.
    pub customers: u32,
}

/// BG/BB: in each period a customer who is there buys with a beta(α, β) distributed probability, and before each period he
/// leaves with a beta(γ, δ) distributed one. P. Fader, B. Hardie & J. Shang, "Customer-base analysis in a discrete-time
/// noncontractual setting", Marketing Science 29 (2010) 1086–1108.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BgBb {
    alpha: f64,
    beta: f64,
    gamma: f64,
    delta: f64,
}

impl BgBb {
    /// # Errors
    /// `Parameter` names the one that is not a finite number above zero.
    pub fn new(parameters: [f64; 4]) -> Result<Self, Wrong> {
        let [alpha, beta, gamma, delta] = crate::wrong::parameters(parameters, NAMES)?;
        Ok(Self { alpha, beta, gamma, delta })
    }

    pub fn parameters(&self) -> [f64; 4] {
        [self.alpha, self.beta, self.gamma, self.delta]
    }

    /// Of all customers (section 3 of the paper).
    ///
    /// # Errors
    /// Names the first row that cannot be.
    pub fn log_likelihood(&self, seasons: &[Season]) -> Result<f64, Wrong> {
        check(seasons)?;
        Ok(seasons.iter().map(|one| f64::from(one.customers) * self.history(one).0).sum())
    }

    /// Maximum likelihood from several starts.
    ///
    /// # Errors
    /// Names the first row that cannot be, or says what the data do not determine.
    pub fn fit(seasons: &[Season]) -> Result<Fit<Self>, Wrong> {
        check(seasons)?;
        let groups = grouped(seasons);
        if groups.len() < 2 {
            return Err(Wrong::AllAlike { what: "customers" });
        }
        let at = |logs: &[f64; 4]| {
            let [alpha, beta, gamma, delta] = logs.map(f64::exp);
            Self { alpha, beta, gamma, delta }
        };
        let surface = |logs: &[f64; 4]| {
            let model = at(logs);
            let mut sum = (0.0, [0.0; 4]);
            for one in &groups {
                let (ln, slope) = model.history(one);
                let count = f64::from(one.customers);
                sum.0 += count * ln;
                (0..4).for_each(|i| sum.1[i] += count * slope[i]);
            }
            let own = model.parameters();
            (sum.0, std::array::from_fn(|i| sum.1[i] * own[i]))
        };
        let starts = [[1.0, 1.0, 0.5, 2.0], [0.5, 0.5, 1.0, 5.0], [2.0, 1.0, 0.3, 1.0], [1.0, 3.0, 1.0, 1.0]];
        let starts = starts.map(|start| start.map(f64::ln));
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

    /// ln of the likelihood of one history, and its derivatives: a sum over the period after which he may have left.
    fn history(&self, one: &Season) -> (f64, [f64; 4]) {
        let (x, n) = (f64::from(one.bought), f64::from(one.periods));
        // (ln of the likelihood if he was there for `present` periods, the last of all or then left)
        let part = |present: f64, left: f64| {
            let buying = ln_beta(self.alpha + x, self.beta + present - x) - ln_beta(self.alpha, self.beta);
            buying + ln_beta(self.gamma + left, self.delta + present) - ln_beta(self.gamma, self.delta)
        };
        let slope = |present: f64, left: f64| {
            let (buying, leaving) = (self.alpha + self.beta, self.gamma + self.delta);
            let bought = digamma(buying) - digamma(buying + present);
            let stayed = digamma(leaving) - digamma(leaving + left + present);
            [
                digamma(self.alpha + x) - digamma(self.alpha) + bought,
                digamma(self.beta + present - x) - digamma(self.beta) + bought,
                digamma(self.gamma + left) - digamma(self.gamma) + stayed,
                digamma(self.delta + present) - digamma(self.delta) + stayed,
            ]
        };
        let ways = (one.last..one.periods).map(|present| (f64::from(present), 1.0)).chain([(n, 0.0)]);
        let highest = ways.clone().map(|(present, left)| part(present, left)).fold(f64::NEG_INFINITY, f64::max);
        let (mut sum, mut slopes) = (0.0, [0.0; 4]);
        for (present, left) in ways {
            let height = (part(present, left) - highest).exp();
            let own = slope(present, left);
            sum += height;
            (0..4).for_each(|i| slopes[i] += height * own[i]);
        }
        (highest + sum.ln(), slopes.map(|one| one / sum))
    }

    /// Periods with a purchase among the first `periods` after the first purchase; the paper's mean, summed period by period.
    pub fn expected(&self, periods: u32) -> f64 {
        let buys = self.alpha / (self.alpha + self.beta);
        (1..=periods).map(|n| buys * self.there(0.0, f64::from(n)).exp()).sum()
    }

    /// Periods with a purchase among the next `periods`; equation 13, summed period by period, which
    /// also holds at γ = 1.
    pub fn expected_of(&self, one: &Season, periods: u32) -> f64 {
        (1..=periods).map(|ahead| self.in_period(one, ahead)).sum()
    }

    /// What one unit per purchase in the next `periods` is worth now, at a discount of `rate` a period: the residual
    /// transactions of equation 14, cut off after `periods`.
    pub fn discounted(&self, one: &Season, periods: u32, rate: f64) -> f64 {
        (1..=periods).map(|ahead| self.in_period(one, ahead) / (1.0 + rate).powi(ahead as i32)).sum()
    }

    /// The probability of a purchase in the period so many ahead.
    fn in_period(&self, one: &Season, ahead: u32) -> f64 {
        let (x, n) = (f64::from(one.bought), f64::from(one.periods));
        let buys = ln_beta(self.alpha + x + 1.0, self.beta + n - x) - ln_beta(self.alpha, self.beta);
        (buys + self.there(0.0, n + f64::from(ahead)) - self.history(one).0).exp()
    }

    /// ln of the probability to be there for `present` periods and leave in `left` of them.
    fn there(&self, left: f64, present: f64) -> f64 {
        ln_beta(self.gamma + left, self.delta + present) - ln_beta(self.gamma, self.delta)
    }

    /// The probability that the customer is there in the period after the last observed one.
    pub fn alive(&self, one: &Season) -> f64 {
        let (x, n) = (f64::from(one.bought), f64::from(one.periods));
        let buying = ln_beta(self.alpha + x, self.beta + n - x) - ln_beta(self.alpha, self.beta);
        (buying + self.there(0.0, n + 1.0) - self.history(one).0).exp()
    }

    /// One customer of the model, observed for `periods` after his first purchase.
    pub fn simulate(&self, periods: u32, chance: &mut impl Rng) -> Season {
        let buys = chance::beta(self.alpha, self.beta, chance);
        let leaves = chance::beta(self.gamma, self.delta, chance);
        let mut one = Season { periods, bought: 0, last: 0, customers: 1 };
        for period in 1..=periods {
            if chance.random_bool(leaves) {
                break;
            }
            if chance.random_bool(buys) {
                one.bought += 1;
                one.last = period;
            }
        }
        one
    }
}

/// Customers with the same history together: the likelihood costs as much as there are histories.
fn grouped(seasons: &[Season]) -> Vec<Season> {
    let mut all = seasons.to_vec();
    let key = |one: &Season| (one.periods, one.bought, one.last);
    all.sort_unstable_by_key(key);
    all.dedup_by(|next, kept| {
        let same = key(next) == key(kept);
        if same {
            kept.customers = kept.customers.saturating_add(next.customers);
        }
        same
    });
    all
}

/// More periods than any firm has seen; the likelihood is a sum over them.
const MOST_PERIODS: u32 = 5_000;

fn check(seasons: &[Season]) -> Result<(), Wrong> {
    for (at, one) in seasons.iter().enumerate() {
        let row = at + 1;
        if one.periods > MOST_PERIODS {
            return Err(Wrong::OutOfRange { row, field: "periods", least: 0.0, most: f64::from(MOST_PERIODS) });
        }
        if one.last > one.periods {
            return Err(Wrong::Reversed { row, earlier: "last", later: "periods" });
        }
        if one.bought > one.last || (one.bought == 0) != (one.last == 0) {
            return Err(Wrong::Contradicts { row, field: "bought", other: "last" });
        }
        if one.customers == 0 {
            return Err(Wrong::NotPositive { row, field: "customers" });
        }
    }
    match seasons.iter().map(|one| u64::from(one.customers)).sum::<u64>() {
        found @ 0..2 => Err(Wrong::TooFew { what: "customers", found: found as usize, needed: 2 }),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[path = "bgbb_tests.rs"]
mod tests;
