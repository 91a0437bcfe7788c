use rand::Rng;

use super::geometric::Geometric;
use super::{Base, Buyer, Discounting, RepeatBuying};
use crate::{Fit, Wrong};

const NAMES: [&str; 4] = ["r", "alpha", "a", "b"];

/// BG/NBD: P. Fader, B. Hardie & K. L. Lee, "Counting your customers the easy way", Marketing Science 24 (2005) 275–284.
/// Log-likelihood: equation 6; expected purchases: 9; of a customer: 10; P(alive): Fader & Hardie's note of 2008
/// on computing it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BgNbd(Geometric);

/// MBG/NBD: as BG/NBD, but a customer may leave right after his first purchase.
/// E. Batislam, M. Denizel & A. Filiztekin, International Journal of Research in Marketing 24 (2007) 201–209;
/// D. Hoppe & U. Wagner, Marketing – Journal of Research and Management 3 (2007) 75–90.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MbgNbd(Geometric);

/// Both papers' formulas differ only in whether a customer may leave after his first purchase.
macro_rules! repeat_buying {
    ($model:ident, $first:expr) => {
        impl RepeatBuying for $model {
            const NAMES: [&'static str; 4] = NAMES;

            fn new(parameters: [f64; 4]) -> Result<Self, Wrong> {
                let [r, alpha, a, b] = crate::wrong::parameters(parameters, NAMES)?;
                Ok(Self(Geometric { r, alpha, a, b, first: $first }))
            }

            fn parameters(&self) -> [f64; 4] {
                [self.0.r, self.0.alpha, self.0.a, self.0.b]
            }

            fn log_likelihood(&self, base: &Base) -> f64 {
                self.0.log_likelihood(base)
            }

            fn fit(base: &Base) -> Result<Fit<Self>, Wrong> {
                Ok(Geometric::fit(base, $first, NAMES)?.map(Self))
            }

            fn expected(&self, time: f64) -> f64 {
                self.0.expected(time)
            }

            fn expected_of(&self, buyer: &Buyer, time: f64) -> f64 {
                self.0.expected_of(buyer, time)
            }

            fn expected_of_all(&self, base: &Base, time: f64) -> Vec<f64> {
                self.0.weighted_of_all(base, &[(time, 1.0)])
            }

            fn alive(&self, buyer: &Buyer) -> f64 {
                self.0.alive(buyer)
            }

            fn discounted_of_all(&self, base: &Base, plan: &Discounting) -> Vec<f64> {
                self.0.weighted_of_all(base, &plan.weights())
            }

            fn simulate(&self, observed: f64, chance: &mut impl Rng) -> Buyer {
                self.0.simulate(observed, chance)
            }
        }
    };
}

repeat_buying!(BgNbd, 0.0);
repeat_buying!(MbgNbd, 1.0);
