//! What a developer or a build machine asks of the checkout: test everything, or borrow a PostgreSQL server.

mod bench;
mod postgres;
mod prepare;
mod process;
mod steps;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::{Parser, Subcommand};

use crate::postgres::Cluster;
use crate::process::{Failure, Interrupts};
use crate::steps::Step;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Tasks of the checkout")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Prepare what is missing, then run every check and every test; stops at the first failure
    ///
    /// Exit codes: 0 all passed, 1 a step failed, 2 something is missing that cannot be installed from here.
    Test {
        /// Run only these steps (see --list)
        #[arg(long, value_name = "STEP", num_args = 1..)]
        only: Vec<Step>,
        /// Name the steps and end
        #[arg(long)]
        list: bool,
    },
    /// Build scripts and styles as the program embeds them, and print their folder
    Assets,
    /// Make the pictures of the READMEs anew (docs/worklist.*.png)
    Screenshots,
    /// Measure the program on a made-up firm of 100,000 customers; what is measured is told by `bench --help`
    Bench {
        /// pages, import or all, and the options of the crate `bench`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run a command beside a throw-away PostgreSQL server, its address in HAWSER_TEST_POSTGRES
    Postgres {
        /// The command and its arguments, after `--`
        #[arg(last = true, required = true, value_name = "COMMAND")]
        command: Vec<String>,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let root = root();
    let ended = Interrupts::watch().and_then(|interrupts| match arguments.task {
        Task::Test { list: true, .. } => {
            steps::list();
            Ok(())
        }
        Task::Test { only, .. } => steps::run_all(&root, &only, &interrupts),
        Task::Assets => assets(&root),
        Task::Screenshots => steps::take_screenshots(&root, &interrupts),
        Task::Bench { arguments } => bench::run(&root, &arguments, &interrupts),
        Task::Postgres { command } => beside_postgres(&root, &command, &interrupts),
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

/// The checkout's top folder; the alias in `.cargo/config.toml` runs this program from anywhere below it.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// The folder that cargo builds into.
fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |named| root.join(named))
}

fn assets(root: &Path) -> Result<(), Failure> {
    let built = asset_build::build(&target(root)).map_err(|error| Failure::Step(error.to_string()))?;
    println!("{}", built.display());
    Ok(())
}

fn beside_postgres(root: &Path, command: &[String], interrupts: &Interrupts) -> Result<(), Failure> {
    prepare::postgres(root, interrupts)?;
    let cluster = Cluster::start(interrupts)?;
    let mut child = Command::new(&command[0]);
    child.args(&command[1..]).env(postgres::VARIABLE, cluster.url());
    process::run_in_foreground(child, interrupts)
}
