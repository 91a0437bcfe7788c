//! Names of records: of our own, and of those of all modules for the audit.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use base::{Actor, Error, Permission};
use db::Db;
use module::{Named, RecordNames};
use texts::Texts;

use crate::store::named as store;
use crate::{DEPARTMENTS, KEYS, ROLES, USERS};

/// What all modules told at start.
#[derive(Clone, Default)]
pub(crate) struct Namers(Arc<OnceLock<Vec<Arc<dyn RecordNames>>>>);

impl fmt::Debug for Namers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Namers")
    }
}

/// By object and id.
pub type Names = BTreeMap<(String, String), Named>;

impl Namers {
    /// Once at start.
    pub fn set(&self, all: Vec<Arc<dyn RecordNames>>) {
        let _ = self.0.set(all);
    }

    /// Names of those of these records, object and id each, that the actor may see.
    pub async fn of(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &Texts,
        records: impl Iterator<Item = (&str, &str)>,
    ) -> Result<Names, Error> {
        let mut ids: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (object, id) in records.filter(|(_, id)| !id.is_empty()) {
            ids.entry(object).or_default().insert(id);
        }
        let mut names = Names::new();
        for namer in self.0.get().into_iter().flatten() {
            let Some(ids) = ids.get(namer.object()) else { continue };
            let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
            let named = namer.named(db, actor, texts, &ids).await?;
            names.extend(named.into_iter().map(|(id, named)| ((namer.object().to_owned(), id), named)));
        }
        Ok(names)
    }
}

/// Ours: who may read the audit may know the names of colleagues, roles and departments; pages need their permission.
#[derive(Clone, Copy)]
enum Own {
    Users,
    Roles,
    Departments,
    Keys,
}

pub(crate) fn own() -> Vec<Arc<dyn RecordNames>> {
    [Own::Users, Own::Roles, Own::Departments, Own::Keys].map(|own| Arc::new(own) as Arc<dyn RecordNames>).into()
}

impl Own {
    fn page(self) -> (Permission, &'static str) {
        match self {
            Own::Users => (USERS, "/settings/users/"),
            Own::Roles => (ROLES, "/settings/roles/"),
            Own::Departments => (DEPARTMENTS, "/settings/departments/"),
            Own::Keys => (KEYS, "/settings/api-keys"),
        }
    }
}

#[async_trait]
impl RecordNames for Own {
    fn object(&self) -> &'static str {
        match self {
            Own::Users => "user",
            Own::Roles => "role",
            Own::Departments => "department",
            Own::Keys => "key",
        }
    }

    async fn named(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &Texts,
        ids: &[String],
    ) -> Result<BTreeMap<String, Named>, Error> {
        let found = match self {
            Own::Users => store::users(db.read(), ids).await?,
            Own::Departments => store::departments(db.read(), ids).await?,
            Own::Keys => store::keys(db.read(), ids).await?,
            Own::Roles => {
                let role = |(id, name, built_in): (String, String, Option<String>)| match built_in {
                    Some(key) => (id, texts.get(actor.language, &format!("access-role-{key}"))),
                    None => (id, name),
                };
                store::roles(db.read(), ids).await?.into_iter().map(role).collect()
            }
        };
        let (needs, page) = self.page();
        let href = |id: &str| match (actor.has(needs), page.ends_with('/')) {
            (false, _) => String::new(),
            (true, true) => format!("{page}{id}"),
            (true, false) => page.into(),
        };
        Ok(found.into_iter().map(|(id, name)| (id.clone(), Named { name, href: href(&id) })).collect())
    }
}
