//! Shipments from files.

mod known;
mod touched;

use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::sync::LazyLock;
use std::task::Poll;

use async_trait::async_trait;
use base::{Actor, Currency, CustomerId, Error, Id, Message, Permission};
use customers::Found;
use db::{Db, Tx};
use module::{Difference, Field, ImportKind, Options, Record, Seen, Shape, Verdict};

use crate::draft::{self, steps};
use crate::events;
use crate::policy::{self, Policy};
use crate::store::upsert;
use crate::words::{Mode, PaymentTerm};
use known::Known;
use touched::Touched;

/// Name, shape, whether required.
const SHAPES: [(&str, Shape, bool); 22] = [
    ("customer", Shape::Text, true),
    ("waybill", Shape::Text, true),
    ("line", Shape::Text, false),
    ("origin", Shape::Text, false),
    ("destination", Shape::Text, false),
    ("mode", Shape::Choice(Mode::WORDS), false),
    ("booked", Shape::Moment, false),
    ("promised", Shape::Moment, false),
    ("delivered", Shape::Moment, false),
    ("pieces", Shape::Whole, false),
    ("weight_kg", Shape::Decimal, false),
    ("volume_m3", Shape::Decimal, false),
    ("teu", Shape::Decimal, false),
    ("goods_value", Shape::Amount, false),
    ("revenue", Shape::Amount, false),
    ("cost", Shape::Amount, false),
    ("payment_term", Shape::Choice(PaymentTerm::WORDS), false),
    ("transport_reference", Shape::Text, false),
    ("customer_reference", Shape::Text, false),
    ("bill_of_lading", Shape::Text, false),
    ("container", Shape::Text, false),
    ("booking_number", Shape::Text, false),
];

/// How files head their columns, Chinese and English: data, not texts of ours.
const HEADERS: &str = include_str!("import_columns.txt");

static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let headers: BTreeMap<&str, &str> = HEADERS.lines().filter_map(|line| line.split_once(": ")).collect();
    let field = |(name, shape, required)| {
        let headers: Vec<&'static str> = headers.get(name).map_or(Vec::new(), |all| all.split(", ").collect());
        Field { name, shape, required, headers: headers.leak(), also: &[] }
    };
    let steps = steps::fields().map(|name| (name, Shape::Moment, false));
    SHAPES.into_iter().chain(steps).map(field).collect()
});

/// The records of a file are lines; lines with the same waybill are one shipment of the mapping's source.
#[derive(Debug)]
pub struct ShipmentImport;

#[async_trait]
impl ImportKind for ShipmentImport {
    fn name(&self) -> &'static str {
        "shipments"
    }

    fn permission(&self) -> Permission {
        crate::EDIT
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn key(&self) -> &'static [&'static str] {
        &["waybill", "line"]
    }

    fn has_source(&self) -> bool {
        true
    }

    async fn sources(&self, db: &Db) -> Result<Vec<String>, Error> {
        upsert::sources(db.read()).await
    }

    async fn usual_currency(&self, db: &Db) -> Result<Option<Currency>, Error> {
        let policy: Policy = db::settings::get(db.read(), policy::SETTINGS).await?;
        Ok(Some(policy.reporting))
    }

    async fn differences(
        &self,
        db: &Db,
        actor: &Actor,
        records: &[&Record],
        options: &Options,
    ) -> Result<Vec<Vec<Difference>>, Error> {
        let records: Vec<Record> = records.iter().map(|record| (*record).clone()).collect();
        let known = Known::of(db.read(), actor, &records, options).await?;
        Ok(records.iter().map(|record| known.differences(record)).collect())
    }

    async fn elsewhere(
        &self,
        db: &Db,
        actor: &Actor,
        records: &[&Record],
        options: &Options,
    ) -> Result<Vec<(String, u64)>, Error> {
        let waybills: Vec<&str> = records.iter().map(|record| draft::waybill(record)).collect();
        let known = upsert::elsewhere(db.read(), actor, &options.source, &waybills).await?;
        let rows = |known: &BTreeSet<String>| waybills.iter().filter(|waybill| known.contains(**waybill)).count();
        Ok(known.iter().map(|(source, known)| (source.clone(), rows(known) as u64)).collect())
    }

    async fn plan(
        &self,
        db: &Db,
        actor: &Actor,
        records: &[Record],
        options: &Options,
        seen: &mut Seen,
    ) -> Result<Vec<Verdict>, Error> {
        let known = Known::of(db.read(), actor, records, options).await?;
        let mut verdicts = Vec::with_capacity(records.len());
        for some in records.chunks(BETWEEN) {
            verdicts.extend(some.iter().map(|record| known.judge(actor, record, options, seen)));
            let_others_go_on().await;
        }
        Ok(verdicts)
    }

    async fn write(
        &self,
        tx: &Tx,
        actor: &Actor,
        records: &[(&Record, &Verdict)],
        options: &Options,
    ) -> Result<(), Error> {
        let records: Vec<&Record> = records.iter().map(|(record, _)| *record).collect();
        let customers = customers_of(tx, actor, &records, options).await?;
        let waybills = records.iter().map(|record| draft::waybill(record)).collect();
        let mut stored = upsert::stored(tx, &options.source, &waybills).await?;
        let mut touched: BTreeMap<&str, Touched> = BTreeMap::new();
        for record in records {
            let waybill = draft::waybill(record);
            let customer = customers.get(name_of(record)).ok_or_else(|| undone(record))?;
            let told = touched.entry(waybill).or_insert_with(|| {
                let shipment = stored.shipments.remove(waybill).unwrap_or_else(|| {
                    let id = Id::numbered(actor.now, record.row).into_text();
                    draft::empty_shipment(id, &options.source, waybill, customer, actor)
                });
                Touched::new(shipment, &mut stored)
            });
            if told.shipment.customer_id != *customer {
                return Err(undone(record));
            }
            told.take_in(record, customer);
        }
        // In the order of their ids, which is that of the file: rows of an index that lie together are written together.
        let mut all: Vec<_> = touched.into_values().map(|told| told.written(actor)).collect();
        all.sort_by(|(one, ..), (other, ..)| one.id.cmp(&other.id));
        let (mut shipments, mut lines, mut milestones) = (Vec::with_capacity(all.len()), Vec::new(), Vec::new());
        for (shipment, own_lines, own_milestones) in all {
            shipments.push(shipment);
            lines.extend(own_lines);
            milestones.extend(own_milestones);
        }
        upsert::put_shipments(tx, shipments).await?;
        upsert::put_lines(tx, lines).await?;
        upsert::put_milestones(tx, milestones).await
    }

    async fn finish(&self, tx: &Tx, actor: &Actor) -> Result<(), Error> {
        let customers = upsert::customers_touched(tx, actor.now).await?;
        events::tell_changed(tx, actor, &customers).await
    }
}

/// Records that are judged before others have a turn.
const BETWEEN: usize = 50;

/// While a chunk is judged, the one before it is being written, and the database waits for nobody.
async fn let_others_go_on() {
    let mut waited = false;
    poll_fn(|context| {
        if waited {
            return Poll::Ready(());
        }
        waited = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// The whole file is undone: what the plan saw is no longer so.
fn undone(record: &Record) -> Error {
    Error::Refused(Message::new("shipment-written_meanwhile").with("waybill", draft::waybill(record)))
}

fn name_of(record: &Record) -> &str {
    record.text("customer").unwrap_or_default()
}

/// The customers of these records by the name in the file; those that are unknown are created.
async fn customers_of(
    tx: &Tx,
    actor: &Actor,
    records: &[&Record],
    options: &Options,
) -> Result<BTreeMap<String, CustomerId>, Error> {
    let names: BTreeSet<String> = records.iter().map(|record| name_of(record).to_owned()).collect();
    let names: Vec<String> = names.into_iter().collect();
    let mut found = customers::find_many(tx, &names).await?;
    let mut all = BTreeMap::new();
    let mut created: BTreeMap<String, CustomerId> = BTreeMap::new();
    for name in names {
        let id = match found.remove(&name) {
            Some(Found::One(id)) => id,
            Some(Found::Several) => continue,
            None if !options.create_customers => continue,
            None => {
                let key = customers::rules::name_key(&name);
                match created.get(&key) {
                    Some(id) => id.clone(),
                    None => {
                        let id = customers::create_named(tx, actor, &name).await?;
                        created.insert(key, id.clone());
                        id
                    }
                }
            }
        };
        all.insert(name, id);
    }
    Ok(all)
}
