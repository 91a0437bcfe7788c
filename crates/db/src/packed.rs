//! Many rows read as one text.
//!
//! The driver hands rows over one by one, and each of them costs several times what it costs to find it.

use base::Error;
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend};
use serde::de::DeserializeOwned;

/// The rows of a query as tuples of these columns, by the names that the query gives them; in any order.
/// Truth values are told differently by the two databases: leave them out.
///
/// # Errors
/// When the database does not answer, or a column is not what the tuple says.
pub async fn rows<T: DeserializeOwned>(
    db: &impl ConnectionTrait,
    query: SelectStatement,
    columns: &[&'static str],
) -> Result<Vec<T>, Error> {
    let names: Vec<String> = columns.iter().map(|name| format!("\"{name}\"")).collect();
    let list = names.join(", ");
    let text = match db.get_database_backend() {
        DbBackend::Postgres => format!("coalesce(json_agg(json_build_array({list})), '[]'::json)::text"),
        _ => format!("json_group_array(json_array({list}))"),
    };
    let whole = Query::select().expr(Expr::cust(text)).from_subquery(query, "packed").to_owned();
    let Some(row) = db.query_one(&whole).await? else { return Ok(Vec::new()) };
    let text: String = row.try_get_by_index(0)?;
    serde_json::from_str(&text).map_err(|error| Error::Bug(format!("packed rows: {error}")))
}
