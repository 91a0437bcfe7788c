//! The relationship stage of a customer, from his shipment days alone.

mod rules;
mod standing;

pub use rules::stage;
pub use standing::{ByHand, HandStage, Policy, Stage, Standing};

/// What the program is told about this module.
pub fn module() -> module::Module {
    module::Module { name: "lifecycle", locales: Some(texts::locales!()), ..module::Module::default() }
}
