//! Shipments from files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use async_trait::async_trait;
use base::{Actor, Currency, CustomerId, Error, FieldProblem, Id, Message, Permission};
use customers::Found;
use customers::forms::CustomerDraft;
use db::{Db, Tx};
use module::{Difference, Field, ImportKind, Options, Record, Remembered, Seen, Shape, Verdict};
use sea_orm::ConnectionTrait;

use crate::draft::shared::{self, Clash};
use crate::draft::{self, steps};
use crate::policy::{self, Policy};
use crate::shipment;
use crate::store::upsert::{self, Stored};
use crate::words::{MilestoneKind, Mode, PaymentTerm};
use crate::{events, line, milestone};

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
        let verdict = |record: &Record| match known.check(actor, record, options) {
            Ok(who) => agree(record, &who, seen).map_or_else(|refused| refused, |()| known.compare(record, &who, seen)),
            Err(refused) => refused,
        };
        Ok(records.iter().map(verdict).collect())
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
        let mut touched: BTreeMap<String, shipment::Model> = BTreeMap::new();
        let mut lines = Vec::with_capacity(records.len());
        let mut milestones = Milestones::default();
        for record in records {
            let waybill = draft::waybill(record);
            let customer = customers.get(name_of(record)).ok_or_else(|| undone(record))?;
            let shipment = match touched.remove(waybill).or_else(|| stored.shipments.get(waybill).cloned()) {
                Some(known) => known,
                None => {
                    let id = Id::numbered(actor.now, record.row).into_text();
                    draft::empty_shipment(id, &options.source, waybill, customer, actor)
                }
            };
            if shipment.customer_id != *customer {
                return Err(undone(record));
            }
            milestones.add(&stored, &shipment.id, record);
            let number = draft::line_number(record);
            let line = stored
                .lines
                .remove(&(shipment.id.clone(), number.to_owned()))
                .unwrap_or_else(|| draft::empty_line(&shipment.id, number, customer));
            lines.push(draft::filled(line, record));
            touched.insert(waybill.to_owned(), draft::header(shipment, record));
        }
        let shipments = touched.into_values().map(|shipment| written(shipment, actor)).collect();
        upsert::put_shipments(tx, shipments).await?;
        upsert::put_lines(tx, lines).await?;
        upsert::put_milestones(tx, milestones.0.into_values().collect()).await
    }

    async fn finish(&self, tx: &Tx, actor: &Actor) -> Result<(), Error> {
        upsert::settle_shipped_on(tx, actor.now).await?;
        let customers = upsert::customers_touched(tx, actor.now).await?;
        events::tell_changed(tx, actor, &customers).await
    }
}

/// What a chunk says of milestones, by shipment and kind.
#[derive(Default)]
struct Milestones(BTreeMap<(String, MilestoneKind), milestone::Model>);

impl Milestones {
    fn add(&mut self, stored: &Stored, shipment: &str, record: &Record) {
        for kind in steps::kinds(record) {
            let key = (shipment.to_owned(), kind);
            let known = self.0.remove(&key).or_else(|| stored.milestone(shipment, kind));
            let known = known.unwrap_or_else(|| steps::empty(shipment, kind));
            self.0.insert(key, steps::filled(known, record));
        }
    }
}

fn written(shipment: shipment::Model, actor: &Actor) -> shipment::Model {
    // What lines say of the day is settled when all are in.
    let shipped_on = shipment.booked_on.unwrap_or(shipment.shipped_on);
    shipment::Model { version: shipment.version + 1, updated_at: actor.now, shipped_on, ..shipment }
}

/// The lines of one waybill must agree on what they share, however far apart they stand in the file.
fn agree(record: &Record, who: &Who, seen: &mut Seen) -> Result<(), Verdict> {
    let waybill = draft::waybill(record);
    let customer = match who {
        Who::Known(id) => format!("known {id}"),
        Who::New(name) => format!("new {name}"),
    };
    let earlier = seen.records.entry(waybill.to_owned()).or_insert_with(|| Remembered::new(record.row));
    let message = |key: &str, row| Message::new(key).with("waybill", waybill).with("row", row);
    shared::agree(earlier, record, &customer).map_err(|clash| match clash {
        Clash::Otherwise { field, row } => Verdict::refused(field, message("shipment-lines_contradict", row)),
        Clash::SameLine { row } => Verdict::refused("line", message("shipment-same_line", row)),
    })
}

/// The whole file is undone: what the plan saw is no longer so.
fn undone(record: &Record) -> Error {
    Error::Refused(Message::new("shipment-written_meanwhile").with("waybill", draft::waybill(record)))
}

fn name_of(record: &Record) -> &str {
    record.text("customer").unwrap_or_default()
}

/// Whose shipment it is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Who {
    Known(CustomerId),
    /// Will be created; by his name as it is compared.
    New(String),
}

/// What is stored of the customers and waybills of a chunk.
struct Known {
    customers: BTreeMap<String, Found>,
    reached: BTreeSet<CustomerId>,
    stored: Stored,
}

impl Known {
    async fn of(
        db: &impl ConnectionTrait,
        actor: &Actor,
        records: &[Record],
        options: &Options,
    ) -> Result<Self, Error> {
        let names: BTreeSet<String> = records.iter().map(|record| name_of(record).to_owned()).collect();
        let customers = customers::find_many(db, &names.into_iter().collect::<Vec<_>>()).await?;
        let ids = customers.values().filter_map(|found| match found {
            Found::One(id) => Some(id.clone()),
            Found::Several => None,
        });
        let reached = upsert::reached(db, actor, ids).await?;
        let waybills = records.iter().map(draft::waybill).collect();
        let stored = upsert::stored(db, &options.source, &waybills).await?;
        Ok(Self { customers, reached, stored })
    }

    fn check(&self, actor: &Actor, record: &Record, options: &Options) -> Result<Who, Verdict> {
        let problems = draft::problems(record);
        if !problems.is_empty() {
            return Err(Verdict::Refused(problems));
        }
        let refused = |key: &str| Verdict::refused("customer", Message::new(key).with("customer", name_of(record)));
        let who = match self.customers.get(name_of(record)) {
            Some(Found::One(id)) if self.reached.contains(id) => Who::Known(id.clone()),
            Some(Found::One(_)) => return Err(refused("shipment-customer_out_of_reach")),
            Some(Found::Several) => return Err(refused("shipment-customer_ambiguous")),
            None if options.create_customers && actor.has(customers::CREATE) => Who::New(new_customer(record)?),
            None => return Err(refused("shipment-customer_unknown")),
        };
        match self.stored.shipments.get(draft::waybill(record)) {
            Some(shipment) if who != Who::Known(shipment.customer_id.clone()) => {
                let message = Message::new("shipment-other_customer").with("waybill", draft::waybill(record));
                Err(Verdict::refused("customer", message))
            }
            _ => Ok(who),
        }
    }

    /// What is stored of the record's line and what it becomes.
    fn differences(&self, record: &Record) -> Vec<Difference> {
        let stored = self.stored.shipments.get(draft::waybill(record)).and_then(|shipment| {
            let key = (shipment.id.clone(), draft::line_number(record).to_owned());
            Some((shipment, self.stored.lines.get(&key)?))
        });
        let Some((shipment, line)) = stored else { return Vec::new() };
        let after = (draft::header(shipment.clone(), record), draft::filled(line.clone(), record));
        let milestones = self.stored.milestones.get(&shipment.id).map_or(&[][..], Vec::as_slice);
        draft::told::differences((shipment, line), (&after.0, &after.1), milestones, record)
    }

    fn compare(&self, record: &Record, who: &Who, seen: &mut Seen) -> Verdict {
        if let Who::New(name) = who {
            *seen.new_customers.entry(name.clone()).or_default() += 1;
        }
        let Some(shipment) = self.stored.shipments.get(draft::waybill(record)) else { return Verdict::New };
        let key = (shipment.id.clone(), draft::line_number(record).to_owned());
        let Some(line) = self.stored.lines.get(&key) else { return Verdict::New };
        let after: (shipment::Model, line::Model) =
            (draft::header(shipment.clone(), record), draft::filled(line.clone(), record));
        let mut fields = draft::differences((shipment, line), (&after.0, &after.1));
        let reached = self.stored.milestones.get(&shipment.id).map_or(&[][..], Vec::as_slice);
        fields.extend(steps::differences(reached, record));
        match fields {
            fields if fields.is_empty() => Verdict::Unchanged,
            fields => Verdict::Changed(fields),
        }
    }
}

/// His name as it is compared, when a customer can be called so.
fn new_customer(record: &Record) -> Result<String, Verdict> {
    let renamed = |problem: FieldProblem| FieldProblem { field: "customer".into(), ..problem };
    match customers::rules::checked(CustomerDraft::named(name_of(record))) {
        Ok(draft) => Ok(customers::rules::name_key(&draft.name)),
        Err(problems) => Err(Verdict::Refused(problems.into_iter().map(renamed).collect())),
    }
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
