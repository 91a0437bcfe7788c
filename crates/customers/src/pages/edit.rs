//! The form of a customer: new ones, changes, and two people changing one customer.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::{Actor, CustomerId, Error, Permission, Scope, UserId};
use web::{Form, Me, Page, Problems, Ui};

use crate::address::AddressKind;
use crate::customer::{Model, RelationType, Size};
use crate::forms::CustomerDraft;
use crate::service::{CustomerFile, Customers};
use crate::views::file::address_line;
use crate::views::form::{Clash, Pressed, Typed, TypedAddress, clashes, problems};
use crate::views::{options, or_none};

#[derive(Template)]
#[template(path = "customer_form.html")]
struct FormPage {
    ui: Ui,
    title: String,
    action: String,
    cancel: String,
    typed: Typed,
    rows: Vec<TypedAddress>,
    sizes: Vec<(String, String)>,
    relations: Vec<(String, String)>,
    owners: Vec<(String, String)>,
    kinds: Vec<(String, String)>,
    form: Problems,
    problem: String,
    clashes: Vec<Clash>,
}

type Pairs = Form<Vec<(String, String)>>;

pub async fn new(ui: Ui, Me(actor): Me, State(customers): State<Customers>) -> Page {
    let typed = Typed::blank(actor.user_id());
    form(ui, &customers, &actor, None, typed, None, Vec::new()).await
}

pub async fn create(ui: Ui, Me(actor): Me, State(customers): State<Customers>, Form(pairs): Pairs) -> Page {
    let (mut typed, pressed) = Typed::read(pairs)?;
    if pressed == Pressed::AddAddress {
        typed.add_address();
        return form(ui, &customers, &actor, None, typed, None, Vec::new()).await;
    }
    match customers.create(&actor, typed.draft()?).await {
        Ok(customer) => Ok(web::redirect(&format!("/customers/{}?said=created", customer.id))),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            form(ui, &customers, &actor, None, typed, Some(error), Vec::new()).await
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn edit(ui: Ui, Me(actor): Me, State(customers): State<Customers>, Path(id): Path<String>) -> Page {
    let file = editable(&customers, &actor, &CustomerId(id)).await?;
    let typed = Typed::stored(&file.draft(), file.customer.version);
    form(ui, &customers, &actor, Some(&file.customer), typed, None, Vec::new()).await
}

pub async fn change(
    ui: Ui,
    Me(actor): Me,
    State(customers): State<Customers>,
    Path(id): Path<String>,
    Form(pairs): Pairs,
) -> Page {
    let id = CustomerId(id);
    let (mut typed, pressed) = Typed::read(pairs)?;
    let file = editable(&customers, &actor, &id).await?;
    let error = match pressed {
        Pressed::AddAddress => {
            typed.add_address();
            None
        }
        Pressed::Take(field) => {
            typed.take(&field, Typed::stored(&file.draft(), file.customer.version));
            None
        }
        Pressed::Save => match customers.change(&actor, &id, typed.version, typed.draft()?).await {
            Ok(()) => return Ok(web::redirect(&format!("/customers/{id}?said=saved"))),
            Err(Error::Conflict) => {
                typed.since = Some(typed.version);
                Some(Error::Conflict)
            }
            Err(error @ (Error::Invalid(_) | Error::Refused(_))) => Some(error),
            Err(error) => return Err(error.into()),
        },
    };
    let clashes = match typed.since {
        Some(since) => {
            // Read again: what the reader compares with is what saving will replace.
            let now = editable(&customers, &actor, &id).await?;
            typed.version = now.customer.version;
            clashed(&ui, &customers, &actor, &now, since, &typed).await?
        }
        None => Vec::new(),
    };
    form(ui, &customers, &actor, Some(&file.customer), typed, error, clashes).await
}

/// The file of a customer that the actor may change; to others it does not exist here.
async fn editable(customers: &Customers, actor: &Actor, id: &CustomerId) -> Result<CustomerFile, Error> {
    let file = customers.file(actor, id).await?;
    match customers.may(actor, crate::EDIT, &file.customer).await? {
        true => Ok(file),
        false => Err(Error::NotFound),
    }
}

/// What others changed since `since` and what the form has instead.
async fn clashed(
    ui: &Ui,
    customers: &Customers,
    actor: &Actor,
    now: &CustomerFile,
    since: i64,
    typed: &Typed,
) -> Result<Vec<Clash>, Error> {
    let changes = customers.changed_since(actor, &now.customer.customer_id(), since).await?;
    let (mine, theirs) = (typed.draft()?, now.draft());
    let owners = [&mine, &theirs].into_iter().filter_map(|draft| draft.owner_id.clone()).collect();
    let names = customers.names_of(owners).await?;
    let show = |field: &str, draft: &CustomerDraft| match field {
        "owner_id" => draft.owner_id.as_ref().and_then(|owner| names.get(owner)).cloned().unwrap_or_default(),
        other => shown(ui, other, draft),
    };
    Ok(clashes(&changes, &mine, &theirs, show, |field| ui.t(&label_key(field))))
}

/// The label of a field of the draft.
fn label_key(field: &str) -> String {
    match field {
        "owner_id" => "customer-owner".into(),
        other => format!("customer-{other}"),
    }
}

/// One field of a draft as people read it.
fn shown(ui: &Ui, field: &str, draft: &CustomerDraft) -> String {
    let typed = Typed::stored(draft, 0);
    match field {
        "name" => typed.name,
        "short_name" => typed.short_name,
        "former_names" => draft.former_names.join(" · "),
        "english_name" => typed.english_name,
        "credit_code" => typed.credit_code,
        "industry" => typed.industry,
        "size" => draft.size.map(|size| ui.t(size.key())).unwrap_or_default(),
        "relation_type" => ui.t(draft.relation_type.key()),
        "source" => typed.source,
        "rhythm_days" => typed.rhythm_days,
        "tags" => typed.tags,
        "notes" => typed.notes,
        "addresses" => draft.addresses.iter().map(|one| address_line(ui, one)).collect::<Vec<_>>().join("\n"),
        _ => String::new(),
    }
}

async fn form(
    ui: Ui,
    customers: &Customers,
    actor: &Actor,
    customer: Option<&Model>,
    typed: Typed,
    error: Option<Error>,
    clashes: Vec<Clash>,
) -> Page {
    let owners = owners(&ui, customers, actor, customer, &typed).await?;
    let status = error.as_ref().map_or(StatusCode::OK, web::answer::status_of);
    let sizes = options(&ui, Size::ALL.iter().map(|one| (one.word(), one.key())));
    let (action, cancel) = match customer {
        Some(customer) => (format!("/customers/{}/edit", customer.id), format!("/customers/{}", customer.id)),
        None => ("/customers/new".into(), "/customers".into()),
    };
    let page = FormPage {
        title: customer
            .map_or_else(|| ui.t("customer-new"), |customer| ui.t1("customer-edit_of", "name", &customer.name)),
        action,
        cancel,
        rows: typed.rows(),
        sizes: or_none(ui.t("customer-unknown"), sizes),
        relations: options(&ui, RelationType::ALL.iter().map(|one| (one.word(), one.key()))),
        kinds: options(&ui, AddressKind::ALL.iter().map(|one| (one.word(), one.key()))),
        owners,
        form: error.as_ref().map(|error| problems(&ui, error)).unwrap_or_default(),
        problem: match &error {
            Some(Error::Conflict) | None => String::new(),
            Some(error) => ui.say(&error.message()),
        },
        typed,
        clashes,
        ui,
    };
    web::page_with(status, page)
}

/// Who may be chosen: those within the actor's reach, and whoever is the owner now.
async fn owners(
    ui: &Ui,
    customers: &Customers,
    actor: &Actor,
    customer: Option<&Model>,
    typed: &Typed,
) -> Result<Vec<(String, String)>, Error> {
    let permission: Permission = if customer.is_some() { crate::EDIT } else { crate::CREATE };
    let people = customers.possible_owners(actor, permission).await?;
    let mut owners: Vec<(String, String)> = people.into_iter().map(|person| (person.id, person.name)).collect();
    let current = customer.and_then(|customer| customer.owner_id.clone());
    for missing in [current.as_ref(), actor.user_id()].into_iter().flatten() {
        if !owners.iter().any(|(id, _)| id == missing.as_str()) {
            owners.push((missing.to_string(), name_of(customers, actor, missing).await?));
        }
    }
    let nobody_allowed = actor.scope(permission) != Some(Scope::Own) || typed.owner_id.is_empty();
    Ok(if nobody_allowed { or_none(ui.t("customer-nobody"), owners) } else { owners })
}

async fn name_of(customers: &Customers, actor: &Actor, id: &UserId) -> Result<String, Error> {
    let known = customers.names_of(vec![id.clone()]).await?.remove(id);
    Ok(known.unwrap_or_else(|| if actor.user_id() == Some(id) { actor.name.clone() } else { id.to_string() }))
}
