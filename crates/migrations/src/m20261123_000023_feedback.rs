use sea_orm_migration::prelude::*;

use crate::columns::{index, instant, maybe_id, maybe_instant, maybe_whole, primary_id, table, text, whole};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = vec![
            primary_id("id"),
            maybe_id("customer_id"),
            text("customer_called"),
            text("said_by"),
            text("words"),
            text("origin"),
            maybe_id("origin_id"),
            maybe_id("department_id"),
            instant("logged_at"),
            text("logged_by"),
            maybe_id("logged_by_id"),
            maybe_instant("due_at"),
            whole("due_order"),
            text("status"),
            text("answer"),
            maybe_instant("answered_at"),
            text("answered_by"),
            maybe_whole("answered_minutes"),
            maybe_instant("told_at"),
            text("told_by"),
            maybe_id("interaction_id"),
            text("reason"),
            whole("version"),
        ];
        manager.create_table(table("feedback", columns)).await?;
        for columns in [
            &["status", "due_order", "id"][..],
            &["status", "id"],
            &["department_id", "status"],
            &["customer_id", "logged_at"],
            &["logged_by_id", "id"],
            &["answered_at"],
        ] {
            manager.create_index(index("feedback", columns, false)).await?;
        }
        Ok(())
    }
}
