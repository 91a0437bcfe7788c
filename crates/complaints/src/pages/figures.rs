//! How complaints come in, why, where and how fast we are.

use askama::Template;
use axum::extract::State;
use base::DepartmentId;
use serde::Deserialize;
use texts::format;
use web::{Me, Page, Query, Ui, page};

use super::{quality_events, silent};
use crate::Complaints;
use crate::figures::{Figures, Filter, Window, share};
use crate::store::people;
use crate::views::figures::{HeatView, ParetoView, TimesView, WeeksView};
use crate::views::{address, options, or_none};
use crate::words::Category;

pub const HERE: &str = "/complaints/figures";

/// What stands beside the list: figures, quality events, customers who say nothing.
pub fn beside(ui: &Ui, here: &str) -> Vec<(String, String, bool)> {
    let all = [
        (HERE, "complaint-figures"),
        (quality_events::HERE, "quality_event-title"),
        (silent::HERE, "complaint-silent"),
    ];
    all.into_iter().map(|(href, key)| (href.to_owned(), ui.t(key), href == here)).collect()
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiguresQuery {
    #[serde(default)]
    window: Window,
    category: Option<Category>,
    department: Option<DepartmentId>,
}

#[derive(Template)]
#[template(path = "complaint_figures.html")]
struct FiguresPage {
    ui: Ui,
    query: FiguresQuery,
    pages: Vec<(String, String, bool)>,
    windows: Vec<(String, String)>,
    categories: Vec<(String, String)>,
    departments: Vec<(String, String)>,
    /// First and last day.
    days: String,
    figures: Figures,
    weeks: WeeksView,
    causes: Option<ParetoView>,
    times: TimesView,
    lanes: Option<HeatView>,
    again: AgainView,
}

/// Who complains again and again.
struct AgainView {
    finding: String,
    share: String,
    repeats: String,
    rows: Vec<AgainRow>,
}

struct AgainRow {
    customer_id: String,
    customer: String,
    complaints: u64,
    last: String,
}

impl AgainView {
    fn of(ui: &Ui, figures: &Figures) -> Self {
        let who = &figures.complainers;
        let rate = format::percent(share(who.repeat_customers, who.customers));
        let said = [
            ("days", who.days.to_string()),
            ("customers", who.customers.to_string()),
            ("again", who.repeat_customers.to_string()),
            ("least", who.least.to_string()),
            ("share", rate.clone()),
        ];
        let row = |one: &crate::figures::Complainer| AgainRow {
            customer_id: one.customer_id.0.clone(),
            customer: one.customer_name.clone(),
            complaints: one.complaints,
            last: format::time(one.last_received_at),
        };
        Self {
            finding: ui.with("complaint-figures-again", &said),
            share: if who.customers == 0 { "–".into() } else { rate },
            repeats: match figures.received {
                0 => "–".into(),
                received => format::percent(share(figures.repeats, received)),
            },
            rows: who.rows.iter().map(row).collect(),
        }
    }
}

pub async fn show(
    ui: Ui,
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Query(query): Query<FiguresQuery>,
) -> Page {
    let figures = complaints.figures(&actor, &query.filter()?).await?;
    let departments = people::departments(complaints.db().read()).await?;
    let departments = departments.into_iter().map(|one| (one.id.0, one.name)).collect();
    page(FiguresPage {
        pages: beside(&ui, HERE),
        windows: options(&ui, Window::ALL, Window::word, Window::key),
        categories: or_none(ui.t("complaint-any_category"), options(&ui, Category::ALL, Category::word, Category::key)),
        departments: or_none(ui.t("complaint-any_department"), departments),
        days: format!("{} – {}", format::day(figures.from), format::day(figures.to)),
        weeks: WeeksView::of(&ui, &figures),
        causes: ParetoView::of(&ui, &figures),
        times: TimesView::of(&ui, &figures),
        lanes: HeatView::of(&ui, &figures),
        again: AgainView::of(&ui, &figures),
        figures,
        query,
        ui,
    })
}

impl FiguresQuery {
    fn filter(&self) -> Result<Filter, base::Error> {
        if self.department.as_ref().is_some_and(|id| id.as_str().contains('\0')) {
            return Err(base::Error::invalid("department", base::Message::new("error-nul")));
        }
        let department = self.department.clone().filter(|id| !id.as_str().is_empty());
        Ok(Filter { window: self.window, department, category: self.category })
    }

    fn department_word(&self) -> &str {
        self.department.as_ref().map_or("", DepartmentId::as_str)
    }

    fn category_word(&self) -> &'static str {
        self.category.map_or("", Category::word)
    }

    /// Whether anything is filtered.
    fn clear(&self) -> String {
        let whole = self.category.is_none() && self.department_word().is_empty();
        if whole { String::new() } else { address(HERE, &[("window", self.window.word().to_owned())]) }
    }
}
