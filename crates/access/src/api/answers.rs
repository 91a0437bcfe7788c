//! What programs get.

use std::collections::BTreeMap;

use base::Instant;
use serde::Serialize;
use utoipa::ToSchema;

use crate::named::Names;
use crate::rules::Rights;
use crate::{RoleId, department, role, session, user};

/// Whoever asks.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MeView {
    /// Id of the user; a key acts for one.
    pub id: Option<String>,
    pub name: String,
    pub by_key: bool,
    pub department_id: Option<String>,
    pub language: String,
    /// Permission and how far it reaches: own, department or all.
    pub permissions: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UserView {
    pub id: String,
    /// For `If-Match`.
    pub version: i64,
    pub name: String,
    pub login: String,
    pub department_id: Option<String>,
    /// Ids of roles.
    pub roles: Vec<String>,
    pub active: bool,
    pub language: String,
    /// Whether sign-in asks for a code.
    pub asks_code: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub signed_in_at: Option<Instant>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
}

impl UserView {
    pub fn of(user: user::Model, roles: Vec<RoleId>) -> Self {
        Self {
            asks_code: user.asks_code(),
            id: user.id.0,
            version: user.version,
            name: user.name,
            login: user.login,
            department_id: user.department_id.map(String::from),
            roles: roles.into_iter().map(String::from).collect(),
            active: user.status == user::Status::Active,
            language: user.language,
            signed_in_at: user.signed_in_at,
            created_at: user.created_at,
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DepartmentView {
    pub id: String,
    pub version: i64,
    pub name: String,
    pub parent_id: Option<String>,
}

impl From<department::Model> for DepartmentView {
    fn from(row: department::Model) -> Self {
        Self { id: row.id.0, version: row.version, name: row.name, parent_id: row.parent_id.map(String::from) }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoleView {
    pub id: String,
    pub version: i64,
    pub name: String,
    /// The key of a role that comes with the program.
    pub built_in: Option<String>,
    /// Permission and how far it reaches: own, department or all.
    pub rights: BTreeMap<String, String>,
}

impl RoleView {
    pub fn of(role: role::Model, rights: &Rights) -> Self {
        Self {
            id: role.id.0,
            version: role.version,
            name: role.name,
            built_in: role.built_in,
            rights: rights.iter().map(|(name, reach)| (name.clone(), reach.to_string())).collect(),
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// Names the session; nobody can sign in with it.
    pub id: String,
    pub user_id: String,
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    pub last_seen_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Instant,
}

impl From<session::Model> for SessionView {
    fn from(row: session::Model) -> Self {
        Self {
            id: row.token_hash,
            user_id: row.user_id.0,
            address: row.address,
            agent: row.agent,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            expires_at: row.expires_at,
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuditEntryView {
    pub id: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// User id, `key:` and key id, or `system:` and a name.
    pub actor: String,
    pub actor_name: String,
    pub action: String,
    pub object: String,
    pub object_id: String,
    /// What the record is called; absent when it is gone or hidden.
    pub object_name: Option<String>,
    /// Fields before and after.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
    /// Place in the chain, once it is sealed.
    pub sealed_no: Option<i64>,
    pub hash: Option<String>,
}

impl AuditEntryView {
    pub fn of(row: db::audit::Model, names: &Names) -> Self {
        let named = names.get(&(row.object.clone(), row.object_id.clone()));
        Self {
            object_name: named.map(|named| named.name.clone()),
            id: row.id,
            at: row.at,
            actor: row.actor,
            actor_name: row.actor_name,
            action: row.action,
            object: row.object,
            object_id: row.object_id,
            detail: row.detail,
            sealed_no: row.sealed_no,
            hash: row.hash,
        }
    }
}
