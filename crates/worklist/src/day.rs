//! A person's day.

use base::CustomerId;
use module::Reason;
use shipments::AtStake;

/// One customer on the list: he appears once, whatever the number of his reasons.
#[derive(Clone, Debug)]
pub struct Row {
    pub customer: CustomerId,
    pub name: String,
    pub owner: Option<base::UserId>,
    /// The oldest due first; at least one.
    pub reasons: Vec<Reason>,
    /// `None`: nothing shipped that is known.
    pub at_stake: Option<AtStake>,
}

impl Row {
    /// The earliest due day of the reasons.
    pub fn due(&self) -> base::Day {
        self.reasons.iter().map(|reason| reason.due).min().unwrap_or_default()
    }
}

/// What is left today.
#[derive(Clone, Debug)]
pub struct Day {
    pub today: base::Day,
    pub rows: Vec<Row>,
    /// Customers with a reason beyond today's acts.
    pub more: usize,
    pub done: usize,
    pub overdue: usize,
}
