use std::fmt;
use std::str::FromStr;

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a day is not an ordinary one of its week.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType, ToSchema,
)]
#[sea_orm(value_type = "String")]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    Holiday,
    /// Worked although its weekday is free, in exchange for a bridge day.
    MakeUp,
}

impl DayKind {
    pub const ALL: [DayKind; 2] = [DayKind::Holiday, DayKind::MakeUp];

    pub fn word(self) -> &'static str {
        match self {
            DayKind::Holiday => "holiday",
            DayKind::MakeUp => "make_up",
        }
    }

    /// Of its name.
    pub fn key(self) -> &'static str {
        match self {
            DayKind::Holiday => "calendar-kind-holiday",
            DayKind::MakeUp => "calendar-kind-make_up",
        }
    }
}

/// Where we know a day from. A file that is read again replaces what files told, not what somebody has set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, DeriveValueType, ToSchema)]
#[sea_orm(value_type = "String")]
#[serde(rename_all = "snake_case")]
#[schema(as = CalendarOrigin)]
pub enum Origin {
    File,
    Hand,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a word of the calendar")]
pub struct UnknownWord;

impl fmt::Display for DayKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for DayKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        DayKind::ALL.into_iter().find(|kind| kind.word() == text).ok_or(UnknownWord)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Origin::File => "file",
            Origin::Hand => "hand",
        })
    }
}

impl FromStr for Origin {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "file" => Ok(Origin::File),
            "hand" => Ok(Origin::Hand),
            _ => Err(UnknownWord),
        }
    }
}

/// A holiday or a make-up workday.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = CalendarDay)]
#[sea_orm(table_name = "calendar_days")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    pub kind: DayKind,
    /// Of the holiday; for a make-up workday, of the one that it makes up for.
    pub name: String,
    pub origin: Origin,
}

impl ActiveModelBehavior for ActiveModel {}
