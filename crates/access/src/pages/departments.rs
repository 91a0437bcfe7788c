use askama::Template;
use axum::extract::{Path, State};
use base::DepartmentId;
use serde::Deserialize;
use web::{Form, Me, Page, Ui};

use super::{department_options, maybe_department};
use crate::{Access, department};

#[derive(Template)]
#[template(path = "departments.html")]
struct Departments {
    ui: Ui,
    all: Vec<department::Model>,
    options: Vec<(String, String)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    #[serde(default)]
    name: String,
    parent: Option<String>,
    #[serde(default)]
    version: i64,
}

pub async fn list(ui: Ui, State(access): State<Access>) -> Page {
    let all = access.departments().await?;
    let options = department_options(&ui, &all);
    web::page(Departments { ui, all, options })
}

pub async fn create(Me(actor): Me, State(access): State<Access>, Form(form): Form<Department>) -> Page {
    access.create_department(&actor, &form.name, maybe_department(form.parent)).await?;
    Ok(web::redirect("/settings/departments"))
}

pub async fn change(
    Me(actor): Me,
    State(access): State<Access>,
    Path(id): Path<String>,
    Form(form): Form<Department>,
) -> Page {
    let parent = maybe_department(form.parent);
    access.change_department(&actor, &DepartmentId(id), form.version, &form.name, parent).await?;
    Ok(web::redirect("/settings/departments"))
}
