//! Customers from files, by credit code or full name.

use std::collections::btree_map::Entry;

use async_trait::async_trait;
use base::{Actor, Error, Message, Permission};
use db::{Db, Tx};
use module::{Difference, Field, ImportKind, Options, Record, Remembered, Seen, Verdict};

use super::customer_rows::{Meaning, Step, meanings};
use super::differing::differing;
use super::headers;
use crate::service;

#[derive(Debug)]
pub struct CustomerImport;

#[async_trait]
impl ImportKind for CustomerImport {
    fn name(&self) -> &'static str {
        "customers"
    }

    fn permission(&self) -> Permission {
        crate::CREATE
    }

    fn fields(&self) -> &'static [Field] {
        headers::CUSTOMER
    }

    fn key(&self) -> &'static [&'static str] {
        &["name", "credit_code"]
    }

    fn named_by(&self) -> &'static [&'static str] {
        &["name"]
    }

    async fn differences(
        &self,
        db: &Db,
        actor: &Actor,
        records: &[&Record],
        _options: &Options,
    ) -> Result<Vec<Vec<Difference>>, Error> {
        let meanings = meanings(db.read(), actor, records).await?;
        differing(db.read(), &meanings.into_iter().map(Result::ok).collect::<Vec<_>>()).await
    }

    async fn plan(
        &self,
        db: &Db,
        actor: &Actor,
        records: &[Record],
        _options: &Options,
        seen: &mut Seen,
    ) -> Result<Vec<Verdict>, Error> {
        let meanings = meanings(db.read(), actor, &records.iter().collect::<Vec<_>>()).await?;
        let verdict = |(record, meaning): (&Record, _)| match meaning {
            Ok(meaning) => verdict(record.row, meaning, seen),
            Err(problems) => Verdict::Refused(problems),
        };
        Ok(records.iter().zip(meanings).map(verdict).collect())
    }

    async fn write(
        &self,
        tx: &Tx,
        actor: &Actor,
        records: &[(&Record, &Verdict)],
        _options: &Options,
    ) -> Result<(), Error> {
        let rows: Vec<&Record> = records.iter().map(|(record, _)| *record).collect();
        let mut new = Vec::new();
        for ((record, verdict), meaning) in records.iter().zip(meanings(tx, actor, &rows).await?) {
            match (meaning.and_then(|meaning| meaning.step).map_err(Error::Invalid)?, verdict) {
                (Step::New { draft, department }, Verdict::New) => new.push((*draft, department)),
                (Step::Change { before, draft, department, .. }, Verdict::Changed(_)) => {
                    service::write_change(tx, actor, *before, &draft, department).await?;
                }
                // Somebody wrote this customer by hand since the plan.
                _ => {
                    return Err(Error::Refused(
                        Message::new("customer-import-written_meanwhile").with("row", record.row),
                    ));
                }
            }
        }
        service::create_many(tx, actor, new).await?;
        Ok(())
    }

    async fn finish(&self, _tx: &Tx, _actor: &Actor) -> Result<(), Error> {
        Ok(())
    }
}

/// Two rows that mean the same customer cannot both be right, however far apart they stand in the file.
fn verdict(row: u64, meaning: Meaning, seen: &mut Seen) -> Verdict {
    if let Some(message) = clash(&meaning, seen) {
        return Verdict::refused("name", message);
    }
    // Also when the row is refused below: what the rows after it create must not turn its meaning into one of theirs.
    remember(row, &meaning, seen);
    let (id, verdict) = match meaning.step {
        Ok(Step::New { .. }) => {
            seen.new_customers.insert(format!("{}\n{}", meaning.name, meaning.code), row);
            return Verdict::New;
        }
        Ok(Step::Change { before, fields, .. }) => (before.customer.id, Verdict::Changed(fields)),
        Ok(Step::Nothing { id }) => (id, Verdict::Unchanged),
        Err(problems) => return Verdict::Refused(problems),
    };
    match seen.records.entry(format!("customer {id}")) {
        Entry::Occupied(other) => Verdict::refused("name", twice(other.get().row)),
        Entry::Vacant(free) => {
            free.insert(Remembered::new(row));
            verdict
        }
    }
}

/// Whether an earlier row has the same code, or the same name where not each has its code.
fn clash(meaning: &Meaning, seen: &Seen) -> Option<Message> {
    let coded = !meaning.code.is_empty();
    if let Some(other) = seen.records.get(&by_code(meaning)).filter(|_| coded) {
        return Some(twice(other.row));
    }
    let other = seen.records.get(&by_name(meaning))?;
    match (coded, other.said("credit_code").is_some()) {
        (true, true) => None,
        (false, false) => Some(twice(other.row)),
        _ => Some(Message::new("customer-import-same_name").with("row", other.row)),
    }
}

fn remember(row: u64, meaning: &Meaning, seen: &mut Seen) {
    let named = seen.records.entry(by_name(meaning)).or_insert_with(|| Remembered::new(row));
    if !meaning.code.is_empty() {
        named.keep(row, &[("credit_code", meaning.code.clone())]);
        seen.records.insert(by_code(meaning), Remembered::new(row));
    }
}

fn by_name(meaning: &Meaning) -> String {
    format!("name {}", meaning.name)
}

fn by_code(meaning: &Meaning) -> String {
    format!("code {}", meaning.code)
}

fn twice(row: u64) -> Message {
    Message::new("customer-import-twice").with("row", row)
}
