//! Runs each store test on SQLite and on PostgreSQL.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectOptions, ConnectionTrait, Database};

use crate::{Db, Location};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Declares tests that run on both databases, each on a fresh one with all migrations applied.
///
/// The crate needs `migrations`, `tokio` and `db` among its dev-dependencies.
#[macro_export]
macro_rules! db_tests {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: Db) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports, reason = "the test body names what its module imports")]
            use super::*;

            async fn body($db: $crate::Db) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::testing::on_sqlite(|db| async move { ::migrations::run(&db).await }, body).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::testing::on_postgres(|db| async move { ::migrations::run(&db).await }, body).await;
            }
        }
    )*};
}

/// A database file in a folder that goes away with the test.
pub async fn on_sqlite<M, T>(migrate: impl FnOnce(Db) -> M, body: impl FnOnce(Db) -> T)
where
    M: Future<Output = Result<(), base::Error>>,
    T: Future<Output = ()>,
{
    let folder = std::env::temp_dir().join(unique());
    let db = open(&Location::Sqlite(folder.join("test.db"))).await;
    prepared(migrate(db.clone()).await);
    body(db).await;
    let _ = std::fs::remove_dir_all(folder);
}

/// A database of its own in the cluster that `HAWSER_TEST_POSTGRES` names; says aloud when there is none.
pub async fn on_postgres<M, T>(migrate: impl FnOnce(Db) -> M, body: impl FnOnce(Db) -> T)
where
    M: Future<Output = Result<(), base::Error>>,
    T: Future<Output = ()>,
{
    let Ok(cluster) = std::env::var("HAWSER_TEST_POSTGRES") else {
        eprintln!("SKIPPED on PostgreSQL: HAWSER_TEST_POSTGRES is not set; `cargo xtask test` sets it");
        return;
    };
    let name = unique();
    let mut options = ConnectOptions::new(&cluster);
    options.max_connections(1).sqlx_logging(false);
    let admin = prepared(Database::connect(options).await);
    prepared(admin.execute_unprepared(&format!("create database {name}")).await);
    let (before, _) = cluster.rsplit_once('/').unwrap_or((&cluster, ""));
    let db = open(&Location::Postgres(format!("{before}/{name}"))).await;
    prepared(migrate(db.clone()).await);
    body(db.clone()).await;
    let _ = db.close().await;
    let _ = admin.execute_unprepared(&format!("drop database {name} with (force)")).await;
}

fn unique() -> String {
    format!("hawser_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

async fn open(location: &Location) -> Db {
    prepared(Db::connect(location).await)
}

#[expect(clippy::panic, reason = "a test that cannot get its database has failed")]
fn prepared<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("the test database could not be prepared: {error}"),
    }
}
