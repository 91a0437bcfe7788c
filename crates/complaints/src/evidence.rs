//! Evidence files of a complaint: whoever reaches it reads them, whoever may log complaints adds them, and only who
//! handles it takes one away. Each of it stands in the history.

use attachments::attachment::Model as File;
use attachments::{AttachmentId, Attachments, Holder};
use axum::extract::Request;
use axum::response::Response;
use base::{Actor, Error};
use exchange::Reader;

use crate::complaint::ComplaintId;
use crate::service::{Complaints, entry_of};
use crate::store;
use crate::words::EntryKind;
use crate::{HANDLE, LOG, VIEW};

/// What attachments and the audit call a complaint.
const OBJECT: &str = "complaint";

/// What the pages need beside the database: where evidence lies, and who reads a card that was filled in elsewhere.
#[derive(Clone, Debug)]
pub struct Desk {
    pub attachments: Attachments,
    pub reader: Reader,
}

impl Complaints {
    /// Those that were not taken away, in the order in which they came.
    ///
    /// # Errors
    /// `NotFound` for a complaint out of reach.
    pub async fn files(&self, actor: &Actor, id: &ComplaintId) -> Result<Vec<File>, Error> {
        actor.require(VIEW)?;
        let db = self.db().read();
        store::get(db, actor, VIEW, id).await?;
        self.desk()?.attachments.of(db, OBJECT, id.as_str()).await
    }

    /// A file on its way to the reader.
    ///
    /// # Errors
    /// `NotFound` out of reach, for one that was taken away, and for one of another complaint.
    pub async fn open_file(&self, actor: &Actor, id: &ComplaintId, file: &AttachmentId) -> Result<Response, Error> {
        actor.require(VIEW)?;
        let db = self.db().read();
        store::get(db, actor, VIEW, id).await?;
        let attachments = &self.desk()?.attachments;
        attachments.open(&attachments.get(db, OBJECT, id.as_str(), file).await?).await
    }

    /// Adds the file of a request; nothing of it is kept when it may not be evidence.
    ///
    /// # Errors
    /// A sentence when it may not; `NotFound` out of reach.
    pub async fn add_file(&self, actor: &Actor, id: &ComplaintId, request: Request, name: &str) -> Result<File, Error> {
        actor.require(LOG)?;
        // Before anything of it is read: nobody else fills the disk.
        store::get(self.db().read(), actor, VIEW, id).await?;
        store::get(self.db().read(), actor, LOG, id).await?;
        let attachments = &self.desk()?.attachments;
        let received = attachments.receive(actor, request, name).await?;
        let tx = self.db().begin().await?;
        let complaint = store::lock(&tx, actor, LOG, id).await?;
        let holder = Holder { object: OBJECT, object_id: id.as_str(), customer: Some(&complaint.customer_id) };
        let file = attachments.add(&tx, actor, &holder, received).await?;
        let line = entry_of(actor, &complaint, EntryKind::FileAdded, &file.name);
        store::add_entries(&tx, id, vec![line]).await?;
        self.db().commit(tx).await?;
        Ok(file)
    }

    /// Takes a file away; that it was there stays in the history.
    ///
    /// # Errors
    /// `NotFound` out of reach, or when somebody else was first.
    pub async fn remove_file(&self, actor: &Actor, id: &ComplaintId, file: &AttachmentId) -> Result<File, Error> {
        actor.require(HANDLE)?;
        let tx = self.db().begin().await?;
        store::get(&tx, actor, VIEW, id).await?;
        let complaint = store::lock(&tx, actor, HANDLE, id).await?;
        let file = self.desk()?.attachments.remove(&tx, actor, OBJECT, id.as_str(), file).await?;
        let line = entry_of(actor, &complaint, EntryKind::FileRemoved, &file.name);
        store::add_entries(&tx, id, vec![line]).await?;
        self.db().commit(tx).await?;
        Ok(file)
    }
}
