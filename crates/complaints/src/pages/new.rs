//! A complaint comes in: who it is first, then what he says.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use base::{Actor, CustomerId, DepartmentId, Error, PageSize, UserId};
use customers::contact::ContactId;
use customers::{Customers, customer};
use serde::{Deserialize, Serialize};
use web::{Form, Me, Page, Problems, Query, Ui, page, page_with, redirect};

use super::HERE;
use crate::Complaints;
use crate::complaint::ComplaintId;
use crate::forms::ComplaintDraft;
use crate::store::{self, people};
use crate::views::{excerpt, instant, minute, options, or_none};
use crate::words::{Category, Channel, Severity};

/// Customers that a search offers, and earlier complaints that this one may repeat.
const OFFERED: u64 = 20;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewQuery {
    customer: Option<CustomerId>,
    /// Words of the customer's name.
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "complaint_customer.html")]
struct WhoPage {
    ui: Ui,
    q: String,
    /// Id, name, short name.
    found: Vec<(String, String, String)>,
}

/// A complaint as it was typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Typed {
    customer: String,
    department: Option<DepartmentId>,
    contact: Option<ContactId>,
    channel: Option<Channel>,
    category: Option<Category>,
    severity: Severity,
    express: Option<String>,
    words: String,
    wish: String,
    received_at: String,
    owner: Option<UserId>,
    waybills: String,
    repeat_of: Option<ComplaintId>,
}

#[derive(Template)]
#[template(path = "complaint_new.html")]
struct FormPage {
    ui: Ui,
    typed: Typed,
    customer: String,
    channels: Vec<(String, String)>,
    categories: Vec<(String, String)>,
    severities: Vec<(String, String)>,
    departments: Vec<(String, String)>,
    owners: Vec<(String, String)>,
    contacts: Vec<(String, String)>,
    earlier: Vec<(String, String)>,
    form: Problems,
    problem: String,
}

impl Typed {
    fn channel(&self) -> &'static str {
        self.channel.map_or("", Channel::word)
    }

    /// What was chosen in a field of ids; empty for none.
    fn chosen(&self, field: &str) -> &str {
        let chosen = match field {
            "contact" => self.contact.as_ref().map(ContactId::as_str),
            "repeat_of" => self.repeat_of.as_ref().map(ComplaintId::as_str),
            "department" => self.department.as_ref().map(DepartmentId::as_str),
            _ => self.owner.as_ref().map(UserId::as_str),
        };
        chosen.unwrap_or_default()
    }

    fn category(&self) -> &'static str {
        self.category.map_or("", Category::word)
    }

    fn draft(&self, customer: CustomerId) -> Result<ComplaintDraft, Error> {
        let mut problems = Vec::new();
        let received_at = instant(&self.received_at).unwrap_or_else(|()| {
            problems.push(crate::rules::wrong("received_at", "complaint-no_time"));
            None
        });
        if self.channel.is_none() {
            problems.push(crate::rules::wrong("channel", "complaint-choose"));
        }
        if self.category.is_none() {
            problems.push(crate::rules::wrong("category", "complaint-choose"));
        }
        let (Some(channel), Some(category), true) = (self.channel, self.category, problems.is_empty()) else {
            return Err(Error::Invalid(problems));
        };
        Ok(ComplaintDraft {
            customer,
            department: self.department.clone(),
            contact: self.contact.clone(),
            channel,
            category,
            severity: self.severity,
            express: self.express.is_some(),
            words: self.words.clone(),
            wish: self.wish.clone(),
            received_at,
            owner: self.owner.clone(),
            waybills: waybills(&self.waybills),
            repeat_of: self.repeat_of.clone(),
        })
    }
}

/// Between commas, blanks and ends of lines.
pub fn waybills(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；'));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

pub async fn blank(ui: Ui, Me(actor): Me, State(complaints): State<Complaints>, Query(query): Query<NewQuery>) -> Page {
    let Some(id) = query.customer else { return who(ui, &actor, &complaints, query.q).await };
    let customer = customers::store::get(complaints.db().read(), &actor, crate::LOG, &id).await?;
    let typed = Typed {
        customer: id.0,
        department: actor.department.clone(),
        received_at: minute(actor.now),
        owner: actor.user_id().cloned(),
        ..Typed::default()
    };
    form(ui, &complaints, customer, typed, None).await
}

pub async fn save(ui: Ui, Me(actor): Me, State(complaints): State<Complaints>, Form(typed): Form<Typed>) -> Page {
    let id = CustomerId(typed.customer.clone());
    let customer = customers::store::get(complaints.db().read(), &actor, crate::LOG, &id).await?;
    let logged = match typed.draft(id) {
        Ok(mut draft) => {
            // The form says minutes; now is not the future of its own minute.
            draft.received_at = draft.received_at.filter(|at| minute(*at) != minute(actor.now));
            complaints.log(&actor, draft).await
        }
        Err(error) => Err(error),
    };
    match logged {
        Ok(complaint) => Ok(redirect(&format!("{HERE}/{}", complaint.id))),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            form(ui, &complaints, customer, typed, Some(error)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn who(ui: Ui, actor: &Actor, complaints: &Complaints, q: String) -> Page {
    let words = q.trim().to_owned();
    let found = match words.is_empty() {
        true => Vec::new(),
        false => {
            let filter = customers::store::Filter { words, ..Default::default() };
            Customers::new(complaints.db().clone()).list(actor, &filter, PageSize(OFFERED)).await?.rows
        }
    };
    let found = found.into_iter().map(|one| (one.id, one.name, one.short_name)).collect();
    page(WhoPage { ui, q, found })
}

async fn form(ui: Ui, complaints: &Complaints, customer: customer::Model, typed: Typed, error: Option<Error>) -> Page {
    let db = complaints.db().read();
    let id = customer.customer_id();
    let owners = complaints.possible_owners(&customer).await?;
    let departments = people::departments(db).await?;
    let contacts = people::contacts(db, &id).await?;
    let earlier = store::of_customer(db, &id, OFFERED).await?;
    let earlier = earlier.into_iter().map(|one| (one.id.0, format!("{} {}", one.number, excerpt(&one.words, 20))));
    let status = error.as_ref().map_or(StatusCode::OK, web::answer::status_of);
    let mut owners: Vec<_> = owners.into_iter().map(|(id, name)| (id.0, name)).collect();
    if let Some(me) = ui.actor().and_then(|actor| Some((actor.user_id()?.0.clone(), actor.name.clone())))
        && owners.iter().all(|(id, _)| *id != me.0)
    {
        owners.push(me);
    }
    page_with(
        status,
        FormPage {
            customer: customer.name,
            channels: or_none(ui.t("complaint-choose_one"), options(&ui, Channel::ALL, Channel::word, Channel::key)),
            categories: or_none(
                ui.t("complaint-choose_one"),
                options(&ui, Category::ALL, Category::word, Category::key),
            ),
            severities: options(&ui, Severity::ALL, Severity::word, Severity::key),
            departments: or_none(
                ui.t("complaint-choose_one"),
                departments.into_iter().map(|one| (one.id.0, one.name)).collect(),
            ),
            owners,
            contacts: or_none(ui.t("complaint-unknown"), contacts.into_iter().map(|one| (one.id, one.name)).collect()),
            earlier: or_none(ui.t("complaint-first_time"), earlier.collect()),
            form: super::problems(&ui, error.as_ref()),
            problem: super::sentence(&ui, error.as_ref()),
            typed,
            ui,
        },
    )
}
