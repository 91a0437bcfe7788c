//! How lists of something else, such as the audit, name a module's records.

use std::collections::BTreeMap;

use async_trait::async_trait;
use base::{Actor, Error};
use db::Db;
use texts::Texts;

/// What people call a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    /// Its page; empty where there is none that the reader may open.
    pub href: String,
}

#[async_trait]
pub trait RecordNames: Send + Sync {
    /// What the audit calls these records: `customer`, `import`.
    fn object(&self) -> &'static str;

    /// Those of these ids that the actor may see. What is left out may be hidden or gone; nobody learns which.
    ///
    /// # Errors
    /// When the database does not answer.
    async fn named(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &Texts,
        ids: &[String],
    ) -> Result<BTreeMap<String, Named>, Error>;
}
