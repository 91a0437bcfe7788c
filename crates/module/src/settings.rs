//! What a module lets an administrator change.

use serde_json::Value;

/// One policy of a module, kept under `key` among the settings as a JSON object.
#[derive(Clone, Debug)]
pub struct Setting {
    /// `worklist`; its title is the text `setting-{key}`.
    pub key: &'static str,
    pub fields: &'static [SettingField],
    /// What holds while nobody has changed anything.
    pub default: Value,
}

/// One entry of the policy; its label is the text `setting-{key}-{name}`.
#[derive(Clone, Copy, Debug)]
pub struct SettingField {
    pub name: &'static str,
    pub shape: SettingShape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingShape {
    /// A whole number between these two, both included.
    Whole { least: i64, most: i64 },
    /// One of these stored words; the text is the word itself (a currency).
    Word(&'static [&'static str]),
}
