//! Customers: their file, who owns them, what was said with them and what comes next.

mod assess;
mod choices;

pub mod address;
pub mod assessment;
pub mod credit_code;
pub mod customer;
pub mod forms;
pub mod interaction;
pub mod link;
pub mod people;
mod reasons;
pub mod rules;
pub mod samples;
mod service;
pub mod store;
pub mod tag;
mod timeline;

use base::Permission;

pub use assess::{Assessed, assess};
pub use choices::UnknownWord;
pub use reasons::CustomerReasons;
pub use service::{CustomerFile, Customers, create_in, log_in};
pub use timeline::InteractionTimeline;

pub const VIEW: Permission = Permission("customers.view");
pub const CREATE: Permission = Permission("customers.create");
pub const EDIT: Permission = Permission("customers.edit");
pub const LOG: Permission = Permission("customers.log");

/// What the program registers.
pub fn module() -> module::Module {
    module::Module {
        name: "customers",
        locales: Some(texts::locales!()),
        permissions: vec![VIEW, CREATE, EDIT, LOG],
        timeline: vec![std::sync::Arc::new(InteractionTimeline)],
        reasons: vec![std::sync::Arc::new(CustomerReasons)],
        ..module::Module::default()
    }
}
