//! What may be added.

use base::Message;
use serde::{Deserialize, Serialize};

use crate::kind::Kind;
use crate::name;

/// Where the policy is kept among the settings.
pub(crate) const POLICY: &str = "attachments";

/// What an administrator may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Of one file; 1 MB is 1,048,576 bytes.
    pub most_megabytes: u64,
    /// Of one complaint, claim or exception.
    pub most_files: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self { most_megabytes: 20, most_files: 50 }
    }
}

impl Policy {
    pub fn most_bytes(self) -> u64 {
        self.most_megabytes.clamp(1, 100) * 1024 * 1024
    }
}

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("broken upload")]
    Broken,
    #[error("empty")]
    Empty,
    #[error("too large")]
    TooLarge { megabytes: u64 },
    #[error("too many files")]
    TooMany { most: i64 },
    /// Also SVG and XML: a browser would run what they say.
    #[error("web page")]
    WebPage,
    #[error("program")]
    Program,
    #[error("archive")]
    Archive,
    #[error("macros")]
    Macros,
    /// Word and Excel until 2003; nobody can tell whether they hold macros.
    #[error("old office file")]
    OldOffice,
    #[error("kind not taken")]
    Unknown,
    #[error("the name says {ending}, the content {kind}")]
    NameDisagrees { ending: String, kind: Kind },
}

pub(crate) const TOO_LARGE: &str = "attachment-file_too_large";

impl base::Refusal for Refusal {
    fn message(&self) -> Message {
        match self {
            Refusal::Broken => Message::new("attachment-upload_broken"),
            Refusal::Empty => Message::new("attachment-file_empty"),
            Refusal::TooLarge { megabytes } => Message::new(TOO_LARGE).with("limit", megabytes),
            Refusal::TooMany { most } => Message::new("attachment-too_many").with("limit", most),
            Refusal::WebPage => Message::new("attachment-web_page"),
            Refusal::Program => Message::new("attachment-program"),
            Refusal::Archive => Message::new("attachment-archive"),
            Refusal::Macros => Message::new("attachment-macros"),
            Refusal::OldOffice => Message::new("attachment-old_office"),
            Refusal::Unknown => Message::new("attachment-kind_unknown"),
            Refusal::NameDisagrees { ending, kind } => {
                let is = kind.endings().first().copied().unwrap_or_default();
                Message::new("attachment-name_disagrees").with("ending", ending).with("kind", is)
            }
        }
    }
}

/// Endings under which office programs run macros.
const WITH_MACROS: [&str; 8] = ["xlsm", "xltm", "xlsb", "xlam", "docm", "dotm", "pptm", "potm"];

/// Which of the kinds that the content can be the name says. A name without ending says nothing.
///
/// # Errors
/// When the name says something else.
pub fn agreed(content: &[Kind], name: &str) -> Result<Kind, Refusal> {
    let first = content.first().copied().ok_or(Refusal::Unknown)?;
    let Some(ending) = name::ending(name) else { return Ok(first) };
    if WITH_MACROS.contains(&ending.as_str()) {
        return Err(Refusal::Macros);
    }
    match Kind::of_ending(&ending) {
        Some(kind) if content.contains(&kind) => Ok(kind),
        _ => Err(Refusal::NameDisagrees { ending, kind: first }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_has_to_say_what_the_content_is() {
        assert_eq!(agreed(&[Kind::Jpeg], "破损.JPEG"), Ok(Kind::Jpeg));
        assert_eq!(agreed(&[Kind::Txt, Kind::Csv], "rows.csv"), Ok(Kind::Csv));
        assert_eq!(agreed(&[Kind::Jpeg], "破损"), Ok(Kind::Jpeg));
        let exe = Refusal::NameDisagrees { ending: "exe".into(), kind: Kind::Jpeg };
        assert_eq!(agreed(&[Kind::Jpeg], "invoice.jpg.exe"), Err(exe));
        assert_eq!(agreed(&[Kind::Xlsx], "rows.xlsm"), Err(Refusal::Macros));
    }
}
