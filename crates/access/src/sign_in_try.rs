use std::net::IpAddr;

use chrono::Duration;
use sea_orm::entity::prelude::*;

base::ids! { SignInTryId }

/// A sign-in with a password that was tried; removed when it worked.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_tries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SignInTryId,
    pub login: String,
    /// See `network`; empty for what somebody tries who is known already, such as a code.
    pub address: String,
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// Most tries of one login from one address within `WITHIN`. Counted with the address, so that a stranger cannot lock a
/// user out (trust.md S-08).
pub const MOST: u64 = 10;
pub const WITHIN: Duration = Duration::minutes(15);
/// Most tries within `WITHIN` of all logins from one address, and of one login from all addresses. Neither stops
/// somebody at a place where he has signed in before, so that a flood locks nobody out of his office.
pub const MOST_IN_ALL: u64 = 30;

/// What counts as one address: with IPv6 everybody has a whole /64.
pub fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(long)) => {
            let [a, b, c, d, ..] = long.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_addresses_of_one_line_count_as_one() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::1"));
        assert_ne!(network("2001:db8:1:3::1"), network("2001:db8:1:2::1"));
        assert_eq!(network("203.0.113.9"), "203.0.113.9");
    }
}
