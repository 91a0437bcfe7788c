use sea_orm_migration::prelude::*;

use crate::columns::{
    index, instant, json, maybe_instant, maybe_text, maybe_whole, primary_id, small, table, text, whole,
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let events = vec![
            primary_id("id"),
            text("kind"),
            json("payload"),
            instant("happened_at"),
            maybe_instant("delivered_at"),
            small("attempts"),
            instant("next_attempt_at"),
        ];
        manager.create_table(table("outbox_events", events)).await?;
        manager.create_index(index("outbox_events", &["delivered_at", "next_attempt_at"], false)).await?;

        let audit = vec![
            primary_id("id"),
            instant("at"),
            text("actor"),
            text("actor_name"),
            text("action"),
            text("object"),
            text("object_id"),
            json("detail"),
            maybe_whole("sealed_no"),
            maybe_text("hash"),
        ];
        manager.create_table(table("audit_entries", audit)).await?;
        manager.create_index(index("audit_entries", &["at", "id"], false)).await?;
        manager.create_index(index("audit_entries", &["sealed_no"], true)).await?;
        manager.create_index(index("audit_entries", &["object", "object_id"], false)).await?;

        let settings =
            vec![text("key").primary_key().to_owned(), json("value"), instant("changed_at"), text("changed_by")];
        manager.create_table(table("settings", settings)).await?;

        let jobs = vec![
            text("key").primary_key().to_owned(),
            instant("next_at"),
            instant("lease_until"),
            whole("fence"),
            maybe_instant("last_ok_at"),
            text("last_problem"),
        ];
        manager.create_table(table("jobs", jobs)).await
    }
}
