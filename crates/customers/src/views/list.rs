//! A row of the list, and how the list is asked.

use base::{Actor, Cursor, Day, DepartmentId, UserId};
use serde::Deserialize;
use texts::format;
use web::Ui;

use super::{ago, due_words};
use crate::customer::{Model, RelationType, Stage};
use crate::figures::{self, ValueBasis};
use crate::service::Beside;
use crate::store::{Filter, Sort};

/// The owner that means: nobody.
pub(crate) const NOBODY: &str = "none";
/// Pages that "previous" can go back; each costs a cursor in the address.
const LONGEST_TRAIL: usize = 30;
/// Stands first in a trail whose beginning was cut off.
const CUT: &str = "-";

/// The address of the list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ListQuery {
    pub q: String,
    pub stage: Option<Stage>,
    pub relation: Option<RelationType>,
    pub owner: Option<String>,
    pub department: Option<String>,
    pub tag: Option<String>,
    /// `yes`: only those whose contact is due.
    pub due: Option<Due>,
    pub sort: Sort,
    pub after: Option<String>,
    /// Where the pages before this one start, oldest first, so that "previous" needs no query of its own.
    pub trail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Due {
    Yes,
}

impl ListQuery {
    pub fn filter(&self) -> Filter {
        let somebody = self.owner.clone().filter(|owner| owner != NOBODY);
        Filter {
            words: self.q.clone(),
            stage: self.stage,
            without_owner: self.owner.is_some() && somebody.is_none(),
            owner: somebody.map(UserId),
            department: self.department.clone().map(DepartmentId),
            relation_type: self.relation,
            tag: self.tag.clone(),
            contact_due: self.due.is_some(),
            sort: self.sort,
            after: self.after.as_deref().and_then(Cursor::decode),
            ..Filter::default()
        }
    }

    pub fn is_filtered(&self) -> bool {
        Filter { sort: Sort::default(), after: None, ..self.filter() } != Filter::default()
    }

    pub fn href(&self) -> String {
        let sort = match self.sort {
            Sort::Name => None,
            Sort::Updated => Some("updated"),
            Sort::Created => Some("created"),
            Sort::LastContact => Some("last_contact"),
            Sort::Stage => Some("stage"),
            Sort::Shipments => Some("shipments"),
            Sort::Value => Some("value"),
            Sort::NextStep => Some("next_step"),
        };
        let all = [
            ("q", Some(self.q.as_str())),
            ("stage", self.stage.map(Stage::word)),
            ("relation", self.relation.map(RelationType::word)),
            ("owner", self.owner.as_deref()),
            ("department", self.department.as_deref()),
            ("tag", self.tag.as_deref()),
            ("due", self.due.map(|_| "yes")),
            ("sort", sort),
            ("after", self.after.as_deref()),
            ("trail", Some(self.trail.as_str())),
        ];
        let given = all.into_iter().filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)));
        let query = serde_urlencoded::to_string(given.collect::<Vec<_>>()).unwrap_or_default();
        if query.is_empty() { "/customers".into() } else { format!("/customers?{query}") }
    }

    /// The same list from its beginning, changed a little.
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut changed = Self { after: None, trail: String::new(), ..self.clone() };
        change(&mut changed);
        changed.href()
    }

    /// The page that starts at `next`.
    pub fn next_href(&self, next: String) -> String {
        let mut trail: Vec<&str> = self.trail.split('.').chain(self.after.as_deref()).collect();
        trail.retain(|cursor| !cursor.is_empty());
        if trail.len() > LONGEST_TRAIL {
            trail.drain(..2);
            trail.insert(0, CUT);
        }
        Self { after: Some(next), trail: trail.join("."), ..self.clone() }.href()
    }

    /// The page before this one; empty on the first page.
    pub fn previous_href(&self) -> String {
        let (trail, after) = self.trail.rsplit_once('.').unwrap_or(("", &self.trail));
        if self.after.is_none() || after == CUT {
            return String::new();
        }
        let after = Some(after.to_owned()).filter(|cursor| !cursor.is_empty());
        Self { after, trail: trail.into(), ..self.clone() }.href()
    }
}

/// A column's head: a link that sorts by it, where the list can.
pub(crate) struct Head {
    pub label: String,
    /// Empty when the list cannot be sorted by it.
    pub href: String,
    /// `ascending`, `descending`, or empty when the list is not sorted by it.
    pub sorted: &'static str,
    /// `num` for figures.
    pub class: &'static str,
}

/// `by_shipments`: whether the reader may sort by what shipments add up to.
pub(crate) fn heads(ui: &Ui, query: &ListQuery, by_shipments: bool) -> Vec<Head> {
    let figures = |sort| by_shipments.then_some((sort, "descending"));
    let columns = [
        ("customer-name", Some((Sort::Name, "ascending")), ""),
        ("customer-stage", Some((Sort::Stage, "ascending")), ""),
        ("customer-shipments_30", figures(Sort::Shipments), "num"),
        ("customer-value", figures(Sort::Value), "num"),
        ("customer-last_contact", Some((Sort::LastContact, "ascending")), ""),
        ("customer-next_step", Some((Sort::NextStep, "ascending")), ""),
        ("customer-owner", None, ""),
        ("customer-tags", None, ""),
        ("customer-updated", Some((Sort::Updated, "descending")), "cell-roomy"),
    ];
    let head = |(key, sort, class): (&str, Option<(Sort, &'static str)>, &'static str)| Head {
        label: ui.t(key),
        class,
        href: sort.map_or_else(String::new, |(sort, _)| query.with(|query| query.sort = sort)),
        sorted: sort.filter(|(sort, _)| *sort == query.sort).map_or("", |(_, direction)| direction),
    };
    columns.into_iter().map(head).collect()
}

/// A customer in the list.
pub(crate) struct RowView {
    pub id: String,
    pub name: String,
    /// Empty when the name says it already.
    pub short_name: String,
    pub stage: String,
    pub stage_tone: &'static str,
    /// Of the last 30 days; empty where the reader may not see shipments or nothing was ever shipped.
    pub shipments: String,
    /// `-8%` against the 30 days before; empty without shipments in those.
    pub change: String,
    /// In words, for the hover and for readers who hear the page.
    pub change_words: String,
    /// Of the last 365 days; empty where the reader may not see shipments.
    pub value: String,
    /// What the value is, when it is not the margin.
    pub value_note: String,
    pub value_full: String,
    pub last_contact: String,
    /// Silent beyond the rhythm agreed for the customer.
    pub contact_late: bool,
    pub step: String,
    pub step_due: String,
    pub step_tone: &'static str,
    pub owner: String,
    pub tags: Vec<String>,
    /// Tags that are not shown.
    pub more_tags: usize,
    pub updated: String,
}

/// Tags shown in a row.
const SHOWN_TAGS: usize = 3;

impl RowView {
    pub fn of(ui: &Ui, row: Model, today: Day, beside: &mut Beside) -> Self {
        let figures = FiguresView::of(ui, beside.figures.remove(&row.id));
        let tags = beside.tags.remove(&row.id).unwrap_or_default();
        let step = beside.steps.remove(&row.id);
        let due = step.as_ref().and_then(|step| step.next_step_on).map(|due| due_words(ui, due, today));
        let (step_due, step_tone) = due.unwrap_or_default();
        Self {
            stage: ui.t(row.stage.key()),
            stage_tone: row.stage.tone(),
            shipments: figures.shipments,
            change: figures.change,
            change_words: figures.change_words,
            value: figures.value,
            value_note: figures.value_note,
            value_full: figures.value_full,
            last_contact: match row.last_contact_at {
                Some(last) => ago(ui, Actor::day_of(last), today),
                None => ui.t("customer-never"),
            },
            contact_late: row.contact_due_on.is_some_and(|due| due < today),
            step: step.and_then(|step| step.next_step).unwrap_or_default(),
            step_due,
            step_tone,
            owner: row.owner_id.as_ref().and_then(|owner| beside.owners.get(owner)).cloned().unwrap_or_default(),
            more_tags: tags.len().saturating_sub(SHOWN_TAGS),
            tags: tags.into_iter().take(SHOWN_TAGS).collect(),
            updated: format::day(Actor::day_of(row.updated_at)),
            short_name: if row.name.contains(&row.short_name) { String::new() } else { row.short_name },
            name: row.name,
            id: row.id,
        }
    }
}

/// What the value is, when it is not the margin, and what is not in it.
fn value_note(ui: &Ui, figures: &figures::Model) -> String {
    let basis = match (figures.value_minor, figures.value_basis) {
        (Some(_), ValueBasis::Revenue | ValueBasis::Mixed) => Some(ui.t(figures.value_basis.key())),
        _ => None,
    };
    let apart = figures.value_apart.words(ui.language());
    let apart = (!apart.is_empty()).then(|| ui.t1("customer-value-apart", "amounts", apart));
    basis.into_iter().chain(apart).collect::<Vec<_>>().join(" · ")
}

/// What shipments add up to, in words.
#[derive(Default)]
struct FiguresView {
    shipments: String,
    change: String,
    change_words: String,
    value: String,
    value_note: String,
    value_full: String,
}

impl FiguresView {
    /// `None`: nothing was shipped, or the reader may not see it.
    fn of(ui: &Ui, figures: Option<figures::Model>) -> Self {
        let Some(figures) = figures else { return Self::default() };
        let value = figures.value();
        Self {
            shipments: format::thousands(figures.shipments_30),
            change: format::change(figures.shipments_30, figures.shipments_prior_30).unwrap_or_default(),
            change_words: ui.t1("customer-shipments_prior", "count", figures.shipments_prior_30),
            value: match value {
                Some(value) => format::money_short(value, ui.language()),
                None => ui.t(figures.value_basis.key()),
            },
            value_full: value.map(|value| format::amount(value, ui.language())).unwrap_or_default(),
            value_note: value_note(ui, &figures),
        }
    }
}
