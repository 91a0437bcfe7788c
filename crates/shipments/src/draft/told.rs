//! What a changed line was and becomes, as people read it. Pure.

use base::{Actor, Day, Instant, Money};
use module::{Difference, Record};
use texts::format;

use super::steps;
use crate::{line, milestone, shipment};

/// The fields that differ, by their names in a file. Closed words stay words.
pub fn differences(
    before: (&shipment::Model, &line::Model),
    after: (&shipment::Model, &line::Model),
    milestones: &[milestone::Model],
    record: &Record,
) -> Vec<Difference> {
    let fields = super::differences(before, after);
    let both = fields.into_iter().map(|field| {
        let [was, is] = [before, after].map(|told| shown(told, &field));
        Difference { field, before: was, after: is }
    });
    let steps = steps::replaced(milestones, record).into_iter().map(|(field, was, is)| Difference {
        field: field.to_owned(),
        before: was.map_or_else(String::new, at),
        after: at(is),
    });
    both.chain(steps).collect()
}

fn shown((head, line): (&shipment::Model, &line::Model), field: &str) -> String {
    let unknown = || line.unknown_texts.get(field).and_then(|text| text.as_str()).unwrap_or_default().to_owned();
    match field {
        "booked" => head.booked_on.map_or_else(String::new, format::day),
        "payment_term" => head.payment_term.clone(),
        "transport_reference" => head.transport_reference.clone(),
        "customer_reference" => head.customer_reference.clone(),
        "bill_of_lading" => head.bill_of_lading.clone(),
        "container" => head.container.clone(),
        "booking_number" => head.booking_number.clone(),
        "origin" => line.origin.clone(),
        "destination" => line.destination.clone(),
        "mode" => line.mode.clone(),
        "promised" => moment(line.promised_on, line.promised_at),
        "delivered" => moment(line.delivered_on, line.delivered_at),
        "pieces" => line.pieces.map_or_else(unknown, format::thousands),
        "weight_kg" => line.weight_grams.map_or_else(unknown, |grams| scaled(grams, 3)),
        "volume_m3" => line.volume_cm3.map_or_else(unknown, |cubic| scaled(cubic, 6)),
        "teu" => line.teu_hundredths.map_or_else(unknown, |teu| scaled(teu, 2)),
        "goods_value" => amount(line.goods_value(), unknown),
        "revenue" => amount(line.revenue(), unknown),
        "cost" => amount(line.cost(), unknown),
        _ => String::new(),
    }
}

fn amount(money: Option<Money>, unknown: impl Fn() -> String) -> String {
    money.map_or_else(unknown, format::money)
}

fn moment(day: Option<Day>, time: Option<Instant>) -> String {
    match (time, day) {
        (Some(time), _) => format::time(time),
        (None, Some(day)) => format::day(day),
        (None, None) => String::new(),
    }
}

/// Times of milestones from days without a time stand at midnight.
pub fn at(instant: Instant) -> String {
    let time = format::time(instant);
    match time.strip_suffix(" 00:00") {
        Some(_) => format::day(Actor::day_of(instant)),
        None => time,
    }
}

/// `12500` thousandths are `12.5`.
fn scaled(units: i64, places: u32) -> String {
    rust_decimal::Decimal::new(units, places).normalize().to_string()
}
