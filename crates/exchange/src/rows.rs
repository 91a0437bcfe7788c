//! The same key more than once in one file.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use base::{FieldProblem, Message};
use module::{Record, Value};

/// Finds keys that occur more than once. Fed with all records first, asked about each record afterwards,
/// because a contradiction may come later in the file. Keeps about 60 bytes a record, not the record.
#[derive(Debug)]
pub struct Duplicates {
    key_fields: Vec<&'static str>,
    /// Two independent hashes: equal by chance once in 2^128 pairs, and nobody outside knows the seeds.
    hashers: [RandomState; 2],
    first: HashMap<Key, First>,
    again: HashMap<Key, Again>,
}

/// What a record is among those with its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The only one, or the first of several with equal contents; or it has no key.
    Counts,
    /// The same as an earlier row; counted there.
    Repeats { row: u64 },
    /// Other rows have the same key and different contents: none of them can be believed.
    Contradicts { rows: Vec<u64> },
}

/// Four words rather than two long ones: the map stays a third smaller.
type Key = [u32; 4];

#[derive(Clone, Copy, Debug)]
struct First {
    contents: [u32; 2],
    row: u32,
}

#[derive(Debug, Default)]
struct Again {
    rows: Vec<u32>,
    contradicts: bool,
}

impl Duplicates {
    pub fn new(key_fields: &[&'static str]) -> Self {
        Self {
            key_fields: key_fields.to_vec(),
            hashers: [RandomState::new(), RandomState::new()],
            first: HashMap::new(),
            again: HashMap::new(),
        }
    }

    /// First pass, in file order.
    pub fn note(&mut self, record: &Record) {
        let Some(key) = self.key(record) else { return };
        let (contents, row) = (self.contents(record), short(record.row));
        match self.first.get(&key) {
            None => {
                self.first.insert(key, First { contents, row });
            }
            Some(first) => {
                let again = self.again.entry(key).or_default();
                again.contradicts |= first.contents != contents;
                again.rows.push(row);
            }
        }
    }

    /// Second pass; only for records that were noted.
    pub fn place(&self, record: &Record) -> Place {
        let Some(key) = self.key(record) else { return Place::Counts };
        let (Some(first), Some(again)) = (self.first.get(&key), self.again.get(&key)) else { return Place::Counts };
        if again.contradicts {
            let rows = std::iter::once(first.row).chain(again.rows.iter().copied()).map(u64::from);
            return Place::Contradicts { rows: rows.filter(|row| *row != record.row).collect() };
        }
        match u64::from(first.row) == record.row {
            true => Place::Counts,
            false => Place::Repeats { row: first.row.into() },
        }
    }

    fn key(&self, record: &Record) -> Option<Key> {
        let values: Vec<_> = self.key_fields.iter().map(|field| record.values.get(field)).collect();
        if values.iter().all(Option::is_none) {
            return None;
        }
        let [a, b] = self.hashers.each_ref().map(|hasher| {
            let mut state = hasher.build_hasher();
            for value in &values {
                hash(*value, &mut state);
            }
            state.finish()
        });
        Some([halves(a)[0], halves(a)[1], halves(b)[0], halves(b)[1]])
    }

    fn contents(&self, record: &Record) -> [u32; 2] {
        let mut state = self.hashers[0].build_hasher();
        for (field, value) in &record.values {
            field.hash(&mut state);
            hash(Some(value), &mut state);
        }
        halves(state.finish())
    }
}

impl Place {
    /// The reason for refusing the row, if it must be refused. Names at most ten of the other rows.
    pub fn problem(&self, key_field: &str) -> Option<FieldProblem> {
        const NAMED: usize = 10;
        let Place::Contradicts { rows } = self else { return None };
        let named: Vec<_> = rows.iter().take(NAMED).map(u64::to_string).collect();
        let more = if rows.len() > NAMED { "…" } else { "" };
        let message = Message::new("import-key_contradicts")
            .with("rows", format!("{}{more}", named.join(", ")))
            .with("count", rows.len());
        Some(FieldProblem::new(key_field, message))
    }
}

fn hash(value: Option<&Value>, state: &mut impl Hasher) {
    value.map(std::mem::discriminant).hash(state);
    match value {
        None => {}
        Some(Value::Text(text) | Value::Decimal(text) | Value::Unknown(text)) => text.hash(state),
        Some(Value::Day(day)) => day.hash(state),
        Some(Value::Moment { at, has_time }) => (at, has_time).hash(state),
        Some(Value::Whole(number)) => number.hash(state),
        Some(Value::Amount(money)) => (money.minor, money.currency).hash(state),
    }
}

fn halves(hash: u64) -> [u32; 2] {
    [(hash >> 32) as u32, hash as u32]
}

/// Line numbers beyond four thousand million do not occur: the file may have 200 MB.
fn short(row: u64) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(row: u64, waybill: &str, pieces: i64) -> Record {
        let values = [("pieces", Value::Whole(pieces)), ("waybill", Value::Text(waybill.into()))];
        Record { row, values: values.into_iter().filter(|(_, value)| *value != Value::Text(String::new())).collect() }
    }

    fn places(records: &[Record]) -> Vec<Place> {
        let mut duplicates = Duplicates::new(&["waybill"]);
        records.iter().for_each(|record| duplicates.note(record));
        records.iter().map(|record| duplicates.place(record)).collect()
    }

    #[test]
    fn a_row_that_repeats_another_counts_once() {
        let places = places(&[record(2, "A", 1), record(3, "B", 1), record(4, "A", 1)]);
        assert_eq!(places, [Place::Counts, Place::Counts, Place::Repeats { row: 2 }]);
    }

    #[test]
    fn rows_with_one_key_and_different_contents_are_all_refused_and_name_each_other() {
        let places = places(&[record(2, "A", 1), record(3, "A", 1), record(9, "A", 2)]);
        assert_eq!(places[0], Place::Contradicts { rows: vec![3, 9] });
        assert_eq!(places[2].problem("waybill").unwrap().message.args[0].1, "2, 3");
        assert!(places.iter().all(|place| place.problem("waybill").is_some()));
    }

    #[test]
    fn rows_without_a_key_are_never_the_same() {
        assert_eq!(places(&[record(2, "", 1), record(3, "", 2)]), [Place::Counts, Place::Counts]);
    }
}
