//! Many rows written by one statement.

use sea_orm::sea_query::{Alias, Expr, Func, OnConflict, Query, sea_value_to_json_value};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, Iden, IntoActiveModel, Iterable, Value,
};
use serde_json::{Map, Value as Json};

use crate::dialect::rows_per_insert;

/// Writes rows whole; `on_conflict` says what becomes of those that are there already. Returns how many were written.
///
/// PostgreSQL takes them as one value: reading thousands of placeholders costs it five times as much as the rows.
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
    let most = rows_per_insert(E::Column::iter().count());
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    let mut written = 0;
    while rows.peek().is_some() {
        let some: Vec<E::ActiveModel> = rows.by_ref().take(most).collect();
        written += match tx.get_database_backend() {
            DbBackend::Postgres => at_once::<E>(tx, some, on_conflict.clone()).await?,
            _ => E::insert_many(some).on_conflict(on_conflict.clone()).exec_without_returning(tx).await?,
        };
    }
    Ok(written)
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
