#![expect(clippy::unwrap_used, reason = "a journey that cannot go on has failed")]

mod browser;
mod checks;
mod collect;
mod crawl;
mod findings;
mod house;
mod keyboard;
mod looks;
mod need;
mod paper;
mod readme;
mod sheet;
mod sign_in;
mod without_script;
mod worklist;
