//! Takes a file that somebody sends, straight to the disk, and never more of it than a file may have.

use std::collections::BTreeMap;
use std::io::Write;

use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::header;
use base::{Error, Message};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::folder::{Blobs, hexadecimal, unavailable};
use crate::kind::Kind;
use crate::name;
use crate::rules::{self, Policy, Refusal};
use crate::service::blocking;
use crate::sniff::Sniffer;

/// What is read and thrown away after a file has become too large, so that the browser waits for our sentence instead
/// of seeing the line go dead, bytes.
const DRAINED: u64 = 1 << 30;
/// Of all other parts of the form together, bytes.
const FORM_BYTES: usize = 256 * 1024;

/// A file that has arrived and may be evidence; it goes away unless it is added.
#[derive(Debug)]
pub struct Received {
    pub(crate) file: NamedTempFile,
    pub name: String,
    pub kind: Kind,
    pub bytes: u64,
    /// Hexadecimal.
    pub sha256: String,
    /// The other fields of the form.
    pub fields: BTreeMap<String, String>,
}

/// The file of a form, in its part `file`.
///
/// # Errors
/// A sentence when there is no file, when it may not be evidence, or when the form cannot be read.
pub(crate) async fn from_form(blobs: &Blobs, policy: Policy, mut request: Request) -> Result<Received, Error> {
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
    let (mut fields, mut found, mut room) = (BTreeMap::new(), None, FORM_BYTES);
    while let Some(mut part) = form.next_field().await.map_err(|_| broken())? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            let file_name = part.file_name().unwrap_or_default().to_owned();
            let mut taker = Taker::new(blobs, policy)?;
            while let Some(chunk) = part.chunk().await.map_err(|_| broken())? {
                taker.take(&chunk)?;
            }
            found = Some((taker, file_name));
            continue;
        }
        let mut text = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(|_| broken())? {
            room = room.checked_sub(chunk.len()).ok_or_else(broken)?;
            text.extend_from_slice(&chunk);
        }
        fields.insert(name, String::from_utf8(text).map_err(|_| broken())?);
    }
    match found {
        Some((taker, name)) if !name.is_empty() || taker.bytes > 0 => taker.received(&name, fields).await,
        _ => Err(Error::invalid("file", Message::new("attachment-file_missing"))),
    }
}

/// The file is the whole body.
///
/// # Errors
/// As `from_form`.
pub(crate) async fn from_body(blobs: &Blobs, policy: Policy, request: Request, name: &str) -> Result<Received, Error> {
    let mut body = request.into_body().into_data_stream();
    let mut taker = Taker::new(blobs, policy)?;
    while let Some(chunk) = futures::StreamExt::next(&mut body).await {
        taker.take(&chunk.map_err(|_| broken())?)?;
    }
    taker.received(name, BTreeMap::new()).await
}

pub(crate) fn is_form(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.starts_with("multipart/form-data")
}

fn broken() -> Error {
    Error::refused(Refusal::Broken)
}

impl Received {
    /// The bytes from the first on, for a reader that limits itself.
    ///
    /// # Errors
    /// When the data folder cannot be read.
    pub fn reopen(&self) -> Result<std::fs::File, Error> {
        self.file.reopen().map_err(|error| unavailable(&error))
    }
}

struct Taker {
    file: NamedTempFile,
    policy: Policy,
    hash: Sha256,
    sniffer: Sniffer,
    bytes: u64,
}

impl Taker {
    fn new(blobs: &Blobs, policy: Policy) -> Result<Self, Error> {
        let file = blobs.incoming().map_err(|error| unavailable(&error))?;
        Ok(Self { file, policy, hash: Sha256::new(), sniffer: Sniffer::default(), bytes: 0 })
    }

    fn take(&mut self, chunk: &[u8]) -> Result<(), Error> {
        self.bytes += chunk.len() as u64;
        if self.bytes <= self.policy.most_bytes() {
            self.hash.update(chunk);
            self.sniffer.take(chunk);
            return self.file.write_all(chunk).map_err(|error| unavailable(&error));
        }
        match self.bytes <= DRAINED {
            true => Ok(()),
            false => Err(self.too_large()),
        }
    }

    fn too_large(&self) -> Error {
        Error::refused(Refusal::TooLarge { megabytes: self.policy.most_bytes() / 1024 / 1024 })
    }

    async fn received(self, name: &str, fields: BTreeMap<String, String>) -> Result<Received, Error> {
        if self.bytes == 0 {
            return Err(Error::refused(Refusal::Empty));
        }
        if self.bytes > self.policy.most_bytes() {
            return Err(self.too_large());
        }
        let mut name = name::cleaned(name);
        let content = self.sniffer.content().map_err(Error::refused)?;
        let kind = rules::agreed(content, &name).map_err(Error::refused)?;
        let sha256 = hexadecimal(self.hash);
        if name.is_empty() {
            name = sha256.chars().take(12).collect();
        }
        if name::ending(&name).is_none() {
            name = format!("{name}.{}", kind.endings().first().copied().unwrap_or_default());
        }
        let file = self.file;
        let file = blocking(move || {
            // On the disk before anybody says that it is there.
            file.as_file().sync_all().map_err(|error| unavailable(&error))?;
            Ok(file)
        });
        Ok(Received { file: file.await?, name, kind, bytes: self.bytes, sha256, fields })
    }
}
