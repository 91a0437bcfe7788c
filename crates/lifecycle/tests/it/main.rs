#![expect(clippy::unwrap_used, reason = "a test that cannot get what it needs has failed")]

mod any_history;
mod pages;
mod stages;
mod store;

use base::Day;

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn days(texts: &[&str]) -> Vec<Day> {
    texts.iter().map(|text| day(text)).collect()
}
