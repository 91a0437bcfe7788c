use sea_orm_migration::prelude::*;

use crate::columns::{id, index, instant, maybe_id, maybe_instant, primary_id, table, text, whole};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let attachments = vec![
            primary_id("id"),
            text("object"),
            id("object_id"),
            maybe_id("customer_id"),
            text("name"),
            text("kind"),
            whole("bytes"),
            text("sha256"),
            text("added_by"),
            maybe_id("added_by_id"),
            instant("added_at"),
            maybe_instant("removed_at"),
            text("removed_by"),
        ];
        manager.create_table(table("attachments", attachments)).await?;
        manager.create_index(index("attachments", &["object", "object_id", "added_at", "id"], false)).await?;
        manager.create_index(index("attachments", &["sha256"], false)).await?;
        manager.create_index(index("attachments", &["customer_id"], false)).await?;

        let blobs = vec![text("sha256").primary_key().to_owned(), whole("bytes"), instant("touched_at")];
        manager.create_table(table("attachment_blobs", blobs)).await?;
        manager.create_index(index("attachment_blobs", &["touched_at"], false)).await?;

        // Files that each object has now, so that two at once do not both take the last place.
        let mut counts = table("attachment_counts", vec![text("object"), id("object_id"), whole("files")]);
        counts.primary_key(Index::create().col("object").col("object_id"));
        manager.create_table(counts).await
    }
}
