//! The checks in the order in which they run: cheap ones first, each with its time, nothing skipped in silence.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use clap::ValueEnum;

use crate::postgres::{self, Cluster};
use crate::prepare;
use crate::process::{Failure, Interrupts, run, run_within};

const TEST_DATA: &str = "HAWSER_TEST_DATA";

/// How long the download of the advisory database may take before we go on without it.
const ADVISORIES_TIME: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Step {
    /// The code is formatted
    Format,
    /// The compiler and clippy have nothing to say
    Clippy,
    /// Licences, versions, origins and known holes of what we depend on
    Deny,
    /// Every test but the browser's, on SQLite and PostgreSQL
    Tests,
    /// The program in a real browser
    Journeys,
}

const ALL: [Step; 5] = [Step::Format, Step::Clippy, Step::Deny, Step::Tests, Step::Journeys];

pub fn list() {
    for step in ALL {
        println!("{:<10}{}", name(step), title(step));
    }
}

fn chosen(only: &[Step]) -> Vec<Step> {
    ALL.into_iter().filter(|step| only.is_empty() || only.contains(step)).collect()
}

pub fn run_all(root: &Path, only: &[Step], interrupts: &Interrupts) -> Result<(), Failure> {
    let begun = Instant::now();
    let steps = chosen(only);
    let mut checkout = Checkout::at(root, interrupts);
    checkout.prepare(&steps)?;
    for &step in &steps {
        println!("\n── {}: {} ──", name(step), title(step));
        let since = Instant::now();
        let ended = checkout.run(step);
        let word = if ended.is_ok() { "passed" } else { "FAILED" };
        checkout.summary.push(format!("{word}  {:<10}{:>5} s", name(step), since.elapsed().as_secs()));
        println!("{} {word} after {} s", name(step), since.elapsed().as_secs());
        if let Err(failure) = ended {
            checkout.summarise(&steps, begun);
            return Err(failure);
        }
    }
    checkout.summarise(&steps, begun);
    Ok(())
}

/// Makes the pictures of the READMEs anew, by the journey that shows that they can be made.
pub fn take_screenshots(root: &Path, interrupts: &Interrupts) -> Result<(), Failure> {
    let checkout = Checkout::at(root, interrupts);
    checkout.prepare(&[Step::Journeys])?;
    checkout.cargo(&["build", "--package", "hawser", "--bin", "hawser"])?;
    checkout.browse(&["readme::"], &[("HAWSER_KEEP_SCREENSHOTS", "1")])
}

struct Checkout<'a> {
    root: &'a Path,
    target: PathBuf,
    interrupts: &'a Interrupts,
    /// Started by the first step that needs it, stopped when the run ends.
    cluster: Option<Cluster>,
    summary: Vec<String>,
    skipped: Vec<String>,
}

impl<'a> Checkout<'a> {
    fn at(root: &'a Path, interrupts: &'a Interrupts) -> Self {
        let target = crate::target(root);
        Self { root, target, interrupts, cluster: None, summary: Vec::new(), skipped: Vec::new() }
    }

    fn prepare(&self, steps: &[Step]) -> Result<(), Failure> {
        if let Some(named) = env::var_os(TEST_DATA) {
            test_data(Path::new(&named))?;
        }
        let journeys = steps.contains(&Step::Journeys) && self.has_journeys();
        prepare::packages_of_tests(steps.contains(&Step::Tests), journeys, self.root, self.interrupts)?;
        if steps.contains(&Step::Format) || steps.contains(&Step::Clippy) {
            prepare::rust_components(self.root, self.interrupts)?;
        }
        Ok(())
    }

    fn run(&mut self, step: Step) -> Result<(), Failure> {
        match step {
            Step::Format => self.cargo(&["fmt", "--all", "--check"]),
            Step::Clippy => self.cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
            Step::Deny => self.deny(),
            Step::Tests => self.tests(),
            Step::Journeys => self.journeys(),
        }
    }

    fn deny(&mut self) -> Result<(), Failure> {
        let program = prepare::cargo_deny(self.root, &self.target, self.interrupts)?;
        // Offline below means: only what this brings, so that a failing network is not taken for a failing check.
        self.cargo(&["fetch", "--quiet"])?;
        run(self.command(&program, &["--offline", "check", "licenses", "bans", "sources"]), self.interrupts)?;
        let fetched = run_within(self.command(&program, &["fetch", "db"]), ADVISORIES_TIME, self.interrupts);
        match fetched {
            Ok(()) => run(self.command(&program, &["--offline", "check", "advisories"]), self.interrupts),
            Err(Failure::Interrupted) => Err(Failure::Interrupted),
            Err(why) => {
                self.skip(format!("known holes of dependencies: the advisory database is not reachable ({why})"));
                Ok(())
            }
        }
    }

    fn tests(&mut self) -> Result<(), Failure> {
        if env::var_os(TEST_DATA).is_none() {
            self.skip(format!("tests on real data: {TEST_DATA} names no folder (each such test says so too)"));
        }
        let mut arguments = vec!["test", "--workspace"];
        if self.has_journeys() {
            arguments.extend(["--exclude", "e2e"]);
        }
        self.cargo_beside_postgres(&arguments)
    }

    fn journeys(&mut self) -> Result<(), Failure> {
        if !self.has_journeys() {
            self.skip("journeys: this checkout has no e2e folder".into());
            return Ok(());
        }
        self.cargo(&["build", "--package", "hawser", "--bin", "hawser"])?;
        self.browse(&[], &[])
    }

    /// Journeys that say aloud why they cannot start would pass; here they must run. Two at a time leave each a processor.
    fn browse(&self, names: &[&str], variables: &[(&str, &str)]) -> Result<(), Failure> {
        let mut arguments = vec!["test", "--package", "e2e", "--", "--test-threads=2"];
        arguments.extend(names);
        let mut command = self.command(Path::new("cargo"), &arguments);
        command.env("HAWSER_BINARY", self.target.join("debug/hawser")).env("HAWSER_JOURNEYS_REQUIRED", "1");
        command.envs(variables.iter().copied());
        run(command, self.interrupts)
    }

    fn has_journeys(&self) -> bool {
        self.root.join("e2e/Cargo.toml").exists()
    }

    fn cargo(&self, arguments: &[&str]) -> Result<(), Failure> {
        run(self.command(Path::new("cargo"), arguments), self.interrupts)
    }

    fn cargo_beside_postgres(&mut self, arguments: &[&str]) -> Result<(), Failure> {
        let url = match &self.cluster {
            Some(cluster) => cluster.url(),
            None => self.cluster.insert(Cluster::start(self.interrupts)?).url(),
        };
        let mut command = self.command(Path::new("cargo"), arguments);
        command.env(postgres::VARIABLE, url);
        run(command, self.interrupts)
    }

    fn command(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.root);
        if let Some(Ok(folder)) = env::var_os(TEST_DATA).map(|named| test_data(Path::new(&named))) {
            command.env(TEST_DATA, folder);
        }
        if env::var_os("CI").is_some() {
            // A build machine starts fresh: incremental files would only be written, never read.
            command.env("CARGO_INCREMENTAL", "0");
        }
        command
    }

    fn skip(&mut self, what: String) {
        println!("SKIPPED {what}");
        self.skipped.push(format!("SKIPPED {what}"));
    }

    fn summarise(&self, steps: &[Step], begun: Instant) {
        println!("\n── summary ──");
        self.summary.iter().for_each(|line| println!("{line}"));
        self.skipped.iter().for_each(|line| println!("{line}"));
        let not_run = steps.iter().skip(self.summary.len()).chain(ALL.iter().filter(|step| !steps.contains(step)));
        not_run.for_each(|&step| println!("not run {}", name(step)));
        println!("{} s in all", begun.elapsed().as_secs());
    }
}

/// The folder in full: tests run each in the folder of their crate, where a path from here would lead elsewhere.
fn test_data(named: &Path) -> Result<PathBuf, Failure> {
    let missing =
        |error| Failure::Missing(format!("{TEST_DATA} names {}, which cannot be opened: {error}", named.display()));
    named.canonicalize().map_err(missing)
}

fn name(step: Step) -> &'static str {
    match step {
        Step::Format => "format",
        Step::Clippy => "clippy",
        Step::Deny => "deny",
        Step::Tests => "tests",
        Step::Journeys => "journeys",
    }
}

fn title(step: Step) -> &'static str {
    match step {
        Step::Format => "the code is formatted",
        Step::Clippy => "the compiler and clippy have nothing to say",
        Step::Deny => "licences, versions, origins and known holes of what we depend on",
        Step::Tests => "every test but the browser's, on SQLite and PostgreSQL",
        Step::Journeys => "the program in a real browser",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_choice_every_step_runs_in_order() {
        assert_eq!(chosen(&[]), ALL);
    }

    #[test]
    fn chosen_steps_run_in_the_fixed_order() {
        assert_eq!(chosen(&[Step::Tests, Step::Format]), [Step::Format, Step::Tests]);
    }

    #[test]
    fn each_step_is_chosen_by_the_name_that_is_shown() {
        for step in ALL {
            assert_eq!(Step::from_str(name(step), false), Ok(step));
        }
    }
}
