use base::{CustomerId, DepartmentId, Message, Money, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

base::ids! {
    /// One question whether something may be done.
    ApprovalId,
}

base::words! {
    /// What has become of the question.
    Status as "ApprovalStatus", "approval-status-" {
        Waiting = "waiting",
        Approved = "approved",
        Refused = "refused",
        /// Whoever asked needs no answer any more.
        Withdrawn = "withdrawn",
    }
}

base::words! {
    /// What a second person says.
    Answer as "ApprovalAnswer", "approval-answer-" {
        Approve = "approve",
        Refuse = "refuse",
    }
}

/// Something that one person may not do alone.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "approvals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApprovalId,
    /// `compensation`, `claim_payout`, …: the `name` of a registered `Kind`.
    pub kind: String,
    /// What it is about: `complaint`, `claim`.
    pub object: String,
    pub object_id: String,
    pub customer_id: Option<CustomerId>,
    /// Minor units, as it was asked for.
    pub amount: Option<i64>,
    pub currency: Option<String>,
    /// The same in the reporting currency on the day of asking; nothing where no rate was known.
    pub worth: Option<i64>,
    pub worth_currency: Option<String>,
    /// A text key and what to fill in.
    pub reason: Json,
    /// The page of what it is about.
    pub href: String,
    pub status: Status,
    /// The same for all that wait for one answer; empty of anything else once it has come.
    pub waiting_for: Option<String>,
    pub asked_at: DateTimeUtc,
    /// User id, or `system:name`.
    pub asked_by_id: String,
    pub asked_by: String,
    /// Where whoever asked worked then: reaches what is about no customer.
    pub department_id: Option<DepartmentId>,
    pub decided_at: Option<DateTimeUtc>,
    /// Empty while it waits.
    pub decided_by: String,
    pub decided_by_id: Option<UserId>,
    /// What the second person said to it.
    pub note: String,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn amount(&self) -> Option<Money> {
        money(self.amount, self.currency.as_deref())
    }

    /// The amount in the reporting currency.
    pub fn worth(&self) -> Option<Money> {
        money(self.worth, self.worth_currency.as_deref())
    }

    pub fn reason(&self) -> Option<Message> {
        Some(Sentence::deserialize(&self.reason).ok()?.into())
    }
}

fn money(minor: Option<i64>, currency: Option<&str>) -> Option<Money> {
    Some(Money::new(minor?, currency?.parse().ok()?))
}

/// A `Message` that can be stored.
#[derive(Serialize, Deserialize)]
struct Sentence {
    key: String,
    args: Vec<(String, String)>,
}

impl From<Sentence> for Message {
    fn from(sentence: Sentence) -> Self {
        Message { key: sentence.key, args: sentence.args }
    }
}
