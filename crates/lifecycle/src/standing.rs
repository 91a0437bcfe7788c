use base::{Day, Message};
pub use customers::customer::Stage;
use serde::{Deserialize, Serialize};

/// The stages that a person may give, while there is no shipment that knows better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandStage {
    NonCustomer,
    Prospect,
    Target,
}

impl From<HandStage> for Stage {
    fn from(stage: HandStage) -> Self {
        match stage {
            HandStage::NonCustomer => Stage::NonCustomer,
            HandStage::Prospect => Stage::Prospect,
            HandStage::Target => Stage::Target,
        }
    }
}

impl HandStage {
    /// `None` for a stage that shipments decide.
    pub fn of(stage: Stage) -> Option<Self> {
        match stage {
            Stage::NonCustomer => Some(HandStage::NonCustomer),
            Stage::Prospect => Some(HandStage::Prospect),
            Stage::Target => Some(HandStage::Target),
            Stage::FirstTime | Stage::Repeat | Stage::Loyal | Stage::Lost => None,
        }
    }
}

/// A stage that a person gave, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand {
    pub stage: HandStage,
    /// Counts from this day on.
    pub since: Day,
    pub reason: String,
}

/// What an administrator may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Nobody is lost before he has been silent for more than this many days.
    pub lost_after_days: u32,
    /// Nor before he has been silent for more than this many of his own median gaps between shipment days.
    pub lost_after_gaps: u32,
    /// Loyal: at least this many shipments in the last `loyal_window_months` …
    pub loyal_shipments: u32,
    /// … in at least this many of those months.
    pub loyal_months: u32,
    /// Calendar months: the month of the as-of day, as far as it has come, and the ones before it.
    pub loyal_window_months: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self { lost_after_days: 90, lost_after_gaps: 3, loyal_shipments: 6, loyal_months: 4, loyal_window_months: 6 }
    }
}

/// The answer: the stage, when it began and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub stage: Stage,
    /// The day on which the present stage began; `None` for a prospect whom nobody has judged.
    pub since: Option<Day>,
    pub reasons: Vec<Message>,
    /// The first day on which the answer differs when no new data comes; `None`: never.
    pub review_on: Option<Day>,
}

/// One change of stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    pub on: Day,
    pub from: Stage,
    pub to: Stage,
}
