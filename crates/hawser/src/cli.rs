//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::model::arguments::Model;

/// Hawser 缆客 keeps the customers of logistics firms.
///
/// Exit codes: 0 done, 1 failed, 2 the command line, the configuration or what they name is wrong,
/// 3 an import left rows out, 4 the address to serve on is taken.
///
/// Logs go to standard error, one JSON object a line. The environment variable HAWSER_LOG sets how much is told:
/// error, warn, info (without it), debug, or a level a part, for example `warn,access=info`.
#[derive(Debug, Parser)]
#[command(name = "hawser", version)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Clone, Debug, Default, Args)]
pub struct Common {
    /// Folder of the embedded database, uploads and `hawser.toml` [default: ./hawser-data]
    #[arg(long, global = true, env = "HAWSER_DATA", value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// sqlite://PATH or postgres://USER@HOST/NAME [default: hawser.db in the data folder]
    #[arg(long, global = true, env = "HAWSER_DATABASE", value_name = "URL")]
    pub database: Option<String>,
    /// Answer in JSON, for programs
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the pages and the API
    Serve(Listen),
    /// The same with the textbook case; prints a sign-in link for each, which works once
    Demo(Listen),
    /// Bring the database schema up to date
    Migrate {
        /// Only say what would be done
        #[arg(long)]
        dry_run: bool,
    },
    /// Bring in a file: preview with --dry-run, then the same plan is written
    Import(Import),
    /// Figures from the shipments
    #[command(subcommand)]
    Report(Report),
    /// Statistics of a customer base from anybody's CSV file; needs no database
    #[command(subcommand)]
    Model(Model),
    /// People who may sign in
    #[command(subcommand)]
    User(User),
    /// Keys for programs
    #[command(subcommand)]
    Key(Key),
    /// Write everything into one file, also while the program serves
    Backup {
        /// The file to write; must not exist
        file: PathBuf,
    },
    /// Bring a backup back into an empty database
    Restore {
        /// A file that `backup` wrote
        file: PathBuf,
    },
    /// Check the database, the audit chain and the jobs, and count what is stored
    Doctor,
}

#[derive(Debug, Args)]
pub struct Import {
    /// customers, shipments or interactions
    pub kind: String,
    /// CSV or XLSX; .csv.gz too
    pub file: PathBuf,
    /// Name of a mapping that comes with the program, or a TOML file [default: proposed from the headers]
    #[arg(long, value_name = "NAME|FILE")]
    pub map: Option<String>,
    /// Only say what would be done
    #[arg(long)]
    pub dry_run: bool,
    /// Create customers that the file names and nobody knows
    #[arg(long)]
    pub create_customers: bool,
    /// The system that the records come from, part of a waybill's key [default: the mapping's, else file]
    #[arg(long)]
    pub source: Option<String>,
    /// Where the refused rows go, each with its reason
    #[arg(long, value_name = "FILE")]
    pub refused: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Report {
    /// Who is served on time: counts, rate and its 95 % Wilson interval
    OnTime {
        /// One row for each of these; without it one row for everything
        #[arg(long, value_enum)]
        by: Option<By>,
        #[arg(long, value_enum, default_value_t = Grain::Line)]
        grain: Grain,
        /// day: delivered on or before the promised day; timestamp: by time where both have one
        #[arg(long, value_enum, default_value_t = Clock::Day)]
        clock: Clock,
    },
    /// How many customers stand on each stage of the relationship
    Stages,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum By {
    Mode,
    Customer,
    Lane,
    Month,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Grain {
    Line,
    Shipment,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Clock {
    Day,
    Timestamp,
}

#[derive(Debug, Subcommand)]
pub enum User {
    /// Everybody, with roles
    List,
    /// Create a user and print a link by which he signs in
    Create {
        login: String,
        #[arg(long)]
        name: String,
        /// sales_rep, customer_service, operations, manager, administrator or the name of your own role
        #[arg(long)]
        role: String,
        /// Name of the department
        #[arg(long)]
        department: Option<String>,
    },
    /// Print a link that signs in once, for somebody who lost his password
    Link { login: String },
    /// Close an account and end its sessions
    Disable { login: String },
}

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Every key, without its secret
    List,
    /// Create a key that acts for a user; it is printed once
    Create {
        /// Login of the user for whom it acts
        user: String,
        /// What the key is for
        #[arg(long)]
        name: String,
        /// Permissions, for example customers.view,shipments.view
        #[arg(long, value_delimiter = ',', required = true)]
        scopes: Vec<String>,
        /// Days until it ends
        #[arg(long, default_value_t = 90)]
        days: u16,
    },
    /// End a key
    Revoke { id: String },
}

#[derive(Clone, Debug, Default, Args)]
pub struct Listen {
    /// Address and port [default: 127.0.0.1:8080]
    #[arg(long, env = "HAWSER_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Certificate chain (PEM) for https of its own
    #[arg(long, env = "HAWSER_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key (PEM) of the certificate
    #[arg(long, env = "HAWSER_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// A proxy in front speaks https under this address, for example https://crm.example.com
    #[arg(long, env = "HAWSER_BEHIND_PROXY", value_name = "https://HOST")]
    pub behind_proxy: Option<String>,
    /// Address or network whose word about a visitor's address counts [default with --behind-proxy: this machine]
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    pub trusted_proxy: Vec<String>,
    /// Most connections at once from one address; 0 sets no limit, and trusted proxies have none [default: 256]
    #[arg(long, env = "HAWSER_CONNECTIONS_PER_ADDRESS", value_name = "NUMBER")]
    pub connections_per_address: Option<usize>,
    /// Offer a longer language that shows where texts are clipped
    #[arg(long, env = "HAWSER_TEST_LANGUAGE", hide = true)]
    pub test_language: bool,
}
