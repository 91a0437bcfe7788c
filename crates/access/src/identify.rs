//! Finds out who is asking, before anything else looks at the request.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::{Actor, Error, Language};
use web::{Csrf, Failure, Preferences, SingleKeys, Theme, Ui};

pub use crate::outside::{Network, Outside};
use crate::{Access, secrets, session};

/// State of the middleware. `secure`: the outside speaks https.
#[derive(Clone, Debug)]
pub struct Identify {
    pub access: Access,
    pub secure: bool,
    pub outside: Outside,
}

/// Where the request comes from; a request extension.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    pub address: String,
    pub secure: bool,
}

/// Puts `Actor`, `Preferences`, `Csrf` and `Visit` on the request; use with `from_fn_with_state`.
pub async fn identify(State(state): State<Identify>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(preferences(&parts.headers, None, state.outside.test_language));
    if let Some(base_url) = state.outside.is_elsewhere(&parts) {
        let sentence = Ui::of(&parts).t1("access-wrong_host", "url", base_url);
        return (StatusCode::MISDIRECTED_REQUEST, sentence).into_response();
    }
    let token = cookie(&parts.headers, session_cookie(state.secure));
    let actor = match who(&state.access, &parts, token.as_deref()).await {
        Ok(actor) => actor,
        Err(error) => return Failure(error).into_response(),
    };
    if actor.is_none() && bearer(&parts).is_some() {
        tracing::warn!("A key that nobody has, or that has ended, was used");
        return unknown_key(&Ui::of(&parts));
    }
    let mut new_visit = None;
    let secret = match (token.filter(|_| actor.is_some()), cookie(&parts.headers, "hawser_visit")) {
        (Some(token), _) => token,
        (None, Some(visit)) => visit,
        (None, None) => match secrets::token() {
            Ok(visit) => new_visit.insert(visit).clone(),
            Err(error) => return Failure(error).into_response(),
        },
    };
    parts.extensions.insert(preferences(&parts.headers, actor.as_ref(), state.outside.test_language));
    parts.extensions.insert(Csrf(secrets::csrf(&secret)));
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let address = peer.map(|peer| state.outside.address_of(peer, &parts.headers).to_string());
    parts.extensions.insert(Visit { address: address.unwrap_or_default(), secure: state.secure });
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
    match (bearer(parts), token) {
        (Some(key), _) => access.identify_key(key, now).await,
        (None, Some(token)) => access.identify_session(token, now).await,
        (None, None) => Ok(None),
    }
}

/// The key of a program; pages are for people and take none.
fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && parts.uri.path().starts_with("/api/")).then_some(key.trim())
}

/// Said here, because the check of forms would answer 403 to a program that has no form.
fn unknown_key(ui: &Ui) -> Response {
    let body = serde_json::json!({
        "type": "urn:hawser:problem:signed_out",
        "title": "Unauthorized",
        "status": 401,
        "code": "signed_out",
        "detail": ui.t("access-unknown_key"),
        "fields": [],
    });
    let headers = [(header::CONTENT_TYPE, "application/problem+json"), (header::WWW_AUTHENTICATE, "Bearer")];
    (StatusCode::UNAUTHORIZED, headers, body.to_string()).into_response()
}

/// `test_language`: whether the longer language of layout tests may be chosen.
fn preferences(headers: &HeaderMap, actor: Option<&Actor>, test_language: bool) -> Preferences {
    let offered = |language: &Language| test_language || Language::CHOICES.contains(language);
    let chosen = cookie(headers, "hawser_language").and_then(|code| Language::from_code(&code));
    let accepted = || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Language::from_header);
    let own = actor.map(|actor| actor.language);
    let language = chosen.filter(offered).or(own.filter(offered)).or_else(accepted).unwrap_or_default();
    let named = |name| cookie(headers, name).unwrap_or_default();
    let (theme, keys) = (Theme::from_name(&named("hawser_theme")), SingleKeys::from_name(&named("hawser_keys")));
    Preferences { language, theme, keys }
}

/// The prefix makes browsers refuse the cookie from another host or over plain http.
pub fn session_cookie(secure: bool) -> &'static str {
    if secure { "__Host-hawser_session" } else { "hawser_session" }
}

pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
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
