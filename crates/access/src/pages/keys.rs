//! Keys of programs.

use askama::Template;
use axum::extract::{Path, State};
use base::{Actor, Day, Error, FieldProblem, Message};
use web::{Form, Me, Page, Problems, Ui};

use super::belongs_to_form;
use crate::{Access, KeyId, NewKey, api_key};

/// What the form proposes.
const USUAL_DAYS: u64 = 90;

#[derive(Template)]
#[template(path = "api_keys.html")]
struct Keys {
    ui: Ui,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "api_key.html")]
struct KeyPage {
    ui: Ui,
    typed: Typed,
    /// Name, text, chosen.
    scopes: Vec<(String, String, bool)>,
    form: Problems,
    problem: String,
}

#[derive(Template)]
#[template(path = "api_key_made.html")]
struct KeyMade {
    ui: Ui,
    name: String,
    secret: String,
}

struct Row {
    key: api_key::Model,
    user: String,
    scopes: String,
    last_day: String,
    last_used: String,
    lives: bool,
}

#[derive(Clone, Debug, Default)]
struct Typed {
    name: String,
    last_day: String,
    scopes: Vec<String>,
}

impl Typed {
    /// Scopes come as many fields of one name, which a struct cannot take.
    fn read(pairs: Vec<(String, String)>) -> Result<Self, Error> {
        let mut typed = Typed::default();
        for (name, value) in pairs {
            match name.as_str() {
                "name" => typed.name = value,
                "last_day" => typed.last_day = value,
                "scope" => typed.scopes.push(value),
                _ => return Err(Error::Refused(Message::new("error-form_unreadable"))),
            }
        }
        Ok(typed)
    }

    async fn create(&self, access: &Access, actor: &Actor) -> Result<NewKey, Error> {
        let last_day: Day = self.last_day.parse().map_err(|_| {
            Error::Invalid(vec![FieldProblem::new("last_day", Message::new("access-key_last_day_wrong"))])
        })?;
        let user = actor.user_id().ok_or(Error::Forbidden)?;
        let scopes: Vec<&str> = self.scopes.iter().map(String::as_str).collect();
        access.create_key(actor, user, &self.name, &scopes, last_day).await
    }
}

pub async fn list(ui: Ui, Me(actor): Me, State(access): State<Access>) -> Page {
    let names = access.user_names().await?;
    let row = |key: api_key::Model| {
        let user = names.iter().find(|(id, _)| *id == key.user_id).map(|(_, name)| name.clone());
        let scopes: Vec<String> = key.scope_names().iter().map(|name| ui.permission(name)).collect();
        Row {
            user: user.unwrap_or_default(),
            scopes: scopes.join(" · "),
            last_day: texts::format::day(key.last_day()),
            last_used: key.last_used_at.map_or_else(String::new, texts::format::time),
            lives: key.lives(actor.now),
            key,
        }
    };
    let rows = access.keys(&actor).await?.into_iter().map(row).collect();
    web::page(Keys { ui, rows })
}

fn form(ui: Ui, actor: &Actor, typed: Typed, error: Option<&Error>) -> Page {
    let (status, form, problem) = super::problems(&ui, error);
    let own = actor.permissions.keys().map(|permission| {
        let chosen = typed.scopes.iter().any(|scope| scope == permission.0);
        (permission.0.to_owned(), ui.permission(permission.0), chosen)
    });
    let scopes = own.collect();
    web::page_with(status, KeyPage { ui, typed, scopes, form, problem })
}

pub async fn new(ui: Ui, Me(actor): Me) -> Page {
    let last_day = actor.today() + chrono::Days::new(USUAL_DAYS);
    form(ui, &actor, Typed { last_day: last_day.to_string(), ..Typed::default() }, None)
}

pub async fn create(
    ui: Ui,
    Me(actor): Me,
    State(access): State<Access>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed::read(pairs)?;
    match typed.create(&access, &actor).await {
        Ok(made) => web::page(KeyMade { ui, name: typed.name, secret: made.secret }),
        Err(error) if belongs_to_form(&error) => form(ui, &actor, typed, Some(&error)),
        Err(error) => Err(error.into()),
    }
}

pub async fn end(Me(actor): Me, State(access): State<Access>, Path(id): Path<String>) -> Page {
    access.end_key(&actor, &KeyId(id)).await?;
    Ok(web::redirect("/settings/api-keys"))
}
