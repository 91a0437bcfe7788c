//! One claim.

use askama::Template;
use attachments::Files;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::{Actor, Error};
use calendar::caution;
use exceptions::exception::Liable;
use web::{Me, Page, Problems, Ui, page_with};

use super::acts::ActForm;
use super::{HERE, options, refused};
use crate::claim::{ClaimId, Decision, Model, Recovery, Status};
use crate::views::{self, LineView};
use crate::{Claims, HANDLE, PAY, RAISE, rules, store};

/// What was not done, and why.
pub enum Refused {
    /// With what was typed.
    Act(Box<ActForm>, Error),
    /// A file that was not taken.
    File(Error),
}

#[derive(Template)]
#[template(path = "claim.html")]
struct ShowPage {
    ui: Ui,
    one: Model,
    customer: String,
    timer: String,
    timer_tone: &'static str,
    caution: String,
    amounts: Vec<(String, String)>,
    facts: Vec<(String, String)>,
    recovery: Vec<(String, String)>,
    lines: Vec<LineView>,
    decisions: Vec<(String, String)>,
    liables: Vec<(String, String)>,
    owners: Vec<(String, String)>,
    /// Id; empty when nobody has it.
    owner: String,
    asked: String,
    /// What may still be paid, as people read it.
    promised: String,
    files: Files,
    may: May,
    typed: ActForm,
    form: Problems,
    problem: String,
}

/// What the reader may do with this claim, whatever its state.
#[derive(Clone, Copy, Debug)]
struct May {
    raise: bool,
    handle: bool,
    pay: bool,
}

impl ShowPage {
    fn may_amend(&self) -> bool {
        self.may.raise && self.one.status == Status::Open
    }

    fn may_decide(&self) -> bool {
        self.may.handle && rules::may_decide(&self.one).is_ok()
    }

    fn is_decided(&self) -> bool {
        self.one.decision.is_some()
    }

    fn may_pay(&self) -> bool {
        self.may.pay && self.one.status == Status::Approved
    }

    fn may_ask_carrier(&self) -> bool {
        self.may.handle && !self.one.is_closed() && matches!(self.one.recovery, Recovery::None | Recovery::Asked)
    }

    fn may_recover(&self) -> bool {
        self.may.handle && !self.one.is_closed() && self.one.recovery == Recovery::Asked
    }

    fn may_change(&self) -> bool {
        self.may.handle && !self.one.is_closed()
    }

    fn may_withdraw(&self) -> bool {
        self.may.raise && rules::may_decide(&self.one).is_ok() && self.one.recovery != Recovery::Asked
    }

    fn may_close(&self) -> bool {
        self.may.handle && matches!(self.one.status, Status::Paid | Status::Refused)
    }

    fn acts_are_open(&self) -> bool {
        ["owner", "liable", "withdraw_reason"].iter().any(|field| !self.form.problem(field).is_empty())
    }

    fn chosen(&self) -> &str {
        &self.typed.decision
    }
}

pub async fn show(ui: Ui, Me(actor): Me, State(claims): State<Claims>, Path(id): Path<String>) -> Page {
    render(ui, &actor, &claims, &ClaimId(id), None).await
}

/// With what was typed and why it was refused, or as it stands. After a conflict what is stored now is shown.
pub async fn render(ui: Ui, actor: &Actor, claims: &Claims, id: &ClaimId, wrong: Option<Refused>) -> Page {
    let file = claims.file(actor, id).await?;
    let one = file.listed.claim.clone();
    let may = may(actor, claims, id).await;
    let files = files(&ui, actor, claims, &one, may, wrong.as_ref()).await?;
    let (status, form, problem, typed) = match wrong {
        Some(Refused::Act(typed, error)) => {
            let (status, form, problem) = refused(&ui, &error);
            let typed = if matches!(error, Error::Conflict) { ActForm::default() } else { *typed };
            (status, form, problem, typed)
        }
        Some(Refused::File(error)) => {
            (attachments::turned_away(error).status(), Problems::default(), String::new(), ActForm::default())
        }
        None => (StatusCode::OK, Problems::default(), String::new(), ActForm::default()),
    };
    let owners = if may.handle && !one.is_closed() { claims.possible_owners(&one).await? } else { Vec::new() };
    let (timer, timer_tone) = views::timer(&ui, &file.listed);
    let page = ShowPage {
        timer,
        timer_tone,
        caution: caution(&file.listed.unknown_years).map(|message| ui.say(&message)).unwrap_or_default(),
        amounts: views::amounts(&ui, &one),
        facts: views::facts(&ui, &file.listed),
        recovery: views::recovery(&ui, &one),
        lines: file.entries.iter().map(|line| LineView::of(&ui, line)).collect(),
        decisions: options(&ui, Decision::ALL, Decision::word, Decision::key),
        liables: options(&ui, Liable::ALL, Liable::word, Liable::key),
        owner: one.owner_id.clone().map(String::from).unwrap_or_default(),
        owners: owners.into_iter().map(|(id, name)| (String::from(id), name)).collect(),
        asked: texts::format::money(one.asked()),
        promised: one.decided().map(texts::format::money).unwrap_or_default(),
        customer: file.listed.customer_name,
        typed: begun(typed, &one),
        files,
        may,
        form,
        problem,
        one,
        ui,
    };
    page_with(status, page)
}

/// The fields that begin with what stands now.
fn begun(typed: ActForm, one: &Model) -> ActForm {
    let plain = |minor: i64| one.money(minor).amount();
    let or = |typed: String, now: String| if typed.is_empty() { now } else { typed };
    let decision = one.decision.unwrap_or(Decision::Full);
    let recovery = one.recovery_asked_minor.or(one.decided_minor).unwrap_or(one.asked_minor);
    ActForm {
        value: or(typed.value, one.value_minor.map(plain).unwrap_or_default()),
        asked: or(typed.asked, plain(one.asked_minor)),
        decision: or(typed.decision, decision.word().into()),
        from: or(typed.from, one.recovery_from.clone()),
        carrier_amount: or(typed.carrier_amount, plain(recovery)),
        liable: or(typed.liable, one.liable.word().into()),
        ..typed
    }
}

async fn may(actor: &Actor, claims: &Claims, id: &ClaimId) -> May {
    let db = claims.db().read();
    let reaches = async |permission| actor.has(permission) && store::get(db, actor, permission, id).await.is_ok();
    May { raise: reaches(RAISE).await, handle: reaches(HANDLE).await, pay: reaches(PAY).await }
}

async fn files(
    ui: &Ui,
    actor: &Actor,
    claims: &Claims,
    one: &Model,
    may: May,
    wrong: Option<&Refused>,
) -> Result<Files, Error> {
    let own = claims.files(actor, &one.id).await?;
    let policy = claims.attachments().policy().await?;
    let (add, remove) = (may.raise && !one.is_closed(), may.handle && !one.is_closed());
    let files = Files::of(ui, &own, policy, &format!("{HERE}/{}/files", one.id), add).removable(remove);
    Ok(match wrong {
        Some(Refused::File(error)) => files.with_problem(ui, error),
        _ => files,
    })
}
