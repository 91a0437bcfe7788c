use std::fmt;
use std::str::FromStr;

use base::{DepartmentId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Somebody who signs in.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    pub name: String,
    /// Lower case; what the person types to sign in.
    pub login: String,
    pub department_id: Option<DepartmentId>,
    /// BCP 47 code.
    pub language: String,
    pub status: Status,
    /// PHC string; absent until somebody sets one.
    pub password_hash: Option<String>,
    pub password_changed_at: Option<DateTimeUtc>,
    /// Sealed; never in clear.
    pub totp_secret: Option<String>,
    /// The last time step used, so that no code works twice.
    pub totp_step: Option<i64>,
    pub signed_in_at: Option<DateTimeUtc>,
    pub version: i64,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether nobody has ever signed in as this user, nor set what he signs in with.
    pub fn never_came(&self) -> bool {
        self.signed_in_at.is_none() && self.password_hash.is_none() && self.status == Status::Active
    }

    /// Whether a code is asked for at sign-in. A secret without a used step waits for its first code.
    pub fn asks_code(&self) -> bool {
        self.totp_secret.is_some() && self.totp_step.is_some()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveValueType)]
#[sea_orm(value_type = "String")]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Active,
    /// Cannot sign in; the records stay.
    Disabled,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Status::Active => "active",
            Status::Disabled => "disabled",
        })
    }
}

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        match text {
            "active" => Ok(Status::Active),
            "disabled" => Ok(Status::Disabled),
            _ => Err(UnknownStatus),
        }
    }
}

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("not a user's status")]
pub struct UnknownStatus;
