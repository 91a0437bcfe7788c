use sea_orm_migration::prelude::*;

use crate::columns::{
    id, index, instant, json, maybe_id, maybe_instant, maybe_text, maybe_whole, primary_id, sort_key, table, text,
    whole, yes,
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        contacts(manager).await?;
        let roles = vec![
            id("contact_id"),
            text("role"),
            // Both empty: on all lanes.
            text("origin"),
            text("destination"),
        ];
        let mut roles = table("contact_roles", roles);
        roles.primary_key(Index::create().col("contact_id").col("role").col("origin").col("destination"));
        manager.create_table(roles).await?;
        // Only ever added to; of one purpose the highest number counts.
        let consents = vec![
            id("contact_id"),
            text("purpose"),
            whole("no"),
            text("answer"),
            maybe_text("basis"),
            text("channel"),
            text("evidence"),
            instant("recorded_at"),
            text("recorded_by"),
            maybe_id("recorded_by_id"),
        ];
        let mut consents = table("contact_consents", consents);
        consents.primary_key(Index::create().col("contact_id").col("purpose").col("no"));
        manager.create_table(consents).await
    }
}

async fn contacts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let contacts = vec![
        primary_id("id"),
        id("customer_id"),
        text("name"),
        sort_key(manager, "sort_name"),
        text("honorific"),
        text("post"),
        text("department"),
        maybe_text("identity"),
        text("personality"),
        json("hobbies"),
        text("avoid"),
        maybe_text("birthday_calendar"),
        maybe_whole("birthday_year"),
        maybe_whole("birthday_month"),
        maybe_whole("birthday_day"),
        yes("birthday_leap"),
        text("mobile"),
        text("phone"),
        text("email"),
        text("wechat"),
        maybe_text("preferred_channel"),
        maybe_whole("inform_every_days"),
        text("notes"),
        maybe_instant("verified_at"),
        text("verified_by"),
        // Left the firm.
        maybe_instant("archived_at"),
        text("archived_by"),
        instant("created_at"),
        text("created_by"),
        instant("updated_at"),
        whole("version"),
    ];
    manager.create_table(table("contacts", contacts)).await?;
    manager.create_index(index("contacts", &["customer_id", "sort_name", "id"], false)).await?;
    // Whose birthday it is, and whose facts are stale.
    let birthdays = ["birthday_calendar", "birthday_month", "birthday_day"];
    manager.create_index(index("contacts", &birthdays, false)).await?;
    manager.create_index(index("contacts", &["verified_at"], false)).await
}
