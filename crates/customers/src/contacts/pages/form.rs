//! The form of a contact: new ones, changes, and two people changing one contact.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::{Actor, CustomerId, Error};
use web::{Form, Me, Page, Problems, Ui};

use crate::contact::{BirthdayCalendar, Channel, ContactId, Identity};
use crate::contacts::service::ContactFile;
use crate::contacts::views::form::{KEEP, Typed};
use crate::contacts::views::show::label;
use crate::service::Customers;
use crate::views::form::problems;
use crate::views::{options, or_none};

#[derive(Template)]
#[template(path = "contact_form.html")]
struct FormPage {
    ui: Ui,
    title: String,
    action: String,
    cancel: String,
    typed: Typed,
    identities: Vec<(String, String)>,
    channels: Vec<(String, String)>,
    calendars: Vec<(String, String)>,
    form: Problems,
    problem: String,
}

type Pairs = Form<Vec<(String, String)>>;

/// What the form is about.
enum About {
    New(CustomerId, String),
    Known(Box<ContactFile>),
}

pub async fn new(ui: Ui, Me(actor): Me, State(customers): State<Customers>, Path(id): Path<String>) -> Page {
    let about = about_customer(&customers, &actor, CustomerId(id)).await?;
    page(ui, &about, Typed::blank(), None, String::new())
}

pub async fn create(
    ui: Ui,
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
    Form(pairs): Pairs,
) -> Page {
    let typed = Typed::read(pairs)?;
    let id = CustomerId(id);
    let about = about_customer(&customers, &actor, id.clone()).await?;
    let created = match typed.draft() {
        Ok(draft) => customers.create_contact(&actor, &id, draft).await,
        Err(error) => Err(error),
    };
    match created {
        Ok(contact) => Ok(web::redirect(&format!("/contacts/{}?said=created", contact.id))),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            let problem = ui.say(&error.message());
            page(ui, &about, typed, Some(error), problem)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn edit(ui: Ui, Me(actor): Me, State(customers): State<Customers>, Path(id): Path<String>) -> Page {
    let file = editable(&customers, &actor, &ContactId(id)).await?;
    let typed = Typed::stored(&file.contact, &file.roles);
    page(ui, &About::Known(file.into()), typed, None, String::new())
}

pub async fn change(
    ui: Ui,
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
    Form(pairs): Pairs,
) -> Page {
    let id = ContactId(id);
    let mut typed = Typed::read(pairs)?;
    let file = editable(&customers, &actor, &id).await?;
    let changed = match typed.draft() {
        Ok(draft) => customers.change_contact(&actor, &id, typed.version, draft).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => Ok(web::redirect(&format!("/contacts/{id}?said=saved"))),
        Err(Error::Conflict) => {
            let problem = clash(&ui, &customers, &actor, &id, typed.version).await?;
            // Read again: what is masked in the form is what saving will keep.
            let now = editable(&customers, &actor, &id).await?;
            typed.renew(Typed::stored(&now.contact, &now.roles));
            page(ui, &About::Known(file.into()), typed, Some(Error::Conflict), problem)
        }
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            let problem = ui.say(&error.message());
            page(ui, &About::Known(file.into()), typed, Some(error), problem)
        }
        Err(error) => Err(error.into()),
    }
}

/// A customer that the actor may change; to others it does not exist here.
async fn about_customer(customers: &Customers, actor: &Actor, id: CustomerId) -> Result<About, Error> {
    let file = customers.file(actor, &id).await?;
    match customers.may(actor, crate::EDIT, &file.customer).await? {
        true => Ok(About::New(id, file.customer.name)),
        false => Err(Error::NotFound),
    }
}

async fn editable(customers: &Customers, actor: &Actor, id: &ContactId) -> Result<ContactFile, Error> {
    let file = customers.contact(actor, id).await?;
    about_customer(customers, actor, file.contact.customer_id.clone()).await?;
    Ok(file)
}

/// Who saved since this version, and which fields.
async fn clash(ui: &Ui, customers: &Customers, actor: &Actor, id: &ContactId, version: i64) -> Result<String, Error> {
    let history = customers.contact_history(actor, id).await?;
    let later = |detail: &serde_json::Value| detail["version"]["after"].as_i64().is_some_and(|after| after > version);
    let (mut who, mut fields): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for entry in history.into_iter().filter(|entry| entry.action == "contact.changed" && later(&entry.detail)) {
        who.push(crate::views::by(ui, &entry.actor_name));
        let changed = entry.detail.as_object().into_iter().flatten().map(|(field, _)| field);
        fields.extend(changed.filter(|field| *field != "version").map(|field| label(ui, field)));
    }
    for list in [&mut who, &mut fields] {
        list.sort();
        list.dedup();
    }
    let joined = |list: Vec<String>| list.join(&ui.t("contact-and"));
    Ok(ui.t2("contact-clash", ("who", &joined(who)), ("fields", &joined(fields))))
}

fn page(ui: Ui, about: &About, typed: Typed, error: Option<Error>, problem: String) -> Page {
    let status = error.as_ref().map_or(StatusCode::OK, web::answer::status_of);
    let (title, action, cancel, known) = match about {
        About::New(customer, name) => (
            ui.t1("contact-new_of", "customer", name),
            format!("/customers/{customer}/contacts/new"),
            format!("/customers/{customer}?tab=contacts"),
            false,
        ),
        About::Known(file) => {
            let here = format!("/contacts/{}", file.contact.id);
            let title = ui.t1("customer-edit_of", "name", &file.contact.name);
            (title, format!("{here}/edit"), here, file.contact.birthday().is_some())
        }
    };
    let mut calendars = options(&ui, BirthdayCalendar::ALL.iter().map(|one| (one.word(), one.key())));
    if known {
        calendars.insert(0, (KEEP.into(), ui.t("contact-birthday_keep")));
        calendars.push((String::new(), ui.t("contact-birthday_remove")));
    }
    let identities = options(&ui, Identity::ALL.iter().map(|one| (one.word(), one.key())));
    let channels = options(&ui, Channel::ALL.iter().map(|one| (one.word(), one.key())));
    let page = FormPage {
        title,
        action,
        cancel,
        identities: or_none(ui.t("customer-unknown"), identities),
        channels: or_none(ui.t("contact-any_channel"), channels),
        calendars,
        form: error.as_ref().map(|error| problems(&ui, error)).unwrap_or_default(),
        problem,
        typed,
        ui,
    };
    web::page_with(status, page)
}
