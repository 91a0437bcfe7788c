use askama::Template;
use axum::extract::{Path, State};
use base::{DepartmentId, Error};
use serde::Deserialize;
use web::{Form, Me, Page, Problems, Ui};

use super::{department_options, maybe_department};
use crate::{Access, department, rules};

#[derive(Template)]
#[template(path = "departments.html")]
struct Departments {
    ui: Ui,
    /// Each with the names above it, from the top.
    rows: Vec<(department::Model, String)>,
}

#[derive(Template)]
#[template(path = "department.html")]
struct DepartmentPage {
    ui: Ui,
    /// Empty for a new one.
    id: String,
    typed: Typed,
    /// Departments that this one may stand below.
    above: Vec<(String, String)>,
    form: Problems,
    problem: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    parent: String,
    #[serde(default)]
    version: i64,
}

impl From<department::Model> for Typed {
    fn from(stored: department::Model) -> Self {
        let parent = stored.parent_id.map_or_else(String::new, String::from);
        Self { name: stored.name, parent, version: stored.version }
    }
}

pub async fn list(ui: Ui, State(access): State<Access>) -> Page {
    let all = access.departments().await?;
    let rows = rules::as_tree(&all).into_iter().map(|(row, above)| (row.clone(), above.join(" / "))).collect();
    web::page(Departments { ui, rows })
}

async fn form(ui: Ui, access: &Access, id: &str, typed: Typed, error: Option<&Error>) -> Page {
    let all = access.departments().await?;
    let below = rules::with_below(&all, &DepartmentId(id.into()));
    let free: Vec<_> = all.into_iter().filter(|one| !below.contains(&one.id)).collect();
    let above = department_options(&ui, &free);
    let (status, form, problem) = super::problems(&ui, error);
    web::page_with(status, DepartmentPage { ui, id: id.into(), typed, above, form, problem })
}

async fn stored(access: &Access, id: &str) -> Result<Typed, Error> {
    let all = access.departments().await?;
    all.into_iter().find(|one| one.id.as_str() == id).map(Typed::from).ok_or(Error::NotFound)
}

pub async fn new(ui: Ui, State(access): State<Access>) -> Page {
    form(ui, &access, "", Typed::default(), None).await
}

pub async fn create(ui: Ui, Me(actor): Me, State(access): State<Access>, Form(typed): Form<Typed>) -> Page {
    match access.create_department(&actor, &typed.name, maybe_department(&typed.parent)).await {
        Ok(_) => Ok(web::redirect("/settings/departments")),
        Err(error) if super::belongs_to_form(&error) => form(ui, &access, "", typed, Some(&error)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn edit(ui: Ui, State(access): State<Access>, Path(id): Path<String>) -> Page {
    let typed = stored(&access, &id).await?;
    form(ui, &access, &id, typed, None).await
}

pub async fn change(
    ui: Ui,
    Me(actor): Me,
    State(access): State<Access>,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Page {
    let parent = maybe_department(&typed.parent);
    match access.change_department(&actor, &DepartmentId(id.clone()), typed.version, &typed.name, parent).await {
        Ok(()) => Ok(web::redirect("/settings/departments")),
        // What is stored now is shown, so that the reader sees what changed.
        Err(error @ Error::Conflict) => {
            let now = stored(&access, &id).await?;
            form(ui, &access, &id, now, Some(&error)).await
        }
        Err(error) if super::belongs_to_form(&error) => form(ui, &access, &id, typed, Some(&error)).await,
        Err(error) => Err(error.into()),
    }
}
