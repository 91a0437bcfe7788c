use sea_orm_migration::prelude::*;

use crate::columns::{
    day, id, index, instant, maybe_day, maybe_id, maybe_instant, maybe_text, maybe_whole, primary_id, sort_key, table,
    text, whole,
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// Few among the many.
const PARTIAL: [&str; 2] = [
    // An exception is paid for once; a claim that was withdrawn makes room for another.
    "create unique index ix_claims_exception_once on claims (exception_id) \
     where exception_id is not null and status <> 'withdrawn'",
    "create index ix_claims_recovering on claims (created_at, id) where recovery = 'asked'",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        claims(manager).await?;
        let entries = vec![
            id("claim_id"),
            whole("no"),
            id("customer_id"),
            text("kind"),
            instant("at"),
            maybe_id("by_id"),
            text("by_name"),
            text("text"),
            // Minor units.
            maybe_whole("minor"),
            text("currency"),
            maybe_day("on_day"),
        ];
        let mut entries = table("claim_entries", entries);
        entries.primary_key(Index::create().col("claim_id").col("no"));
        manager.create_table(entries).await?;
        manager.create_index(index("claim_entries", &["customer_id", "at"], false)).await?;
        let mut numbers = table("claim_numbers", vec![whole("year"), whole("last")]);
        numbers.primary_key(Index::create().col("year"));
        manager.create_table(numbers).await?;
        for sql in PARTIAL {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

async fn claims(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        primary_id("id"),
        sort_key(manager, "number"),
        whole("number_year"),
        whole("number_no"),
        id("customer_id"),
        id("shipment_id"),
        text("waybill"),
        maybe_id("exception_id"),
        text("kind"),
        text("what"),
        text("currency"),
        // Minor units, as all amounts.
        maybe_whole("value_minor"),
        whole("asked_minor"),
        text("liable"),
        text("status"),
        maybe_id("owner_id"),
        day("decide_on"),
        maybe_text("decision"),
        maybe_whole("decided_minor"),
        text("decided_reason"),
        maybe_instant("decided_at"),
        text("decided_by"),
        // The question that it waits for.
        maybe_id("approval_id"),
        text("approved_by"),
        maybe_instant("approved_at"),
        maybe_day("pay_on"),
        maybe_whole("paid_minor"),
        maybe_day("paid_on"),
        text("payment_reference"),
        text("recovery"),
        text("recovery_from"),
        maybe_whole("recovery_asked_minor"),
        maybe_day("recovery_asked_on"),
        whole("recovered_minor"),
        maybe_day("recovered_on"),
        text("recovery_reason"),
        whole("due_order"),
        maybe_instant("closed_at"),
        text("closed_by"),
        text("close_reason"),
        instant("created_at"),
        text("created_by"),
        instant("updated_at"),
        whole("version"),
    ];
    manager.create_table(table("claims", columns)).await?;
    manager.create_index(index("claims", &["number_year", "number_no"], true)).await?;
    for columns in [
        &["due_order", "id"][..],
        &["owner_id", "due_order", "id"],
        &["created_at", "id"],
        &["customer_id", "created_at", "id"],
    ] {
        manager.create_index(index("claims", columns, false)).await?;
    }
    Ok(())
}
