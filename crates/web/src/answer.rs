//! What handlers return.

use askama::Template;
use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use base::{Actor, Error, Message};
use serde::Serialize;

/// What a page handler returns.
pub type Page = Result<Response, Failure>;
/// What an API handler returns.
pub type Answer<T> = Result<Json<T>, Failure>;

/// An error on its way out; `faces` gives it the reader's face (page, toast or problem document).
#[derive(Debug)]
pub struct Failure(pub Error);

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure(error.into())
    }
}

/// Travels in the response's extensions to `faces`.
#[derive(Clone, Debug)]
pub(crate) struct Faceless(pub std::sync::Arc<Error>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = status_of(&self.0);
        let mut response = status.into_response();
        if let Error::TooMany { retry_after_seconds } = self.0 {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_seconds));
        }
        response.extensions_mut().insert(Faceless(std::sync::Arc::new(self.0)));
        response
    }
}

pub fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Forbidden | Error::Lacks(_) => StatusCode::FORBIDDEN,
        Error::SignedOut => StatusCode::UNAUTHORIZED,
        Error::Invalid(_) | Error::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Conflict => StatusCode::CONFLICT,
        Error::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Bug(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The path exists, but not for this method; the router adds which it is there for.
pub fn wrong_method() -> Response {
    let mut response = Failure(Error::Refused(Message::new("error-wrong_method"))).into_response();
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}

/// Renders a page.
///
/// # Errors
/// A template that cannot be rendered is our mistake.
pub fn page(template: impl Template) -> Page {
    page_with(StatusCode::OK, template)
}

/// Renders a page with another status, for example 422 for a form with problems.
///
/// # Errors
/// A template that cannot be rendered is our mistake.
pub fn page_with(status: StatusCode, template: impl Template) -> Page {
    let html = template.render().map_err(|error| Error::Bug(error.to_string()))?;
    Ok((status, Html(html)).into_response())
}

/// 303 to an address of our own.
pub fn redirect(to: &str) -> Response {
    axum::response::Redirect::to(to).into_response()
}

/// # Errors
/// Never; the type is what API handlers return.
pub fn json<T: Serialize>(value: T) -> Answer<T> {
    Ok(Json(value))
}

/// The actor of the request.
#[derive(Clone, Debug)]
pub struct Me(pub Actor);

impl<S: Sync> FromRequestParts<S> for Me {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.get::<Actor>().cloned().map(Me).ok_or(Failure(Error::SignedOut))
    }
}
