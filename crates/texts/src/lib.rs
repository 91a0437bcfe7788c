//! The sentences people read, in Chinese and English, and how numbers, days and money are written.

pub mod format;
pub mod pinyin;

use base::{Language, Message};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

/// The two files of one crate: `locales/zh-CN.ftl` and `locales/en.ftl`.
#[derive(Clone, Copy, Debug)]
pub struct Locales {
    pub chinese: &'static str,
    pub english: &'static str,
}

/// The locales of the calling crate.
#[macro_export]
macro_rules! locales {
    () => {
        $crate::Locales {
            chinese: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/locales/zh-CN.ftl")),
            english: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/locales/en.ftl")),
        }
    };
}

/// All texts of the program in all languages.
pub struct Texts {
    chinese: FluentBundle<FluentResource>,
    english: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Texts")
    }
}

/// A text file that is not Fluent, or a key that two crates define.
#[derive(Debug, thiserror::Error)]
#[error("texts cannot be loaded: {0}")]
pub struct BrokenTexts(String);

impl Texts {
    /// # Errors
    /// `BrokenTexts` names the line or the key.
    pub fn load(all: impl IntoIterator<Item = Locales>) -> Result<Self, BrokenTexts> {
        let (mut chinese, mut english) = (bundle("zh-CN")?, bundle("en")?);
        for locales in all {
            add(&mut chinese, locales.chinese)?;
            add(&mut english, locales.english)?;
        }
        Ok(Self { chinese, english })
    }

    /// The text of a key. A missing key comes back as itself, which `tidy` refuses to let happen.
    pub fn get(&self, language: Language, key: &str) -> String {
        self.format(language, key, None)
    }

    pub fn say(&self, language: Language, message: &Message) -> String {
        self.with(language, &message.key, &message.args)
    }

    pub fn with<K: AsRef<str>, V: AsRef<str>>(&self, language: Language, key: &str, args: &[(K, V)]) -> String {
        let mut fluent = FluentArgs::new();
        for (name, value) in args {
            // Whole numbers go in as numbers so that English plurals work; long digit strings are names, not numbers.
            let value = value.as_ref();
            match value.parse::<u32>() {
                Ok(number) if number.to_string() == value => fluent.set(name.as_ref(), FluentValue::from(number)),
                _ => fluent.set(name.as_ref(), FluentValue::from(value.to_owned())),
            }
        }
        self.format(language, key, Some(&fluent))
    }

    /// Who did something, by the name that was kept; parts of the program go by the text `actor-{name}`.
    pub fn who(&self, language: Language, name: &str) -> String {
        let key = format!("actor-{}", name.replace([' ', '.'], "_"));
        if self.has(&key) { self.get(language, &key) } else { name.into() }
    }

    pub fn has(&self, key: &str) -> bool {
        self.chinese.has_message(key) && self.english.has_message(key)
    }

    fn format(&self, language: Language, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = match language {
            Language::Chinese => &self.chinese,
            Language::English | Language::Pseudo => &self.english,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let text = bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned();
        match language {
            Language::Pseudo => pseudo(&text),
            _ => text,
        }
    }
}

/// The same text 40 % longer, to see what gets clipped.
fn pseudo(text: &str) -> String {
    let extra = text.chars().count() * 2 / 5;
    format!("{text}{}", "~".repeat(extra.max(1)))
}

fn bundle(code: &str) -> Result<FluentBundle<FluentResource>, BrokenTexts> {
    let language = code.parse().map_err(|_| BrokenTexts(code.into()))?;
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Isolation marks would end up in titles, files and tests; names in other scripts are shown in their own element.
    bundle.set_use_isolating(false);
    Ok(bundle)
}

fn add(bundle: &mut FluentBundle<FluentResource>, source: &str) -> Result<(), BrokenTexts> {
    let resource = FluentResource::try_new(source.to_owned())
        .map_err(|(_, errors)| BrokenTexts(errors.first().map_or_else(String::new, ToString::to_string)))?;
    bundle
        .add_resource(resource)
        .map_err(|errors| BrokenTexts(errors.first().map_or_else(String::new, ToString::to_string)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Texts {
        Texts::load([Locales {
            chinese: "left = 还有 { $n } 位客户",
            english: "left = { $n ->\n    [one] one customer left\n   *[other] { $n } customers left\n }",
        }])
        .unwrap()
    }

    #[test]
    fn english_counts_with_its_plural() {
        assert_eq!(texts().with(Language::English, "left", &[("n", "1")]), "one customer left");
        assert_eq!(texts().with(Language::English, "left", &[("n", "12")]), "12 customers left");
        assert_eq!(texts().with(Language::Chinese, "left", &[("n", "12")]), "还有 12 位客户");
    }

    #[test]
    fn a_waybill_number_is_a_name_and_keeps_its_digits() {
        let texts = texts();
        assert_eq!(texts.with(Language::Chinese, "left", &[("n", "0012")]), "还有 0012 位客户");
        assert_eq!(texts.with(Language::Chinese, "left", &[("n", "99999999999")]), "还有 99999999999 位客户");
    }

    #[test]
    fn the_pseudo_language_is_longer() {
        assert!(texts().get(Language::Pseudo, "left").chars().count() >= 7);
    }
}
