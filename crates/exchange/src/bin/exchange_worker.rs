//! The reading half as a program of its own, so that tests can start a real child.

use std::process::ExitCode;

fn main() -> ExitCode {
    exchange::worker::main()
}
