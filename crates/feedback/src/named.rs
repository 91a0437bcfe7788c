//! Notes, as the audit names them: by whose words they are.

use std::collections::BTreeMap;

use async_trait::async_trait;
use base::{Actor, Error};
use db::Db;
use module::{Named, RecordNames};
use texts::Texts;

use crate::{VIEW, store};

pub struct FeedbackNames;

#[async_trait]
impl RecordNames for FeedbackNames {
    fn object(&self) -> &'static str {
        "feedback"
    }

    async fn named(&self, db: &Db, actor: &Actor, _: &Texts, ids: &[String]) -> Result<BTreeMap<String, Named>, Error> {
        if !actor.has(VIEW) {
            return Ok(BTreeMap::new());
        }
        let notes = store::among(db.read(), actor, ids).await?;
        let named = |note: crate::note::Model| {
            let href = format!("/feedback/{}", note.id);
            (note.id, Named { name: note.customer_called, href })
        };
        Ok(notes.into_iter().map(named).collect())
    }
}
