//! The report, told once: its tables in order. Page, paper and workbook show the same cells.

use base::{Actor, CustomerId, Error, Language};
use complaints::complaint;
use db::Db;
use exceptions::store::figures;
use sea_orm::ConnectionTrait;
use shipments::{By, Clock, Filter, Grain, Row, report_on_time};
use texts::{Texts, format};

use crate::month::Month;
use crate::{ServiceReports, store};

/// Rows of one table that fit the paper; how many more there are is told below it.
const LANES: usize = 10;
const INCIDENTS: usize = 12;
const COMPLAINTS: usize = 12;
const CORRECTIONS: usize = 8;
/// Characters of an improvement.
const IMPROVEMENT: usize = 80;

/// A table of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Keys of title, columns and what is said when nothing stands in it.
    pub title: &'static str,
    pub columns: &'static [&'static str],
    pub empty: &'static str,
    pub rows: Vec<Vec<String>>,
    /// Rows that found no place.
    pub more: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthlyReport {
    pub customer: String,
    pub month: Month,
    /// When it was made: figures of a month still move afterwards.
    pub made_at: String,
    pub made_by: String,
    pub tables: Vec<Table>,
}

/// Who reads, in which words, about whom and when.
struct Asked<'a> {
    db: &'a Db,
    actor: &'a Actor,
    texts: &'a Texts,
    language: Language,
    customer: &'a CustomerId,
    month: Month,
}

impl ServiceReports {
    /// # Errors
    /// `NotFound` for a customer whose complaints are out of the actor's reach.
    pub async fn report(
        &self,
        actor: &Actor,
        (texts, language): (&Texts, Language),
        customer: &CustomerId,
        month: Month,
    ) -> Result<MonthlyReport, Error> {
        actor.require(complaints::VIEW)?;
        let record = customers::store::get(self.db.read(), actor, complaints::VIEW, customer).await?;
        let asked = Asked { db: &self.db, actor, texts, language, customer, month };
        let (mut facts, mut tables) = (Vec::new(), Vec::new());
        if actor.has(shipments::VIEW) {
            tables.push(asked.punctuality(&mut facts).await?);
        }
        if actor.has(exceptions::VIEW) {
            tables.push(asked.incidents(&mut facts).await?);
        }
        tables.push(asked.complaints(&mut facts).await?);
        tables.push(asked.corrections(&mut facts).await?);
        let overview = Table {
            title: "service_report-overview",
            columns: &["service_report-figure", "service_report-value"],
            empty: "service_report-nothing",
            rows: facts,
            more: 0,
        };
        tables.insert(0, overview);
        Ok(MonthlyReport {
            customer: record.name,
            month,
            made_at: format::time(actor.now),
            made_by: actor.name.clone(),
            tables,
        })
    }
}

impl Asked<'_> {
    fn t(&self, key: &str) -> String {
        self.texts.get(self.language, key)
    }

    fn fact(&self, facts: &mut Vec<Vec<String>>, key: &str, value: impl ToString) {
        facts.push(vec![self.t(key), value.to_string()]);
    }

    /// By lane, as both clocks of the program tell it.
    async fn punctuality(&self, facts: &mut Vec<Vec<String>>) -> Result<Table, Error> {
        let filter =
            Filter { customer: Some(self.customer.clone()), month: Some(self.month.code()), ..Filter::default() };
        let of = async |by: Option<By>, clock| {
            report_on_time(self.db, self.actor, by, Grain::Shipment, clock, &filter).await
        };
        let (day, second) = (of(Some(By::Lane), Clock::Day).await?, of(Some(By::Lane), Clock::Timestamp).await?);
        let judged = day.all.as_ref().map_or(0, |all| all.total);
        self.fact(facts, "service_report-shipments", judged + day.undated);
        self.fact(facts, "service_report-on_time_day", day.all.as_ref().map(share_of).unwrap_or_default());
        self.fact(facts, "service_report-on_time_second", second.all.as_ref().map(share_of).unwrap_or_default());
        let rows = day.rows.iter().map(|row| {
            let exact = second.rows.iter().find(|other| other.key == row.key);
            vec![row.key.clone(), row.total.to_string(), share_of(row), exact.map(share_of).unwrap_or_default()]
        });
        Ok(table(
            "service_report-lanes",
            &[
                "service_report-lane",
                "service_report-shipments",
                "service_report-on_time_day",
                "service_report-on_time_second",
            ],
            "service_report-no_lanes",
            rows.collect(),
            LANES,
        ))
    }

    /// Damage, loss and the like; how often he was told first is among the figures.
    async fn incidents(&self, facts: &mut Vec<Vec<String>>) -> Result<Table, Error> {
        let db = self.db.read();
        let all = store::exceptions_of(db, self.actor, self.customer, self.month).await?;
        let harm: Vec<_> = all.iter().filter(|one| store::is_harm(one.kind)).collect();
        self.fact(facts, "service_report-exceptions", all.len());
        self.fact(facts, "service_report-harm", harm.len());
        let code = self.month.code();
        let months = (code.as_str(), code.as_str());
        let told = figures::told_first(db, self.actor, figures::By::Month, months, Some(self.customer)).await?;
        let told = told.first().map(|row| share(row.told_first, row.due)).unwrap_or_default();
        self.fact(facts, "service_report-told_first", told);
        let shown: Vec<_> = harm.iter().take(INCIDENTS).collect();
        let waybills = store::waybills(db, shown.iter().map(|one| one.shipment_id.clone())).await?;
        let more = harm.len() - shown.len();
        let rows = shown.into_iter().map(|one| {
            vec![
                format::time(one.happened_at),
                waybills.get(&one.shipment_id).cloned().unwrap_or_default(),
                lane(&one.origin, &one.destination),
                self.t(one.kind.key()),
                one.told_at.map(format::time).unwrap_or_default(),
                self.t(one.status.key()),
            ]
        });
        let columns = &[
            "service_report-when",
            "service_report-waybill",
            "service_report-lane",
            "service_report-kind",
            "service_report-told_at",
            "service_report-status",
        ];
        let made = table("service_report-incidents", columns, "service_report-no_incidents", rows.collect(), INCIDENTS);
        Ok(Table { more, ..made })
    }

    async fn complaints(&self, facts: &mut Vec<Vec<String>>) -> Result<Table, Error> {
        let all = store::complaints_of(self.db.read(), self.actor, self.customer, self.month).await?;
        let responded = all.iter().filter(|one| in_time(one) == Some(true)).count();
        let closed = all.iter().filter(|one| one.closed_at.is_some()).count();
        self.fact(facts, "service_report-received", all.len());
        if !all.is_empty() {
            self.fact(facts, "service_report-responded", share(count(responded), count(all.len())));
            self.fact(facts, "service_report-closed", share(count(closed), count(all.len())));
        }
        let rows = all.iter().map(|one| {
            let verdict = match in_time(one) {
                Some(true) => self.t("service_report-in_time"),
                Some(false) => self.t("service_report-too_late"),
                None => String::new(),
            };
            let response = [one.responded_at.map(format::time).unwrap_or_default(), verdict];
            vec![
                one.number.clone(),
                format::time(one.received_at),
                self.t(one.category.key()),
                response.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
                one.closed_at.map(format::time).unwrap_or_default(),
                self.t(one.status.key()),
            ]
        });
        let columns = &[
            "service_report-number",
            "service_report-when",
            "service_report-category",
            "service_report-response",
            "service_report-closing",
            "service_report-status",
        ];
        let rows = rows.collect();
        Ok(table("service_report-complaints", columns, "service_report-no_complaints", rows, COMPLAINTS))
    }

    async fn corrections(&self, facts: &mut Vec<Vec<String>>) -> Result<Table, Error> {
        let db = self.db.read();
        let all = store::corrections_of(db, self.actor, self.customer, self.month.bounds()).await?;
        let verified = all.iter().filter(|one| one.correction_verified_at.is_some()).count();
        if !all.is_empty() {
            self.fact(facts, "service_report-improved", share(count(verified), count(all.len())));
        }
        let rows = all.iter().map(|one| {
            let state = match (one.correction_done_at, one.correction_verified_at) {
                (_, Some(_)) => "service_report-verified",
                (Some(_), None) => "service_report-done",
                (None, None) => "service_report-planned",
            };
            vec![
                one.number.clone(),
                one.cause.map(|cause| self.t(cause.key())).unwrap_or_default(),
                short(&one.correction),
                one.correction_due.map(format::day).unwrap_or_default(),
                self.t(state),
            ]
        });
        let columns = &[
            "service_report-number",
            "service_report-cause",
            "service_report-improvement",
            "service_report-until",
            "service_report-status",
        ];
        let rows = rows.collect();
        Ok(table("service_report-corrections", columns, "service_report-no_corrections", rows, CORRECTIONS))
    }
}

fn table(
    title: &'static str,
    columns: &'static [&'static str],
    empty: &'static str,
    mut rows: Vec<Vec<String>>,
    most: usize,
) -> Table {
    let more = rows.len().saturating_sub(most);
    rows.truncate(most);
    Table { title, columns, empty, rows, more }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Whether the first response came when it was due; `None` while it is neither there nor overdue.
fn in_time(complaint: &complaint::Model) -> Option<bool> {
    let (responded, due) = (complaint.responded_at?, complaint.response_due?);
    Some(responded <= due)
}

fn share_of(row: &Row) -> String {
    share(i64::try_from(row.on_time).unwrap_or(i64::MAX), i64::try_from(row.total).unwrap_or(i64::MAX))
}

/// `85.0 % (17/20)`; empty of nothing.
fn share(part: i64, whole: i64) -> String {
    if whole == 0 {
        return String::new();
    }
    #[expect(clippy::cast_precision_loss, reason = "fewer than 2^52")]
    let fraction = part as f64 / whole as f64;
    format!("{} ({part}/{whole})", format::percent(fraction))
}

fn lane(origin: &str, destination: &str) -> String {
    if origin.is_empty() && destination.is_empty() { String::new() } else { format!("{origin} → {destination}") }
}

/// An improvement in one line.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(IMPROVEMENT) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

/// Whether the actor may read the report of this customer.
pub(crate) async fn reaches(db: &impl ConnectionTrait, actor: &Actor, customer: &CustomerId) -> Result<bool, Error> {
    complaints::store::reaches(db, actor, customer).await
}
