use sea_orm_migration::prelude::*;

use crate::columns::{
    id, index, instant, json, maybe_id, maybe_instant, maybe_text, maybe_whole, primary_id, table, text, whole,
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let approvals = vec![
            primary_id("id"),
            text("kind"),
            text("object"),
            id("object_id"),
            maybe_id("customer_id"),
            maybe_whole("amount"),
            maybe_text("currency"),
            // In the reporting currency on the day of asking.
            maybe_whole("worth"),
            maybe_text("worth_currency"),
            // A text key and what to fill in.
            json("reason"),
            text("href"),
            text("status"),
            // The question, while it waits: no two of the same.
            maybe_text("waiting_for"),
            instant("asked_at"),
            // User id, or `system:name`.
            text("asked_by_id"),
            text("asked_by"),
            maybe_id("department_id"),
            maybe_instant("decided_at"),
            text("decided_by"),
            maybe_id("decided_by_id"),
            text("note"),
            whole("version"),
        ];
        manager.create_table(table("approvals", approvals)).await?;
        manager.create_index(index("approvals", &["waiting_for"], true)).await?;
        manager.create_index(index("approvals", &["status", "asked_at", "id"], false)).await?;
        manager.create_index(index("approvals", &["decided_at", "id"], false)).await?;
        manager.create_index(index("approvals", &["object", "object_id", "asked_at", "id"], false)).await?;
        manager.create_index(index("approvals", &["customer_id"], false)).await?;
        manager.create_index(index("approvals", &["asked_by_id"], false)).await?;

        // Whole units of the reporting currency; null: without limit.
        let mut limits = table("approval_limits", vec![id("role_id"), text("kind"), maybe_whole("most")]);
        limits.primary_key(Index::create().col("role_id").col("kind"));
        manager.create_table(limits).await
    }
}
