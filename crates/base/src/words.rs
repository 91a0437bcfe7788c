//! Closed sets of words: what records keep as text, addresses and files say, and people read in their language.

/// The stored word is none of the set: a newer program wrote it, or somebody by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not one of the words of this set")]
pub struct UnknownWord;

/// Declares an enum that is one word in tables, addresses and JSON, and names its text:
/// `words! { Mood, "interaction-mood-" { Pleased = "pleased", … } }`. Where another crate's enum has the same name,
/// `as "ShipmentMode"` tells them apart in the description of the interface.
#[macro_export]
macro_rules! words {
    (
        $(#[$about:meta])*
        $name:ident $(as $schema:literal)?, $prefix:literal {
            $($(#[$of:meta])* $variant:ident = $word:literal),* $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, sea_orm::DeriveValueType)]
        #[sea_orm(value_type = "String")]
        pub enum $name { $($(#[$of])* $variant),* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// As stored and as files may say them.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word),* }
            }

            /// Key of its text.
            pub fn key(self) -> &'static str {
                match self { $($name::$variant => concat!($prefix, $word)),* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $name::ALL.iter().copied().find(|one| one.word() == text).ok_or($crate::UnknownWord)
            }
        }

        // SeaORM asks it of every part of a primary key; a number of the database is never one of these words.
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some($name::WORDS.iter().copied()))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            $(fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed($schema)
            })?
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.word())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(d)?;
                // Names the set, so that whoever asked learns what is allowed.
                text.parse().map_err(|_| serde::de::Error::unknown_variant(&text, $name::WORDS))
            }
        }
    };
}
