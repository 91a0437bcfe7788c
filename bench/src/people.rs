//! Who works in the made-up firm, and who signs in to measure.

use access::{Access, NewUser, Reach};
use base::{Actor, DepartmentId, Error, Language, UserId};

use crate::world::Words;

/// Logins of those who measure.
pub const REP: &str = "rep0";
pub const HEAD: &str = "head";
pub const ADMINISTRATOR: &str = "all";
const HEADS: &str = "bench_head";

#[derive(Clone, Debug)]
pub struct Rep {
    pub id: UserId,
    pub name: String,
    pub department: DepartmentId,
}

/// Creates departments, salespeople, the head of one department and an administrator.
///
/// # Errors
/// When the database refuses.
pub async fn hire(access: &Access, actor: &Actor, reps: usize) -> Result<Vec<Rep>, Error> {
    let words = Words::read();
    let mut departments = Vec::new();
    for name in words.of("departments") {
        departments.push(access.create_department(actor, name, None).await?);
    }
    let roles = access.roles().await?;
    let built_in = |key: &str| {
        let found = roles.iter().find(|(role, _)| role.built_in.as_deref() == Some(key));
        found.map(|(role, rights)| (role.id.clone(), rights.clone())).ok_or(Error::NotFound)
    };
    let (rep_role, _) = built_in("sales_rep")?;
    let (everything, _) = built_in("administrator")?;
    let (_, mut rights) = built_in("manager")?;
    rights.values_mut().filter(|reach| **reach == Reach::All).for_each(|reach| *reach = Reach::Department);
    let heads = access.create_role(actor, HEADS, &rights).await?;
    let mut hired = Vec::with_capacity(reps);
    for number in 0..reps {
        let department = departments[number % departments.len()].clone();
        let name = format!("{}{}{number}", words.at("people", number), words.at("second", number / 10));
        let new = NewUser {
            name: name.clone(),
            login: format!("rep{number}"),
            department: Some(department.clone()),
            roles: vec![rep_role.clone()],
            language: Language::Chinese,
        };
        hired.push(Rep { id: access.create_user(actor, new).await?, name, department });
    }
    for (login, role) in [(HEAD, heads), (ADMINISTRATOR, everything)] {
        let new = NewUser {
            name: login.into(),
            login: login.into(),
            department: departments.first().cloned(),
            roles: vec![role],
            language: Language::Chinese,
        };
        access.create_user(actor, new).await?;
    }
    Ok(hired)
}

/// The token of a new session, for the cookie of this person's requests.
///
/// # Errors
/// When nobody has this login.
pub async fn sign_in(access: &Access, actor: &Actor, login: &str) -> Result<String, Error> {
    let (users, _) = access.users(actor).await?;
    let user = users.into_iter().find(|user| user.login == login).ok_or(Error::NotFound)?;
    let link = access.create_link(actor, &user.id).await?;
    let entry = access.redeem_link(&link, actor.now, "127.0.0.1", "bench").await?;
    entry.session().ok_or(Error::Forbidden)
}
