//! What comes in from pages. One input struct an act; unknown fields are refused.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use base::{Error, FieldProblem, Message};
use serde::de::DeserializeOwned;

use crate::{Failure, fields};

/// The largest form without files, in bytes.
pub const MOST_FORM_BYTES: usize = 1 << 20;

/// A posted form. The field `csrf` has been checked by `guard` and is taken out.
#[derive(Clone, Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let bytes = axum::body::to_bytes(request.into_body(), MOST_FORM_BYTES)
            .await
            .map_err(|_| Error::Refused(Message::new("error-form_too_large")))?;
        parse(&bytes, &["csrf"]).map(Form)
    }
}

/// The query of an address. Unknown fields, columns and directions are refused, because each is a closed set.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parse(parts.uri.query().unwrap_or_default().as_bytes(), &[]).map(Query)
    }
}

/// Empty fields count as absent, so that `Option` fields work as people expect of a form.
fn parse<T: DeserializeOwned>(bytes: &[u8], leave_out: &[&str]) -> Result<T, Failure> {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_bytes(bytes).map_err(|_| Error::Refused(Message::new("error-form_unreadable")))?;
    if pairs.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
        return Err(Failure(Error::Refused(Message::new("error-nul"))));
    }
    let kept =
        pairs.into_iter().filter(|(name, value)| !value.is_empty() && !leave_out.contains(&name.as_str())).collect();
    fields::read(kept).map_err(|problem| Failure(Error::Invalid(vec![problem])))
}

/// The problems of a form, for its template: `form.problem("name")`.
#[derive(Clone, Debug, Default)]
pub struct Problems(Vec<(String, String)>);

impl Problems {
    pub fn of(ui: &crate::Ui, problems: &[FieldProblem]) -> Self {
        Self(problems.iter().map(|problem| (problem.field.clone(), ui.say(&problem.message))).collect())
    }

    /// The sentence for one field; empty when nothing is wrong with it.
    pub fn problem(&self, field: &str) -> &str {
        self.0.iter().find(|(name, _)| name == field).map_or("", |(_, text)| text)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
