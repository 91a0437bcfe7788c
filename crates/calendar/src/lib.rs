//! When work is done: working windows, holidays and make-up workdays, lunar dates, and clocks that count working time.
//!
//! Crates above keep a `Clock` (or a `LegalClock`) in their records, ask `Calendars::for_department` (or `calendar_of`
//! inside their transaction) for the `Calendar`, and let `Clock::read` say what is due, elapsed and left.

mod api;
mod clock;
pub mod day;
pub mod events;
pub mod file;
mod forms;
mod legal;
pub mod lunar;
mod named;
mod pages;
pub mod rules;
pub mod schedule;
mod service;
mod span;
mod store;
mod views;
mod window;
pub mod words;
mod working_time;
pub mod year;

use base::Permission;
use module::Access::{Needs, SignedIn};
use module::{MenuEntry, MenuGroup, Module, Routes};

pub use clock::{Clock, Hold, Reading, State, WorkingTime, caution};
pub use legal::{LegalClock, LegalReading};
pub use service::{Calendars, Held, Preview, Year, calendar_of};
pub use span::Span;
pub use window::{Hours, Window, WindowProblem, windows};
pub use working_time::{Calendar, SpecialDays, Told};

/// Changing working hours, holidays and make-up workdays; everybody may read them.
pub const MANAGE: Permission = Permission("calendar.manage");

pub fn module(calendars: Calendars) -> Module {
    Module {
        name: "calendar",
        locales: Some(texts::locales!()),
        permissions: vec![MANAGE],
        routes: api::routes(routes(&calendars), &calendars),
        menu: vec![MenuEntry {
            group: MenuGroup::Settings,
            order: 5,
            href: pages::HERE,
            title_key: "calendar-title",
            icon: "calendar",
            needs: None,
        }],
        records: named::own(),
        openapi: api::openapi(),
        ..Module::default()
    }
}

fn routes(calendars: &Calendars) -> Routes {
    use pages::{hours, import, years};
    Routes::new()
        .get("/settings/calendar", SignedIn, hours::show, calendars)
        .get("/settings/calendar/hours/{holder}", Needs(MANAGE), hours::edit, calendars)
        .post("/settings/calendar/hours/{holder}", Needs(MANAGE), hours::save, calendars)
        .post("/settings/calendar/hours/{holder}/drop", Needs(MANAGE), hours::drop_own, calendars)
        .get("/settings/calendar/years/{year}", SignedIn, years::show, calendars)
        .post("/settings/calendar/years/{year}/days", Needs(MANAGE), years::set_day, calendars)
        .post("/settings/calendar/days/{day}/remove", Needs(MANAGE), years::remove_day, calendars)
        .get("/settings/calendar/import", Needs(MANAGE), import::choose, calendars)
        .post("/settings/calendar/import", Needs(MANAGE), import::preview, calendars)
        .post("/settings/calendar/import/load", Needs(MANAGE), import::load, calendars)
}
