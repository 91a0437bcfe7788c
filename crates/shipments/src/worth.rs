use base::{Day, Money};

use crate::Rates;

/// What a line or shipment is worth to the firm, in the reporting currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// Revenue less cost.
    Margin(Money),
    /// The cost is unknown.
    Revenue(Money),
    /// The revenue is unknown.
    Unknown,
    /// Known, but there is no rate for the day or the result does not fit.
    Unconverted,
}

/// Margin, or revenue where the cost is unknown. A cost that is known but cannot be converted is not left out: then
/// nothing is said.
pub fn worth(revenue: Option<Money>, cost: Option<Money>, on: Day, rates: &Rates) -> Worth {
    let Some(revenue) = revenue else {
        return Worth::Unknown;
    };
    let Some(revenue) = rates.convert(revenue, on) else {
        return Worth::Unconverted;
    };
    let Some(cost) = cost else {
        return Worth::Revenue(revenue);
    };
    let margin = rates.convert(cost, on).and_then(|cost| revenue.minor.checked_sub(cost.minor));
    margin.map_or(Worth::Unconverted, |minor| Worth::Margin(Money::new(minor, rates.reporting())))
}
