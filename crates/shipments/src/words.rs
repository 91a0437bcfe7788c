//! The closed sets of words that shipments keep as text.

/// The stored word is none of the set: a newer program wrote it, or somebody by hand.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not one of the words of this set")]
pub struct UnknownWord;

/// Declares an enum that is one word in tables, addresses and JSON, and names its text.
macro_rules! words {
    ($(#[$about:meta])* $name:ident, $schema:ident, $prefix:literal { $($(#[$of:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$about])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
            utoipa::ToSchema, sea_orm::DeriveValueType,
        )]
        #[serde(rename_all = "snake_case")]
        #[schema(as = $schema)]
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

        // SeaORM asks it of every primary key; a number of the database is never one of these words.
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                $name::ALL.iter().copied().find(|one| one.word() == text).ok_or(UnknownWord)
            }
        }
    };
}

words! {
    /// How goods travel.
    Mode, ShipmentMode, "shipment-mode-" {
        Air = "air",
        AirCharter = "air_charter",
        Ocean = "ocean",
        Truck = "truck",
        Rail = "rail",
        Express = "express",
        Multimodal = "multimodal",
        /// The source says that it does not say.
        NotStated = "not_stated",
    }
}

words! {
    /// Who pays the freight and when.
    PaymentTerm, PaymentTerm, "shipment-payment_term-" {
        /// By the shipper, on the spot.
        Prepaid = "prepaid",
        /// By the consignee, on delivery.
        Collect = "collect",
        /// On account, once a month.
        Monthly = "monthly",
    }
}

words! {
    /// The steps of a shipment, in their usual order.
    MilestoneKind, MilestoneKind, "shipment-milestone-" {
        Booked = "booked",
        PickedUp = "picked_up",
        Handled = "handled",
        Documented = "documented",
        HandedOver = "handed_over",
        Transferred = "transferred",
        Tracked = "tracked",
        Exception = "exception",
        Signed = "signed",
        Maintained = "maintained",
    }
}
