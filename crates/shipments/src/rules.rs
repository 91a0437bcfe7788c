//! Decisions about what comes in. Pure.

use std::collections::BTreeSet;

use base::{Actor, Currency, Day, FieldProblem, Instant, Message};
use customers::rules::year_problem;
use rust_decimal::Decimal;

use crate::forms::{LineDraft, MilestoneDraft, ShipmentDraft};
use crate::on_time::{Clock, is_on_time};
use crate::{LineFacts, days, line, milestone, shipment};

/// Largest amount in minor units, so that sums of many still fit.
pub(crate) const LARGEST_AMOUNT: i64 = 10_000_000_000_000;
/// Most characters of a text.
pub(crate) const LONGEST: usize = 200;
/// Most lines of one shipment that come in at once.
const MOST_LINES: usize = 1000;
/// The line that is meant when none is numbered.
pub(crate) const ONLY_LINE: &str = "1";

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The waybill stands under another customer, who is out of the actor's reach.
    #[error("shipment-other_customer")]
    OtherCustomer,
    /// A rate of the reporting currency into itself.
    #[error("shipment-rate_to_itself")]
    RateToItself,
}

impl base::Refusal for Refusal {
    fn message(&self) -> Message {
        Message::new(self.to_string())
    }
}

/// The draft as it is kept: texts without blanks around them, days from times where only those are given.
///
/// # Errors
/// Everything that is wrong with it, by field.
pub fn checked(mut draft: ShipmentDraft, today: Day) -> Result<ShipmentDraft, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    for (field, text) in [
        ("source", &mut draft.source),
        ("waybill", &mut draft.waybill),
        ("transport_reference", &mut draft.transport_reference),
        ("customer_reference", &mut draft.customer_reference),
        ("bill_of_lading", &mut draft.bill_of_lading),
        ("container", &mut draft.container),
        ("booking_number", &mut draft.booking_number),
    ] {
        tidy_text(field, text, &mut problems);
        if text.is_empty() && ["source", "waybill"].contains(&field) {
            problems.push(FieldProblem::new(field, Message::new("shipment-required")));
        }
    }
    if draft.lines.len() > MOST_LINES {
        problems.push(FieldProblem::new("lines", Message::new("shipment-too_many_lines").with("most", MOST_LINES)));
        return Err(problems);
    }
    let mut numbers = BTreeSet::new();
    for (at, line) in draft.lines.iter_mut().enumerate() {
        check_line(&format!("lines.{at}"), line, today, &mut problems);
        if !numbers.insert(line.line.clone()) {
            problems.push(FieldProblem::new(&format!("lines.{at}.line"), Message::new("shipment-line_twice")));
        }
    }
    problems.extend(year_problem("booked_on", draft.booked_on));
    problems.extend(days::not_yet("booked_on", draft.booked_on, today));
    for (at, milestone) in draft.milestones.iter().enumerate() {
        check_milestone(&format!("milestones.{at}"), milestone, today, &mut problems);
    }
    let kinds: BTreeSet<_> = draft.milestones.iter().map(|milestone| milestone.kind).collect();
    if kinds.len() < draft.milestones.len() {
        problems.push(FieldProblem::new("milestones", Message::new("shipment-milestone_twice")));
    }
    if problems.is_empty() { Ok(draft) } else { Err(problems) }
}

fn check_milestone(place: &str, milestone: &MilestoneDraft, today: Day, problems: &mut Vec<FieldProblem>) {
    let field = |name: &str| format!("{place}.{name}");
    for (name, time) in [
        ("planned_at", milestone.planned_at),
        ("estimated_at", milestone.estimated_at),
        ("actual_at", milestone.actual_at),
    ] {
        problems.extend(year_problem(&field(name), time.map(Actor::day_of)));
    }
    problems.extend(days::not_yet(&field("actual_at"), milestone.actual_at.map(Actor::day_of), today));
}

fn tidy_text(field: &str, text: &mut String, problems: &mut Vec<FieldProblem>) {
    *text = text.trim().to_owned();
    if text.chars().count() > LONGEST {
        problems.push(FieldProblem::new(field, Message::new("shipment-too_long").with("most", LONGEST)));
    }
    if text.chars().any(char::is_control) {
        problems.push(FieldProblem::new(field, Message::new("shipment-control_character")));
    }
}

fn check_line(place: &str, line: &mut LineDraft, today: Day, problems: &mut Vec<FieldProblem>) {
    let field = |name: &str| format!("{place}.{name}");
    for (name, text) in [("line", &mut line.line), ("origin", &mut line.origin), ("destination", &mut line.destination)]
    {
        tidy_text(&field(name), text, problems);
    }
    if line.line.is_empty() {
        line.line = ONLY_LINE.into();
    }
    for (name, day, at) in [
        ("promised_on", &mut line.promised_on, line.promised_at),
        ("delivered_on", &mut line.delivered_on, line.delivered_at),
    ] {
        problems.extend(year_problem(&field(name), at.map(Actor::day_of).or(*day)));
        let Some(at) = at else { continue };
        if *day.get_or_insert(Actor::day_of(at)) != Actor::day_of(at) {
            problems.push(FieldProblem::new(&field(name), Message::new("shipment-day_differs")));
        }
    }
    problems.extend(days::not_yet(&field("delivered_on"), line.delivered_on, today));
    for (name, number) in [
        ("pieces", line.pieces),
        ("weight_grams", line.weight_grams),
        ("volume_cm3", line.volume_cm3),
        ("teu_hundredths", line.teu_hundredths),
    ] {
        if number.is_some_and(|number| !(0..=LARGEST_AMOUNT).contains(&number)) {
            problems.push(FieldProblem::new(&field(name), Message::new("shipment-out_of_range")));
        }
    }
    for (name, minor, currency) in [
        ("goods_value_minor", line.goods_value_minor, line.goods_value_currency),
        ("revenue_minor", line.revenue_minor, line.revenue_currency),
        ("cost_minor", line.cost_minor, line.cost_currency),
    ] {
        if minor.is_some() != currency.is_some() {
            problems.push(FieldProblem::new(&field(name), Message::new("shipment-amount_halved")));
        } else if minor.is_some_and(|minor| minor.unsigned_abs() > LARGEST_AMOUNT.unsigned_abs()) {
            problems.push(FieldProblem::new(&field(name), Message::new("shipment-out_of_range")));
        }
    }
}

/// Whether something of ours can be of this day.
pub fn is_possible(day: Day) -> bool {
    year_problem("", Some(day)).is_none()
}

/// The day itself, or the first or last one that is possible.
pub fn nearest_possible(day: Day) -> Day {
    let [first, last] = customers::rules::YEARS;
    let (first, last) = (Day::from_ymd_opt(first, 1, 1), Day::from_ymd_opt(last, 12, 31));
    day.clamp(first.unwrap_or(Day::MIN), last.unwrap_or(Day::MAX))
}

/// The shipment as the draft wants it; what the store decides stays.
pub fn header(known: shipment::Model, draft: &ShipmentDraft) -> shipment::Model {
    shipment::Model {
        customer_id: draft.customer.clone(),
        booked_on: draft.booked_on,
        payment_term: draft.payment_term.map(|term| term.word().into()).unwrap_or_default(),
        transport_reference: draft.transport_reference.clone(),
        customer_reference: draft.customer_reference.clone(),
        bill_of_lading: draft.bill_of_lading.clone(),
        container: draft.container.clone(),
        booking_number: draft.booking_number.clone(),
        ..known
    }
}

/// The line as the draft wants it; days that it leaves to the milestones are open, see `Signed`.
pub fn line_of(shipment: &shipment::Model, draft: &LineDraft) -> line::Model {
    let draft = draft.clone();
    line::Model {
        shipment_id: shipment.id.clone(),
        customer_id: shipment.customer_id.clone(),
        line: draft.line,
        origin: draft.origin,
        destination: draft.destination,
        mode: draft.mode.map(|mode| mode.word().into()).unwrap_or_default(),
        promised_on: draft.promised_on,
        promised_at: draft.promised_at,
        delivered_on: draft.delivered_on,
        delivered_at: draft.delivered_at,
        pieces: draft.pieces,
        weight_grams: draft.weight_grams,
        volume_cm3: draft.volume_cm3,
        teu_hundredths: draft.teu_hundredths,
        goods_value_minor: draft.goods_value_minor,
        goods_value_currency: draft.goods_value_currency,
        revenue_minor: draft.revenue_minor,
        revenue_currency: draft.revenue_currency,
        cost_minor: draft.cost_minor,
        cost_currency: draft.cost_currency,
        unknown_texts: serde_json::json!({}),
        month: String::new(),
        on_time_by_day: None,
        on_time_by_timestamp: None,
    }
}

/// A month as it is asked for, `2026-11`.
pub fn is_month(text: &str) -> bool {
    text.len() == 7 && format!("{text}-01").parse::<Day>().is_ok_and(is_possible)
}

pub fn milestone_of(shipment: &shipment::Model, draft: &MilestoneDraft) -> milestone::Model {
    milestone::Model {
        shipment_id: shipment.id.clone(),
        kind: draft.kind,
        planned_at: draft.planned_at,
        estimated_at: draft.estimated_at,
        actual_at: draft.actual_at,
    }
}

/// Month and verdicts follow from the dates.
pub fn judged(line: line::Model) -> line::Model {
    let facts = facts(&line);
    let verdict = |clock| is_on_time(&facts, clock).map(i64::from);
    line::Model {
        month: line.promised_on.map(month).unwrap_or_default(),
        on_time_by_day: verdict(Clock::Day),
        on_time_by_timestamp: verdict(Clock::Timestamp),
        ..line
    }
}

fn month(day: Day) -> String {
    day.format("%Y-%m").to_string()
}

/// What the rule of on time needs; the customer by his id.
pub fn facts(line: &line::Model) -> LineFacts {
    LineFacts {
        shipment: line.shipment_id.clone(),
        customer: line.customer_id.to_string(),
        origin: line.origin.clone(),
        destination: line.destination.clone(),
        mode: line.mode.clone(),
        promised_on: line.promised_on,
        promised_at: line.promised_at,
        delivered_on: line.delivered_on,
        delivered_at: line.delivered_at,
    }
}

/// From this moment on the promise is missed: the promised time, or else the end of the promised day.
pub fn missed_at(promised_on: Day, promised_at: Option<Instant>) -> Option<Instant> {
    let day_end = |day: Day| day.succ_opt()?.and_time(chrono::NaiveTime::MIN).and_utc().checked_sub_signed(FIRM_ZONE);
    promised_at.or_else(|| day_end(promised_on))
}

/// China Standard Time has no daylight saving.
pub(crate) const FIRM_ZONE: chrono::Duration = chrono::Duration::hours(8);

/// A rate as it is kept: plain decimal text above 0 with at most 12 decimals.
///
/// # Errors
/// `Invalid` when it is no such number, `Refused` for the reporting currency itself.
pub fn rate(text: &str, currency: Currency, reporting: Currency) -> Result<String, base::Error> {
    if currency == reporting {
        return Err(base::Error::refused(Refusal::RateToItself));
    }
    let number = text
        .trim()
        .parse::<Decimal>()
        .ok()
        .filter(|rate| *rate > Decimal::ZERO && *rate < Decimal::from(1_000_000_000));
    match number.filter(|rate| rate.scale() <= 12) {
        Some(rate) => Ok(rate.normalize().to_string()),
        None => Err(base::Error::invalid("rate", Message::new("shipment-rate_unreadable"))),
    }
}
