//! Who may come in and what he may do: users, departments, roles with row scopes, sessions, sign-in.

mod api;
pub mod api_key;
pub mod department;
pub mod identify;
mod named;
mod outside;
mod pages;
mod passwords;
mod reaches;
pub mod recovery_code;
pub mod role;
pub mod role_permission;
pub mod rules;
pub mod seal;
mod secrets;
mod service;
pub mod session;
pub mod sign_in_link;
pub mod sign_in_try;
mod store;
mod totp;
pub mod user;
pub mod user_role;

use base::{Error, Language, Permission};
use module::Access::{Needs, Public, SignedIn};
use module::{MenuEntry, MenuGroup, Module, Routes};

pub use api_key::KeyId;
pub use reaches::Reaches;
pub use role::{Reach, RoleId};
pub use seal::{Key, key_file};
pub use service::{Access, Entry, HALF_WAY, NewKey, NewUser, UserChange};
pub use totp::Offer;

pub const USERS: Permission = Permission("access.users");
pub const ROLES: Permission = Permission("access.roles");
pub const DEPARTMENTS: Permission = Permission("access.departments");
pub const SESSIONS: Permission = Permission("access.sessions");
pub const AUDIT: Permission = Permission("access.audit");
pub const KEYS: Permission = Permission("access.keys");

pub const PERMISSIONS: [Permission; 6] = [USERS, ROLES, DEPARTMENTS, SESSIONS, AUDIT, KEYS];

/// Names that are stored when nobody has said what language the firm speaks.
fn chinese_text(key: &str) -> Result<String, Error> {
    let texts = texts::Texts::load([texts::locales!()]).map_err(|error| Error::Bug(error.to_string()))?;
    Ok(texts.get(Language::Chinese, key))
}

/// What the program registers.
pub fn module(access: Access) -> Module {
    let menu = [
        ("/settings/users", "access-users", "users-group", USERS),
        ("/settings/roles", "access-roles", "roles", ROLES),
        ("/settings/departments", "access-departments", "department", DEPARTMENTS),
        ("/settings/sessions", "access-sessions", "sessions", SESSIONS),
        ("/settings/api-keys", "access-keys", "key", KEYS),
        ("/settings/audit", "access-audit", "audit", AUDIT),
    ];
    let entry =
        |(order, (href, title_key, icon, needs)): (u8, (&'static str, &'static str, &'static str, Permission))| {
            MenuEntry { group: MenuGroup::Settings, order, href, title_key, icon, needs: Some(needs) }
        };
    Module {
        name: "access",
        locales: Some(texts::locales!()),
        permissions: PERMISSIONS.to_vec(),
        records: named::own(),
        openapi: api::openapi(),
        routes: api::routes(routes(&access), &access),
        menu: (10_u8..).zip(menu).map(entry).collect(),
        ..Module::default()
    }
}

fn routes(access: &Access) -> Routes {
    use pages::{audit, codes, departments, keys, me, roles, sessions, sign_in, users};
    Routes::new()
        .get("/sign-in", Public, sign_in::show, access)
        .post("/sign-in", Public, sign_in::submit, access)
        .get("/sign-in/link/{token}", Public, sign_in::show_link, access)
        .post("/sign-in/link/{token}", Public, sign_in::use_link, access)
        .get("/sign-in/code", Public, codes::show, access)
        .post("/sign-in/code", Public, codes::submit, access)
        .post("/sign-out", SignedIn, sign_in::sign_out, access)
        .post("/preferences", Public, sign_in::prefer, access)
        .get("/me", SignedIn, me::show, access)
        .post("/me/password", SignedIn, me::set_password, access)
        .post("/me/code/offer", SignedIn, codes::offer, access)
        .post("/me/code/confirm", SignedIn, codes::confirm, access)
        .post("/me/code/stop", SignedIn, codes::stop, access)
        .post("/me/language", SignedIn, me::set_language, access)
        .post("/me/sessions/{session}/end", SignedIn, me::end_session, access)
        .get("/settings/users", Needs(USERS), users::list, access)
        .get("/settings/users/new", Needs(USERS), users::new, access)
        .post("/settings/users/new", Needs(USERS), users::create, access)
        .get("/settings/users/{id}", Needs(USERS), users::edit, access)
        .post("/settings/users/{id}", Needs(USERS), users::change, access)
        .post("/settings/users/{id}/link", Needs(USERS), users::create_link, access)
        .post("/settings/users/{id}/code/reset", Needs(USERS), codes::reset, access)
        .get("/settings/roles", Needs(ROLES), roles::list, access)
        .get("/settings/roles/new", Needs(ROLES), roles::new, access)
        .post("/settings/roles/new", Needs(ROLES), roles::create, access)
        .get("/settings/roles/{id}", Needs(ROLES), roles::edit, access)
        .post("/settings/roles/{id}", Needs(ROLES), roles::change, access)
        .get("/settings/departments", Needs(DEPARTMENTS), departments::list, access)
        .get("/settings/departments/new", Needs(DEPARTMENTS), departments::new, access)
        .post("/settings/departments/new", Needs(DEPARTMENTS), departments::create, access)
        .get("/settings/departments/{id}", Needs(DEPARTMENTS), departments::edit, access)
        .post("/settings/departments/{id}", Needs(DEPARTMENTS), departments::change, access)
        .get("/settings/sessions", Needs(SESSIONS), sessions::list, access)
        .post("/settings/sessions/{session}/end", Needs(SESSIONS), sessions::end, access)
        .get("/settings/api-keys", Needs(KEYS), keys::list, access)
        .get("/settings/api-keys/new", Needs(KEYS), keys::new, access)
        .post("/settings/api-keys/new", Needs(KEYS), keys::create, access)
        .post("/settings/api-keys/{id}/end", Needs(KEYS), keys::end, access)
        .get("/settings/audit", Needs(AUDIT), audit::list, access)
}
