//! Chance that repeats: the same seed gives the same values on every machine.

use rand::{Rng, RngExt, SeedableRng};
use rand_distr::{Distribution, Gamma, Poisson, StandardNormal};
use rand_pcg::Pcg64Mcg;

/// The generator of simulations.
pub fn generator(seed: u64) -> Pcg64Mcg {
    Pcg64Mcg::seed_from_u64(seed)
}

/// A value of the gamma distribution with this shape and rate; zero where the parameters are none.
pub(crate) fn gamma(shape: f64, rate: f64, chance: &mut impl Rng) -> f64 {
    Gamma::new(shape, 1.0 / rate).map_or(0.0, |gamma| gamma.sample(chance))
}

/// A value of the beta distribution, from two of the gamma distribution, in logarithms so that small shapes do not end
/// in 0/0 (Devroye 1986, chapter IX.4).
pub(crate) fn beta(a: f64, b: f64, chance: &mut impl Rng) -> f64 {
    let mut ln_gamma = |shape: f64| gamma(shape + 1.0, 1.0, chance).ln() + uniform(chance).ln() / shape;
    let (left, right) = (ln_gamma(a), ln_gamma(b));
    1.0 / (1.0 + (right - left).exp())
}

/// A value of the exponential distribution with this rate; infinite at a rate of zero.
pub(crate) fn exponential(rate: f64, chance: &mut impl Rng) -> f64 {
    -uniform(chance).ln() / rate
}

/// A standard normal value.
pub(crate) fn normal(chance: &mut impl Rng) -> f64 {
    StandardNormal.sample(chance)
}

/// A Poisson distributed count; zero at a mean of zero.
pub(crate) fn poisson(mean: f64, chance: &mut impl Rng) -> f64 {
    Poisson::new(mean).map_or(0.0, |poisson| poisson.sample(chance))
}

/// Between 0 (not included) and 1 (included).
pub(crate) fn uniform(chance: &mut impl Rng) -> f64 {
    1.0 - chance.random::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_values() {
        let draw = || {
            let mut chance = generator(5);
            [gamma(0.3, 2.0, &mut chance), beta(0.2, 3.0, &mut chance)]
        };
        assert_eq!(draw(), draw());
    }

    #[test]
    fn the_moments_are_those_of_the_distributions() {
        let mut chance = generator(1);
        let mut mean = |f: &dyn Fn(&mut Pcg64Mcg) -> f64| (0..200_000).map(|_| f(&mut chance)).sum::<f64>() / 200_000.0;
        assert!((mean(&|c| gamma(0.3, 2.0, c)) - 0.15).abs() < 0.003);
        assert!((mean(&|c| beta(0.2, 0.6, c)) - 0.25).abs() < 0.003);
        assert!((mean(&|c| exponential(4.0, c)) - 0.25).abs() < 0.003);
    }
}
