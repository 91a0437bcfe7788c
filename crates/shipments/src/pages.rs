//! The pages.

pub mod quality;
pub mod rates;

use askama::Template;
use axum::extract::{Path, State};
use base::{Cursor, CustomerId, Error, Message, PageSize};
use module::{Access, MenuEntry, MenuGroup, Routes};
use serde::Deserialize;
use web::{Me, Page, Query, Ui, page};

use crate::views::file::FileView;
use crate::views::list::RowView;
use crate::views::{address, mode_options};
use crate::{Filter, ListFilter, Mode, RATES, ShipmentId, Shipments, VIEW, rules, store};

/// Adds the pages to the module's routes.
pub fn routes(routes: Routes, shipments: &Shipments) -> Routes {
    let (view, rates) = (Access::Needs(VIEW), Access::Needs(RATES));
    routes
        .get("/shipments", view, list, shipments)
        .get("/shipments/{id}", view, show, shipments)
        .get("/service-quality", view, quality::show, shipments)
        .get("/service-quality/lines", view, quality::behind, shipments)
        .get("/settings/rates", rates, rates::list, shipments)
        .post("/settings/rates", rates, rates::set, shipments)
        .post("/settings/rates/remove", rates, rates::remove, shipments)
        .post("/settings/rates/reporting", rates, rates::report_in, shipments)
}

pub fn menu() -> Vec<MenuEntry> {
    let entry = |group, order, href, title_key, icon, needs| MenuEntry {
        group,
        order,
        href,
        title_key,
        icon,
        needs: Some(needs),
    };
    vec![
        entry(MenuGroup::Service, 0, "/shipments", "shipment-title", "shipments", VIEW),
        entry(MenuGroup::Service, 1, "/service-quality", "quality-title", "on-time", VIEW),
        entry(MenuGroup::Settings, 30, "/settings/rates", "rate-title", "data", RATES),
    ]
}

/// A box that is ticked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ticked {
    On,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    #[serde(default)]
    q: String,
    customer: Option<CustomerId>,
    mode: Option<Mode>,
    #[serde(default)]
    origin: String,
    #[serde(default)]
    destination: String,
    /// Of the promised day, `2026-11`.
    #[serde(default)]
    month: String,
    late: Option<Ticked>,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "shipments.html")]
struct ListPage {
    ui: Ui,
    query: ListQuery,
    modes: Vec<(String, String)>,
    /// Filters in force: text, and the list without it.
    chips: Vec<(String, String)>,
    rows: Vec<RowView>,
    first: String,
    next: String,
}

#[derive(Template)]
#[template(path = "shipment.html")]
struct ShipmentPage {
    ui: Ui,
    view: FileView,
}

pub async fn list(ui: Ui, Me(actor): Me, State(shipments): State<Shipments>, Query(query): Query<ListQuery>) -> Page {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let filter = ListFilter {
        which: Filter {
            customer: query.customer.clone(),
            origin: some(&query.origin),
            destination: some(&query.destination),
            mode: query.mode.map(|mode| mode.word().to_owned()),
            month: some(&query.month),
            ..Filter::default()
        },
        late: query.late.is_some(),
        waybill: query.q.trim().into(),
        after: query.after.as_deref().map(cursor),
    };
    if filter.which.month.as_deref().is_some_and(|month| !rules::is_month(month)) {
        return Err(Error::invalid("month", Message::new("shipment-month_unreadable")).into());
    }
    let found = shipments.list(&actor, &filter, PageSize::new(None)).await?;
    let customer = match &query.customer {
        Some(id) => customers::briefly(shipments.db().read(), &actor, std::slice::from_ref(id)).await?.remove(id),
        None => None,
    };
    let name = customer.map(|brief| brief.name).unwrap_or_default();
    let chips = query.chips(&ui, &name);
    let next = found.next.as_ref().map(|after| query.address("", after)).unwrap_or_default();
    let first = query.after.as_ref().map(|_| query.address("", "")).unwrap_or_default();
    let rows = found.rows.into_iter().map(|row| RowView::of(&ui, row)).collect();
    page(ListPage { modes: mode_options(&ui), ui, query, chips, rows, first, next })
}

pub async fn show(ui: Ui, Me(actor): Me, State(shipments): State<Shipments>, Path(id): Path<String>) -> Page {
    let file = shipments.file(&actor, &ShipmentId(id)).await?;
    let policy = shipments.policy().await?;
    let rates = store::rates::into(shipments.db().read(), policy.reporting).await?;
    let view = FileView::of(&ui, file, &rates, actor.today());
    page(ShipmentPage { ui, view })
}

/// A made-up cursor shows nothing.
fn cursor(text: &str) -> Cursor {
    Cursor::decode(text).unwrap_or(Cursor { key: String::new(), id: String::new() })
}

impl ListQuery {
    fn pairs(&self) -> [(&'static str, String); 7] {
        [
            ("q", self.q.trim().to_owned()),
            ("customer", self.customer.clone().map_or_else(String::new, String::from)),
            ("mode", self.mode.map(|mode| mode.word().to_owned()).unwrap_or_default()),
            ("origin", self.origin.trim().to_owned()),
            ("destination", self.destination.trim().to_owned()),
            ("month", self.month.clone()),
            ("late", if self.late.is_some() { "on".to_owned() } else { String::new() }),
        ]
    }

    /// The same list without one filter, from a place on.
    fn address(&self, without: &str, after: &str) -> String {
        let mut pairs: Vec<_> = self.pairs().into_iter().filter(|(name, _)| *name != without).collect();
        pairs.push(("after", after.to_owned()));
        address("/shipments", pairs)
    }

    fn chips(&self, ui: &Ui, customer: &str) -> Vec<(String, String)> {
        let chip = |(name, value): (&'static str, String)| {
            let text = match name {
                "customer" => customer.to_owned(),
                "mode" => self.mode.map(|mode| ui.t(mode.key())).unwrap_or_default(),
                "origin" => ui.t1("shipment-from", "place", value),
                "destination" => ui.t1("shipment-to", "place", value),
                "month" => ui.t1("shipment-promised_in", "month", value),
                "late" => ui.t("shipment-only_late"),
                _ => value,
            };
            (text, self.address(name, ""))
        };
        self.pairs().into_iter().filter(|(_, value)| !value.is_empty()).map(chip).collect()
    }

    fn is_mode(&self, code: &str) -> bool {
        self.mode.map_or("", Mode::word) == code
    }
}
