//! The likelihood of many histories at once. Customers with the same number of purchases share one sum over the periods
//! after which they may have left, whatever their last purchase and however long they were seen.

use super::bgbb::{BgBb, Season};

/// ln of the likelihood of a history, and its derivatives by α, β, γ, δ.
pub(super) type History = (f64, [f64; 4]);

/// Where less than this of a sum is left after another was taken off, too many digits are lost, and the few terms are added.
const ENOUGH_LEFT: f64 = 0.02;

/// Logarithms and derivatives of ratios of gamma functions, Γ(parameter + k) / Γ(parameter), by k.
struct Rising {
    ln: Vec<f64>,
    slope: Vec<f64>,
}

impl Rising {
    fn new(parameter: f64, most: usize) -> Self {
        let mut found = Self { ln: vec![0.0; most + 1], slope: vec![0.0; most + 1] };
        for k in 0..most {
            let factor = parameter + k as f64;
            found.ln[k + 1] = found.ln[k] + factor.ln();
            found.slope[k + 1] = found.slope[k] + 1.0 / factor;
        }
        found
    }
}

pub(super) struct Sums {
    alpha: Rising,
    beta: Rising,
    either: Rising,
    gamma: Rising,
    delta: Rising,
    leaving: Rising,
}

/// Of one number of purchases, the sum over all ways to have left after `from` + i periods or later, each by its ln and the
/// mean of its derivatives.
struct Tails {
    from: usize,
    sums: Vec<History>,
}

impl Sums {
    /// For histories of at most so many periods.
    pub fn new(model: &BgBb, most: u32) -> Self {
        let ([alpha, beta, gamma, delta], most) = (model.parameters(), most as usize + 1);
        Self {
            alpha: Rising::new(alpha, most),
            beta: Rising::new(beta, most),
            either: Rising::new(alpha + beta, most),
            gamma: Rising::new(gamma, 1),
            delta: Rising::new(delta, most),
            leaving: Rising::new(gamma + delta, most),
        }
    }

    /// Of each history in order; quick where those with the same number of purchases stand together.
    pub fn histories(&self, seasons: &[Season]) -> Vec<History> {
        let mut found = Vec::with_capacity(seasons.len());
        for run in seasons.chunk_by(|a, b| a.bought == b.bought) {
            let tails = self.tails(run);
            found.extend(run.iter().map(|one| self.history(one, &tails)));
        }
        found
    }

    /// ln of the likelihood if he was there for `present` periods and then left, or not.
    fn part(&self, bought: usize, present: usize, left: usize) -> f64 {
        let buying = self.alpha.ln[bought] + self.beta.ln[present - bought] - self.either.ln[present];
        buying + self.gamma.ln[left] + self.delta.ln[present] - self.leaving.ln[present + left]
    }

    fn slope(&self, bought: usize, present: usize, left: usize) -> [f64; 4] {
        let (either, leaving) = (self.either.slope[present], self.leaving.slope[present + left]);
        [
            self.alpha.slope[bought] - either,
            self.beta.slope[present - bought] - either,
            self.gamma.slope[left] - leaving,
            self.delta.slope[present] - leaving,
        ]
    }

    fn way(&self, bought: usize, present: usize, left: usize) -> History {
        (self.part(bought, present, left), self.slope(bought, present, left))
    }

    fn tails(&self, run: &[Season]) -> Tails {
        let from = run.iter().map(|one| one.last).min().unwrap_or(0) as usize;
        let until = run.iter().map(|one| one.periods).max().unwrap_or(0) as usize;
        let bought = run.first().map_or(0, |one| one.bought as usize);
        let mut sums = vec![(f64::NEG_INFINITY, [0.0; 4]); until + 1 - from.min(until)];
        for present in (from..until).rev() {
            sums[present - from] = together(self.way(bought, present, 1), sums[present + 1 - from]);
        }
        Tails { from, sums }
    }

    fn history(&self, one: &Season, tails: &Tails) -> History {
        let (bought, last, periods) = (one.bought as usize, one.last as usize, one.periods as usize);
        let (all, rest) = (tails.sums[last - tails.from], tails.sums[periods - tails.from]);
        let stayed = self.way(bought, periods, 0);
        let off = (rest.0 - all.0).exp();
        let left = match 1.0 - off > ENOUGH_LEFT {
            true => {
                let slopes = std::array::from_fn(|i| (all.1[i] - off * rest.1[i]) / (1.0 - off));
                (all.0 + (-off).ln_1p(), slopes)
            }
            false => (last..periods)
                .fold((f64::NEG_INFINITY, [0.0; 4]), |sum, present| together(sum, self.way(bought, present, 1))),
        };
        together(stayed, left)
    }
}

/// The sum of two likelihoods. One of them may be nothing, the first not.
fn together(first: History, second: History) -> History {
    let (high, low) = if first.0 >= second.0 { (first, second) } else { (second, first) };
    let more = (low.0 - high.0).exp();
    if more == 0.0 || more.is_nan() {
        return high;
    }
    let share = more / (1.0 + more);
    (high.0 + more.ln_1p(), std::array::from_fn(|i| high.1[i] + share * (low.1[i] - high.1[i])))
}
