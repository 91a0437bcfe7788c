#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
//! Published figures, from the data that `HAWSER_TEST_DATA` names.

mod cdnow;
mod printed;
mod scms;

use std::path::PathBuf;

/// A file of real data; says aloud when there is none.
pub fn data(path: &str) -> Option<PathBuf> {
    match std::env::var_os("HAWSER_TEST_DATA") {
        Some(folder) => Some(PathBuf::from(folder).join(path)),
        None => {
            eprintln!("SKIPPED: HAWSER_TEST_DATA is not set; it names the folder with {path}");
            None
        }
    }
}

/// Each number as it is printed.
#[track_caller]
pub fn assert_printed(found: &[f64], printed: &[&str]) {
    let written = found.iter().zip(printed).map(|(number, printed)| {
        let decimals = printed.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        format!("{number:.decimals$}")
    });
    assert_eq!(written.collect::<Vec<_>>(), printed, "{found:?}");
}
