//! One page for the policies of all modules.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::{Actor, Error, Event, FieldProblem, Message, Permission};
use db::{Db, audit, outbox, settings};
use module::{Access, MenuEntry, MenuGroup, Module, Routes, Setting, SettingField, SettingShape};
use serde_json::{Map, Value, json};
use web::{Form, Me, Page, Problems, Ui, page_with, redirect};

/// Changing what the rules go by.
pub const EDIT: Permission = Permission("settings.edit");

#[derive(Clone)]
struct Settings {
    db: Db,
    all: Arc<Vec<Setting>>,
}

/// A policy as its form has it.
struct Group {
    key: &'static str,
    fields: Vec<(SettingField, String)>,
    problems: Problems,
}

impl Group {
    fn problem(&self, field: &SettingField) -> String {
        self.problems.problem(field.name).to_owned()
    }

    fn label(&self, ui: &Ui, field: &SettingField) -> String {
        ui.t(&format!("setting-{}-{}", self.key, field.name))
    }

    fn title(&self, ui: &Ui) -> String {
        ui.t(&format!("setting-{}", self.key))
    }

    /// The words to choose from; none for a number.
    fn choices(field: &SettingField) -> Vec<(String, String)> {
        match field.shape {
            SettingShape::Word(words) => words.iter().map(|word| ((*word).to_owned(), (*word).to_owned())).collect(),
            SettingShape::Whole { .. } => Vec::new(),
        }
    }
}

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    ui: Ui,
    groups: Vec<Group>,
}

pub fn module(db: Db, all: Vec<Setting>) -> Module {
    let settings = Settings { db, all: Arc::new(all) };
    let needs = Access::Needs(EDIT);
    Module {
        name: "settings",
        locales: Some(texts::locales!()),
        permissions: vec![EDIT],
        routes: Routes::new().get("/settings/rules", needs, show, &settings).post(
            "/settings/rules/{key}",
            needs,
            change,
            &settings,
        ),
        menu: vec![MenuEntry {
            group: MenuGroup::Settings,
            order: 0,
            href: "/settings/rules",
            title_key: "settings-rules",
            icon: "settings",
            needs: Some(EDIT),
        }],
        ..Module::default()
    }
}

async fn show(ui: Ui, State(settings): State<Settings>) -> Page {
    whole(ui, &settings, StatusCode::OK, None).await
}

/// The page; the group that was refused keeps what was typed.
async fn whole(
    ui: Ui,
    settings: &Settings,
    status: StatusCode,
    refused: Option<(&str, Map<String, Value>, Vec<FieldProblem>)>,
) -> Page {
    let mut groups = Vec::new();
    for setting in settings.all.iter() {
        let (values, problems) = match &refused {
            Some((key, typed, problems)) if *key == setting.key => (typed.clone(), problems.as_slice()),
            _ => (stored(&settings.db, setting).await?, &[][..]),
        };
        let fields = setting.fields.iter().map(|field| (*field, shown(&values[field.name]))).collect();
        groups.push(Group { key: setting.key, fields, problems: Problems::of(&ui, problems) });
    }
    page_with(status, SettingsPage { ui, groups })
}

async fn change(
    ui: Ui,
    Me(actor): Me,
    State(settings): State<Settings>,
    Path(key): Path<String>,
    Form(typed): Form<Map<String, Value>>,
) -> Page {
    let setting = settings.all.iter().find(|setting| setting.key == key).ok_or(Error::NotFound)?;
    let before = stored(&settings.db, setting).await?;
    let mut after = before.clone();
    let mut problems = Vec::new();
    for field in setting.fields {
        match checked(field, typed.get(field.name)) {
            Ok(value) => drop(after.insert(field.name.into(), value)),
            Err(message) => problems.push(FieldProblem::new(field.name, message)),
        }
    }
    if !problems.is_empty() {
        let typed = setting
            .fields
            .iter()
            .map(|field| (field.name.to_owned(), typed.get(field.name).cloned().unwrap_or_default()));
        return whole(ui, &settings, StatusCode::UNPROCESSABLE_ENTITY, Some((setting.key, typed.collect(), problems)))
            .await;
    }
    save(&settings.db, &actor, setting.key, &before, &after).await?;
    Ok(redirect("/settings/rules"))
}

async fn save(
    db: &Db,
    actor: &Actor,
    key: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> Result<(), Error> {
    let tx = db.begin().await?;
    settings::put(&tx, actor, key, after).await?;
    let detail = json!({"before": before, "after": after});
    audit::record(&tx, actor, "settings.changed", "settings", key, detail).await?;
    outbox::add(&tx, actor.now, Event::new("settings.changed", json!({"key": key}))).await?;
    db.commit(tx).await
}

/// What holds now: the default, with what somebody has changed.
async fn stored(db: &Db, setting: &Setting) -> Result<Map<String, Value>, Error> {
    let mut values = setting.default.as_object().cloned().unwrap_or_default();
    values.extend(settings::get::<Map<String, Value>>(db.read(), setting.key).await?);
    Ok(values)
}

fn checked(field: &SettingField, typed: Option<&Value>) -> Result<Value, Message> {
    let text = typed.and_then(Value::as_str).unwrap_or_default().trim();
    match field.shape {
        SettingShape::Whole { least, most } => text
            .parse::<i64>()
            .ok()
            .filter(|number| (least..=most).contains(number))
            .map(Value::from)
            .ok_or_else(|| Message::new("settings-not_between").with("least", least).with("most", most)),
        SettingShape::Word(words) => {
            let known = words.contains(&text);
            known.then(|| text.into()).ok_or_else(|| Message::new("settings-not_a_choice"))
        }
    }
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stays_between_its_bounds() {
        let field = SettingField { name: "acts_a_day", shape: SettingShape::Whole { least: 1, most: 50 } };
        assert_eq!(checked(&field, Some(&json!(" 12 "))).unwrap(), json!(12));
        for wrong in ["0", "51", "twelve", "", "1.5"] {
            assert!(checked(&field, Some(&json!(wrong))).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_word_is_one_of_its_choices() {
        let field = SettingField { name: "reporting", shape: SettingShape::Word(&["CNY", "USD"]) };
        assert_eq!(checked(&field, Some(&json!("USD"))).unwrap(), json!("USD"));
        assert!(checked(&field, Some(&json!("DOGE"))).is_err());
    }
}
