//! One exception.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::{Actor, Error, Language};
use calendar::caution;
use customers::interaction::InteractionKind;
use serde::Deserialize;
use texts::format;
use web::{Me, Page, Problems, Query, Ui, page_with};

use super::refused;
use crate::exception::{ExceptionId, Liable, Model, Status};
use crate::forms::ActForm;
use crate::service::File;
use crate::{Exceptions, HANDLE, views};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowQuery {
    /// Of the draft.
    language: Option<String>,
}

#[derive(Template)]
#[template(path = "exception.html")]
struct ShowPage {
    ui: Ui,
    one: Model,
    title: String,
    what: String,
    customer: String,
    waybill: String,
    clock: String,
    clock_tone: &'static str,
    caution: String,
    facts: Vec<(String, String)>,
    evidence: Vec<(String, String)>,
    /// When, how, by whom; empty when nobody has told him.
    told: String,
    draft: String,
    languages: Vec<(String, String, bool)>,
    hows: Vec<(String, String)>,
    liables: Vec<(String, String)>,
    owners: Vec<(String, String)>,
    /// Id; empty when nobody has it.
    owner: String,
    group_href: String,
    may_handle: bool,
    typed: ActForm,
    form: Problems,
    problem: String,
}

impl ShowPage {
    fn may_tell(&self) -> bool {
        self.may_handle && self.one.is_untold()
    }

    fn may_ask(&self) -> bool {
        self.may_tell() && self.one.customer_asked_at.is_none()
    }

    fn may_start(&self) -> bool {
        self.may_handle && matches!(self.one.status, Status::Open | Status::Told)
    }

    fn may_solve(&self) -> bool {
        self.may_handle && self.one.told_at.is_some() && !self.one.is_closed()
    }

    fn may_blame(&self) -> bool {
        self.may_handle && self.one.status != Status::Void
    }

    /// Claims stand above this crate; here only their address and their permission are known.
    fn may_claim(&self) -> bool {
        self.ui.may("claims.raise") && self.one.status != Status::Void
    }

    fn may_close(&self) -> bool {
        self.may_handle && !self.one.is_closed()
    }
}

pub async fn show(
    ui: Ui,
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    Query(query): Query<ShowQuery>,
) -> Page {
    let language = query.language.as_deref().and_then(Language::from_code);
    render(ui, &actor, &exceptions, &ExceptionId(id), language, None).await
}

/// With what was typed and why it was refused, or as it stands. After a conflict what is stored now is shown.
pub async fn render(
    ui: Ui,
    actor: &Actor,
    exceptions: &Exceptions,
    id: &ExceptionId,
    language: Option<Language>,
    wrong: Option<(ActForm, Error)>,
) -> Page {
    let file = exceptions.file(actor, id).await?;
    let notices = exceptions.notices(actor).await?;
    let (status, form, problem) = match &wrong {
        Some((_, error)) => refused(&ui, error),
        None => (StatusCode::OK, Problems::default(), String::new()),
    };
    let (language, draft) = views::draft(&ui, &notices, &file, language);
    let may_handle = actor.has(HANDLE);
    let owners = match may_handle && !file.exception.is_closed() {
        true => exceptions.possible_owners(&file.exception).await?,
        false => Vec::new(),
    };
    let typed = match wrong {
        Some((typed, Error::Invalid(_) | Error::Refused(_))) => typed,
        _ => ActForm::default(),
    };
    let (clock, clock_tone) = views::clock(&ui, &file);
    let what = views::what(&ui, &file.exception);
    let others = match exceptions.group(actor, &file.exception.group_key).await {
        Err(Error::NotFound) => false,
        all => all?.len() > 1,
    };
    let page = ShowPage {
        title: ui.t2("exception-heading", ("waybill", &file.waybill), ("kind", &ui.t(file.exception.kind.key()))),
        what,
        clock,
        clock_tone,
        caution: caution(&file.unknown_years).map(|message| ui.say(&message)).unwrap_or_default(),
        facts: views::facts(&ui, &file),
        evidence: views::evidence(&ui, &file.exception),
        told: told(&ui, &file),
        draft: if typed.text.is_empty() { draft } else { typed.text.clone() },
        languages: languages(&ui, &file, language),
        hows: InteractionKind::ALL.iter().map(|how| (how.word().to_owned(), ui.t(how.key()))).collect(),
        liables: Liable::ALL.iter().map(|liable| (liable.word().to_owned(), ui.t(liable.key()))).collect(),
        owner: file.exception.owner_id.clone().map(String::from).unwrap_or_default(),
        owners: owners.into_iter().map(|(id, name)| (String::from(id), name)).collect(),
        group_href: match others && !file.exception.is_closed() {
            true => views::group_href(&file.exception.group_key),
            false => String::new(),
        },
        may_handle,
        customer: file.customer,
        waybill: file.waybill,
        one: file.exception,
        typed,
        form,
        problem,
        ui,
    };
    page_with(status, page)
}

fn told(ui: &Ui, file: &File) -> String {
    let one = &file.exception;
    let (Some(at), Some(how)) = (one.told_at, one.told_how) else { return String::new() };
    let args = [("at", format::time(at)), ("how", ui.t(how.key())), ("who", ui.who(&one.told_by))];
    ui.with("exception-told_words", &args)
}

/// Address, name, whether it is this one.
fn languages(ui: &Ui, file: &File, chosen: Language) -> Vec<(String, String, bool)> {
    let offered = |language: Language| {
        let href = format!("/exceptions/{}?language={}", file.exception.id, language.code());
        (href, ui.t(&format!("exception-language-{}", language.code())), language == chosen)
    };
    Language::CHOICES.into_iter().map(offered).collect()
}
