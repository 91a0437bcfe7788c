//! Contacts, as the audit names them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use base::{Actor, CustomerId, Error};
use db::Db;
use module::{Named, RecordNames};
use texts::Texts;

use super::store;
use crate::VIEW;
use crate::store as customers;

pub struct ContactNames;

#[async_trait]
impl RecordNames for ContactNames {
    fn object(&self) -> &'static str {
        "contact"
    }

    async fn named(&self, db: &Db, actor: &Actor, _: &Texts, ids: &[String]) -> Result<BTreeMap<String, Named>, Error> {
        if !actor.has(VIEW) {
            return Ok(BTreeMap::new());
        }
        let contacts = store::named(db.read(), ids).await?;
        let of: Vec<CustomerId> = contacts.iter().map(|contact| contact.customer_id.clone()).collect();
        let seen = customers::named(db.read(), actor, &of).await?;
        let named = contacts.into_iter().filter(|contact| seen.contains_key(&contact.customer_id));
        Ok(named
            .map(|contact| {
                let href = format!("/contacts/{}", contact.id);
                (contact.id, Named { name: contact.name, href })
            })
            .collect())
    }
}
