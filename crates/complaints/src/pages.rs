//! The pages.

pub mod acts;
pub mod list;
pub mod new;
pub mod show;
pub mod texts;

use base::Error;
use module::Access::Needs;
use module::{MenuEntry, MenuGroup, Routes};
use web::{Problems, Ui};

use crate::{Complaints, HANDLE, LOG, TEXTS, VIEW};

pub const HERE: &str = "/complaints";

/// Adds the pages to the module's routes.
pub fn routes(routes: Routes, complaints: &Complaints) -> Routes {
    routes
        .get(HERE, Needs(VIEW), list::list, complaints)
        .get("/complaints/new", Needs(LOG), new::blank, complaints)
        .post("/complaints/new", Needs(LOG), new::save, complaints)
        .get("/complaints/blank", Needs(VIEW), show::blank, complaints)
        .get("/complaints/{id}", Needs(VIEW), show::show, complaints)
        .post("/complaints/{id}/steps", Needs(HANDLE), acts::step, complaints)
        .post("/complaints/{id}/solution", Needs(HANDLE), acts::solution, complaints)
        .post("/complaints/{id}/hold", Needs(HANDLE), acts::hold, complaints)
        .post("/complaints/{id}/resume", Needs(HANDLE), acts::resume, complaints)
        .post("/complaints/{id}/assign", Needs(HANDLE), acts::assign, complaints)
        .post("/complaints/{id}/remarks", Needs(HANDLE), acts::remark, complaints)
        .post("/complaints/{id}/shipments", Needs(HANDLE), acts::shipments, complaints)
        .post("/complaints/{id}/cause", Needs(HANDLE), acts::cause, complaints)
        .post("/complaints/{id}/corrected", Needs(HANDLE), acts::corrected, complaints)
        .post("/complaints/{id}/verified", Needs(HANDLE), acts::verified, complaints)
        .post("/complaints/{id}/merge", Needs(HANDLE), acts::merge, complaints)
        .post("/complaints/{id}/reopen", Needs(HANDLE), acts::reopen, complaints)
        .get(texts::HERE, Needs(TEXTS), texts::show, complaints)
        .post(texts::HERE, Needs(TEXTS), texts::save, complaints)
}

pub fn menu() -> Vec<MenuEntry> {
    let entry = |group, order, href, title_key, icon, needs| MenuEntry {
        group,
        order,
        href,
        title_key,
        icon,
        needs: Some(needs),
    };
    vec![
        entry(MenuGroup::Service, 2, HERE, "complaint-menu", "complaint", VIEW),
        entry(MenuGroup::Settings, 7, texts::HERE, "complaint-texts", "message", TEXTS),
    ]
}

/// What is wrong, field by field.
pub(crate) fn problems(ui: &Ui, error: Option<&Error>) -> Problems {
    match error {
        Some(Error::Invalid(problems)) => Problems::of(ui, problems),
        _ => Problems::default(),
    }
}

/// What is wrong with a form as a whole.
pub(crate) fn sentence(ui: &Ui, error: Option<&Error>) -> String {
    match error {
        Some(Error::Invalid(problems)) => {
            let whole = problems.iter().find(|problem| problem.field == "form");
            whole.map(|problem| ui.say(&problem.message)).unwrap_or_else(|| ui.t("complaint-see_below"))
        }
        Some(error) => ui.say(&error.message()),
        None => String::new(),
    }
}
