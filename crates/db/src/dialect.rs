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

/// Whether a column has one of these texts: the statement reads the same however many they are, so that it is prepared
/// once.
pub fn is_among<'a>(db: &impl ConnectionTrait, column: &str, texts: impl IntoIterator<Item = &'a str>) -> SimpleExpr {
    let texts: Vec<&str> = texts.into_iter().collect();
    let list = serde_json::Value::from(texts).to_string();
    match db.get_database_backend() {
        DbBackend::Postgres => {
            // As an array it is looked up in an index whatever PostgreSQL believes about the other columns.
            let array = "any(array(select json_array_elements_text($1::json)))";
            Expr::cust_with_values(format!("{column} = {array}"), [list])
        }
        _ => Expr::cust_with_values(format!("{column} in (select value from json_each(?))"), [list]),
    }
}

/// A text column in whose index nothing is looked up. For a join that must begin at the other table: without counts of
/// its own SQLite believes that a condition on this side leaves fewer rows.
pub fn unsought(column: &str) -> SimpleExpr {
    Expr::cust(format!("({column} || '')"))
}

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

/// All values of a date column in a group, in any order, as one text with commas between: a row for each costs ten times
/// as much to bring over.
pub fn days_of(db: &impl ConnectionTrait, column: &str) -> SimpleExpr {
    match db.get_database_backend() {
        DbBackend::Postgres => Expr::cust(format!("string_agg({column}::text, ',')")),
        _ => Expr::cust(format!("group_concat({column})")),
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
