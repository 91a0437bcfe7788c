use sea_orm_migration::prelude::*;

use crate::columns::{
    id, index, instant, maybe_id, maybe_instant, maybe_text, maybe_whole, primary_id, table, text, whole, yes,
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// Each holds the few rows that are asked for among the many that are not.
const PARTIAL: [&str; 5] = [
    // Steps that are still to come, by when they should have: what becomes late in a minute lies side by side.
    "create index ix_milestones_waiting on milestones (planned_at, shipment_id, kind) \
     where actual_at is null and planned_at is not null",
    "create index ix_shipment_exceptions_open on shipment_exceptions (tell_by, id) where closed_at is null",
    "create index ix_shipment_exceptions_open_of_owner on shipment_exceptions (owner_id, tell_by, id) \
     where closed_at is null",
    "create index ix_shipment_exceptions_untold on shipment_exceptions (tell_by, id, owner_id, customer_id) \
     where closed_at is null and told_at is null",
    "create index ix_shipment_exceptions_told_by on shipment_exceptions (interaction_id) where interaction_id is not null",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        exceptions(manager).await?;
        let thresholds = vec![
            primary_id("id"),
            // Empty: of all customers.
            text("customer_id"),
            // Empty: on all lanes.
            text("origin"),
            text("destination"),
            text("milestone"),
            whole("minutes"),
            instant("changed_at"),
            text("changed_by"),
            whole("version"),
        ];
        manager.create_table(table("late_thresholds", thresholds)).await?;
        let whose = ["customer_id", "origin", "destination", "milestone"];
        manager.create_index(index("late_thresholds", &whose, true)).await?;
        for sql in PARTIAL {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

async fn exceptions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let exceptions = vec![
        primary_id("id"),
        id("shipment_id"),
        id("customer_id"),
        // Empty: the whole shipment.
        text("line"),
        text("origin"),
        text("destination"),
        text("kind"),
        text("found_by"),
        text("status"),
        maybe_text("milestone"),
        maybe_instant("planned_at"),
        maybe_instant("actual_at"),
        maybe_whole("tolerance_minutes"),
        instant("happened_at"),
        instant("found_at"),
        instant("tell_by"),
        maybe_id("owner_id"),
        text("what"),
        text("transport_reference"),
        text("group_key"),
        // Somebody has done something about it; the program takes it back no more.
        yes("touched"),
        maybe_instant("customer_asked_at"),
        maybe_instant("told_at"),
        maybe_text("told_how"),
        text("told_text"),
        text("told_by"),
        maybe_id("interaction_id"),
        // 1 in time and before he asked, 0 not.
        maybe_whole("told_first"),
        text("liable"),
        text("solution"),
        text("closed_by"),
        maybe_instant("closed_at"),
        maybe_text("void_cause"),
        // Of the day it was found, `2026-11`.
        text("month"),
        instant("created_at"),
        text("created_by"),
        instant("updated_at"),
        whole("version"),
    ];
    manager.create_table(table("shipment_exceptions", exceptions)).await?;
    // One a step of a shipment, whoever finds it first and however often; those without a step are apart.
    manager.create_index(index("shipment_exceptions", &["shipment_id", "milestone"], true)).await?;
    manager.create_index(index("shipment_exceptions", &["customer_id", "found_at", "id"], false)).await?;
    manager.create_index(index("shipment_exceptions", &["found_at", "id"], false)).await?;
    manager.create_index(index("shipment_exceptions", &["group_key", "tell_by", "id"], false)).await?;
    let counted = ["month", "owner_id", "origin", "destination", "status", "told_first"];
    manager.create_index(index("shipment_exceptions", &counted, false)).await
}
