use serde::Serialize;

use crate::Permission;

/// A sentence for the user: a text key and what to fill in. Never holds a cause or a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    pub key: String,
    pub args: Vec<(String, String)>,
}

impl Message {
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), args: Vec::new() }
    }

    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.push((name.into(), value.to_string()));
        self
    }
}

/// What is wrong with one field of a form, a JSON body or a row of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    pub field: String,
    pub message: Message,
    /// What would do, where that is a closed set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
}

impl FieldProblem {
    pub fn new(field: &str, message: Message) -> Self {
        Self { field: field.into(), message, allowed: Vec::new() }
    }
}

/// Implemented by each module's `Refusal`: a rule says no, with a reason that has a text.
pub trait Refusal: std::error::Error {
    fn message(&self) -> Message;
}

/// Everything that can end a use case early.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such record, or the actor may not see it.
    #[error("not found")]
    NotFound,
    /// The actor may not do this at all.
    #[error("forbidden")]
    Forbidden,
    /// The same, where the permission has a name.
    #[error("lacks the permission {}", .0.0)]
    Lacks(Permission),
    /// Nobody is signed in.
    #[error("not signed in")]
    SignedOut,
    /// Input that cannot be accepted, field by field.
    #[error("invalid input: {0:?}")]
    Invalid(Vec<FieldProblem>),
    /// A rule said no.
    #[error("refused: {}", .0.key)]
    Refused(Message),
    /// Somebody else changed the record first.
    #[error("conflict")]
    Conflict,
    /// Too many tries; seconds until the next one is allowed.
    #[error("too many tries")]
    TooMany { retry_after_seconds: u64 },
    /// A part that we need does not answer now.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// Our mistake; the text is for the log only.
    #[error("bug: {0}")]
    Bug(String),
}

impl Error {
    pub fn invalid(field: &str, message: Message) -> Self {
        Error::Invalid(vec![FieldProblem::new(field, message)])
    }

    pub fn refused(refusal: impl Refusal) -> Self {
        Error::Refused(refusal.message())
    }

    /// Stable code for programs.
    pub fn code(&self) -> &str {
        match self {
            Error::NotFound => "not_found",
            Error::Forbidden | Error::Lacks(_) => "forbidden",
            Error::SignedOut => "signed_out",
            Error::Invalid(_) => "invalid",
            Error::Refused(message) => &message.key,
            Error::Conflict => "conflict",
            Error::TooMany { .. } => "too_many",
            Error::Unavailable(_) => "unavailable",
            Error::Bug(_) => "bug",
        }
    }

    /// The sentence for the user; causes stay in the log.
    pub fn message(&self) -> Message {
        match self {
            Error::Refused(message) => message.clone(),
            Error::TooMany { retry_after_seconds } => {
                Message::new("error-too_many").with("minutes", retry_after_seconds.div_ceil(60))
            }
            other => Message::new(format!("error-{}", other.code())),
        }
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        use sea_orm::DbErr;
        let text = error.to_string();
        match error {
            DbErr::RecordNotFound(_) => Error::NotFound,
            DbErr::RecordNotUpdated => Error::Conflict,
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Error::Unavailable(text),
            _ if ["disk is full", "database is locked", "No space left"].iter().any(|sign| text.contains(sign)) => {
                Error::Unavailable(text)
            }
            _ => Error::Bug(text),
        }
    }
}
