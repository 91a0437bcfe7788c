//! How much the holders of each role may grant alone.

use access::RoleId;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::{Actor, Currency, Error, Money};
use web::{Form, Me, Page, Problems, Ui, page, page_with, redirect};

use crate::forms::LimitForm;
use crate::service::{Approvals, Kind, RoleLimits};

pub const HERE: &str = "/settings/approvals";

#[derive(Template)]
#[template(path = "approval_limits.html")]
struct Limits {
    ui: Ui,
    currency: String,
    kinds: Vec<String>,
    /// Role, and for each kind what it may grant and where that is changed.
    rows: Vec<(String, Vec<(String, String)>)>,
}

#[derive(Template)]
#[template(path = "approval_limit.html")]
struct Limit {
    ui: Ui,
    currency: String,
    role: String,
    kind: String,
    href: String,
    most: String,
    unlimited: bool,
    form: Problems,
}

impl Limits {
    /// An amount alone tells a screen reader nothing.
    fn change_words(&self, role: &str, kind: &str, most: &str) -> String {
        let args = [("role", role.to_owned()), ("kind", kind.to_owned()), ("most", most.to_owned())];
        self.ui.with("approval-limit_change", &args)
    }
}

pub async fn list(ui: Ui, Me(actor): Me, State(approvals): State<Approvals>) -> Page {
    let currency = approvals.reporting().await?;
    let cell = |role: &RoleLimits| {
        let cells = role.limits.iter().map(|row| {
            let href = format!("{HERE}/{}/{}", role.role.id, row.kind.name);
            (in_words(&ui, row.most, currency), href)
        });
        (role.role.name.clone(), cells.collect())
    };
    let rows = approvals.limits(&actor).await?.iter().map(cell).collect();
    let kinds = approvals.kinds().iter().map(|kind| ui.t(kind.title_key)).collect();
    page(Limits { currency: currency.to_string(), kinds, rows, ui })
}

pub async fn edit(
    ui: Ui,
    Me(actor): Me,
    State(approvals): State<Approvals>,
    Path((role, kind)): Path<(String, String)>,
) -> Page {
    shown(ui, &actor, &approvals, (RoleId(role), kind), None).await
}

pub async fn save(
    ui: Ui,
    Me(actor): Me,
    State(approvals): State<Approvals>,
    Path((role, kind)): Path<(String, String)>,
    Form(typed): Form<LimitForm>,
) -> Page {
    let role = RoleId(role);
    let set = match typed.read() {
        Ok(most) => approvals.set_limit(&actor, &role, &kind, most).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(()) => Ok(redirect(HERE)),
        Err(error @ Error::Invalid(_)) => shown(ui, &actor, &approvals, (role, kind), Some((typed, error))).await,
        Err(error) => Err(error.into()),
    }
}

async fn shown(
    ui: Ui,
    actor: &Actor,
    approvals: &Approvals,
    (role, kind): (RoleId, String),
    refused: Option<(LimitForm, Error)>,
) -> Page {
    let currency = approvals.reporting().await?.to_string();
    let all = approvals.limits(actor).await?;
    let found = all.iter().find(|one| one.role.id == role).ok_or(Error::NotFound)?;
    let row = found.limits.iter().find(|row| row.kind.name == kind).ok_or(Error::NotFound)?;
    let (status, most, unlimited, form) = match refused {
        Some((typed, Error::Invalid(problems))) => {
            let unlimited = !typed.unlimited.is_empty();
            (StatusCode::UNPROCESSABLE_ENTITY, typed.most, unlimited, Problems::of(&ui, &problems))
        }
        _ => {
            let most = row.most.map(|most| most.to_string()).unwrap_or_default();
            (StatusCode::OK, most, row.most.is_none(), Problems::default())
        }
    };
    let Kind { name, title_key } = row.kind;
    let href = format!("{HERE}/{role}/{name}");
    let kind = ui.t(title_key);
    page_with(status, Limit { currency, role: found.role.name.clone(), kind, href, most, unlimited, form, ui })
}

fn in_words(ui: &Ui, most: Option<i64>, currency: Currency) -> String {
    match most {
        None => ui.t("approval-limit_none"),
        Some(0) => ui.t("approval-limit_nothing"),
        Some(most) => texts::format::money(Money::new(most.saturating_mul(currency.minor_per_unit()), currency)),
    }
}
