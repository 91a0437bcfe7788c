use serde::{Deserialize, Serialize};

pub const KEY: &str = "feedback";

/// Within how many working hours a department answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    pub answer_hours: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self { answer_hours: 8 }
    }
}
