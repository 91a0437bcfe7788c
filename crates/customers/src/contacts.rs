//! The people at a customer's: who they are, what they decide, and for what their data may be used.

pub(crate) mod api;
pub mod birthday;
mod change;
pub mod forms;
pub(crate) mod mask;
pub(crate) mod names;
pub(crate) mod pages;
pub mod rules;
mod service;
mod store;
pub(crate) mod views;

pub use service::{ContactFile, Revealed, create_contact_in, record_consent_in, verify_contact_in};
