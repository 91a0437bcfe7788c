use std::collections::BTreeMap;

use base::{Currency, Day, Money};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// Dated rates into one reporting currency.
#[derive(Clone, Debug)]
pub struct Rates {
    reporting: Currency,
    rates: BTreeMap<(Currency, Day), Decimal>,
}

impl Rates {
    pub fn into_currency(reporting: Currency) -> Self {
        Self { reporting, rates: BTreeMap::new() }
    }

    /// From this day on, one unit of the currency is worth so many units of the reporting currency.
    /// A rate that is not above 0 is no rate and is left out.
    #[must_use]
    pub fn with(mut self, currency: Currency, on: Day, rate: Decimal) -> Self {
        if rate > Decimal::ZERO {
            self.rates.insert((currency, on), rate);
        }
        self
    }

    pub fn reporting(&self) -> Currency {
        self.reporting
    }

    /// In the reporting currency by the latest rate on or before the day, rounded half away from zero to whole minor
    /// units. `None` when there is no such rate or the result does not fit.
    pub fn convert(&self, money: Money, on: Day) -> Option<Money> {
        if money.currency == self.reporting {
            return Some(money);
        }
        let known = self.rates.range((money.currency, Day::MIN)..=(money.currency, on));
        let (_, rate) = known.last()?;
        let amount = Decimal::new(money.minor, money.currency.decimals());
        let minor = amount.checked_mul(*rate)?.checked_mul(Decimal::from(self.reporting.minor_per_unit()))?;
        let minor = minor.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64()?;
        Some(Money::new(minor, self.reporting))
    }

    /// Adds dated amounts; what cannot be converted or would overflow stands apart, by its own currency.
    pub fn sum(&self, amounts: impl IntoIterator<Item = (Money, Day)>) -> Sum {
        let mut total = Money::new(0, self.reporting);
        let mut apart: BTreeMap<Currency, i128> = BTreeMap::new();
        for (money, on) in amounts {
            match self.convert(money, on).and_then(|converted| total.plus(converted)) {
                Some(sum) => total = sum,
                None => *apart.entry(money.currency).or_default() += i128::from(money.minor),
            }
        }
        Sum { total, apart }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// In the reporting currency.
    pub total: Money,
    /// What is not in the total: minor units by currency.
    pub apart: BTreeMap<Currency, i128>,
}
