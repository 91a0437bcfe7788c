//! The list.

use askama::Template;
use axum::extract::State;
use base::{Cursor, CustomerId, PageSize};
use serde::Deserialize;
use web::{Me, Page, Query, Ui, page};

use crate::Exceptions;
use crate::exception::Kind;
use crate::store::list::{Filter, State as Which};
use crate::views::{RowView, address};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ticked {
    On,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    #[serde(default)]
    state: Which,
    mine: Option<Ticked>,
    kind: Option<Kind>,
    #[serde(default)]
    origin: String,
    #[serde(default)]
    destination: String,
    customer: Option<CustomerId>,
    shipment: Option<String>,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "exceptions.html")]
struct ListPage {
    ui: Ui,
    query: ListQuery,
    /// Address, text, whether it is this one.
    tabs: Vec<(String, String, bool)>,
    kinds: Vec<(String, String)>,
    chips: Vec<(String, String)>,
    clear: String,
    rows: Vec<RowView>,
    first: String,
    next: String,
}

pub async fn list(ui: Ui, Me(actor): Me, State(exceptions): State<Exceptions>, Query(query): Query<ListQuery>) -> Page {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let filter = Filter {
        state: query.state,
        owner: query.mine.and_then(|_| actor.user_id().cloned()),
        kind: query.kind,
        origin: some(&query.origin),
        destination: some(&query.destination),
        customer: query.customer.clone(),
        shipment: query.shipment.clone(),
        // A made-up cursor shows nothing.
        after: query
            .after
            .as_deref()
            .map(|text| Cursor::decode(text).unwrap_or(Cursor { key: String::new(), id: String::new() })),
    };
    let found = exceptions.list(&actor, &filter, PageSize::new(None)).await?;
    let names = query.names(&actor, &exceptions).await?;
    let tabs = Which::ALL.iter().map(|state| {
        let there = ListQuery { state: *state, after: None, ..query.clone() };
        (there.address("", ""), ui.t(state.key()), *state == query.state)
    });
    let kinds = std::iter::once((String::new(), ui.t("exception-any_kind")))
        .chain(Kind::ALL.iter().map(|kind| (kind.word().to_owned(), ui.t(kind.key()))));
    let page_of = ListPage {
        tabs: tabs.collect(),
        kinds: kinds.collect(),
        chips: query.chips(&ui, &names),
        clear: address("/exceptions", [("state", query.state.word().to_owned())]),
        rows: found.rows.iter().map(|row| RowView::of(&ui, row)).collect(),
        first: query.after.as_ref().map(|_| query.address("", "")).unwrap_or_default(),
        next: found.next.as_ref().map(|after| query.address("", after)).unwrap_or_default(),
        query,
        ui,
    };
    page(page_of)
}

impl ListQuery {
    fn pairs(&self) -> [(&'static str, String); 7] {
        [
            ("state", if self.state == Which::Untold { String::new() } else { self.state.word().to_owned() }),
            ("mine", if self.mine.is_some() { "on".to_owned() } else { String::new() }),
            ("kind", self.kind.map(|kind| kind.word().to_owned()).unwrap_or_default()),
            ("origin", self.origin.trim().to_owned()),
            ("destination", self.destination.trim().to_owned()),
            ("customer", self.customer.clone().map_or_else(String::new, String::from)),
            ("shipment", self.shipment.clone().unwrap_or_default()),
        ]
    }

    /// The same list without one filter, from a place on.
    fn address(&self, without: &str, after: &str) -> String {
        let mut pairs: Vec<_> = self.pairs().into_iter().filter(|(name, _)| *name != without).collect();
        pairs.push(("after", after.to_owned()));
        address("/exceptions", pairs)
    }

    /// Customer and waybill that the list is of.
    async fn names(&self, actor: &base::Actor, exceptions: &Exceptions) -> Result<(String, String), base::Error> {
        let db = exceptions.db().read();
        let customer = match &self.customer {
            Some(id) => customers::briefly(db, actor, std::slice::from_ref(id)).await?.remove(id).map(|one| one.name),
            None => None,
        };
        let waybill = match &self.shipment {
            Some(id) => shipments::store::waybills(db, actor, std::slice::from_ref(id)).await?.pop(),
            None => None,
        };
        Ok((customer.unwrap_or_default(), waybill.map(|(_, waybill)| waybill).unwrap_or_default()))
    }

    fn chips(&self, ui: &Ui, (customer, waybill): &(String, String)) -> Vec<(String, String)> {
        let chip = |(name, value): (&'static str, String)| {
            let text = match name {
                "mine" => ui.t("exception-mine"),
                "kind" => self.kind.map(|kind| ui.t(kind.key())).unwrap_or_default(),
                "origin" => ui.t1("exception-from", "place", value),
                "destination" => ui.t1("exception-to", "place", value),
                "customer" => customer.clone(),
                "shipment" => waybill.clone(),
                _ => value,
            };
            (text, self.address(name, ""))
        };
        let filters = self.pairs().into_iter().filter(|(name, value)| *name != "state" && !value.is_empty());
        filters.map(chip).collect()
    }

    fn is_kind(&self, word: &str) -> bool {
        self.kind.map_or("", Kind::word) == word
    }
}
