use sea_orm_migration::prelude::*;

use crate::columns::{instant, json, maybe_instant, table, text, whole};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let days = vec![
            ColumnDef::new("day").date().not_null().primary_key().to_owned(),
            text("kind"),
            text("name"),
            // Told by a file or set by hand.
            text("origin"),
        ];
        manager.create_table(table("calendar_days", days)).await?;
        let years = vec![
            whole("year").primary_key().to_owned(),
            whole("version"),
            // When a file told the whole year.
            maybe_instant("loaded_at"),
            text("loaded_by"),
        ];
        manager.create_table(table("calendar_years", years)).await?;
        let hours = vec![
            // The firm, or the id of a department.
            ColumnDef::new("holder").string_len(36).not_null().primary_key().to_owned(),
            text("zone"),
            json("hours"),
            whole("version"),
            instant("changed_at"),
        ];
        manager.create_table(table("working_hours", hours)).await
    }
}
