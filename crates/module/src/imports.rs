//! What a module that can be imported into tells the importer.

use std::collections::BTreeMap;

use async_trait::async_trait;
use base::{Actor, Currency, Day, Error, FieldProblem, Instant, Message, Money, Permission};
use db::{Db, Tx};

use crate::seen::Seen;

/// A kind of record that files can bring in, for example `shipments`.
///
/// The importer reads, decodes and maps the file and calls `plan` with records in file order, a bounded chunk at a time.
/// What `plan` says is what the preview shows; `write` does exactly that, inside one transaction for the whole file.
#[async_trait]
pub trait ImportKind: Send + Sync {
    /// `customers`, `shipments`, `interactions`; part of URLs and of the command line.
    fn name(&self) -> &'static str;

    fn permission(&self) -> Permission;

    fn fields(&self) -> &'static [Field];

    /// The fields that name the record within the file; the same key twice with different contents is refused,
    /// with equal contents counts once. A record in which all of them are empty has no key and is always by itself.
    fn key(&self) -> &'static [&'static str];

    /// The fields by which people tell one record from another in a list of rows.
    fn named_by(&self) -> &'static [&'static str] {
        self.key()
    }

    /// Whether `Options::source` is part of the key.
    fn has_source(&self) -> bool {
        false
    }

    /// Sources that records came from before; offered where a person chooses one.
    ///
    /// # Errors
    /// When the database does not answer.
    async fn sources(&self, _db: &Db) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }

    /// The currency that figures are told in; offered for amounts of which a file names no currency.
    ///
    /// # Errors
    /// When the database does not answer.
    async fn usual_currency(&self, _db: &Db) -> Result<Option<Currency>, Error> {
        Ok(None)
    }

    /// One verdict a record, in the same order. Reads only. `seen` is new for each file and carries what the chunks
    /// before this one said: a row that contradicts an earlier one is refused wherever the file is cut.
    ///
    /// # Errors
    /// Only what stops the whole file; what is wrong with one record is its `Verdict::Refused`.
    async fn plan(
        &self,
        db: &Db,
        actor: &Actor,
        records: &[Record],
        options: &Options,
        seen: &mut Seen,
    ) -> Result<Vec<Verdict>, Error>;

    /// For records that `plan` called changed: what is stored and what it becomes, one list a record in the same order.
    /// Asked for a few records only, to show them.
    ///
    /// # Errors
    /// When the database does not answer.
    async fn differences(
        &self,
        _db: &Db,
        _actor: &Actor,
        records: &[&Record],
        _options: &Options,
    ) -> Result<Vec<Vec<Difference>>, Error> {
        Ok(vec![Vec::new(); records.len()])
    }

    /// How many of these records, which `plan` called new, are known under another source, by that source. Counts only
    /// what the actor may see.
    ///
    /// # Errors
    /// When the database does not answer.
    async fn elsewhere(
        &self,
        _db: &Db,
        _actor: &Actor,
        _records: &[&Record],
        _options: &Options,
    ) -> Result<Vec<(String, u64)>, Error> {
        Ok(Vec::new())
    }

    /// Writes the records that `plan` called new or changed. Called once a chunk, in file order, in one transaction.
    ///
    /// # Errors
    /// Any error undoes the whole file.
    async fn write(
        &self,
        tx: &Tx,
        actor: &Actor,
        records: &[(&Record, &Verdict)],
        options: &Options,
    ) -> Result<(), Error>;

    /// Called once after the last `write`, still in the transaction: events, figures.
    ///
    /// # Errors
    /// Any error undoes the whole file.
    async fn finish(&self, tx: &Tx, actor: &Actor) -> Result<(), Error>;
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Create customers that the file names and nobody knows.
    pub create_customers: bool,
    /// Where the records come from, part of a shipment's key, for example `scms` or `tms`.
    pub source: String,
}

/// What the commit will do with one record.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    New,
    /// The fields that differ from what is stored.
    Changed(Vec<String>),
    Unchanged,
    Refused(Vec<FieldProblem>),
}

/// One field of a record that is stored already. Days and numbers are plain text, closed words are the stored ones;
/// empty text is nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub field: String,
    pub before: String,
    pub after: String,
}

impl Verdict {
    pub fn refused(field: &str, message: Message) -> Self {
        Verdict::Refused(vec![FieldProblem::new(field, message)])
    }
}

/// One field that a file may fill.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field {
    /// `waybill`; its text key is `import-field-{kind}-{name}`.
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
    /// Header texts, Chinese and English, by which a mapping is proposed; compared without case, blanks and punctuation.
    pub headers: &'static [&'static str],
    /// What people write for the words of a `Choice`, each with ours; compared without case and width.
    pub also: &'static [(&'static str, &'static str)],
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    Text,
    /// A calendar day; a time of day in the cell is refused unless the field is a `Moment`.
    Day,
    /// A day, with a time of day where the cell has one (read in the firm's zone, UTC+8).
    Moment,
    Whole,
    /// A decimal number; kept as plain decimal text so that nothing is rounded.
    Decimal,
    /// An amount; its currency comes from the mapping (a constant or a column).
    Amount,
    /// One of these stored words; the mapping translates the file's words.
    Choice(&'static [&'static str]),
}

/// One row of a file after mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Line in the file as people count: the header is 1 when it stands on the first line.
    pub row: u64,
    pub values: BTreeMap<&'static str, Value>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Day(Day),
    /// The instant, and whether the cell had a time of day.
    Moment {
        at: Instant,
        has_time: bool,
    },
    Whole(i64),
    /// Plain decimal text, for example `-12.5`.
    Decimal(String),
    Amount(Money),
    /// Text in a number column that the mapping allows; the text is kept.
    Unknown(String),
}

impl Record {
    pub fn text(&self, field: &str) -> Option<&str> {
        match self.values.get(field) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub fn day(&self, field: &str) -> Option<Day> {
        match self.values.get(field) {
            Some(Value::Day(day)) => Some(*day),
            Some(Value::Moment { at, .. }) => Some(Actor::day_of(*at)),
            _ => None,
        }
    }

    /// The instant when the cell had a time of day.
    pub fn time(&self, field: &str) -> Option<Instant> {
        match self.values.get(field) {
            Some(Value::Moment { at, has_time: true }) => Some(*at),
            _ => None,
        }
    }

    pub fn whole(&self, field: &str) -> Option<i64> {
        match self.values.get(field) {
            Some(Value::Whole(number)) => Some(*number),
            _ => None,
        }
    }

    pub fn decimal(&self, field: &str) -> Option<&str> {
        match self.values.get(field) {
            Some(Value::Decimal(number)) => Some(number),
            _ => None,
        }
    }

    pub fn amount(&self, field: &str) -> Option<Money> {
        match self.values.get(field) {
            Some(Value::Amount(money)) => Some(*money),
            _ => None,
        }
    }

    /// Text that stands where a number was expected and was kept as "unknown".
    pub fn unknown(&self, field: &str) -> Option<&str> {
        match self.values.get(field) {
            Some(Value::Unknown(text)) => Some(text),
            _ => None,
        }
    }

    pub fn currency(&self, field: &str) -> Option<Currency> {
        self.amount(field).map(|money| money.currency)
    }
}
