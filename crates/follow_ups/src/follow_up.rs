//! Asking a customer after a while: whether the matter is settled, how the first week was.

use base::{CustomerId, DepartmentId, UserId};
use customers::contact::ContactId;
use customers::interaction::Mood;
use sea_orm::entity::prelude::*;
use serde::Serialize;

base::ids! { FollowUpId }

base::words! {
    /// What it is about.
    Kind as "FollowUpKind", "follow_up-kind-" {
        /// A new customer's first week.
        FirstWeek = "first_week",
        /// Whether the solution of a complaint holds.
        AfterResolution = "after_resolution",
        /// How content he is, weeks after his complaint.
        Revisit = "revisit",
    }
}

base::words! {
    Status as "FollowUpStatus", "follow_up-status-" {
        Planned = "planned",
        Done = "done",
        Skipped = "skipped",
        /// What it was about is no more so.
        Void = "void",
    }
}

base::words! {
    /// What made it necessary.
    Occasion as "FollowUpOccasion", "follow_up-occasion-" {
        Complaint = "complaint",
        /// Its id is the day.
        FirstShipment = "first_shipment",
    }
}

base::words! {
    /// Why it is void.
    VoidReason as "FollowUpVoidReason", "follow_up-void-" {
        Reopened = "reopened",
        Merged = "merged",
        /// Shipments of earlier days became known.
        ShippedBefore = "shipped_before",
        TooLate = "too_late",
    }
}

base::words! {
    /// The customer is unhappy, so that his complaint is opened again.
    Reopening as "FollowUpReopening", "follow_up-reopening-" { Waiting = "waiting", Settled = "settled" }
}

base::words! {
    /// What the customer is asked.
    Question as "FollowUpQuestion", "follow_up-ask-" {
        FirstService = "first_service",
        FirstTrouble = "first_trouble",
        FirstWish = "first_wish",
        IsSettled = "is_settled",
        WasHandled = "was_handled",
        StillOpen = "still_open",
        SinceThen = "since_then",
        MostImportant = "most_important",
        WouldRecommend = "would_recommend",
    }
}

impl Kind {
    pub fn questions(self) -> [Question; 3] {
        match self {
            Kind::FirstWeek => [Question::FirstService, Question::FirstTrouble, Question::FirstWish],
            Kind::AfterResolution => [Question::IsSettled, Question::WasHandled, Question::StillOpen],
            Kind::Revisit => [Question::SinceThen, Question::MostImportant, Question::WouldRecommend],
        }
    }

    /// Whether an unhappy answer opens a complaint again.
    pub fn is_about_a_complaint(self) -> bool {
        self != Kind::FirstWeek
    }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "follow_ups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FollowUpId,
    pub kind: Kind,
    pub customer_id: CustomerId,
    pub contact_id: Option<ContactId>,
    pub object: Occasion,
    pub object_id: String,
    /// A complaint that is solved again is followed up again.
    pub round: i64,
    /// The day to ask on; after somebody was not reached, the next workday.
    pub planned_on: Date,
    pub latest_on: Date,
    /// Who should do it; `None`: whoever owns the customer.
    pub person_id: Option<UserId>,
    /// Its calendar counts.
    pub department_id: Option<DepartmentId>,
    pub status: Status,
    /// Lists go by it: what is planned by its day, everything else the newest first. See `rules::list_order`.
    pub list_order: i64,
    /// How often nobody was reached, and when last.
    pub tries: i64,
    pub tried_on: Option<Date>,
    /// By the word of the question.
    pub answers: Json,
    /// What he said on the whole.
    pub result: String,
    pub mood: Option<Mood>,
    /// 1 (not at all) to 5 (very).
    pub satisfied: Option<i64>,
    /// In his words, for a department.
    pub remark: String,
    pub skip_reason: String,
    pub void_reason: Option<VoidReason>,
    pub reopening: Option<Reopening>,
    pub interaction_id: Option<String>,
    /// When it was done, skipped or became void.
    pub done_at: Option<DateTimeUtc>,
    pub done_by: String,
    pub created_at: DateTimeUtc,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
