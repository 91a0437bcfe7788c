//! What the built-in roles may do at first. An administrator can change all but his own role.

use base::{Permission, Scope};

/// Role key, permission, reach.
pub fn grants() -> Vec<(&'static str, Permission, Scope)> {
    let mut grants = Vec::new();
    for permission in access::PERMISSIONS {
        grants.push(("administrator", permission, Scope::All));
    }
    grants.push(("manager", access::AUDIT, Scope::All));
    grants
}
