//! What comes in about contacts, from people and from programs.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::birthday::Birthday;
use crate::consent::{Basis, ConsentAnswer, Purpose};
use crate::contact::{Channel, Identity};
use crate::contact_role::BuyingRole;

/// A contact as somebody wants it. Numbers, addresses and the birthday are shown masked; what is absent here, or masked
/// as it was shown, stays as it is, and an empty text takes it away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactDraft {
    pub name: String,
    #[serde(default)]
    pub honorific: String,
    #[serde(default)]
    pub post: String,
    #[serde(default)]
    pub department: String,
    #[serde(default)]
    pub identity: Option<Identity>,
    #[serde(default)]
    pub roles: Vec<RoleDraft>,
    #[serde(default)]
    pub personality: String,
    #[serde(default)]
    pub hobbies: Vec<String>,
    #[serde(default)]
    pub avoid: String,
    /// Null takes it away.
    #[serde(default, deserialize_with = "told")]
    #[schema(value_type = Option<Birthday>)]
    pub birthday: Option<Option<Birthday>>,
    #[serde(default)]
    pub mobile: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub wechat: Option<String>,
    #[serde(default)]
    pub preferred_channel: Option<Channel>,
    /// Days between two times at which he wants to hear from us.
    #[serde(default)]
    pub inform_every_days: Option<i64>,
    #[serde(default)]
    pub notes: String,
}

impl ContactDraft {
    /// A contact of this name and nothing else.
    pub fn named(name: &str) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

/// What a contact has to say; on all lanes where origin and destination are empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ContactRole)]
pub struct RoleDraft {
    pub role: BuyingRole,
    #[serde(default)]
    pub origin: String,
    #[serde(default)]
    pub destination: String,
}

impl RoleDraft {
    pub fn on_all_lanes(role: BuyingRole) -> Self {
        Self { role, origin: String::new(), destination: String::new() }
    }

    pub fn on(role: BuyingRole, origin: &str, destination: &str) -> Self {
        Self { role, origin: origin.into(), destination: destination.into() }
    }
}

/// What a contact said about one use of his data, and how we know.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentDraft {
    pub purpose: Purpose,
    pub answer: ConsentAnswer,
    /// Needed for what is given, and only there.
    #[serde(default)]
    pub basis: Option<Basis>,
    pub channel: Channel,
    /// What proves it; needed for what is given.
    #[serde(default)]
    pub evidence: String,
}

/// Tells null from absent.
fn told<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Birthday>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
