//! Interactions from files: what was said with whom before we kept the book.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use base::{Actor, Error, Message, Permission};
use db::{Db, Tx};
use module::{Difference, Field, ImportKind, Options, Record, Remembered, Seen, Verdict};

use super::headers;
use super::interaction_rows::{Known, Told, Whom, kept, named, stored};
use crate::customer::Model;
use crate::store::touches;
use crate::{interaction, rules, service};

/// An interaction is known by customer, time, kind and text.
#[derive(Debug)]
pub struct InteractionImport;

#[async_trait]
impl ImportKind for InteractionImport {
    fn name(&self) -> &'static str {
        "interactions"
    }

    fn permission(&self) -> Permission {
        crate::LOG
    }

    fn fields(&self) -> &'static [Field] {
        headers::INTERACTION
    }

    fn key(&self) -> &'static [&'static str] {
        &["customer", "happened_at", "kind", "text"]
    }

    fn named_by(&self) -> &'static [&'static str] {
        &["customer", "happened_at"]
    }

    async fn differences(
        &self,
        db: &Db,
        actor: &Actor,
        records: &[&Record],
        options: &Options,
    ) -> Result<Vec<Vec<Difference>>, Error> {
        let known = Known::load(db.read(), actor, records).await?;
        let all: Vec<_> = records.iter().map(|record| known.told(actor, record, options).ok()).collect();
        let keys: Vec<String> = all.iter().flatten().filter_map(Told::known_key).collect();
        let stored = stored(db.read(), &keys).await?;
        let pairs = records.iter().zip(&all).map(|(record, told)| {
            let told = told.as_ref()?;
            Some((*record, told, stored.get(&told.known_key()?)?))
        });
        Ok(pairs
            .map(|pair| pair.map_or_else(Vec::new, |(record, told, before)| told.differences(record, before)))
            .collect())
    }

    async fn plan(
        &self,
        db: &Db,
        actor: &Actor,
        records: &[Record],
        options: &Options,
        seen: &mut Seen,
    ) -> Result<Vec<Verdict>, Error> {
        let known = Known::load(db.read(), actor, &records.iter().collect::<Vec<_>>()).await?;
        let all: Vec<_> = records.iter().map(|record| known.told(actor, record, options)).collect();
        let keys: Vec<String> = all.iter().flatten().filter_map(Told::known_key).collect();
        let stored = stored(db.read(), &keys).await?;
        let verdict = |(record, told): (&Record, Result<Told, _>)| match told {
            Ok(told) => verdict(record, &told, &stored, actor, seen),
            Err(problems) => Verdict::Refused(problems),
        };
        Ok(records.iter().zip(all).map(verdict).collect())
    }

    async fn write(
        &self,
        tx: &Tx,
        actor: &Actor,
        records: &[(&Record, &Verdict)],
        options: &Options,
    ) -> Result<(), Error> {
        let records: Vec<&Record> = records.iter().map(|(record, _)| *record).collect();
        let mut known = Known::load(tx, actor, &records).await?;
        let mut all = Vec::new();
        for record in records {
            all.push((record, known.told(actor, record, options).map_err(Error::Invalid)?));
        }
        let new = create_unknown(tx, actor, &all).await?;
        let whose = |told: &Told| match &told.customer {
            Whom::Known(id) => Some(id.clone()),
            Whom::New(name) => new.get(name).map(|customer| customer.id.clone()),
        };
        let keys: Vec<String> = all.iter().filter_map(|(_, told)| Some(told.key(&whose(told)?))).collect();
        let mut stored = stored(tx, &keys).await?;
        let (mut rows, mut recount) = (Vec::new(), BTreeSet::new());
        for (record, told) in all {
            let customer = whose(&told).ok_or_else(|| Error::Bug("a customer was not created".into()))?;
            match stored.remove(&told.key(&customer)) {
                Some(before) => {
                    touches::save(tx, &told.over(record, &before).0).await?;
                    recount.insert(customer);
                }
                None => rows.push(told.row(actor, &customer)),
            }
        }
        known.customers.extend(new.into_values().map(|customer| (customer.id.clone(), customer)));
        service::log_many(tx, actor, &known.customers, &rows).await?;
        for id in recount {
            if let Some(customer) = known.customers.remove(&id) {
                service::recount_contact(tx, customer).await?;
            }
        }
        Ok(())
    }

    async fn finish(&self, _tx: &Tx, _actor: &Actor) -> Result<(), Error> {
        Ok(())
    }
}

/// The same told again, under another name of the customer or another word for its kind, counts once; told otherwise
/// it is refused, however far apart the rows stand in the file.
fn verdict(
    record: &Record,
    told: &Told,
    stored: &BTreeMap<String, interaction::Model>,
    actor: &Actor,
    seen: &mut Seen,
) -> Verdict {
    let whose = match &told.customer {
        Whom::Known(id) => id,
        Whom::New(name) => {
            seen.new_customers.entry(name.clone()).or_insert(record.row);
            name
        }
    };
    let key = told.key(whose);
    if let Some(earlier) = seen.records.get(&key) {
        let row = told.clone().row(actor, whose);
        let mut said = kept(&row).into_iter().filter(|(field, _)| record.values.contains_key(field));
        let other = said.find_map(|(field, value)| Some((field, earlier.contradicts(field, &value)?)));
        return other.map_or(Verdict::Unchanged, |(field, row)| {
            Verdict::refused(field, Message::new("interaction-import-told_twice").with("row", row))
        });
    }
    let (row, verdict) = match stored.get(&key).map(|before| told.over(record, before)) {
        None => (told.clone().row(actor, whose), Verdict::New),
        Some((row, fields)) if fields.is_empty() => (row, Verdict::Unchanged),
        Some((row, fields)) => (row, Verdict::Changed(fields)),
    };
    let mut remembered = Remembered::new(record.row);
    remembered.keep(record.row, &kept(&row));
    seen.records.insert(key, remembered);
    verdict
}

/// By `rules::name_key`.
async fn create_unknown(tx: &Tx, actor: &Actor, all: &[(&Record, Told)]) -> Result<BTreeMap<String, Model>, Error> {
    let mut drafts = BTreeMap::new();
    for (record, told) in all {
        if let Whom::New(key) = &told.customer
            && !drafts.contains_key(key)
        {
            drafts.insert(key.clone(), named(actor, record.text("customer").unwrap_or_default())?);
        }
    }
    let created = service::create_many(tx, actor, drafts.into_values().collect()).await?;
    Ok(created.into_iter().map(|customer| (rules::name_key(&customer.name), customer)).collect())
}
