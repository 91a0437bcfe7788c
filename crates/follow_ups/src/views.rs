//! What goes out, for people and for programs.

use std::collections::BTreeMap;

use base::{Day, Instant};
use customers::interaction::{self, Mood, Outcome};
use serde::Serialize;
use texts::format;
use utoipa::ToSchema;
use web::Ui;

use crate::follow_up::{Kind, Model, Occasion, Reopening, Status, VoidReason};
use crate::service::FollowUpFile;

/// A follow-up as programs see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FollowUp)]
pub struct FollowUpView {
    pub id: String,
    pub kind: Kind,
    pub customer: String,
    pub customer_name: String,
    pub contact: Option<String>,
    /// What made it necessary, and its id: of the complaint, or the day of the first shipment.
    pub object: Occasion,
    pub object_id: String,
    /// The round of the complaint.
    pub round: i64,
    #[schema(value_type = String, format = Date)]
    pub planned_on: Day,
    #[schema(value_type = String, format = Date)]
    pub latest_on: Day,
    /// Who should do it; absent: the customer's owner.
    pub person: Option<String>,
    pub department: Option<String>,
    pub status: Status,
    /// The words of the questions of its kind.
    pub questions: Vec<&'static str>,
    /// By the word of the question.
    pub answers: BTreeMap<String, String>,
    pub result: String,
    pub mood: Option<Mood>,
    pub satisfied: Option<i64>,
    pub remark: String,
    /// How often nobody was reached, and when last.
    pub tries: i64,
    #[schema(value_type = Option<String>, format = Date)]
    pub tried_on: Option<Day>,
    pub skip_reason: String,
    pub void_reason: Option<VoidReason>,
    /// Whether the complaint is opened again because the customer is not content.
    pub reopening: Option<Reopening>,
    pub interaction: Option<String>,
    /// When it was done, skipped or became void.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub done_at: Option<Instant>,
    pub done_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    pub version: i64,
}

impl From<FollowUpFile> for FollowUpView {
    fn from(file: FollowUpFile) -> Self {
        let row = file.follow_up;
        Self {
            answers: answers(&row),
            questions: row.kind.questions().map(|question| question.word()).into(),
            id: row.id.0,
            kind: row.kind,
            customer: row.customer_id.0,
            customer_name: file.customer.name,
            contact: row.contact_id.map(|id| id.0),
            object: row.object,
            object_id: row.object_id,
            round: row.round,
            planned_on: row.planned_on,
            latest_on: row.latest_on,
            person: row.person_id.map(|id| id.0),
            department: row.department_id.map(|id| id.0),
            status: row.status,
            result: row.result,
            mood: row.mood,
            satisfied: row.satisfied,
            remark: row.remark,
            tries: row.tries,
            tried_on: row.tried_on,
            skip_reason: row.skip_reason,
            void_reason: row.void_reason,
            reopening: row.reopening,
            interaction: row.interaction_id,
            done_at: row.done_at,
            done_by: row.done_by,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

fn answers(row: &Model) -> BTreeMap<String, String> {
    serde_json::from_value(row.answers.clone()).unwrap_or_default()
}

/// A follow-up as people read it.
#[derive(Clone, Debug)]
pub struct FollowUpRow {
    pub id: String,
    pub kind_words: String,
    pub customer: String,
    pub customer_href: String,
    pub person: String,
    pub why: String,
    /// Empty when it is about no complaint or one that the reader may not see.
    pub complaint_href: String,
    pub status: Status,
    pub status_words: String,
    /// How long until it is due, or since when it is over.
    pub due: String,
    pub tone: &'static str,
    pub planned_on: String,
    pub latest_on: String,
    pub tries: String,
    pub last_said: Vec<Said>,
    /// Question and answer, those that were answered.
    pub answers: Vec<(String, String)>,
    pub result: String,
    pub mood: String,
    pub satisfied: String,
    pub remark: String,
    /// Why it was skipped or is void.
    pub reason: String,
    pub reopening: String,
    pub version: i64,
    pub may_do: bool,
}

/// What was said before.
#[derive(Clone, Debug)]
pub struct Said {
    pub head: String,
    pub text: String,
}

impl FollowUpRow {
    pub fn of(ui: &Ui, file: FollowUpFile, today: Day) -> Self {
        let row = file.follow_up;
        let (due, tone) = due(ui, &row, today);
        let tries = row
            .tried_on
            .map(|on| ui.t2("follow_up-tries", ("tries", &row.tries.to_string()), ("on", &format::day(on))));
        let reason = match row.void_reason {
            Some(why) => ui.t(why.key()),
            None => row.skip_reason.clone(),
        };
        Self {
            kind_words: ui.t(row.kind.key()),
            customer_href: format!("/customers/{}", row.customer_id),
            customer: file.customer.name,
            person: file.person,
            why: why(ui, &row, &file.complaint),
            complaint_href: match file.complaint.is_empty() {
                true => String::new(),
                false => format!("/complaints/{}", row.object_id),
            },
            status_words: ui.t(row.status.key()),
            planned_on: format::day(row.planned_on),
            latest_on: format::day(row.latest_on),
            tries: tries.unwrap_or_default(),
            last_said: file.last_said.into_iter().map(|one| said(ui, one)).collect(),
            answers: answered(ui, &row),
            mood: row.mood.map(|mood| ui.t(mood.key())).unwrap_or_default(),
            satisfied: row.satisfied.map(|points| ui.t1("follow_up-points", "points", points)).unwrap_or_default(),
            reopening: row.reopening.map(|reopening| ui.t(reopening.key())).unwrap_or_default(),
            id: row.id.0,
            status: row.status,
            result: row.result,
            remark: row.remark,
            version: row.version,
            may_do: file.may_do,
            due,
            tone,
            reason,
        }
    }

    /// The last thing said, for a list.
    pub fn last(&self) -> Option<&Said> {
        self.last_said.first()
    }

    pub fn is_planned(&self) -> bool {
        self.status == Status::Planned
    }
}

fn why(ui: &Ui, row: &Model, complaint: &str) -> String {
    match row.object {
        Occasion::FirstShipment => ui.t1("follow_up-why-first_shipment", "on", &row.object_id),
        Occasion::Complaint if complaint.is_empty() => ui.t("follow_up-why-some_complaint"),
        Occasion::Complaint => ui.t1("follow_up-why-complaint", "number", complaint),
    }
}

fn due(ui: &Ui, row: &Model, today: Day) -> (String, &'static str) {
    if let Some(at) = row.done_at.filter(|_| row.status != Status::Planned) {
        let tone = if row.status == Status::Done { "good" } else { "neutral" };
        return (format!("{} {}", format::time(at), ui.who(&row.done_by)), tone);
    }
    let words = match (row.planned_on - today).num_days() {
        0 => ui.t("follow_up-due-today"),
        days if days > 0 => ui.t1("follow_up-due-in", "days", days),
        days => ui.t1("follow_up-due-over", "days", -days),
    };
    let tone = match () {
        () if today > row.latest_on => "risk",
        () if today >= row.planned_on => "warn",
        () => "neutral",
    };
    (words, tone)
}

fn said(ui: &Ui, one: interaction::Model) -> Said {
    let words = [Some(one.kind.key()), one.outcome.map(Outcome::key), one.mood.map(Mood::key)];
    let words = words.into_iter().flatten().map(|key| ui.t(key));
    let head = [format::time(one.happened_at), ui.who(&one.by_name)].into_iter().chain(words);
    Said { head: head.collect::<Vec<_>>().join(" · "), text: one.text }
}

fn answered(ui: &Ui, row: &Model) -> Vec<(String, String)> {
    let mut given = answers(row);
    let both = |question: crate::follow_up::Question| Some((ui.t(question.key()), given.remove(question.word())?));
    row.kind.questions().into_iter().filter_map(both).filter(|(_, answer)| !answer.is_empty()).collect()
}
