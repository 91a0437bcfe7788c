//! What goes out, for people and programs.

use base::Instant;
use serde::Serialize;
use utoipa::ToSchema;
use web::Ui;

use crate::attachment::{AttachmentId, Model};
use crate::kind::{self, Kind};
use crate::rules::Policy;

/// A file, for programs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AttachmentView {
    #[schema(value_type = String)]
    pub id: AttachmentId,
    pub name: String,
    pub kind: Kind,
    pub bytes: i64,
    /// Hexadecimal.
    pub sha256: String,
    pub added_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub added_at: Instant,
}

impl From<Model> for AttachmentView {
    fn from(file: Model) -> Self {
        Self {
            id: file.id,
            name: file.name,
            kind: file.kind,
            bytes: file.bytes,
            sha256: file.sha256,
            added_by: file.added_by,
            added_at: file.added_at,
        }
    }
}

/// The files of something and the form that adds one; `files.html` shows them.
#[derive(Clone, Debug)]
pub struct Files {
    pub rows: Vec<FileRow>,
    /// Where they are: `/complaints/…/files`.
    pub href: String,
    /// Whether the reader may add some, and take some away.
    pub may_add: bool,
    pub may_remove: bool,
    /// Why the last one was not taken; empty when nothing went wrong.
    pub problem: String,
    /// What the file chooser offers.
    pub accepted: String,
    /// How large a file may be, and how many there may be.
    pub help: String,
}

#[derive(Clone, Debug)]
pub struct FileRow {
    pub name: String,
    pub href: String,
    pub kind: String,
    pub size: String,
    pub added: String,
}

impl Files {
    pub fn of(ui: &Ui, files: &[Model], policy: Policy, href: &str, may_add: bool) -> Self {
        let megabytes = policy.most_bytes() / 1024 / 1024;
        let row = |file: &Model| FileRow {
            name: file.name.clone(),
            href: format!("{href}/{}", file.id),
            kind: ui.t(file.kind.key()),
            size: size(file.bytes),
            added: format!("{} {}", ui.who(&file.added_by), texts::format::time(file.added_at)),
        };
        Self {
            rows: files.iter().map(row).collect(),
            href: href.to_owned(),
            may_add,
            may_remove: may_add,
            problem: String::new(),
            accepted: kind::accepted(),
            help: ui.t2("attachment-help", ("size", &megabytes.to_string()), ("files", &policy.most_files.to_string())),
        }
    }

    /// For who may add, but not take away, or the other way round.
    #[must_use]
    pub fn removable(self, may_remove: bool) -> Self {
        Self { may_remove, ..self }
    }

    /// The same after a file was not taken.
    #[must_use]
    pub fn with_problem(self, ui: &Ui, error: &base::Error) -> Self {
        let problem = match error {
            base::Error::Invalid(problems) => problems.first().map(|problem| ui.say(&problem.message)),
            _ => None,
        };
        Self { problem: problem.unwrap_or_else(|| ui.say(&error.message())), ..self }
    }
}

/// As people tell sizes: `35 KB`, `1.2 MB`.
fn size(bytes: i64) -> String {
    let tenths = bytes.saturating_mul(10) / (1024 * 1024);
    match tenths {
        10.. => format!("{}.{} MB", tenths / 10, tenths % 10),
        _ => format!("{} KB", (bytes + 1023) / 1024),
    }
}
