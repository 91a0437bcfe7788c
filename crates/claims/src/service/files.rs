//! Evidence: whoever reaches the claim reads it, whoever may raise claims adds to it, and only who handles it takes one
//! away. Each of it stands in the history.

use attachments::attachment::Model as File;
use attachments::{AttachmentId, Holder};
use axum::extract::Request;
use axum::response::Response;
use base::{Actor, Error};

use super::Claims;
use super::work::{OBJECT, line};
use crate::claim::{ClaimId, Model};
use crate::entry::EntryKind;
use crate::rules::Refusal;
use crate::{HANDLE, RAISE, VIEW, store};

impl Claims {
    /// Those that were not taken away, in the order in which they came.
    ///
    /// # Errors
    /// `NotFound` for a claim out of reach.
    pub async fn files(&self, actor: &Actor, id: &ClaimId) -> Result<Vec<File>, Error> {
        actor.require(VIEW)?;
        store::get(self.db().read(), actor, VIEW, id).await?;
        self.attachments().of(self.db().read(), OBJECT, id.as_str()).await
    }

    /// A file on its way to the reader.
    ///
    /// # Errors
    /// `NotFound` out of reach, for one that was taken away, and for one of another claim.
    pub async fn open_file(&self, actor: &Actor, id: &ClaimId, file: &AttachmentId) -> Result<Response, Error> {
        actor.require(VIEW)?;
        let db = self.db().read();
        store::get(db, actor, VIEW, id).await?;
        let attachments = self.attachments();
        attachments.open(&attachments.get(db, OBJECT, id.as_str(), file).await?).await
    }

    /// Adds the file of a request; nothing of it is kept when it may not be evidence.
    ///
    /// # Errors
    /// A sentence when it may not, or when the claim is closed; `NotFound` out of reach.
    pub async fn add_file(&self, actor: &Actor, id: &ClaimId, request: Request, name: &str) -> Result<File, Error> {
        actor.require(RAISE)?;
        // Before anything of it is read: nobody else fills the disk.
        store::get(self.db().read(), actor, VIEW, id).await?;
        still_open(&store::get(self.db().read(), actor, RAISE, id).await?)?;
        let received = self.attachments().receive(actor, request, name).await?;
        let tx = self.db().begin().await?;
        let claim = store::lock(&tx, actor, RAISE, id).await?;
        still_open(&claim)?;
        let holder = Holder { object: OBJECT, object_id: id.as_str(), customer: Some(&claim.customer_id) };
        let file = self.attachments().add(&tx, actor, &holder, received).await?;
        store::add_entries(&tx, id, vec![line(actor, &claim, EntryKind::FileAdded, &file.name)]).await?;
        self.db().commit(tx).await?;
        Ok(file)
    }

    /// Takes a file away; that it was there stays in the history.
    ///
    /// # Errors
    /// `NotFound` out of reach, or when somebody else was first; `Refused` when the claim is closed.
    pub async fn remove_file(&self, actor: &Actor, id: &ClaimId, file: &AttachmentId) -> Result<File, Error> {
        actor.require(HANDLE)?;
        let tx = self.db().begin().await?;
        store::get(&tx, actor, VIEW, id).await?;
        let claim = store::lock(&tx, actor, HANDLE, id).await?;
        still_open(&claim)?;
        let file = self.attachments().remove(&tx, actor, OBJECT, id.as_str(), file).await?;
        store::add_entries(&tx, id, vec![line(actor, &claim, EntryKind::FileRemoved, &file.name)]).await?;
        self.db().commit(tx).await?;
        Ok(file)
    }
}

fn still_open(claim: &Model) -> Result<(), Error> {
    if claim.is_closed() { Err(Error::refused(Refusal::Closed)) } else { Ok(()) }
}
