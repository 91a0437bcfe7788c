//! A claim comes in: from an exception, or who it is first and then about which waybill.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use base::{Actor, CustomerId, Error, PageSize};
use customers::Customers;
use exceptions::exception::{ExceptionId, Kind, Liable};
use serde::Deserialize;
use web::{Form, Me, Page, Problems, Query, Ui, page, page_with, redirect};

use super::acts::word;
use super::{HERE, belongs_to_form, options, refused};
use crate::forms::ClaimDraft;
use crate::{Claims, RAISE, rules};

/// Customers that a search offers.
const OFFERED: u64 = 20;
/// What the form offers first; any other currency can be typed through the interface.
const CURRENCIES: [&str; 8] = ["CNY", "USD", "EUR", "JPY", "KRW", "HKD", "GBP", "SGD"];

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewQuery {
    exception: String,
    customer: String,
    waybill: String,
    /// Words of the customer's name.
    q: String,
}

#[derive(Template)]
#[template(path = "claim_customer.html")]
struct WhoPage {
    ui: Ui,
    q: String,
    /// Id, name, short name.
    found: Vec<(String, String, String)>,
}

/// A claim as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Typed {
    exception: String,
    customer: String,
    waybill: String,
    kind: String,
    what: String,
    value: String,
    asked: String,
    currency: String,
    liable: String,
}

#[derive(Template)]
#[template(path = "claim_new.html")]
struct FormPage {
    ui: Ui,
    typed: Typed,
    about: String,
    back: String,
    kinds: Vec<(String, String)>,
    liables: Vec<(String, String)>,
    currencies: Vec<(String, String)>,
    form: Problems,
    problem: String,
}

impl Typed {
    fn draft(&self) -> Result<ClaimDraft, Error> {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let mut problems = Vec::new();
        let kind = chosen::<Kind>("kind", &self.kind, &mut problems);
        let liable = chosen::<Liable>("liable", &self.liable, &mut problems);
        let currency = match some(&self.currency).map(|code| code.parse()) {
            Some(Err(_)) => {
                problems.push(rules::wrong("currency", "claim-choose_one"));
                None
            }
            Some(Ok(currency)) => Some(currency),
            None => None,
        };
        match problems.is_empty() {
            false => Err(Error::Invalid(problems)),
            true => Ok(ClaimDraft {
                exception: some(&self.exception),
                customer: some(&self.customer).map(CustomerId),
                waybill: self.waybill.trim().to_owned(),
                kind,
                what: self.what.clone(),
                value: self.value.clone(),
                asked: self.asked.clone(),
                currency,
                liable,
            }),
        }
    }
}

fn chosen<'a, T: Deserialize<'a>>(field: &str, text: &'a str, problems: &mut Vec<base::FieldProblem>) -> Option<T> {
    match text {
        "" => None,
        text => word(field, text).map_err(|_| problems.push(rules::wrong(field, "claim-choose_one"))).ok(),
    }
}

pub async fn new(ui: Ui, Me(actor): Me, State(claims): State<Claims>, Query(query): Query<NewQuery>) -> Page {
    if query.exception.is_empty() && query.customer.is_empty() {
        return who(ui, &actor, &claims, query.q).await;
    }
    let mut typed = Typed {
        exception: query.exception,
        customer: query.customer,
        waybill: query.waybill,
        currency: claims.reporting().await?.to_string(),
        ..Typed::default()
    };
    if !typed.exception.is_empty() {
        let from = exceptions::Exceptions::new(claims.db().clone());
        let one = from.file(&actor, &ExceptionId(typed.exception.clone())).await?.exception;
        typed.kind = one.kind.word().into();
        typed.liable = one.liable.word().into();
        typed.what = one.what;
    }
    form(ui, &actor, &claims, typed, None).await
}

pub async fn save(ui: Ui, Me(actor): Me, State(claims): State<Claims>, Form(typed): Form<Typed>) -> Page {
    let raised = match typed.draft() {
        Ok(draft) => claims.raise(&actor, &draft).await,
        Err(error) => Err(error),
    };
    match raised {
        Ok(claim) => Ok(redirect(&format!("{HERE}/{}", claim.id))),
        Err(error) if belongs_to_form(&error) => form(ui, &actor, &claims, typed, Some(error)).await,
        Err(error) => Err(error.into()),
    }
}

async fn who(ui: Ui, actor: &Actor, claims: &Claims, q: String) -> Page {
    let words = q.trim().to_owned();
    let found = match words.is_empty() {
        true => Vec::new(),
        false => {
            let filter = customers::store::Filter { words, ..Default::default() };
            Customers::new(claims.db().clone()).list(actor, &filter, PageSize(OFFERED)).await?.rows
        }
    };
    let found = found.into_iter().map(|one| (one.id, one.name, one.short_name)).collect();
    page(WhoPage { ui, q, found })
}

async fn form(ui: Ui, actor: &Actor, claims: &Claims, typed: Typed, error: Option<Error>) -> Page {
    let (status, form, problem) = match &error {
        Some(error) => refused(&ui, error),
        None => (StatusCode::OK, Problems::default(), String::new()),
    };
    let (about, back) = about(&ui, actor, claims, &typed).await?;
    let choose = || std::iter::once((String::new(), ui.t("claim-choose_one")));
    let mut currencies: Vec<_> = CURRENCIES.iter().map(|code| ((*code).to_owned(), (*code).to_owned())).collect();
    if !typed.currency.is_empty() && CURRENCIES.iter().all(|code| *code != typed.currency) {
        currencies.insert(0, (typed.currency.clone(), typed.currency.clone()));
    }
    let page = FormPage {
        kinds: choose().chain(options(&ui, Kind::ALL, Kind::word, Kind::key)).collect(),
        liables: options(&ui, Liable::ALL, Liable::word, Liable::key),
        currencies,
        about,
        back,
        typed,
        form,
        problem,
        ui,
    };
    page_with(status, page)
}

/// What the form is about, and where one goes without saving it. An exception that is gone or hidden is only not named.
async fn about(ui: &Ui, actor: &Actor, claims: &Claims, typed: &Typed) -> Result<(String, String), Error> {
    if !typed.exception.is_empty() {
        let from = exceptions::Exceptions::new(claims.db().clone());
        return match from.file(actor, &ExceptionId(typed.exception.clone())).await {
            Ok(file) => {
                let words = ui.t2("claim-new_about", ("waybill", &file.waybill), ("customer", &file.customer));
                Ok((words, format!("/exceptions/{}", file.exception.id)))
            }
            Err(Error::NotFound | Error::Forbidden | Error::Lacks(_)) => Ok((String::new(), HERE.into())),
            Err(error) => Err(error),
        };
    }
    let id = CustomerId(typed.customer.clone());
    let customer = customers::store::get(claims.db().read(), actor, RAISE, &id).await?;
    Ok((customer.name, HERE.into()))
}
