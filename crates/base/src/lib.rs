//! The words all modules share. No HTTP, no queries; ids and currencies know how to be a column.

mod actor;
mod clock;
mod error;
mod event;
mod id;
mod language;
mod money;
mod page;
mod words;

pub use actor::{Actor, ActorKind, Permission, Scope};
pub use clock::now;
pub use error::{Error, FieldProblem, Message, Refusal};
pub use event::Event;
pub use id::Id;
pub use language::Language;
pub use money::{Currency, Money, UnknownCurrency};
pub use page::{Cursor, MAX_PAGE, Page, PageSize};
pub use words::UnknownWord;

/// Names an id type: `ids! { CustomerId, UserId }`.
///
/// Each is a UUIDv7 in text form; two different names cannot be mixed up.
#[macro_export]
macro_rules! ids {
    ($($(#[$about:meta])* $name:ident),* $(,)?) => {$(
        $(#[$about])*
        #[derive(
            Clone,
            Debug,
            PartialEq,
            Eq,
            PartialOrd,
            Ord,
            Hash,
            serde::Serialize,
            serde::Deserialize,
            sea_orm::DeriveValueType,
        )]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// A new id that carries the time of the act.
            pub fn new(now: $crate::Instant) -> Self {
                Self($crate::Id::new(now).into_text())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        // SeaORM asks it of every primary key; a number of the database is never one of ours.
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )*};
}

/// A point in time, UTC, microseconds (what both databases keep).
pub type Instant = chrono::DateTime<chrono::Utc>;
/// A calendar day without a time zone.
pub type Day = chrono::NaiveDate;

ids! {
    /// Somebody who signs in.
    UserId,
    DepartmentId,
    CustomerId,
}
