//! What the customer is told: texts with fields that are filled in and nothing that is worked out.

use base::{Error, FieldProblem, Instant, Language, Message};
use serde::{Deserialize, Serialize};
use texts::{Texts, format};
use utoipa::ToSchema;

use crate::exception::{Kind, Model};

/// Where the texts are kept among the settings.
pub const SETTINGS: &str = "exceptions.notices";

/// What a text may hold, each as `{{name}}`.
pub const FIELDS: [&str; 9] =
    ["customer", "waybill", "lane", "kind", "milestone", "planned", "actual", "what", "transport"];

/// The longest text, in characters.
const MOST: usize = 2000;

/// For delays and for everything else, in the customer's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ExceptionNotices)]
#[serde(deny_unknown_fields)]
pub struct Notices {
    pub late_zh: String,
    pub late_en: String,
    pub other_zh: String,
    pub other_en: String,
    /// Counts the changes.
    #[serde(default)]
    pub version: i64,
}

impl Default for Notices {
    fn default() -> Self {
        let text = |text: &str| text.trim_end().to_owned();
        Self {
            late_zh: text(include_str!("../notices/late.zh-CN.txt")),
            late_en: text(include_str!("../notices/late.en.txt")),
            other_zh: text(include_str!("../notices/other.zh-CN.txt")),
            other_en: text(include_str!("../notices/other.en.txt")),
            version: 0,
        }
    }
}

impl Notices {
    pub fn text(&self, kind: Kind, language: Language) -> &str {
        match (kind, language) {
            (Kind::Late, Language::Chinese) => &self.late_zh,
            (Kind::Late, _) => &self.late_en,
            (_, Language::Chinese) => &self.other_zh,
            (_, _) => &self.other_en,
        }
    }

    /// # Errors
    /// `Invalid` for a text that is empty, too long or names a field that there is not.
    pub fn check(&self) -> Result<(), Error> {
        let texts = [
            ("late_zh", &self.late_zh),
            ("late_en", &self.late_en),
            ("other_zh", &self.other_zh),
            ("other_en", &self.other_en),
        ];
        let problems: Vec<FieldProblem> =
            texts.into_iter().filter_map(|(field, text)| Some(FieldProblem::new(field, problem(text)?))).collect();
        if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
    }
}

fn problem(text: &str) -> Option<Message> {
    if text.trim().is_empty() {
        return Some(Message::new("exception-text_missing"));
    }
    if text.chars().count() > MOST {
        return Some(Message::new("exception-text_long").with("most", MOST));
    }
    let strange = pieces(text).find_map(|piece| match piece {
        Piece::Field(name) if !FIELDS.contains(&name) => Some(name.chars().take(40).collect::<String>()),
        _ => None,
    });
    strange.map(|field| {
        Message::new("exception-notice_field_unknown").with("field", field).with("fields", FIELDS.join(", "))
    })
}

enum Piece<'a> {
    Text(&'a str),
    Field(&'a str),
}

/// In order. Braces that are not closed are text.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    let mut field = None;
    std::iter::from_fn(move || {
        if let Some(name) = field.take() {
            return Some(Piece::Field(name));
        }
        if rest.is_empty() {
            return None;
        }
        let opened = rest.split_once("{{");
        let found = opened.and_then(|(before, after)| Some((before, after.split_once("}}")?)));
        match found {
            Some((before, (name, after))) => {
                field = Some(name.trim());
                rest = after;
                Some(Piece::Text(before))
            }
            None => Some(Piece::Text(std::mem::take(&mut rest))),
        }
    })
}

/// The text for one exception. What is filled in is never looked at again.
pub fn draft(
    notices: &Notices,
    texts: &Texts,
    language: Language,
    exception: &Model,
    (customer, waybill): (&str, &str),
) -> String {
    let t = |key: &str| texts.get(language, key);
    let time = |at: Option<Instant>, none: &str| at.map_or_else(|| t(none), format::time);
    let value = |name: &str| match name {
        "customer" => customer.to_owned(),
        "waybill" => waybill.to_owned(),
        "lane" => crate::views::lane(&exception.origin, &exception.destination),
        "kind" => t(exception.kind.key()),
        "milestone" => exception.milestone.map(|step| t(step.key())).unwrap_or_default(),
        "planned" => time(exception.planned_at, "exception-no_plan"),
        "actual" => time(exception.actual_at, "exception-not_yet"),
        "what" => exception.what.clone(),
        "transport" => exception.transport_reference.clone(),
        _ => String::new(),
    };
    let filled = pieces(notices.text(exception.kind, language)).map(|piece| match piece {
        Piece::Text(text) => text.to_owned(),
        Piece::Field(name) => value(name),
    });
    filled.collect::<String>().trim().to_owned()
}

/// Nobody writes down in which language a customer reads; one with a Chinese name reads Chinese.
pub fn language_of(customer: &str) -> Language {
    let hanzi = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c) || ('\u{20000}'..='\u{323af}').contains(&c);
    if customer.chars().any(hanzi) { Language::Chinese } else { Language::English }
}
