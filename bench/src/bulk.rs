//! Rows by the hundred thousand: through the records of the modules, past their services.

use base::Error;
use db::dialect::{rows_per_insert, statement};
use db::{Db, Kind, Tx};
use sea_orm::sqlx::postgres::PgPoolCopyExt;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, Iden, IntoActiveModel, Iterable, Value};

/// Rows in one transaction.
const AT_ONCE: usize = 50_000;

/// # Errors
/// When the database refuses them.
pub async fn put<E>(db: &Db, rows: Vec<E::Model>) -> Result<(), Error>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let some: Vec<E::ActiveModel> = rows.by_ref().take(AT_ONCE).collect();
        match db.kind() {
            Kind::Postgres => copy::<E>(db, some).await?,
            Kind::Sqlite => {
                let tx = db.begin().await?;
                insert_many::<E>(&tx, some).await?;
                db.commit(tx).await?;
            }
        }
    }
    Ok(())
}

async fn insert_many<E>(tx: &Tx, rows: Vec<E::ActiveModel>) -> Result<(), Error>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let few: Vec<_> = rows.by_ref().take(rows_per_insert(E::Column::iter().count())).collect();
        E::insert_many(few).exec_without_returning(tx).await?;
    }
    Ok(())
}

async fn copy<E>(db: &Db, rows: Vec<E::ActiveModel>) -> Result<(), Error>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    let names: Vec<String> = E::Column::iter().map(|column| column.to_string()).collect();
    let mut text = String::new();
    for row in rows {
        for (at, column) in E::Column::iter().enumerate() {
            if at > 0 {
                text.push('\t');
            }
            text.push_str(&field(row.get(column).into_value()));
        }
        text.push('\n');
    }
    let order = format!("copy {} ({}) from stdin", E::default().table_name(), names.join(", "));
    let pool = db.writer().get_postgres_connection_pool();
    let failed = |error: sea_orm::sqlx::Error| Error::Unavailable(error.to_string());
    let mut copy = pool.copy_in_raw(&order).await.map_err(failed)?;
    copy.send(text.as_bytes()).await.map_err(failed)?;
    copy.finish().await.map_err(failed)?;
    Ok(())
}

/// As PostgreSQL's text format has it.
fn field(value: Option<Value>) -> String {
    let escaped =
        |text: &str| text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r");
    match value {
        Some(Value::String(Some(text))) => escaped(&text),
        Some(Value::Json(Some(json))) => escaped(&json.to_string()),
        Some(Value::ChronoDate(Some(day))) => day.to_string(),
        Some(Value::ChronoDateTimeUtc(Some(at))) => at.to_rfc3339(),
        Some(Value::BigInt(Some(number))) => number.to_string(),
        Some(Value::Int(Some(number))) => number.to_string(),
        Some(Value::Double(Some(number))) => number.to_string(),
        Some(Value::Bool(Some(yes))) => yes.to_string(),
        _ => "\\N".into(),
    }
}

/// Takes the indexes of these tables away and gives the statements that make them again.
///
/// # Errors
/// When the database does not answer.
pub async fn take_indexes(db: &Db, tables: &[&str]) -> Result<Vec<String>, Error> {
    let all = match db.kind() {
        Kind::Sqlite => "select name, sql, tbl_name from sqlite_master where type = 'index' and sql is not null",
        Kind::Postgres => {
            "select indexname::text, indexdef, tablename::text from pg_indexes where indexname like 'ix\\_%'"
        }
    };
    let rows = db.read().query_all_raw(statement(db.read(), all, [])).await?;
    let mut makes = Vec::new();
    let tx = db.begin().await?;
    for row in rows {
        let (name, make, table): (String, String, String) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        if tables.contains(&table.as_str()) {
            tx.execute_unprepared(&format!("drop index \"{name}\"")).await?;
            makes.push(make);
        }
    }
    db.commit(tx).await?;
    Ok(makes)
}

/// # Errors
/// When the database refuses.
pub async fn make_indexes(db: &Db, makes: Vec<String>) -> Result<(), Error> {
    for make in makes {
        let tx = db.begin().await?;
        tx.execute_unprepared(&make).await?;
        db.commit(tx).await?;
    }
    tidied(db).await
}

/// Lets the database count what it holds, as its own upkeep does in time.
///
/// # Errors
/// When the database refuses.
pub async fn tidied(db: &Db) -> Result<(), Error> {
    if db.kind() == Kind::Postgres {
        db.writer().execute_unprepared("vacuum analyze").await?;
    }
    db.checkpoint().await
}
