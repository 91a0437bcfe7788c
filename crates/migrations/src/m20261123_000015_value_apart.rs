use sea_orm_migration::prelude::*;

use crate::columns::text;

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// What a customer brought that has no rate stands beside his value: amounts by currency. Until it is counted nobody
/// knows, so everybody is counted anew.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut apart = text("value_apart").default("").to_owned();
        manager.alter_table(Table::alter().table("customer_figures").add_column(&mut apart).take()).await?;
        let anew = "update customer_figures set as_of = '1970-01-01'";
        manager.get_connection().execute_unprepared(anew).await?;
        Ok(())
    }
}
