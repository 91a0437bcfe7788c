//! How pages and programs are answered: the page frame, extractors, error faces, headers, assets.

pub mod answer;
pub mod api;
pub mod assets;
pub mod faces;
mod fields;
pub mod form;
pub mod guard;
pub mod ui;

pub use answer::{Answer, Failure, Me, Page, json, page, page_with, redirect};
pub use form::{Form, Problems, Query};
pub use ui::{Csrf, MenuGroupView, MenuItem, Preferences, Shell, SingleKeys, Theme, Ui};

pub fn locales() -> texts::Locales {
    texts::locales!()
}
