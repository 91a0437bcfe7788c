//! Tests about the code itself. Each check is a function over strings that returns what to mend; `tests/it` runs all of
//! them over the checkout.

pub mod order;
pub mod readmes;
pub mod rust;
pub mod size;
pub mod sql;
pub mod templates;
pub mod texts;
pub mod tracked;
pub mod tree;
pub mod unwanted;
pub mod words;

/// One thing to mend: where it is, and a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub place: String,
    pub advice: String,
}

impl Finding {
    pub fn at(path: &str, line: usize, advice: impl Into<String>) -> Self {
        Self { place: format!("{path}:{line}"), advice: advice.into() }
    }

    pub fn of(path: &str, advice: impl Into<String>) -> Self {
        Self { place: path.into(), advice: advice.into() }
    }
}

/// Chinese, Japanese or Korean characters and their punctuation.
pub fn has_cjk(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{3000}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}'))
}
