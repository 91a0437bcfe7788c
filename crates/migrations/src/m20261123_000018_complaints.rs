use sea_orm_migration::prelude::*;

use crate::columns::{
    id, index, instant, json, maybe_day, maybe_id, maybe_instant, maybe_text, maybe_whole, primary_id, sort_key, table,
    text, whole, yes,
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        complaints(manager).await?;
        let entries = vec![
            id("complaint_id"),
            whole("no"),
            // The complaint's version after it.
            whole("version"),
            whole("round"),
            text("kind"),
            maybe_text("step"),
            instant("at"),
            maybe_id("by_id"),
            text("by_name"),
            text("text"),
            // What the customer was told, and how.
            text("told"),
            maybe_instant("told_at"),
            maybe_text("told_how"),
            // Working seconds since the step before.
            maybe_whole("took"),
        ];
        let mut entries = table("complaint_entries", entries);
        entries.primary_key(Index::create().col("complaint_id").col("no"));
        manager.create_table(entries).await?;
        let shipments = vec![id("complaint_id"), id("shipment_id"), text("waybill")];
        let mut shipments = table("complaint_shipments", shipments);
        shipments.primary_key(Index::create().col("complaint_id").col("shipment_id"));
        manager.create_table(shipments).await?;
        manager.create_index(index("complaint_shipments", &["shipment_id"], false)).await?;
        let numbers = vec![id("department_id"), whole("year"), whole("last")];
        let mut numbers = table("complaint_numbers", numbers);
        numbers.primary_key(Index::create().col("department_id").col("year"));
        manager.create_table(numbers).await
    }
}

async fn complaints(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut columns = vec![
        primary_id("id"),
        sort_key(manager, "number"),
        whole("number_year"),
        whole("number_no"),
        id("department_id"),
        id("customer_id"),
        maybe_id("contact_id"),
        text("channel"),
        text("category"),
        text("severity"),
        yes("express"),
        text("words"),
        text("wish"),
        instant("received_at"),
        whole("received_order"),
        maybe_id("owner_id"),
        text("status"),
        whole("round"),
        maybe_text("next_step"),
    ];
    columns.extend(clocks());
    columns.extend(solution());
    columns.extend([
        maybe_id("repeat_of"),
        maybe_id("merged_into"),
        instant("created_at"),
        text("created_by"),
        instant("updated_at"),
        whole("version"),
    ]);
    manager.create_table(table("complaints", columns)).await?;
    let unique = index("complaints", &["department_id", "number_year", "number_no"], true);
    manager.create_index(unique).await?;
    // One for each list and for the job; each ends with the id, so that a page goes on where the last one ended.
    let lists: [&[&'static str]; 13] = [
        &["due_order", "id"],
        &["status", "due_order", "id"],
        &["status", "category", "due_order", "id"],
        &["status", "severity", "due_order", "id"],
        &["owner_id", "due_order", "id"],
        &["department_id", "due_order", "id"],
        &["legal_order", "id"],
        &["received_order", "id"],
        &["customer_id", "received_order", "id"],
        &["escalate_order"],
        &["escalation", "due_order"],
        &["clocks_stale"],
        &["number"],
    ];
    for columns in lists {
        manager.create_index(index("complaints", columns, false)).await?;
    }
    Ok(())
}

fn clocks() -> Vec<ColumnDef> {
    vec![
        json("response_clock"),
        maybe_instant("response_due"),
        maybe_instant("responded_at"),
        json("resolution_clock"),
        maybe_instant("resolution_due"),
        maybe_instant("resolved_at"),
        maybe_instant("legal_due"),
        // Microseconds since 1970, or a mark behind every time.
        whole("due_order"),
        whole("legal_order"),
        text("escalation"),
        whole("escalate_order"),
        maybe_instant("high_risk_at"),
        // The calendar has changed since the due times were worked out.
        yes("clocks_stale"),
        text("hold_reason"),
    ]
}

fn solution() -> Vec<ColumnDef> {
    vec![
        text("solution"),
        text("extra"),
        maybe_whole("compensation_minor"),
        maybe_text("compensation_currency"),
        maybe_id("compensation_by"),
        maybe_text("compensation_state"),
        maybe_id("compensation_approver"),
        maybe_text("answer"),
        maybe_instant("answer_at"),
        maybe_text("answer_how"),
        text("close_reason"),
        maybe_instant("closed_at"),
        maybe_text("cause"),
        text("cause_text"),
        maybe_id("cause_department_id"),
        text("correction"),
        maybe_day("correction_due"),
        maybe_instant("correction_done_at"),
        maybe_id("correction_done_by"),
        maybe_instant("correction_verified_at"),
        maybe_id("correction_verified_by"),
    ]
}
