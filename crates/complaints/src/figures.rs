//! How complaints come in, why, where, and how fast we are. Pure.

use std::collections::BTreeMap;

use base::{Actor, CustomerId, Day, DepartmentId, Instant, UserId};
use chrono::{Datelike, Duration, NaiveTime};
use serde::Serialize;
use utoipa::ToSchema;

use crate::words::{Category, Cause};

/// China Standard Time; see `base::Actor::day_of`.
const ZONE_HOURS: i64 = 8;

base::words! {
    /// Whole weeks from Monday on, the running one included.
    #[derive(Default)]
    Window as "ComplaintFiguresWindow", "complaint-window-" {
        Weeks4 = "weeks_4",
        Weeks8 = "weeks_8",
        /// Three months.
        #[default]
        Weeks13 = "weeks_13",
        /// Half a year.
        Weeks26 = "weeks_26",
        /// A year.
        Weeks52 = "weeks_52",
    }
}

impl Window {
    pub fn weeks(self) -> u16 {
        match self {
            Window::Weeks4 => 4,
            Window::Weeks8 => 8,
            Window::Weeks13 => 13,
            Window::Weeks26 => 26,
            Window::Weeks52 => 52,
        }
    }

    /// Monday of the first week.
    pub fn from(self, today: Day) -> Day {
        let monday = monday_of(today);
        monday - Duration::weeks(i64::from(self.weeks()) - 1)
    }
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub window: Window,
    pub department: Option<DepartmentId>,
    pub category: Option<Category>,
}

pub fn monday_of(day: Day) -> Day {
    day - Duration::days(i64::from(day.weekday().num_days_from_monday()))
}

/// The first instant of a day.
pub fn beginning(day: Day) -> Instant {
    day.and_time(NaiveTime::MIN).and_utc() - Duration::hours(ZONE_HOURS)
}

/// Complaints that went on as part of another count nowhere: they are the same matter.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ComplaintFigures)]
pub struct Figures {
    /// First and last day.
    #[schema(value_type = String, format = Date)]
    pub from: Day,
    #[schema(value_type = String, format = Date)]
    pub to: Day,
    pub received: u64,
    /// Closed within the window, whenever they came in, and not opened again.
    pub closed: u64,
    pub weeks: Vec<Week>,
    /// Of those received, by cause; the most first.
    pub causes: Vec<CauseShare>,
    /// Of those received, without a cause yet: they are in no share.
    pub unexplained: u64,
    /// From receipt to the first response, of those received within the window and answered.
    pub response: Times,
    /// Received and not answered yet: not in `response`.
    pub unanswered: u64,
    /// From receipt to closing, of those closed within the window; what was on hold counts too, because the customer
    /// waited.
    pub closing: Times,
    /// Of those received, by lane and category; the lane with the most first. One about shipments over several lanes
    /// counts on each.
    pub lanes: Vec<LaneFigures>,
    /// Of those received: said to be about the same as an earlier one.
    pub repeats: u64,
    pub complainers: Complainers,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ComplaintWeek)]
pub struct Week {
    #[schema(value_type = String, format = Date)]
    pub monday: Day,
    pub received: u64,
    pub closed: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ComplaintCauseShare)]
pub struct CauseShare {
    pub cause: Cause,
    pub complaints: u64,
    /// Of those with a cause, 0 to 1.
    pub share: f64,
    /// Of this cause and all before it.
    pub cumulative: f64,
}

/// Working time in seconds, by the hours of the department that handles the complaint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ComplaintTimes)]
pub struct Times {
    pub counted: u64,
    /// Half of them took no longer; `None` when there are none.
    pub p50: Option<i64>,
    /// Nine of ten took no longer.
    pub p90: Option<i64>,
}

impl Times {
    pub fn of(mut seconds: Vec<i64>) -> Self {
        seconds.sort_unstable();
        Self { counted: seconds.len() as u64, p50: quantile(&seconds, 50), p90: quantile(&seconds, 90) }
    }
}

/// A percentile of numbers in order, half up to a whole one: definition 7 of Hyndman and Fan, "Sample Quantiles in
/// Statistical Packages", The American Statistician 50 (1996): between the two values beside the place (n − 1) · p,
/// in proportion. It is what R, NumPy and PERCENTILE.INC of spreadsheets answer when nobody says otherwise.
pub fn quantile(ordered: &[i64], percent: usize) -> Option<i64> {
    let place = ordered.len().checked_sub(1)? * percent;
    let (below, rest) = (place / 100, i64::try_from(place % 100).ok()?);
    let low = *ordered.get(below)?;
    let high = *ordered.get(below + 1).unwrap_or(&low);
    Some(low + ((high - low) * rest + 50).div_euclid(100))
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ComplaintLaneFigures)]
pub struct LaneFigures {
    /// Both empty: the complaint names no shipment whose lane is known.
    pub origin: String,
    pub destination: String,
    pub complaints: u64,
    /// By category; those without any are left out.
    #[schema(value_type = Object)]
    pub categories: BTreeMap<Category, u64>,
}

/// Who complained in the last days, and who did so again and again.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Complainers {
    /// Days back from today, today included.
    pub days: u32,
    /// From so many complaints on.
    pub least: u32,
    /// Customers who complained at all.
    pub customers: u64,
    /// Of those, how many are repeat complainers.
    pub repeat_customers: u64,
    /// The most complaints first; not all when there are very many.
    pub rows: Vec<Complainer>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Complainer {
    #[schema(value_type = String)]
    pub customer_id: CustomerId,
    pub customer_name: String,
    #[schema(value_type = Option<String>)]
    pub owner_id: Option<UserId>,
    pub complaints: u64,
    #[schema(value_type = String, format = DateTime)]
    pub last_received_at: Instant,
}

/// A share of a whole; none of nothing.
pub fn share(part: u64, whole: u64) -> f64 {
    // Counts are far below what a float holds exactly.
    #[expect(clippy::cast_precision_loss, reason = "fewer than 2^52")]
    let share = part as f64 / whole.max(1) as f64;
    share
}

/// The most first; equal ones in the order of the words.
pub fn pareto(mut causes: Vec<(Cause, u64)>) -> Vec<CauseShare> {
    causes.sort_by_key(|(cause, count)| (std::cmp::Reverse(*count), *cause));
    let all = causes.iter().map(|(_, count)| count).sum();
    let mut sum = 0;
    let row = |(cause, complaints): (Cause, u64)| {
        sum += complaints;
        CauseShare { cause, complaints, share: share(complaints, all), cumulative: share(sum, all) }
    };
    causes.into_iter().map(row).collect()
}

/// Every week of the window, also those in which nothing happened.
pub fn weeks(from: Day, weeks: u16, received: &[Instant], closed: &[Instant]) -> Vec<Week> {
    let of = |all: &[Instant]| {
        let mut counts: BTreeMap<Day, u64> = BTreeMap::new();
        for at in all {
            *counts.entry(monday_of(Actor::day_of(*at))).or_default() += 1;
        }
        counts
    };
    let (received, closed) = (of(received), of(closed));
    let week = |monday: Day| Week {
        monday,
        received: received.get(&monday).copied().unwrap_or_default(),
        closed: closed.get(&monday).copied().unwrap_or_default(),
    };
    (0..i64::from(weeks)).map(|no| week(from + Duration::weeks(no))).collect()
}

/// Lanes with all their categories, the lane with the most first. `counted`: complaints by lane and category.
pub fn by_lane(counted: Vec<(String, String, Category, u64)>) -> Vec<LaneFigures> {
    let mut lanes: BTreeMap<(String, String), BTreeMap<Category, u64>> = BTreeMap::new();
    for (origin, destination, category, complaints) in counted {
        *lanes.entry((origin, destination)).or_default().entry(category).or_default() += complaints;
    }
    let row = |((origin, destination), categories): ((String, String), BTreeMap<Category, u64>)| LaneFigures {
        complaints: categories.values().sum(),
        origin,
        destination,
        categories,
    };
    let mut rows: Vec<LaneFigures> = lanes.into_iter().map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.complaints));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_r_type_7() {
        // R: quantile(c(1, 2, 3, 4, 10), c(.5, .9), type = 7) is 3.0 and 7.6.
        let ordered = [100, 200, 300, 400, 1000];
        assert_eq!((quantile(&ordered, 50), quantile(&ordered, 90)), (Some(300), Some(760)));
        // R: quantile(c(60, 120), .9, type = 7) is 114.
        assert_eq!(quantile(&[60, 120], 90), Some(114));
        assert_eq!((quantile(&[7], 90), quantile(&[], 50)), (Some(7), None));
    }

    #[test]
    fn the_last_cause_of_a_pareto_ends_at_all_of_them() {
        let rows = pareto(vec![(Cause::Loading, 1), (Cause::Packing, 2), (Cause::Carrier, 1)]);
        let told: Vec<_> = rows.iter().map(|row| (row.cause, row.share, row.cumulative)).collect();
        assert_eq!(told, [(Cause::Packing, 0.5, 0.5), (Cause::Loading, 0.25, 0.75), (Cause::Carrier, 0.25, 1.0)]);
    }

    #[test]
    fn a_week_begins_on_monday_in_china() {
        let sunday: Day = "2026-11-22".parse().unwrap_or_default();
        assert_eq!(monday_of(sunday).to_string(), "2026-11-16");
        assert_eq!(Window::Weeks4.from(sunday).to_string(), "2026-10-26");
        assert_eq!(beginning(sunday).to_string(), "2026-11-21 16:00:00 UTC");
    }
}
