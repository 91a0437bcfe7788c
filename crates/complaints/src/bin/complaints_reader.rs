//! The reader of uploaded files as a program of its own, so that tests read cards in a real child.

use std::process::ExitCode;

fn main() -> ExitCode {
    exchange::worker::main()
}
