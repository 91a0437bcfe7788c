//! The only place that knows how the two databases differ. Each function has a test on both.

use base::Error;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

/// A statement with `$1`, `$2`… on both databases.
pub fn statement(db: &impl ConnectionTrait, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), sql, values)
}

/// How many values one statement may bind: SQLite 32,766, PostgreSQL 65,535.
pub const MOST_BINDS: usize = 32_000;

/// How many rows of this many columns fit into one insert.
pub fn rows_per_insert(columns: usize) -> usize {
    (MOST_BINDS / columns.max(1)).clamp(1, 1000)
}

/// Locks the selected rows until the transaction ends. SQLite has locked the whole database at `begin`.
pub fn for_update(db: &impl ConnectionTrait) -> &'static str {
    match db.get_database_backend() {
        DbBackend::Postgres => " for update",
        _ => "",
    }
}

/// The month of a date column as `2026-11`.
pub fn month_of(db: &impl ConnectionTrait, column: &str) -> SimpleExpr {
    match db.get_database_backend() {
        DbBackend::Postgres => Expr::cust(format!("to_char({column}, 'YYYY-MM')")),
        _ => Expr::cust(format!("substr({column}, 1, 7)")),
    }
}

/// A sum of bigint as bigint: PostgreSQL would answer numeric.
pub fn sum_of(db: &impl ConnectionTrait, expression: &str) -> SimpleExpr {
    match db.get_database_backend() {
        DbBackend::Postgres => Expr::cust(format!("cast(coalesce(sum({expression}), 0) as bigint)")),
        _ => Expr::cust(format!("coalesce(sum({expression}), 0)")),
    }
}

/// Whether the database answers at all.
///
/// # Errors
/// When it does not.
pub async fn ping(db: &impl ConnectionTrait) -> Result<(), Error> {
    db.query_one_raw(statement(db, "select 1", [])).await?;
    Ok(())
}
