//! Writes the archive on a thread of its own: compressing one piece while the database gives the next.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use base::Error;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::key::{folder_of, sync_folder, unavailable};
use crate::manifest::Part;
use crate::rules::Refusal;
use crate::value::hex;

/// Hexadecimal digits at the very end of the file: the SHA-256 of all before them.
pub const SEAL: usize = 64;

/// While it is written, the database keeps what it replaces: time counts more than the last tenth of size.
const LEVEL: i64 = 3;

/// Pieces that wait between the database and the disk.
const WAITING: usize = 4;

enum Piece {
    Begin(String, CompressionMethod),
    Bytes(Vec<u8>),
    /// Without it nothing is left behind.
    Done,
}

pub struct Pack {
    out: PathBuf,
    pieces: mpsc::Sender<Piece>,
    written: JoinHandle<Result<(), Error>>,
    /// Of the part that is being written.
    hash: Sha256,
    bytes: u64,
}

impl Pack {
    /// # Errors
    /// When a file of that name is there already, which may be the database itself, or no folder for it.
    pub fn begin(out: &Path) -> Result<Self, Error> {
        if out.symlink_metadata().is_ok() {
            return Err(Error::refused(Refusal::FileExists(out.display().to_string())));
        }
        let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return Err(Error::refused(Refusal::NoFolder(folder.display().to_string())));
        }
        let (pieces, waiting) = mpsc::channel(WAITING);
        let path = out.to_path_buf();
        let written = tokio::task::spawn_blocking(move || write(&path, waiting));
        Ok(Self { out: out.to_path_buf(), pieces, written, hash: Sha256::new(), bytes: 0 })
    }

    pub async fn part(&mut self, path: String) {
        self.begin_part(path, CompressionMethod::Deflated).await;
    }

    /// As it is: pictures do not get smaller, and whoever restores cannot mistake a dense file for a bomb.
    pub async fn stored_part(&mut self, path: String) {
        self.begin_part(path, CompressionMethod::Stored).await;
    }

    async fn begin_part(&mut self, path: String, method: CompressionMethod) {
        (self.hash, self.bytes) = (Sha256::new(), 0);
        self.send(Piece::Begin(path, method)).await;
    }

    pub async fn bytes(&mut self, bytes: Vec<u8>) {
        self.hash.update(&bytes);
        self.bytes += bytes.len() as u64;
        self.send(Piece::Bytes(bytes)).await;
    }

    /// What the part has become.
    pub fn ended(&mut self) -> Part {
        let hash = std::mem::take(&mut self.hash);
        Part { bytes: self.bytes, sha256: hex(&hash.finalize()) }
    }

    /// The file stands under its name, on the disk.
    ///
    /// # Errors
    /// `Unavailable` names the file when it cannot be written, for example because the disk is full.
    pub async fn finish(self) -> Result<(), Error> {
        self.send(Piece::Done).await;
        match self.written.await {
            Ok(written) => written,
            Err(error) => Err(unavailable(&self.out, error)),
        }
    }

    /// Whether the writing thread still listens; when not, `finish` says why.
    pub fn is_well(&self) -> bool {
        !self.pieces.is_closed()
    }

    /// A thread that has ended takes nothing more and tells its reason in `finish`.
    async fn send(&self, piece: Piece) {
        let _ = self.pieces.send(piece).await;
    }
}

fn write(out: &Path, mut pieces: mpsc::Receiver<Piece>) -> Result<(), Error> {
    let failed = |error: io::Error| unavailable(out, error);
    let folder = folder_of(out);
    // Made for its owner only.
    let mut file = tempfile::Builder::new().prefix(".hawser-backup-").tempfile_in(&folder).map_err(failed)?;
    if !fill(file.as_file_mut(), &mut pieces).map_err(failed)? {
        return Err(Error::Unavailable(format!("{}: the backup was given up", out.display())));
    }
    seal(file.as_file_mut()).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    match file.persist_noclobber(out) {
        Ok(_) => sync_folder(&folder).map_err(failed),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Error::refused(Refusal::FileExists(out.display().to_string())))
        }
        Err(error) => Err(failed(error.error)),
    }
}

/// False when the other side went away before it was done.
fn fill(file: &mut File, pieces: &mut mpsc::Receiver<Piece>) -> io::Result<bool> {
    let options = SimpleFileOptions::default().unix_permissions(0o600).large_file(true);
    let mut zip = ZipWriter::new(BufWriter::with_capacity(1 << 18, file));
    loop {
        match pieces.blocking_recv() {
            Some(Piece::Begin(path, method)) => {
                // Only what is packed has a level.
                let level = (method == CompressionMethod::Deflated).then_some(LEVEL);
                zip.start_file(path, options.compression_method(method).compression_level(level))?;
            }
            Some(Piece::Bytes(bytes)) => zip.write_all(&bytes)?,
            Some(Piece::Done) => break,
            None => return Ok(false),
        }
    }
    zip.set_raw_comment(vec![b'0'; SEAL].into())?;
    zip.finish()?.flush()?;
    Ok(true)
}

fn seal(file: &mut File) -> io::Result<()> {
    let before = file.seek(SeekFrom::End(0))? - SEAL as u64;
    let seal = hash_of_first(file, before)?;
    file.seek(SeekFrom::Start(before))?;
    file.write_all(seal.as_bytes())
}

/// SHA-256 of the first bytes of the file, hexadecimal.
pub fn hash_of_first(file: &mut File, bytes: u64) -> io::Result<String> {
    file.seek(SeekFrom::Start(0))?;
    let mut hash = Sha256::new();
    let mut chunk = vec![0; 1 << 18];
    let mut rest = file.take(bytes);
    loop {
        match rest.read(&mut chunk)? {
            0 => return Ok(hex(&hash.finalize())),
            read => hash.update(&chunk[..read]),
        }
    }
}
