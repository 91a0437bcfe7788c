//! Who buys again: models of customers who buy at their own pace until, unseen, they leave.

mod base;
mod bgbb;
mod bgbb_sums;
mod bgnbd;
mod geometric;
mod paretonbd;
#[cfg(test)]
mod recovery;
mod value;

pub use base::{Base, Buyer};
pub use bgbb::{BgBb, Outlook, Season};
pub use bgnbd::{BgNbd, MbgNbd};
pub use paretonbd::ParetoNbd;
pub use value::Discounting;

use rand::Rng;

use crate::{Fit, Wrong};

/// A model of buying at any time (BG/NBD, MBG/NBD, Pareto/NBD). Times are in the unit of the data it was fitted on.
pub trait RepeatBuying: Copy + Sync {
    /// As in the paper, in its order.
    const NAMES: [&'static str; 4];

    /// # Errors
    /// `Parameter` names the one that is not a finite number above zero.
    fn new(parameters: [f64; 4]) -> Result<Self, Wrong>;

    fn parameters(&self) -> [f64; 4];

    /// Of all customers, on the time scale of the data.
    fn log_likelihood(&self, base: &Base) -> f64;

    /// Maximum likelihood from several starts, with an analytic gradient.
    ///
    /// # Errors
    /// `Undetermined` when the likelihood is best at an edge or flat, `NotConverged`, or what the base lacks.
    fn fit(base: &Base) -> Result<Fit<Self>, Wrong>;

    /// Repeat purchases of a new customer until `time` after the first. Not a number where the time is so many thousand times
    /// the scale of the data that the series do not end.
    fn expected(&self, time: f64) -> f64;

    /// Purchases of this customer within `time` after the end of what was observed.
    fn expected_of(&self, buyer: &Buyer, time: f64) -> f64;

    /// `expected_of` for everybody, in the order of the base.
    fn expected_of_all(&self, base: &Base, time: f64) -> Vec<f64> {
        crate::parallel::parts(base.buyers().len(), |range| {
            base.buyers()[range].iter().map(|buyer| self.expected_of(buyer, time)).collect::<Vec<_>>()
        })
        .concat()
    }

    /// The probability that the customer has not left.
    fn alive(&self, buyer: &Buyer) -> f64;

    /// What one unit per purchase is worth today, for everybody, in the order of the base.
    fn discounted_of_all(&self, base: &Base, plan: &Discounting) -> Vec<f64> {
        crate::parallel::parts(base.buyers().len(), |range| {
            base.buyers()[range].iter().map(|buyer| plan.sum(|time| self.expected_of(buyer, time))).collect::<Vec<_>>()
        })
        .concat()
    }

    /// One customer of the model, observed for `observed` after his first purchase.
    fn simulate(&self, observed: f64, chance: &mut impl Rng) -> Buyer;

    /// Purchases within each of `times` after their first, of a whole cohort: the sum of `expected` over its ages.
    fn expected_of_cohort(&self, ages: &[f64]) -> f64 {
        ages.iter().map(|age| self.expected(*age)).sum()
    }
}
