use sea_orm_migration::prelude::*;

use crate::columns::{id, table, text};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One row for each code that has not been used.
        let mut codes = table("recovery_codes", vec![id("user_id"), text("code_hash")]);
        codes.primary_key(Index::create().col("user_id").col("code_hash"));
        manager.create_table(codes).await
    }
}
