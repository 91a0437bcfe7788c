//! What BG/NBD and MBG/NBD share: a customer buys at a gamma distributed rate λ and after each purchase leaves with a beta
//! distributed probability p. In the first paper nobody leaves right after his first purchase, in the second he may.

use rand::Rng;

use super::Buyer;
use super::base::{Base, Group, by_repeats};
use crate::chance;
use crate::chebyshev::{Chebyshev, LANES};
use crate::maximise::best_of;
use crate::parallel::parts;
use crate::special::{digamma, ln_beta, ln_gamma};
use crate::{Fit, Wrong};

/// Groups on which the starts are tried.
const ROUGH: usize = 4_000;
/// Groups for which a smooth function is cheaper than the formula.
const WORTH_IT: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Geometric {
    pub r: f64,
    pub alpha: f64,
    pub a: f64,
    pub b: f64,
    /// One if a customer may leave right after his first purchase, else zero.
    pub first: f64,
}

/// Log-likelihood and its derivatives by r, α, a, b.
type Slope = [f64; 5];

impl Geometric {
    /// Occasions on which a customer with these repeats could have left and did not, if he is still there.
    fn stayed(&self, repeats: f64) -> f64 {
        repeats + self.first
    }

    /// How much likelier it is that he left after his last purchase, before the factor of time.
    fn left(&self, repeats: f64) -> f64 {
        match repeats + self.first > 0.0 {
            true => self.a / (self.b + self.stayed(repeats) - 1.0),
            false => 0.0,
        }
    }

    pub fn alive(&self, buyer: &Buyer) -> f64 {
        let repeats = f64::from(buyer.repeats);
        let ratio = ((self.alpha + buyer.observed) / (self.alpha + buyer.last)).ln();
        1.0 / (1.0 + self.left(repeats) * ((self.r + repeats) * ratio).exp())
    }

    pub fn log_likelihood(&self, base: &Base) -> f64 {
        self.slope(&base.groups)[0]
    }

    fn slope(&self, groups: &[Group]) -> Slope {
        let all = parts(groups.len(), |range| {
            by_repeats(&groups[range]).fold([0.0; 5], |sum, run| add(sum, self.slope_of_run(run)))
        });
        all.into_iter().fold([0.0; 5], add)
    }

    /// Customers with the same number of repeats share all gamma functions.
    fn slope_of_run(&self, run: &[Group]) -> Slope {
        let x = run.first().map_or(0.0, |group| f64::from(group.repeats));
        let (rate, stayed, left) = (self.r + x, self.stayed(x), self.left(x));
        let (mut count, mut logs, mut by_r, mut by_alpha, mut leaving) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for group in run.iter().filter(|_| left == 0.0) {
            let until_end = self.alpha + group.observed;
            let ln_end = until_end.ln();
            count += group.count;
            logs -= group.count * rate * ln_end;
            by_r -= group.count * ln_end;
            by_alpha -= group.count / until_end;
        }
        for group in run.iter().filter(|_| left > 0.0) {
            let (until_last, until_end) = (self.alpha + group.last, self.alpha + group.observed);
            let (ln_last, ln_end) = (until_last.ln(), until_end.ln());
            let stays = (rate * (ln_last - ln_end)).exp();
            let either = stays + left;
            let gone = left / either;
            count += group.count;
            logs += group.count * (either.ln() - rate * ln_last);
            by_r -= group.count * (ln_end + gone * (ln_last - ln_end));
            by_alpha -= group.count * (1.0 / until_end + gone * (1.0 / until_last - 1.0 / until_end));
            leaving += group.count * gone;
        }
        let (ln_alpha, together) = (self.alpha.ln(), digamma(self.a + self.b) - digamma(self.a + self.b + stayed));
        let shape = ln_gamma(rate) - ln_gamma(self.r) + self.r * ln_alpha;
        let staying = ln_beta(self.a, self.b + stayed) - ln_beta(self.a, self.b);
        let by_left = if left > 0.0 { leaving / (self.b + stayed - 1.0) } else { 0.0 };
        [
            count * (shape + staying) + logs,
            count * (digamma(rate) - digamma(self.r) + ln_alpha) + by_r,
            count * self.r / self.alpha + rate * by_alpha,
            count * together + leaving / self.a,
            count * (together + digamma(self.b + stayed) - digamma(self.b)) - by_left,
        ]
    }

    /// The fit for `first` as given; `NAMES` are the same in both papers.
    pub fn fit(base: &Base, first: f64, names: [&'static str; 4]) -> Result<Fit<Self>, Wrong> {
        let at = |logs: &[f64; 4]| {
            let [r, alpha, a, b] = logs.map(f64::exp);
            Self { r, alpha, a, b, first }
        };
        let rough = base.thinned(ROUGH);
        let on = |groups: &[Group], logs: &[f64; 4]| {
            let model = at(logs);
            let [value, r, alpha, a, b] = model.slope(groups);
            (value, [r * model.r, alpha * model.alpha, a * model.a, b * model.b])
        };
        let starts = starts(base);
        let (top, agreeing) = best_of(&|l: &_| on(&rough, l), &|l: &_| on(&base.groups, l), &starts, names)?;
        Ok(Fit {
            model: at(&top.at),
            log_likelihood: top.value,
            estimates: top.estimates(names),
            starts_agreeing: agreeing,
            starts: starts.len(),
            evaluations: top.evaluations,
        })
    }

    /// Purchases within `time` of a customer who is there, buys with rate Γ(`r`, `alpha`) and leaves with probability
    /// Beta(`a`, `b`); equation 9 of Fader, Hardie & Lee (2005), written so that nothing is lost near a = 1 or a + b = 1.
    fn ahead(r: f64, alpha: f64, a: f64, b: f64, time: f64) -> f64 {
        let series = Series::new(r, a, b, time / (alpha + time));
        series.at(time / (alpha + time))
    }

    pub fn expected(&self, time: f64) -> f64 {
        // Whoever may leave at once is there with probability b / (a + b), which tells about his p.
        let there = if self.first > 0.0 { self.b / (self.a + self.b) } else { 1.0 };
        there * Self::ahead(self.r, self.alpha, self.a, self.b + self.first, time)
    }

    pub fn expected_of(&self, buyer: &Buyer, time: f64) -> f64 {
        let x = f64::from(buyer.repeats);
        let ahead = Self::ahead(self.r + x, self.alpha + buyer.observed, self.a, self.b + self.stayed(x), time);
        self.alive(buyer) * ahead
    }

    /// For everybody: Σ over `times` of weight × expected purchases until then.
    pub fn weighted_of_all(&self, base: &Base, times: &[(f64, f64)]) -> Vec<f64> {
        let groups = &base.groups;
        let found = parts(groups.len(), |range| {
            let part = &groups[range];
            let mut values = Vec::with_capacity(part.len());
            by_repeats(part).for_each(|run| self.weighted_of_run(run, times, &mut values));
            values
        });
        base.spread(&found.concat())
    }

    fn weighted_of_run(&self, run: &[Group], times: &[(f64, f64)], values: &mut Vec<f64>) {
        let (Some(youngest), Some(oldest)) = (run.first(), run.last()) else { return };
        let x = f64::from(youngest.repeats);
        let (rate, left) = (self.r + x, self.left(x));
        let longest = times.iter().fold(0.0_f64, |most, (time, _)| most.max(*time));
        let series =
            Series::new(rate, self.a, self.b + self.stayed(x), longest / (self.alpha + youngest.observed + longest));
        let ahead =
            |seen: f64| times.iter().map(|(time, weight)| weight * series.at(time / (seen + time))).sum::<f64>();
        // Of customers with the same repeats it depends on how long they were seen alone, smoothly.
        let smooth = match run.len() >= WORTH_IT {
            true => Chebyshev::of((self.alpha + youngest.observed).ln(), (self.alpha + oldest.observed).ln(), |ln| {
                ahead(ln.exp())
            }),
            false => None,
        };
        for some in run.chunks(LANES) {
            let seen = std::array::from_fn(|i| self.alpha + some[i.min(some.len() - 1)].observed);
            let ln_seen: [f64; LANES] = seen.map(f64::ln);
            let found = match &smooth {
                Some(smooth) => smooth.at(ln_seen),
                None => seen.map(ahead),
            };
            values.extend(some.iter().enumerate().map(|(i, group)| match left > 0.0 {
                true => found[i] / (1.0 + left * (rate * (ln_seen[i] - (self.alpha + group.last).ln())).exp()),
                false => found[i],
            }));
        }
    }

    pub fn simulate(&self, observed: f64, chance: &mut impl Rng) -> Buyer {
        let rate = chance::gamma(self.r, self.alpha, chance);
        let leaves = chance::beta(self.a, self.b, chance);
        let mut buyer = Buyer { repeats: 0, last: 0.0, observed };
        if self.first > 0.0 && chance::uniform(chance) <= leaves {
            return buyer;
        }
        loop {
            let next = buyer.last + chance::exponential(rate, chance);
            if next > observed {
                return buyer;
            }
            buyer.repeats += 1;
            buyer.last = next;
            if chance::uniform(chance) <= leaves {
                return buyer;
            }
        }
    }
}

fn add(left: Slope, right: Slope) -> Slope {
    std::array::from_fn(|i| left[i] + right[i])
}

/// Rates around the mean rate, and customers who leave soon or late.
fn starts(base: &Base) -> [[f64; 4]; 4] {
    let (repeats, observed) = base.totals();
    let pace = observed / repeats;
    [(0.5, 1.0, 3.0), (2.0, 0.5, 1.0), (0.2, 0.3, 2.0), (1.0, 2.0, 8.0)]
        .map(|(r, a, b)| [f64::ln(r), (r * pace).ln(), f64::ln(a), f64::ln(b)])
}

/// The expectation of purchases ahead as a function of z = t / (α + t), for one r, a, b.
///
/// With ε = a − 1 and C = a + b − 1, after Euler's transformation of ₂F₁ (Abramowitz & Stegun 15.3.3):
/// C · (1 − (1−z)^ε) / ε − (1−z)^ε · Σₙ (C−r)ₙ (1+ε)ₙ₋₁ / ((C+1)ₙ₋₁ n!) zⁿ, n from 1.
/// Where (1−z)^ε is nothing, the formula of the paper: C / ε · (1 − (1−z)^r · Σₙ (r)ₙ (b)ₙ / ((C)ₙ n!) zⁿ), n from 0.
struct Series {
    c: f64,
    epsilon: f64,
    /// The paper's, with this r.
    plain: Option<f64>,
    coefficients: Vec<f64>,
    /// ln of the largest z they are enough for.
    reach: f64,
}

const MOST_TERMS: usize = 200_000;
/// e to the minus this is nothing beside 1, and far from the end of what numbers can hold.
const NOTHING: f64 = 300.0;

impl Series {
    /// With as many terms as the largest `z` needs.
    fn new(r: f64, a: f64, b: f64, z: f64) -> Self {
        let (c, epsilon) = (a + b - 1.0, a - 1.0);
        let plain = (-epsilon * (-z).ln_1p() > NOTHING).then_some(r);
        let (first, numerators) = match plain {
            Some(_) => (1.0, [r - 1.0, b - 1.0, c - 1.0, 0.0]),
            None => (c - r, [c - r, a - 1.0, c, 1.0]),
        };
        let [left, right, below, shift] = numerators;
        let mut coefficients = vec![first];
        let (mut term, mut sum) = (first, first);
        // Too near to z = 1, at times a thousand times as long as all that was seen: no number rather than a wrong one.
        let mut ended = false;
        for n in 1..MOST_TERMS {
            let n = n as f64;
            let factor = (left + n) * (right + n) / ((below + n) * (n + shift));
            coefficients.push(coefficients[coefficients.len() - 1] * factor);
            term *= factor * z;
            sum += term;
            let slack = 1e-16 * (sum.abs() + c.abs()) * (1.0 - z);
            ended = !sum.is_finite() || term.abs() <= slack && n > -left;
            if ended {
                break;
            }
        }
        if !ended {
            coefficients.push(f64::NAN);
        }
        Self { c, epsilon, plain, coefficients, reach: z.ln() }
    }

    /// Fewer terms do for a smaller z.
    fn enough(&self, z: f64) -> &[f64] {
        let all = &self.coefficients;
        let terms = (self.reach / z.ln() * 1.15 * all.len() as f64 + 8.0) as usize;
        match all.get(terms) {
            Some(next) if next.abs() * z.powi(terms as i32) < 1e-17 * self.c.abs() => &all[..terms],
            _ => all,
        }
    }

    fn at(&self, z: f64) -> f64 {
        let ln = (-z).ln_1p();
        let sum = || self.enough(z).iter().rev().fold(0.0, |sum, coefficient| sum * z + coefficient);
        if let Some(r) = self.plain {
            let missed = if -r * ln > NOTHING { 0.0 } else { (r * ln).exp() * sum() };
            return self.c / self.epsilon * (1.0 - missed);
        }
        let power = self.epsilon * ln;
        match power.abs() < 1e-4 {
            // (1 − e^y) / ε by its series, also at ε = 0.
            true => {
                let lost = -ln * (1.0 + power / 2.0 * (1.0 + power / 3.0 * (1.0 + power / 4.0)));
                self.c * lost - power.exp() * sum() * z
            }
            false => {
                let kept = power.exp();
                self.c * (1.0 - kept) / self.epsilon - kept * sum() * z
            }
        }
    }
}

#[cfg(test)]
#[path = "geometric_tests.rs"]
mod tests;
