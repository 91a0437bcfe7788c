use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use base::{Actor, Error, Language};
use serde::Deserialize;
use web::{Form, Me, Page, Problems, Ui};

use crate::identify::{Visit, put_cookie};
use crate::{Access, Offer, session};

#[derive(Template)]
#[template(path = "me.html")]
struct MyPage {
    ui: Ui,
    sessions: Vec<session::Model>,
    own: String,
    has_password: bool,
    code: CodeStand,
    form: Problems,
    problem: String,
}

/// How far the second step of sign-in is set up.
enum CodeStand {
    Off,
    /// Waits for its first code.
    Offered(Offer),
    On {
        recovery_left: u64,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    #[serde(default)]
    old_password: String,
    #[serde(default)]
    password: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewLanguage {
    language: Language,
}

pub(crate) async fn my_page(ui: Ui, access: &Access, actor: &Actor, error: Option<&Error>) -> Page {
    let own = match &actor.kind {
        base::ActorKind::User { session, .. } => session.clone(),
        _ => String::new(),
    };
    let sessions = access.own_sessions(actor).await?;
    let has_password = access.has_password(actor).await?;
    let code = match (access.asks_code(actor).await?, access.offered_code(actor).await?) {
        (true, _) => CodeStand::On { recovery_left: access.recovery_codes_left(actor).await? },
        (false, Some(offer)) => CodeStand::Offered(offer),
        (false, None) => CodeStand::Off,
    };
    let (status, form, problem) = super::problems(&ui, error);
    web::page_with(status, MyPage { ui, sessions, own, has_password, code, form, problem })
}

pub async fn show(ui: Ui, Me(actor): Me, State(access): State<Access>) -> Page {
    my_page(ui, &access, &actor, None).await
}

pub async fn set_password(ui: Ui, Me(actor): Me, State(access): State<Access>, Form(form): Form<NewPassword>) -> Page {
    match access.set_own_password(&actor, form.old_password, form.password).await {
        Ok(()) => Ok(web::redirect("/sign-in")),
        Err(error) if super::belongs_to_form(&error) => my_page(ui, &access, &actor, Some(&error)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn set_language(
    Me(actor): Me,
    State(access): State<Access>,
    Extension(visit): Extension<Visit>,
    Form(form): Form<NewLanguage>,
) -> Page {
    let language = if Language::CHOICES.contains(&form.language) { form.language } else { Language::default() };
    access.set_own_language(&actor, language).await?;
    let mut response = web::redirect("/me");
    // What was chosen in this browser before would hide the choice.
    put_cookie(&mut response, "hawser_language", "", Some(0), visit.secure);
    Ok(response)
}

pub async fn end_session(Me(actor): Me, State(access): State<Access>, Path(session): Path<String>) -> Page {
    access.end_session(&actor, &session).await?;
    Ok(web::redirect("/me"))
}
