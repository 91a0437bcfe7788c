//! What one plan carries from chunk to chunk.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What the chunks planned so far said and will do, so that a plan is the same however the file is cut into chunks.
#[derive(Debug, Default)]
pub struct Seen {
    /// Names of customers that the import will create.
    pub new_customers: BTreeMap<String, u64>,
    /// What earlier rows told, by whatever the kind knows its records by: waybill, credit code, …
    /// At most 32 bytes a field that is shared, besides the key: values stay as fingerprints only.
    pub records: BTreeMap<String, Remembered>,
}

/// One record as earlier rows of the file told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// The first row that told of it; as people count, like `Record::row`.
    pub row: u64,
    said: Vec<Said>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Said {
    field: &'static str,
    row: u64,
    /// Two values have the same one by chance once in 2^64.
    fingerprint: u64,
}

impl Remembered {
    pub fn new(row: u64) -> Self {
        Self { row, said: Vec::new() }
    }

    /// The row that filled the field first.
    pub fn said(&self, field: &str) -> Option<u64> {
        Some(self.find(field)?.row)
    }

    /// The row that said something else of the field; `None` when nobody spoke of it or all said the same.
    pub fn contradicts(&self, field: &str, value: &str) -> Option<u64> {
        let said = self.find(field)?;
        (said.fingerprint != fingerprint(value)).then_some(said.row)
    }

    /// Keeps what a row says, by field; what an earlier row said of a field stays.
    pub fn keep(&mut self, row: u64, said: &[(&'static str, String)]) {
        // Hundreds of thousands of these live at once: no room for more than there is.
        self.said.reserve_exact(said.iter().filter(|(field, _)| self.find(field).is_none()).count());
        for (field, value) in said {
            if self.find(field).is_none() {
                self.said.push(Said { field, row, fingerprint: fingerprint(value) });
            }
        }
    }

    fn find(&self, field: &str) -> Option<&Said> {
        self.said.iter().find(|said| said.field == field)
    }
}

fn fingerprint(value: &str) -> u64 {
    let mut state = DefaultHasher::new();
    value.hash(&mut state);
    state.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_says_it_otherwise_learns_which_row_said_it_first() {
        let mut shipment = Remembered::new(2);
        shipment.keep(2, &[("container", "CSQU3054383".into())]);
        shipment.keep(9, &[("booked", "2026-11-05".into()), ("container", "MSKU0000006".into())]);
        shipment.keep(10, &[("booked", "2026-11-06".into())]);
        assert_eq!(shipment.contradicts("booked", "2026-11-06"), Some(9));
        assert_eq!(shipment.contradicts("booked", "2026-11-05"), None);
        assert_eq!(shipment.contradicts("mode", "air"), None);
        assert_eq!((shipment.said("container"), shipment.said("mode")), (Some(2), None));
    }
}
