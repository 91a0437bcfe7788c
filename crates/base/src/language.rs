use serde::{Deserialize, Serialize};

/// The languages every text exists in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    #[serde(rename = "en")]
    English,
    /// English 40 % longer, for layout tests only; no user can choose it.
    #[serde(rename = "qps")]
    Pseudo,
}

impl Language {
    pub const CHOICES: [Language; 2] = [Language::Chinese, Language::English];

    /// BCP 47 code.
    pub fn code(self) -> &'static str {
        match self {
            Language::Chinese => "zh-CN",
            Language::English => "en",
            Language::Pseudo => "qps",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "zh-CN" | "zh" => Some(Language::Chinese),
            "en" => Some(Language::English),
            "qps" => Some(Language::Pseudo),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that we speak.
    pub fn from_header(header: &str) -> Option<Self> {
        header.split(',').find_map(|part| {
            let tag = part.split(';').next()?.trim();
            match tag.split('-').next()? {
                "zh" => Some(Language::Chinese),
                "en" => Some(Language::English),
                _ => None,
            }
        })
    }
}
