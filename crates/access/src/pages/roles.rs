use askama::Template;
use axum::extract::{Path, State};
use base::{Error, Message};
use web::{Form, Me, Page, Problems, Ui};

use super::{belongs_to_form, role_name, sentences, text_or};
use crate::rules::Rights;
use crate::{Access, PERMISSIONS, Reach, RoleId, role};

/// How the field of a right begins; the permission follows.
const RIGHT: &str = "right.";

#[derive(Template)]
#[template(path = "roles.html")]
struct Roles {
    ui: Ui,
    rows: Vec<Row>,
}

struct Row {
    id: RoleId,
    name: String,
    rights: Vec<String>,
    people: u64,
}

#[derive(Template)]
#[template(path = "role.html")]
struct RolePage {
    ui: Ui,
    /// Empty for a new one.
    id: String,
    title: String,
    typed: Typed,
    /// Comes with the program: its name is a text.
    built_in: bool,
    /// The administrator's: only shown.
    fixed: bool,
    rights: Vec<String>,
    modules: Vec<ModuleRights>,
    form: Problems,
    problem: String,
}

/// The rights that one module checks, each a select.
struct ModuleRights {
    title: String,
    rights: Vec<Right>,
}

struct Right {
    field: String,
    label: String,
    value: String,
    options: Vec<(String, String)>,
}

/// What stands in the form.
#[derive(Clone, Debug, Default)]
struct Typed {
    name: String,
    version: i64,
    rights: Rights,
}

impl Typed {
    /// The fields depend on the modules, which a struct cannot know.
    fn read(pairs: Vec<(String, String)>) -> Result<Self, Error> {
        let unreadable = || Error::Refused(Message::new("error-form_unreadable"));
        let mut typed = Typed::default();
        for (name, value) in pairs {
            match (name.as_str(), name.strip_prefix(RIGHT)) {
                ("name", _) => typed.name = value,
                ("version", _) => typed.version = value.parse().map_err(|_| unreadable())?,
                (_, Some(permission)) => {
                    let reach: Reach = value.parse().map_err(|_| unreadable())?;
                    typed.rights.insert(permission.into(), reach);
                }
                _ => return Err(unreadable()),
            }
        }
        Ok(typed)
    }
}

pub async fn list(ui: Ui, State(access): State<Access>) -> Page {
    let mut rows = Vec::new();
    for (role, rights) in access.roles().await? {
        let people = access.people_with(&role.id).await?;
        rows.push(Row { name: role_name(&ui, &role), rights: sentences(&ui, &rights), people, id: role.id });
    }
    web::page(Roles { ui, rows })
}

/// Every permission that exists, module by module, with what the role has now.
fn modules(ui: &Ui, access: &Access, rights: &Rights) -> Vec<ModuleRights> {
    let mut modules: Vec<(&str, ModuleRights)> = Vec::new();
    for permission in access.known() {
        let (module, _) = permission.0.split_once('.').unwrap_or((permission.0, ""));
        if !modules.iter().any(|(name, _)| *name == module) {
            let title = text_or(ui, &format!("permissions-{module}"), module);
            modules.push((module, ModuleRights { title, rights: Vec::new() }));
        }
        let right = Right {
            field: format!("{RIGHT}{}", permission.0),
            label: ui.permission(permission.0),
            value: rights.get(permission.0).map_or_else(String::new, Reach::to_string),
            options: reaches(ui, PERMISSIONS.contains(permission)),
        };
        if let Some((_, found)) = modules.iter_mut().find(|(name, _)| *name == module) {
            found.rights.push(right);
        }
    }
    modules.into_iter().map(|(_, rights)| rights).collect()
}

/// Our own permissions are about the whole house and have no rows.
fn reaches(ui: &Ui, whole: bool) -> Vec<(String, String)> {
    let none = (String::new(), ui.t("access-reach-none"));
    let offered = match whole {
        true => vec![(Reach::All.to_string(), ui.t("access-reach-yes"))],
        false => [Reach::Own, Reach::Department, Reach::All]
            .map(|reach| (reach.to_string(), ui.t(&format!("access-reach-{reach}"))))
            .to_vec(),
    };
    std::iter::once(none).chain(offered).collect()
}

fn form(ui: Ui, access: &Access, stored: Option<&role::Model>, typed: Typed, error: Option<&Error>) -> Page {
    let (status, form, problem) = super::problems(&ui, error);
    let template = RolePage {
        id: stored.map_or_else(String::new, |role| role.id.to_string()),
        title: stored.map_or_else(|| ui.t("access-new_role"), |role| role_name(&ui, role)),
        built_in: stored.is_some_and(|role| role.built_in.is_some()),
        fixed: stored.is_some_and(role::Model::is_administrator),
        rights: sentences(&ui, &typed.rights),
        modules: modules(&ui, access, &typed.rights),
        typed,
        form,
        problem,
        ui,
    };
    web::page_with(status, template)
}

async fn stored(access: &Access, id: &str) -> Result<(role::Model, Typed), Error> {
    let (role, rights) = access.role(&RoleId(id.into())).await?;
    let typed = Typed { name: role.name.clone(), version: role.version, rights };
    Ok((role, typed))
}

pub async fn new(ui: Ui, State(access): State<Access>) -> Page {
    form(ui, &access, None, Typed::default(), None)
}

pub async fn create(
    ui: Ui,
    Me(actor): Me,
    State(access): State<Access>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed::read(pairs)?;
    match access.create_role(&actor, &typed.name, &typed.rights).await {
        Ok(_) => Ok(web::redirect("/settings/roles")),
        Err(error) if belongs_to_form(&error) => form(ui, &access, None, typed, Some(&error)),
        Err(error) => Err(error.into()),
    }
}

pub async fn edit(ui: Ui, State(access): State<Access>, Path(id): Path<String>) -> Page {
    let (role, typed) = stored(&access, &id).await?;
    form(ui, &access, Some(&role), typed, None)
}

pub async fn change(
    ui: Ui,
    Me(actor): Me,
    State(access): State<Access>,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Page {
    let mut typed = Typed::read(pairs)?;
    let (role, now) = stored(&access, &id).await?;
    if role.built_in.is_some() {
        typed.name = now.name.clone();
    }
    match access.change_role(&actor, &role.id, typed.version, &typed.name, &typed.rights).await {
        Ok(()) => Ok(web::redirect("/settings/roles")),
        // What is stored now is shown, so that the reader sees what changed.
        Err(error @ Error::Conflict) => form(ui, &access, Some(&role), now, Some(&error)),
        Err(error) if belongs_to_form(&error) => form(ui, &access, Some(&role), typed, Some(&error)),
        Err(error) => Err(error.into()),
    }
}
