//! Codes of an authenticator app: turned on and off on one's own page, asked for at sign-in.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use base::UserId;
use serde::Deserialize;
use web::{Form, Me, Page, Problems, Query, Ui};

use super::{me, sign_in};
use crate::identify::{Visit, cookie, put_cookie, put_session};
use crate::{Access, Entry};

#[derive(Template)]
#[template(path = "sign_in_code.html")]
struct CodePage {
    ui: Ui,
    next: String,
    form: Problems,
    problem: String,
}

#[derive(Template)]
#[template(path = "recovery_codes.html")]
struct RecoveryCodes {
    ui: Ui,
    codes: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    #[serde(default)]
    code: String,
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    #[serde(default)]
    code: String,
    #[serde(default)]
    current_password: String,
}

/// The answer to a link or password that fits: in, or one step further.
pub(crate) fn entered(entry: &Entry, next: &str, visit: &Visit) -> Response {
    match entry {
        Entry::In(token) => {
            let mut response = web::redirect(next);
            put_session(&mut response, token, visit.secure);
            response
        }
        Entry::AsksCode(half_way) => {
            let query = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
            let mut response = web::redirect(&format!("/sign-in/code?{query}"));
            let seconds = crate::HALF_WAY.num_seconds();
            put_cookie(&mut response, half_way_cookie(visit.secure), half_way, Some(seconds), visit.secure);
            response
        }
    }
}

fn half_way_cookie(secure: bool) -> &'static str {
    if secure { "__Host-hawser_half_way" } else { "hawser_half_way" }
}

pub async fn show(
    ui: Ui,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    Query(query): Query<sign_in::Next>,
) -> Page {
    if cookie(&headers, half_way_cookie(visit.secure)).is_none() {
        return Ok(web::redirect("/sign-in"));
    }
    let next = sign_in::local(query.next);
    web::page(CodePage { ui, next, form: Problems::default(), problem: String::new() })
}

pub async fn submit(
    ui: Ui,
    State(access): State<Access>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    Form(form): Form<Code>,
) -> Page {
    let next = sign_in::local(form.next);
    let half_way = cookie(&headers, half_way_cookie(visit.secure)).unwrap_or_default();
    let agent = sign_in::agent(&headers);
    match access.finish_with_code(&half_way, &form.code, base::now(), &visit.address, &agent).await {
        Ok(token) => {
            let mut response = entered(&Entry::In(token), &next, &visit);
            put_cookie(&mut response, half_way_cookie(visit.secure), "", Some(0), visit.secure);
            Ok(response)
        }
        Err(error) if super::belongs_to_form(&error) => {
            let (status, form, problem) = super::problems(&ui, Some(&error));
            web::page_with(status, CodePage { ui, next, form, problem })
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn offer(Me(actor): Me, State(access): State<Access>) -> Page {
    access.offer_code(&actor).await?;
    Ok(web::redirect("/me#code"))
}

pub async fn confirm(ui: Ui, Me(actor): Me, State(access): State<Access>, Form(form): Form<Code>) -> Page {
    match access.confirm_code(&actor, &form.code).await {
        Ok(codes) => web::page(RecoveryCodes { ui, codes }),
        Err(error) if super::belongs_to_form(&error) => me::my_page(ui, &access, &actor, Some(&error)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn stop(ui: Ui, Me(actor): Me, State(access): State<Access>, Form(form): Form<Proof>) -> Page {
    match access.stop_code(&actor, &form.code, form.current_password).await {
        Ok(()) => Ok(web::redirect("/me#code")),
        Err(error) if super::belongs_to_form(&error) => me::my_page(ui, &access, &actor, Some(&error)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn reset(Me(actor): Me, State(access): State<Access>, Path(id): Path<String>) -> Page {
    access.reset_code(&actor, &UserId(id.clone())).await?;
    Ok(web::redirect(&format!("/settings/users/{id}")))
}
