use rand::{Rng, RngExt};

use super::bgbb_sums::Sums;
use crate::chance;
use crate::maximise::best_of;
use crate::parallel::parts;
use crate::special::ln_beta;
#[cfg(test)]
use crate::special::ln_gamma;
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
        Ok(self.slope(&grouped(seasons))[0])
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
        let on = |groups: &[Group], logs: &[f64; 4]| {
            let model = at(logs);
            let [value, alpha, beta, gamma, delta] = model.slope(groups);
            (value, [alpha * model.alpha, beta * model.beta, gamma * model.gamma, delta * model.delta])
        };
        let every = groups.len().div_ceil(ROUGH).max(1);
        let rough: Vec<Group> = groups.iter().step_by(every).copied().collect();
        let starts = [[1.0, 1.0, 0.5, 2.0], [0.5, 0.5, 1.0, 5.0], [2.0, 1.0, 0.3, 1.0], [1.0, 3.0, 1.0, 1.0]];
        let starts = starts.map(|start| start.map(f64::ln));
        let (top, agreeing) = best_of(&|l: &_| on(&rough, l), &|l: &_| on(&groups, l), &starts, NAMES)?;
        Ok(Fit {
            model: at(&top.at),
            log_likelihood: top.value,
            estimates: top.estimates(NAMES),
            starts_agreeing: agreeing,
            starts: starts.len(),
            evaluations: top.evaluations,
        })
    }

    /// Log-likelihood and its derivatives by α, β, γ, δ.
    fn slope(&self, groups: &[Group]) -> [f64; 5] {
        let most = groups.iter().map(|group| group.season.periods).max().unwrap_or(0);
        let sums = Sums::new(self, most);
        let all = parts(groups.len(), |range| {
            let part = &groups[range];
            let seasons: Vec<Season> = part.iter().map(|group| group.season).collect();
            let each = sums.histories(&seasons).into_iter().zip(part);
            each.fold([0.0; 5], |sum, ((ln, slope), group)| {
                std::array::from_fn(|i| sum[i] + group.count * if i == 0 { ln } else { slope[i - 1] })
            })
        });
        all.into_iter().fold([0.0; 5], |left, right| std::array::from_fn(|i| left[i] + right[i]))
    }

    /// ln of the likelihood of one history.
    fn ln_history(&self, one: &Season) -> f64 {
        Sums::new(self, one.periods).histories(std::slice::from_ref(one))[0].0
    }

    /// Periods with a purchase among the first `periods` after the first purchase; the paper's mean, summed period by period.
    pub fn expected(&self, periods: u32) -> f64 {
        let buys = self.alpha / (self.alpha + self.beta);
        (1..=periods).map(|n| buys * self.there(0.0, f64::from(n)).exp()).sum()
    }

    /// Periods with a purchase among the next `periods`; equation 13, summed period by period, which
    /// also holds at γ = 1.
    pub fn expected_of(&self, one: &Season, periods: u32) -> f64 {
        self.outlook(one, self.ln_history(one), periods, 0.0).expected
    }

    /// What one unit per purchase in the next `periods` is worth now, at a discount of `rate` a period: the residual
    /// transactions of equation 14, cut off after `periods`.
    pub fn discounted(&self, one: &Season, periods: u32, rate: f64) -> f64 {
        self.outlook(one, self.ln_history(one), periods, rate).discounted
    }

    /// The probability that the customer is there in the period after the last observed one.
    pub fn alive(&self, one: &Season) -> f64 {
        self.outlook(one, self.ln_history(one), 0, 0.0).alive
    }

    /// All three, of many histories in the order given; those of the same number of purchases share most of the work.
    pub fn outlook_of_all(&self, seasons: &[Season], periods: u32, rate: f64) -> Vec<Outlook> {
        let mut order: Vec<usize> = (0..seasons.len()).collect();
        order.sort_by_key(|at| seasons[*at].bought);
        let sorted: Vec<Season> = order.iter().map(|at| seasons[*at]).collect();
        let sums = Sums::new(self, seasons.iter().map(|one| one.periods).max().unwrap_or(0));
        let found = parts(sorted.len(), |range| {
            let part = &sorted[range];
            let each = sums.histories(part).into_iter().zip(part);
            each.map(|((ln, _), one)| self.outlook(one, ln, periods, rate)).collect::<Vec<_>>()
        });
        let mut all = vec![Outlook::default(); seasons.len()];
        order.into_iter().zip(found.concat()).for_each(|(at, one)| all[at] = one);
        all
    }

    fn outlook(&self, one: &Season, ln_history: f64, periods: u32, rate: f64) -> Outlook {
        let (x, n) = (f64::from(one.bought), f64::from(one.periods));
        let buying = ln_beta(self.alpha + x, self.beta + n - x) - ln_beta(self.alpha, self.beta);
        let buys = (self.alpha + x) / (self.alpha + self.beta + n);
        // There in the next period, and one period after the other from then on.
        let mut there = (buying + self.there(0.0, n + 1.0) - ln_history).exp();
        let mut found = Outlook { alive: there, expected: 0.0, discounted: 0.0 };
        for ahead in 1..=periods {
            found.expected += buys * there;
            found.discounted += buys * there / (1.0 + rate).powi(ahead as i32);
            let present = n + f64::from(ahead);
            there *= (self.delta + present) / (self.gamma + self.delta + present);
        }
        found
    }

    /// ln of the probability to be there for `present` periods and leave in `left` of them.
    fn there(&self, left: f64, present: f64) -> f64 {
        ln_beta(self.gamma + left, self.delta + present) - ln_beta(self.gamma, self.delta)
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

/// What is to come of the customers with one history.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outlook {
    /// The probability to be there in the period after the last observed one.
    pub alive: f64,
    /// Periods with a purchase among the next ones.
    pub expected: f64,
    /// The same, discounted.
    pub discounted: f64,
}

/// Histories on which the starts are tried.
const ROUGH: usize = 4_000;

#[derive(Clone, Copy)]
struct Group {
    season: Season,
    count: f64,
}

/// Customers with the same history together, those with the same number of purchases beside each other.
fn grouped(seasons: &[Season]) -> Vec<Group> {
    let mut all: Vec<Group> =
        seasons.iter().map(|one| Group { season: *one, count: f64::from(one.customers) }).collect();
    let key = |one: &Group| (one.season.bought, one.season.periods, one.season.last);
    all.sort_by_key(key);
    all.dedup_by(|next, kept| {
        let same = key(next) == key(kept);
        if same {
            kept.count += next.count;
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
