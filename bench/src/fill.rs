//! Fills a database with the made-up firm, once; later runs take it as it is.

use std::time::{Duration, Instant};

use base::{Actor, CustomerId, Day, Error};
use chrono::Duration as Days;
use customers::called::{self, Called};
use customers::forms::CustomerDraft;
use customers::{assessment, customer, interaction, rules, tag};
use db::Db;
use fastrand::Rng;
use sea_orm::sea_query::OnConflict;
use serde_json::json;
use shipments::rules::judged;
use shipments::store::figures;
use shipments::{line, shipment};

use crate::bulk::{make_indexes, put, take_indexes, tidied};
use crate::people::{self, Rep};
use crate::world::{Freight, Size, Words, World, at};

const SEED: u64 = 20_261_123;
/// Shipments that are in memory at once.
const AT_ONCE: usize = 100_000;
const TABLES: [&str; 7] =
    ["customers", "customer_names", "customer_tags", "assessments", "interactions", "shipments", "shipment_lines"];

/// Writes everybody and everything.
///
/// # Errors
/// When the database refuses.
pub async fn fill(db: &Db, access: &access::Access, actor: &Actor, size: Size) -> Result<(), Error> {
    let reps = people::hire(access, actor, size.reps()).await?;
    let world = World::of(size, actor.today());
    let words = Words::read();
    let indexes = take_indexes(db, &TABLES).await?;
    let customers = customers(db, actor, &world, &words, &reps).await?;
    shipments(db, actor, &world, &words, &customers).await?;
    interactions(db, actor, &world, &words, &customers).await?;
    make_indexes(db, indexes).await?;
    count_anew(db, actor).await?;
    tidied(db).await
}

/// Brings the figures of each customer up to this day, as the program's job does at night.
///
/// # Errors
/// When the database refuses.
pub async fn count_anew(db: &Db, actor: &Actor) -> Result<(), Error> {
    let mut after = None;
    loop {
        let stale = figures::stale(db.read(), actor.today(), after.as_ref(), 1_000).await?;
        if stale.is_empty() {
            return Ok(());
        }
        let tx = db.begin().await?;
        figures::refresh(&tx, &stale, actor.today()).await?;
        db.commit(tx).await?;
        after = stale.last().cloned();
    }
}

/// What a customer looks like of whom only the name is known.
async fn template(db: &Db, actor: &Actor) -> Result<customer::Model, Error> {
    let tx = db.begin().await?;
    let model = customers::create_in(&tx, actor, CustomerDraft::named("template")).await?;
    tx.rollback().await?;
    Ok(model)
}

struct Written {
    id: CustomerId,
    owner: Option<Rep>,
}

async fn customers(db: &Db, actor: &Actor, world: &World, words: &Words, reps: &[Rep]) -> Result<Vec<Written>, Error> {
    let (mut rows, mut names, mut tags, mut stages) = (vec![], vec![], vec![], vec![]);
    let template = template(db, actor).await?;
    let mut written = Vec::with_capacity(world.size.customers);
    for (number, days) in world.days().iter().enumerate() {
        let owner = (number % 20 != 7).then(|| reps[number % reps.len()].clone());
        let row = customer(actor, words, (number, days), owner.as_ref(), template.clone());
        for (kind, name) in [(Called::Name, &row.name_key), (Called::Short, &row.short_name)] {
            names.push(called::Model { customer_id: row.id.clone(), kind, name_key: name.clone() });
        }
        if number % 4 == 0 {
            tags.push(tag::Model { customer_id: row.id.clone(), tag: words.at("trades", number).to_owned() });
        }
        stages.push(assessment::Model {
            customer_id: row.id.clone(),
            kind: "stage".into(),
            value: row.stage.word().into(),
            score: None,
            reasons: row.stage_reason.clone(),
            as_of: actor.today(),
            review_on: row.stage_review_on,
        });
        written.push(Written { id: row.customer_id(), owner });
        rows.push(row);
    }
    put::<customer::Entity>(db, rows).await?;
    put::<called::Entity>(db, names).await?;
    put::<tag::Entity>(db, tags).await?;
    put::<assessment::Entity>(db, stages).await?;
    Ok(written)
}

fn customer(
    actor: &Actor,
    words: &Words,
    (number, days): (usize, &[Day]),
    owner: Option<&Rep>,
    template: customer::Model,
) -> customer::Model {
    let name = words.customer(number);
    let name_key = rules::name_key(&name);
    let standing = lifecycle::stage(days, None, &lifecycle::Policy::default(), actor.today());
    let created = actor.now - Days::days(900) + Days::seconds(number as i64 * 60);
    let last = (number % 5 != 4).then(|| actor.now - Days::hours(1 + (number as i64 * 37) % 5_000));
    // Most agreed rhythms are kept; about one of 25 customers is silent for too long.
    let rhythm = (number % 5 == 1).then_some(if number % 25 == 1 { 30 } else { 400 });
    let short_name = format!("{}{number}", words.at("first", number));
    customer::Model {
        id: base::Id::new(created).into_text(),
        search_key: format!("{name_key}\n{short_name}\n\n"),
        name,
        name_key,
        short_name,
        industry: words.at("trades", number).to_owned(),
        stage: standing.stage,
        stage_since: standing.since,
        stage_reason: json!(standing.reasons),
        stage_review_on: standing.review_on,
        owner_id: owner.map(|owner| owner.id.clone()),
        department_id: owner.map(|owner| owner.department.clone()),
        rhythm_days: rhythm,
        last_contact_at: last,
        last_contact_order: last.map_or(0, |at| at.timestamp_micros()),
        contact_due_on: rules::contact_due_on(rhythm, last, created),
        created_at: created,
        updated_at: last.unwrap_or(created),
        ..template
    }
}

async fn shipments(db: &Db, actor: &Actor, world: &World, words: &Words, customers: &[Written]) -> Result<(), Error> {
    let mut dice = Rng::with_seed(SEED);
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    for (number, customer) in world.shippers.iter().enumerate() {
        let place = *customer as usize;
        let booked = world.shipped_on(number);
        let row = shipment(("tms", number), &customers[place].id, booked);
        let id = row.id.clone();
        rows.push(row);
        let count = [1, 1, 1, 1, 1, 1, 1, 1, 2, 3][dice.usize(..10)];
        for number in 1..=count {
            let freight = Freight::of(words, &mut dice, place, booked, actor.today());
            lines.push(line(&id, number, &customers[place].id, &freight));
        }
        if rows.len() == AT_ONCE {
            put::<shipment::Entity>(db, std::mem::take(&mut rows)).await?;
            put::<line::Entity>(db, std::mem::take(&mut lines)).await?;
        }
    }
    put::<shipment::Entity>(db, rows).await?;
    put::<line::Entity>(db, lines).await
}

fn shipment((source, number): (&str, usize), customer: &CustomerId, booked: Day) -> shipment::Model {
    let at = at(booked, 12);
    shipment::Model {
        id: base::Id::new(at).into_text(),
        customer_id: customer.clone(),
        source: source.into(),
        waybill: format!("BN{number:09}"),
        booked_on: Some(booked),
        shipped_on: booked,
        payment_term: String::new(),
        transport_reference: String::new(),
        customer_reference: format!("PO{}", number % 1_000_003),
        bill_of_lading: String::new(),
        container: String::new(),
        booking_number: String::new(),
        created_at: at,
        updated_at: at,
        version: 1,
    }
}

/// How long it takes to store so many shipments of one line in one transaction, which is undone then: nothing is read,
/// compared or judged.
///
/// # Errors
/// When the database refuses.
pub async fn stored_and_undone(
    db: &Db,
    actor: &Actor,
    customers: &[CustomerId],
    rows: usize,
) -> Result<Duration, Error> {
    let words = Words::read();
    let mut dice = Rng::with_seed(SEED);
    let mut took = Duration::ZERO;
    let tx = db.begin_large().await?;
    for from in (0..rows).step_by(AT_ONCE) {
        let (mut shipments, mut lines) = (Vec::new(), Vec::new());
        for number in from..rows.min(from + AT_ONCE) {
            let place = number % customers.len();
            let freight = Freight::of(&words, &mut dice, place, actor.today(), actor.today());
            let shipment = shipment(("bare", number), &customers[place], actor.today());
            lines.push(line(&shipment.id, 1, &shipment.customer_id, &freight));
            shipments.push(shipment);
        }
        let since = Instant::now();
        db::bulk::put::<shipment::Entity>(&tx, shipments, OnConflict::new().do_nothing().to_owned()).await?;
        db::bulk::put::<line::Entity>(&tx, lines, OnConflict::new().do_nothing().to_owned()).await?;
        took += since.elapsed();
    }
    tx.rollback().await?;
    Ok(took)
}

fn line(shipment: &str, number: usize, customer: &CustomerId, freight: &Freight) -> line::Model {
    let yuan = Some(base::Currency::CNY);
    judged(line::Model {
        shipment_id: shipment.to_owned(),
        line: number.to_string(),
        customer_id: customer.clone(),
        origin: freight.origin.into(),
        destination: freight.destination.into(),
        mode: freight.mode.into(),
        promised_on: Some(Actor::day_of(freight.promised)),
        promised_at: Some(freight.promised),
        delivered_on: freight.delivered.map(Actor::day_of),
        delivered_at: freight.delivered,
        pieces: Some(freight.pieces),
        weight_grams: Some(freight.weight_grams),
        volume_cm3: None,
        teu_hundredths: None,
        goods_value_minor: None,
        goods_value_currency: None,
        revenue_minor: Some(freight.revenue),
        revenue_currency: yuan,
        cost_minor: Some(freight.cost),
        cost_currency: yuan,
        unknown_texts: json!({}),
        month: String::new(),
        on_time_by_day: None,
        on_time_by_timestamp: None,
    })
}

/// Half of them with those who ship much; promises of the last month are partly open.
async fn interactions(
    db: &Db,
    actor: &Actor,
    world: &World,
    words: &Words,
    customers: &[Written],
) -> Result<(), Error> {
    let mut dice = Rng::with_seed(SEED);
    let count = world.size.interactions();
    let mut rows = Vec::with_capacity(count);
    for number in 0..count {
        let place = match dice.bool() {
            true => world.shippers[dice.usize(..world.shippers.len())] as usize,
            false => dice.usize(..customers.len()),
        };
        let minutes = 60 + (count - number) as i64 * 730 * 24 * 60 / count as i64;
        let happened_at = actor.now - Days::minutes(minutes);
        let owner = customers[place].owner.as_ref();
        rows.push(interaction(words, &mut dice, actor, &customers[place].id, owner, happened_at));
    }
    put::<interaction::Entity>(db, rows).await
}

fn interaction(
    words: &Words,
    dice: &mut Rng,
    actor: &Actor,
    customer: &CustomerId,
    owner: Option<&Rep>,
    happened_at: base::Instant,
) -> interaction::Model {
    let kind = interaction::InteractionKind::ALL[dice.usize(..4)];
    let promised = dice.u8(..10) < 4;
    let due = Actor::day_of(happened_at) + Days::days(dice.i64(1..21));
    let done = due < actor.today() && dice.u8(..100) < 97;
    interaction::Model {
        id: base::Id::new(happened_at).into_text(),
        customer_id: customer.clone(),
        kind,
        direction: interaction::Direction::Outgoing,
        happened_at,
        outcome: Some(interaction::Outcome::Reached),
        mood: Some(interaction::Mood::Neutral),
        text: words.at("calls", dice.usize(..1000)).to_owned(),
        next_step: promised.then(|| words.at("steps", dice.usize(..1000)).to_owned()),
        next_step_on: promised.then_some(due),
        next_step_by: owner.filter(|_| promised).map(|owner| owner.id.clone()),
        next_step_done_at: (promised && done).then(|| at(due, 15)),
        no_next_step: !promised,
        by_id: owner.map(|owner| owner.id.clone()),
        by_name: owner.map_or_else(|| "-".to_owned(), |owner| owner.name.clone()),
        created_at: happened_at,
        version: 1,
        source: None,
        source_key: None,
    }
}
