//! The face of an error: a page, a toast for htmx, or a problem document (RFC 9457) for programs.

use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use base::{ActorKind, Error};

use crate::Ui;
use crate::answer::Faceless;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    ui: Ui,
    status: u16,
    sentence: String,
    problems: Vec<String>,
}

#[derive(Template)]
#[template(path = "_error.html")]
struct ErrorToast {
    sentence: String,
}

/// Gives errors their face. Stands around all routes, inside whatever finds out who is asking.
pub async fn give_faces(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let ui = Ui::of(&parts);
    let for_programs = parts.uri.path().starts_with("/api/") || parts.uri.path().ends_with(".json");
    let by_htmx = parts.headers.contains_key("hx-request");
    let is_get = parts.method == axum::http::Method::GET;
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(Faceless(error)) = response.extensions().get::<Faceless>().cloned() else {
        return response;
    };
    log(&error);
    let status = response.status();
    let sentence = sentence(&ui, &error, is_get);
    let mut faced = match (for_programs, &*error) {
        (true, error) => problem(&ui, status, error, &sentence),
        (false, Error::SignedOut) => sign_in(&ui, by_htmx, is_get),
        (false, error) => shown(ui, status, error, sentence, by_htmx),
    };
    for name in [header::RETRY_AFTER, header::ALLOW] {
        if let Some(value) = response.headers().get(&name) {
            faced.headers_mut().insert(name, value.clone());
        }
    }
    faced
}

/// What went wrong, for the reader; a key learns the name of the scope that it lacks.
fn sentence(ui: &Ui, error: &Error, is_get: bool) -> String {
    match error {
        Error::Lacks(permission) if by_key(ui) => ui.t1("error-scope_missing", "scope", permission.0),
        Error::Lacks(permission) => ui.t1("error-permission_missing", "permission", ui.permission(permission.0)),
        Error::Forbidden if by_key(ui) => ui.t("error-key_forbidden"),
        // Nothing was about to be saved.
        Error::Invalid(_) if is_get => ui.t("error-query"),
        error => ui.say(&error.message()),
    }
}

fn by_key(ui: &Ui) -> bool {
    ui.actor().is_some_and(|actor| matches!(actor.kind, ActorKind::Key { .. }))
}

fn log(error: &Error) {
    match error {
        Error::Bug(cause) | Error::Unavailable(cause) => {
            tracing::error!(cause, "Request failed");
        }
        other => tracing::debug!(error = %other, "Request refused"),
    }
}

fn sign_in(ui: &Ui, by_htmx: bool, is_get: bool) -> Response {
    let next = if is_get { ui.back() } else { "/" };
    let query = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
    let to = format!("/sign-in?{query}");
    match (by_htmx, HeaderValue::from_str(&to)) {
        (true, Ok(to)) => (StatusCode::UNAUTHORIZED, [("hx-redirect", to)]).into_response(),
        _ => crate::redirect(&to),
    }
}

fn shown(ui: Ui, status: StatusCode, error: &Error, sentence: String, by_htmx: bool) -> Response {
    let problems: Vec<String> = match error {
        Error::Invalid(problems) => problems.iter().map(|problem| ui.say(&problem.message)).collect(),
        _ => Vec::new(),
    };
    let html = match by_htmx {
        true => {
            let sentence = problems.into_iter().next().unwrap_or(sentence);
            ErrorToast { sentence }.render()
        }
        false => ErrorPage { ui, status: status.as_u16(), sentence, problems }.render(),
    };
    (status, Html(html.unwrap_or_default())).into_response()
}

fn problem(ui: &Ui, status: StatusCode, error: &Error, sentence: &str) -> Response {
    let fields: Vec<_> = match error {
        Error::Invalid(problems) => problems
            .iter()
            .map(|problem| {
                let mut told = serde_json::json!({
                    "field": problem.field, "code": problem.message.key, "detail": ui.say(&problem.message),
                });
                if !problem.allowed.is_empty() {
                    told["allowed"] = problem.allowed.clone().into();
                }
                told
            })
            .collect(),
        _ => Vec::new(),
    };
    let body = serde_json::json!({
        "type": format!("urn:hawser:problem:{}", error.code()),
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "code": error.code(),
        "detail": sentence,
        "fields": fields,
    });
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}
