use std::fmt;
use std::str::FromStr;

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

base::ids! { RoleId }

/// What a kind of colleague may do.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleId,
    pub name: String,
    /// `sales_rep`, `administrator`, …: the roles that come with the program.
    pub built_in: Option<String>,
    pub version: i64,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn is_administrator(&self) -> bool {
        self.built_in.as_deref() == Some(ADMINISTRATOR)
    }
}

pub const ADMINISTRATOR: &str = "administrator";
/// The roles that come with the program; each has the text `access-role-{key}`.
pub const BUILT_IN: [&str; 5] = ["sales_rep", "customer_service", "operations", "manager", ADMINISTRATOR];

/// How far a role's permission reaches; ordered, wider is greater.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType,
)]
#[sea_orm(value_type = "String")]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    #[default]
    Own,
    Department,
    All,
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reach::Own => "own",
            Reach::Department => "department",
            Reach::All => "all",
        })
    }
}

impl FromStr for Reach {
    type Err = UnknownReach;

    fn from_str(text: &str) -> Result<Self, UnknownReach> {
        match text {
            "own" => Ok(Reach::Own),
            "department" => Ok(Reach::Department),
            "all" => Ok(Reach::All),
            _ => Err(UnknownReach),
        }
    }
}

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("not a row scope")]
pub struct UnknownReach;

impl From<&base::Scope> for Reach {
    fn from(scope: &base::Scope) -> Self {
        match scope {
            base::Scope::Own => Reach::Own,
            base::Scope::Departments(_) => Reach::Department,
            base::Scope::All => Reach::All,
        }
    }
}
