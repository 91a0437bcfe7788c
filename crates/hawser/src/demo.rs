//! The textbook case as data, and a few hundred customers more, so that every page has something to show.

mod book;
mod claimed;
mod complained;
mod duty;
mod freight;
mod heard;
mod made;
mod mark;
mod programs;

use std::collections::BTreeMap;
use std::sync::Arc;

use access::{Access, NewUser};
use base::{Actor, Currency, DepartmentId, Error, Language};
use chrono::Duration;
use customers::Customers;
use db::Db;
use module::{ImportKind, deliver};
use serde::Deserialize;

use book::Owners;
pub use mark::claim;

use crate::program::Program;

/// Of whoever sets the program up.
pub const FIRST_LOGIN: &str = "admin";
/// For whom the firm's other program acts.
const OPERATIONS: &str = "li";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    departments: Vec<Department>,
    duties: Vec<duty::Duty>,
    people: Vec<Person>,
    customers: Vec<book::Customer>,
    complaints: Vec<complained::Complaint>,
    heard: Vec<heard::Heard>,
    claims: Vec<claimed::Claim>,
    made: made::Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Department {
    name: String,
    above: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Key of his role.
    pub role: String,
    pub name: String,
    pub login: String,
    department: String,
}

/// Creates the demo's people once. Nobody gets a password.
///
/// # Errors
/// When the database refuses, or `demo.toml` is broken, which is our mistake.
pub async fn load(access: &Access, actor: &Actor) -> Result<(), Error> {
    let data = read()?;
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

/// Creates the customers and their shipments once, when there are none.
///
/// # Errors
/// As `load`.
pub async fn fill(db: &Db, program: &Program, actor: &Actor) -> Result<(), Error> {
    let customers = Customers::new(db.clone());
    if customers.count(actor, &customers::store::Filter::default()).await? > 0 {
        return Ok(());
    }
    let data = read()?;
    duty::fill(db, &program.access, actor, &data.duties).await?;
    let with_role = |keys: &[&str]| -> Vec<String> {
        let those = data.people.iter().filter(|person| keys.contains(&person.role.as_str()));
        those.map(|person| person.login.clone()).collect()
    };
    // The manager looks after a few customers himself.
    let mut owners_of_made = vec![with_role(&["sales_rep"]); 6].concat();
    owners_of_made.extend(with_role(&["manager"]));
    let others = with_role(&["customer_service", "operations"]);
    let mut all = data.customers;
    all.extend(made::customers(&data.made, &owners_of_made, &others));
    let (users, _) = program.access.users(actor).await?;
    let owners: Owners = users.into_iter().map(|user| (user.login, (user.id, user.name))).collect();
    let tx = db.begin().await?;
    let mut by_hand = Vec::new();
    for customer in &all {
        let id = book::write(&tx, actor, &owners, customer).await?;
        by_hand.extend(customer.stage.as_ref().map(|(stage, reason)| (id, *stage, reason)));
    }
    db.commit(tx).await?;
    for (id, stage, reason) in by_hand {
        customers.set_stage_by_hand(actor, &id, stage, reason).await?;
    }
    // A year ago, so that every shipment of the demo finds one.
    let since = actor.today() - Duration::days(500);
    shipments::Shipments::new(db.clone()).set_rate(actor, Currency::USD, since, "7.12").await?;
    let lanes = all.iter().flat_map(|customer| customer.lanes.iter().map(|lane| (customer.name.as_str(), lane)));
    let records = freight::records(actor.today(), lanes);
    freight::bring_in(db, actor, &**kind(program, "shipments")?, &records).await?;
    complained::fill(db, &program.access, actor, &owners, &data.complaints).await?;
    heard::fill(db, actor, &owners, &data.heard).await?;
    claimed::fill(db, &program.attachments, actor, &owners, &data.claims).await?;
    if let Some((user, _)) = owners.get(OPERATIONS) {
        programs::fill(&program.access, &program.imports, actor, user).await?;
    }
    deliver(db, &program.listeners, actor.now).await.map(drop)
}

fn kind<'a>(program: &'a Program, name: &str) -> Result<&'a Arc<dyn ImportKind>, Error> {
    let found = program.import_kinds.iter().find(|kind| kind.name() == name);
    found.ok_or_else(|| Error::Bug(format!("no import of {name}")))
}

fn read() -> Result<Data, Error> {
    toml::from_str(include_str!("../../../demo/demo.toml")).map_err(|error| Error::Bug(error.to_string()))
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

/// A fresh sign-in link for one person of each role: who it is, and the token.
///
/// # Errors
/// When the database refuses.
pub async fn links(access: &Access, actor: &Actor) -> Result<Vec<(Person, String)>, Error> {
    let (users, _) = access.users(actor).await?;
    let mut people = read()?.people;
    people.push(Person {
        role: "administrator".into(),
        name: String::new(),
        login: FIRST_LOGIN.into(),
        department: String::new(),
    });
    let mut links: Vec<(Person, String)> = Vec::new();
    for mut person in people {
        let user = users.iter().find(|user| user.login == person.login);
        if let Some(user) = user
            && links.iter().all(|(other, _)| other.role != person.role)
        {
            let token = access.create_link(actor, &user.id).await?;
            person.name.clone_from(&user.name);
            links.push((person, token));
        }
    }
    Ok(links)
}
