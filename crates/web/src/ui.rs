//! What every page template knows about the reader.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base::{Actor, Language, Message};
use module::MenuEntry;
use texts::Texts;

/// What all requests share; an extension of the router.
#[derive(Debug)]
pub struct Shell {
    pub texts: Arc<Texts>,
    pub menu: Vec<MenuEntry>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
    #[default]
    Auto,
}

impl Theme {
    pub fn name(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Auto => "auto",
        }
    }

    pub fn from_name(name: &str) -> Self {
        match name {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::Auto,
        }
    }
}

/// Whether one key alone does something (WCAG 2.1.4: whoever speaks to his machine may switch that off).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SingleKeys {
    #[default]
    On,
    Off,
}

impl SingleKeys {
    pub fn name(self) -> &'static str {
        match self {
            SingleKeys::On => "on",
            SingleKeys::Off => "off",
        }
    }

    pub fn from_name(name: &str) -> Self {
        if name == "off" { SingleKeys::Off } else { SingleKeys::On }
    }
}

/// How the reader wants it; a request extension.
#[derive(Clone, Copy, Debug, Default)]
pub struct Preferences {
    pub language: Language,
    pub theme: Theme,
    pub keys: SingleKeys,
}

/// The token that every form of this session carries; a request extension.
#[derive(Clone, Debug, Default)]
pub struct Csrf(pub String);

/// The `ui` of every page template.
#[derive(Clone, Debug)]
pub struct Ui {
    shell: Option<Arc<Shell>>,
    preferences: Preferences,
    csrf: String,
    actor: Option<Actor>,
    path: String,
    /// Path and query: where the language switch comes back to.
    back: String,
}

#[derive(Clone, Debug)]
pub struct MenuGroupView {
    pub title_key: &'static str,
    pub entries: Vec<MenuItem>,
}

#[derive(Clone, Debug)]
pub struct MenuItem {
    pub href: &'static str,
    pub title: String,
    pub icon: &'static str,
    pub active: bool,
}

impl Ui {
    pub fn t(&self, key: &str) -> String {
        self.shell.as_ref().map_or_else(|| key.into(), |shell| shell.texts.get(self.preferences.language, key))
    }

    pub fn t1(&self, key: &str, name: &str, value: impl ToString) -> String {
        self.with(key, &[(name, value.to_string())])
    }

    pub fn t2(&self, key: &str, first: (&str, &str), second: (&str, &str)) -> String {
        self.with(key, &[(first.0, first.1.to_owned()), (second.0, second.1.to_owned())])
    }

    pub fn with(&self, key: &str, args: &[(&str, String)]) -> String {
        let Some(shell) = &self.shell else {
            return key.into();
        };
        shell.texts.with(self.preferences.language, key, args)
    }

    pub fn say(&self, message: &Message) -> String {
        let Some(shell) = &self.shell else {
            return message.key.clone();
        };
        shell.texts.say(self.preferences.language, message)
    }

    pub fn texts(&self) -> Option<&Texts> {
        self.shell.as_ref().map(|shell| &*shell.texts)
    }

    pub fn language(&self) -> Language {
        self.preferences.language
    }

    pub fn lang(&self) -> &'static str {
        self.preferences.language.code()
    }

    pub fn theme(&self) -> &'static str {
        self.preferences.theme.name()
    }

    pub fn keys(&self) -> &'static str {
        self.preferences.keys.name()
    }

    pub fn asset(&self, name: &str) -> &'static str {
        crate::assets::url(name)
    }

    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    pub fn user(&self) -> Option<&str> {
        self.actor.as_ref().map(|actor| actor.name.as_str())
    }

    pub fn actor(&self) -> Option<&Actor> {
        self.actor.as_ref()
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn back(&self) -> &str {
        &self.back
    }

    /// The navigation that the reader may use, grouped and in order.
    pub fn menu(&self) -> Vec<MenuGroupView> {
        let (Some(shell), Some(actor)) = (&self.shell, &self.actor) else {
            return Vec::new();
        };
        let mut entries: Vec<&MenuEntry> =
            shell.menu.iter().filter(|entry| entry.needs.is_none_or(|needed| actor.has(needed))).collect();
        entries.sort_by_key(|entry| (entry.group, entry.order));
        let active = self.active_entry(&entries);
        let mut groups: Vec<MenuGroupView> = Vec::new();
        for entry in entries {
            let title_key = entry.group.title_key();
            if groups.last().is_none_or(|group| group.title_key != title_key) {
                groups.push(MenuGroupView { title_key, entries: Vec::new() });
            }
            let item = MenuItem {
                href: entry.href,
                title: self.t(entry.title_key),
                icon: entry.icon,
                active: active == Some(entry.href),
            };
            if let Some(group) = groups.last_mut() {
                group.entries.push(item);
            }
        }
        groups
    }

    /// Who did something, by the name that was kept.
    pub fn who(&self, name: &str) -> String {
        self.texts().map_or_else(|| name.into(), |texts| texts.who(self.preferences.language, name))
    }

    /// The text beside the module that checks the permission; its name where there is none.
    pub fn permission(&self, name: &str) -> String {
        let key = format!("permission-{}", name.replace('.', "-"));
        match self.texts().is_some_and(|texts| texts.has(&key)) {
            true => self.t(&key),
            false => name.into(),
        }
    }

    /// Whether the reader has this permission for anything at all.
    pub fn may(&self, permission: &str) -> bool {
        self.actor.as_ref().is_some_and(|actor| actor.permissions.keys().any(|held| held.0 == permission))
    }

    /// Whether the navigation has this entry for the reader.
    pub fn offers(&self, href: &str) -> bool {
        self.menu().iter().any(|group| group.entries.iter().any(|entry| entry.href == href))
    }

    /// Whether two codes are the same, whatever kinds of text a template holds them in.
    pub fn same(&self, one: impl AsRef<str>, other: impl AsRef<str>) -> bool {
        one.as_ref() == other.as_ref()
    }

    /// The entry with the longest address that the page lies under.
    fn active_entry(&self, entries: &[&MenuEntry]) -> Option<&'static str> {
        entries
            .iter()
            .map(|entry| entry.href)
            .filter(|href| self.path == *href || (*href != "/" && self.path.starts_with(&format!("{href}/"))))
            .max_by_key(|href| href.len())
    }
}

impl<S: Sync> FromRequestParts<S> for Ui {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Ui::of(parts))
    }
}

impl Ui {
    pub fn of(parts: &Parts) -> Self {
        let path_and_query = parts.uri.path_and_query().map_or("/", |both| both.as_str());
        Self {
            shell: parts.extensions.get::<Arc<Shell>>().cloned(),
            preferences: parts.extensions.get::<Preferences>().copied().unwrap_or_default(),
            csrf: parts.extensions.get::<Csrf>().cloned().unwrap_or_default().0,
            actor: parts.extensions.get::<Actor>().cloned(),
            path: parts.uri.path().into(),
            back: path_and_query.into(),
        }
    }
}
