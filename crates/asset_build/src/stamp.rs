//! What the assets are made of, as one hash: packages, our sources and this code.

use crate::{AssetError, read, write};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// A change in how we build must build again, without anybody having to remember a version number.
const OWN_CODE: [&str; 4] =
    [include_str!("lib.rs"), include_str!("stamp.rs"), include_str!("tools.rs"), include_str!("pack.rs")];

/// The hash of everything that decides what comes out.
pub fn of(sources: &Path) -> Result<String, AssetError> {
    let mut hash = Sha256::new();
    for code in OWN_CODE {
        hash.update(code);
    }
    for name in files(sources)? {
        hash.update(name.to_string_lossy().as_bytes());
        hash.update(read(&sources.join(&name))?);
    }
    Ok(hex(&hash.finalize()))
}

/// Brings the sources next to the packages, so that esbuild finds both; files that left the sources leave here too.
pub fn copy(sources: &Path, work: &Path) -> Result<(), AssetError> {
    let copied = work.join("src");
    if copied.exists() {
        fs::remove_dir_all(&copied).map_err(AssetError::io("clear", &copied))?;
    }
    fs::create_dir_all(&copied).map_err(AssetError::io("create", &copied))?;
    for name in files(sources)? {
        write(&work.join(&name), read(&sources.join(&name))?)?;
    }
    Ok(())
}

/// Relative names, sorted: the package list, the tools beside it, and the flat folder `src`.
fn files(sources: &Path) -> Result<Vec<PathBuf>, AssetError> {
    let mut names = Vec::new();
    for folder in ["", "src"] {
        let path = sources.join(folder);
        for entry in fs::read_dir(&path).map_err(AssetError::io("list", &path))? {
            let entry = entry.map_err(AssetError::io("list", &path))?;
            if entry.path().is_file() {
                names.push(Path::new(folder).join(entry.file_name()));
            }
        }
    }
    names.sort();
    Ok(names)
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
