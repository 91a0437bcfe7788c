//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Hawser 缆客 keeps the customers of logistics firms.
///
/// Exit codes: 0 done, 1 failed, 2 the command line or the configuration is wrong.
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
    /// The same with the people of the textbook case; prints a sign-in link for each, which works once
    Demo(Listen),
    /// Bring the database schema up to date
    Migrate {
        /// Only say what would be done
        #[arg(long)]
        dry_run: bool,
    },
    /// Check the database, the audit chain and the jobs
    Doctor,
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
}
