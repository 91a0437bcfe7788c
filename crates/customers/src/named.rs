//! Customers and what was said with them, as the audit names them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use base::{Actor, CustomerId, Error};
use db::Db;
use module::{Named, RecordNames};
use texts::Texts;

use crate::{VIEW, store};

pub struct CustomerNames;

#[async_trait]
impl RecordNames for CustomerNames {
    fn object(&self) -> &'static str {
        "customer"
    }

    async fn named(&self, db: &Db, actor: &Actor, _: &Texts, ids: &[String]) -> Result<BTreeMap<String, Named>, Error> {
        let ids: Vec<CustomerId> = ids.iter().cloned().map(CustomerId).collect();
        seen(db, actor, &ids).await
    }
}

/// An interaction goes by the name of its customer.
pub struct InteractionNames;

#[async_trait]
impl RecordNames for InteractionNames {
    fn object(&self) -> &'static str {
        "interaction"
    }

    async fn named(&self, db: &Db, actor: &Actor, _: &Texts, ids: &[String]) -> Result<BTreeMap<String, Named>, Error> {
        let of = store::touches::customers_of(db.read(), ids).await?;
        let customers: Vec<CustomerId> = of.values().cloned().collect();
        let seen = seen(db, actor, &customers).await?;
        Ok(of.into_iter().filter_map(|(id, customer)| Some((id, seen.get(customer.as_str())?.clone()))).collect())
    }
}

async fn seen(db: &Db, actor: &Actor, ids: &[CustomerId]) -> Result<BTreeMap<String, Named>, Error> {
    if !actor.has(VIEW) {
        return Ok(BTreeMap::new());
    }
    let named = store::named(db.read(), actor, ids).await?;
    let shown =
        |(id, (name, _)): (CustomerId, (String, _))| (id.0.clone(), Named { name, href: format!("/customers/{id}") });
    Ok(named.into_iter().map(shown).collect())
}
