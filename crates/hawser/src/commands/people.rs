//! People and keys from the operator's terminal.

use std::process::ExitCode;

use access::{KeyId, NewUser, UserChange};
use base::{Error, Language, Message, UserId};
use chrono::Duration;
use serde_json::json;

use super::{Failed, Opened};
use crate::cli::{Common, Key, User};

pub async fn user(common: &Common, command: &User) -> Result<ExitCode, Failed> {
    // The first person may be created before anything has been served.
    let opened = match command {
        User::Create { .. } => Opened::open(common).await?,
        _ => Opened::existing(common).await?,
    };
    match command {
        User::List => list(opened).await,
        User::Create { login, name, role, department } => {
            create(opened, login, name, role, department.as_deref()).await
        }
        User::Link { login } => {
            let id = id_of(&opened, login).await?;
            link(opened, &id, login).await
        }
        User::Disable { login } => disable(opened, login).await,
    }
}

async fn list(opened: Opened) -> Result<ExitCode, Failed> {
    let (users, held) = opened.program.access.users(&opened.actor).await?;
    let roles = opened.program.access.roles().await?;
    let roles_of = |id: &UserId| -> Vec<String> {
        let own = held.iter().filter(|held| held.user_id == *id);
        own.filter_map(|held| roles.iter().find(|(role, _)| role.id == held.role_id))
            .map(|(role, _)| role.built_in.clone().unwrap_or_else(|| role.name.clone()))
            .collect()
    };
    let rows: Vec<_> = users
        .iter()
        .map(|user| {
            json!({"login": user.login, "name": user.name, "status": user.status.to_string(), "roles": roles_of(&user.id)})
        })
        .collect();
    let words: Vec<_> = users
        .iter()
        .map(|user| format!("{}  {}  {}  {}", user.login, user.name, user.status, roles_of(&user.id).join(", ")))
        .collect();
    opened.answer(&json!({ "rows": rows }), &words).await
}

async fn create(
    opened: Opened,
    login: &str,
    name: &str,
    role: &str,
    department: Option<&str>,
) -> Result<ExitCode, Failed> {
    let access = &opened.program.access;
    let roles = access.roles().await?;
    let wanted = roles.iter().find(|(known, _)| known.built_in.as_deref() == Some(role) || known.name == role);
    let Some((wanted, _)) = wanted else {
        let known: Vec<_> =
            roles.iter().map(|(role, _)| role.built_in.clone().unwrap_or_else(|| role.name.clone())).collect();
        let message = Message::new("cli-unknown_role").with("role", role).with("known", known.join(", "));
        return Err(Error::invalid("role", message).into());
    };
    let department = match department {
        None => None,
        Some(name) => {
            let all = access.departments().await?;
            let found = all.into_iter().find(|one| one.name == name).map(|one| one.id);
            let unknown = || Error::invalid("department", Message::new("cli-unknown_department").with("name", name));
            Some(found.ok_or_else(unknown)?)
        }
    };
    let new = NewUser {
        name: name.into(),
        login: login.into(),
        department,
        roles: vec![wanted.id.clone()],
        language: Language::Chinese,
    };
    let id = access.create_user(&opened.actor, new).await?;
    link(opened, &id, login).await
}

async fn link(opened: Opened, id: &UserId, login: &str) -> Result<ExitCode, Failed> {
    let token = opened.program.access.create_link(&opened.actor, id).await?;
    let path = format!("/sign-in/link/{token}");
    let words = opened.texts().with(super::language(), "cli-link", &[("login", login.into()), ("path", path.clone())]);
    opened.answer(&json!({"user": id.as_str(), "login": login, "link": path}), &[words]).await
}

async fn disable(opened: Opened, login: &str) -> Result<ExitCode, Failed> {
    let id = id_of(&opened, login).await?;
    let (user, roles) = opened.program.access.user(&opened.actor, &id).await?;
    let change = UserChange {
        version: user.version,
        name: user.name,
        login: user.login,
        department: user.department_id,
        roles,
        status: access::user::Status::Disabled,
    };
    opened.program.access.change_user(&opened.actor, &id, change).await?;
    let words = opened.texts().with(super::language(), "cli-disabled", &[("login", login)]);
    opened.answer(&json!({"user": id.as_str(), "status": "disabled"}), &[words]).await
}

pub async fn key(common: &Common, command: &Key) -> Result<ExitCode, Failed> {
    let opened = Opened::existing(common).await?;
    match command {
        Key::List => {
            let keys = opened.program.access.keys(&opened.actor).await?;
            let rows: Vec<_> = keys
                .iter()
                .map(|key| {
                    json!({
                        "id": key.id.as_str(), "name": key.name, "user": key.user_id.as_str(),
                        "scopes": key.scope_names(), "expires_at": key.expires_at, "ended_at": key.ended_at,
                        "last_used_at": key.last_used_at,
                    })
                })
                .collect();
            let words: Vec<_> = keys
                .iter()
                .map(|key| format!("{}  {}  {}  {}", key.id, key.name, key.expires_at, key.scope_names().join(",")))
                .collect();
            opened.answer(&json!({ "rows": rows }), &words).await
        }
        Key::Create { user, name, scopes, days } => {
            let id = id_of(&opened, user).await?;
            let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
            let last_day = opened.actor.today() + Duration::days(i64::from(*days));
            let key = opened.program.access.create_key(&opened.actor, &id, name, &scopes, last_day).await?;
            let json = json!({"id": key.id.as_str(), "key": key.secret, "last_day": last_day, "scopes": scopes});
            opened.answer(&json, &[key.secret]).await
        }
        Key::Revoke { id } => {
            let unknown = |error| match error {
                Error::NotFound => Error::invalid("", Message::new("cli-unknown_key").with("id", id)),
                other => other,
            };
            opened.program.access.end_key(&opened.actor, &KeyId(id.clone())).await.map_err(unknown)?;
            let words = opened.texts().with(super::language(), "cli-revoked", &[("id", id.clone())]);
            opened.answer(&json!({"id": id, "ended": true}), &[words]).await
        }
    }
}

async fn id_of(opened: &Opened, login: &str) -> Result<UserId, Error> {
    let (users, _) = opened.program.access.users(&opened.actor).await?;
    let found = users.into_iter().find(|user| user.login == login.to_lowercase());
    found
        .map(|user| user.id)
        .ok_or_else(|| Error::invalid("login", Message::new("cli-unknown_login").with("login", login)))
}
