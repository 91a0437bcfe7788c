//! Where the bytes lie: `attachments/ab/cdef…` in the data folder, named by their own hash and by nothing else.

use std::fs::{File, ReadDir};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use base::Error;
use db::files::own_folder;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

/// All evidence of the firm, by hash.
#[derive(Clone, Debug)]
pub struct Blobs(PathBuf);

impl Blobs {
    pub fn below(data: &Path) -> Self {
        Self(data.join("attachments"))
    }

    /// # Errors
    /// `NotFound` also for what is no hash.
    pub fn open(&self, sha256: &str) -> io::Result<File> {
        File::open(self.path(sha256)?)
    }

    /// Whether these bytes are there, whole. Blocking.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn holds(&self, sha256: &str) -> io::Result<bool> {
        match self.open(sha256).and_then(|file| hash_of(&file)) {
            Ok(found) => Ok(found == sha256),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Where bytes are written before they have a name. Made when first needed.
    ///
    /// # Errors
    /// When the data folder cannot be written.
    pub fn incoming(&self) -> io::Result<NamedTempFile> {
        let folder = self.0.join(INCOMING);
        own_folder(&folder)?;
        tempfile::Builder::new().suffix(".part").tempfile_in(folder)
    }

    /// Gives written bytes their name; whatever lay there is replaced by the same bytes. The file has been synced
    /// before. Blocking.
    ///
    /// # Errors
    /// When the data folder cannot be written.
    pub fn put(&self, file: NamedTempFile, sha256: &str) -> io::Result<()> {
        let path = self.path(sha256)?;
        let folder = path.parent().unwrap_or(&self.0);
        own_folder(folder)?;
        file.persist(&path).map_err(|error| error.error)?;
        // A name that a power cut takes back would leave a record without its file.
        File::open(folder)?.sync_all()?;
        File::open(&self.0)?.sync_all()
    }

    /// What is gone already is as good as removed.
    pub(crate) fn remove(&self, sha256: &str) -> io::Result<()> {
        match std::fs::remove_file(self.path(sha256)?) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Hashes of all files that were last written before this time. Blocking.
    pub(crate) fn older_than(&self, before: SystemTime) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        for folder in entries(&self.0)? {
            let folder = folder?;
            if folder.file_name() == INCOMING || !folder.file_type()?.is_dir() {
                continue;
            }
            for file in entries(&folder.path())? {
                let file = file?;
                let both = (folder.file_name().into_string(), file.file_name().into_string());
                let (Ok(first), Ok(rest)) = both else { continue };
                let sha256 = format!("{first}{rest}");
                if is_hash(&sha256) && file.metadata()?.modified()? < before {
                    found.push(sha256);
                }
            }
        }
        Ok(found)
    }

    /// Removes what began to arrive before this time and never became anything. Blocking.
    pub(crate) fn remove_unfinished(&self, before: SystemTime) -> io::Result<()> {
        for file in entries(&self.0.join(INCOMING))? {
            let file = file?;
            if file.metadata()?.modified()? < before {
                std::fs::remove_file(file.path())?;
            }
        }
        Ok(())
    }

    fn path(&self, sha256: &str) -> io::Result<PathBuf> {
        match is_hash(sha256) {
            true => Ok(self.0.join(&sha256[..2]).join(&sha256[2..])),
            false => Err(ErrorKind::NotFound.into()),
        }
    }
}

const INCOMING: &str = "incoming";

/// Only that ever becomes part of a path.
fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// None where there is no such folder yet.
fn entries(folder: &Path) -> io::Result<impl Iterator<Item = io::Result<std::fs::DirEntry>>> {
    let found: Option<ReadDir> = match std::fs::read_dir(folder) {
        Ok(entries) => Some(entries),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    Ok(found.into_iter().flatten())
}

/// Of a whole file, hexadecimal. Blocking.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn hash_of(mut file: &File) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hexadecimal(hash)),
            read => hash.update(&buffer[..read]),
        }
    }
}

pub(crate) fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn unavailable(error: &io::Error) -> Error {
    Error::Unavailable(format!("folder of attachments: {error}"))
}
