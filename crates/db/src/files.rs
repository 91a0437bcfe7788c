//! Folders and files that only their owner may read.

use std::fs::{DirBuilder, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// What SQLite keeps beside its file.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Makes the folder where there is none. One that is there already may be shared with others and stays as it is.
///
/// # Errors
/// When the folder cannot be made.
pub fn own_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Takes the rights of everybody else away from a file or folder; says in the log when that cannot be done.
pub fn close_to_others(path: &Path, mode: u32) {
    let Ok(found) = path.metadata() else { return };
    if found.permissions().mode() & 0o077 == 0 {
        return;
    }
    if let Err(error) = std::fs::set_permissions(path, Permissions::from_mode(mode)) {
        tracing::warn!(path = %path.display(), %error, "Others may read what only the program should read");
    }
}

/// Before SQLite opens it, so that nobody else could at any moment; what lies beside inherits the rights.
pub(crate) fn own_database(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => close_to_others(path, 0o600),
        Err(error) => return Err(error),
    }
    for ending in BESIDE {
        let mut beside = path.as_os_str().to_owned();
        beside.push(ending);
        close_to_others(Path::new(&beside), 0o600);
    }
    Ok(())
}
