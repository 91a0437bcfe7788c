use askama::Template;
use axum::extract::{Path, State};
use base::{Actor, Error, Message, UserId};
use web::{Form, Me, Page, Problems, Ui};

use super::{belongs_to_form, department_options, maybe_department, role_name};
use crate::{Access, NewUser, RoleId, UserChange, user};

#[derive(Template)]
#[template(path = "users.html")]
struct Users {
    ui: Ui,
    rows: Vec<Row>,
}

struct Row {
    user: user::Model,
    department: String,
    roles: String,
}

#[derive(Template)]
#[template(path = "user.html")]
struct UserPage {
    ui: Ui,
    /// Empty for somebody new.
    id: String,
    typed: Typed,
    departments: Vec<(String, String)>,
    /// Id, name, held.
    roles: Vec<(String, String, bool)>,
    form: Problems,
    problem: String,
    /// The path of a fresh sign-in link, shown once.
    link: String,
}

/// What stands in the form.
#[derive(Clone, Debug, Default)]
struct Typed {
    name: String,
    login: String,
    department: String,
    roles: Vec<RoleId>,
    active: bool,
    version: i64,
    /// Not typed: whether a code can be reset.
    asks_code: bool,
}

impl Typed {
    /// Roles come as many fields of one name, which a struct cannot take.
    fn read(pairs: Vec<(String, String)>) -> Result<Self, Error> {
        let mut typed = Typed::default();
        for (name, value) in pairs {
            match name.as_str() {
                "name" => typed.name = value,
                "login" => typed.login = value,
                "department" => typed.department = value,
                "role" => typed.roles.push(RoleId(value)),
                "active" => typed.active = true,
                "version" => typed.version = value.parse().unwrap_or_default(),
                _ => return Err(Error::Refused(Message::new("error-form_unreadable"))),
            }
        }
        Ok(typed)
    }
}

pub async fn list(ui: Ui, Me(actor): Me, State(access): State<Access>) -> Page {
    let (users, held) = access.users(&actor).await?;
    let (departments, roles) = (access.departments().await?, access.roles().await?);
    let row = |user: user::Model| {
        let department = departments.iter().find(|one| Some(&one.id) == user.department_id.as_ref());
        let own =
            roles.iter().filter(|(role, _)| held.iter().any(|pair| pair.user_id == user.id && pair.role_id == role.id));
        let names: Vec<String> = own.map(|(role, _)| role_name(&ui, role)).collect();
        Row { department: department.map_or_else(String::new, |one| one.name.clone()), roles: names.join(" · "), user }
    };
    let rows = users.into_iter().map(row).collect();
    web::page(Users { ui, rows })
}

async fn form(ui: Ui, access: &Access, id: &str, typed: Typed, error: Option<&Error>, link: String) -> Page {
    let departments = department_options(&ui, &access.departments().await?);
    let roles = access.roles().await?;
    let roles = roles
        .iter()
        .map(|(role, _)| (role.id.to_string(), role_name(&ui, role), typed.roles.contains(&role.id)))
        .collect();
    let (status, form, problem) = super::problems(&ui, error);
    web::page_with(status, UserPage { ui, id: id.into(), typed, departments, roles, form, problem, link })
}

async fn stored(access: &Access, actor: &Actor, id: &UserId) -> Result<Typed, Error> {
    let (user, roles) = access.user(actor, id).await?;
    Ok(Typed {
        asks_code: user.totp_secret.is_some(),
        active: user.status == user::Status::Active,
        name: user.name,
        login: user.login,
        department: user.department_id.map_or_else(String::new, String::from),
        roles,
        version: user.version,
    })
}

pub async fn new(ui: Ui, Me(_): Me, State(access): State<Access>) -> Page {
    form(ui, &access, "", Typed { active: true, ..Typed::default() }, None, String::new()).await
}

pub async fn create(
    ui: Ui,
    Me(actor): Me,
    State(access): State<Access>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed::read(pairs)?;
    let new = NewUser {
        name: typed.name.clone(),
        login: typed.login.clone(),
        department: maybe_department(&typed.department),
        roles: typed.roles.clone(),
        language: ui.language(),
    };
    match access.create_user(&actor, new).await {
        Ok(id) => Ok(web::redirect(&format!("/settings/users/{id}"))),
        Err(error) if belongs_to_form(&error) => form(ui, &access, "", typed, Some(&error), String::new()).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn edit(ui: Ui, Me(actor): Me, State(access): State<Access>, Path(id): Path<String>) -> Page {
    let typed = stored(&access, &actor, &UserId(id.clone())).await?;
    form(ui, &access, &id, typed, None, String::new()).await
}

pub async fn change(
    ui: Ui,
    Me(actor): Me,
    State(access): State<Access>,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed::read(pairs)?;
    let change = UserChange {
        version: typed.version,
        name: typed.name.clone(),
        login: typed.login.clone(),
        department: maybe_department(&typed.department),
        roles: typed.roles.clone(),
        status: if typed.active { user::Status::Active } else { user::Status::Disabled },
    };
    match access.change_user(&actor, &UserId(id.clone()), change).await {
        Ok(()) => Ok(web::redirect("/settings/users")),
        Err(error) if belongs_to_form(&error) => form(ui, &access, &id, typed, Some(&error), String::new()).await,
        // What is stored now is shown, so that the reader sees what changed.
        Err(error @ Error::Conflict) => {
            let now = stored(&access, &actor, &UserId(id.clone())).await?;
            form(ui, &access, &id, now, Some(&error), String::new()).await
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn create_link(ui: Ui, Me(actor): Me, State(access): State<Access>, Path(id): Path<String>) -> Page {
    let user = UserId(id.clone());
    let typed = stored(&access, &actor, &user).await?;
    match access.create_link(&actor, &user).await {
        Ok(token) => form(ui, &access, &id, typed, None, format!("/sign-in/link/{token}")).await,
        Err(error @ Error::Refused(_)) => form(ui, &access, &id, typed, Some(&error), String::new()).await,
        Err(error) => Err(error.into()),
    }
}
