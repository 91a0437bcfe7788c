//! Follow-ups, as the audit names them: by their customer.

use std::collections::BTreeMap;

use async_trait::async_trait;
use base::{Actor, Error};
use db::Db;
use module::{Named, RecordNames};
use texts::Texts;

use crate::{VIEW, store};

pub struct FollowUpNames;

#[async_trait]
impl RecordNames for FollowUpNames {
    fn object(&self) -> &'static str {
        "follow_up"
    }

    async fn named(&self, db: &Db, actor: &Actor, _: &Texts, ids: &[String]) -> Result<BTreeMap<String, Named>, Error> {
        if !actor.has(VIEW) {
            return Ok(BTreeMap::new());
        }
        let rows = store::among(db.read(), actor, ids).await?;
        let customers: Vec<_> = rows.iter().map(|row| row.customer_id.clone()).collect();
        let customers = customers::briefly(db.read(), actor, &customers).await?;
        let named = |row: crate::follow_up::Model| {
            let name = customers.get(&row.customer_id)?.name.clone();
            let href = format!("/follow-ups/{}", row.id);
            Some((row.id.0, Named { name, href }))
        };
        Ok(rows.into_iter().filter_map(named).collect())
    }
}
