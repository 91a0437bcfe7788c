//! Files in and out: reads what people upload without trusting it, and maps it to records.
//!
//! `Reader` starts a limited child process that runs `worker::main`; rows come back as a bounded stream.
//! A `Mapping` says which column is what and turns each row into a `module::Record`; `Duplicates` finds the same key twice.

mod api;
pub mod batch;
pub mod cell;
pub mod cli;
pub mod committed;
mod download;
pub mod engine;
mod folder;
mod frames;
mod jobs;
pub mod kept;
pub mod limits;
pub mod mapping;
mod named;
pub mod outcome;
mod pages;
pub mod reader;
mod refusal;
pub mod refused;
pub mod remembered;
pub mod rows;
pub mod sample;
mod service;
mod spool;
mod standing;
mod store;
mod tally;
mod turn;
pub mod upload;
pub mod values;
mod views;
pub mod words;
pub mod worker;

use std::sync::Arc;

use base::Permission;
use module::{Access, MenuEntry, MenuGroup, Module, Routes};

pub use cell::{Cell, Row};
pub use mapping::{Bound, Column, DayOrder, Mapping, Proposal, TextInNumber};
pub use reader::{Line, Reader, Summary, Table};
pub use refusal::{Foreign, Header, Refused, RowProblem};
pub use rows::{Duplicates, Place};
pub use service::{Imports, Step};
pub use spool::Report;

/// Bring files in, of the kinds whose records one may write.
pub const RUN: Permission = Permission("imports.run");
/// See that others brought files in and what came of it; not their rows.
pub const ALL: Permission = Permission("imports.all");

pub const PERMISSIONS: [Permission; 2] = [RUN, ALL];

/// What the program registers. The kinds of all modules come by `Imports::extend` once they are put together.
pub fn module(imports: Imports) -> Module {
    let entry = MenuEntry {
        group: MenuGroup::Data,
        order: 10,
        href: "/imports",
        title_key: "import-title",
        icon: "import",
        needs: Some(RUN),
    };
    Module {
        name: "exchange",
        locales: Some(texts::locales!()),
        permissions: PERMISSIONS.to_vec(),
        routes: routes(&imports),
        menu: vec![entry],
        jobs: vec![Arc::new(jobs::RemoveOldFiles(imports))],
        records: vec![Arc::new(named::ImportNames)],
        openapi: api::openapi(),
        ..Module::default()
    }
}

fn routes(imports: &Imports) -> Routes {
    use pages::columns;
    let may = Access::Needs(RUN);
    Routes::new()
        .get("/imports", may, pages::list, imports)
        .post("/imports", may, pages::upload, imports)
        .get("/imports/new", may, pages::new, imports)
        .get("/imports/{id}", may, pages::show, imports)
        .get("/imports/{id}/columns", may, columns::show, imports)
        .post("/imports/{id}/columns", may, columns::submit, imports)
        .post("/imports/{id}/basis", may, columns::basis, imports)
        .post("/imports/{id}/commit", may, pages::commit, imports)
        .post("/imports/{id}/give-up", may, pages::give_up, imports)
        .get("/imports/{id}/refused", may, pages::refused, imports)
        .get("/api/v1/imports", may, api::list, imports)
        .post("/api/v1/imports", may, api::add, imports)
        .get("/api/v1/imports/{id}", may, api::show, imports)
        .post("/api/v1/imports/{id}/commit", may, api::commit, imports)
        .get("/api/v1/imports/{id}/refused", may, api::refused, imports)
}

pub fn locales() -> texts::Locales {
    texts::locales!()
}
