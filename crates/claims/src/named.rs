//! Claims as the audit names them: by their number.

use std::collections::BTreeMap;

use async_trait::async_trait;
use base::{Actor, Error};
use db::Db;
use module::{Named, RecordNames};
use texts::Texts;

use crate::{VIEW, store};

pub struct ClaimNames;

#[async_trait]
impl RecordNames for ClaimNames {
    fn object(&self) -> &'static str {
        "claim"
    }

    async fn named(&self, db: &Db, actor: &Actor, _: &Texts, ids: &[String]) -> Result<BTreeMap<String, Named>, Error> {
        if !actor.has(VIEW) {
            return Ok(BTreeMap::new());
        }
        let numbers = store::numbers(db.read(), actor, ids).await?;
        let shown = |(id, name): (String, String)| (id.clone(), Named { name, href: format!("/claims/{id}") });
        Ok(numbers.into_iter().map(shown).collect())
    }
}
