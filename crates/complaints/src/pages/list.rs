//! The list, as a table and as a board.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use base::{CustomerId, DepartmentId, PageSize};
use serde::Deserialize;
use web::{Me, Page, Query, Ui, page};

use super::HERE;
use crate::store::list::{Filter, MOST_COUNTED, View};
use crate::store::people;
use crate::views::list::{ColumnView, RowView};
use crate::views::timer::Calendars;
use crate::views::{address, options, or_none};
use crate::words::{Category, Severity, Status};
use crate::{Complaints, LOG, Listed};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    #[default]
    Table,
    Board,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    #[serde(default)]
    view: View,
    #[serde(default)]
    shape: Shape,
    category: Option<Category>,
    severity: Option<Severity>,
    status: Option<Status>,
    department: Option<DepartmentId>,
    customer: Option<CustomerId>,
    /// Beginning of the number.
    #[serde(default)]
    q: String,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "complaints.html")]
struct ListPage {
    ui: Ui,
    query: ListQuery,
    tabs: Vec<(String, String, bool)>,
    categories: Vec<(String, String)>,
    severities: Vec<(String, String)>,
    departments: Vec<(String, String)>,
    /// Filters in force: text, and the list without it.
    chips: Vec<(String, String)>,
    clear: String,
    rows: Vec<RowView>,
    columns: Vec<ColumnView>,
    /// The same as a table, or as a board.
    other_shape: String,
    may_log: bool,
    first: String,
    next: String,
}

impl ListPage {
    fn is_board(&self) -> bool {
        self.query.shape == Shape::Board
    }

    fn other_shape_words(&self) -> String {
        self.ui.t(if self.is_board() { "complaint-as_table" } else { "complaint-as_board" })
    }
}

pub async fn list(ui: Ui, Me(actor): Me, State(complaints): State<Complaints>, Query(query): Query<ListQuery>) -> Page {
    let filter = query.filter()?;
    let (policy, db) = (complaints.policy().await?, complaints.db().read());
    let (mut rows, mut columns, mut next) = (Vec::new(), Vec::new(), String::new());
    match query.shape {
        Shape::Table => {
            let found = complaints.list(&actor, &filter, PageSize::new(None)).await?;
            next = found.next.as_ref().map(|after| query.address("", after)).unwrap_or_default();
            let calendars = Calendars::of(db, departments_of(&found.rows)).await?;
            rows = found.rows.into_iter().map(|row| RowView::of(&ui, row, &calendars, &policy, actor.now)).collect();
        }
        Shape::Board => {
            for (column, listed) in complaints.board(&actor, &filter).await? {
                let calendars = Calendars::of(db, departments_of(&listed)).await?;
                let rows: Vec<_> =
                    listed.into_iter().map(|row| RowView::of(&ui, row, &calendars, &policy, actor.now)).collect();
                let shown = i64::try_from(rows.len()).unwrap_or(i64::MAX);
                let all = ListQuery { shape: Shape::Table, status: Some(column.status), ..query.clone() };
                columns.push(ColumnView {
                    title: ui.t(column.status.key()),
                    count: counted(column.count),
                    rows,
                    more: if column.count > shown { all.address("", "") } else { String::new() },
                });
            }
        }
    }
    let departments = people::departments(db).await?;
    let customer = match &query.customer {
        Some(id) => customers::briefly(db, &actor, std::slice::from_ref(id)).await?.remove(id),
        None => None,
    };
    let customer = customer.map(|brief| brief.name).unwrap_or_default();
    let departments: Vec<_> = departments.into_iter().map(|one| (one.id.0, one.name)).collect();
    let chips = query.chips(&ui, &customer, &departments);
    let turned = if query.shape == Shape::Board { Shape::Table } else { Shape::Board };
    page(ListPage {
        tabs: query.tabs(&ui),
        categories: or_none(ui.t("complaint-any_category"), options(&ui, Category::ALL, Category::word, Category::key)),
        severities: or_none(ui.t("complaint-any_severity"), options(&ui, Severity::ALL, Severity::word, Severity::key)),
        departments: or_none(ui.t("complaint-any_department"), departments),
        chips,
        clear: ListQuery { view: query.view, shape: query.shape, ..ListQuery::default() }.address("", ""),
        rows,
        columns,
        other_shape: ListQuery { shape: turned, ..query.clone() }.address("", ""),
        may_log: actor.has(LOG),
        first: query.after.as_ref().map(|_| query.address("", "")).unwrap_or_default(),
        next,
        query,
        ui,
    })
}

fn departments_of(rows: &[Listed]) -> BTreeSet<DepartmentId> {
    rows.iter().map(|row| row.complaint.department_id.clone()).collect()
}

fn counted(count: i64) -> String {
    if count >= MOST_COUNTED { format!("{}+", MOST_COUNTED - 1) } else { count.to_string() }
}

impl ListQuery {
    fn filter(&self) -> Result<Filter, base::Error> {
        Ok(Filter {
            view: self.view,
            category: self.category,
            severity: self.severity,
            status: self.status,
            department: self.department.clone(),
            customer: self.customer.clone(),
            number: self.q.trim().into(),
            after: web::api::cursor(self.after.as_deref())?,
        })
    }

    fn pairs(&self) -> [(&'static str, String); 8] {
        let word = |word: Option<&'static str>| word.unwrap_or_default().to_owned();
        [
            ("view", if self.view == View::Open { String::new() } else { self.view.word().to_owned() }),
            ("shape", if self.shape == Shape::Board { "board".to_owned() } else { String::new() }),
            ("category", word(self.category.map(Category::word))),
            ("severity", word(self.severity.map(Severity::word))),
            ("status", word(self.status.map(Status::word))),
            ("department", self.department.clone().map_or_else(String::new, String::from)),
            ("customer", self.customer.clone().map_or_else(String::new, String::from)),
            ("q", self.q.trim().to_owned()),
        ]
    }

    /// The same list without one filter, from a place on.
    fn address(&self, without: &str, after: &str) -> String {
        let mut pairs: Vec<_> = self.pairs().into_iter().filter(|(name, _)| *name != without).collect();
        pairs.push(("after", after.to_owned()));
        address(HERE, &pairs)
    }

    fn tabs(&self, ui: &Ui) -> Vec<(String, String, bool)> {
        let tab = |view: View| {
            let key = match view {
                View::Open => "complaint-view-open",
                View::Mine => "complaint-view-mine",
                View::Overdue => "complaint-view-overdue",
                View::Legal => "complaint-view-legal",
                View::All => "complaint-view-all",
            };
            (ListQuery { view, ..self.clone() }.address("", ""), ui.t(key), view == self.view)
        };
        View::ALL.into_iter().map(tab).collect()
    }

    fn chips(&self, ui: &Ui, customer: &str, departments: &[(String, String)]) -> Vec<(String, String)> {
        let chip = |(name, value): (&'static str, String)| {
            let text = match name {
                "category" => self.category.map(|one| ui.t(one.key())).unwrap_or_default(),
                "severity" => self.severity.map(|one| ui.t(one.key())).unwrap_or_default(),
                "status" => self.status.map(|one| ui.t(one.key())).unwrap_or_default(),
                "department" => {
                    departments.iter().find(|(id, _)| *id == value).map_or_else(String::new, |(_, name)| name.clone())
                }
                "customer" => customer.to_owned(),
                _ => value,
            };
            (text, self.address(name, ""))
        };
        let filters =
            self.pairs().into_iter().filter(|(name, value)| !value.is_empty() && !matches!(*name, "view" | "shape"));
        filters.map(chip).collect()
    }

    fn word(&self, name: &str) -> String {
        self.pairs().into_iter().find(|(known, _)| *known == name).map_or_else(String::new, |(_, value)| value)
    }
}
