//! Ready records for tests and the demo.

use crate::forms::{CustomerDraft, InteractionDraft};
use crate::interaction::{Direction, InteractionKind, Outcome};

/// A customer of this name and nothing else.
pub fn draft(name: &str) -> CustomerDraft {
    CustomerDraft::named(name)
}

/// An outgoing call after which nothing follows.
pub fn call(text: &str) -> InteractionDraft {
    InteractionDraft {
        kind: InteractionKind::Call,
        direction: Direction::Outgoing,
        happened_at: None,
        outcome: Some(Outcome::Reached),
        mood: None,
        text: text.into(),
        next_step: String::new(),
        next_step_on: None,
        next_step_by: None,
        no_next_step: true,
        shipments: Vec::new(),
        origin: None,
        author: None,
    }
}
