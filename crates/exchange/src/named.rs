//! Imports, as the audit names them: by their file.

use std::collections::BTreeMap;

use async_trait::async_trait;
use base::{Actor, Error};
use db::Db;
use module::{Named, RecordNames};
use texts::Texts;

use crate::{ALL, RUN, service, store};

pub struct ImportNames;

#[async_trait]
impl RecordNames for ImportNames {
    fn object(&self) -> &'static str {
        "import"
    }

    async fn named(&self, db: &Db, actor: &Actor, _: &Texts, ids: &[String]) -> Result<BTreeMap<String, Named>, Error> {
        if !actor.has(RUN) {
            return Ok(BTreeMap::new());
        }
        let by = service::who(actor);
        let files = store::file_names(db.read(), ids, (!actor.has(ALL)).then_some(by.as_str())).await?;
        let shown = |(id, name): (String, String)| (id.clone(), Named { name, href: format!("/imports/{id}") });
        Ok(files.into_iter().map(shown).collect())
    }
}
