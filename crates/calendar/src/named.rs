//! Hours and years, as the audit names them.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use base::{Actor, Error};
use db::Db;
use module::{Named, RecordNames};
use texts::Texts;

use crate::pages::HERE;
use crate::schedule::FIRM;
use crate::{MANAGE, store};

pub fn own() -> Vec<Arc<dyn RecordNames>> {
    vec![Arc::new(HoursNames), Arc::new(YearNames)]
}

/// Hours go by whose they are.
struct HoursNames;

#[async_trait]
impl RecordNames for HoursNames {
    fn object(&self) -> &'static str {
        "working_hours"
    }

    async fn named(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &Texts,
        ids: &[String],
    ) -> Result<BTreeMap<String, Named>, Error> {
        let departments = store::departments(db.read()).await?;
        let mut names: BTreeMap<String, String> =
            departments.into_iter().map(|department| (department.id.0, department.name)).collect();
        names.insert(FIRM.into(), texts.get(actor.language, "calendar-firm"));
        let href = |id: &str| if actor.has(MANAGE) { format!("{HERE}/hours/{id}") } else { String::new() };
        let known = ids.iter().filter_map(|id| Some((id.clone(), names.get(id)?.clone())));
        Ok(known.map(|(id, name)| (id.clone(), Named { name, href: href(&id) })).collect())
    }
}

/// A year goes by its number, which is also its id.
struct YearNames;

#[async_trait]
impl RecordNames for YearNames {
    fn object(&self) -> &'static str {
        "calendar_year"
    }

    async fn named(&self, _: &Db, _: &Actor, _: &Texts, ids: &[String]) -> Result<BTreeMap<String, Named>, Error> {
        let named = |id: &String| (id.clone(), Named { name: id.clone(), href: format!("{HERE}/years/{id}") });
        Ok(ids.iter().map(named).collect())
    }
}
