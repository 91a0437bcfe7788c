//! Many rows written by one statement.

use sea_orm::sea_query::{Alias, Expr, Func, OnConflict, Query, sea_value_to_json_value};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, Iden, IntoActiveModel, Iterable, Value,
};
use serde_json::{Map, Value as Json};

use crate::dialect::statement;

/// Rows that PostgreSQL takes as one value.
const IN_ONE_VALUE: usize = 1000;
/// So many statements of one row each are one order for SQLite; what is left over goes by the next smaller number, so
/// that few texts are prepared. None is more than `connect` lets SQLite answer before somebody listens.
const IN_ONE_ORDER: [usize; 3] = [200, 20, 1];

/// Writes rows whole; `on_conflict` says what becomes of those that are there already. Returns how many were written.
///
/// PostgreSQL takes them as one value: reading thousands of placeholders costs it five times as much as the rows.
/// SQLite takes a statement for each, sent to it by the hundred: before one of several rows, which might have to be
/// undone half-way, it copies every page that it touches, and looks for children of every new parent.
///
/// # Errors
/// When the database refuses the write.
pub async fn put<E>(
    tx: &impl ConnectionTrait,
    rows: impl IntoIterator<Item = E::Model>,
    on_conflict: OnConflict,
) -> Result<u64, DbErr>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    if tx.get_database_backend() != DbBackend::Postgres {
        return one_by_one::<E>(tx, rows.collect(), on_conflict).await;
    }
    let mut written = 0;
    while rows.peek().is_some() {
        let some: Vec<E::ActiveModel> = rows.by_ref().take(IN_ONE_VALUE).collect();
        written += at_once::<E>(tx, some, on_conflict.clone()).await?;
    }
    Ok(written)
}

async fn one_by_one<E>(
    tx: &impl ConnectionTrait,
    rows: Vec<E::ActiveModel>,
    on_conflict: OnConflict,
) -> Result<u64, DbErr>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let Some(first) = rows.first() else { return Ok(0) };
    let (one, of_conflict) = statement_of_one::<E>(tx, first, on_conflict)?;
    let order = |some: &[E::ActiveModel]| {
        let text = vec![one.as_str(); some.len()].join(";");
        let values = some.iter().flat_map(|row| values_of::<E>(row).chain(of_conflict.iter().cloned()));
        statement(tx, &text, values)
    };
    let mut orders = in_orders(&rows).map(order);
    let (mut next, mut written) = (orders.next(), 0);
    while let Some(order) = next {
        // SQLite works in a thread of its own: what comes next is put together meanwhile.
        let (done, following) = tokio::join!(tx.execute_raw(order), async { orders.next() });
        written += done?.rows_affected();
        next = following;
    }
    Ok(written)
}

fn in_orders<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let (some, rest) = IN_ONE_ORDER.iter().find_map(|size| rows.split_at_checked(*size))?;
        rows = rest;
        Some(some)
    })
}

/// The text that writes one row, and what it binds after the columns.
fn statement_of_one<E>(
    tx: &impl ConnectionTrait,
    row: &E::ActiveModel,
    on_conflict: OnConflict,
) -> Result<(String, Vec<Value>), DbErr>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    let columns = E::Column::iter().map(|column| Alias::new(column.to_string()));
    let mut insert = Query::insert().into_table(E::default().table_ref()).columns(columns).to_owned();
    let values = values_of::<E>(row).map(Expr::value);
    insert.values(values).map_err(|error| DbErr::Custom(error.to_string()))?.on_conflict(on_conflict);
    let whole = tx.get_database_backend().build(&insert);
    let bound = whole.values.map_or_else(Vec::new, |values| values.0);
    Ok((whole.sql, bound.into_iter().skip(E::Column::iter().count()).collect()))
}

fn values_of<E>(row: &E::ActiveModel) -> impl Iterator<Item = Value>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    // A model has all its columns.
    E::Column::iter().map(|column| row.get(column).into_value().unwrap_or(Value::String(None)))
}

async fn at_once<E>(tx: &impl ConnectionTrait, rows: Vec<E::ActiveModel>, on_conflict: OnConflict) -> Result<u64, DbErr>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    let list = Json::Array(rows.iter().map(object::<E>).collect()).to_string();
    let table = E::default();
    let shape = Expr::cust(format!("null::\"{}\"", table.table_name()));
    let rows = Func::cust("json_populate_recordset").arg(shape).arg(Expr::cust_with_values("$1::json", [list]));
    let columns = || E::Column::iter().map(|column| Alias::new(column.to_string()));
    let select = Query::select().columns(columns()).from_function(rows, "rows").to_owned();
    let mut insert = Query::insert().into_table(table.table_ref()).columns(columns()).to_owned();
    insert.select_from(select).map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok(tx.execute(insert.on_conflict(on_conflict)).await?.rows_affected())
}

fn object<E>(row: &E::ActiveModel) -> Json
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    let field = |column: E::Column| Some((column.to_string(), json(row.get(column).into_value()?)?));
    Json::Object(E::Column::iter().filter_map(field).collect::<Map<String, Json>>())
}

/// `None` for null.
fn json(value: Value) -> Option<Json> {
    match value {
        Value::Json(json) => json.map(|json| *json),
        Value::ChronoDateTimeUtc(at) => at.map(|at| at.to_rfc3339().into()),
        Value::ChronoDate(day) => day.map(|day| day.to_string().into()),
        Value::String(text) => text.map(Json::from),
        Value::BigInt(number) => number.map(Json::from),
        Value::Int(number) => number.map(Json::from),
        Value::Double(number) => number.map(Json::from),
        Value::Bool(yes) => yes.map(Json::from),
        other => Some(sea_value_to_json_value(&other)),
    }
}
