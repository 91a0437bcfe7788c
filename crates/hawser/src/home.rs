//! The address that everybody starts from.

use axum::response::Response;
use module::{Access, Module, Routes};
use web::{Ui, redirect};

pub fn module() -> Module {
    Module { name: "home", routes: Routes::new().get("/", Access::SignedIn, first_page, &()), ..Module::default() }
}

/// The first page of the reader's navigation; his own account when he has none.
async fn first_page(ui: Ui) -> Response {
    let menu = ui.menu();
    redirect(menu.iter().flat_map(|group| &group.entries).map(|entry| entry.href).next().unwrap_or("/me"))
}
