//! Customers: their file, who owns them, what was said with them and what comes next.

mod api;
mod assess;

pub mod address;
pub mod assessment;
pub mod called;
pub mod consent;
pub mod contact;
pub mod contact_role;
pub mod contacts;
pub mod credit_code;
pub mod customer;
mod department;
pub mod figures;
mod find;
pub mod forms;
mod imports;
pub mod interaction;
pub mod link;
mod named;
mod pages;
pub mod people;
mod reasons;
pub mod rules;
pub mod samples;
mod search;
mod service;
pub mod store;
pub mod tag;
mod timeline;
mod views;

use std::sync::Arc;

use base::Permission;
use module::{MenuEntry, MenuGroup, Module};

pub use assess::{Assessed, assess};
pub use figures::put_figures;
pub use find::{Brief, Found, briefly, create_named, find_many};
pub use imports::{CustomerImport, InteractionImport};
pub use reasons::CustomerReasons;
pub use service::{CustomerFile, Customers, create_in, log_in, unlog_in};
pub use timeline::InteractionTimeline;

pub const VIEW: Permission = Permission("customers.view");
pub const CREATE: Permission = Permission("customers.create");
pub const EDIT: Permission = Permission("customers.edit");
pub const LOG: Permission = Permission("customers.log");
/// What shipments add up to is shown to whoever may see shipments; `shipments` registers the permission.
pub(crate) const FIGURES: Permission = Permission("shipments.view");

const MENU: MenuEntry = MenuEntry {
    group: MenuGroup::Customers,
    order: 10,
    href: "/customers",
    title_key: "customer-menu",
    icon: "customers",
    needs: Some(VIEW),
};

/// What the program registers.
pub fn module(customers: Customers) -> Module {
    Module {
        name: "customers",
        locales: Some(texts::locales!()),
        permissions: vec![VIEW, CREATE, EDIT, LOG],
        routes: contacts::pages::add(pages::add(api::routes(&customers), &customers), &customers),
        menu: vec![MENU],
        timeline: vec![Arc::new(InteractionTimeline)],
        reasons: vec![Arc::new(CustomerReasons)],
        import_kinds: vec![Arc::new(CustomerImport), Arc::new(InteractionImport)],
        records: vec![
            Arc::new(named::CustomerNames),
            Arc::new(named::InteractionNames),
            Arc::new(contacts::names::ContactNames),
        ],
        openapi: api::openapi(),
        ..Module::default()
    }
}
