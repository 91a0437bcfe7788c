use sea_orm_migration::prelude::*;

use crate::columns::{
    day, id, index, instant, json, maybe_day, maybe_instant, maybe_text, maybe_whole, primary_id, small, table, text,
    whole, yes,
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        shipments(manager).await?;
        lines(manager).await?;
        milestones(manager).await?;
        rates(manager).await?;
        figures(manager).await
    }
}

async fn shipments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let shipments = vec![
        primary_id("id"),
        id("customer_id"),
        text("source"),
        text("waybill"),
        maybe_day("booked_on"),
        // The day that counts: booked, else first milestone, else promised, else delivered, else created.
        day("shipped_on"),
        text("payment_term"),
        text("transport_reference"),
        text("customer_reference"),
        text("bill_of_lading"),
        text("container"),
        text("booking_number"),
        instant("created_at"),
        instant("updated_at"),
        small("version"),
    ];
    manager.create_table(table("shipments", shipments)).await?;
    manager.create_index(index("shipments", &["source", "waybill"], true)).await?;
    manager.create_index(index("shipments", &["customer_id", "shipped_on", "id"], false)).await?;
    manager.create_index(index("shipments", &["shipped_on", "id"], false)).await?;
    manager.create_index(index("shipments", &["waybill"], false)).await
}

async fn lines(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let lines = vec![
        id("shipment_id"),
        text("line"),
        // Repeated from the shipment: reports and late lines are asked for by customer.
        id("customer_id"),
        text("origin"),
        text("destination"),
        text("mode"),
        maybe_day("promised_on"),
        maybe_instant("promised_at"),
        maybe_day("delivered_on"),
        maybe_instant("delivered_at"),
        maybe_whole("pieces"),
        maybe_whole("weight_grams"),
        maybe_whole("volume_cm3"),
        maybe_whole("teu_hundredths"),
        maybe_whole("goods_value_minor"),
        maybe_text("goods_value_currency"),
        maybe_whole("revenue_minor"),
        maybe_text("revenue_currency"),
        maybe_whole("cost_minor"),
        maybe_text("cost_currency"),
        json("unknown_texts"),
        text("month").default("").to_owned(),
    ];
    let mut lines = table("shipment_lines", lines);
    lines.primary_key(Index::create().col("shipment_id").col("line"));
    lines.foreign_key(
        ForeignKey::create()
            .from("shipment_lines", "shipment_id")
            .to("shipments", "id")
            .on_delete(ForeignKeyAction::Cascade),
    );
    manager.create_table(lines).await?;
    manager.create_index(index("shipment_lines", &["customer_id", "promised_on"], false)).await?;
    manager.create_index(index("shipment_lines", &["promised_on", "shipment_id", "line"], false)).await?;
    manager.create_index(index("shipment_lines", &["month", "customer_id"], false)).await
}

async fn milestones(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let milestones = vec![
        id("shipment_id"),
        text("kind"),
        maybe_instant("planned_at"),
        maybe_instant("estimated_at"),
        maybe_instant("actual_at"),
    ];
    let mut milestones = table("milestones", milestones);
    milestones.primary_key(Index::create().col("shipment_id").col("kind"));
    milestones.foreign_key(
        ForeignKey::create()
            .from("milestones", "shipment_id")
            .to("shipments", "id")
            .on_delete(ForeignKeyAction::Cascade),
    );
    manager.create_table(milestones).await
}

async fn rates(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // Units of `into_currency` for one unit of `currency`, as plain decimal text: rates have more decimals than money.
    let mut rates = table("exchange_rates", vec![text("currency"), text("into_currency"), day("on_day"), text("rate")]);
    rates.primary_key(Index::create().col("into_currency").col("currency").col("on_day"));
    manager.create_table(rates).await
}

async fn figures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let figures = vec![
        primary_id("customer_id"),
        day("first_shipped_on"),
        day("last_shipped_on"),
        whole("shipments_30"),
        // Plain decimal text.
        text("expected_30"),
        yes("dropped"),
        maybe_whole("value_minor"),
        text("value_basis"),
        day("as_of"),
    ];
    manager.create_table(table("customer_figures", figures)).await?;
    manager.create_index(index("customer_figures", &["dropped", "customer_id"], false)).await
}
