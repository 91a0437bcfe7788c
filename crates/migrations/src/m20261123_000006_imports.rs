use sea_orm_migration::prelude::*;

use crate::columns::{index, instant, json, maybe_instant, primary_id, small, table, text, whole};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let batches = vec![
            primary_id("id"),
            text("kind"),
            text("file_name"),
            text("sha256"),
            whole("bytes"),
            text("mapping"),
            json("options"),
            text("state"),
            // What the last preview said, then what was done.
            json("result"),
            // Why the whole file was refused: a text key and what to fill in, or null.
            json("problem"),
            // User id, or `system:name`.
            text("by_id"),
            text("by_name"),
            instant("created_at"),
            maybe_instant("ended_at"),
            whole("version"),
        ];
        manager.create_table(table("import_batches", batches)).await?;
        manager.create_index(index("import_batches", &["created_at", "id"], false)).await?;
        manager.create_index(index("import_batches", &["by_id", "created_at", "id"], false)).await?;
        manager.create_index(index("import_batches", &["state", "created_at"], false)).await?;

        // One row that every commit of an import locks, so that no two of them write at once. Whole numbers are sent as
        // 64 bits everywhere: PostgreSQL's driver keeps a statement by its text, with the types of its first use.
        let turns = vec![small("id").primary_key().to_owned(), whole("taken")];
        manager.create_table(table("import_turns", turns)).await?;
        let first = Query::insert()
            .into_table("import_turns")
            .columns(["id", "taken"])
            .values_panic([1_i64.into(), 0_i64.into()])
            .to_owned();
        manager.execute(first).await
    }
}
