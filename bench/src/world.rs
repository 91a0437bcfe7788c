//! A made-up firm: few large customers and many small ones, 24 months of shipments. The same numbers each time.

use std::collections::HashMap;

use base::{Day, Instant};
use chrono::{Duration, NaiveTime};
use fastrand::Rng;

const WORDS: &str = include_str!("words.txt");
/// Any number will do; it only must not change.
const SEED: u64 = 8_851_032;
/// Days of history.
pub const DAYS: i64 = 730;
/// Of 100 customers, those who never shipped.
const NEVER: usize = 15;

/// How much of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub customers: usize,
    pub shipments: usize,
}

impl Size {
    pub fn interactions(self) -> usize {
        self.customers * 3
    }

    /// One salesperson has about 500 customers.
    pub fn reps(self) -> usize {
        (self.customers / 500).clamp(4, 400)
    }
}

/// The lists of `words.txt`.
pub struct Words(HashMap<&'static str, Vec<&'static str>>);

impl Words {
    pub fn read() -> Self {
        let lines = WORDS.lines().filter_map(|line| line.split_once(": "));
        let split = |text: &'static str| text.split(if text.contains('|') { '|' } else { ',' }).collect();
        Self(lines.map(|(name, text)| (name, split(text))).collect())
    }

    pub fn of(&self, list: &str) -> &[&'static str] {
        self.0.get(list).map_or(&[], Vec::as_slice)
    }

    pub fn at(&self, list: &str, place: usize) -> &'static str {
        let all = self.of(list);
        all.get(place % all.len().max(1)).copied().unwrap_or_default()
    }

    /// No two customers below 900,000 have the same name.
    pub fn customer(&self, number: usize) -> String {
        let (first, second, trades) = (self.of("first").len(), self.of("second").len(), self.of("trades").len());
        let city = self.at("cities", number / (first * second * trades).max(1) + number * 7);
        let trade = self.at("trades", number / (first * second).max(1) + number);
        let (one, two) = (self.at("first", number / second.max(1)), self.at("second", number));
        let serial = number / (first * second * trades).max(1);
        let serial = if serial == 0 { String::new() } else { self.at("second", serial).to_owned() };
        let other = self.at("first", number / 3);
        format!("{city}{one}{two}{other}{serial}{trade}{}", self.at("legal", 0))
    }
}

/// How often each customer ships, and who ships when.
pub struct World {
    pub size: Size,
    pub today: Day,
    /// Customer of each shipment, oldest shipment first.
    pub shippers: Vec<u32>,
}

impl World {
    pub fn of(size: Size, today: Day) -> Self {
        let mut dice = Rng::with_seed(SEED);
        let ranks = size.customers - size.customers * NEVER / 100;
        let weight = |rank: usize| 1.0 / (rank as f64 + 5.0);
        let all: f64 = (0..ranks).map(weight).sum();
        let (mut shippers, mut sum) = (Vec::with_capacity(size.shipments), 0.0);
        for rank in 0..ranks {
            sum += weight(rank);
            let until = (sum / all * size.shipments as f64).round() as usize;
            shippers.resize(until.min(size.shipments), number_of(rank, size.customers));
        }
        shippers.resize(size.shipments, number_of(0, size.customers));
        dice.shuffle(&mut shippers);
        Self { size, today, shippers }
    }

    /// The day of a shipment: the same number every day.
    pub fn shipped_on(&self, shipment: usize) -> Day {
        let ago = DAYS - 1 - (shipment as i64 * DAYS) / self.shippers.len().max(1) as i64;
        self.today - Duration::days(ago)
    }

    /// Shipment days by customer.
    pub fn days(&self) -> Vec<Vec<Day>> {
        let mut days = vec![Vec::new(); self.size.customers];
        for (shipment, customer) in self.shippers.iter().enumerate() {
            days[*customer as usize].push(self.shipped_on(shipment));
        }
        days
    }

    /// The one who ships most.
    pub fn biggest(&self) -> usize {
        number_of(0, self.size.customers) as usize
    }
}

/// The customer of this rank: large ones stand anywhere in the list, not at its front.
fn number_of(rank: usize, customers: usize) -> u32 {
    let step = [7919, 104_729, 1_299_709].into_iter().find(|step| !customers.is_multiple_of(*step)).unwrap_or(1);
    ((rank * step + customers / 2) % customers.max(1)) as u32
}

/// One line of a shipment, as a file or a row may tell it.
#[derive(Clone, Debug)]
pub struct Freight {
    pub origin: &'static str,
    pub destination: &'static str,
    pub mode: &'static str,
    pub booked: Day,
    pub promised: Instant,
    pub delivered: Option<Instant>,
    pub pieces: i64,
    pub weight_grams: i64,
    pub revenue: i64,
    pub cost: i64,
}

const MODES: [(&str, i64); 5] = [("truck", 3), ("air", 4), ("ocean", 28), ("rail", 16), ("express", 2)];

impl Freight {
    /// A customer ships on few lanes, most of it on time.
    pub fn of(words: &Words, dice: &mut Rng, customer: usize, booked: Day, today: Day) -> Self {
        let lane = customer.wrapping_mul(31) + dice.usize(..3);
        let (mode, days) = MODES[lane % MODES.len()];
        let promised = booked + Duration::days(days);
        let late = dice.u8(..100) < 4 + (customer % 9) as u8;
        let shift = if late { dice.i64(1..4) } else { -dice.i64(0..2) };
        let delivered = (promised + Duration::days(shift)).max(booked);
        let revenue = 20_000 + dice.i64(0..400_000);
        Self {
            origin: words.at("cities", lane),
            destination: match mode {
                "truck" | "express" => words.at("cities", lane / 7 + 3),
                _ => words.at("abroad", lane / 5),
            },
            mode,
            booked,
            promised: at(promised, 18),
            delivered: (delivered <= today).then(|| at(delivered, dice.u32(8..18))),
            pieces: dice.i64(1..60),
            weight_grams: dice.i64(5..3000) * 1000,
            revenue,
            cost: revenue * dice.i64(68..93) / 100,
        }
    }
}

/// The hour of that day in China.
pub fn at(day: Day, hour: u32) -> Instant {
    let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    day.and_time(time).and_utc() - Duration::hours(8)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_customer_has_a_name_of_his_own() {
        let words = Words::read();
        let names: HashSet<String> = (0..120_000).map(|number| words.customer(number)).collect();
        assert_eq!(names.len(), 120_000);
    }

    #[test]
    fn few_ship_much_and_many_ship_little() {
        let size = Size { customers: 1_000, shipments: 20_000 };
        let world = World::of(size, Day::default());
        let mut days: Vec<usize> = world.days().iter().map(Vec::len).collect();
        assert_eq!(days.iter().sum::<usize>(), 20_000);
        assert_eq!(days[world.biggest()], *days.iter().max().unwrap());
        days.sort_unstable();
        assert_eq!(days[..150].iter().sum::<usize>(), 0);
        assert!(days[990..].iter().sum::<usize>() > 20_000 / 5);
    }
}
