use sea_orm_migration::prelude::*;

use crate::columns::{day, id, index, maybe_whole, primary_id, sort_key, table, text, whole, yes};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        names(manager).await?;
        lines(manager).await?;
        figures(manager).await
    }
}

/// All names a customer goes by, so that an import finds him under each of them.
async fn names(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let names = vec![id("customer_id"), text("kind"), sort_key(manager, "name_key")];
    let mut names = table("customer_names", names);
    names.primary_key(Index::create().col("customer_id").col("kind").col("name_key")).foreign_key(
        ForeignKey::create()
            .from("customer_names", "customer_id")
            .to("customers", "id")
            .on_delete(ForeignKeyAction::Cascade),
    );
    manager.create_table(names).await?;
    manager.create_index(index("customer_names", &["name_key", "customer_id"], false)).await
}

async fn lines(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // What the rule says, 1 on time and 0 late, so that reports only add up; null when a date is missing.
    for mut column in [maybe_whole("on_time_by_day"), maybe_whole("on_time_by_timestamp")] {
        manager.alter_table(Table::alter().table("shipment_lines").add_column(&mut column).take()).await?;
    }
    // What one import touched.
    manager.create_index(index("shipments", &["updated_at", "customer_id"], false)).await
}

/// The figures of the first draft carried a value that is now asked for when it is shown; nothing ever wrote them.
async fn figures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager.drop_table(Table::drop().table("customer_figures").take()).await?;
    let figures = vec![
        primary_id("customer_id"),
        day("first_shipped_on"),
        day("last_shipped_on"),
        whole("shipments_30"),
        // In the 180 days before those 30.
        whole("shipments_before"),
        yes("dropped"),
        day("as_of"),
    ];
    manager.create_table(table("customer_figures", figures)).await?;
    manager.create_index(index("customer_figures", &["dropped", "customer_id"], false)).await
}
