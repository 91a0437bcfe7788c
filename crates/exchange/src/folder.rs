//! Where uploaded files lie: one folder below the data folder that nobody but the program reads.

use std::fs::{DirBuilder, File};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use base::Error;
use sha2::{Digest, Sha256};

use crate::batch::BatchId;

#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub fn below(data: &Path) -> Self {
        Self(data.join("imports"))
    }

    /// Made when first needed, so that a program that imports nothing leaves no trace.
    ///
    /// # Errors
    /// When the data folder cannot be written.
    pub fn ready(&self) -> Result<&Path, Error> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.0).map_err(|error| unwritable(&error))?;
        Ok(&self.0)
    }

    pub fn upload(&self, id: &BatchId) -> PathBuf {
        self.0.join(format!("{id}.upload"))
    }

    pub fn refused(&self, id: &BatchId) -> PathBuf {
        self.0.join(format!("{id}.refused"))
    }

    /// Everything that was last written before this time; returns how many files went.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn remove_older(&self, before: SystemTime) -> io::Result<u64> {
        let entries = match std::fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(error),
        };
        let mut gone = 0;
        for entry in entries {
            let entry = entry?;
            let about = entry.metadata()?;
            if about.is_file() && about.modified()? < before {
                remove(&entry.path())?;
                gone += 1;
            }
        }
        Ok(gone)
    }
}

/// Only its owner reads it: it holds the firm's rows.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    File::options().write(true).create(true).truncate(true).mode(0o600).open(path)
}

/// A file that is gone already is as good as removed.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

pub(crate) fn unwritable(error: &io::Error) -> Error {
    Error::Unavailable(format!("folder of imports: {error}"))
}

/// Of the whole file, hexadecimal. Blocking.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn sha256(mut file: &File) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
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
