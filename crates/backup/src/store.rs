//! What the database says about its own tables, and whole tables out and in.

use std::collections::BTreeMap;

use base::Error;
use db::dialect::{rows_per_insert, statement};
use db::{Db, Kind as Database, Tx};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    AccessMode, ConnectionTrait, DbBackend, IsolationLevel, SqliteTransactionMode, StreamTrait, TransactionOptions,
    TransactionTrait, Value,
};

use crate::manifest::{Column, Kind};
use crate::rules::Refusal;

/// Kept by the migrations themselves.
const STEPS: &str = "seaql_migrations";

/// Tables that have rows in a fresh schema; a restore replaces these.
const FILLED_BY_MIGRATIONS: [&str; 1] = ["import_turns"];

const COLUMNS_SQLITE: &str = "select t.name, c.name, c.type \
     from pragma_table_list as t join pragma_table_info(t.name) as c \
     where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite!_%' escape '!' order by t.name, c.cid";

const COLUMNS_POSTGRES: &str = "select c.table_name::text, c.column_name::text, c.data_type::text \
     from information_schema.columns as c \
     join information_schema.tables as t on t.table_schema = c.table_schema and t.table_name = c.table_name \
     where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER' \
     order by c.table_name, c.ordinal_position";

const POINTERS_SQLITE: &str = "select t.name, k.\"table\" \
     from pragma_table_list as t join pragma_foreign_key_list(t.name) as k \
     where t.schema = 'main' and t.type = 'table'";

const POINTERS_POSTGRES: &str = "select own.relname::text, other.relname::text from pg_constraint as k \
     join pg_class as own on own.oid = k.conrelid join pg_class as other on other.oid = k.confrelid \
     join pg_namespace as n on n.oid = own.relnamespace where k.contype = 'f' and n.nspname = current_schema()";

/// Columns by table.
pub type Tables = BTreeMap<String, Vec<Column>>;

/// One look at everything while others write: both databases show the same state until the transaction ends.
pub async fn snapshot(db: &Db) -> Result<Tx, Error> {
    let options = match db.kind() {
        Database::Sqlite => TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
            ..TransactionOptions::default()
        },
        Database::Postgres => TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        },
    };
    Ok(db.read().begin_with_options(options).await?)
}

/// All tables but the one that the migrations keep.
///
/// # Errors
/// `Bug` names a column whose type a backup does not know yet.
pub async fn tables(db: &impl ConnectionTrait) -> Result<Tables, Error> {
    let mut tables = Tables::new();
    for [table, column, declared] in texts(db, COLUMNS_SQLITE, COLUMNS_POSTGRES).await? {
        if table == STEPS {
            continue;
        }
        let kind = Kind::of_declared(&declared);
        let kind = kind.ok_or_else(|| Error::Bug(format!("{table}.{column} is {declared}: no backup knows it")))?;
        tables.entry(table).or_default().push(Column { name: column, kind });
    }
    Ok(tables)
}

/// (table, table that its rows point to).
pub async fn pointers(db: &impl ConnectionTrait) -> Result<Vec<(String, String)>, Error> {
    let found = texts(db, POINTERS_SQLITE, POINTERS_POSTGRES).await?;
    Ok(found.into_iter().map(|[from, to]| (from, to)).collect())
}

/// Steps of the schema that have been taken, oldest first; none in a new database.
pub async fn steps(db: &impl ConnectionTrait) -> Result<Vec<String>, Error> {
    let all = texts::<3>(db, COLUMNS_SQLITE, COLUMNS_POSTGRES).await?;
    if !all.iter().any(|[table, ..]| table == STEPS) {
        return Ok(Vec::new());
    }
    let query = Query::select().column("version").from(STEPS).order_by("version", sea_orm::Order::Asc).to_owned();
    let rows = db.query_all(&query).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

/// Rows of each table, so that two databases can be compared.
///
/// # Errors
/// When the database does not answer.
pub async fn counts(db: &Db) -> Result<BTreeMap<String, u64>, Error> {
    let tables = tables(db.read()).await?;
    counts_of(db.read(), tables.keys()).await
}

pub async fn counts_of(
    db: &impl ConnectionTrait,
    tables: impl IntoIterator<Item = &String>,
) -> Result<BTreeMap<String, u64>, Error> {
    let mut counts = BTreeMap::new();
    for table in tables {
        let query = Query::select().expr(Expr::cust("count(*)")).from(table.clone()).to_owned();
        let row = db.query_one(&query).await?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
        counts.insert(table.clone(), u64::try_from(count).unwrap_or_default());
    }
    Ok(counts)
}

/// The first table with a row that no migration wrote.
pub async fn first_filled(db: &impl ConnectionTrait, tables: &Tables) -> Result<Option<String>, Error> {
    for table in tables.keys().filter(|table| !FILLED_BY_MIGRATIONS.contains(&table.as_str())) {
        let query = Query::select().expr(Expr::val(1)).from(table.clone()).limit(1).to_owned();
        if db.query_one(&query).await?.is_some() {
            return Ok(Some(table.clone()));
        }
    }
    Ok(None)
}

/// Takes out what the migrations wrote.
pub async fn clear(tx: &Tx, tables: &Tables) -> Result<(), Error> {
    for table in FILLED_BY_MIGRATIONS.iter().filter(|table| tables.contains_key(**table)) {
        tx.execute(&Query::delete().from_table(*table).to_owned()).await?;
    }
    Ok(())
}

/// All rows of a table, values in the order of the columns, each as `value::out_of` expects it.
pub async fn rows<'a>(tx: &'a Tx, table: &str, columns: &[Column]) -> Result<<Tx as StreamTrait>::Stream<'a>, Error> {
    let mut query = Query::select();
    query.from(table.to_owned());
    for column in columns {
        let own = Expr::col(column.name.clone());
        match column.kind {
            // Four and eight bytes alike.
            Kind::Whole => query.expr(own.cast_as("bigint")),
            // The text itself: no reader of JSON between the databases.
            Kind::Json => query.expr(own.cast_as("text")),
            _ => query.expr(own),
        };
    }
    Ok(tx.stream(&query).await?)
}

pub async fn insert(tx: &Tx, table: &str, columns: &[Column], rows: Vec<Vec<Value>>) -> Result<(), Error> {
    let of_postgres = ConnectionTrait::get_database_backend(tx) == DbBackend::Postgres;
    let names = || columns.iter().map(|column| column.name.clone());
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut query = Query::insert();
        query.into_table(table.to_owned()).columns(names());
        for row in rows.by_ref().take(rows_per_insert(columns.len())) {
            let values = row.into_iter().zip(columns).map(|(value, column)| match column.kind {
                Kind::Json if of_postgres => Expr::val(value).cast_as("jsonb"),
                // A connection remembers a statement by its text with the types of its values. The migrations have
                // sent the same text with numbers of four bytes.
                Kind::Whole if of_postgres => Expr::val(value).cast_as("bigint"),
                _ => Expr::val(value),
            });
            query.values(values).map_err(|error| Error::Bug(format!("{table}: {error}")))?;
        }
        tx.execute(&query).await.map_err(|error| refused(table, error))?;
    }
    Ok(())
}

/// The fault of the file, not ours; the operator may read the database's own words, which do not always name the table.
fn refused(table: &str, error: sea_orm::DbErr) -> Error {
    match Error::from(error) {
        Error::Bug(cause) => Error::refused(Refusal::RowRefused { table: table.into(), cause }),
        other => other,
    }
}

/// Rows of text columns.
async fn texts<const N: usize>(
    db: &impl ConnectionTrait,
    sqlite: &str,
    postgres: &str,
) -> Result<Vec<[String; N]>, Error> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => postgres,
        _ => sqlite,
    };
    let mut found = Vec::new();
    for row in db.query_all_raw(statement(db, sql, [])).await? {
        let mut texts = [const { String::new() }; N];
        for (at, text) in texts.iter_mut().enumerate() {
            *text = row.try_get_by_index(at)?;
        }
        found.push(texts);
    }
    Ok(found)
}
