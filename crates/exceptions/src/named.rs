//! Exceptions and tolerances, as the audit names them.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use base::{Actor, Error};
use db::Db;
use module::{Named, RecordNames};
use texts::Texts;

use crate::{RULES, VIEW, store};

/// By the waybill and what went wrong.
pub struct ExceptionNames;

#[async_trait]
impl RecordNames for ExceptionNames {
    fn object(&self) -> &'static str {
        "exception"
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
        let all = store::some(db.read(), actor, ids).await?;
        let shipments: BTreeSet<String> = all.iter().map(|one| one.shipment_id.clone()).collect();
        let waybills = shipments::store::waybills_of(db.read(), shipments).await?;
        let named = |one: crate::exception::Model| {
            let waybill = waybills.get(&one.shipment_id).map_or("", String::as_str);
            let name = format!("{waybill} {}", texts.get(actor.language, one.kind.key()));
            (one.id.clone(), Named { name, href: format!("/exceptions/{}", one.id) })
        };
        Ok(all.into_iter().map(named).collect())
    }
}

pub struct ThresholdNames;

#[async_trait]
impl RecordNames for ThresholdNames {
    fn object(&self) -> &'static str {
        "late_threshold"
    }

    async fn named(
        &self,
        _: &Db,
        actor: &Actor,
        texts: &Texts,
        ids: &[String],
    ) -> Result<BTreeMap<String, Named>, Error> {
        let name = texts.get(actor.language, "exception-rules");
        let href = if actor.has(RULES) { "/settings/exceptions" } else { "" };
        Ok(ids.iter().map(|id| (id.clone(), Named { name: name.clone(), href: href.into() })).collect())
    }
}
