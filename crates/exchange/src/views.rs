//! An import as people and programs see it.

use base::Instant;
use serde::Serialize;
use utoipa::ToSchema;
use web::Ui;

use crate::batch::{Model, State};
use crate::kept;
use crate::outcome::{Counts, Progress};

/// A file that was brought in and what became of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BatchView {
    pub id: String,
    /// `customers`, `shipments`, `interactions`.
    pub kind: String,
    pub file_name: String,
    pub bytes: i64,
    /// Of the file, hexadecimal.
    pub sha256: String,
    #[schema(value_type = String, example = "previewed")]
    pub state: State,
    /// Set while the file is being checked or written: ask again.
    pub at_work: Option<ProgressView>,
    /// What the commit will do; after it, what was done.
    pub counts: Option<Counts>,
    /// The first refused rows; `refused` has all of them.
    pub problems: Vec<ProblemView>,
    pub changes: Vec<ChangeView>,
    /// Why the last step came to nothing.
    pub problem: Option<SentenceView>,
    /// TOML.
    pub mapping: String,
    pub create_customers: bool,
    pub source: String,
    pub by: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Instant>,
    /// Changes with every step; the commit wants it back in `If-Match`.
    pub version: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProgressView {
    /// `reading`, `checking`, `writing`.
    pub step: &'static str,
    /// Per cent; absent while nobody knows.
    pub percent: Option<u8>,
}

/// One refused row and one of its reasons.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProblemView {
    /// Line of the file; the first is 1.
    pub row: u64,
    /// Empty when the row as a whole is refused.
    pub field: String,
    /// The field's name for people.
    pub label: String,
    pub code: String,
    /// In the reader's language.
    pub detail: String,
}

/// A record that exists already and becomes different.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangeView {
    pub row: u64,
    pub fields: Vec<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SentenceView {
    pub code: String,
    pub detail: String,
}

impl BatchView {
    /// Rows are shown only to who brought them in.
    pub fn of(ui: &Ui, batch: &Model, at_work: Option<Progress>, own: bool) -> Self {
        let outcome = batch.outcome().unwrap_or_default();
        let shown = |field: &str| label(ui, &batch.kind, field);
        let problems = outcome.problems.iter().map(|problem| ProblemView {
            row: problem.row,
            label: shown(&problem.field),
            field: problem.field.clone(),
            code: problem.sentence.key.clone(),
            detail: ui.say(&problem.sentence.message()),
        });
        let changes = outcome.changes.iter().map(|change| ChangeView {
            row: change.row,
            fields: change.fields.iter().map(|field| shown(field)).collect(),
        });
        let problem = batch.why().map(|why| SentenceView { detail: ui.say(&why.message()), code: why.key });
        let choices = batch.choices();
        Self {
            id: batch.id.to_string(),
            kind: batch.kind.clone(),
            file_name: batch.file_name.clone(),
            bytes: batch.bytes,
            sha256: batch.sha256.clone(),
            state: batch.state,
            at_work: at_work.map(ProgressView::of),
            counts: batch.outcome().map(|outcome| outcome.counts),
            problems: problems.filter(|_| own).collect(),
            changes: changes.filter(|_| own).collect(),
            problem,
            mapping: batch.mapping.clone(),
            create_customers: choices.create_customers,
            source: choices.source,
            by: batch.by_name.clone(),
            created_at: batch.created_at,
            ended_at: batch.ended_at,
            version: batch.version,
        }
    }
}

impl BatchView {
    /// The page of the import, or one of its acts such as `/commit`.
    pub fn path(&self, act: &str) -> String {
        format!("/imports/{}{act}", self.id)
    }

    /// Where in the wizard the page is.
    pub fn step_key(&self) -> &'static str {
        match self.state {
            State::Uploaded => "import-state-uploaded",
            State::Previewed => "import-step_3",
            State::Committed => "import-step_4",
            State::Failed => "import-state-failed",
        }
    }

    pub fn kind_key(&self) -> String {
        format!("import-kind-{}", self.kind)
    }

    pub fn is_committed(&self) -> bool {
        self.state == State::Committed
    }

    pub fn can_commit(&self, own: bool) -> bool {
        own && self.state == State::Previewed
    }

    pub fn refused_tone(&self) -> &'static str {
        match self.counts.is_some_and(|counts| counts.refused > 0) {
            true => "risk",
            false => "",
        }
    }
}

impl ProgressView {
    fn of(progress: Progress) -> Self {
        let share = (progress.done.saturating_mul(100)).checked_div(progress.total);
        Self { step: progress.step.name(), percent: share.and_then(|share| u8::try_from(share.min(100)).ok()) }
    }
}

/// The field's name for people; its own name where no module gave it a text.
pub(crate) fn label(ui: &Ui, kind: &str, field: &str) -> String {
    match ui.texts() {
        Some(texts) if !field.is_empty() => kept::field_label(texts, ui.language(), kind, field),
        _ => field.to_owned(),
    }
}
