use sea_orm_migration::prelude::*;

use crate::columns::{day, id, index, instant, maybe_id, maybe_instant, primary_id, sort_key, table, text, whole};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// Each holds the few rows that are asked for among the many that are not.
const PARTIAL: [&str; 3] = [
    "create index ix_complaints_explained on complaints (cause, received_order) where cause is not null",
    "create index ix_complaints_closed on complaints (closed_at) where closed_at is not null",
    "create index ix_shipment_exceptions_damage on shipment_exceptions (found_at, customer_id, shipment_id) \
     where kind = 'damage'",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let events = vec![
            primary_id("id"),
            // What its complaints have in common beside the cause: the lane or the department.
            text("grouped_by"),
            text("cause"),
            text("origin"),
            text("destination"),
            maybe_id("department_id"),
            text("group_key"),
            // When the first of the complaints that made it was received.
            instant("first_received_at"),
            instant("opened_at"),
            maybe_id("owner_id"),
            text("correction"),
            day("correction_due"),
            text("status"),
            text("done"),
            maybe_instant("closed_at"),
            text("closed_by"),
            instant("updated_at"),
            whole("version"),
        ];
        manager.create_table(table("quality_events", events)).await?;
        for columns in [&["status", "id"][..], &["group_key", "status"], &["owner_id", "status", "correction_due"]] {
            manager.create_index(index("quality_events", columns, false)).await?;
        }
        let members = vec![id("event_id"), id("complaint_id")];
        let mut members = table("quality_event_complaints", members);
        members.primary_key(Index::create().col("event_id").col("complaint_id"));
        manager.create_table(members).await?;
        manager.create_index(index("quality_event_complaints", &["complaint_id"], false)).await?;
        // Locked while somebody counts a group, so that two complaints that come at once see each other.
        let mut groups = table("quality_groups", vec![sort_key(manager, "group_key")]);
        groups.primary_key(Index::create().col("group_key"));
        manager.create_table(groups).await?;
        for sql in PARTIAL {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}
