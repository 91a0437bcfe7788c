//! From purchases to what the models need to know of each customer.

use chrono::NaiveDate;

use crate::Wrong;
use crate::buying::Buyer;
use crate::wrong::{finite, not_negative};

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Purchase {
    /// The caller's number of the customer.
    pub customer: u32,
    pub day: NaiveDate,
    /// Zero where only the day counts. Never negative: a refund is no purchase.
    pub value: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Day,
    Week,
}

impl Unit {
    pub fn days(self) -> f64 {
        match self {
            Unit::Day => 1.0,
            Unit::Week => 7.0,
        }
    }
}

/// What is learned from, and what is held out to check it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    pub unit: Unit,
    /// The last day that the models may see.
    pub calibration_end: NaiveDate,
    /// The last day of the data; later purchases are left out.
    pub end: NaiveDate,
}

/// One customer of the calibration period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct History {
    pub customer: u32,
    pub first_day: NaiveDate,
    pub buyer: Buyer,
    /// Days with repeat purchases that were worth something: the observations of spend, of which the first purchase is none.
    pub valued: u32,
    /// Mean value of those days; 0 without any.
    pub mean_spend: f64,
    /// Of all days in the calibration period, the first too.
    pub total_spend: f64,
    /// Days with purchases after the calibration period, until the end.
    pub held_out: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Histories {
    /// In the order of the customers' numbers.
    pub rows: Vec<History>,
    /// Customers who came only after the calibration period.
    pub came_later: usize,
    /// Purchases after the end.
    pub after_end: usize,
}

impl Histories {
    pub fn buyers(&self) -> Vec<Buyer> {
        self.rows.iter().map(|row| row.buyer).collect()
    }
}

/// The purchases may come in any order. Those of one customer on one day are one, and their values are added.
///
/// # Errors
/// `Reversed` when the calibration ends after the data; `Negative` or `NotFinite` names the row of a value; `TooLarge` when
/// the sum of one customer's values is no number.
pub fn histories(purchases: &[Purchase], window: &Window) -> Result<Histories, Wrong> {
    if window.calibration_end > window.end {
        return Err(Wrong::Reversed { row: 1, earlier: "calibration_end", later: "end" });
    }
    for (at, purchase) in purchases.iter().enumerate() {
        not_negative(purchase.value, at + 1, "value")?;
    }
    let mut sorted: Vec<Purchase> = purchases.iter().filter(|one| one.day <= window.end).copied().collect();
    let after_end = purchases.len() - sorted.len();
    // Stable, so that values are added in the order of the rows.
    sorted.sort_by_key(|one| (one.customer, one.day));
    let mut came_later = 0;
    let mut rows = Vec::new();
    for own in sorted.chunk_by(|a, b| a.customer == b.customer) {
        match own[0].day > window.calibration_end {
            true => came_later += 1,
            false => rows.push(of_one(own, window)?),
        }
    }
    Ok(Histories { rows, came_later, after_end })
}

fn of_one(own: &[Purchase], window: &Window) -> Result<History, Wrong> {
    let first_day = own[0].day;
    let since = |day: NaiveDate| (day - first_day).num_days() as f64 / window.unit.days();
    let observed = since(window.calibration_end);
    let mut history = History {
        customer: own[0].customer,
        first_day,
        buyer: Buyer { repeats: 0, last: 0.0, observed },
        valued: 0,
        mean_spend: 0.0,
        total_spend: 0.0,
        held_out: 0,
    };
    let mut repeat_spend = 0.0;
    for day in own.chunk_by(|a, b| a.day == b.day) {
        let value: f64 = day.iter().map(|one| one.value).sum();
        if day[0].day > window.calibration_end {
            history.held_out += 1;
            continue;
        }
        history.total_spend += value;
        if day[0].day > first_day {
            history.buyer.repeats += 1;
            history.buyer.last = since(day[0].day);
            history.valued += u32::from(value > 0.0);
            repeat_spend += value;
        }
    }
    finite(history.total_spend, "value")?;
    if history.valued > 0 {
        history.mean_spend = repeat_spend / f64::from(history.valued);
    }
    Ok(history)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, month, day).unwrap()
    }

    fn bought(customer: u32, day: NaiveDate, value: f64) -> Purchase {
        Purchase { customer, day, value }
    }

    const UNIT: Unit = Unit::Day;

    fn window() -> Window {
        Window { unit: UNIT, calibration_end: on(1, 31), end: on(2, 28) }
    }

    #[test]
    fn purchases_of_one_day_count_once_and_the_first_is_no_observation_of_spend() {
        let day = [bought(7, on(1, 11), 5.0), bought(7, on(1, 1), 100.0), bought(7, on(1, 11), 7.0)];
        let found = histories(&[&day[..], &[bought(7, on(1, 21), 18.0)]].concat(), &window()).unwrap();
        let row = found.rows[0];
        assert_eq!(row.buyer, Buyer { repeats: 2, last: 20.0, observed: 30.0 });
        assert_eq!((row.mean_spend, row.total_spend, row.held_out), (15.0, 130.0, 0));
    }

    #[test]
    fn a_day_without_value_is_a_purchase_and_no_observation_of_spend() {
        let values = [(1, 0.0), (5, 12.0), (9, 0.0), (9, 0.0), (13, 0.0), (13, 8.0)];
        let purchases: Vec<Purchase> = values.into_iter().map(|(day, value)| bought(1, on(1, day), value)).collect();
        let row = histories(&purchases, &window()).unwrap().rows[0];
        assert_eq!((row.buyer.repeats, row.valued, row.mean_spend, row.total_spend), (3, 2, 10.0, 20.0));
    }

    #[test]
    fn what_comes_after_the_calibration_is_held_out() {
        let purchases = [
            bought(1, on(1, 1), 1.0),
            bought(1, on(2, 1), 1.0),
            bought(1, on(2, 1), 1.0),
            bought(1, on(3, 1), 1.0),
            bought(2, on(2, 5), 1.0),
        ];
        let found = histories(&purchases, &window()).unwrap();
        assert_eq!((found.rows.len(), found.came_later, found.after_end), (1, 1, 1));
        assert_eq!((found.rows[0].held_out, found.rows[0].buyer.repeats), (1, 0));
    }

    #[test]
    fn weeks_are_seven_days() {
        let window = Window { unit: Unit::Week, ..window() };
        let found = histories(&[bought(1, on(1, 1), 0.0), bought(1, on(1, 15), 0.0)], &window).unwrap();
        assert_eq!(found.rows[0].buyer, Buyer { repeats: 1, last: 2.0, observed: 30.0 / 7.0 });
    }

    #[test]
    fn a_value_that_cannot_be_is_named_by_its_row() {
        let refused = |value| histories(&[bought(1, on(1, 1), 1.0), bought(1, on(1, 2), value)], &window());
        assert_eq!(refused(-1.0), Err(Wrong::Negative { row: 2, field: "value" }));
        let twice = [bought(1, on(1, 1), f64::MAX), bought(1, on(1, 2), f64::MAX)];
        assert_eq!(histories(&twice, &window()), Err(Wrong::TooLarge { field: "value" }));
        assert_eq!(refused(f64::NAN), Err(Wrong::NotFinite { row: 2, field: "value" }));
    }
}
