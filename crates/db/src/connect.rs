use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use base::{Error, Message};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use tokio::sync::Notify;

use crate::{Tx, files};

/// What SQLite keeps of the file for each connection, in KiB.
const CACHE: u32 = 16_384;
/// The same for the one that writes, while it writes very many rows.
const LARGE_CACHE: u32 = 524_288;

/// Results that SQLite may have ready before they are taken; whoever sends many statements at once need not wait.
const READY: usize = 256;

/// The first SQLite without the WAL-reset corruption bug of 3.7.0 to 3.51.2.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// Where the data is: `sqlite:///path/hawser.db` or `postgres://user@host/name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    Sqlite(PathBuf),
    Postgres(String),
}

impl FromStr for Location {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            return Ok(Location::Sqlite(PathBuf::from(path)));
        }
        match text.starts_with("postgres://") || text.starts_with("postgresql://") {
            true => Ok(Location::Postgres(text.into())),
            false => Err(Error::invalid("database", Message::new("error-database_url").with("url", text))),
        }
    }
}

/// The open database. Cheap to clone.
///
/// SQLite has one writing connection and several reading ones; PostgreSQL has one pool.
#[derive(Clone, Debug)]
pub struct Db {
    write: DatabaseConnection,
    read: DatabaseConnection,
    kind: Kind,
    /// Woken after each commit that may have added events.
    committed: Arc<Notify>,
}

impl Db {
    /// # Errors
    /// `Unavailable` when the database does not answer, `Refused` when it is too old to be trusted.
    pub async fn connect(location: &Location) -> Result<Self, Error> {
        match location {
            Location::Sqlite(path) => Self::connect_sqlite(path).await,
            Location::Postgres(url) => Self::connect_postgres(url).await,
        }
    }

    async fn connect_sqlite(path: &Path) -> Result<Self, Error> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            files::own_folder(folder).map_err(|error| unusable(folder, &error))?;
        }
        files::own_database(path).map_err(|error| unusable(path, &error))?;
        let url = format!("sqlite://{}?mode=rwc", path.display());
        let write = Database::connect(sqlite_options(&url, 1)).await?;
        let version = write
            .query_one_raw(Statement::from_string(write.get_database_backend(), "select sqlite_version()"))
            .await?
            .map_or(Ok(String::new()), |row| row.try_get_by_index::<String>(0))?;
        if sqlite_version(&version) < OLDEST_SQLITE {
            return Err(Error::Refused(Message::new("error-sqlite_too_old").with("version", version)));
        }
        let read = Database::connect(sqlite_options(&url, 4)).await?;
        Ok(Self { write, read, kind: Kind::Sqlite, committed: Arc::new(Notify::new()) })
    }

    async fn connect_postgres(url: &str) -> Result<Self, Error> {
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(16)
            .acquire_timeout(Duration::from_secs(10))
            .connect_timeout(Duration::from_secs(10))
            // A node that is cut off in the middle of a transaction holds its rows no longer than this.
            .map_sqlx_postgres_opts(|options| options.options([("idle_in_transaction_session_timeout", "50s")]))
            .sqlx_logging(false);
        let pool = Database::connect(options).await?;
        Ok(Self { write: pool.clone(), read: pool, kind: Kind::Postgres, committed: Arc::new(Notify::new()) })
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// For queries outside a transaction. Never write through it.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// For migrations, which bring their own transactions. Everything else writes through `begin`.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Every write happens in a transaction: on SQLite it takes the write lock at once, so that a second program
    /// waits instead of failing half-way, and so that the write-ahead log gets its checkpoints.
    ///
    /// # Errors
    /// `Unavailable` when the lock or a connection is not to be had in time.
    pub async fn begin(&self) -> Result<Tx, Error> {
        let options = TransactionOptions {
            sqlite_transaction_mode: (self.kind == Kind::Sqlite).then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.write.begin_with_options(options).await?)
    }

    /// As `begin`, for a transaction that writes very many rows. What does not fit into SQLite's memory is written to the
    /// log and read back again and again; so it gets more, until the next `checkpoint`.
    ///
    /// # Errors
    /// As `begin`.
    pub async fn begin_large(&self) -> Result<Tx, Error> {
        if self.kind == Kind::Sqlite {
            self.write.execute_unprepared(&format!("pragma cache_size = -{LARGE_CACHE}")).await?;
        }
        self.begin().await
    }

    /// Commits and wakes whoever delivers events.
    ///
    /// # Errors
    /// When the database could not make the transaction durable; nothing of it is kept then.
    pub async fn commit(&self, tx: Tx) -> Result<(), Error> {
        tx.commit().await?;
        self.committed.notify_one();
        Ok(())
    }

    /// Resolves after the next commit in this process.
    pub async fn committed(&self) {
        self.committed.notified().await;
    }

    /// Moves the write-ahead log into the database file and empties it; PostgreSQL looks after its own.
    ///
    /// # Errors
    /// When the database does not answer. A reader that holds the log is no error; the next call gets it.
    pub async fn checkpoint(&self) -> Result<(), Error> {
        if self.kind == Kind::Sqlite {
            let pragma = Statement::from_string(self.write.get_database_backend(), "pragma wal_checkpoint(truncate)");
            self.write.query_one_raw(pragma).await?;
            self.write.execute_unprepared(&format!("pragma cache_size = -{CACHE}")).await?;
            self.write.execute_unprepared("pragma shrink_memory").await?;
        }
        Ok(())
    }

    /// Closes all connections; on SQLite after a checkpoint, so that one file holds everything.
    ///
    /// # Errors
    /// When the last checkpoint fails; the log then stays beside the file and is read at the next start.
    pub async fn close(self) -> Result<(), Error> {
        self.checkpoint().await?;
        if self.kind == Kind::Sqlite {
            self.read.close().await?;
        }
        Ok(self.write.close().await?)
    }
}

fn unusable(path: &Path, error: &std::io::Error) -> Error {
    Error::Unavailable(format!("{}: {error}", path.display()))
}

fn sqlite_options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .pragma("journal_mode", "WAL")
                // NORMAL loses acknowledged commits in a power cut: 5,120 of 102,144 measured, FULL none.
                .pragma("synchronous", "FULL")
                .pragma("foreign_keys", "ON")
                .pragma("cache_size", format!("-{CACHE}"))
                .pragma("temp_store", "MEMORY")
                .pragma("mmap_size", "268435456")
                .busy_timeout(Duration::from_secs(15))
                .row_buffer_size(READY)
        });
    options
}

fn sqlite_version(text: &str) -> (u32, u32, u32) {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_says_which_database() {
        assert_eq!("sqlite:///a/b.db".parse::<Location>().unwrap(), Location::Sqlite("/a/b.db".into()));
        assert!(matches!("postgres://h/d".parse(), Ok(Location::Postgres(_))));
        assert!("mysql://h/d".parse::<Location>().is_err());
    }

    #[test]
    fn versions_compare_by_number() {
        assert!(sqlite_version("3.51.3") >= OLDEST_SQLITE);
        assert!(sqlite_version("3.9.9") < OLDEST_SQLITE);
    }
}
