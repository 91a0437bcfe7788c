//! What the pages show of contacts, in the reader's words.

pub(crate) mod form;
pub(crate) mod list;
pub(crate) mod show;

use texts::format;
use web::Ui;

use crate::contact::{BirthdayCalendar, Model};
use crate::{consent, contact_role};

use super::birthday::Birthday;

/// What is shown of the ways to reach a contact: kind and text.
pub(crate) struct Way {
    pub label: String,
    pub text: String,
    /// `tel:` or `mailto:`; empty while it is masked.
    pub href: String,
}

/// `苏黎世–广州`.
pub(crate) fn lane(role: &contact_role::Model) -> String {
    format!("{}\u{2013}{}", role.origin, role.destination)
}

/// What somebody has to say, one text a role: 决策（全部线路）.
pub(crate) fn roles(ui: &Ui, roles: &[contact_role::Model]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for same in roles.chunk_by(|one, other| one.role == other.role) {
        let Some(first) = same.first() else { continue };
        let lanes = lanes(ui, same);
        all.push(ui.t2("contact-role_on", ("role", &ui.t(first.role.key())), ("lanes", &lanes)));
    }
    all
}

/// The lanes of rows of one role.
pub(crate) fn lanes(ui: &Ui, roles: &[contact_role::Model]) -> String {
    match roles.iter().any(|role| role.origin.is_empty()) {
        true => ui.t("contact-all_lanes"),
        false => roles.iter().map(lane).collect::<Vec<_>>().join(&ui.t("contact-and")),
    }
}

/// What counts now, as chips: text and tone.
pub(crate) fn chips(ui: &Ui, consents: &[consent::Model]) -> Vec<(String, &'static str)> {
    let chip = |one: &consent::Model| {
        let answer = ui.t(one.answer.key());
        (ui.t2("contact-chip", ("purpose", &ui.t(one.purpose.key())), ("answer", &answer)), one.answer.tone())
    };
    consents.iter().map(chip).collect()
}

/// When the facts were last verified, and by whom.
pub(crate) fn verified(ui: &Ui, contact: &Model) -> String {
    match contact.verified_at {
        Some(at) => {
            let day = format::day(base::Actor::day_of(at));
            ui.t2("contact-verified_on", ("day", &day), ("who", &crate::views::by(ui, &contact.verified_by)))
        }
        None => ui.t("contact-never_verified"),
    }
}

/// A birthday in full.
pub(crate) fn birthday(ui: &Ui, birthday: Birthday) -> String {
    let day = match birthday.year {
        Some(year) => format!("{year}-{:02}-{:02}", birthday.month, birthday.day),
        None => format!("{:02}-{:02}", birthday.month, birthday.day),
    };
    let key = match (birthday.calendar, birthday.leap) {
        (BirthdayCalendar::Solar, _) => "contact-born_solar",
        (BirthdayCalendar::Lunar, false) => "contact-born_lunar",
        (BirthdayCalendar::Lunar, true) => "contact-born_leap",
    };
    ui.t1(key, "day", day)
}
