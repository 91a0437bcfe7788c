//! How often customers were told before they asked.

use askama::Template;
use axum::extract::State;
use base::{Day, UserId};
use chrono::{Datelike, Months};
use serde::Deserialize;
use texts::format;
use web::{Me, Page, Query, Ui, page};

use crate::Exceptions;
use crate::store::figures::By;
use crate::views::address;

/// Months that are shown when nobody says which.
const MONTHS: u32 = 6;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiguresQuery {
    #[serde(default)]
    by: By,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

#[derive(Template)]
#[template(path = "exception_figures.html")]
struct FiguresPage {
    ui: Ui,
    query: FiguresQuery,
    tabs: Vec<(String, String, bool)>,
    /// What the rows are.
    head: String,
    rows: Vec<RowView>,
    all: String,
    all_note: String,
}

struct RowView {
    name: String,
    rate: String,
    told_first: i64,
    due: i64,
}

pub async fn show(
    ui: Ui,
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Query(mut query): Query<FiguresQuery>,
) -> Page {
    if query.to.is_empty() {
        query.to = month(actor.today());
    }
    if query.from.is_empty() {
        query.from = month(actor.today().checked_sub_months(Months::new(MONTHS - 1)).unwrap_or(actor.today()));
    }
    let rows = exceptions.told_first(&actor, query.by, (&query.from, &query.to), None).await?;
    let people = match query.by {
        By::Owner => {
            let ids = rows.iter().filter(|row| !row.key.is_empty()).map(|row| UserId(row.key.clone())).collect();
            customers::store::people(exceptions.db().read(), ids).await?
        }
        By::Month | By::Lane => Vec::new(),
    };
    let name = |key: &str| match query.by {
        By::Owner if key.is_empty() => ui.t("exception-nobody"),
        By::Owner => people.iter().find(|one| one.id == key).map(|one| one.name.clone()).unwrap_or_default(),
        By::Lane if key.is_empty() => ui.t("exception-no_lane"),
        By::Month | By::Lane => key.to_owned(),
    };
    let tabs = By::ALL.iter().map(|by| {
        let pairs = [("by", by.word().to_owned()), ("from", query.from.clone()), ("to", query.to.clone())];
        (address("/exceptions/figures", pairs), ui.t(by.key()), *by == query.by)
    });
    let (due, first) = rows.iter().fold((0, 0), |(due, first), row| (due + row.due, first + row.told_first));
    let whole = crate::store::figures::Row { key: String::new(), due, told_first: first };
    let page_of = FiguresPage {
        tabs: tabs.collect(),
        head: ui.t(query.by.key()),
        all: if due == 0 { "–".into() } else { format::percent(whole.rate()) },
        all_note: ui.t2("exception-figure_note", ("first", &first.to_string()), ("due", &due.to_string())),
        rows: rows
            .iter()
            .map(|row| RowView {
                name: name(&row.key),
                rate: format::percent(row.rate()),
                told_first: row.told_first,
                due: row.due,
            })
            .collect(),
        query,
        ui,
    };
    page(page_of)
}

fn month(day: Day) -> String {
    format!("{}-{:02}", day.year(), day.month())
}
