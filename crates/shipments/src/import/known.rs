//! What is stored of the customers and shipments that a chunk of a file speaks of, and what each row does to it.

use std::collections::{BTreeMap, BTreeSet};

use base::{Actor, CustomerId, Error, FieldProblem, Message};
use customers::Found;
use customers::forms::CustomerDraft;
use module::{Difference, Options, Record, Remembered, Seen, Verdict};
use sea_orm::ConnectionTrait;

use super::name_of;
use crate::draft::shared::{self, Clash};
use crate::draft::{self, steps};
use crate::store::upsert::{self, Stored};
use crate::words::MilestoneKind;
use crate::{line, milestone, shipment};

/// Whose shipment it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Known(CustomerId),
    /// Will be created; by his name as it is compared.
    New(String),
}

/// What is stored of the customers and waybills of a chunk.
pub(super) struct Known {
    customers: BTreeMap<String, Found>,
    reached: BTreeSet<CustomerId>,
    stored: Stored,
}

impl Known {
    pub(super) async fn of(
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
        let problems = draft::problems(record, actor.today());
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

    /// What the commit does with the record.
    pub(super) fn judge(&self, actor: &Actor, record: &Record, options: &Options, seen: &mut Seen) -> Verdict {
        let verdict = self.check(actor, record, options).and_then(|who| {
            self.contradiction(record, seen)?;
            self.too_early(actor, record, seen)?;
            agree(record, &who, seen)?;
            Ok(self.compare(record, &who, seen))
        });
        verdict.unwrap_or_else(|refused| refused)
    }

    fn shipment(&self, record: &Record) -> Option<(&shipment::Model, &[milestone::Model])> {
        let shipment = self.stored.shipments.get(draft::waybill(record))?;
        Some((shipment, self.stored.milestones.get(&shipment.id).map_or(&[][..], Vec::as_slice)))
    }

    fn line(&self, record: &Record) -> Option<&line::Model> {
        let (shipment, _) = self.shipment(record)?;
        self.stored.lines.get(&(shipment.id.clone(), draft::line_number(record).to_owned()))
    }

    /// A line that is known may correct its shipment. One that is new may not: which of the two is right would depend
    /// on the order in which files come in.
    fn contradiction(&self, record: &Record, seen: &Seen) -> Result<(), Verdict> {
        let waybill = draft::waybill(record);
        let Some(known) = self.shipment(record).filter(|_| self.line(record).is_none()) else { return Ok(()) };
        match shared::against_stored(known, seen.records.get(waybill), record) {
            Some((field, stored, said)) => {
                let message = Message::new("shipment-stored_contradicts").with("waybill", waybill);
                Err(Verdict::refused(field, message.with("stored", stored).with("said", said)))
            }
            None => Ok(()),
        }
    }

    /// Of a booking that an earlier row of the file told, only what the record says itself is known here.
    fn too_early(&self, actor: &Actor, record: &Record, seen: &Seen) -> Result<(), Verdict> {
        let waybill = draft::waybill(record);
        let nobody = CustomerId(String::new());
        let empty = draft::empty_shipment(String::new(), "", waybill, &nobody, actor);
        let (shipment, milestones) = self.shipment(record).unwrap_or((&empty, &[]));
        let new_line = draft::empty_line(&shipment.id, draft::line_number(record), &nobody);
        let line = self.line(record);
        let before = line.map(|line| draft::After::stored(shipment, line, milestones));
        let told = |field| seen.records.get(waybill).is_some_and(|earlier| earlier.said(field).is_some());
        let (mut shipment, mut milestones) = (shipment.clone(), milestones.to_vec());
        if told("booked") || told("actual_booked") {
            shipment.booked_on = None;
            milestones.retain(|milestone| milestone.kind != MilestoneKind::Booked);
        }
        let after = draft::after((&shipment, line.unwrap_or(&new_line)), &milestones, record);
        match draft::delivered_too_early(before.as_ref(), &after, record) {
            Some(problem) => Err(Verdict::Refused(vec![problem])),
            None => Ok(()),
        }
    }

    /// What is stored of the record's line and what it becomes.
    pub(super) fn differences(&self, record: &Record) -> Vec<Difference> {
        let Some(((shipment, milestones), line)) = self.shipment(record).zip(self.line(record)) else {
            return Vec::new();
        };
        let after = draft::after((shipment, line), milestones, record);
        draft::told::differences((shipment, line), (&after.shipment, &after.line), milestones, record)
    }

    fn compare(&self, record: &Record, who: &Who, seen: &mut Seen) -> Verdict {
        if let Who::New(name) = who {
            *seen.new_customers.entry(name.clone()).or_default() += 1;
        }
        let Some(((shipment, milestones), line)) = self.shipment(record).zip(self.line(record)) else {
            return Verdict::New;
        };
        let after = draft::after((shipment, line), milestones, record);
        let mut fields = draft::differences((shipment, line), (&after.shipment, &after.line));
        fields.extend(steps::differences(milestones, record));
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
