//! What the customer is told at each step: texts with `{{field}}` for what only this complaint knows. Substitution from
//! a fixed list, nothing else: no expression, no condition, and what is filled in is never looked at again.

use std::collections::BTreeMap;

use base::{FieldProblem, Language, Message};
use serde::{Deserialize, Serialize};
use texts::Texts;

use crate::words::Step;

/// Where the texts are kept among the settings.
pub const SETTINGS: &str = "complaints.told";

/// What may stand between two braces.
pub const FIELDS: [&str; 10] = [
    "customer",
    "contact",
    "number",
    "category",
    "received_on",
    "waybills",
    "owner",
    "due",
    "solution",
    "compensation",
];

/// Texts that an administrator has changed, by step and language; the others are those of the program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wordings {
    pub chinese: BTreeMap<Step, String>,
    pub english: BTreeMap<Step, String>,
    pub version: i64,
}

impl Wordings {
    /// The text of a step, with its fields unfilled.
    pub fn of(&self, texts: &Texts, language: Language, step: Step) -> String {
        let own = match language {
            Language::Chinese => &self.chinese,
            Language::English | Language::Pseudo => &self.english,
        };
        own.get(&step).cloned().unwrap_or_else(|| default(texts, language, step))
    }
}

/// What the program says while nobody has changed it.
pub fn default(texts: &Texts, language: Language, step: Step) -> String {
    texts.get(language, default_key(step))
}

fn default_key(step: Step) -> &'static str {
    match step {
        Step::Listen => "complaint-told-listen",
        Step::Apologise => "complaint-told-apologise",
        Step::Acknowledge => "complaint-told-acknowledge",
        Step::Act => "complaint-told-act",
        Step::Inform => "complaint-told-inform",
        Step::Resolve => "complaint-told-resolve",
        Step::Confirm => "complaint-told-confirm",
    }
}

/// The text with its fields filled in, each once.
pub fn fill(text: &str, values: &BTreeMap<&'static str, String>) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{") {
        filled.push_str(before);
        match behind.split_once("}}") {
            Some((name, after)) => {
                match FIELDS.iter().find(|field| **field == name.trim()) {
                    Some(field) => filled.push_str(values.get(field).map_or("", String::as_str)),
                    None => filled.push_str(&format!("{{{{{name}}}}}")),
                }
                rest = after;
            }
            None => {
                filled.push_str("{{");
                rest = behind;
            }
        }
    }
    filled + rest
}

/// What is wrong with a text that somebody wrote: a field that nobody knows, a brace that is never closed.
pub fn problem(field: &str, text: &str) -> Option<FieldProblem> {
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once("{{") {
        let Some((name, after)) = behind.split_once("}}") else {
            return Some(FieldProblem::new(field, Message::new("complaint-brace_open")));
        };
        if !FIELDS.contains(&name.trim()) {
            let name: String = name.chars().take(40).collect();
            let message = Message::new("complaint-field_unknown").with("field", name).with("known", FIELDS.join(", "));
            return Some(FieldProblem::new(field, message));
        }
        rest = after;
    }
    (text.chars().count() > crate::rules::LONGEST)
        .then(|| FieldProblem::new(field, Message::new("complaint-text_too_long").with("most", crate::rules::LONGEST)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> BTreeMap<&'static str, String> {
        BTreeMap::from([("customer", "{{number}} Ltd".to_owned()), ("number", "客服-2026-0001".to_owned())])
    }

    #[test]
    fn fields_are_filled_in_once_and_a_customer_called_like_a_field_stays_as_he_is() {
        assert_eq!(fill("Dear {{customer}}: {{ number }}.", &values()), "Dear {{number}} Ltd: 客服-2026-0001.");
        assert_eq!(fill("{{owner}}!", &values()), "!");
        assert_eq!(fill("{{secret}} {{", &values()), "{{secret}} {{");
    }

    #[test]
    fn a_field_that_nobody_knows_is_refused() {
        assert_eq!(problem("listen", "{{customer}} {{owner}}"), None);
        assert_eq!(problem("listen", "{{env.HOME}}").unwrap().message.key, "complaint-field_unknown");
        assert_eq!(problem("listen", "{{customer").unwrap().message.key, "complaint-brace_open");
    }
}
