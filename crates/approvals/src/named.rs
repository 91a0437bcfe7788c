//! Approvals, as the audit names them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use base::{Actor, Error};
use db::Db;
use module::{Named, RecordNames};
use texts::Texts;

use crate::approval::ApprovalId;
use crate::pages::HERE;
use crate::service::Approvals;
use crate::store;

/// One goes by what was asked for and by whom.
pub struct ApprovalNames(pub Approvals);

#[async_trait]
impl RecordNames for ApprovalNames {
    fn object(&self) -> &'static str {
        "approval"
    }

    async fn named(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &Texts,
        ids: &[String],
    ) -> Result<BTreeMap<String, Named>, Error> {
        let ids: Vec<ApprovalId> = ids.iter().cloned().map(ApprovalId).collect();
        let kinds = self.0.kinds();
        let named = |row: crate::approval::Model| {
            let kind = kinds.iter().find(|kind| kind.name == row.kind);
            let title = kind.map_or_else(|| row.kind.clone(), |kind| texts.get(actor.language, kind.title_key));
            let name = format!("{title} · {}", texts.who(actor.language, &row.asked_by));
            (row.id.0.clone(), Named { name, href: format!("{HERE}/{}", row.id) })
        };
        Ok(store::seen_among(db.read(), actor, &ids).await?.into_iter().map(named).collect())
    }
}
