//! Which shipments a list or a report is about.

use base::{Cursor, CustomerId};

/// What lines must be like; an empty filter is about all that the actor may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub customer: Option<CustomerId>,
    pub origin: Option<String>,
    pub destination: Option<String>,
    /// A word of `Mode`; empty: those of which nobody said it.
    pub mode: Option<String>,
    /// Of the promised day, `2026-11`; empty: those without one.
    pub month: Option<String>,
    /// From this month on.
    pub from_month: Option<String>,
    /// Up to this month.
    pub to_month: Option<String>,
}

/// Which shipments the list shows: those of which one line is like this.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListFilter {
    pub which: Filter,
    /// Delivered after the promised day, or not delivered and promised before today.
    pub late: bool,
    /// A waybill number, the customer's own number, a B/L, container or booking number; empty: all.
    pub waybill: String,
    pub after: Option<Cursor>,
}
