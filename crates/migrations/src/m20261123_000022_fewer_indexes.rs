use sea_orm_migration::prelude::*;

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// Nothing asks for all lines by their promise any more: open and late lines have indexes of their own, and each row of
/// a file had to be written into these two, into the first at any place.
const UNUSED: [&str; 2] =
    ["ix_shipment_lines_customer_id_promised_on", "ix_shipment_lines_promised_on_shipment_id_line"];

/// One person's late lines are found by his customers.
const LATE_OF_CUSTOMER: &str = "create index ix_shipment_lines_late_of_customer on shipment_lines \
                                (customer_id, promised_on) where on_time_by_day = 0";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in UNUSED {
            manager.drop_index(Index::drop().name(name).table("shipment_lines").to_owned()).await?;
        }
        manager.get_connection().execute_unprepared(LATE_OF_CUSTOMER).await?;
        Ok(())
    }
}
