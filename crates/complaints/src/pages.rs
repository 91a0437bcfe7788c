//! The pages.

pub mod acts;
pub mod evidence;
pub mod figures;
pub mod list;
pub mod new;
pub mod quality_events;
pub mod sheet;
pub mod show;
pub mod silent;
pub mod texts;

use base::Error;
use module::Access::Needs;
use module::{MenuEntry, MenuGroup, Routes};
use web::{Problems, Ui};

use crate::sheet::Tongue;
use crate::{Complaints, HANDLE, LOG, TEXTS, VIEW};

pub const HERE: &str = "/complaints";

/// Adds the pages to the module's routes.
pub fn routes(routes: Routes, complaints: &Complaints) -> Routes {
    routes
        .get(HERE, Needs(VIEW), list::list, complaints)
        .get(figures::HERE, Needs(VIEW), figures::show, complaints)
        .get(silent::HERE, Needs(VIEW), silent::show, complaints)
        .get(quality_events::HERE, Needs(VIEW), quality_events::list, complaints)
        .get("/complaints/quality-events/{id}", Needs(VIEW), quality_events::show, complaints)
        .post("/complaints/quality-events/{id}/plan", Needs(HANDLE), quality_events::plan, complaints)
        .post("/complaints/quality-events/{id}/close", Needs(HANDLE), quality_events::close, complaints)
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
        .get("/complaints/blank/xlsx", Needs(VIEW), sheet::blank, complaints)
        .get("/complaints/import", Needs(LOG), sheet::upload_form, complaints)
        .post("/complaints/import", Needs(LOG), sheet::take, complaints)
        .post("/complaints/import/files", Needs(LOG), sheet::upload, complaints)
        .get("/complaints/{id}/xlsx", Needs(VIEW), sheet::workbook, complaints)
        .post("/complaints/{id}/files", Needs(LOG), evidence::add, complaints)
        .get("/complaints/{id}/files/{file}", Needs(VIEW), evidence::download, complaints)
        .post("/complaints/{id}/files/{file}/remove", Needs(HANDLE), evidence::remove, complaints)
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

/// The reader's own words.
///
/// # Errors
/// Never, unless the page has no texts.
pub(crate) fn tongue(ui: &Ui) -> Result<Tongue<'_>, Error> {
    let texts = ui.texts().ok_or_else(|| Error::Bug("no texts".into()))?;
    Ok(Tongue { texts, language: ui.language() })
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
