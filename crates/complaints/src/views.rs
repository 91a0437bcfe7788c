//! What goes out to people.

pub mod card;
pub mod figures;
pub mod list;
pub mod show;
pub mod timer;

use base::Instant;
use chrono::{Duration, NaiveDateTime};
use web::Ui;

/// How a browser writes the time of a `datetime-local` field.
const MINUTE: &str = "%Y-%m-%dT%H:%M";
/// China Standard Time; see `base::Actor::day_of`.
const ZONE_HOURS: i64 = 8;

/// An instant as a `datetime-local` field has it.
pub fn minute(at: Instant) -> String {
    at.checked_add_signed(Duration::hours(ZONE_HOURS)).unwrap_or(at).format(MINUTE).to_string()
}

/// What somebody typed into a `datetime-local` field; `Err` when it is no time.
pub fn instant(text: &str) -> Result<Option<Instant>, ()> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let local = NaiveDateTime::parse_from_str(text.trim(), MINUTE).map_err(|_| ())?;
    local.checked_sub_signed(Duration::hours(ZONE_HOURS)).map(|at| Some(at.and_utc())).ok_or(())
}

/// Stored words and what people call them.
pub fn options<W: Copy>(
    ui: &Ui,
    all: &[W],
    word: impl Fn(W) -> &'static str,
    key: impl Fn(W) -> &'static str,
) -> Vec<(String, String)> {
    all.iter().map(|one| (word(*one).to_owned(), ui.t(key(*one)))).collect()
}

/// The same, with nothing chosen first.
pub fn or_none(nothing: String, options: Vec<(String, String)>) -> Vec<(String, String)> {
    std::iter::once((String::new(), nothing)).chain(options).collect()
}

/// An address of ours; pairs without a value are left out.
pub fn address(path: &str, pairs: &[(&str, String)]) -> String {
    let kept: Vec<_> = pairs.iter().filter(|(_, value)| !value.is_empty()).collect();
    match serde_urlencoded::to_string(&kept) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.into(),
    }
}

/// The beginning of a long text.
pub fn excerpt(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.into(),
    }
}
