//! What comes in, from people and programs.

use base::{Error, FieldProblem, Message, PageSize};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::approval::Answer;

/// Largest limit that somebody may type, whole units; above it there is none.
pub const MOST_LIMIT: i64 = 1_000_000_000;

/// What a second person says.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    pub answer: Answer,
    /// Whoever refuses says why.
    #[serde(default)]
    pub note: String,
}

/// Which half of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// Longest waiting first.
    #[default]
    Waiting,
    /// Last decided first.
    Decided,
}

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Without it what waits, which has no second page.
    #[serde(default)]
    #[param(value_type = Option<Half>)]
    pub half: Half,
    /// `next` of the page before.
    pub after: Option<String>,
    /// 1 to 100; 50 when absent.
    #[param(value_type = Option<u64>)]
    pub rows: Option<PageSize>,
}

/// A limit as it is typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitForm {
    #[serde(default)]
    pub most: String,
    /// `on`: whatever the amount.
    #[serde(default)]
    pub unlimited: String,
}

impl LimitForm {
    /// Whole units; `None` without limit.
    ///
    /// # Errors
    /// `Invalid` when it is no amount.
    pub fn read(&self) -> Result<Option<i64>, Error> {
        if !self.unlimited.is_empty() {
            return Ok(None);
        }
        let typed: String = self.most.chars().filter(|c| !matches!(c, ',' | ' ' | '\u{ff0c}')).collect();
        match typed.parse::<i64>() {
            Ok(most) if (0..=MOST_LIMIT).contains(&most) => Ok(Some(most)),
            _ => {
                let message = Message::new("approval-limit_unreadable").with("most", MOST_LIMIT);
                Err(Error::Invalid(vec![FieldProblem::new("most", message)]))
            }
        }
    }
}
