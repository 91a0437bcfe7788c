//! Shipments and exchange rates, as the audit names them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use base::{Actor, Error};
use db::Db;
use module::{Named, RecordNames};
use texts::Texts;

use crate::{RATES, VIEW, store};

pub struct ShipmentNames;

#[async_trait]
impl RecordNames for ShipmentNames {
    fn object(&self) -> &'static str {
        "shipment"
    }

    async fn named(&self, db: &Db, actor: &Actor, _: &Texts, ids: &[String]) -> Result<BTreeMap<String, Named>, Error> {
        if !actor.has(VIEW) {
            return Ok(BTreeMap::new());
        }
        let waybills = store::waybills(db.read(), actor, ids).await?;
        let shown = |(id, name): (String, String)| (id.clone(), Named { name, href: format!("/shipments/{id}") });
        Ok(waybills.into_iter().map(shown).collect())
    }
}

/// A rate goes by its currency and day, which is also its id.
pub struct RateNames;

#[async_trait]
impl RecordNames for RateNames {
    fn object(&self) -> &'static str {
        "rate"
    }

    async fn named(&self, _: &Db, actor: &Actor, _: &Texts, ids: &[String]) -> Result<BTreeMap<String, Named>, Error> {
        let href = if actor.has(RATES) { "/settings/rates" } else { "" };
        Ok(ids.iter().map(|id| (id.clone(), Named { name: id.clone(), href: href.into() })).collect())
    }
}
