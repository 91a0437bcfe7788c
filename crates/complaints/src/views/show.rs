//! The history of a complaint, and who is who on its page.

use base::Error;
use calendar::WorkingTime;
use calendar::words::working_time;
use chrono::Duration;
use sea_orm::ConnectionTrait;
use texts::format;
use web::Ui;

use crate::complaint::Model;
use crate::entry;
use crate::sheet::{Field, Tongue};
use crate::store;
use crate::views::card;
use crate::words::{Answer, EntryKind, Escalation, Step};

/// One line of the history as people read it.
#[derive(Clone, Debug)]
pub struct EntryView {
    pub when: String,
    pub who: String,
    pub title: String,
    pub icon: &'static str,
    pub text: String,
    pub told: String,
    /// How and when he was told.
    pub told_head: String,
    pub took: String,
    /// Written by somebody else since the reader opened the page.
    pub is_new: bool,
}

impl EntryView {
    /// `seen`: the version that the reader has read, when somebody was quicker.
    pub fn of(ui: &Ui, line: entry::Model, seen: Option<i64>) -> Self {
        let paper = card::paper(&line).map(|(field, text)| (field, text.to_owned()));
        let text = match line.kind {
            EntryKind::Paper => paper.as_ref().map(|(field, text)| shown(ui, *field, text)).unwrap_or_default(),
            EntryKind::Escalated => in_words::<Escalation>(ui, &line.text, Escalation::key),
            EntryKind::Answer => in_words::<Answer>(ui, &line.text, Answer::key),
            _ => line.text,
        };
        let title = match line.step {
            Some(step) if line.kind == EntryKind::StepSkipped => ui.t1("complaint-skipped", "step", ui.t(step.key())),
            Some(step) => ui.t(step.key()),
            None => match paper {
                Some((field, _)) => ui.t1("complaint-sheet-from_paper", "cell", ui.t(field.label())),
                None => ui.t(line.kind.key()),
            },
        };
        let how = line.told_how.map(|how| ui.t(how.key())).unwrap_or_default();
        let told_head = [how, line.told_at.map(format::time).unwrap_or_default()];
        Self {
            when: format::time(line.at),
            who: ui.who(&line.by_name),
            title,
            icon: icon(line.kind),
            text,
            told: line.told,
            told_head: told_head.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            took: line
                .took
                .map(|seconds| {
                    ui.t1("complaint-took", "time", working_time(ui, WorkingTime::from(Duration::seconds(seconds))))
                })
                .unwrap_or_default(),
            is_new: seen.is_some_and(|seen| line.version > seen),
        }
    }
}

fn shown(ui: &Ui, field: Field, stored: &str) -> String {
    match ui.texts() {
        Some(texts) => field.shown(Tongue { texts, language: ui.language() }, stored),
        None => stored.to_owned(),
    }
}

fn in_words<W: std::str::FromStr>(ui: &Ui, word: &str, key: impl Fn(W) -> &'static str) -> String {
    word.parse::<W>().map(|one| ui.t(key(one))).unwrap_or_else(|_| word.into())
}

fn icon(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Logged => "complaint",
        EntryKind::StepDone | EntryKind::CorrectionDone | EntryKind::CorrectionVerified => "check",
        EntryKind::StepSkipped => "right",
        EntryKind::Remark => "note",
        EntryKind::Hold | EntryKind::Resume => "later",
        EntryKind::Assigned => "user",
        EntryKind::Shipments => "shipments",
        EntryKind::Solution | EntryKind::Approved | EntryKind::NotApproved | EntryKind::Cause => "edit",
        EntryKind::Escalated => "risk",
        EntryKind::Answer | EntryKind::Closed => "good",
        EntryKind::Reopened => "undo",
        EntryKind::Merged | EntryKind::TookIn => "link",
        EntryKind::FileAdded | EntryKind::FileRemoved => "copy",
        EntryKind::Paper => "import",
    }
}

/// A step of the order, for the line of steps.
#[derive(Clone, Debug)]
pub struct StepMark {
    pub title: String,
    pub done: bool,
    pub now: bool,
}

pub fn step_marks(ui: &Ui, complaint: &Model) -> Vec<StepMark> {
    let mark = |step: &Step| StepMark {
        title: ui.t(step.key()),
        done: complaint.next_step.is_none_or(|next| *step < next),
        now: complaint.next_step == Some(*step) && complaint.status.is_open(),
    };
    Step::ALL.iter().map(mark).collect()
}

/// Names that the record keeps as ids.
#[derive(Clone, Debug, Default)]
pub struct People {
    pub cause_department: String,
    pub approved_by: String,
}

/// # Errors
/// When the database does not answer.
pub async fn people_of(db: &impl ConnectionTrait, complaint: &Model) -> Result<People, Error> {
    let cause_department = match &complaint.cause_department_id {
        Some(id) => store::people::department(db, id).await?.map(|one| one.name).unwrap_or_default(),
        None => String::new(),
    };
    let approved_by = match &complaint.compensation_approver {
        Some(id) => store::people::names(db, [id.clone()]).await?.remove(id).unwrap_or_default(),
        None => String::new(),
    };
    Ok(People { cause_department, approved_by })
}
