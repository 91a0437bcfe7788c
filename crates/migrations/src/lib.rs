//! The one ordered history of the schema. Append only: add, fill, later remove; never change what has landed.

mod columns;
mod m20261123_000001_events_audit_settings_jobs;
mod m20261123_000002_people_sign_in;
mod m20261123_000003_customers;
mod m20261123_000004_shipments;
mod m20261123_000005_names_and_figures;
mod m20261123_000006_imports;
mod m20261123_000007_worklist;
mod m20261123_000008_recovery_codes;
mod m20261123_000009_import_mappings;
mod m20261123_000010_customers_in_order;
mod m20261123_000011_figures_at_size;
mod m20261123_000012_worklists_at_size;
mod m20261123_000013_calendar;
mod m20261123_000014_contacts;
mod m20261123_000015_value_apart;
mod m20261123_000016_attachments;
mod m20261123_000017_approvals;
mod m20261123_000018_complaints;
mod m20261123_000019_exceptions;
mod m20261123_000022_fewer_indexes;
mod m20261123_000023_feedback;
mod m20261123_000024_follow_ups;
mod m20261124_000025_claims;
mod m20261124_000026_quality_events;

use base::Error;
use db::Db;
use sea_orm_migration::{MigrationTrait, MigratorTrait};

#[derive(Debug)]
pub struct Migrations;

impl MigratorTrait for Migrations {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_events_audit_settings_jobs::Migration),
            Box::new(m20261123_000002_people_sign_in::Migration),
            Box::new(m20261123_000003_customers::Migration),
            Box::new(m20261123_000004_shipments::Migration),
            Box::new(m20261123_000005_names_and_figures::Migration),
            Box::new(m20261123_000006_imports::Migration),
            Box::new(m20261123_000007_worklist::Migration),
            Box::new(m20261123_000008_recovery_codes::Migration),
            Box::new(m20261123_000009_import_mappings::Migration),
            Box::new(m20261123_000010_customers_in_order::Migration),
            Box::new(m20261123_000011_figures_at_size::Migration),
            Box::new(m20261123_000012_worklists_at_size::Migration),
            Box::new(m20261123_000013_calendar::Migration),
            Box::new(m20261123_000014_contacts::Migration),
            Box::new(m20261123_000015_value_apart::Migration),
            Box::new(m20261123_000016_attachments::Migration),
            Box::new(m20261123_000017_approvals::Migration),
            Box::new(m20261123_000018_complaints::Migration),
            Box::new(m20261123_000019_exceptions::Migration),
            Box::new(m20261123_000022_fewer_indexes::Migration),
            Box::new(m20261123_000023_feedback::Migration),
            Box::new(m20261123_000024_follow_ups::Migration),
            Box::new(m20261124_000025_claims::Migration),
            Box::new(m20261124_000026_quality_events::Migration),
        ]
    }
}

/// Brings the schema up to date.
///
/// # Errors
/// When the database refuses; the step that failed is undone.
pub async fn run(db: &Db) -> Result<(), Error> {
    Ok(Migrations::up(db.writer(), None).await?)
}

/// The steps that `run` would take, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn pending(db: &Db) -> Result<Vec<String>, Error> {
    let steps = Migrations::get_pending_migrations(db.writer()).await?;
    Ok(steps.iter().map(|step| step.name().to_owned()).collect())
}
