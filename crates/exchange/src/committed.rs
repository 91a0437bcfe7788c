//! The mappings that come with the program. They also teach the proposal which of the file's words means which of ours.

use base::Message;

use crate::mapping::Mapping;

/// Name and text of each file in `mappings/`.
const COMMITTED: [(&str, &str); 4] = [
    ("chinese-customers", include_str!("../../../mappings/chinese-customers.toml")),
    ("chinese-interactions", include_str!("../../../mappings/chinese-interactions.toml")),
    ("chinese-shipments", include_str!("../../../mappings/chinese-shipments.toml")),
    ("scms", include_str!("../../../mappings/scms.toml")),
];

/// # Errors
/// A sentence with the names that exist.
pub fn named(name: &str) -> Result<Mapping, Message> {
    match COMMITTED.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => Mapping::parse(text),
        None => {
            let known: Vec<_> = COMMITTED.iter().map(|(name, _)| *name).collect();
            Err(Message::new("import-mapping_unknown").with("name", name).with("known", known.join(", ")))
        }
    }
}

/// Every committed mapping of a kind, by name.
pub fn of_kind(kind: &str) -> Vec<(&'static str, Mapping)> {
    all().unwrap_or_default().into_iter().filter(|(_, mapping)| mapping.kind == kind).collect()
}

/// Every committed mapping, by name.
///
/// # Errors
/// Only when a file in `mappings/` is broken.
pub fn all() -> Result<Vec<(&'static str, Mapping)>, Message> {
    COMMITTED.iter().map(|(name, text)| Ok((*name, Mapping::parse(text)?))).collect()
}
