//! The file that seals secrets, in the data folder: read for a backup, put in place by a restore.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use base::Error;

use crate::rules::Refusal;

pub const NAME: &str = "secret.key";
/// 64 hexadecimal characters and a line end; anything longer is no key of ours.
pub const MOST_BYTES: u64 = 4096;

/// `None` when nothing has ever been sealed.
///
/// # Errors
/// `Unavailable` names the file when it is there but cannot be read.
pub fn read(data_dir: &Path) -> Result<Option<Vec<u8>>, Error> {
    let path = data_dir.join(NAME);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unavailable(&path, error)),
    };
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| unavailable(&path, error))?;
    match bytes.len() as u64 > MOST_BYTES {
        true => Err(unavailable(&path, "it does not hold a key")),
        false => Ok(Some(bytes)),
    }
}

/// # Errors
/// `OtherKey` when the folder has a key of its own: what it sealed would be lost.
pub fn check(data_dir: &Path, key: &[u8]) -> Result<(), Error> {
    match read(data_dir)? {
        Some(found) if found != key => Err(Error::refused(other(data_dir))),
        _ => Ok(()),
    }
}

/// Only for its owner, whole or not at all, never over another one.
///
/// # Errors
/// As `check`, and `Unavailable` when the file cannot be written.
pub fn put(data_dir: &Path, key: &[u8]) -> Result<(), Error> {
    if read(data_dir)?.is_some() {
        return check(data_dir, key);
    }
    db::files::own_folder(data_dir).map_err(|error| unavailable(data_dir, error))?;
    let failed = |error| unavailable(&data_dir.join(NAME), error);
    let mut file = tempfile::Builder::new().prefix(".hawser-key-").tempfile_in(data_dir).map_err(failed)?;
    file.write_all(key).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    match file.persist_noclobber(data_dir.join(NAME)) {
        Ok(_) => sync_folder(data_dir).map_err(failed),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => check(data_dir, key),
        Err(error) => Err(failed(error.error)),
    }
}

fn other(data_dir: &Path) -> Refusal {
    Refusal::OtherKey(data_dir.join(NAME).display().to_string())
}

/// A new name survives a power cut only when its folder is written, too.
pub fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// The folder that a file lies in; `.` when its name is all we have.
pub fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

pub fn unavailable(path: &Path, cause: impl std::fmt::Display) -> Error {
    Error::Unavailable(format!("{}: {cause}", path.display()))
}
