//! What the command line says of an outcome, to people and to programs.

use base::Message;
use serde::Serialize;

use crate::outcome::{Counts, Outcome, Replaced, Sentence};
use crate::views::{ProblemView, SentenceView};
use crate::words::{Words, shown_key};

/// Refused rows that are told one by one.
const REFUSED_TOLD: usize = 10;
/// Changed rows that are told one by one.
const CHANGED_TOLD: usize = 5;

/// The counts and the first rows, for programs.
#[derive(Clone, Debug, Serialize)]
pub struct ToldRows {
    pub counts: Counts,
    pub warnings: Vec<SentenceView>,
    pub notices: Vec<SentenceView>,
    pub problems: Vec<ToldProblem>,
    pub changes: Vec<ToldChange>,
}

#[derive(Clone, Debug, Serialize)]
pub struct ToldProblem {
    #[serde(flatten)]
    pub problem: ProblemView,
    /// The text key of the reason and what is filled in.
    pub sentence: Sentence,
}

#[derive(Clone, Debug, Serialize)]
pub struct ToldChange {
    pub row: u64,
    pub key: String,
    /// By their names for programs.
    pub fields: Vec<String>,
    /// As stored; closed words are those of the API.
    pub values: Vec<Replaced>,
    /// For people, in their language.
    pub detail: String,
}

impl ToldRows {
    pub fn of(words: &Words<'_>, outcome: &Outcome) -> Self {
        let sentences = |all: &[Sentence]| all.iter().map(|one| SentenceView::of(words, one)).collect();
        let problems = outcome.problems.iter().map(|problem| ToldProblem {
            problem: ProblemView::of(words, problem),
            sentence: problem.sentence.clone(),
        });
        let changes = outcome.changes.iter().map(|change| ToldChange {
            row: change.row,
            key: shown_key(&change.key),
            fields: change.fields.clone(),
            values: change.values.clone(),
            detail: words.change(change),
        });
        Self {
            counts: outcome.counts,
            warnings: sentences(&outcome.warnings),
            notices: sentences(&outcome.notices),
            problems: problems.collect(),
            changes: changes.collect(),
        }
    }
}

/// For people: the counts, what is worth a warning, then the first rows with their reasons. `kept`: a file has them all.
pub(super) fn sentences(words: &Words<'_>, outcome: &Outcome, dry_run: bool, kept: bool) -> Vec<String> {
    let say = |message: Message| words.texts.say(words.language, &message);
    let counts = &outcome.counts;
    let head = match dry_run {
        true => "import-told_dry",
        false => "import-told",
    };
    let counted = Message::new(head)
        .with("new", counts.new)
        .with("changed", counts.changed)
        .with("unchanged", counts.unchanged)
        .with("repeated", counts.repeated)
        .with("refused", counts.refused);
    let mut told = vec![say(counted)];
    if counts.new_customers > 0 {
        told.push(say(Message::new("import-told_customers").with("count", counts.new_customers)));
    }
    for warning in &outcome.warnings {
        told.push(say(Message::new("import-told_warning").with("warning", words.say("", warning))));
    }
    told.extend(outcome.notices.iter().map(|notice| words.say("", notice)));
    for change in outcome.changes.iter().take(CHANGED_TOLD) {
        told.push(row(words, change.row, &change.key, words.change(change)));
    }
    let left = counts.changed.saturating_sub(CHANGED_TOLD as u64);
    if left > 0 {
        told.push(say(Message::new("import-told_more_changed").with("count", left)));
    }
    let refused: Vec<_> = outcome.problems.chunk_by(|one, next| one.row == next.row).take(REFUSED_TOLD).collect();
    for problems in &refused {
        let Some(first) = problems.first() else { continue };
        let reasons: Vec<String> = problems.iter().map(|problem| words.problem(problem)).collect();
        told.push(row(words, first.row, &first.key, reasons.join(" ")));
    }
    let left = counts.refused.saturating_sub(refused.len() as u64);
    match (left, kept) {
        (1.., true) => told.push(say(Message::new("import-told_more_kept").with("count", left))),
        (1.., false) => told.push(say(Message::new("import-told_more").with("count", left))),
        (0, _) => {}
    }
    told
}

fn row(words: &Words<'_>, row: u64, key: &[String], text: String) -> String {
    let args = [("row", row.to_string()), ("key", shown_key(key)), ("text", text)];
    let sentence = match key {
        [] => "import-told_row",
        _ => "import-told_row_of",
    };
    words.texts.with(words.language, sentence, &args)
}
