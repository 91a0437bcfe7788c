//! What people see and do about contacts.

mod form;
mod show;

use module::Access::Needs;
use module::Routes;

use crate::service::Customers;

pub(crate) fn add(routes: Routes, customers: &Customers) -> Routes {
    routes
        .get("/customers/{id}/contacts/new", Needs(crate::EDIT), form::new, customers)
        .post("/customers/{id}/contacts/new", Needs(crate::EDIT), form::create, customers)
        .get("/contacts/{id}", Needs(crate::VIEW), show::show, customers)
        .get("/contacts/{id}/edit", Needs(crate::EDIT), form::edit, customers)
        .post("/contacts/{id}/edit", Needs(crate::EDIT), form::change, customers)
        .post("/contacts/{id}/verify", Needs(crate::EDIT), show::verify, customers)
        .post("/contacts/{id}/archive", Needs(crate::EDIT), show::archive, customers)
        .post("/contacts/{id}/restore", Needs(crate::EDIT), show::restore, customers)
        .post("/contacts/{id}/consents", Needs(crate::EDIT), show::record_consent, customers)
        .post("/contacts/{id}/reveal", Needs(crate::VIEW), show::reveal, customers)
}
