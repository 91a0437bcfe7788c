//! Connections, transactions and what every module writes beside its own rows: events, audit, settings, jobs.

pub mod audit;
pub mod bulk;
mod connect;
pub mod dialect;
pub mod files;
pub mod jobs;
pub mod outbox;
pub mod packed;
pub mod settings;
#[doc(hidden)]
pub mod testing;

pub use connect::{Db, Kind, Location};
/// An open transaction; dropped without `commit` it undoes everything.
pub type Tx = sea_orm::DatabaseTransaction;
