//! Checks before a handler runs: the route's access, the form's origin, and the headers of every answer.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::{Actor, ActorKind, Error, Message};
use module::Access;

use crate::form::MOST_FORM_BYTES;
use crate::{Csrf, Failure};

/// A form is small, so whoever takes longer to send it does so on purpose or has lost the line.
const FORM_DEADLINE: Duration = Duration::from_secs(15);

/// No inline style or script, nothing from another host.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Whether the actor of the request may call a route at all.
///
/// # Errors
/// `SignedOut` without an actor, `Lacks` without the permission.
pub fn check_access(access: Access, actor: Option<&Actor>) -> Result<(), Error> {
    match (access, actor) {
        (Access::Public, _) => Ok(()),
        (_, None) => Err(Error::SignedOut),
        (Access::SignedIn, Some(_)) => Ok(()),
        (Access::Needs(permission), Some(actor)) => actor.has(permission).then_some(()).ok_or(Error::Lacks(permission)),
    }
}

/// For addresses that take nothing besides their path; the token of a form is for us.
///
/// # Errors
/// `Invalid` names what is not known.
pub fn check_no_query(address: &Uri) -> Result<(), Error> {
    let query = address.query().unwrap_or_default();
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    match pairs.into_iter().find(|(name, _)| name != "csrf") {
        None => Ok(()),
        Some((name, _)) => Err(Error::invalid(&name, Message::new("error-field_none").with("field", &name))),
    }
}

/// Every act of a browser must come from one of our own pages: same origin, and with the token of the session.
/// Programs with a key carry no cookie and need none.
pub async fn check_origin(request: Request, next: Next) -> Response {
    let by_key = request.extensions().get::<Actor>().is_some_and(|actor| matches!(actor.kind, ActorKind::Key { .. }));
    if by_key || matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    if foreign(request.headers()) {
        return Failure(Error::Forbidden).into_response();
    }
    match with_token(request).await {
        Ok(request) => next.run(request).await,
        Err(error) => Failure(error).into_response(),
    }
}

fn foreign(headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok())
        && !matches!(site, "same-origin" | "none")
    {
        return true;
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, origin_host)| origin_host != host),
        _ => false,
    }
}

/// The token stands in a header (script), in the address (uploads) or in the form's field `csrf`.
async fn with_token(request: Request) -> Result<Request, Error> {
    let expected = request.extensions().get::<Csrf>().cloned().unwrap_or_default().0;
    if expected.is_empty() {
        return Err(Error::Forbidden);
    }
    let header = request.headers().get("x-csrf-token").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let address = field_of(request.uri().query().unwrap_or_default().as_bytes());
    if let Some(token) = header.or(address) {
        return if token == expected { Ok(request) } else { Err(Error::Forbidden) };
    }
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return Err(Error::Forbidden);
    }
    let (parts, body) = request.into_parts();
    let refused = |key| Error::Refused(Message::new(key));
    let bytes = tokio::time::timeout(FORM_DEADLINE, axum::body::to_bytes(body, MOST_FORM_BYTES))
        .await
        .map_err(|_| refused("error-form_too_slow"))?
        .map_err(|_| refused("error-form_too_large"))?;
    match field_of(&bytes).as_deref() == Some(&expected) {
        true => Ok(Request::from_parts(parts, Body::from(bytes))),
        false => Err(Error::Forbidden),
    }
}

fn field_of(encoded: &[u8]) -> Option<String> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(encoded).ok()?;
    pairs.into_iter().find(|(name, _)| name == "csrf").map(|(_, value)| value)
}

/// Puts the security headers on every answer. `secure`: the outside speaks https.
pub async fn put_headers(secure: bool, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put("content-security-policy", CONTENT_POLICY);
    put("x-content-type-options", "nosniff");
    put("x-frame-options", "DENY");
    put("referrer-policy", "same-origin");
    put("cross-origin-opener-policy", "same-origin");
    put("cross-origin-resource-policy", "same-origin");
    put("permissions-policy", "camera=(), microphone=(), geolocation=()");
    put("cache-control", "no-store");
    if secure {
        put("strict-transport-security", "max-age=31536000; includeSubDomains");
    }
    response
}
