//! The list of customers.

use askama::Template;
use axum::extract::State;
use base::{Actor, Error, PageSize, UserId};
use texts::format;
use web::{Me, Page, Query, Ui};

use crate::customer::{RelationType, Stage};
use crate::department;
use crate::service::Customers;
use crate::views::list::{Head, ListQuery, NOBODY, RowView, heads};
use crate::views::{options, or_none};

#[derive(Template)]
#[template(path = "customers.html")]
struct ListPage {
    ui: Ui,
    query: ListQuery,
    rows: Vec<RowView>,
    heads: Vec<Head>,
    total: String,
    choices: Choices,
    chips: Vec<(String, String)>,
    first: String,
    previous: String,
    next: String,
    may_create: bool,
}

/// Options of the filters.
struct Choices {
    stages: Vec<(String, String)>,
    relations: Vec<(String, String)>,
    owners: Vec<(String, String)>,
    departments: Vec<(String, String)>,
}

impl ListPage {
    fn stage(&self) -> &str {
        self.query.stage.map_or("", Stage::word)
    }

    fn relation(&self) -> &str {
        self.query.relation.map_or("", RelationType::word)
    }
}

pub async fn list(ui: Ui, Me(actor): Me, State(customers): State<Customers>, Query(query): Query<ListQuery>) -> Page {
    let filter = query.filter();
    let total = customers.count(&actor, &filter).await?;
    let page = customers.list(&actor, &filter, PageSize::new(None)).await?;
    let mut beside = customers.beside(&actor, &page.rows).await?;
    let departments = customers.departments(&actor).await?;
    let choices = choices(&ui, &actor, &customers, &departments, query.owner.as_deref()).await?;
    let today = actor.today();
    let rows = page.rows.into_iter().map(|row| RowView::of(&ui, row, today, &mut beside));
    web::page(ListPage {
        rows: rows.collect(),
        heads: heads(&ui, &query, customers.may_sort_by_shipments(&actor)),
        total: ui.t1("customer-total", "count", format::thousands(total)),
        chips: chips(&ui, &query, &choices),
        choices,
        first: if query.after.is_some() { query.with(|_| ()) } else { String::new() },
        previous: query.previous_href(),
        next: page.next.map(|next| query.next_href(next)).unwrap_or_default(),
        may_create: actor.has(crate::CREATE),
        query,
        ui,
    })
}

async fn choices(
    ui: &Ui,
    actor: &Actor,
    customers: &Customers,
    departments: &[(department::Model, bool)],
    asked: Option<&str>,
) -> Result<Choices, Error> {
    let mut owners = Vec::new();
    if let Some(me) = actor.user_id() {
        owners.push((me.to_string(), ui.t("customer-mine")));
    }
    owners.push((NOBODY.to_owned(), ui.t("customer-nobody")));
    for person in customers.possible_owners(actor, crate::VIEW).await? {
        if actor.user_id() != Some(&UserId(person.id.clone())) {
            owners.push((person.id, person.name));
        }
    }
    // Somebody who has left is offered to nobody, but he is still asked for when his customers are handed over.
    if let Some(asked) = asked.filter(|asked| !owners.iter().any(|(id, _)| id == asked)) {
        let names = customers.names_of(vec![UserId(asked.into())]).await?;
        owners.extend(names.into_iter().map(|(id, name)| (id.0, ui.t1("customer-owner_left", "name", name))));
    }
    let seen = departments.iter().filter(|(_, seen)| *seen);
    let named = seen.map(|(one, _)| (one.id.to_string(), one.name.clone())).collect();
    let stages = options(ui, Stage::ALL.iter().map(|one| (one.word(), one.key())));
    let relations = options(ui, RelationType::ALL.iter().map(|one| (one.word(), one.key())));
    Ok(Choices {
        stages: or_none(ui.t("customer-all_stages"), stages),
        relations: or_none(ui.t("customer-all_relations"), relations),
        owners: or_none(ui.t("customer-all_owners"), owners),
        departments: or_none(ui.t("customer-all_departments"), named),
    })
}

/// The filters in force, each with the list without it.
fn chips(ui: &Ui, query: &ListQuery, choices: &Choices) -> Vec<(String, String)> {
    let name = |options: &[(String, String)], code: &str| {
        options
            .iter()
            .find(|(option, _)| option == code)
            .map_or_else(|| ui.t("customer-unknown"), |(_, text)| text.clone())
    };
    let mut chips = Vec::new();
    if !query.q.trim().is_empty() {
        chips.push((ui.t1("customer-chip_words", "words", &query.q), query.with(|query| query.q.clear())));
    }
    if let Some(stage) = query.stage {
        chips.push((ui.t(stage.key()), query.with(|query| query.stage = None)));
    }
    if let Some(relation) = query.relation {
        chips.push((ui.t(relation.key()), query.with(|query| query.relation = None)));
    }
    if let Some(owner) = &query.owner {
        chips.push((name(&choices.owners, owner), query.with(|query| query.owner = None)));
    }
    if let Some(department) = &query.department {
        chips.push((name(&choices.departments, department), query.with(|query| query.department = None)));
    }
    if let Some(tag) = &query.tag {
        chips.push((ui.t1("customer-chip_tag", "tag", tag), query.with(|query| query.tag = None)));
    }
    if query.due.is_some() {
        chips.push((ui.t("customer-contact_due"), query.with(|query| query.due = None)));
    }
    chips
}
