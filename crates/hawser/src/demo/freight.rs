//! What the demo's customers shipped, as records that the shipments' import takes.

use std::collections::BTreeMap;

use base::{Actor, Currency, Day, Error, Money};
use chrono::{Duration, NaiveTime};
use module::{ImportKind, Options, Record, Seen, Value, Verdict};
use serde::Deserialize;

use db::Db;

/// Records a plan and a write take at once; as many as an import does.
const CHUNK: usize = 500;
/// The system that the shipments come from.
pub const SOURCE: &str = "demo";
/// Any number will do; it only must not change.
const SEED: u64 = 88_510_324;

/// What a customer ships between two places, and how well it goes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lane {
    pub origin: String,
    pub destination: String,
    pub mode: String,
    /// Days between two shipments, about.
    pub every_days: u32,
    /// Promised days on the way.
    pub days: i64,
    pub late_percent: u8,
    #[serde(default = "a_year")]
    pub since_days_ago: i64,
    #[serde(default)]
    pub until_days_ago: i64,
    /// Of one shipment, in whole units, about.
    pub revenue: i64,
    #[serde(default = "yuan")]
    pub currency: String,
    /// The carrier's bills are not in the file that we are given.
    #[serde(default)]
    pub cost_unknown: bool,
}

fn a_year() -> i64 {
    400
}

fn yuan() -> String {
    "CNY".into()
}

/// All shipments of these customers up to today, oldest first for each lane.
pub fn records<'a>(today: Day, lanes: impl Iterator<Item = (&'a str, &'a Lane)>) -> Vec<Record> {
    let mut dice = fastrand::Rng::with_seed(SEED);
    let mut records = Vec::new();
    for (customer, lane) in lanes {
        let mut days_ago = lane.since_days_ago - dice.i64(0..i64::from(lane.every_days));
        while days_ago >= lane.until_days_ago.max(0) {
            let row = records.len() as u64 + 1;
            records.push(record(&mut dice, customer, lane, row, today - Duration::days(days_ago), today));
            days_ago -= i64::from(dice.u32(lane.every_days.div_ceil(2)..=lane.every_days + lane.every_days / 2));
        }
    }
    records
}

fn record(dice: &mut fastrand::Rng, customer: &str, lane: &Lane, row: u64, booked: Day, today: Day) -> Record {
    let text = |text: &str| Value::Text(text.to_owned());
    let promised = booked + Duration::days(lane.days);
    let late = dice.u8(..100) < lane.late_percent;
    let shift = if late { dice.i64(1..4) } else { -dice.i64(0..2) };
    let delivered = (promised + Duration::days(shift)).max(booked);
    let mut values = BTreeMap::from([
        ("customer", text(customer)),
        ("waybill", Value::Text(format!("ZX{}{row:05}", booked.format("%y%m")))),
        ("booked", Value::Day(booked)),
        ("origin", text(&lane.origin)),
        ("destination", text(&lane.destination)),
        ("mode", text(&lane.mode)),
        ("promised", moment(promised, 18)),
        ("pieces", Value::Whole(dice.i64(1..60))),
        ("weight_kg", Value::Decimal(format!("{}.{}", dice.u32(40..2400), dice.u8(..10)))),
    ]);
    if delivered <= today {
        values.insert("delivered", moment(delivered, dice.u32(8..18)));
    }
    let signed = values.get("delivered").cloned();
    values.extend(signed.map(|at| ("actual_signed", at)));
    values.extend(papers(lane, row));
    values.extend(steps(booked, promised, delivered, today));
    if let Ok(currency) = lane.currency.parse::<Currency>() {
        let revenue = lane.revenue * dice.i64(85..116) / 100 * currency.minor_per_unit();
        values.insert("revenue", Value::Amount(Money::new(revenue, currency)));
        if !lane.cost_unknown {
            values.insert("cost", Value::Amount(Money::new(revenue * dice.i64(68..93) / 100, currency)));
        }
    }
    Record { row, values }
}

/// Who pays, and the numbers by which customers and carriers ask; from the row alone, so that the dice fall as before.
fn papers(lane: &Lane, row: u64) -> BTreeMap<&'static str, Value> {
    let text = |name, text: String| (name, Value::Text(text));
    let term = ["monthly", "monthly", "prepaid", "monthly", "collect"][(row % 5) as usize];
    let mut papers = BTreeMap::from([
        text("payment_term", term.into()),
        text("customer_reference", format!("PO{:06}", row * 7919 % 1_000_000)),
    ]);
    match lane.mode.as_str() {
        "ocean" => papers.extend([
            text("bill_of_lading", format!("HWSU{:08}", row * 104_729 % 100_000_000)),
            text("container", format!("HWSU{:07}", row * 15_485_863 % 10_000_000)),
            text("booking_number", format!("SO{:07}", row * 611_953 % 10_000_000)),
            text("transport_reference", format!("V.{:03}E", row % 400 + 1)),
        ]),
        "air" => papers.extend([text("transport_reference", format!("HW{:03}", row % 900 + 100))]),
        _ => {}
    }
    papers
}

/// What was planned and what has come of it by today.
fn steps(booked: Day, promised: Day, delivered: Day, today: Day) -> BTreeMap<&'static str, Value> {
    let shift = delivered - promised;
    let handed_over = (promised - Duration::days(1)).max(booked);
    let mut steps = BTreeMap::from([
        ("actual_booked", moment(booked, 9)),
        ("planned_picked_up", moment(booked, 17)),
        ("planned_handed_over", moment(handed_over, 12)),
        ("planned_signed", moment(promised, 18)),
    ]);
    let late = shift > Duration::zero();
    let came = [
        ("actual_picked_up", booked, 16),
        ("actual_handed_over", (handed_over + shift.max(Duration::zero())).max(booked), if late { 15 } else { 11 }),
    ];
    steps
        .extend(came.into_iter().filter(|(_, day, _)| *day < today).map(|(step, day, hour)| (step, moment(day, hour))));
    if late && delivered > today {
        steps.insert("estimated_signed", moment(delivered, 17));
    }
    steps
}

fn moment(day: Day, hour: u32) -> Value {
    let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    // The firm's clocks are at UTC+8.
    Value::Moment { at: day.and_time(time).and_utc() - Duration::hours(8), has_time: true }
}

/// Writes the records as an import of this kind would.
///
/// # Errors
/// When the database refuses; a record that is refused is our mistake.
pub async fn bring_in(db: &Db, actor: &Actor, kind: &dyn ImportKind, records: &[Record]) -> Result<(), Error> {
    let options = Options { create_customers: false, source: SOURCE.into() };
    let (mut seen, mut planned) = (Seen::default(), Vec::new());
    for some in records.chunks(CHUNK) {
        planned.extend(kind.plan(db, actor, some, &options, &mut seen).await?);
    }
    if let Some((record, Verdict::Refused(problems))) =
        records.iter().zip(&planned).find(|(_, verdict)| matches!(verdict, Verdict::Refused(_)))
    {
        return Err(Error::Bug(format!("demo record {} refused: {problems:?}", record.row)));
    }
    let tx = db.begin().await?;
    let due: Vec<_> = records.iter().zip(&planned).filter(|(_, verdict)| **verdict != Verdict::Unchanged).collect();
    for some in due.chunks(CHUNK) {
        kind.write(&tx, actor, some, &options).await?;
    }
    kind.finish(&tx, actor).await?;
    db.commit(tx).await
}
