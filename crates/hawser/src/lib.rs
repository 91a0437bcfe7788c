//! The program: knows all modules, puts them together and runs them.

mod cli;
mod commands;
mod config;
mod connections;
pub mod demo;
mod grants;
mod health;
mod home;
mod jobs;
mod openapi;
pub mod program;
mod progress;
mod requests;
pub mod router;
mod sending;
mod serve;
mod settings;

use std::process::ExitCode;

use clap::Parser;

pub fn main() -> ExitCode {
    // The reader of uploaded files limits itself before anything else is set up.
    if std::env::args_os().nth(1).is_some_and(|word| word == "worker") {
        return exchange::worker::main();
    }
    let arguments = cli::Arguments::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("hawser: {error}");
            return ExitCode::FAILURE;
        }
    };
    runtime.block_on(commands::run(arguments))
}
