//! A customer's shipments on his page.

use askama::Template;
use async_trait::async_trait;
use base::{Actor, CustomerId, Error, Language, PageSize};
use chrono::{Datelike, Duration};
use db::{Db, Tx};
use module::{CustomerFigure, CustomerPanel, Panel, Tone};
use texts::{Texts, format};

use crate::views::list::verdict;
use crate::views::quality::interval;
use crate::views::{address, lane};
use crate::{
    Basis, By, Clock, Filter, Grain, ListFilter, Report, Row, Shipments, report_on_time, store, value_at_stake,
};

/// Lanes and shipments that the tab shows.
const LANES: usize = 8;
const SHIPMENTS: u64 = 10;
/// Days that the figures look back.
const DAYS: i64 = 365;

#[derive(Debug)]
pub struct ShipmentPanel;

#[derive(Template)]
#[template(path = "shipments_panel.html")]
struct Inside<'a> {
    texts: &'a Texts,
    language: Language,
    lanes: Vec<LaneRow>,
    rows: Vec<ShipmentRow>,
    shipments_href: String,
    quality_href: String,
}

struct LaneRow {
    name: String,
    rate: String,
    interval: String,
    counts: String,
}

struct ShipmentRow {
    id: String,
    waybill: String,
    lane: String,
    shipped_on: String,
    verdict: String,
    tone: &'static str,
}

impl Inside<'_> {
    fn t(&self, key: &str) -> String {
        self.texts.get(self.language, key)
    }
}

#[async_trait]
impl CustomerPanel for ShipmentPanel {
    fn name(&self) -> &'static str {
        "shipments"
    }

    fn title_key(&self) -> &'static str {
        "shipment-title"
    }

    async fn figures(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &Texts,
        customer: &CustomerId,
    ) -> Result<Vec<CustomerFigure>, Error> {
        if !reaches(db, actor, customer).await? {
            return Ok(Vec::new());
        }
        let report = by_lane(db, actor, customer).await?;
        let mut days = store::shipment_days(db.read(), std::slice::from_ref(customer)).await?;
        let (from, today) = (actor.today() - Duration::days(DAYS), actor.today());
        let days = days.remove(customer).unwrap_or_default();
        let shipped = days.iter().filter(|day| **day > from && **day <= today).count();
        let t = |key: &str| texts.get(actor.language, key);
        let (value, value_note) = brought(db, actor, texts, customer).await?;
        let value = value.unwrap_or_else(|| t("shipment-value-unknown"));
        let figure = |label: &str, value: String, note: String, href: String| CustomerFigure {
            label: t(label),
            value,
            note,
            tone: Tone::Neutral,
            href,
        };
        let of_customer = |path: &str| address(path, [("customer", customer.to_string())]);
        let last = days.last().map(|last| format::day(*last)).unwrap_or_else(|| "–".into());
        Ok(vec![
            figure(
                "shipment-figure-on_time",
                report.all.as_ref().map_or_else(|| "–".into(), |all| format::percent(all.rate)),
                rate_note(texts, actor.language, &report),
                of_customer("/service-quality"),
            ),
            figure(
                "shipment-figure-shipments",
                format::thousands(i64::try_from(shipped).unwrap_or(i64::MAX)),
                texts.with(actor.language, "shipment-figure-last", &[("last", last)]),
                of_customer("/shipments"),
            ),
            figure("shipment-figure-value", value, value_note, String::new()),
            figure(
                "shipment-figure-lanes",
                report.rows.len().to_string(),
                t("shipment-figure-year"),
                format!("{}&by=lane", of_customer("/service-quality")),
            ),
        ])
    }

    async fn render(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &Texts,
        customer: &CustomerId,
        _csrf: &str,
    ) -> Result<Option<Panel>, Error> {
        if !reaches(db, actor, customer).await? {
            return Ok(None);
        }
        let mut report = by_lane(db, actor, customer).await?;
        report.rows.sort_by_key(|row| std::cmp::Reverse(row.total));
        let which = Filter { customer: Some(customer.clone()), ..Filter::default() };
        let filter = ListFilter { which, ..ListFilter::default() };
        let listed = Shipments::new(db.clone()).list(actor, &filter, PageSize(SHIPMENTS)).await?;
        let shipment = |row: crate::Listed| {
            let (verdict, tone) = verdict(&row);
            ShipmentRow {
                lane: lane(&row.origin, &row.destination),
                shipped_on: format::day(row.shipment.shipped_on),
                verdict: texts.get(actor.language, verdict),
                tone,
                waybill: row.shipment.waybill,
                id: row.shipment.id,
            }
        };
        let inside = Inside {
            texts,
            language: actor.language,
            lanes: report.rows.iter().take(LANES).map(LaneRow::of).collect(),
            rows: listed.rows.into_iter().map(shipment).collect(),
            shipments_href: address("/shipments", [("customer", customer.to_string())]),
            quality_href: address("/service-quality", [("customer", customer.to_string()), ("by", "lane".into())]),
        };
        let html = inside.render().map_err(|error| Error::Bug(error.to_string()))?;
        Ok(Some(Panel { html }))
    }

    async fn shipments_among(
        &self,
        tx: &Tx,
        actor: &Actor,
        customer: &CustomerId,
        ids: &[String],
    ) -> Result<Vec<String>, Error> {
        store::ids_among(tx, actor, customer, ids).await
    }
}

/// Whether the actor may see shipments of this customer.
async fn reaches(db: &Db, actor: &Actor, customer: &CustomerId) -> Result<bool, Error> {
    Ok(!store::seen_among(db.read(), actor, std::slice::from_ref(customer)).await?.is_empty())
}

/// What he brought in the last 365 days, and the key of what that is.
async fn brought(
    db: &Db,
    actor: &Actor,
    texts: &Texts,
    customer: &CustomerId,
) -> Result<(Option<String>, String), Error> {
    let at_stake = value_at_stake(db, actor, std::slice::from_ref(customer)).await?.remove(customer);
    let at_stake = at_stake.unwrap_or_default();
    let note = match at_stake.basis {
        Basis::Margin => "shipment-value-margin",
        Basis::Revenue => "shipment-value-revenue",
        Basis::Mixed => "shipment-value-mixed",
        Basis::Unknown => "shipment-value-none",
    };
    let note = texts.get(actor.language, note);
    let apart = at_stake.apart.words(actor.language);
    let note = match apart.is_empty() {
        true => note,
        false => format!("{note} · {}", texts.with(actor.language, "shipment-value-apart", &[("amounts", apart)])),
    };
    Ok((at_stake.value.map(|value| format::amount(value, actor.language)), note))
}

/// By line and day, of what was promised in the last twelve months and this one.
async fn by_lane(db: &Db, actor: &Actor, customer: &CustomerId) -> Result<Report, Error> {
    let today = actor.today();
    let filter = Filter {
        customer: Some(customer.clone()),
        from_month: Some(format!("{}-{:02}", today.year() - 1, today.month())),
        ..Filter::default()
    };
    report_on_time(db, actor, By::Lane, Grain::Line, Clock::Day, &filter).await
}

/// What the rate is made of; it is never shown without.
fn rate_note(texts: &Texts, language: Language, report: &Report) -> String {
    let Some(all) = &report.all else {
        return texts.get(language, "shipment-figure-not_judged");
    };
    let args = [("interval", interval(all)), ("total", all.total.to_string()), ("undated", report.undated.to_string())];
    texts.with(language, "shipment-figure-rate_note", &args)
}

impl LaneRow {
    fn of(row: &Row) -> Self {
        let name = row.key.split_once(" → ").map_or_else(|| row.key.clone(), |(from, to)| lane(from, to));
        Self {
            name,
            rate: format::percent(row.rate),
            interval: interval(row),
            counts: format!("{} / {}", row.on_time, row.total),
        }
    }
}
