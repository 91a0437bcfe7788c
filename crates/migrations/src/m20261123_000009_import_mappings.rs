use sea_orm_migration::prelude::*;

use crate::columns::{instant, table, text};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Which column was what the last time that a file with these headers came.
        let mappings = vec![
            text("kind"),
            // Of the headers, whatever their order; hexadecimal.
            text("fingerprint"),
            text("mapping"),
            text("source"),
            text("by_name"),
            instant("used_at"),
        ];
        let mut mappings = table("import_mappings", mappings);
        mappings.primary_key(Index::create().col("kind").col("fingerprint"));
        manager.create_table(mappings).await
    }
}
