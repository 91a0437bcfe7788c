//! What files can bring in.

mod customer_rows;
mod customers;
mod differing;
mod headers;
mod interaction_rows;
mod interactions;

use std::str::FromStr;

use base::{FieldProblem, Message};
use module::Record;

pub use customers::CustomerImport;
pub use interactions::InteractionImport;

/// The word of a closed field: whoever reads the file lets no other through.
fn chosen<T: FromStr>(record: &Record, field: &str) -> Option<T> {
    record.text(field)?.parse().ok()
}

fn problem(field: &str, key: &str) -> FieldProblem {
    FieldProblem::new(field, Message::new(key))
}

/// Fields of drafts by the names that files know.
fn in_file(field: &str) -> &str {
    match field {
        "owner_id" => "owner",
        "addresses" | "address_line" => "address",
        same => same,
    }
}
