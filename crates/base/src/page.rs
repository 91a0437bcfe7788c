use chrono::Datelike;
use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};

use crate::Instant;

/// Most rows that one page may hold (trust.md: scraping is bounded).
pub const MAX_PAGE: u64 = 100;

/// Where the next page starts: the sort key and the id of the last row, opaque to the outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub key: String,
    pub id: String,
}

impl Cursor {
    /// The key of a list in the order of time, where a record of ours can stand: the databases do not know all that
    /// text can say.
    pub fn moment(&self) -> Option<Instant> {
        self.key.parse().ok().filter(|at: &Instant| (1970..=9999).contains(&at.year()))
    }

    /// Text for a URL.
    pub fn encode(&self) -> String {
        let mut text = String::new();
        for byte in format!("{}\u{1f}{}", self.key, self.id).bytes() {
            text.push_str(&format!("{byte:02x}"));
        }
        text
    }

    /// `None` when the text is not one of ours.
    pub fn decode(text: &str) -> Option<Self> {
        if !text.len().is_multiple_of(2) || !text.is_ascii() {
            return None;
        }
        let bytes = (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
            .collect::<Option<Vec<u8>>>()?;
        let plain = String::from_utf8(bytes).ok()?;
        // PostgreSQL takes no NUL in a text.
        let (key, id) = plain.split_once('\u{1f}').filter(|_| !plain.contains('\0'))?;
        Some(Self { key: key.into(), id: id.into() })
    }
}

/// One page of a keyset-paged list.
#[derive(Clone, Debug, Serialize)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Pass it back to get the rows after these; absent on the last page.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Cuts the one row more that the query asked for; `cursor_of` names the last row kept.
    pub fn cut(mut rows: Vec<T>, size: PageSize, cursor_of: impl Fn(&T) -> Cursor) -> Self {
        let full = rows.len() > size.0 as usize;
        rows.truncate(size.0 as usize);
        let next = match (full, rows.last()) {
            (true, Some(last)) => Some(cursor_of(last).encode()),
            _ => None,
        };
        Self { rows, next }
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { rows: self.rows.into_iter().map(f).collect(), next: self.next }
    }
}

/// How many rows a page has: 1 to `MAX_PAGE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSize(pub u64);

impl Default for PageSize {
    fn default() -> Self {
        Self::new(None)
    }
}

impl<'de> Deserialize<'de> for PageSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wanted = u64::deserialize(deserializer)?;
        let wrong = || D::Error::invalid_value(Unexpected::Unsigned(wanted), &"1–100");
        (1..=MAX_PAGE).contains(&wanted).then_some(Self(wanted)).ok_or_else(wrong)
    }
}

impl PageSize {
    pub fn new(wanted: Option<u64>) -> Self {
        Self(wanted.unwrap_or(50).clamp(1, MAX_PAGE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_url() {
        let cursor = Cursor { key: "明为公司 + 1".into(), id: "x".into() };
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
    }

    #[test]
    fn a_made_up_cursor_is_refused() {
        for text in ["zz", "é1", "1", "41"] {
            assert_eq!(Cursor::decode(text), None);
        }
        let nul = Cursor { key: "1".into(), id: "a\0".into() };
        assert_eq!(Cursor::decode(&nul.encode()), None);
    }
}
