//! Customers who were served badly, ship less and say nothing.

use askama::Template;
use axum::extract::State;
use serde::Deserialize;
use web::{Me, Page, Query, Ui, page};

use super::figures::beside;
use crate::Complaints;
use crate::reasons::silent::fewer;
use crate::silent::{Silent, SilentList};
use crate::views::address;

pub const HERE: &str = "/complaints/silent";
/// Rows that one page shows; nobody calls more.
const MOST_ROWS: usize = 200;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    #[default]
    All,
    Mine,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SilentQuery {
    #[serde(default)]
    whose: Whose,
}

#[derive(Template)]
#[template(path = "complaint_silent.html")]
struct SilentPage {
    ui: Ui,
    pages: Vec<(String, String, bool)>,
    tabs: Vec<(String, String, bool)>,
    /// By what they were looked for.
    rule: String,
    rows: Vec<RowView>,
    /// Rows that found no room.
    more: String,
}

struct RowView {
    customer_id: String,
    customer: String,
    owner: String,
    why: String,
    now: i64,
    before: i64,
    fewer: String,
}

impl RowView {
    fn of(ui: &Ui, one: Silent) -> Self {
        let percent = fewer(one.shipments, one.shipments_before).to_string();
        let said = [("late", one.late.to_string()), ("damaged", one.damaged.to_string()), ("fewer", percent.clone())];
        Self {
            why: ui.with("complaint-silent-reason", &said),
            fewer: format!("−{percent}%"),
            now: one.shipments,
            before: one.shipments_before,
            owner: if one.owner_name.is_empty() { ui.t("quality_event-nobody") } else { one.owner_name },
            customer: one.customer_name,
            customer_id: one.customer_id.0,
        }
    }
}

pub async fn show(
    ui: Ui,
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Query(query): Query<SilentQuery>,
) -> Page {
    let owner = match query.whose {
        Whose::All => None,
        Whose::Mine => actor.user_id(),
    };
    let found = complaints.silent(&actor, owner).await?;
    let more = found.rows.len().saturating_sub(MOST_ROWS);
    let tab = |whose: Whose, word: &str, key: &str| {
        (address(HERE, &[("whose", word.to_owned())]), ui.t(key), query.whose == whose)
    };
    page(SilentPage {
        pages: beside(&ui, HERE),
        tabs: vec![tab(Whose::All, "", "complaint-silent-all"), tab(Whose::Mine, "mine", "complaint-silent-mine")],
        rule: rule(&ui, &found),
        rows: found.rows.into_iter().take(MOST_ROWS).map(|row| RowView::of(&ui, row)).collect(),
        more: if more == 0 { String::new() } else { ui.t1("complaint-silent-more", "rows", more) },
        ui,
    })
}

fn rule(ui: &Ui, found: &SilentList) -> String {
    let said = [("days", found.days.to_string()), ("least", found.least.to_string()), ("drop", found.drop.to_string())];
    ui.with("complaint-silent-rule", &said)
}
