//! The files behind attachments: beside the rows in the archive, under their hash, and back into the data folder.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use attachments::{Blobs, kept_blobs};
use base::Error;
use db::Tx;
use tokio::io::AsyncReadExt;

use crate::archive::Archive;
use crate::key::unavailable;
use crate::manifest::Part;
use crate::pack::Pack;

/// Bytes of a file that go to the archive at once.
const PIECE: usize = 1 << 18;

/// Where a file of this hash stands in the archive.
pub fn path(sha256: &str) -> String {
    format!("attachments/{sha256}")
}

/// Whether this is the name of such a file.
pub fn is_ours(name: &str) -> bool {
    let is_hash =
        |hash: &str| hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    name.strip_prefix("attachments/").is_some_and(is_hash)
}

/// Writes every file that a row needs. Those that are gone or damaged are counted and left out: the firm is better off
/// with a backup of all the rest than with none.
pub async fn put(tx: &Tx, pack: &mut Pack, data_dir: &Path, has_table: bool) -> Result<(Vec<Part>, u64), Error> {
    let needed = match has_table {
        true => kept_blobs(tx).await?,
        false => BTreeMap::new(),
    };
    let blobs = Blobs::below(data_dir);
    let (mut parts, mut missing) = (Vec::new(), 0);
    for sha256 in needed.into_keys() {
        let (looked, hash) = (blobs.clone(), sha256.clone());
        let whole = tokio::task::spawn_blocking(move || looked.holds(&hash)).await;
        if !whole.map_err(|error| Error::Bug(error.to_string()))?.map_err(|error| unavailable(data_dir, error))? {
            missing += 1;
            continue;
        }
        pack.stored_part(path(&sha256)).await;
        copy(&blobs, &sha256, pack).await.map_err(|error| unavailable(data_dir, error))?;
        parts.push(pack.ended());
        if !pack.is_well() {
            break;
        }
    }
    Ok((parts, missing))
}

async fn copy(blobs: &Blobs, sha256: &str, pack: &mut Pack) -> io::Result<()> {
    let mut file = tokio::fs::File::from_std(blobs.open(sha256)?);
    loop {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).await?;
        if read == 0 {
            return Ok(());
        }
        piece.truncate(read);
        pack.bytes(piece).await;
    }
}

/// Puts every file of the archive into the data folder. Blocking. What is undone afterwards leaves files that no row
/// needs, which the program clears away.
pub fn bring_back(archive: &mut Archive, data_dir: &Path) -> Result<(), Error> {
    let blobs = Blobs::below(data_dir);
    for part in archive.manifest.evidence.clone() {
        let mut file = blobs.incoming().map_err(|error| unavailable(data_dir, error))?;
        let mut failed = None;
        let read = archive.each_piece(&part, |piece| {
            failed = file.write_all(piece).err();
            failed.is_none()
        });
        if let Some(error) = failed {
            return Err(unavailable(data_dir, error));
        }
        read.map_err(Error::refused)?;
        let put = file.as_file().sync_all().and_then(|()| blobs.put(file, &part.sha256));
        put.map_err(|error| unavailable(data_dir, error))?;
    }
    Ok(())
}
