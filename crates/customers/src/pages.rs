//! What people see and do.

mod edit;
mod list;
mod log;
mod show;

use module::Access::Needs;
use module::Routes;

use crate::service::Customers;

pub(crate) fn add(routes: Routes, customers: &Customers) -> Routes {
    routes
        .get("/customers", Needs(crate::VIEW), list::list, customers)
        .get("/customers/new", Needs(crate::CREATE), edit::new, customers)
        .post("/customers/new", Needs(crate::CREATE), edit::create, customers)
        .get("/customers/{id}", Needs(crate::VIEW), show::show, customers)
        .get("/customers/{id}/edit", Needs(crate::EDIT), edit::edit, customers)
        .post("/customers/{id}/edit", Needs(crate::EDIT), edit::change, customers)
        .post("/customers/{id}/stage", Needs(crate::EDIT), log::set_stage, customers)
        .post("/customers/{id}/interactions", Needs(crate::LOG), log::log, customers)
        .post("/interactions/{id}/step-done", Needs(crate::LOG), log::step_done, customers)
        .post("/interactions/{id}/step-open", Needs(crate::LOG), log::step_open, customers)
        .post("/interactions/{id}/take-back", Needs(crate::LOG), log::take_back, customers)
}
