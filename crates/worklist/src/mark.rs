//! What somebody did about a reason, or when he wants to see it again.

use std::fmt;
use std::str::FromStr;

use base::{CustomerId, UserId};
use sea_orm::entity::prelude::*;

/// A mark hides its reason: `done` for good, `later` until a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DeriveValueType)]
#[sea_orm(value_type = "String")]
pub enum State {
    Done,
    Later,
}

#[derive(Debug, PartialEq, Eq)]
pub struct UnknownState;

impl fmt::Display for UnknownState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a state of a worklist mark")
    }
}

impl std::error::Error for UnknownState {}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            State::Done => "done",
            State::Later => "later",
        })
    }
}

impl FromStr for State {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        match text {
            "done" => Ok(State::Done),
            "later" => Ok(State::Later),
            _ => Err(UnknownState),
        }
    }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "worklist_marks")]
pub struct Model {
    /// Groups the marks of one act, so that they are undone together.
    #[sea_orm(primary_key, auto_increment = false)]
    pub act_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub mark: String,
    pub customer_id: CustomerId,
    pub state: State,
    /// Hidden before this day, for `later`.
    pub until: Option<Date>,
    /// What was logged when it was done.
    pub interaction_id: Option<String>,
    pub person: Option<UserId>,
    pub made_at: DateTimeUtc,
    pub undone_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
