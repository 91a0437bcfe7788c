//! Counts of what came on time, added up by the database.

use base::{Actor, Cursor, Error, Page, PageSize};
use db::{dialect, packed};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Asterisk, CaseStatement, Func, Order, Query, SelectStatement, SimpleExpr};
use sea_orm::{Condition, ConnectionTrait, ExprTrait, QueryOrder, QueryResult, QuerySelect};
use serde::Deserialize;

use crate::filter::Filter;
use crate::line::{self, Column};
use crate::on_time::{By, Clock, Grain, SEVERAL};
use crate::report::Only;

/// One group: its keys in the order that was asked for (a lane is two of them), and its counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub keys: Vec<String>,
    pub on_time: u64,
    pub total: u64,
    pub undated: u64,
}

/// Which groups, and how many of them: all, or those with the most late ones.
#[derive(Clone, Copy, Debug)]
pub struct Groups<'a> {
    pub by: &'a [By],
    pub grain: Grain,
    pub clock: Clock,
    pub most: Option<u64>,
}

fn columns(by: By) -> &'static [Column] {
    match by {
        By::Mode => &[Column::Mode],
        By::Customer => &[Column::CustomerId],
        By::Lane => &[Column::Origin, Column::Destination],
        By::Month => &[Column::Month],
    }
}

fn verdict(clock: Clock) -> Column {
    match clock {
        Clock::Day => Column::OnTimeByDay,
        Clock::Timestamp => Column::OnTimeByTimestamp,
    }
}

/// Lines that the filter describes, among those that the actor may see; `None`: whoever may see them.
fn lines_within(actor: Option<&Actor>, filter: &Filter) -> Condition {
    let lines = super::lines_that(filter);
    match actor.and_then(super::customers_seen_by) {
        Some(seen) => lines.add(Column::CustomerId.in_subquery(seen)),
        None => lines,
    }
}

/// # Errors
/// When the database does not answer.
pub async fn counts(
    db: &impl ConnectionTrait,
    actor: Option<&Actor>,
    filter: &Filter,
    groups: Groups<'_>,
) -> Result<Vec<Counted>, Error> {
    let lines = lines_within(actor, filter);
    let some = filter.customer.is_some() || actor.is_some_and(|actor| super::customers_seen_by(actor).is_some());
    let keys = groups.by.iter().map(|by| columns(*by).len()).sum();
    let Some(most) = groups.most else {
        return all(db, groups, grouped(db, groups, lines, some).0).await;
    };
    // Those with the most late ones: millions of groups without any need not be put in order.
    let (mut late, [on_time, judged, _]) = grouped(db, groups, lines.clone(), some);
    late.and_having(judged.gt(on_time)).limit(most);
    let found = asked(db, &late, keys).await?;
    match (found.len() as u64) < most {
        true => asked(db, grouped(db, groups, lines, some).0.limit(most), keys).await,
        false => Ok(found),
    }
}

/// What is counted of each group: on time, judged, every one.
type Sums = [SimpleExpr; 3];

/// `some`: only of some customers.
fn grouped(db: &impl ConnectionTrait, groups: Groups<'_>, lines: Condition, some: bool) -> (SelectStatement, Sums) {
    let (mut query, sums) = match groups.grain {
        Grain::Line => by_line(db, groups, lines, some),
        Grain::Shipment => by_shipment(db, groups, lines),
    };
    let [on_time, judged, _] = sums.clone();
    for (sum, name) in sums.clone().into_iter().zip(SUMS) {
        query.expr_as(sum, name);
    }
    if groups.most.is_some() {
        query.order_by_expr(judged.clone().sub(on_time), Order::Desc).order_by_expr(judged, Order::Desc);
        let keys = groups.by.iter().map(|by| columns(*by).len()).sum::<usize>();
        for place in 1..=keys {
            query.order_by_expr(Expr::cust(place.to_string()), Order::Asc);
        }
    }
    (query, sums)
}

/// Every group at once: there may be one for each customer.
async fn all(db: &impl ConnectionTrait, groups: Groups<'_>, query: SelectStatement) -> Result<Vec<Counted>, Error> {
    let keys = groups.by.iter().flat_map(|by| columns(*by)).enumerate();
    let name = |(at, column): (usize, &'static Column)| match groups.grain {
        Grain::Line => column.as_str(),
        Grain::Shipment => KEYS.get(at).copied().unwrap_or_default(),
    };
    let names: Vec<&'static str> = keys.map(name).chain(SUMS).collect();
    let rows: Vec<Vec<KeyOrSum>> = packed::rows(db, query, &names).await?;
    Ok(rows.into_iter().map(unpacked).collect())
}

#[derive(Deserialize)]
#[serde(untagged)]
enum KeyOrSum {
    Sum(u64),
    Key(String),
}

fn unpacked(row: Vec<KeyOrSum>) -> Counted {
    let (mut keys, mut sums) = (Vec::new(), Vec::new());
    for one in row {
        match one {
            KeyOrSum::Key(key) => keys.push(key),
            KeyOrSum::Sum(sum) => sums.push(sum),
        }
    }
    let sum = |at: usize| sums.get(at).copied().unwrap_or(0);
    Counted { keys, on_time: sum(0), total: sum(1), undated: sum(2).saturating_sub(sum(1)) }
}

async fn asked(db: &impl ConnectionTrait, query: &SelectStatement, keys: usize) -> Result<Vec<Counted>, Error> {
    let rows = db.query_all(query).await?;
    rows.iter().map(|row| counted(row, keys)).collect()
}

fn counted(row: &QueryResult, keys: usize) -> Result<Counted, Error> {
    let number = |at| -> Result<u64, Error> { Ok(u64::try_from(row.try_get_by_index::<i64>(at)?).unwrap_or(0)) };
    let (on_time, total, all) = (number(keys)?, number(keys + 1)?, number(keys + 2)?);
    let keys = (0..keys).map(|at| row.try_get_by_index(at)).collect::<Result<_, _>>()?;
    Ok(Counted { keys, on_time, total, undated: all - total })
}

/// The columns of the index that holds all that is counted, in its order; a second one begins with the customer.
const OF_INDEX: [Column; 5] = [Column::CustomerId, Column::Month, Column::Mode, Column::Origin, Column::Destination];

/// Counted first by what an index is sorted by, which needs no sorting of millions of lines, then by what was asked for.
fn by_line(db: &impl ConnectionTrait, groups: Groups<'_>, lines: Condition, some: bool) -> (SelectStatement, Sums) {
    let verdict = verdict(groups.clock);
    let keys: Vec<Column> = groups.by.iter().flat_map(|by| columns(*by)).copied().collect();
    let sums = [dialect::sum_of(db, verdict.as_str()), Expr::col(verdict).count(), Expr::col(Asterisk).count()];
    let by = |of: &[Column]| {
        let mut query = Query::select();
        for column in of {
            query.column(*column).group_by_col(*column);
        }
        query
    };
    if groups.by.contains(&By::Customer) {
        return (by(&keys).from(line::Entity).cond_where(lines).to_owned(), sums);
    }
    let mut parts = by(if some { &OF_INDEX } else { &OF_INDEX[1..] });
    parts.from(line::Entity).cond_where(lines);
    for (sum, name) in sums.into_iter().zip([ON_TIME, JUDGED, EVERY]) {
        parts.expr_as(sum, name);
    }
    (by(&keys).from_subquery(parts, "parts").to_owned(), sums_of_parts(db))
}

fn sums_of_parts(db: &impl ConnectionTrait) -> Sums {
    [ON_TIME, JUDGED, EVERY].map(|name| dialect::sum_of(db, name))
}

/// The same over whole shipments. One late line makes a shipment late; otherwise one that cannot be judged leaves it
/// undated. What differs within a shipment is `SEVERAL`.
fn by_shipment(db: &impl ConnectionTrait, groups: Groups<'_>, lines: Condition) -> (SelectStatement, Sums) {
    let verdict = verdict(groups.clock);
    let mut whole = Query::select();
    whole.from(line::Entity).cond_where(lines).group_by_col(Column::ShipmentId);
    let mut names = Vec::new();
    for part in groups.by.iter().map(|by| columns(*by)) {
        for (at, column) in part.iter().enumerate() {
            let Some(name) = KEYS.get(names.len()) else { continue };
            whole.expr_as(one_or_several(part, *column, at == 0), *name);
            names.push(*name);
        }
    }
    let judged = Expr::col(verdict).count();
    let all_judged = judged.eq(Expr::col(Asterisk).count());
    let good = CaseStatement::new()
        .case(Expr::col(verdict).min().eq(0_i64), Expr::value(0_i64))
        .case(all_judged, Expr::value(1_i64));
    whole.expr_as(good, VERDICT);
    let mut judged = Query::select();
    for name in &names {
        judged.column(*name);
    }
    let one_if_judged = CaseStatement::new().case(Expr::col(VERDICT).is_not_null(), Expr::value(1_i64));
    judged
        .expr_as(Expr::col(VERDICT), ON_TIME)
        .expr_as(one_if_judged.finally(Expr::value(0_i64)), JUDGED)
        .expr_as(Expr::value(1_i64), EVERY)
        .from_subquery(whole, "whole");
    let mut query = Query::select();
    query.from_subquery(judged, "judged");
    for name in names {
        query.column(name).group_by_col(name);
    }
    (query, sums_of_parts(db))
}

/// Customer, both ends of the lane, mode and month.
const KEYS: [&str; 5] = ["key_0", "key_1", "key_2", "key_3", "key_4"];
const SUMS: [&str; 3] = ["sum_on_time", "sum_judged", "sum_every_one"];
const VERDICT: &str = "verdict";
const ON_TIME: &str = "on_time";
const JUDGED: &str = "judged";
const EVERY: &str = "every_one";

/// The value that all lines of the shipment share, or else a word for several.
fn one_or_several(part: &[Column], column: Column, first: bool) -> SimpleExpr {
    let shared = part
        .iter()
        .fold(Condition::all(), |all, column| all.add(Expr::col(*column).min().eq(Expr::col(*column).max())));
    let several = if first { SEVERAL } else { "" };
    CaseStatement::new().case(shared, Func::min(Expr::col(column))).finally(several).into()
}

/// The lines behind a figure, by shipment and line.
///
/// # Errors
/// When the database does not answer.
pub async fn behind(
    db: &impl ConnectionTrait,
    actor: &Actor,
    filter: &Filter,
    only: Only,
    clock: Clock,
    (after, size): (Option<&Cursor>, PageSize),
) -> Result<Page<line::Model>, Error> {
    let verdict = verdict(clock);
    let mut query = line::Entity::find().filter(lines_within(Some(actor), filter));
    query = match only {
        Only::All => query,
        Only::OnTime => query.filter(verdict.eq(1_i64)),
        Only::Late => query.filter(verdict.eq(0_i64)),
        Only::Undated => query.filter(verdict.is_null()),
        Only::Overdue => query.filter(super::overdue(actor.today())),
    };
    if let Some(after) = after {
        let tied = Column::ShipmentId.eq(after.id.as_str()).and(Column::Line.gt(after.key.as_str()));
        query = query.filter(Column::ShipmentId.gt(after.id.as_str()).or(tied));
    }
    let rows = query.order_by_asc(Column::ShipmentId).order_by_asc(Column::Line).limit(size.0 + 1).all(db).await?;
    Ok(Page::cut(rows, size, |row| Cursor { key: row.line.clone(), id: row.shipment_id.clone() }))
}

/// # Errors
/// When the database does not answer.
pub async fn overdue_count(db: &impl ConnectionTrait, actor: &Actor, filter: &Filter) -> Result<i64, Error> {
    let lines = line::Entity::find().filter(lines_within(Some(actor), filter)).filter(super::overdue(actor.today()));
    let counted = lines.select_only().column_as(Expr::col(Asterisk).count(), "count");
    Ok(counted.into_tuple().one(db).await?.unwrap_or(0))
}
