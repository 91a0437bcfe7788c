//! What one line of a file says of its whole shipment. Pure.

use module::{Record, Remembered};
use texts::format;

use super::{HEADER_TEXTS, header_text, line_number, steps, told};
use crate::rules::ONLY_LINE;
use crate::{milestone, shipment};

/// A line that cannot stand beside an earlier row of the file.
#[derive(Debug, PartialEq, Eq)]
pub enum Clash {
    /// The earlier row said this field of the shipment otherwise.
    Otherwise { field: &'static str, row: u64 },
    /// The earlier row is the same line: one of the two is without a number, the other has that of an only line.
    SameLine { row: u64 },
}

/// Takes in what the record says of the shipment that earlier rows told of; nothing of a record that clashes.
/// `customer` is whose shipment it says it is.
///
/// # Errors
/// The first clash.
pub fn agree(earlier: &mut Remembered, record: &Record, customer: &str) -> Result<(), Clash> {
    let mut said = said(record, customer);
    for (field, value) in &said {
        if let Some(row) = earlier.contradicts(field, value) {
            return Err(Clash::Otherwise { field, row });
        }
    }
    if line_number(record) == ONLY_LINE {
        if let Some(row) = earlier.said("line") {
            return Err(Clash::SameLine { row });
        }
        said.push(("line", ONLY_LINE.into()));
    }
    earlier.keep(record.row, &said);
    Ok(())
}

/// What a new line says of its known shipment otherwise than it is stored: the field, what is stored, what it says.
/// What an earlier row of the file said is not looked at: that row may have been right to correct the shipment, and
/// this one agrees with it or clashes.
pub fn against_stored(
    (shipment, milestones): (&shipment::Model, &[milestone::Model]),
    earlier: Option<&Remembered>,
    record: &Record,
) -> Option<(&'static str, String, String)> {
    let booked = shipment.booked_on.zip(record.day("booked")).filter(|(stored, said)| stored != said);
    let booked = booked.map(|(stored, said)| ("booked", format::day(stored), format::day(said)));
    let mut known = shipment.clone();
    let texts = HEADER_TEXTS.into_iter().filter_map(|field| {
        let (stored, said) = (std::mem::take(header_text(&mut known, field)), record.text(field)?);
        (!stored.is_empty() && stored != said).then(|| (field, stored, said.to_owned()))
    });
    let steps = steps::replaced(milestones, record).into_iter();
    let steps = steps.filter_map(|(field, stored, said)| Some((field, told::at(stored?), told::at(said))));
    let open = |field: &str| earlier.is_none_or(|earlier| earlier.said(field).is_none());
    booked.into_iter().chain(texts).chain(steps).find(|(field, ..)| open(field))
}

/// Equal texts are kept equal: of `booked` only the day counts.
fn said(record: &Record, customer: &str) -> Vec<(&'static str, String)> {
    let mut said = vec![("customer", customer.to_owned())];
    said.extend(record.day("booked").map(|day| ("booked", day.to_string())));
    said.extend(HEADER_TEXTS.into_iter().filter_map(|field| Some((field, record.text(field)?.to_owned()))));
    said.extend(steps::times(record).map(|(field, at)| (field, at.to_string())));
    said
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use module::Value;

    use super::*;

    fn record<const N: usize>(row: u64, values: [(&'static str, &str); N]) -> Record {
        let text = |(field, text): (&'static str, &str)| (field, Value::Text(text.into()));
        Record { row, values: BTreeMap::from(values.map(text)) }
    }

    #[test]
    fn lines_fill_what_others_leave_open_and_the_first_that_said_it_is_named() {
        let mut earlier = Remembered::new(2);
        assert_eq!(agree(&mut earlier, &record(2, [("line", "1")]), "明为"), Ok(()));
        assert_eq!(agree(&mut earlier, &record(3, [("line", "2"), ("container", "A")]), "明为"), Ok(()));
        let other = record(4, [("line", "3"), ("container", "B"), ("bill_of_lading", "X")]);
        assert_eq!(agree(&mut earlier, &other, "明为"), Err(Clash::Otherwise { field: "container", row: 3 }));
        let who = agree(&mut earlier, &record(5, [("line", "4")]), "迅捷");
        assert_eq!(who, Err(Clash::Otherwise { field: "customer", row: 2 }));
        assert_eq!(agree(&mut earlier, &record(6, [("line", "5"), ("bill_of_lading", "Y")]), "明为"), Ok(()));
    }

    #[test]
    fn a_line_without_a_number_is_the_line_numbered_1() {
        let mut earlier = Remembered::new(2);
        assert_eq!(agree(&mut earlier, &record(2, []), "明为"), Ok(()));
        assert_eq!(agree(&mut earlier, &record(3, [("line", "1")]), "明为"), Err(Clash::SameLine { row: 2 }));
        assert_eq!(agree(&mut earlier, &record(4, [("line", "2")]), "明为"), Ok(()));
    }

    #[test]
    fn two_hours_of_one_day_are_booked_on_the_same_day() {
        let at = |hour| Value::Moment {
            at: format!("2026-11-05T{hour}:00:00Z").parse().unwrap_or_default(),
            has_time: true,
        };
        let booked = |row, line, hour| {
            let mut record = record(row, [("line", line)]);
            record.values.insert("booked", at(hour));
            record
        };
        let mut earlier = Remembered::new(2);
        assert_eq!(agree(&mut earlier, &booked(2, "1", "01"), "明为"), Ok(()));
        assert_eq!(agree(&mut earlier, &booked(3, "2", "03"), "明为"), Ok(()));
        let next_day = agree(&mut earlier, &booked(4, "3", "23"), "明为");
        assert_eq!(next_day, Err(Clash::Otherwise { field: "booked", row: 2 }));
    }
}
