use rand::Rng;

use super::base::Group;
use super::{Base, Buyer, RepeatBuying};
use crate::chance;
use crate::maximise::best_of;
use crate::parallel::parts;
use crate::quadrature::nodes;
use crate::special::{digamma, ln_gamma};
use crate::{Fit, Wrong};

const NAMES: [&str; 4] = ["r", "alpha", "s", "beta"];
/// Groups on which the starts are tried.
const ROUGH: usize = 3_000;

/// Pareto/NBD: a customer buys at a gamma(r, α) distributed rate and leaves at a gamma(s, β) distributed rate.
/// D. Schmittlein, D. Morrison & R. Colombo, "Counting your customers", Management Science 33 (1987) 1–24.
///
/// Log-likelihood: equation 18 of Fader & Hardie's note "A note on deriving the Pareto/NBD model" (2005) before the
/// integral is written as two hypergeometric functions; the integral has no cancellation and needs no cases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParetoNbd {
    r: f64,
    alpha: f64,
    s: f64,
    beta: f64,
}

/// The likelihood without its gamma functions, and its derivatives by r, α, s, β, all divided by it.
struct History {
    ln: f64,
    still: f64,
    slope: [f64; 4],
}

impl ParetoNbd {
    /// (α+T)^-(r+x) (β+T)^-s + s ∫ (α+t)^-(r+x) (β+t)^-(s+1) dt, t from t_x to T, relative to its first part.
    fn history(&self, x: f64, last: f64, observed: f64) -> History {
        let rate = self.r + x;
        let (buying, staying) = (self.alpha + observed, self.beta + observed);
        let (ln_buying, ln_staying) = (buying.ln(), staying.ln());
        let (mut total, mut log_buying, mut log_staying, mut per_buying, mut per_staying) = (0.0, 0.0, 0.0, 0.0, 0.0);
        // In v = ln(m + t) with the smaller of α and β, the integrand has no singularity within π of the real line.
        let (least, more) = (self.alpha.min(self.beta), (self.alpha - self.beta).abs());
        let end = (least + observed).ln();
        // The integrand falls at least as e^(-kv) from t_x on; after 40/k it adds nothing.
        let (k, start) = (rate + self.s, (least + last).ln());
        let length = (end - start).min(40.0 / k);
        let panels = ((length * k / 10.0).max(length / 3.0)).ceil() as u32;
        let alpha_is_least = self.alpha <= self.beta;
        // The height at t_x, the greatest: taken out, so that many purchases long ago do not overflow.
        let at_last = rate * (ln_buying - (self.alpha + last).ln()) + self.s * (ln_staying - (self.beta + last).ln())
            - (self.beta + last).ln();
        let out = at_last.max(0.0);
        for (v, weight) in nodes(start, start + length, panels) {
            let (small, ln_small) = (v.exp(), v);
            let (large, ln_large) = (small + more, (small + more).ln());
            let (at_buying, ln_at_buying, at_staying, ln_at_staying) = match alpha_is_least {
                true => (small, ln_small, large, ln_large),
                false => (large, ln_large, small, ln_small),
            };
            let exponent = rate * (ln_buying - ln_at_buying) + self.s * (ln_staying - ln_at_staying) - ln_at_staying;
            let height = weight * self.s * small * (exponent - out).exp();
            total += height;
            log_buying += height * (ln_at_buying - ln_buying);
            log_staying += height * (ln_at_staying - ln_staying);
            per_buying += height * (1.0 / at_buying - 1.0 / buying);
            per_staying += height * (1.0 / at_staying - 1.0 / staying);
        }
        self.relative(x, [buying, staying], [out, total], [log_buying, per_buying, log_staying, per_staying])
    }

    /// Puts the parts together; `gone` is what the integral adds to 1, both without the factor e^`out`.
    fn relative(&self, x: f64, [buying, staying]: [f64; 2], [out, gone]: [f64; 2], sums: [f64; 4]) -> History {
        let rate = self.r + x;
        let here = (-out).exp();
        let either = here + gone;
        let share = gone / either;
        let [log_buying, per_buying, log_staying, per_staying] = sums.map(|sum| sum / either);
        // The integrand has (β+t)^-(s+1) and a factor s.
        let by_beta = -self.s * (1.0 / staying + per_staying) - share / staying - per_staying;
        History {
            ln: out + either.ln() - rate * buying.ln() - self.s * staying.ln(),
            still: here / either,
            slope: [
                -buying.ln() - log_buying,
                -rate * (1.0 / buying + per_buying),
                share / self.s - staying.ln() - log_staying,
                by_beta,
            ],
        }
    }

    fn slope(&self, groups: &[Group]) -> [f64; 5] {
        let (ln_alpha, ln_beta) = (self.alpha.ln(), self.beta.ln());
        let (ln_gamma_r, digamma_r) = (ln_gamma(self.r), digamma(self.r));
        let all = parts(groups.len(), |range| {
            let mut sum = [0.0; 5];
            let mut known = (u32::MAX, 0.0, 0.0);
            for group in &groups[range] {
                let x = f64::from(group.repeats);
                if known.0 != group.repeats {
                    known = (group.repeats, ln_gamma(self.r + x) - ln_gamma_r, digamma(self.r + x) - digamma_r);
                }
                let history = self.history(x, group.last, group.observed);
                sum[0] += group.count * (known.1 + self.r * ln_alpha + self.s * ln_beta + history.ln);
                sum[1] += group.count * (known.2 + ln_alpha + history.slope[0]);
                sum[2] += group.count * (self.r / self.alpha + history.slope[1]);
                sum[3] += group.count * (ln_beta + history.slope[2]);
                sum[4] += group.count * (self.s / self.beta + history.slope[3]);
            }
            sum
        });
        all.into_iter().fold([0.0; 5], |left, right| std::array::from_fn(|i| left[i] + right[i]))
    }

    fn at(logs: &[f64; 4]) -> Self {
        let [r, alpha, s, beta] = logs.map(f64::exp);
        Self { r, alpha, s, beta }
    }

    fn on(groups: &[Group], logs: &[f64; 4]) -> (f64, [f64; 4]) {
        let model = Self::at(logs);
        let [value, r, alpha, s, beta] = model.slope(groups);
        (value, [r * model.r, alpha * model.alpha, s * model.s, beta * model.beta])
    }

    /// `(1 − (β/(β+t))^(s−1)) / (s−1)`, also at s = 1.
    fn lasting(s: f64, beta: f64, time: f64) -> f64 {
        let ln = (time / beta).ln_1p();
        let power = (s - 1.0) * ln;
        match power.abs() < 1e-8 {
            true => ln * (1.0 - power / 2.0),
            false => -(-power).exp_m1() / (s - 1.0),
        }
    }
}

impl RepeatBuying for ParetoNbd {
    const NAMES: [&'static str; 4] = NAMES;

    fn new(parameters: [f64; 4]) -> Result<Self, Wrong> {
        let [r, alpha, s, beta] = crate::wrong::parameters(parameters, NAMES)?;
        Ok(Self { r, alpha, s, beta })
    }

    fn parameters(&self) -> [f64; 4] {
        [self.r, self.alpha, self.s, self.beta]
    }

    fn log_likelihood(&self, base: &Base) -> f64 {
        self.slope(&base.groups)[0]
    }

    fn fit(base: &Base) -> Result<Fit<Self>, Wrong> {
        let (repeats, observed) = base.totals();
        let pace = observed / repeats;
        let age = observed / base.buyers().len() as f64;
        let starts = [(0.5, 0.6, 0.6), (2.0, 1.0, 1.0), (0.2, 0.3, 0.1), (1.0, 3.0, 6.0)]
            .map(|(r, s, beta)| [f64::ln(r), (r * pace).ln(), f64::ln(s), (beta * age).ln()]);
        let rough = base.thinned(ROUGH);
        let (top, agreeing) =
            best_of(&|l: &_| Self::on(&rough, l), &|l: &_| Self::on(&base.groups, l), &starts, NAMES)?;
        Ok(Fit {
            model: Self::at(&top.at),
            log_likelihood: top.value,
            estimates: top.estimates(NAMES),
            starts_agreeing: agreeing,
            starts: starts.len(),
            evaluations: top.evaluations,
        })
    }

    /// Fader & Hardie's note, equation 27.
    fn expected(&self, time: f64) -> f64 {
        self.r * self.beta / self.alpha * Self::lasting(self.s, self.beta, time)
    }

    /// Equation 41, of a customer who is there, times the probability that he is.
    fn expected_of(&self, buyer: &Buyer, time: f64) -> f64 {
        let (buying, staying) = (self.alpha + buyer.observed, self.beta + buyer.observed);
        let ahead = (self.r + f64::from(buyer.repeats)) * staying / buying * Self::lasting(self.s, staying, time);
        self.alive(buyer) * ahead
    }

    fn alive(&self, buyer: &Buyer) -> f64 {
        self.history(f64::from(buyer.repeats), buyer.last, buyer.observed).still
    }

    fn simulate(&self, observed: f64, chance: &mut impl Rng) -> Buyer {
        let rate = chance::gamma(self.r, self.alpha, chance);
        let leaves = chance::exponential(chance::gamma(self.s, self.beta, chance), chance);
        let mut buyer = Buyer { repeats: 0, last: 0.0, observed };
        loop {
            let next = buyer.last + chance::exponential(rate, chance);
            if next > observed.min(leaves) {
                return buyer;
            }
            buyer.repeats += 1;
            buyer.last = next;
        }
    }
}

#[cfg(test)]
#[path = "paretonbd_tests.rs"]
mod tests;
