//! The textbook case as data: people of each role, and the customers of `demo/demo.toml`.

use std::collections::BTreeMap;

use access::{Access, NewUser};
use base::{Actor, DepartmentId, Error, Language, UserId};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    departments: Vec<Department>,
    people: Vec<Person>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Department {
    name: String,
    above: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    role: String,
    name: String,
    login: String,
    department: String,
}

/// Creates the demo's people once. Nobody gets a password.
///
/// # Errors
/// When the database refuses, or `demo.toml` is broken, which is our mistake.
pub async fn load(access: &Access, actor: &Actor) -> Result<(), Error> {
    let data: Data =
        toml::from_str(include_str!("../../../demo/demo.toml")).map_err(|error| Error::Bug(error.to_string()))?;
    let (users, _) = access.users(actor).await?;
    if users.iter().any(|user| data.people.iter().any(|person| person.login == user.login)) {
        return Ok(());
    }
    let departments = departments(access, actor, &data.departments).await?;
    let roles: BTreeMap<String, _> =
        access.roles().await?.into_iter().filter_map(|(role, _)| Some((role.built_in?, role.id))).collect();
    for person in data.people {
        let new = NewUser {
            name: person.name,
            login: person.login,
            department: departments.get(&person.department).cloned(),
            roles: roles.get(&person.role).cloned().into_iter().collect(),
            language: Language::Chinese,
        };
        access.create_user(actor, new).await?;
    }
    Ok(())
}

async fn departments(
    access: &Access,
    actor: &Actor,
    wanted: &[Department],
) -> Result<BTreeMap<String, DepartmentId>, Error> {
    let mut made = BTreeMap::new();
    for department in wanted {
        let above = department.above.as_ref().and_then(|name| made.get(name)).cloned();
        let id = access.create_department(actor, &department.name, above).await?;
        made.insert(department.name.clone(), id);
    }
    Ok(made)
}

/// A fresh sign-in link for everybody: name and token.
///
/// # Errors
/// When the database refuses.
pub async fn links(access: &Access, actor: &Actor) -> Result<Vec<(String, String)>, Error> {
    let (users, _) = access.users(actor).await?;
    let mut links = Vec::new();
    for user in users {
        let token = access.create_link(actor, &UserId(user.id)).await?;
        links.push((user.name, token));
    }
    Ok(links)
}
