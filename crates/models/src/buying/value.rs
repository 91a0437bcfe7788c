use crate::Wrong;

/// How far ahead value counts, and what waiting for it costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Discounting {
    /// Length of a period in the unit of the model's times: 52/12 for months of a model in weeks.
    period: f64,
    periods: u32,
    /// Of one period: 0.01 for 1 % a month.
    rate: f64,
}

/// Ten years of weeks; more says nothing about a customer.
const MOST_PERIODS: u32 = 520;

impl Discounting {
    /// # Errors
    /// `Parameter` when the length or the rate cannot be, `OutOfRange` for no period or more than 520.
    pub fn new(period: f64, periods: u32, rate: f64) -> Result<Self, Wrong> {
        if !(period.is_finite() && period > 0.0) {
            return Err(Wrong::Parameter { parameter: "period" });
        }
        if !(rate.is_finite() && rate >= 0.0) {
            return Err(Wrong::Parameter { parameter: "rate" });
        }
        if !(1..=MOST_PERIODS).contains(&periods) {
            return Err(Wrong::OutOfRange { row: 1, field: "periods", least: 1.0, most: f64::from(MOST_PERIODS) });
        }
        Ok(Self { period, periods, rate })
    }

    /// Σ over the periods of what is expected in each, discounted from its end; `expected` counts from now.
    pub fn sum(&self, expected: impl Fn(f64) -> f64) -> f64 {
        self.weights().iter().map(|(time, weight)| weight * expected(*time)).sum()
    }

    /// The same sum as weights on the expectations until each period's end: what is expected in period i is the
    /// difference of two of them.
    pub(crate) fn weights(&self) -> Vec<(f64, f64)> {
        let discount = |period: u32| (1.0 + self.rate).powi(-(period as i32));
        let weight = |period: u32| match period == self.periods {
            true => discount(period),
            false => discount(period) - discount(period + 1),
        };
        (1..=self.periods).map(|period| (f64::from(period) * self.period, weight(period))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_in_each_period_is_discounted_from_its_end() {
        let plan = Discounting::new(2.0, 3, 0.1).unwrap();
        let expected = |time: f64| time * time;
        let known = 4.0 / 1.1 + (16.0 - 4.0) / 1.21 + (36.0 - 16.0) / 1.331;
        assert!((plan.sum(expected) - known).abs() < 1e-12);
    }

    #[test]
    fn impossible_plans_are_refused() {
        assert!(Discounting::new(0.0, 12, 0.01).is_err());
        assert!(Discounting::new(1.0, 12, f64::NAN).is_err());
        assert!(Discounting::new(1.0, 0, 0.01).is_err());
    }
}
