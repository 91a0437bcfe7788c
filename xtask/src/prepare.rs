//! What the tests need from the machine: found, installed where we may, or named in one line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::geteuid;

use crate::postgres;
use crate::process::{Failure, Interrupts, output_of, run};

/// Changed together with deny.toml: a newer version may know more checks.
const CARGO_DENY: &str = "0.20.2";

/// A Debian package and how we see that it is there.
struct Need {
    package: &'static str,
    what: &'static str,
    present: fn() -> bool,
}

const POSTGRES: Need =
    Need { package: "postgresql", what: "PostgreSQL server (initdb)", present: || postgres::programs().is_some() };

const BROWSER: [Need; 3] = [
    Need { package: "chromium", what: "chromium", present: || on_path("chromium") },
    Need { package: "chromium-driver", what: "chromedriver", present: || on_path("chromedriver") },
    Need { package: "fonts-noto-cjk", what: "a font with Chinese characters", present: chinese_font },
];

pub fn postgres(root: &Path, interrupts: &Interrupts) -> Result<(), Failure> {
    packages(&[POSTGRES], root, interrupts)
}

/// PostgreSQL for tests; for journeys a browser that can show Chinese text.
pub fn packages_of_tests(tests: bool, journeys: bool, root: &Path, interrupts: &Interrupts) -> Result<(), Failure> {
    let mut needs = Vec::new();
    if tests {
        needs.push(POSTGRES);
    }
    if journeys {
        needs.extend(BROWSER);
    }
    packages(&needs, root, interrupts)
}

fn packages(needs: &[Need], root: &Path, interrupts: &Interrupts) -> Result<(), Failure> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let what = missing.iter().map(|need| need.what).collect::<Vec<_>>().join(", ");
    if !is_debian(&fs::read_to_string("/etc/os-release").unwrap_or_default()) {
        return Err(Failure::Missing(format!(
            "Missing: {what}. Only on Debian do we install it; please do so and try again."
        )));
    }
    let line = install_line(&missing.iter().map(|need| need.package).collect::<Vec<_>>());
    println!("Missing: {what}");
    let Some(shell) = root_shell() else {
        return Err(Failure::Missing(format!("Please run this line, then try again:\n{}", with_sudo(&line))));
    };
    println!("{line}");
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).args(["sh", "-c", &line]).current_dir(root);
    run(command, interrupts)?;
    match missing.iter().find(|need| !(need.present)()) {
        None => Ok(()),
        Some(need) => {
            Err(Failure::Missing(format!("{} was installed, but {} is still not found.", need.package, need.what)))
        }
    }
}

fn install_line(packages: &[&str]) -> String {
    let install = "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends";
    format!("apt-get update && {install} {}", packages.join(" "))
}

fn with_sudo(line: &str) -> String {
    format!("sudo sh -c '{line}'")
}

/// How to run something as root without asking anybody, if that is possible at all.
fn root_shell() -> Option<&'static [&'static str]> {
    if geteuid().is_root() {
        return Some(&["env"]);
    }
    output_of("sudo", &["-n", "true"]).map(|_| ["sudo", "-n"].as_slice())
}

fn is_debian(os_release: &str) -> bool {
    os_release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .any(|names| names.trim_matches('"').split_whitespace().any(|name| name == "debian"))
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Without fontconfig's tool we look for the package's own folder.
fn chinese_font() -> bool {
    match output_of("fc-list", &[":lang=zh"]) {
        Some(fonts) => !fonts.is_empty(),
        None => fs::read_dir("/usr/share/fonts/opentype/noto").is_ok_and(|mut files| {
            files.any(|file| file.is_ok_and(|f| f.file_name().to_string_lossy().contains("CJK")))
        }),
    }
}

/// rustup installs what rust-toolchain.toml names; this is for a toolchain that was set up by hand.
pub fn rust_components(root: &Path, interrupts: &Interrupts) -> Result<(), Failure> {
    let complete = ["fmt", "clippy"].iter().all(|tool| output_of("cargo", &[tool, "--version"]).is_some());
    if complete {
        return Ok(());
    }
    let mut command = Command::new("rustup");
    command.args(["component", "add", "clippy", "rustfmt"]).current_dir(root);
    run(command, interrupts)
}

/// The program of the pinned version, from the path or from our own tools folder, installed there when needed.
pub fn cargo_deny(root: &Path, target: &Path, interrupts: &Interrupts) -> Result<PathBuf, Failure> {
    let tools = target.join("tools");
    let own = tools.join("bin/cargo-deny");
    for candidate in [PathBuf::from("cargo-deny"), own.clone()] {
        if output_of(&candidate, &["--version"]).is_some_and(|said| said.ends_with(&format!(" {CARGO_DENY}"))) {
            return Ok(candidate);
        }
    }
    println!("Missing: cargo-deny {CARGO_DENY}; building it takes a few minutes, once");
    let mut command = Command::new("cargo");
    command
        .args(["install", "--locked", "cargo-deny", "--version", CARGO_DENY, "--root"])
        .arg(&tools)
        .current_dir(root);
    run(command, interrupts)?;
    Ok(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_its_children_are_recognised() {
        assert!(is_debian("PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n"));
        assert!(is_debian("ID=ubuntu\nID_LIKE=\"debian\"\n"));
        assert!(!is_debian("ID=fedora\nVERSION_ID=44\n"));
        assert!(!is_debian(""));
    }

    #[test]
    fn the_line_to_run_is_complete_when_copied() {
        assert_eq!(
            with_sudo(&install_line(&["chromium", "postgresql"])),
            "sudo sh -c 'apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y \
             --no-install-recommends chromium postgresql'"
        );
    }
}
