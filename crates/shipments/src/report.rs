//! Who is served on time: the figures of `on_time`, added up by the database.

use std::collections::BTreeMap;

use base::{Actor, Cursor, CustomerId, Day, Error, Instant, Page, PageSize};
use db::Db;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::filter::Filter;
use crate::on_time::{By, Clock, Grain, Report, Row, SEVERAL, row};
use crate::store::report::{Counted, Groups, behind, counts, overdue_count};
use crate::store::{self, names_of};

/// Most cells that one page of the table shows.
const MOST_CELLS: u64 = 500;

/// Which of the lines behind a figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = OnTimeOnly)]
#[serde(rename_all = "snake_case")]
pub enum Only {
    #[default]
    All,
    OnTime,
    Late,
    /// Those that cannot be judged.
    Undated,
    /// Promised before today and not delivered yet: no figure counts it.
    Overdue,
}

/// One customer on one lane by one mode in one month.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = OnTimeCell)]
pub struct Cell {
    #[schema(value_type = String)]
    pub customer: CustomerId,
    pub name: String,
    pub origin: String,
    pub destination: String,
    /// A word of `Mode`, empty when nobody said it.
    pub mode: String,
    /// Empty when nothing was promised.
    pub month: String,
    /// `None` when nothing of it can be judged.
    pub figure: Option<Row>,
    pub undated: u64,
}

/// A month of a customer beside all customers together.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = OnTimeTrendPoint)]
pub struct TrendPoint {
    pub month: String,
    pub own: Row,
    pub all: Everybody,
}

/// How all customers together are served.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = OnTimeEverybody)]
pub struct Everybody {
    /// To the whole percent for whoever does not see everything, so that nothing can be worked back to counts.
    pub rate: f64,
    /// Counts and interval; only for those who see all shipments.
    pub counted: Option<Row>,
    /// For adding months up; it never goes out.
    #[serde(skip)]
    pub(crate) whole: Row,
}

impl Everybody {
    fn of(whole: Row, sees_all: bool) -> Self {
        Self { rate: told(whole.rate, sees_all), counted: Some(whole.clone()).filter(|_| sees_all), whole }
    }

    /// A rate of all customers as the reader of this one may know it.
    pub(crate) fn rate_like_this(&self, rate: f64) -> f64 {
        told(rate, self.counted.is_some())
    }
}

fn told(rate: f64, sees_all: bool) -> f64 {
    if sees_all { rate } else { (rate * 100.0).round() / 100.0 }
}

/// A line behind a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = OnTimeLine)]
pub struct Behind {
    pub shipment: String,
    pub waybill: String,
    pub line: String,
    #[schema(value_type = String)]
    pub customer: CustomerId,
    pub customer_name: String,
    pub origin: String,
    pub destination: String,
    pub mode: String,
    #[schema(value_type = Option<String>, format = Date)]
    pub promised_on: Option<Day>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub promised_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = Date)]
    pub delivered_on: Option<Day>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub delivered_at: Option<Instant>,
    /// `None`: cannot be judged.
    pub on_time: Option<bool>,
}

/// The report on what the actor may see. By customer, the key is his name and the row knows his id.
///
/// # Errors
/// `Forbidden` without the permission.
pub async fn report_on_time(
    db: &Db,
    actor: &Actor,
    by: impl Into<Option<By>>,
    grain: Grain,
    clock: Clock,
    filter: &Filter,
) -> Result<Report, Error> {
    actor.require(crate::VIEW)?;
    let by = by.into();
    let wanted: Vec<By> = by.into_iter().collect();
    let found = counts(db.read(), Some(actor), filter, Groups { by: &wanted, grain, clock, most: None }).await?;
    let (mut on_time, mut total, mut undated) = (0, 0, 0);
    for group in &found {
        on_time += group.on_time;
        total += group.total;
        undated += group.undated;
    }
    let mut rows: Vec<Row> = match by {
        Some(By::Customer) => by_customer(db, found).await?,
        Some(by) => found.iter().filter_map(|group| group.row(&group.key(by))).collect(),
        None => Vec::new(),
    };
    rows.sort_by(|one, other| (&one.key, &one.customer).cmp(&(&other.key, &other.customer)));
    Ok(Report { all: row("all", on_time, total), rows, undated })
}

async fn by_customer(db: &Db, found: Vec<Counted>) -> Result<Vec<Row>, Error> {
    let names = names_of(db.read(), found.iter().map(Counted::customer)).await?;
    let named = |group: &Counted| {
        let id = group.customer();
        let name = names.get(&id).map_or(id.as_str(), String::as_str);
        Some(Row { customer: Some(id.clone()).filter(|id| id.as_str() != SEVERAL), ..group.row(name)? })
    };
    Ok(found.iter().filter_map(named).collect())
}

impl Counted {
    fn row(&self, key: &str) -> Option<Row> {
        row(key, self.on_time, self.total)
    }

    fn customer(&self) -> CustomerId {
        CustomerId(self.keys.first().cloned().unwrap_or_default())
    }

    /// Of the only dimension that was asked for.
    fn key(&self, by: By) -> String {
        match (by, self.keys.as_slice()) {
            (By::Lane, [origin, destination]) if origin == SEVERAL && destination.is_empty() => SEVERAL.into(),
            (By::Lane, [origin, destination]) => format!("{origin} → {destination}"),
            (_, keys) => keys.first().cloned().unwrap_or_default(),
        }
    }
}

/// The figures by customer × lane × mode × month, at most 500 of them: those with the most late ones first.
///
/// # Errors
/// `Forbidden` without the permission.
pub async fn cells(db: &Db, actor: &Actor, grain: Grain, clock: Clock, filter: &Filter) -> Result<Vec<Cell>, Error> {
    actor.require(crate::VIEW)?;
    let by = [By::Customer, By::Lane, By::Mode, By::Month];
    let found =
        counts(db.read(), Some(actor), filter, Groups { by: &by, grain, clock, most: Some(MOST_CELLS) }).await?;
    let names = names_of(db.read(), found.iter().map(Counted::customer)).await?;
    let cell = |group: Counted| {
        let (customer, figure, undated) = (group.customer(), group.row(""), group.undated);
        let mut keys = group.keys.into_iter().skip(1);
        let mut next = || keys.next().unwrap_or_default();
        Cell {
            name: names.get(&customer).cloned().unwrap_or_default(),
            customer,
            origin: next(),
            destination: next(),
            mode: next(),
            month: next(),
            figure,
            undated,
        }
    };
    Ok(found.into_iter().map(cell).collect())
}

/// The last months in which something of the customer can be judged, oldest first, each beside all customers of the
/// firm together. What all together reach is no secret to anybody who may see shipments; how many shipments the firm has
/// is known to those who see them all.
///
/// # Errors
/// `Forbidden` without the permission, `NotFound` when the customer is out of the actor's scope.
pub async fn trend(
    db: &Db,
    actor: &Actor,
    customer: &CustomerId,
    grain: Grain,
    clock: Clock,
    months: usize,
) -> Result<Vec<TrendPoint>, Error> {
    actor.require(crate::VIEW)?;
    customers::store::get(db.read(), actor, crate::VIEW, customer).await?;
    let groups = Groups { by: &[By::Month], grain, clock, most: None };
    let filter = Filter { customer: Some(customer.clone()), ..Filter::default() };
    let mut own = by_month(counts(db.read(), Some(actor), &filter, groups).await?);
    while own.len() > months {
        own.pop_first();
    }
    let (Some((from, _)), Some((to, _))) = (own.first_key_value(), own.last_key_value()) else {
        return Ok(Vec::new());
    };
    let filter = Filter { from_month: Some(from.clone()), to_month: Some(to.clone()), ..Filter::default() };
    let mut all = by_month(counts(db.read(), None, &filter, groups).await?);
    let sees_all = store::customers_seen_by(actor).is_none();
    let beside = |(month, own): (String, Row)| {
        Some(TrendPoint { all: Everybody::of(all.remove(&month)?, sees_all), own, month })
    };
    Ok(own.into_iter().filter_map(beside).collect())
}

/// Shipments whose lines were promised for several months belong to none.
fn by_month(found: Vec<Counted>) -> BTreeMap<String, Row> {
    let of_month = |group: Counted| {
        let key = group.key(By::Month);
        Some((key.clone(), group.row(&key)?)).filter(|_| key != SEVERAL)
    };
    found.into_iter().filter_map(of_month).collect()
}

/// The lines behind a figure.
///
/// # Errors
/// `Forbidden` without the permission.
pub async fn lines_behind(
    db: &Db,
    actor: &Actor,
    filter: &Filter,
    only: Only,
    clock: Clock,
    page: (Option<&Cursor>, PageSize),
) -> Result<Page<Behind>, Error> {
    actor.require(crate::VIEW)?;
    let page = behind(db.read(), actor, filter, only, clock, page).await?;
    let ids = page.rows.iter().map(|line| line.shipment_id.clone()).collect();
    let mut waybills = store::waybills_of(db.read(), ids).await?;
    let names = names_of(db.read(), page.rows.iter().map(|line| line.customer_id.clone())).await?;
    Ok(page.map(|line| Behind {
        customer_name: names.get(&line.customer_id).cloned().unwrap_or_default(),
        waybill: waybills.entry(line.shipment_id.clone()).or_default().clone(),
        on_time: match clock {
            Clock::Day => line.on_time_by_day,
            Clock::Timestamp => line.on_time_by_timestamp,
        }
        .map(|verdict| verdict == 1),
        shipment: line.shipment_id,
        line: line.line,
        customer: line.customer_id,
        origin: line.origin,
        destination: line.destination,
        mode: line.mode,
        promised_on: line.promised_on,
        promised_at: line.promised_at,
        delivered_on: line.delivered_on,
        delivered_at: line.delivered_at,
    }))
}

/// How many lines were promised before today and have not been delivered.
///
/// # Errors
/// `Forbidden` without the permission.
pub async fn overdue(db: &Db, actor: &Actor, filter: &Filter) -> Result<i64, Error> {
    actor.require(crate::VIEW)?;
    overdue_count(db.read(), actor, filter).await
}
