//! An import as people and programs see it.

use base::Instant;
use serde::Serialize;
use utoipa::ToSchema;
use web::Ui;

use crate::batch::{Model, State};
use crate::outcome::{Change, Counts, Outcome, Problem, Progress, Sentence};
use crate::words::{Words, shown_key};

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
    /// What is probably not meant so, such as waybills that are known under another source.
    pub warnings: Vec<SentenceView>,
    /// What is left out, such as columns that the mapping names and the file does not have.
    pub notices: Vec<SentenceView>,
    /// The first refused rows; `refused` has all of them.
    pub problems: Vec<ProblemView>,
    /// The first rows that change something.
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
    /// What people know the record by, as the file says it: `YD2026 · 2`.
    pub key: String,
    /// Empty when the row as a whole is refused.
    pub field: String,
    /// The field's name for people.
    pub label: String,
    /// Header of the file's column.
    pub column: String,
    /// What stands there.
    pub value: String,
    pub code: String,
    /// Why, in the reader's language.
    pub reason: String,
    /// Everything about it in one sentence.
    pub detail: String,
}

/// A record that exists already and becomes different.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangeView {
    pub row: u64,
    /// As in `ProblemView`.
    pub key: String,
    /// Names of the fields for people.
    pub fields: Vec<String>,
    pub values: Vec<ReplacedView>,
}

/// One field of a record that exists already.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReplacedView {
    pub field: String,
    pub label: String,
    /// In the reader's language.
    pub before: String,
    pub after: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SentenceView {
    pub code: String,
    pub detail: String,
}

impl SentenceView {
    pub fn of(words: &Words<'_>, sentence: &Sentence) -> Self {
        Self { code: sentence.key.clone(), detail: words.say("", sentence) }
    }
}

impl ProblemView {
    pub fn of(words: &Words<'_>, problem: &Problem) -> Self {
        Self {
            row: problem.row,
            key: shown_key(&problem.key),
            label: if problem.field.is_empty() { String::new() } else { words.field(&problem.field) },
            field: problem.field.clone(),
            column: problem.column.clone(),
            value: problem.value.clone(),
            code: problem.sentence.key.clone(),
            reason: words.say(&problem.field, &problem.sentence),
            detail: words.problem(problem),
        }
    }

    /// Whether the file calls the column otherwise than we call the field.
    pub fn is_renamed(&self) -> bool {
        !self.column.is_empty() && self.column != self.label
    }
}

impl ChangeView {
    pub fn of(words: &Words<'_>, change: &Change) -> Self {
        let value = |replaced: &crate::outcome::Replaced| {
            let [label, before, after] = words.replaced(replaced);
            ReplacedView { field: replaced.field.clone(), label, before, after }
        };
        Self {
            row: change.row,
            key: shown_key(&change.key),
            fields: change.fields.iter().map(|field| words.field(field)).collect(),
            values: change.values.iter().map(value).collect(),
        }
    }
}

/// The parts of an outcome that name rows.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RowViews {
    pub warnings: Vec<SentenceView>,
    pub notices: Vec<SentenceView>,
    pub problems: Vec<ProblemView>,
    pub changes: Vec<ChangeView>,
}

impl RowViews {
    pub fn of(words: &Words<'_>, outcome: &Outcome) -> Self {
        let sentences = |all: &[Sentence]| all.iter().map(|one| SentenceView::of(words, one)).collect();
        Self {
            warnings: sentences(&outcome.warnings),
            notices: sentences(&outcome.notices),
            problems: outcome.problems.iter().map(|problem| ProblemView::of(words, problem)).collect(),
            changes: outcome.changes.iter().map(|change| ChangeView::of(words, change)).collect(),
        }
    }
}

impl BatchView {
    /// Rows are shown only to who brought them in.
    pub fn of(ui: &Ui, batch: &Model, at_work: Option<Progress>, own: bool) -> Self {
        let outcome = batch.outcome();
        let words = words_of(ui, &batch.kind);
        let rows = match (&words, &outcome) {
            (Some(words), Some(outcome)) if own => RowViews::of(words, outcome),
            _ => RowViews::default(),
        };
        let problem = batch.why().map(|why| match &words {
            Some(words) => SentenceView::of(words, &why),
            None => SentenceView { detail: why.key.clone(), code: why.key },
        });
        let choices = batch.choices();
        Self {
            id: batch.id.to_string(),
            kind: batch.kind.clone(),
            file_name: batch.file_name.clone(),
            bytes: batch.bytes,
            sha256: batch.sha256.clone(),
            state: batch.state,
            at_work: at_work.map(ProgressView::of),
            counts: outcome.map(|outcome| outcome.counts),
            warnings: rows.warnings,
            notices: rows.notices,
            problems: rows.problems,
            changes: rows.changes,
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

    /// Refused rows that the page does not show.
    pub fn more_refused(&self) -> u64 {
        let shown = self.problems.chunk_by(|one, next| one.row == next.row).count() as u64;
        self.counts.map_or(0, |counts| counts.refused.saturating_sub(shown))
    }

    /// Changed rows that the page does not show.
    pub fn more_changed(&self) -> u64 {
        self.counts.map_or(0, |counts| counts.changed.saturating_sub(self.changes.len() as u64))
    }
}

impl ProgressView {
    fn of(progress: Progress) -> Self {
        let share = (progress.done.saturating_mul(100)).checked_div(progress.total);
        Self { step: progress.step.name(), percent: share.and_then(|share| u8::try_from(share.min(100)).ok()) }
    }
}

pub(crate) fn words_of<'a>(ui: &'a Ui, kind: &'a str) -> Option<Words<'a>> {
    Some(Words { texts: ui.texts()?, language: ui.language(), kind })
}
