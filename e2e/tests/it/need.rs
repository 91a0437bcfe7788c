//! What journeys need from the machine. `cargo xtask test` installs and builds it, and then insists on it.

use std::path::PathBuf;

use crate::house::{program, target};

/// Set by `cargo xtask`: a journey that cannot start has failed.
const REQUIRED: &str = "HAWSER_JOURNEYS_REQUIRED";

/// Whether the journey can start; says aloud what is missing.
pub fn all_there() -> bool {
    let mut missing = Vec::new();
    for name in ["chromium", "chromedriver"] {
        if !on_path(name) {
            missing.push(format!("{name} is not installed"));
        }
    }
    if !program().is_file() {
        missing.push(format!("{} is not built", program().display()));
    }
    if !axe().is_file() {
        missing.push(format!("{} is not there", axe().display()));
    }
    if missing.is_empty() {
        return true;
    }
    let said = format!("SKIPPED journey: {}; `cargo xtask test --only journeys` prepares all", missing.join(", "));
    assert!(std::env::var_os(REQUIRED).is_none(), "{said}");
    eprintln!("{said}");
    false
}

/// Comes with the packages that the assets are built from.
pub fn axe() -> PathBuf {
    target().join("assets/node_modules/axe-core/axe.min.js")
}

fn on_path(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}
