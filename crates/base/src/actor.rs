use std::collections::BTreeMap;

use crate::{DepartmentId, Error, Instant, Language, UserId};

/// The right to do one kind of thing, for example `customers.view`.
///
/// Each module declares its own as constants and registers them; roles store them by this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission(pub &'static str);

/// Which rows a permission reaches. Ordered: wider is greater.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Records that the actor owns.
    #[default]
    Own,
    /// Records of these departments (the actor's own and those below it), and his own.
    Departments(Vec<DepartmentId>),
    All,
}

/// Who acts. There is no use case without one.
#[derive(Clone, Debug)]
pub struct Actor {
    pub kind: ActorKind,
    /// Shown in the audit and on records.
    pub name: String,
    pub department: Option<DepartmentId>,
    pub permissions: BTreeMap<Permission, Scope>,
    pub language: Language,
    /// When the act happens. Rules, services and stores use this and never read a clock.
    pub now: Instant,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A signed-in person. The session is what gets ended.
    User { id: UserId, session: String },
    /// A program with an API key that acts for a user within the key's scopes.
    Key { id: String, user: UserId },
    /// A job or a command of the operator, by name.
    System(&'static str),
}

impl Actor {
    /// A job, a command line call or a migration; may do everything.
    pub fn system(name: &'static str, now: Instant) -> Self {
        Self {
            kind: ActorKind::System(name),
            name: name.into(),
            department: None,
            permissions: BTreeMap::new(),
            language: Language::default(),
            now,
        }
    }

    pub fn user_id(&self) -> Option<&UserId> {
        match &self.kind {
            ActorKind::User { id, .. } => Some(id),
            ActorKind::Key { user, .. } => Some(user),
            ActorKind::System(_) => None,
        }
    }

    pub fn has(&self, permission: Permission) -> bool {
        matches!(self.kind, ActorKind::System(_)) || self.permissions.contains_key(&permission)
    }

    /// # Errors
    /// `Forbidden` when the actor lacks the permission.
    pub fn require(&self, permission: Permission) -> Result<(), Error> {
        match self.has(permission) {
            true => Ok(()),
            false => Err(Error::Forbidden),
        }
    }

    /// The rows that a permission reaches; `None` when the actor lacks it.
    pub fn scope(&self, permission: Permission) -> Option<Scope> {
        match self.kind {
            ActorKind::System(_) => Some(Scope::All),
            _ => self.permissions.get(&permission).cloned(),
        }
    }

    /// The firm's calendar day of the act (see `texts` for the display zone). China Standard Time has no daylight saving.
    pub fn today(&self) -> crate::Day {
        Actor::day_of(self.now)
    }

    /// The firm's calendar day of an instant; at the very end of the calendar its last day.
    pub fn day_of(instant: Instant) -> crate::Day {
        instant.checked_add_signed(chrono::Duration::hours(8)).unwrap_or(Instant::MAX_UTC).date_naive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_firms_day_begins_eight_hours_earlier_and_ends_with_the_calendar() {
        let day = |text: &str| text.parse::<Instant>().map(Actor::day_of).map(|day| day.to_string());
        assert_eq!(day("2026-11-22T16:00:00Z").as_deref(), Ok("2026-11-23"));
        assert_eq!(Actor::day_of(Instant::MAX_UTC), Instant::MAX_UTC.date_naive());
        assert_eq!(Actor::day_of(Instant::MIN_UTC), Instant::MIN_UTC.date_naive());
    }
}
