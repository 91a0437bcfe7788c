//! What one plan comes to: counts, the first problems and changes, what is worth a warning, the file of refused rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::{Actor, Error, FieldProblem, Message};
use db::Db;
use module::{Difference, Record, Verdict};

use crate::cell::Row;
use crate::engine::Work;
use crate::folder::unwritable;
use crate::kept::Keeper;
use crate::outcome::{CHANGES_SHOWN, Change, Outcome, PROBLEMS_SHOWN, Problem};
use crate::spool::{Found, Item, Spool};

/// New records that are looked for under other sources.
const LOOKED_FOR: u64 = 20_000;
/// So many of them under another source are worth a warning, or this share, per cent.
const NOTICEABLE: u64 = 100;
const NOTICEABLE_SHARE: u64 = 5;

pub(crate) struct Tally {
    outcome: Outcome,
    spool: Arc<Spool>,
    named_by: &'static [&'static str],
    keeper: Option<Keeper>,
    /// New records that were looked for under other sources, and how many are known there.
    looked_for: u64,
    elsewhere: BTreeMap<String, u64>,
}

impl Tally {
    pub fn new(spool: &Arc<Spool>, work: &Work<'_>) -> Self {
        let keeper = work.refused.map(|path| Keeper::new(path, work.kind.name(), &spool.header.columns));
        let notices = spool.bound.absent().iter().map(|absent| {
            let message = Message::new("import-column_absent").with("field", absent.field);
            message.with("column", &absent.column).into()
        });
        let outcome = Outcome { notices: notices.collect(), ..Outcome::default() };
        let (looked_for, elsewhere) = (0, BTreeMap::new());
        Self { outcome, spool: spool.clone(), named_by: work.kind.named_by(), keeper, looked_for, elsewhere }
    }

    /// # Errors
    /// When the disk is full or the database does not answer.
    pub async fn add(
        &mut self,
        db: &Db,
        actor: &Actor,
        work: &Work<'_>,
        (items, records, verdicts): (&[Item], &[Record], &[Verdict]),
    ) -> Result<(), Error> {
        let mut shown = self.differences(db, actor, work, records, verdicts).await?.into_iter();
        self.look_elsewhere(db, actor, work, records, verdicts).await?;
        let mut verdicts = verdicts.iter();
        for item in items {
            match &item.found {
                Found::Repeated => self.outcome.counts.repeated += 1,
                Found::Refused(problems) => self.refuse(&item.row, problems)?,
                Found::Record(_) => match verdicts.next() {
                    Some(Verdict::New) => self.outcome.counts.new += 1,
                    Some(Verdict::Changed(fields)) => self.change(&item.row, fields, shown.next()),
                    Some(Verdict::Refused(problems)) => self.refuse(&item.row, problems)?,
                    Some(Verdict::Unchanged) | None => self.outcome.counts.unchanged += 1,
                },
            }
        }
        Ok(())
    }

    /// Of the first changed records, as long as there is room for them.
    async fn differences(
        &self,
        db: &Db,
        actor: &Actor,
        work: &Work<'_>,
        records: &[Record],
        verdicts: &[Verdict],
    ) -> Result<Vec<Vec<Difference>>, Error> {
        let changed = records.iter().zip(verdicts).filter(|(_, verdict)| matches!(verdict, Verdict::Changed(_)));
        let room = CHANGES_SHOWN - self.outcome.changes.len();
        let records: Vec<&Record> = changed.map(|(record, _)| record).take(room).collect();
        match records.is_empty() {
            true => Ok(Vec::new()),
            false => work.kind.differences(db, actor, &records, work.options).await,
        }
    }

    async fn look_elsewhere(
        &mut self,
        db: &Db,
        actor: &Actor,
        work: &Work<'_>,
        records: &[Record],
        verdicts: &[Verdict],
    ) -> Result<(), Error> {
        let new = records.iter().zip(verdicts).filter(|(_, verdict)| matches!(verdict, Verdict::New));
        let new: Vec<&Record> = new.map(|(record, _)| record).collect();
        if !work.kind.has_source() || new.is_empty() || self.looked_for >= LOOKED_FOR {
            return Ok(());
        }
        self.looked_for += new.len() as u64;
        for (source, count) in work.kind.elsewhere(db, actor, &new, work.options).await? {
            *self.elsewhere.entry(source).or_default() += count;
        }
        Ok(())
    }

    fn change(&mut self, row: &Row, fields: &[String], values: Option<Vec<Difference>>) {
        self.outcome.counts.changed += 1;
        if self.outcome.changes.len() < CHANGES_SHOWN {
            let values = values.into_iter().flatten().map(Into::into).collect();
            let change = Change { row: row.number, key: self.key_of(row), fields: fields.to_vec(), values };
            self.outcome.changes.push(change);
        }
    }

    fn refuse(&mut self, row: &Row, problems: &[FieldProblem]) -> Result<(), Error> {
        self.outcome.counts.refused += 1;
        let room = PROBLEMS_SHOWN - self.outcome.problems.len();
        if room == 0 && self.keeper.is_none() {
            return Ok(());
        }
        let (key, bound) = (self.key_of(row), &self.spool.bound);
        let problem = |problem: &FieldProblem| Problem {
            row: row.number,
            key: key.clone(),
            column: bound.header_of(&problem.field).to_owned(),
            value: bound.text_of(row, &problem.field),
            field: problem.field.clone(),
            sentence: problem.message.clone().into(),
        };
        let told: Vec<Problem> = problems.iter().map(problem).collect();
        if let Some(keeper) = &mut self.keeper {
            keeper.keep(row, &told).map_err(|error| unwritable(&error))?;
        }
        self.outcome.problems.extend(told.into_iter().take(room));
        Ok(())
    }

    fn key_of(&self, row: &Row) -> Vec<String> {
        let texts = self.named_by.iter().map(|field| self.spool.bound.text_of(row, field));
        texts.filter(|text| !text.is_empty()).collect()
    }

    /// # Errors
    /// When the disk is full, or when rows were lost.
    pub fn finish(mut self, work: &Work<'_>, done: u64, new_customers: u64) -> Result<Outcome, Error> {
        if let Some(keeper) = self.keeper {
            keeper.finish().map_err(|error| unwritable(&error))?;
        }
        let noticeable =
            |count: u64| count >= NOTICEABLE || count.saturating_mul(100) >= self.looked_for * NOTICEABLE_SHARE;
        for (source, count) in self.elsewhere.iter().filter(|(_, count)| noticeable(**count)) {
            let message = Message::new("import-known_elsewhere").with("count", count).with("source", source);
            let message = message.with("checked", self.looked_for).with("own", &work.options.source);
            self.outcome.warnings.push(message.into());
        }
        self.outcome.counts.new_customers = new_customers;
        match done == self.spool.lines && self.outcome.counts.rows() == done {
            true => Ok(self.outcome),
            false => Err(Error::Bug("rows of the spool were lost".into())),
        }
    }
}
