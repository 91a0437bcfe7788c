use sea_orm_migration::prelude::*;

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// What a worklist of a whole firm asks for: of a month's lines, one in twelve came late.
const LATE: &str =
    "create index ix_shipment_lines_late on shipment_lines (promised_on, customer_id) where on_time_by_day = 0";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(LATE).await?;
        Ok(())
    }
}
