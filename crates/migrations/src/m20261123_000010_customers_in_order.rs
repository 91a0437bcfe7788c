use sea_orm::FromQueryResult;
use sea_orm_migration::prelude::*;
use texts::pinyin;

use crate::columns::{day, index, maybe_text, maybe_whole, primary_id, sort_key, table, text, whole};

/// Customers written in one go.
const AT_ONCE: usize = 500;

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        customers(manager).await?;
        figures(manager).await?;
        steps(manager).await?;
        stages(manager).await?;
        spoken(manager).await
    }
}

/// What the list of customers is sorted by and searched in.
async fn customers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        sort_key(manager, "sort_name").default("").to_owned(),
        // None is after all others.
        day("next_step_due").default("9999-12-31").to_owned(),
        whole("shipments_30").default(0).to_owned(),
        // Unknown is below all amounts.
        whole("value_order").default(-1_000_000_000_000_000_000_i64).to_owned(),
    ];
    for mut column in columns {
        manager.alter_table(Table::alter().table("customers").add_column(&mut column).take()).await?;
    }
    // Read from end to end by every search: apart from the record, which is five times as long.
    let mut search = table("customer_search", vec![primary_id("customer_id"), text("words"), text("spoken")]);
    search.foreign_key(
        ForeignKey::create()
            .from("customer_search", "customer_id")
            .to("customers", "id")
            .on_delete(ForeignKeyAction::Cascade),
    );
    manager.create_table(search).await?;
    for replaced in ["owner_id", "department_id", "stage"] {
        let name = format!("ix_customers_{replaced}_name_key_id");
        manager.drop_index(Index::drop().name(name).table("customers").to_owned()).await?;
    }
    for columns in [
        &["sort_name", "id"][..],
        &["owner_id", "sort_name", "id"],
        &["department_id", "sort_name", "id"],
        &["stage", "sort_name", "id"],
        &["shipments_30", "id"],
        &["value_order", "id"],
        &["next_step_due", "id"],
    ] {
        manager.create_index(index("customers", columns, false)).await?;
    }
    Ok(())
}

/// What a customer's shipments of the last 365 days brought, and the 30 days to compare the last 30 with.
async fn figures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        whole("shipments_prior_30").default(0).to_owned(),
        maybe_whole("value_minor"),
        maybe_text("value_currency"),
        text("value_basis").default("unknown").to_owned(),
    ];
    for mut column in columns {
        manager.alter_table(Table::alter().table("customer_figures").add_column(&mut column).take()).await?;
    }
    // Figures of long ago are counted anew by the job that keeps them.
    let sql = "update customer_figures set as_of = '1970-01-01'";
    manager.get_connection().execute_unprepared(sql).await?;
    Ok(())
}

async fn steps(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    const OPEN: &str = "update customers set next_step_due = coalesce((select min(next_step_on) from interactions \
        where interactions.customer_id = customers.id and next_step_done_at is null), next_step_due)";
    manager.get_connection().execute_unprepared(OPEN).await?;
    Ok(())
}

/// Whom nobody has judged and who has not shipped is a prospect from the first moment on.
async fn stages(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    const PROSPECTS: &str = r#"update customers set stage = 'prospect',
        stage_reason = '[{"key": "customer-stage-no_shipment", "args": []}]'
        where stage = 'non_customer' and stage_since is null"#;
    const RENAMED_SQLITE: [&str; 2] = [
        "update customers set stage_reason = \
            replace(stage_reason, 'lifecycle-reason-no_shipment', 'customer-stage-no_shipment') \
            where stage_reason like '%lifecycle-reason-no_shipment%'",
        "update assessments set reasons = \
            replace(reasons, 'lifecycle-reason-no_shipment', 'customer-stage-no_shipment') \
            where reasons like '%lifecycle-reason-no_shipment%'",
    ];
    const RENAMED_POSTGRES: [&str; 2] = [
        "update customers set stage_reason = \
            replace(stage_reason::text, 'lifecycle-reason-no_shipment', 'customer-stage-no_shipment')::jsonb \
            where stage_reason::text like '%lifecycle-reason-no_shipment%'",
        "update assessments set reasons = \
            replace(reasons::text, 'lifecycle-reason-no_shipment', 'customer-stage-no_shipment')::jsonb \
            where reasons::text like '%lifecycle-reason-no_shipment%'",
    ];
    let db = manager.get_connection();
    db.execute_unprepared(PROSPECTS).await?;
    let renamed = match manager.get_database_backend() {
        sea_orm::DbBackend::Postgres => RENAMED_POSTGRES,
        _ => RENAMED_SQLITE,
    };
    for sql in renamed {
        db.execute_unprepared(sql).await?;
    }
    Ok(())
}

#[derive(Debug, FromQueryResult)]
struct Named {
    id: String,
    name_key: String,
    search_key: String,
}

/// How the names are read.
async fn spoken(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let mut after = String::new();
    loop {
        let mut query = Query::select();
        query.columns(["id", "name_key", "search_key"]).from("customers").and_where(Expr::col("id").gt(after.clone()));
        let rows = db.query_all(query.order_by("id", Order::Asc).limit(AT_ONCE as u64)).await?;
        let rows: Vec<Named> = rows.iter().map(|row| Named::from_query_result(row, "")).collect::<Result<_, _>>()?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id.clone();
        for row in &rows {
            let spoken: Vec<String> = row.search_key.lines().flat_map(pinyin::spoken).collect();
            let mut update = Query::update();
            update
                .table("customers")
                .value("sort_name", pinyin::sort_key(&row.name_key))
                .and_where(Expr::col("id").eq(row.id.clone()));
            db.execute(&update).await?;
            let mut insert = Query::insert();
            insert
                .into_table("customer_search")
                .columns(["customer_id", "words", "spoken"])
                .values_panic([row.id.clone(), row.search_key.clone(), spoken.join("\n")].map(Expr::value));
            db.execute(&insert).await?;
        }
    }
}
