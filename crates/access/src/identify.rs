//! Finds out who is asking, before anything else looks at the request.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::{Actor, Error, Language};
use web::{Csrf, Failure, Preferences, Theme};

use crate::{Access, secrets, session};

/// State of the middleware. `secure`: the outside speaks https.
#[derive(Clone, Debug)]
pub struct Identify {
    pub access: Access,
    pub secure: bool,
}

/// Where the request comes from; a request extension. Behind a proxy the program puts its own in first.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    pub address: String,
    pub secure: bool,
}

/// Puts `Actor`, `Preferences`, `Csrf` and `Visit` on the request; use with `from_fn_with_state`.
pub async fn identify(State(state): State<Identify>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let token = cookie(&parts.headers, session_cookie(state.secure));
    let actor = match who(&state.access, &parts, token.as_deref()).await {
        Ok(actor) => actor,
        Err(error) => return Failure(error).into_response(),
    };
    let mut new_visit = None;
    let secret = match (token.filter(|_| actor.is_some()), cookie(&parts.headers, "hawser_visit")) {
        (Some(token), _) => token,
        (None, Some(visit)) => visit,
        (None, None) => match secrets::token() {
            Ok(visit) => new_visit.insert(visit).clone(),
            Err(error) => return Failure(error).into_response(),
        },
    };
    parts.extensions.insert(preferences(&parts.headers, actor.as_ref()));
    parts.extensions.insert(Csrf(secrets::csrf(&secret)));
    if parts.extensions.get::<Visit>().is_none() {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
        parts.extensions.insert(Visit { address: address.unwrap_or_default(), secure: state.secure });
    }
    if let Some(actor) = actor {
        parts.extensions.insert(actor);
    }
    let for_programs = parts.uri.path().starts_with("/api/");
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(visit) = new_visit.filter(|_| !for_programs) {
        put_cookie(&mut response, "hawser_visit", &visit, None, state.secure);
    }
    response
}

async fn who(access: &Access, parts: &Parts, token: Option<&str>) -> Result<Option<Actor>, Error> {
    let now = base::now();
    let bearer = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match bearer.and_then(|value| value.strip_prefix("Bearer ")) {
        Some(key) if parts.uri.path().starts_with("/api/") => access.identify_key(key.trim(), now).await,
        _ => match token {
            Some(token) => access.identify_session(token, now).await,
            None => Ok(None),
        },
    }
}

fn preferences(headers: &HeaderMap, actor: Option<&Actor>) -> Preferences {
    let chosen = cookie(headers, "hawser_language").and_then(|code| Language::from_code(&code));
    let accepted = || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Language::from_header);
    let language = chosen.or(actor.map(|actor| actor.language)).or_else(accepted).unwrap_or_default();
    Preferences { language, theme: Theme::from_name(&cookie(headers, "hawser_theme").unwrap_or_default()) }
}

/// The prefix makes browsers refuse the cookie from another host or over plain http.
pub fn session_cookie(secure: bool) -> &'static str {
    if secure { "__Host-hawser_session" } else { "hawser_session" }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, value)| *found == name && !value.is_empty()).map(|(_, value)| value.to_owned())
}

/// `seconds`: how long the browser keeps it; `None`: until it is closed.
pub(crate) fn put_cookie(response: &mut Response, name: &str, value: &str, seconds: Option<i64>, secure: bool) {
    let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    let only = if secure { "; Secure" } else { "" };
    if let Ok(line) = HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{only}")) {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
}

pub(crate) fn put_session(response: &mut Response, token: &str, secure: bool) {
    put_cookie(response, session_cookie(secure), token, Some(session::LONGEST.num_seconds()), secure);
}
