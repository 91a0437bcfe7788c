//! Measures the program at the size that the design promises: pages, imports, start and memory, on both databases.
//!
//! Nothing here is part of the product, and no test depends on a time.

mod bulk;
mod client;
mod complaints;
pub mod figures;
mod files;
mod fill;
mod firm;
mod imports;
mod pages;
mod people;
mod server;
pub mod world;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base::Error;
use clap::{Parser, ValueEnum};

use crate::firm::Firm;
use crate::world::Size;

/// Where a PostgreSQL server is that may be filled.
const POSTGRES: &str = "HAWSER_BENCH_POSTGRES";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// Server answers, start, memory
    Pages,
    /// Files in
    Import,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Database {
    Sqlite,
    Postgres,
}

#[derive(Debug, Parser)]
#[command(name = "bench", about = "Measures the program on a made-up firm")]
pub struct Arguments {
    #[arg(value_enum, default_value_t = What::All)]
    pub what: What,
    #[arg(long, default_value_t = 100_000)]
    pub customers: usize,
    #[arg(long, default_value_t = 2_000_000)]
    pub shipments: usize,
    /// Measured with the pages
    #[arg(long, default_value_t = 1_000_000)]
    pub complaints: usize,
    /// Rows of the file that is imported [default: half of the shipments]
    #[arg(long)]
    pub rows: Option<usize>,
    #[arg(long, value_enum, default_value_t = Database::Sqlite)]
    pub database: Database,
    /// Answers of each page
    #[arg(long, default_value_t = 40)]
    pub times: usize,
    /// Filled databases and files are kept here for the next run
    #[arg(long, value_name = "FOLDER", default_value = "target/bench", overrides_with = "folder")]
    pub folder: PathBuf,
    /// The program and its first arguments [default: hawser beside this one]
    #[arg(long, value_name = "PROGRAM", num_args = 1..)]
    pub program: Vec<OsString>,
}

pub fn main() -> ExitCode {
    if is_the_program() {
        return hawser::main();
    }
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("bench: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:?}");
            ExitCode::FAILURE
        }
    }
}

/// Tests have no other program at hand than this one: under the name of `hawser` it is the program.
fn is_the_program() -> bool {
    let mut words = std::env::args_os();
    let called = words.next().is_some_and(|own| Path::new(&own).file_name().is_some_and(|name| name == "hawser"));
    called || words.next().is_some_and(|word| word == "worker")
}

/// # Errors
/// When anything does not work; slow is no error.
pub async fn run(arguments: &Arguments) -> Result<(), Error> {
    let size = Size { customers: arguments.customers, shipments: arguments.shipments };
    let url = std::env::var(POSTGRES).ok();
    let firm = Firm::ready(arguments, size, url.as_deref()).await?;
    if arguments.what != What::Import {
        firm.pages(arguments.times, arguments.complaints).await?.show_and_write(&arguments.folder, "pages")?;
    }
    if arguments.what != What::Pages {
        let rows = arguments.rows.unwrap_or(size.shipments / 2);
        firm.imports(rows).await?.show_and_write(&arguments.folder, "import")?;
    }
    Ok(())
}
