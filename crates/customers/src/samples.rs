//! Ready records for tests and the demo.

use crate::customer::RelationType;
use crate::forms::{CustomerDraft, InteractionDraft};
use crate::interaction::{Direction, InteractionKind, Outcome};

/// A customer of this name and nothing else.
pub fn draft(name: &str) -> CustomerDraft {
    CustomerDraft {
        name: name.into(),
        short_name: String::new(),
        former_names: Vec::new(),
        english_name: String::new(),
        credit_code: String::new(),
        industry: String::new(),
        size: None,
        relation_type: RelationType::General,
        source: String::new(),
        owner_id: None,
        rhythm_days: None,
        notes: String::new(),
        tags: Vec::new(),
        addresses: Vec::new(),
    }
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
    }
}
