use sea_orm_migration::prelude::*;

use crate::columns::{day, id, index, instant, json, maybe_day, maybe_id, maybe_instant, maybe_text, maybe_whole};
use crate::columns::{primary_id, table, text, whole};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = vec![
            primary_id("id"),
            text("kind"),
            id("customer_id"),
            maybe_id("contact_id"),
            text("object"),
            text("object_id"),
            whole("round"),
            day("planned_on"),
            day("latest_on"),
            maybe_id("person_id"),
            maybe_id("department_id"),
            text("status"),
            whole("list_order"),
            whole("tries"),
            maybe_day("tried_on"),
            json("answers"),
            text("result"),
            maybe_text("mood"),
            maybe_whole("satisfied"),
            text("remark"),
            text("skip_reason"),
            maybe_text("void_reason"),
            maybe_text("reopening"),
            maybe_id("interaction_id"),
            maybe_instant("done_at"),
            text("done_by"),
            instant("created_at"),
            whole("version"),
        ];
        manager.create_table(table("follow_ups", columns)).await?;
        // The same event told twice plans once.
        let once = ["kind", "customer_id", "object", "object_id", "round"];
        manager.create_index(index("follow_ups", &once, true)).await?;
        for columns in [
            &["status", "list_order", "id"][..],
            &["status", "kind", "planned_on"],
            &["customer_id", "done_at"],
            &["reopening"],
        ] {
            manager.create_index(index("follow_ups", columns, false)).await?;
        }
        Ok(())
    }
}
