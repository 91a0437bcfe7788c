use sea_orm_migration::prelude::*;

use crate::columns::{id, index, instant, maybe_day, maybe_id, maybe_instant, table, text};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let marks = vec![
            id("act_id"),
            id("customer_id"),
            text("kind"),
            text("mark"),
            text("state"),
            maybe_day("until"),
            maybe_id("interaction_id"),
            maybe_id("person"),
            instant("made_at"),
            maybe_instant("undone_at"),
        ];
        let mut marks = table("worklist_marks", marks);
        marks.primary_key(Index::create().col("act_id").col("kind").col("mark"));
        manager.create_table(marks).await?;
        manager.create_index(index("worklist_marks", &["customer_id", "kind", "mark"], false)).await?;
        manager.create_index(index("worklist_marks", &["person", "made_at"], false)).await
    }
}
