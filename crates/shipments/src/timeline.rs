//! Shipments on the customer's timeline, at the beginning of the day that counts.

use async_trait::async_trait;
use base::{Actor, Cursor, CustomerId, Day, Error, Instant, PageSize};
use chrono::Duration;
use db::Db;
use module::{TimelineRow, TimelineSource};
use texts::{Texts, format};

use crate::views::lane;
use crate::views::list::verdict;
use crate::{Filter, ListFilter, Listed, Shipments, rules};

/// Shipments looked at in one go; more on one day are rare.
const AT_ONCE: u64 = 200;

#[derive(Debug)]
pub struct ShipmentTimeline;

#[async_trait]
impl TimelineSource for ShipmentTimeline {
    async fn before(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &Texts,
        customer: &CustomerId,
        before: Instant,
        rows: u64,
    ) -> Result<Vec<TimelineRow>, Error> {
        if !actor.has(crate::VIEW) {
            return Ok(Vec::new());
        }
        let shipments = Shipments::new(db.clone());
        let which = Filter { customer: Some(customer.clone()), ..Filter::default() };
        let mut filter = ListFilter { which, after: Some(end_of(Actor::day_of(before))), ..ListFilter::default() };
        let mut found: Vec<TimelineRow> = Vec::new();
        loop {
            let page = shipments.list(actor, &filter, PageSize(AT_ONCE)).await?;
            let reached = page.rows.last().map(|row| row.shipment.shipped_on);
            let shown = page.rows.into_iter().map(|row| timeline_row(actor, texts, row));
            found.extend(shown.filter(|row| row.at < before));
            // The last day may go on behind this page; only the days above it are known in full.
            let in_full = found.iter().filter(|row| reached.is_none_or(|day| Actor::day_of(row.at) > day)).count();
            match page.next.as_deref().and_then(Cursor::decode) {
                Some(next) if (in_full as u64) < rows => filter.after = Some(next),
                _ => break,
            }
        }
        found.sort_by(|one, other| (other.at, &other.id).cmp(&(one.at, &one.id)));
        found.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
        Ok(found)
    }
}

/// Behind everything of the days after this one; no shipment is of a day outside the possible ones.
fn end_of(day: Day) -> Cursor {
    let day = rules::nearest_possible(day);
    let next = day.succ_opt().filter(|next| rules::is_possible(*next)).unwrap_or(day);
    Cursor { key: next.to_string(), id: String::new() }
}

fn timeline_row(actor: &Actor, texts: &Texts, row: Listed) -> TimelineRow {
    let language = actor.language;
    let (verdict, _) = verdict(&row);
    let day = |day: Option<Day>| day.map(format::day).unwrap_or_else(|| "–".into());
    let args = [
        ("waybill", row.shipment.waybill.clone()),
        ("lane", lane(&row.origin, &row.destination)),
        ("promised", day(row.promised_on)),
        ("delivered", day(row.delivered_on)),
        ("verdict", texts.get(language, verdict)),
    ];
    TimelineRow {
        at: moment(&row),
        kind: texts.get(language, "shipment-timeline_kind"),
        icon: "shipments",
        who: String::new(),
        text: texts.with(language, "shipment-timeline_text", &args),
        href: format!("/shipments/{}", row.shipment.id),
        id: row.shipment.id,
    }
}

/// The firm's midnight, and within its first second a place of its own: a timeline is read on from the moment of its
/// last row, and shipments of one day must not fall behind it together.
fn moment(row: &Listed) -> Instant {
    let shipped_on = row.shipment.shipped_on.and_time(chrono::NaiveTime::MIN).and_utc();
    let midnight = shipped_on.checked_sub_signed(Duration::hours(8)).unwrap_or(shipped_on);
    let spread = row.shipment.id.bytes().fold(0_i64, |sum, byte| (sum * 31 + i64::from(byte)) % 1_000_000);
    midnight.checked_add_signed(Duration::microseconds(spread)).unwrap_or(midnight)
}
