//! One line of a file against what is stored. Pure.

pub mod shared;
pub mod steps;
pub mod told;

use base::{Actor, CustomerId, Day, FieldProblem, Message, Money};
use customers::rules::year_problem;
use module::Record;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

use crate::days::{self, Signed};
use crate::rules::{LARGEST_AMOUNT, LONGEST, ONLY_LINE};
use crate::{line, milestone, shipment};

const HEADER_TEXTS: [&str; 6] =
    ["payment_term", "transport_reference", "customer_reference", "bill_of_lading", "container", "booking_number"];

/// Fields, besides the actual milestones, that tell what has happened.
const HAPPENED: [&str; 2] = ["booked", "delivered"];

pub fn waybill(record: &Record) -> &str {
    record.text("waybill").unwrap_or_default()
}

pub fn line_number(record: &Record) -> &str {
    record.text("line").unwrap_or(ONLY_LINE)
}

/// What is wrong with the record whatever is stored.
pub fn problems(record: &Record, today: Day) -> Vec<FieldProblem> {
    let mut found = Vec::new();
    for field in ["customer", "waybill"] {
        if record.text(field).is_none() {
            found.push(FieldProblem::new(field, Message::new("shipment-required")));
        }
    }
    for (field, value) in &record.values {
        if let module::Value::Text(text) = value
            && text.chars().count() > LONGEST
        {
            found.push(FieldProblem::new(field, Message::new("shipment-too_long").with("most", LONGEST)));
        }
        let day = match value {
            module::Value::Day(day) => Some(*day),
            module::Value::Moment { at, .. } => Some(Actor::day_of(*at)),
            _ => None,
        };
        found.extend(year_problem(field, day));
        if HAPPENED.contains(field) || field.starts_with("actual_") {
            found.extend(days::not_yet(field, day, today));
        }
    }
    for field in ["goods_value", "revenue", "cost"] {
        if record.amount(field).is_some_and(|money| money.minor.unsigned_abs() > LARGEST_AMOUNT.unsigned_abs()) {
            found.push(FieldProblem::new(field, Message::new("shipment-out_of_range")));
        }
    }
    for (field, units) in [("weight_kg", 1000), ("volume_m3", 1_000_000), ("teu", 100)] {
        if record.decimal(field).is_some_and(|text| whole_units(text, units).is_none()) {
            found.push(FieldProblem::new(field, Message::new("shipment-out_of_range")));
        }
    }
    if record.whole("pieces").is_some_and(|pieces| !(0..=LARGEST_AMOUNT).contains(&pieces)) {
        found.push(FieldProblem::new("pieces", Message::new("shipment-out_of_range")));
    }
    found
}

/// Rounded half away from zero; `None` when negative or too large.
fn whole_units(text: &str, units: i64) -> Option<i64> {
    let number = text.parse::<Decimal>().ok().filter(|number| !number.is_sign_negative() || number.is_zero())?;
    let scaled = number.checked_mul(Decimal::from(units))?;
    scaled.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64()
}

/// The shipment with what the record says of it; what the record leaves out stays.
pub fn header(mut shipment: shipment::Model, record: &Record) -> shipment::Model {
    if let Some(day) = record.day("booked") {
        shipment.booked_on = Some(day);
    }
    for field in HEADER_TEXTS {
        if let Some(text) = record.text(field) {
            *header_text(&mut shipment, field) = text.to_owned();
        }
    }
    shipment
}

fn header_text<'a>(shipment: &'a mut shipment::Model, field: &str) -> &'a mut String {
    match field {
        "payment_term" => &mut shipment.payment_term,
        "transport_reference" => &mut shipment.transport_reference,
        "customer_reference" => &mut shipment.customer_reference,
        "bill_of_lading" => &mut shipment.bill_of_lading,
        "container" => &mut shipment.container,
        _ => &mut shipment.booking_number,
    }
}

/// A shipment about which nothing is known yet.
pub fn empty_shipment(
    id: String,
    source: &str,
    waybill: &str,
    customer: &CustomerId,
    actor: &Actor,
) -> shipment::Model {
    shipment::Model {
        id,
        customer_id: customer.clone(),
        source: source.into(),
        waybill: waybill.into(),
        booked_on: None,
        shipped_on: actor.today(),
        payment_term: String::new(),
        transport_reference: String::new(),
        customer_reference: String::new(),
        bill_of_lading: String::new(),
        container: String::new(),
        booking_number: String::new(),
        created_at: actor.now,
        updated_at: actor.now,
        version: 0,
    }
}

/// A line about which nothing is known yet.
pub fn empty_line(shipment: &str, number: &str, customer: &CustomerId) -> line::Model {
    line::Model {
        shipment_id: shipment.into(),
        line: number.into(),
        customer_id: customer.clone(),
        origin: String::new(),
        destination: String::new(),
        mode: String::new(),
        promised_on: None,
        promised_at: None,
        delivered_on: None,
        delivered_at: None,
        pieces: None,
        weight_grams: None,
        volume_cm3: None,
        teu_hundredths: None,
        goods_value_minor: None,
        goods_value_currency: None,
        revenue_minor: None,
        revenue_currency: None,
        cost_minor: None,
        cost_currency: None,
        unknown_texts: json!({}),
        month: String::new(),
        on_time_by_day: None,
        on_time_by_timestamp: None,
    }
}

/// Everything of a line after the record, which may speak of its shipment and of milestones as well.
pub struct After {
    pub shipment: shipment::Model,
    pub line: line::Model,
    pub milestones: Vec<milestone::Model>,
}

impl After {
    /// As it stands before any record.
    pub fn stored(shipment: &shipment::Model, line: &line::Model, milestones: &[milestone::Model]) -> Self {
        Self { shipment: shipment.clone(), line: line.clone(), milestones: milestones.to_vec() }
    }
}

/// What the record makes of what is stored.
pub fn after(
    (shipment, line): (&shipment::Model, &line::Model),
    stored: &[milestone::Model],
    record: &Record,
) -> After {
    let milestones = steps::after(&shipment.id, stored, record);
    let own = filled(Signed::of(stored).without(line.clone()), record);
    After { shipment: header(shipment.clone(), record), line: Signed::of(&milestones).with(own), milestones }
}

/// A delivery before the booking that the record brings: of what was so before, nobody is told again.
pub fn delivered_too_early(before: Option<&After>, after: &After, record: &Record) -> Option<FieldProblem> {
    let pair = |it: &After| (it.line.delivered_on, days::booked(&it.shipment, &it.milestones));
    if before.map(pair) == Some(pair(after)) {
        return None;
    }
    let (delivered, booked) = pair(after);
    let said = ["delivered", "actual_signed", "booked"].into_iter().find(|field| record.values.contains_key(field));
    days::before_booked(said.unwrap_or("actual_booked"), delivered, booked)
}

/// The line with what the record says of it; what the record leaves out stays. Days that it has from milestones are
/// not its own, see `Signed`.
pub fn filled(mut line: line::Model, record: &Record) -> line::Model {
    for (field, slot) in
        [("origin", &mut line.origin), ("destination", &mut line.destination), ("mode", &mut line.mode)]
    {
        if let Some(text) = record.text(field) {
            *slot = text.to_owned();
        }
    }
    if let Some(day) = record.day("promised") {
        (line.promised_on, line.promised_at) = (Some(day), record.time("promised"));
    }
    if let Some(day) = record.day("delivered") {
        (line.delivered_on, line.delivered_at) = (Some(day), record.time("delivered"));
    }
    fill_numbers(&mut line, record);
    fill_unknown(&mut line, record);
    line
}

fn fill_numbers(line: &mut line::Model, record: &Record) {
    let numbers = [
        ("pieces", record.whole("pieces"), &mut line.pieces),
        ("weight_kg", scaled(record, "weight_kg", 1000), &mut line.weight_grams),
        ("volume_m3", scaled(record, "volume_m3", 1_000_000), &mut line.volume_cm3),
        ("teu", scaled(record, "teu", 100), &mut line.teu_hundredths),
    ];
    for (field, number, slot) in numbers {
        if number.is_some() || record.unknown(field).is_some() {
            *slot = number;
        }
    }
    let amounts = [
        ("goods_value", &mut line.goods_value_minor, &mut line.goods_value_currency),
        ("revenue", &mut line.revenue_minor, &mut line.revenue_currency),
        ("cost", &mut line.cost_minor, &mut line.cost_currency),
    ];
    for (field, minor, currency) in amounts {
        let amount: Option<Money> = record.amount(field);
        if amount.is_some() || record.unknown(field).is_some() {
            (*minor, *currency) = amount.map(|money| (money.minor, money.currency)).unzip();
        }
    }
}

fn scaled(record: &Record, field: &str, units: i64) -> Option<i64> {
    record.decimal(field).and_then(|text| whole_units(text, units))
}

fn fill_unknown(line: &mut line::Model, record: &Record) {
    let mut texts = line.unknown_texts.as_object().cloned().unwrap_or_default();
    for (field, value) in &record.values {
        match value {
            module::Value::Unknown(text) => {
                texts.insert((*field).into(), json!(text));
            }
            _ => {
                texts.remove(*field);
            }
        }
    }
    line.unknown_texts = Value::Object(texts);
}

/// The fields, by their names in a file, that differ.
pub fn differences(before: (&shipment::Model, &line::Model), after: (&shipment::Model, &line::Model)) -> Vec<String> {
    let (was, is) = (before.1, after.1);
    let unknown = |field: &str| was.unknown_texts.get(field) != is.unknown_texts.get(field);
    let (head, new_head) = (before.0, after.0);
    let pairs = [
        ("booked", head.booked_on != new_head.booked_on),
        ("payment_term", head.payment_term != new_head.payment_term),
        ("transport_reference", head.transport_reference != new_head.transport_reference),
        ("customer_reference", head.customer_reference != new_head.customer_reference),
        ("bill_of_lading", head.bill_of_lading != new_head.bill_of_lading),
        ("container", head.container != new_head.container),
        ("booking_number", head.booking_number != new_head.booking_number),
        ("origin", was.origin != is.origin),
        ("destination", was.destination != is.destination),
        ("mode", was.mode != is.mode),
        ("promised", (was.promised_on, was.promised_at) != (is.promised_on, is.promised_at)),
        ("delivered", (was.delivered_on, was.delivered_at) != (is.delivered_on, is.delivered_at)),
        ("pieces", was.pieces != is.pieces || unknown("pieces")),
        ("weight_kg", was.weight_grams != is.weight_grams || unknown("weight_kg")),
        ("volume_m3", was.volume_cm3 != is.volume_cm3 || unknown("volume_m3")),
        ("teu", was.teu_hundredths != is.teu_hundredths || unknown("teu")),
        ("goods_value", was.goods_value() != is.goods_value() || unknown("goods_value")),
        ("revenue", was.revenue() != is.revenue() || unknown("revenue")),
        ("cost", was.cost() != is.cost() || unknown("cost")),
    ];
    pairs.into_iter().filter(|(_, differ)| *differ).map(|(field, _)| field.to_owned()).collect()
}
