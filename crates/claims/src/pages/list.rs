//! The list.

use askama::Template;
use axum::extract::State;
use base::{CustomerId, PageSize};
use exceptions::exception::Kind;
use serde::Deserialize;
use web::{Me, Page, Query, Ui, page};

use super::{HERE, options};
use crate::store::list::{Filter, State as Which};
use crate::views::{RowView, address};
use crate::{Claims, RAISE};

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
    customer: Option<CustomerId>,
    /// Beginning of the number, or the whole waybill.
    #[serde(default)]
    q: String,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "claims.html")]
struct ListPage {
    ui: Ui,
    query: ListQuery,
    /// Address, text, whether it is this one.
    tabs: Vec<(String, String, bool)>,
    kinds: Vec<(String, String)>,
    chips: Vec<(String, String)>,
    clear: String,
    rows: Vec<RowView>,
    may_raise: bool,
    first: String,
    next: String,
}

pub async fn list(ui: Ui, Me(actor): Me, State(claims): State<Claims>, Query(query): Query<ListQuery>) -> Page {
    let filter = Filter {
        state: query.state,
        owner: query.mine.and_then(|_| actor.user_id().cloned()),
        kind: query.kind,
        customer: query.customer.clone(),
        number: query.q.trim().into(),
        after: web::api::cursor(query.after.as_deref())?,
    };
    let found = claims.list(&actor, &filter, PageSize::new(None)).await?;
    let customer = match &query.customer {
        Some(id) => customers::briefly(claims.db().read(), &actor, std::slice::from_ref(id)).await?.remove(id),
        None => None,
    };
    let tabs = Which::ALL.iter().map(|state| {
        let there = ListQuery { state: *state, after: None, ..query.clone() };
        (there.address("", ""), ui.t(state.key()), *state == query.state)
    });
    let kinds = std::iter::once((String::new(), ui.t("claim-any_kind")));
    let page_of = ListPage {
        tabs: tabs.collect(),
        kinds: kinds.chain(options(&ui, Kind::ALL, Kind::word, Kind::key)).collect(),
        chips: query.chips(&ui, &customer.map(|brief| brief.name).unwrap_or_default()),
        clear: ListQuery { state: query.state, ..ListQuery::default() }.address("", ""),
        rows: found.rows.iter().map(|row| RowView::of(&ui, row)).collect(),
        may_raise: actor.has(RAISE),
        first: query.after.as_ref().map(|_| query.address("", "")).unwrap_or_default(),
        next: found.next.as_ref().map(|after| query.address("", after)).unwrap_or_default(),
        query,
        ui,
    };
    page(page_of)
}

impl ListQuery {
    fn pairs(&self) -> [(&'static str, String); 5] {
        [
            ("state", if self.state == Which::Open { String::new() } else { self.state.word().to_owned() }),
            ("mine", if self.mine.is_some() { "on".to_owned() } else { String::new() }),
            ("kind", self.kind.map(|kind| kind.word().to_owned()).unwrap_or_default()),
            ("customer", self.customer.clone().map_or_else(String::new, String::from)),
            ("q", self.q.trim().to_owned()),
        ]
    }

    /// The same list without one filter, from a place on.
    fn address(&self, without: &str, after: &str) -> String {
        let mut pairs: Vec<_> = self.pairs().into_iter().filter(|(name, _)| *name != without).collect();
        pairs.push(("after", after.to_owned()));
        address(HERE, pairs)
    }

    fn chips(&self, ui: &Ui, customer: &str) -> Vec<(String, String)> {
        let chip = |(name, value): (&'static str, String)| {
            let text = match name {
                "mine" => ui.t("claim-mine"),
                "kind" => self.kind.map(|kind| ui.t(kind.key())).unwrap_or_default(),
                "customer" => customer.to_owned(),
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
