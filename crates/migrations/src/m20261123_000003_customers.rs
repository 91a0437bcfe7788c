use sea_orm_migration::prelude::*;

use crate::columns::{
    day, id, index, instant, json, maybe_day, maybe_id, maybe_instant, maybe_text, maybe_whole, primary_id, small,
    sort_key, table, text, whole, yes,
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        customers(manager).await?;
        interactions(manager).await
    }
}

async fn customers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        primary_id("id"),
        text("name"),
        sort_key(manager, "name_key"),
        text("search_key"),
        text("short_name"),
        json("former_names"),
        text("english_name"),
        maybe_text("credit_code"),
        text("industry"),
        maybe_text("size"),
        text("relation_type"),
        text("source"),
        sort_key(manager, "stage").default("non_customer").to_owned(),
        maybe_day("stage_since"),
        json("stage_reason"),
        maybe_day("stage_review_on"),
        maybe_id("owner_id"),
        maybe_id("department_id"),
        maybe_whole("rhythm_days"),
        maybe_instant("last_contact_at"),
        whole("last_contact_order").default(0).to_owned(),
        maybe_day("contact_due_on"),
        text("notes"),
        instant("created_at"),
        text("created_by"),
        instant("updated_at"),
        whole("version"),
    ];
    manager.create_table(table("customers", columns)).await?;
    manager.create_index(index("customers", &["credit_code"], true)).await?;
    for columns in [
        &["name_key", "id"][..],
        &["owner_id", "name_key", "id"],
        &["department_id", "name_key", "id"],
        &["stage", "name_key", "id"],
        &["updated_at", "id"],
        &["last_contact_order", "id"],
        &["owner_id", "contact_due_on"],
        &["contact_due_on", "id"],
    ] {
        manager.create_index(index("customers", columns, false)).await?;
    }

    let addresses = vec![
        id("customer_id"),
        small("no"),
        text("kind"),
        text("country"),
        text("province"),
        text("city"),
        text("line"),
    ];
    let mut addresses = table("customer_addresses", addresses);
    addresses
        .primary_key(Index::create().col("customer_id").col("no"))
        .foreign_key(&mut of_customer("customer_addresses"));
    manager.create_table(addresses).await?;

    let mut tags = table("customer_tags", vec![id("customer_id"), sort_key(manager, "tag")]);
    tags.primary_key(Index::create().col("customer_id").col("tag")).foreign_key(&mut of_customer("customer_tags"));
    manager.create_table(tags).await?;
    manager.create_index(index("customer_tags", &["tag", "customer_id"], false)).await?;

    let assessments = vec![
        id("customer_id"),
        text("kind"),
        text("value"),
        ColumnDef::new("score").double().null().to_owned(),
        json("reasons"),
        day("as_of"),
        maybe_day("review_on"),
    ];
    let mut assessments = table("assessments", assessments);
    assessments
        .primary_key(Index::create().col("customer_id").col("kind"))
        .foreign_key(&mut of_customer("assessments"));
    manager.create_table(assessments).await?;
    manager.create_index(index("assessments", &["kind", "value", "customer_id"], false)).await
}

async fn interactions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        primary_id("id"),
        id("customer_id"),
        text("kind"),
        text("direction"),
        instant("happened_at"),
        maybe_text("outcome"),
        maybe_text("mood"),
        text("text"),
        maybe_text("next_step"),
        maybe_day("next_step_on"),
        maybe_id("next_step_by"),
        maybe_instant("next_step_done_at"),
        yes("no_next_step"),
        maybe_id("by_id"),
        text("by_name"),
        instant("created_at"),
        whole("version"),
        maybe_text("source"),
        maybe_text("source_key"),
    ];
    let mut interactions = table("interactions", columns);
    interactions.foreign_key(&mut of_customer("interactions"));
    manager.create_table(interactions).await?;
    manager.create_index(index("interactions", &["source", "source_key"], true)).await?;
    for columns in [
        &["customer_id", "happened_at", "id"][..],
        &["next_step_by", "next_step_on"],
        &["next_step_on", "next_step_done_at"],
    ] {
        manager.create_index(index("interactions", columns, false)).await?;
    }

    let mut links = table("interaction_links", vec![id("interaction_id"), text("object"), text("object_id")]);
    links.primary_key(Index::create().col("interaction_id").col("object").col("object_id")).foreign_key(
        ForeignKey::create()
            .name("fk_interaction_links_interaction_id")
            .from("interaction_links", "interaction_id")
            .to("interactions", "id")
            .on_delete(ForeignKeyAction::Cascade),
    );
    manager.create_table(links).await?;
    manager.create_index(index("interaction_links", &["object", "object_id"], false)).await
}

fn of_customer(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("fk_{table}_customer_id"))
        .from(table, "customer_id")
        .to("customers", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
