#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api;
mod codes;
mod forms;
mod keys;
mod pages;
mod people;
mod reach;
mod sign_in;
mod throttle;

use access::role::BUILT_IN;
use access::seal::Key;
use access::{Access, NewUser, PERMISSIONS, RoleId};
use base::{Actor, Instant, Permission, Scope, UserId};
use db::Db;

pub const VIEW: Permission = Permission("customers.view");

pub fn morning() -> Instant {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

pub fn boss() -> Actor {
    Actor::system("test", morning())
}

/// With the roles as the program makes them.
pub async fn ready(db: Db) -> Access {
    let access = Access::new(db, Key::from([7; 32]));
    access.know(PERMISSIONS.into_iter().chain([VIEW]));
    let mut grants: Vec<_> = PERMISSIONS.map(|permission| ("administrator", permission, Scope::All)).to_vec();
    grants.push(("administrator", VIEW, Scope::All));
    grants.push(("sales_rep", VIEW, Scope::Own));
    grants.push(("manager", VIEW, Scope::Departments(Vec::new())));
    access.ensure_roles(&grants, morning()).await.unwrap();
    access
}

pub async fn role(access: &Access, key: &str) -> RoleId {
    assert!(BUILT_IN.contains(&key));
    let all = access.roles().await.unwrap();
    all.into_iter().find(|(role, _)| role.built_in.as_deref() == Some(key)).unwrap().0.id
}

pub async fn somebody(access: &Access, login: &str, key: &str) -> UserId {
    let new =
        NewUser { name: login.into(), login: login.into(), roles: vec![role(access, key).await], ..NewUser::default() };
    access.create_user(&boss(), new).await.unwrap()
}

/// The cookie of a fresh session.
pub async fn cookie(access: &Access, id: &UserId) -> String {
    let link = access.create_link(&boss(), id).await.unwrap();
    access.redeem_link(&link, morning(), "127.0.0.1", "test").await.unwrap().session().unwrap()
}

pub async fn actor(access: &Access, id: &UserId) -> Actor {
    let cookie = cookie(access, id).await;
    access.identify_session(&cookie, morning()).await.unwrap().unwrap()
}
