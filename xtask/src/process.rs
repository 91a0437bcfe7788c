//! Commands that end when we are told to end, so that nothing outlives the task.

use std::fmt;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

const POLL: Duration = Duration::from_millis(50);
/// How long a command may take to end after a polite request.
const GRACE: Duration = Duration::from_secs(5);

/// Why the task ended early.
#[derive(Debug)]
pub enum Failure {
    /// A check or a test did not pass.
    Step(String),
    /// Something is missing here that only the reader can install.
    Missing(String),
    Interrupted,
}

impl Failure {
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Step(_) => 1,
            Failure::Missing(_) => 2,
            Failure::Interrupted => 130,
        }
    }

    /// Names what we were doing, since an I/O error alone does not.
    pub fn of(doing: &str) -> impl FnOnce(io::Error) -> Failure {
        let doing = doing.to_owned();
        move |error| Failure::Step(format!("{doing}: {error}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Step(text) | Failure::Missing(text) => out.write_str(text),
            Failure::Interrupted => out.write_str("Interrupted."),
        }
    }
}

/// Whether somebody asked us to end. Signals only set a mark, so that every exit goes through `Drop`.
pub struct Interrupts {
    asked: Arc<AtomicBool>,
}

impl Interrupts {
    pub fn watch() -> Result<Self, Failure> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register(signal, asked.clone()).map_err(Failure::of("cannot watch for signals"))?;
        }
        Ok(Self { asked })
    }

    pub fn check(&self) -> Result<(), Failure> {
        if self.asked.load(Ordering::Relaxed) { Err(Failure::Interrupted) } else { Ok(()) }
    }
}

/// Runs to the end in a process group of its own: an interrupted `cargo test` takes its tests with it.
pub fn run(mut command: Command, interrupts: &Interrupts) -> Result<(), Failure> {
    command.process_group(0);
    let child = start(&mut command)?;
    let status = Guard::of_group(child).wait(interrupts, None)?;
    passed(&command, status)
}

/// Runs to the end in our own process group, so that the command may read from the terminal.
pub fn run_in_foreground(mut command: Command, interrupts: &Interrupts) -> Result<(), Failure> {
    let child = start(&mut command)?;
    let status = Guard::of_one(child).wait(interrupts, None)?;
    passed(&command, status)
}

/// Like `run`, but a command that is not done in time counts as failed.
pub fn run_within(mut command: Command, time: Duration, interrupts: &Interrupts) -> Result<(), Failure> {
    command.process_group(0);
    let child = start(&mut command)?;
    let status = Guard::of_group(child).wait(interrupts, Some(Instant::now() + time))?;
    passed(&command, status)
}

/// What a short command prints, or nothing when it is absent or fails.
pub fn output_of(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The command as one would type it.
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn start(command: &mut Command) -> Result<Child, Failure> {
    command.spawn().map_err(|error| Failure::Step(format!("cannot start `{}`: {error}", shown(command))))
}

fn passed(command: &Command, status: ExitStatus) -> Result<(), Failure> {
    if status.success() { Ok(()) } else { Err(Failure::Step(format!("`{}` failed: {status}", shown(command)))) }
}

/// A running command that is ended when we stop waiting for it, for whatever reason.
struct Guard {
    child: Child,
    group: bool,
}

impl Guard {
    fn of_group(child: Child) -> Self {
        Self { child, group: true }
    }

    fn of_one(child: Child) -> Self {
        Self { child, group: false }
    }

    fn wait(mut self, interrupts: &Interrupts, until: Option<Instant>) -> Result<ExitStatus, Failure> {
        loop {
            if let Some(status) = self.child.try_wait().map_err(Failure::of("cannot wait for a command"))? {
                return Ok(status);
            }
            interrupts.check()?;
            if until.is_some_and(|until| Instant::now() >= until) {
                return Err(Failure::Step("not done in time".into()));
            }
            sleep(POLL);
        }
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.child);
        // A command that ended by itself meanwhile is what we want.
        let _ = if self.group { kill_process_group(pid, signal) } else { kill_process(pid, signal) };
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        self.signal(Signal::TERM);
        let until = Instant::now() + GRACE;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < until {
            sleep(POLL);
        }
        self.signal(Signal::KILL);
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn never() -> Interrupts {
        Interrupts { asked: Arc::new(AtomicBool::new(false)) }
    }

    #[test]
    fn a_failing_command_is_named_with_its_arguments() {
        let mut command = Command::new("false");
        command.arg("--really");
        let failure = run(command, &never()).unwrap_err();
        assert!(failure.to_string().starts_with("`false --really` failed"), "{failure}");
        assert_eq!(failure.exit_code(), 1);
    }

    #[test]
    fn an_interrupt_ends_the_running_command() {
        let interrupts = Interrupts { asked: Arc::new(AtomicBool::new(true)) };
        let mut command = Command::new("sleep");
        command.arg("60");
        let begun = Instant::now();
        assert_eq!(run(command, &interrupts).unwrap_err().exit_code(), 130);
        assert!(begun.elapsed() < GRACE);
    }

    #[test]
    fn a_command_that_takes_too_long_counts_as_failed() {
        let mut command = Command::new("sleep");
        command.arg("60");
        assert_eq!(run_within(command, POLL, &never()).unwrap_err().to_string(), "not done in time");
    }
}
