//! Takes a file that somebody sends, straight to the disk, and never more of it than a file may have.

use std::collections::BTreeMap;
use std::io::Write;

use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::header;
use base::{Error, Message};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::folder::{self, Folder};
use crate::limits;
use crate::refusal::Refused;

/// What is read and thrown away after a file has become too large, so that the browser waits for our sentence
/// instead of seeing the line go dead, bytes.
const DRAINED: u64 = 4 * limits::FILE_BYTES;
/// Of all other parts of the form together, bytes.
const FORM_BYTES: usize = 256 * 1024;
const NAME_CHARS: usize = 120;

/// A file that has arrived; it goes away unless it is kept.
#[derive(Debug)]
pub struct Received {
    pub(crate) file: NamedTempFile,
    pub name: String,
    pub bytes: u64,
    /// Hexadecimal.
    pub sha256: String,
    /// The other fields of the form.
    pub fields: BTreeMap<String, String>,
}

/// The file of a form, in its part `file`.
///
/// # Errors
/// A sentence when there is no file, when it is too large, or when the form cannot be read.
pub(crate) async fn from_form(folder: &Folder, mut request: Request) -> Result<Received, Error> {
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    let (mut fields, mut found, mut room) = (BTreeMap::new(), None, FORM_BYTES);
    while let Some(mut part) = form.next_field().await.map_err(|_| unreadable())? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            let file_name = part.file_name().unwrap_or_default().to_owned();
            let mut taker = Taker::new(folder)?;
            while let Some(chunk) = part.chunk().await.map_err(|_| unreadable())? {
                taker.take(&chunk)?;
            }
            found = Some((taker, file_name));
            continue;
        }
        let mut text = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(|_| unreadable())? {
            room = room.checked_sub(chunk.len()).ok_or_else(unreadable)?;
            text.extend_from_slice(&chunk);
        }
        fields.insert(name, String::from_utf8(text).map_err(|_| unreadable())?);
    }
    match found {
        Some((taker, name)) if !name.is_empty() || taker.bytes > 0 => taker.received(&name, fields),
        _ => Err(Error::invalid("file", Message::new("import-file_missing"))),
    }
}

/// The file is the whole body.
///
/// # Errors
/// As `from_form`.
pub(crate) async fn from_body(folder: &Folder, request: Request, name: &str) -> Result<Received, Error> {
    let mut body = request.into_body().into_data_stream();
    let mut taker = Taker::new(folder)?;
    while let Some(chunk) = futures::StreamExt::next(&mut body).await {
        taker.take(&chunk.map_err(|_| unreadable())?)?;
    }
    taker.received(name, BTreeMap::new())
}

pub(crate) fn is_form(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.starts_with("multipart/form-data")
}

fn unreadable() -> Error {
    Error::Refused(Message::new("import-upload_broken"))
}

struct Taker {
    file: NamedTempFile,
    hash: Sha256,
    bytes: u64,
}

impl Taker {
    fn new(folder: &Folder) -> Result<Self, Error> {
        let file = tempfile::Builder::new().suffix(".part").tempfile_in(folder.ready()?);
        Ok(Self { file: file.map_err(|error| folder::unwritable(&error))?, hash: Sha256::new(), bytes: 0 })
    }

    fn take(&mut self, chunk: &[u8]) -> Result<(), Error> {
        self.bytes += chunk.len() as u64;
        if self.bytes <= limits::FILE_BYTES {
            self.hash.update(chunk);
            return self.file.write_all(chunk).map_err(|error| folder::unwritable(&error));
        }
        match self.bytes <= DRAINED {
            true => Ok(()),
            false => Err(Error::refused(Refused::TooLarge)),
        }
    }

    fn received(mut self, name: &str, fields: BTreeMap<String, String>) -> Result<Received, Error> {
        match self.bytes {
            0 => return Err(Error::refused(Refused::Empty)),
            1..=limits::FILE_BYTES => {}
            _ => return Err(Error::refused(Refused::TooLarge)),
        }
        self.file.flush().map_err(|error| folder::unwritable(&error))?;
        let sha256 = folder::hexadecimal(self.hash);
        Ok(Received { file: self.file, name: shown_name(name), bytes: self.bytes, sha256, fields })
    }
}

/// Only for people: nothing on the disk is ever called so.
pub(crate) fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let invisible = |c: &char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    last.chars().filter(|c| !invisible(c)).take(NAME_CHARS).collect()
}
