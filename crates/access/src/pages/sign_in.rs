use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use base::Language;
use serde::Deserialize;
use web::{Form, Me, Page, Query, SingleKeys, Theme, Ui};

use super::codes::entered;
use crate::identify::{Visit, put_cookie, session_cookie};
use crate::{Access, rules};

const YEAR_SECONDS: i64 = 31_536_000;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    ui: Ui,
    login: String,
    next: String,
    problem: String,
}

#[derive(Template)]
#[template(path = "link.html")]
struct Link {
    ui: Ui,
    token: String,
    name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Next {
    pub(crate) next: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    pub(crate) next: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    language: Option<Language>,
    theme: Option<String>,
    keys: Option<String>,
    back: Option<String>,
}

pub(crate) fn local(path: Option<String>) -> String {
    path.as_deref().and_then(rules::local_path).unwrap_or("/").to_owned()
}

pub(crate) fn agent(headers: &HeaderMap) -> String {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

pub async fn show(ui: Ui, Query(query): Query<Next>) -> Page {
    web::page(SignIn { ui, login: String::new(), next: local(query.next), problem: String::new() })
}

pub async fn submit(
    ui: Ui,
    State(access): State<Access>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    Form(form): Form<Credentials>,
) -> Page {
    let next = local(form.next);
    let agent = agent(&headers);
    match access.sign_in(&form.login, form.password, base::now(), &visit.address, &agent).await {
        Ok(entry) => Ok(entered(&entry, &next, &visit)),
        Err(error @ (base::Error::Refused(_) | base::Error::TooMany { .. })) => {
            let status = web::answer::status_of(&error);
            let problem = ui.say(&error.message());
            web::page_with(status, SignIn { ui, login: form.login, next, problem })
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn show_link(ui: Ui, State(access): State<Access>, Path(token): Path<String>) -> Page {
    let owner = access.link_owner(&token, base::now()).await?;
    web::page_with(StatusCode::OK, Link { ui, token, name: owner.name })
}

pub async fn use_link(
    State(access): State<Access>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Page {
    let entry = access.redeem_link(&token, base::now(), &visit.address, &agent(&headers)).await?;
    Ok(entered(&entry, "/", &visit))
}

pub async fn sign_out(Me(actor): Me, State(access): State<Access>, Extension(visit): Extension<Visit>) -> Page {
    access.sign_out(&actor).await?;
    let mut response = web::redirect("/sign-in");
    put_cookie(&mut response, session_cookie(visit.secure), "", Some(0), visit.secure);
    Ok(response)
}

pub async fn prefer(Extension(visit): Extension<Visit>, Form(choice): Form<Choice>) -> Page {
    let mut response = web::redirect(&local(choice.back));
    if let Some(language) = choice.language {
        put_cookie(&mut response, "hawser_language", language.code(), Some(YEAR_SECONDS), visit.secure);
    }
    if let Some(theme) = choice.theme {
        let theme = Theme::from_name(&theme).name();
        put_cookie(&mut response, "hawser_theme", theme, Some(YEAR_SECONDS), visit.secure);
    }
    if let Some(keys) = choice.keys {
        let keys = SingleKeys::from_name(&keys).name();
        put_cookie(&mut response, "hawser_keys", keys, Some(YEAR_SECONDS), visit.secure);
    }
    Ok(response)
}
