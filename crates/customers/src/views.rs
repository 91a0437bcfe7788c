//! What the pages show, in the reader's words.

pub(crate) mod file;
pub(crate) mod form;
pub(crate) mod list;

use base::{Day, Message};
use serde::Deserialize;
use texts::format;
use web::Ui;

use crate::people;

/// Days ahead that are said in words; later ones by their date.
const SOON_DAYS: i64 = 7;

/// A due day in words, and the tone of its tag.
pub(crate) fn due_words(ui: &Ui, due: Day, today: Day) -> (String, &'static str) {
    match (due - today).num_days() {
        late if late < 0 => (ui.t1("customer-due_late", "days", -late), "risk"),
        0 => (ui.t("customer-due_today"), "warn"),
        ahead if ahead <= SOON_DAYS => (ui.t1("customer-due_in", "days", ahead), "neutral"),
        _ => (format::day(due), "neutral"),
    }
}

/// Who did it, as people say it: what the program does by itself has names for programs.
pub(crate) fn by(ui: &Ui, name: &str) -> String {
    match name {
        people::OPERATOR => ui.t("customer-by_operator"),
        "events" | "setup" => ui.t("customer-by_program"),
        person => person.to_owned(),
    }
}

/// How long ago a day was.
pub(crate) fn ago(ui: &Ui, day: Day, today: Day) -> String {
    match (today - day).num_days() {
        ..=0 => ui.t("customer-ago_today"),
        days => ui.t1("customer-ago", "days", days),
    }
}

/// The sentences of stored reasons; what is none is left out.
pub(crate) fn sentences(ui: &Ui, stored: &serde_json::Value) -> Vec<String> {
    #[derive(Deserialize)]
    struct Stored {
        key: String,
        #[serde(default)]
        args: Vec<(String, String)>,
    }
    let all: Vec<Stored> = serde_json::from_value(stored.clone()).unwrap_or_default();
    let said = |(name, value): (String, String)| match name.as_str() {
        "who" => (name, by(ui, &value)),
        _ => (name, value),
    };
    let message = |one: Stored| Message { key: one.key, args: one.args.into_iter().map(said).collect() };
    all.into_iter().map(|one| ui.say(&message(one))).collect()
}

/// Options of a select: a closed set in the reader's words.
pub(crate) fn options(ui: &Ui, all: impl IntoIterator<Item = (&'static str, &'static str)>) -> Vec<(String, String)> {
    all.into_iter().map(|(word, key)| (word.to_owned(), ui.t(key))).collect()
}

/// The same with a first option that chooses nothing.
pub(crate) fn or_none(none: String, others: Vec<(String, String)>) -> Vec<(String, String)> {
    std::iter::once((String::new(), none)).chain(others).collect()
}
