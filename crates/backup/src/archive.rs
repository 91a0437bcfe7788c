//! Reads a backup as something that anybody may have made: nothing is unpacked to a name that it says, nothing is
//! believed that has not been counted.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use base::Error;
use sea_orm::Value;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use crate::evidence;
use crate::key;
use crate::manifest::{FORMAT, Manifest, Part, Table};
use crate::pack::{SEAL, hash_of_first};
use crate::progress::{Step, Tell};
use crate::rules::Refusal;
use crate::value::{self, Flat, hex};

pub const MANIFEST: &str = "manifest.json";
/// Each file of evidence takes about 130.
const MOST_MANIFEST_BYTES: u64 = 64 << 20;
/// One row. A form takes 1 MB, of which JSON writes the worst byte in six.
const MOST_LINE_BYTES: u64 = 16 << 20;
/// What is unpacked in all may be this many times the file, as rows of a firm never are; small files may be denser.
const MOST_TIMES: u64 = 250;
const ALWAYS_BYTES: u64 = 256 << 20;

#[derive(Debug)]
pub struct Archive {
    zip: ZipArchive<BufReader<File>>,
    pub manifest: Manifest,
}

/// Only that, so that a newer form is told from a damaged one.
#[derive(Deserialize)]
struct Form {
    format: u32,
}

impl Archive {
    /// # Errors
    /// Refused when there is no such file, when a single byte of it has changed, when it holds anything but what its
    /// manifest names, or when it was written in a newer form.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Error::refused(Refusal::NoFile(path.display().to_string())));
            }
            Err(error) => return Err(key::unavailable(path, error)),
        };
        if !file.metadata().is_ok_and(|found| found.is_file()) {
            return Err(Error::refused(Refusal::Damaged));
        }
        check_seal(&mut file).map_err(|error| key::unavailable(path, error))?.map_err(Error::refused)?;
        Self::of(file).map_err(Error::refused)
    }

    fn of(file: File) -> Result<Self, Refusal> {
        let packed = file.metadata().map_err(damaged)?.len();
        let mut zip = ZipArchive::new(BufReader::with_capacity(1 << 18, file)).map_err(damaged)?;
        let names = safe_names(&mut zip)?;
        let manifest = read_manifest(&mut zip)?;
        let expected: BTreeSet<String> = parts(&manifest).map(|(name, _)| name).chain([MANIFEST.into()]).collect();
        if let Some(name) = names.difference(&expected).next() {
            return Err(Refusal::Foreign(name.clone()));
        }
        if names != expected || parts(&manifest).count() + 1 != expected.len() {
            return Err(Refusal::Damaged);
        }
        let unpacked = parts(&manifest).try_fold(0_u64, |sum, (_, part)| sum.checked_add(part.bytes));
        if unpacked.is_none_or(|bytes| bytes > packed.saturating_mul(MOST_TIMES).max(ALWAYS_BYTES)) {
            return Err(Refusal::TooDense);
        }
        Ok(Self { zip, manifest })
    }

    /// Reads everything once, keeps nothing.
    ///
    /// # Errors
    /// `Damaged`.
    pub fn check(&mut self, tell: &Tell) -> Result<(), Refusal> {
        self.key()?;
        let mut told = tell.step(Step::Checking, self.manifest.rows());
        for table in self.manifest.tables.clone() {
            self.each_row(&table, |_, _| {
                told.more(1);
                true
            })?;
        }
        for part in self.manifest.evidence.clone() {
            self.each_piece(&part, |_| true)?;
        }
        Ok(())
    }

    /// Gives the bytes of one file of evidence, until the taker says false.
    ///
    /// # Errors
    /// `Damaged`, also after bytes have been given.
    pub fn each_piece(&mut self, part: &Part, mut take: impl FnMut(&[u8]) -> bool) -> Result<(), Refusal> {
        let mut reader = self.part(&evidence::path(&part.sha256), part)?;
        let mut piece = vec![0; 1 << 17];
        loop {
            match reader.read(&mut piece).map_err(damaged)? {
                0 => return reader.compare(),
                read if take(&piece[..read]) => {}
                _ => return Ok(()),
            }
        }
    }

    /// # Errors
    /// `Damaged` when it is not what the manifest says.
    pub fn key(&mut self) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(part) = self.manifest.secret_key.clone() else {
            return Ok(None);
        };
        if part.bytes > key::MOST_BYTES {
            return Err(Refusal::Damaged);
        }
        let mut bytes = Vec::new();
        let mut reader = self.part(key::NAME, &part)?;
        reader.read_to_end(&mut bytes).map_err(damaged)?;
        reader.compare()?;
        Ok(Some(bytes))
    }

    /// Gives each row, values in the order of the table's columns, and its bytes in the file, until the taker says
    /// false.
    ///
    /// # Errors
    /// `Damaged`, also after rows have been given: whoever takes them has to be able to undo it.
    pub fn each_row(&mut self, table: &Table, mut take: impl FnMut(Vec<Value>, usize) -> bool) -> Result<(), Refusal> {
        let mut reader = BufReader::with_capacity(1 << 17, self.part(&table.path(), &table.part)?);
        let (mut rows, mut line) = (0, Vec::new());
        loop {
            line.clear();
            let read = (&mut reader).take(MOST_LINE_BYTES).read_until(b'\n', &mut line).map_err(damaged)?;
            if read == 0 {
                break;
            }
            if line.pop() != Some(b'\n') {
                return Err(Refusal::Damaged);
            }
            if !take(row_of(&line, table)?, line.len()) {
                return Ok(());
            }
            rows += 1;
        }
        match rows == table.rows {
            true => reader.into_inner().compare(),
            false => Err(Refusal::Damaged),
        }
    }

    fn part<'a>(&'a mut self, name: &str, told: &'a Part) -> Result<PartReader<'a, impl Read + 'a>, Refusal> {
        let entry = self.zip.by_name(name).map_err(damaged)?;
        // One byte more than told shows that there is more.
        Ok(PartReader { inner: entry.take(told.bytes.saturating_add(1)), told, hash: Sha256::new(), bytes: 0 })
    }
}

/// Counts and hashes what passes.
struct PartReader<'a, R> {
    inner: R,
    told: &'a Part,
    hash: Sha256,
    bytes: u64,
}

impl<R: Read> Read for PartReader<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.hash.update(&into[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

impl<R> PartReader<'_, R> {
    fn compare(self) -> Result<(), Refusal> {
        match self.bytes == self.told.bytes && hex(&self.hash.finalize()) == self.told.sha256 {
            true => Ok(()),
            false => Err(Refusal::Damaged),
        }
    }
}

fn parts(manifest: &Manifest) -> impl Iterator<Item = (String, &Part)> {
    let tables = manifest.tables.iter().map(|table| (table.path(), &table.part));
    let evidence = manifest.evidence.iter().map(|part| (evidence::path(&part.sha256), part));
    tables.chain(manifest.secret_key.iter().map(|part| (key::NAME.to_owned(), part))).chain(evidence)
}

fn damaged<E>(_: E) -> Refusal {
    Refusal::Damaged
}

/// The outer result is about the disk, the inner one about the bytes.
fn check_seal(file: &mut File) -> io::Result<Result<(), Refusal>> {
    let all = file.metadata()?.len();
    let Some(before) = all.checked_sub(SEAL as u64) else {
        return Ok(Err(Refusal::Damaged));
    };
    file.seek(SeekFrom::Start(before))?;
    let mut told = [0; SEAL];
    file.read_exact(&mut told)?;
    let found = hash_of_first(file, before)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(if found.as_bytes() == told { Ok(()) } else { Err(Refusal::Damaged) })
}

/// Plain files with the names of a backup, each once and each with bytes of its own.
fn safe_names(zip: &mut ZipArchive<BufReader<File>>) -> Result<BTreeSet<String>, Refusal> {
    if zip.has_duplicate_names() || zip.has_overlapping_entries().map_err(damaged)? {
        return Err(Refusal::Damaged);
    }
    let mut names = BTreeSet::new();
    for at in 0..zip.len() {
        let entry = zip.by_index_data(at).map_err(damaged)?;
        let name = entry.name().map_err(damaged)?.into_owned();
        if !is_ours(&name) || !entry.is_file() || entry.encrypted() {
            return Err(Refusal::Foreign(name));
        }
        names.insert(name);
    }
    Ok(names)
}

fn is_ours(name: &str) -> bool {
    let plain = |table: &str| {
        !table.is_empty() && table.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    match name.strip_prefix("tables/").and_then(|rest| rest.strip_suffix(".jsonl")) {
        Some(table) => plain(table),
        None => name == MANIFEST || name == key::NAME || evidence::is_ours(name),
    }
}

fn read_manifest(zip: &mut ZipArchive<BufReader<File>>) -> Result<Manifest, Refusal> {
    let mut text = Vec::new();
    let entry = zip.by_name(MANIFEST).map_err(damaged)?;
    entry.take(MOST_MANIFEST_BYTES).read_to_end(&mut text).map_err(damaged)?;
    let form: Form = serde_json::from_slice(&text).map_err(damaged)?;
    if form.format > FORMAT {
        return Err(Refusal::NewerFormat(form.format));
    }
    serde_json::from_slice(&text).map_err(damaged)
}

fn row_of(line: &[u8], table: &Table) -> Result<Vec<Value>, Refusal> {
    let Flat(values) = serde_json::from_slice(line).map_err(damaged)?;
    if values.len() != table.columns.len() {
        return Err(Refusal::Damaged);
    }
    let row = values.into_iter().zip(&table.columns).map(|(json, column)| value::into_value(json, column.kind));
    row.collect::<Option<Vec<_>>>().ok_or(Refusal::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_a_backup_are_ours() {
        let file = evidence::path(&"0a".repeat(32));
        assert!(["manifest.json", "secret.key", "tables/customer_tags.jsonl", &file].into_iter().all(is_ours));
        for name in [
            "attachments/../secret.key",
            "attachments/",
            "../secret.key",
            "/etc/passwd",
            "tables/../../x.jsonl",
            "tables/.jsonl",
            "tables/a/b.jsonl",
            "x",
        ] {
            assert!(!is_ours(name), "{name}");
        }
    }
}
