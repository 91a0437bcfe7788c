//! Complaints as the audit names them: by their number.

use std::collections::BTreeMap;

use async_trait::async_trait;
use base::{Actor, Error};
use db::Db;
use module::{Named, RecordNames};
use texts::Texts;

use crate::words::Cause;
use crate::{VIEW, store};

pub struct ComplaintNames;

/// Quality events as the audit names them: by their cause.
pub struct QualityNames;

#[async_trait]
impl RecordNames for QualityNames {
    fn object(&self) -> &'static str {
        crate::service::quality_events::OBJECT
    }

    async fn named(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &Texts,
        ids: &[String],
    ) -> Result<BTreeMap<String, Named>, Error> {
        if !actor.has(VIEW) {
            return Ok(BTreeMap::new());
        }
        let causes = store::quality_events::causes(db.read(), actor, ids).await?;
        let shown = |(id, cause): (String, Cause)| {
            let named = Named {
                name: texts.get(actor.language, cause.key()),
                href: format!("/complaints/quality-events/{id}"),
            };
            (id, named)
        };
        Ok(causes.into_iter().map(shown).collect())
    }
}

#[async_trait]
impl RecordNames for ComplaintNames {
    fn object(&self) -> &'static str {
        "complaint"
    }

    async fn named(&self, db: &Db, actor: &Actor, _: &Texts, ids: &[String]) -> Result<BTreeMap<String, Named>, Error> {
        if !actor.has(VIEW) {
            return Ok(BTreeMap::new());
        }
        let numbers = store::numbers(db.read(), actor, ids).await?;
        let shown = |(id, name): (String, String)| (id.clone(), Named { name, href: format!("/complaints/{id}") });
        Ok(numbers.into_iter().map(shown).collect())
    }
}
