//! Whose work something can be: who of all people reaches a record, whoever asks.

use std::collections::BTreeMap;

use base::{DepartmentId, Error, Permission, Scope, UserId};
use sea_orm::ConnectionTrait;

use crate::role::{Reach, RoleId};
use crate::store::{people, roles};
use crate::{rules, user};

/// How far a permission reaches for each active user who has it.
#[derive(Clone, Debug, Default)]
pub struct Reaches(BTreeMap<UserId, Scope>);

impl Reaches {
    /// # Errors
    /// When the database does not answer.
    pub async fn of(db: &impl ConnectionTrait, permission: Permission) -> Result<Self, Error> {
        let granted: BTreeMap<RoleId, Reach> = roles::granting(db, permission).await?.into_iter().collect();
        let mut widest: BTreeMap<UserId, Reach> = BTreeMap::new();
        for held in roles::all_held(db).await? {
            if let Some(reach) = granted.get(&held.role_id) {
                let known = widest.entry(held.user_id).or_default();
                *known = (*known).max(*reach);
            }
        }
        let departments = people::all_departments(db).await?;
        let active = people::all_users(db).await?.into_iter().filter(|user| user.status == user::Status::Active);
        let scope = |user: user::Model| {
            let scope = match (widest.get(&user.id)?, &user.department_id) {
                (Reach::All, _) => Scope::All,
                (Reach::Department, Some(own)) => Scope::Departments(rules::with_below(&departments, own)),
                (Reach::Department, None) => Scope::Departments(Vec::new()),
                (Reach::Own, _) => Scope::Own,
            };
            Some((user.id, scope))
        };
        Ok(Self(active.filter_map(scope).collect()))
    }

    /// Whether somebody reaches a record of this owner and department.
    pub fn reach(&self, user: &UserId, owner: Option<&UserId>, department: Option<&DepartmentId>) -> bool {
        match self.0.get(user) {
            Some(Scope::All) => true,
            Some(Scope::Departments(seen)) => owner == Some(user) || department.is_some_and(|one| seen.contains(one)),
            Some(Scope::Own) => owner == Some(user),
            None => false,
        }
    }
}
