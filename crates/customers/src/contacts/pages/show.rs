//! The page of one contact and what is done there.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::{Actor, Error};
use serde::Deserialize;
use web::{Form, Me, Page, Problems, Query, Ui};

use crate::consent::{Basis, ConsentAnswer, Purpose};
use crate::contact::{Channel, ContactId};
use crate::contacts::forms::ConsentDraft;
use crate::contacts::service::Revealed;
use crate::contacts::views::show::{ActView, ContactPageView, PurposeView};
use crate::service::Customers;
use crate::views::{options, or_none};

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ShowQuery {
    said: Option<Said>,
}

/// What has just been done.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Created,
    Saved,
    Verified,
    Archived,
    Restored,
    Consent,
}

#[derive(Template)]
#[template(path = "contact.html")]
struct ContactPage {
    ui: Ui,
    contact: ContactPageView,
    customer: String,
    may_edit: bool,
    purposes: Vec<PurposeView>,
    told: Vec<PurposeView>,
    acts: Vec<ActView>,
    typed: ConsentDraft,
    picks: Picks,
    form: Problems,
    problem: String,
    said: String,
    undo_href: String,
}

impl ContactPage {
    fn basis(&self) -> &str {
        self.typed.basis.map_or("", Basis::word)
    }
}

/// The choices of the consent form: word and text.
struct Picks {
    purposes: Vec<(String, String)>,
    answers: Vec<(String, String)>,
    bases: Vec<(String, String)>,
    channels: Vec<(String, String)>,
}

/// What else the page shows after an act.
#[derive(Default)]
struct After {
    said: Option<Said>,
    revealed: Option<Revealed>,
    refused: Option<(ConsentDraft, Error)>,
}

pub async fn show(
    ui: Ui,
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
    Query(query): Query<ShowQuery>,
) -> Page {
    render(ui, &customers, &actor, &ContactId(id), After { said: query.said, ..After::default() }).await
}

/// The numbers stand on this answer only: they are not shown again without another act.
pub async fn reveal(ui: Ui, Me(actor): Me, State(customers): State<Customers>, Path(id): Path<String>) -> Page {
    let id = ContactId(id);
    let revealed = customers.reveal_contact(&actor, &id).await?;
    render(ui, &customers, &actor, &id, After { revealed: Some(revealed), ..After::default() }).await
}

pub async fn verify(Me(actor): Me, State(customers): State<Customers>, Path(id): Path<String>) -> Page {
    let id = ContactId(id);
    customers.verify_contact(&actor, &id).await?;
    Ok(web::redirect(&format!("/contacts/{id}?said=verified")))
}

pub async fn archive(Me(actor): Me, State(customers): State<Customers>, Path(id): Path<String>) -> Page {
    let id = ContactId(id);
    customers.archive_contact(&actor, &id).await?;
    Ok(web::redirect(&format!("/contacts/{id}?said=archived")))
}

pub async fn restore(Me(actor): Me, State(customers): State<Customers>, Path(id): Path<String>) -> Page {
    let id = ContactId(id);
    customers.restore_contact(&actor, &id).await?;
    Ok(web::redirect(&format!("/contacts/{id}?said=restored")))
}

pub async fn record_consent(
    ui: Ui,
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
    Form(draft): Form<ConsentDraft>,
) -> Page {
    let id = ContactId(id);
    match customers.record_consent(&actor, &id, draft.clone()).await {
        Ok(()) => Ok(web::redirect(&format!("/contacts/{id}?said=consent#consents"))),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            render(ui, &customers, &actor, &id, After { refused: Some((draft, error)), ..After::default() }).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn render(ui: Ui, customers: &Customers, actor: &Actor, id: &ContactId, after: After) -> Page {
    let file = customers.contact(actor, id).await?;
    let customer = customers.file(actor, &file.contact.customer_id).await?.customer;
    let may_edit = customers.may(actor, crate::EDIT, &customer).await?;
    let told = customers.consents(actor, id).await?;
    let history = customers.contact_history(actor, id).await?;
    let status = after.refused.as_ref().map_or(StatusCode::OK, |(_, error)| web::answer::status_of(error));
    let (typed, error) = match after.refused {
        Some((draft, error)) => (draft, Some(error)),
        None => (nothing_typed(), None),
    };
    let page = ContactPage {
        contact: ContactPageView::of(&ui, &file, after.revealed.as_ref()),
        customer: customer.name,
        may_edit,
        purposes: PurposeView::all(&ui, &file.consents),
        told: told.iter().map(|row| PurposeView::of(&ui, row)).collect(),
        acts: history.into_iter().map(|entry| ActView::of(&ui, entry)).collect(),
        typed,
        picks: Picks::new(&ui),
        form: error.as_ref().map(|error| crate::views::form::problems(&ui, error)).unwrap_or_default(),
        problem: error.as_ref().map_or_else(String::new, |error| ui.say(&error.message())),
        undo_href: match after.said {
            Some(Said::Archived) => format!("/contacts/{id}/restore"),
            _ => String::new(),
        },
        said: match (after.said, &after.revealed) {
            (Some(said), _) => ui.t(said_key(said)),
            (None, Some(_)) => ui.t("contact-said_revealed"),
            (None, None) => String::new(),
        },
        ui,
    };
    web::page_with(status, page)
}

fn nothing_typed() -> ConsentDraft {
    ConsentDraft {
        purpose: Purpose::Business,
        answer: ConsentAnswer::Given,
        basis: None,
        channel: Channel::InPerson,
        evidence: String::new(),
    }
}

impl Picks {
    fn new(ui: &Ui) -> Self {
        Self {
            purposes: options(ui, Purpose::ALL.iter().map(|one| (one.word(), one.key()))),
            answers: options(ui, ConsentAnswer::ALL.iter().map(|one| (one.word(), one.key()))),
            bases: or_none(ui.t("contact-no_basis"), options(ui, Basis::ALL.iter().map(|one| (one.word(), one.key())))),
            channels: options(ui, Channel::ALL.iter().map(|one| (one.word(), one.key()))),
        }
    }
}

fn said_key(said: Said) -> &'static str {
    match said {
        Said::Created => "contact-said_created",
        Said::Saved => "contact-said_saved",
        Said::Verified => "contact-said_verified",
        Said::Archived => "contact-said_archived",
        Said::Restored => "contact-said_restored",
        Said::Consent => "contact-said_consent",
    }
}
