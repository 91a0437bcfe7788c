use sea_orm_migration::prelude::*;

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// What a figure of service quality is counted from, so that counting millions of lines reads nothing but the index.
const COUNTED: [&str; 6] = ["month", "mode", "origin", "destination", "on_time_by_day", "on_time_by_timestamp"];

/// Each holds the few rows that are asked for among the many that are not.
const PARTIAL: [&str; 7] = [
    // Lines on their way.
    "create index ix_shipment_lines_open on shipment_lines (promised_on, customer_id) where delivered_on is null",
    "create index ix_shipment_lines_open_of_customer on shipment_lines (customer_id, promised_on) \
     where delivered_on is null",
    // Promises that nobody has kept yet.
    "create index ix_interactions_open_steps on interactions (next_step_on, next_step_by, customer_id) \
     where next_step_done_at is null and next_step_on is not null",
    // Numbers by which people look for a shipment.
    "create index ix_shipments_customer_reference on shipments (customer_reference) where customer_reference <> ''",
    "create index ix_shipments_bill_of_lading on shipments (bill_of_lading) where bill_of_lading <> ''",
    "create index ix_shipments_container on shipments (container) where container <> ''",
    "create index ix_shipments_booking_number on shipments (booking_number) where booking_number <> ''",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Begins with the month too, and holds what is counted.
        let name = "ix_shipment_lines_month_customer_id";
        manager.drop_index(Index::drop().name(name).table("shipment_lines").to_owned()).await?;
        manager.create_index(counted("ix_shipment_lines_counted", None)).await?;
        manager.create_index(counted("ix_shipment_lines_counted_of_customer", Some("customer_id"))).await?;
        for sql in PARTIAL {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

fn counted(name: &'static str, first: Option<&'static str>) -> IndexCreateStatement {
    let mut index = Index::create().name(name).table("shipment_lines").to_owned();
    for column in first.into_iter().chain(COUNTED) {
        index.col(column);
    }
    index
}
