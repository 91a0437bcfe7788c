//! Decisions about people and their rights; pure.

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, DepartmentId, FieldProblem, Message, Permission, Scope};

use crate::role::Reach;
use crate::{api_key, department, sign_in_try};

/// Permissions of a user by name, the widest reach of each.
pub type Rights = BTreeMap<String, Reach>;
/// What an actor may do, and with which rows.
pub type Scopes = BTreeMap<Permission, Scope>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("access-link_over")]
    LinkOver,
    #[error("access-wrong_sign_in")]
    WrongSignIn,
    #[error("access-last_administrator")]
    LastAdministrator,
    #[error("access-grants_more")]
    GrantsMore,
    #[error("access-own_department")]
    OwnDepartment,
    #[error("access-department_cycle")]
    DepartmentCycle,
    #[error("access-administrator_role_fixed")]
    AdministratorRoleFixed,
    #[error("access-user_disabled")]
    UserDisabled,
    #[error("access-code_already")]
    CodeAlready,
    #[error("access-code_over")]
    CodeOver,
}

impl base::Refusal for Refusal {
    fn message(&self) -> Message {
        Message::new(self.to_string())
    }
}

impl From<Refusal> for base::Error {
    fn from(refusal: Refusal) -> Self {
        base::Error::refused(refusal)
    }
}

/// The most used passwords that are long enough to pass otherwise.
const COMMON: [&str; 24] = [
    "password",
    "password1",
    "password123",
    "passw0rd",
    "p@ssw0rd",
    "12345678",
    "123456789",
    "1234567890",
    "11111111",
    "00000000",
    "88888888",
    "66666666",
    "87654321",
    "123123123",
    "12341234",
    "qwertyui",
    "qwertyuiop",
    "1qaz2wsx",
    "1q2w3e4r",
    "abcd1234",
    "a1234567",
    "admin123",
    "iloveyou",
    "woaini1314",
];

/// Length counts, not composition (OWASP ASVS 5.0, 6.2.1, 6.2.4, 6.2.5).
pub fn password_problem(password: &str, login: &str) -> Option<Message> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    if length < 8 {
        return Some(Message::new("access-password_short"));
    }
    if length > 128 {
        return Some(Message::new("access-password_long"));
    }
    (COMMON.contains(&lower.as_str()) || lower == login).then(|| Message::new("access-password_common"))
}

/// A name that a person can read: not empty, at most 100 characters.
pub fn name_problem(name: &str) -> Option<FieldProblem> {
    let problem = match name.chars().count() {
        0 => "access-name_missing",
        1..=100 => return None,
        _ => "access-name_long",
    };
    Some(FieldProblem::new("name", Message::new(problem)))
}

/// Letters, digits and `.-_@`, so that everybody can type it.
pub fn login_problem(login: &str) -> Option<FieldProblem> {
    let typed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_@".contains(c);
    let fits = (2..=64).contains(&login.len()) && login.chars().all(typed);
    (!fits).then(|| FieldProblem::new("login", Message::new("access-login_wrong")))
}

/// The department and all below it.
pub fn with_below(all: &[department::Model], top: &DepartmentId) -> Vec<DepartmentId> {
    let mut found = vec![top.clone()];
    let mut at = 0;
    while let Some(parent) = found.get(at).cloned() {
        for child in all.iter().filter(|child| child.parent_id.as_ref() == Some(&parent)) {
            if !found.contains(&child.id) {
                found.push(child.id.clone());
            }
        }
        at += 1;
    }
    found
}

/// Each department right under the one above it, with the names above from the top.
pub fn as_tree(all: &[department::Model]) -> Vec<(&department::Model, Vec<String>)> {
    let children = |parent: Option<&DepartmentId>| -> Vec<&department::Model> {
        all.iter().rev().filter(|one| one.parent_id.as_ref() == parent).collect()
    };
    let mut waiting: Vec<_> = children(None).into_iter().map(|one| (one, Vec::new())).collect();
    let mut tree: Vec<(&department::Model, Vec<String>)> = Vec::new();
    while let Some((one, above)) = waiting.pop() {
        let below = above.iter().cloned().chain([one.name.clone()]).collect::<Vec<_>>();
        waiting.extend(children(Some(&one.id)).into_iter().map(|child| (child, below.clone())));
        tree.push((one, above));
    }
    tree
}

/// # Errors
/// `DepartmentCycle` when the department would come to stand below itself.
pub fn may_move(all: &[department::Model], moved: &DepartmentId, parent: Option<&DepartmentId>) -> Result<(), Refusal> {
    match parent.is_some_and(|parent| with_below(all, moved).contains(parent)) {
        true => Err(Refusal::DepartmentCycle),
        false => Ok(()),
    }
}

/// Nobody grants what he does not have.
///
/// # Errors
/// `GrantsMore` when a right, or its reach, exceeds the giver's.
pub fn may_grant(giver: &Rights, given: &Rights) -> Result<(), Refusal> {
    let has = |(name, reach): (&String, &Reach)| giver.get(name).is_some_and(|own| own >= reach);
    match given.iter().all(has) {
        true => Ok(()),
        false => Err(Refusal::GrantsMore),
    }
}

/// Nobody widens what somebody reaches beyond what he reaches himself. `department` is where the given rights count.
///
/// # Errors
/// `GrantsMore` when a right, or the rows that it reaches there, exceed the giver's.
pub fn may_place(giver: &Scopes, given: &Rights, department: Option<&DepartmentId>) -> Result<(), Refusal> {
    let covers = |(name, reach): (&String, &Reach)| match (scope_of(giver, name), reach) {
        (None, _) => false,
        (Some(Scope::All), _) | (Some(_), Reach::Own) => true,
        (Some(Scope::Departments(own)), Reach::Department) => department.is_none_or(|one| own.contains(one)),
        (Some(_), _) => false,
    };
    given.iter().all(covers).then_some(()).ok_or(Refusal::GrantsMore)
}

/// Whoever acts as somebody else, by a link or a key, reaches what is his: his own rows are not the actor's own.
///
/// # Errors
/// `GrantsMore` when a right reaches rows that the actor's does not.
pub fn may_act_as(actor: &Scopes, his: &Rights, department: Option<&DepartmentId>) -> Result<(), Refusal> {
    let covers = |(name, reach): (&String, &Reach)| match scope_of(actor, name) {
        Some(Scope::All) => true,
        Some(Scope::Departments(own)) => *reach != Reach::All && department.is_some_and(|one| own.contains(one)),
        Some(Scope::Own) | None => false,
    };
    his.iter().all(covers).then_some(()).ok_or(Refusal::GrantsMore)
}

fn scope_of<'a>(scopes: &'a Scopes, name: &str) -> Option<&'a Scope> {
    scopes.iter().find(|(permission, _)| permission.0 == name).map(|(_, scope)| scope)
}

/// The department and all above it.
pub fn with_above(all: &[department::Model], bottom: Option<&DepartmentId>) -> Vec<DepartmentId> {
    let mut found: Vec<DepartmentId> = Vec::new();
    let mut at = bottom;
    while let Some(id) = at
        && !found.contains(id)
    {
        found.push(id.clone());
        at = all.iter().find(|one| one.id == *id).and_then(|one| one.parent_id.as_ref());
    }
    found
}

/// How often a sign-in was tried within `sign_in_try::WITHIN`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tried {
    /// This login from this address.
    pub here: u64,
    pub from_address: u64,
    pub of_login: u64,
}

impl Tried {
    /// Without the one that was noted last.
    pub fn before(self) -> Self {
        Self {
            here: self.here.saturating_sub(1),
            from_address: self.from_address.saturating_sub(1),
            of_login: self.of_login.saturating_sub(1),
        }
    }

    /// The limit that is reached, if any.
    pub fn limit(self) -> Option<Limit> {
        match self {
            tried if tried.here >= sign_in_try::MOST => Some(Limit::Here),
            tried if tried.from_address >= sign_in_try::MOST_IN_ALL => Some(Limit::Address),
            tried if tried.of_login >= sign_in_try::MOST_IN_ALL => Some(Limit::Login),
            _ => None,
        }
    }
}

/// What there were too many tries of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// One login from one address.
    Here,
    /// All logins from one address.
    Address,
    /// One login from all addresses.
    Login,
}

impl Limit {
    pub fn name(self) -> &'static str {
        match self {
            Limit::Here => "login and address",
            Limit::Address => "address",
            Limit::Login => "login",
        }
    }
}

/// A key lives until the end of a day from today to a year ahead.
pub fn last_day_problem(last_day: Day, today: Day) -> Option<FieldProblem> {
    let fits = last_day >= today && last_day <= today + api_key::LONGEST;
    (!fits).then(|| FieldProblem::new("last_day", Message::new("access-key_last_day_wrong")))
}

/// # Errors
/// `LastAdministrator` when nobody would be left who can manage users.
pub fn keeps_an_administrator<T: Ord>(active: &BTreeSet<T>, leaving: &T) -> Result<(), Refusal> {
    match active.len() == 1 && active.contains(leaving) {
        true => Err(Refusal::LastAdministrator),
        false => Ok(()),
    }
}

/// An address of our own pages: exactly one `/` in front, no backslash that browsers read as one.
pub fn local_path(path: &str) -> Option<&str> {
    let local = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    (local && !path.chars().any(char::is_control)).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_another_host_is_never_followed() {
        assert_eq!(local_path("/customers?q=a"), Some("/customers?q=a"));
        for foreign in ["//evil.example", "/\\evil.example", "https://evil.example", "", "/\n/x"] {
            assert_eq!(local_path(foreign), None, "{foreign:?}");
        }
    }

    #[test]
    fn short_and_common_passwords_are_refused_and_long_ones_need_no_signs() {
        let key = |password: &str| password_problem(password, "zhangsan").map(|message| message.key);
        assert_eq!(key("1234567").as_deref(), Some("access-password_short"));
        assert_eq!(key("Password123").as_deref(), Some("access-password_common"));
        assert_eq!(key("ZhangSan").as_deref(), Some("access-password_common"));
        assert_eq!(key(&"x".repeat(129)).as_deref(), Some("access-password_long"));
        assert_eq!(key("three ships at sea"), None);
    }

    #[test]
    fn nobody_grants_a_wider_reach_than_his_own() {
        let own = Rights::from([("customers.view".into(), Reach::Department)]);
        assert_eq!(may_grant(&own, &own), Ok(()));
        let wider = Rights::from([("customers.view".into(), Reach::All)]);
        assert_eq!(may_grant(&own, &wider), Err(Refusal::GrantsMore));
    }
}
