//! The quality event: the same thing has gone wrong so often that one more apology is no answer.

use base::{DepartmentId, UserId};
use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::words::Cause;

base::ids! { QualityEventId }

base::words! {
    /// What its complaints have in common beside the cause.
    GroupedBy as "QualityGroupedBy", "quality_event-by-" {
        Lane = "lane",
        /// Who is responsible.
        Department = "department",
    }
}

base::words! {
    QualityStatus, "quality_event-status-" {
        Open = "open",
        Closed = "closed",
    }
}

impl QualityStatus {
    /// Class suffix of `macros.html`.
    pub fn tone(self) -> &'static str {
        match self {
            QualityStatus::Open => "warn",
            QualityStatus::Closed => "good",
        }
    }
}

/// Several complaints of one cause on one lane, or by one department, within some days.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = QualityEvent)]
#[sea_orm(table_name = "quality_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    #[schema(value_type = String)]
    pub id: QualityEventId,
    pub grouped_by: GroupedBy,
    pub cause: Cause,
    /// Of the lane; empty when it is grouped by department.
    pub origin: String,
    pub destination: String,
    #[schema(value_type = Option<String>)]
    pub department_id: Option<DepartmentId>,
    #[serde(skip)]
    pub group_key: String,
    /// When the first of the complaints that made it was received.
    #[schema(value_type = String, format = DateTime)]
    pub first_received_at: DateTimeUtc,
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: DateTimeUtc,
    /// Who sees to it; `None`: nobody has been found, whoever oversees complaints gives it to somebody.
    #[schema(value_type = Option<String>)]
    pub owner_id: Option<UserId>,
    /// What is to be done so that it does not happen again.
    pub correction: String,
    #[schema(value_type = String, format = Date)]
    pub correction_due: Date,
    pub status: QualityStatus,
    /// What was done; without it nobody closes it.
    pub done: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<DateTimeUtc>,
    pub closed_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: DateTimeUtc,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}

/// Which complaints it is made of.
pub mod member {
    use sea_orm::entity::prelude::*;

    use super::QualityEventId;
    use crate::complaint::ComplaintId;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "quality_event_complaints")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: QualityEventId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub complaint_id: ComplaintId,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A row for each group that was ever counted, locked while somebody counts it.
pub mod counted {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "quality_groups")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub group_key: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// What complaints are counted together by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Lane { cause: Cause, origin: String, destination: String },
    Department { cause: Cause, department: DepartmentId },
}

impl Group {
    /// Stable; no text of one part can be taken for another's.
    pub fn key(&self) -> String {
        match self {
            Group::Lane { cause, origin, destination } => {
                format!("lane/{cause}/{}/{origin}/{destination}", origin.len())
            }
            Group::Department { cause, department } => format!("department/{cause}/{department}"),
        }
    }

    pub fn cause(&self) -> Cause {
        match self {
            Group::Lane { cause, .. } | Group::Department { cause, .. } => *cause,
        }
    }
}

/// Those of these times, oldest first, that make an event together with the one at `own`: the earliest run of so many
/// within the span. Pure.
pub fn run_of(received: &[i64], own: usize, span: i64, least: usize) -> Option<std::ops::RangeInclusive<usize>> {
    let at = *received.get(own)?;
    let starts = (0..=own).filter(|start| at - received[*start] <= span);
    starts
        .map(|start| {
            let within = received[start..].iter().take_while(|one| **one - received[start] <= span).count();
            start..=start + within - 1
        })
        .find(|run| run.contains(&own) && run.end() - run.start() + 1 >= least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_within_the_span_make_an_event_and_two_do_not() {
        assert_eq!(run_of(&[0, 10], 1, 30, 3), None);
        assert_eq!(run_of(&[0, 10, 30], 2, 30, 3), Some(0..=2));
        assert_eq!(run_of(&[0, 10, 31], 2, 30, 3), None);
    }

    #[test]
    fn what_is_explained_late_counts_from_the_day_it_came_in() {
        assert_eq!(run_of(&[0, 5, 20, 50], 1, 30, 3), Some(0..=2));
        assert_eq!(run_of(&[0, 25, 40, 50], 1, 30, 3), Some(1..=3));
        assert_eq!(run_of(&[0, 40, 50, 60], 0, 30, 3), None, "the one that was explained must be among them");
    }

    #[test]
    fn no_lane_can_be_taken_for_another() {
        let lane = |origin: &str, destination: &str| Group::Lane {
            cause: Cause::Packing,
            origin: origin.into(),
            destination: destination.into(),
        };
        assert_ne!(lane("a/b", "c").key(), lane("a", "b/c").key());
    }
}
