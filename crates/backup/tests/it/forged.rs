//! Backups as somebody might make them who wants something else than a backup.

use std::fs::{self, File};
use std::io::{Cursor, Read, Write};
use std::path::Path;

use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

pub struct Forgery {
    pub entries: Vec<(String, Vec<u8>)>,
    /// Name and what it points to.
    pub link: Option<(String, String)>,
}

impl Forgery {
    pub fn of(path: &Path) -> Self {
        let mut zip = ZipArchive::new(File::open(path).unwrap()).unwrap();
        let entries = (0..zip.len()).map(|at| {
            let mut entry = zip.by_index(at).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (entry.name().unwrap().into_owned(), bytes)
        });
        Self { entries: entries.collect(), link: None }
    }

    pub fn bytes(&mut self, name: &str) -> &mut Vec<u8> {
        &mut self.entries.iter_mut().find(|(found, _)| found == name).unwrap().1
    }

    pub fn manifest(&mut self, change: impl FnOnce(&mut Json)) {
        let text = self.bytes("manifest.json");
        let mut manifest = serde_json::from_slice(text).unwrap();
        change(&mut manifest);
        *text = serde_json::to_vec(&manifest).unwrap();
    }

    /// Other rows for a table, told in the manifest as if they were right.
    pub fn rows(&mut self, table: &str, rows: &[String]) {
        let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
        *self.bytes(&format!("tables/{table}.jsonl")) = text.clone().into_bytes();
        let (count, bytes, hash) = (rows.len(), text.len(), hex(&Sha256::digest(text.as_bytes())));
        self.manifest(|manifest| {
            let tables = manifest["tables"].as_array_mut().unwrap();
            let told = tables.iter_mut().find(|told| told["name"] == table).unwrap();
            told["rows"] = count.into();
            told["part"] = serde_json::json!({"bytes": bytes, "sha256": hash});
        });
    }

    /// Sealed as a backup is.
    pub fn save(&self, path: &Path) {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in &self.entries {
            zip.start_file(name.clone(), SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        if let Some((name, to)) = &self.link {
            zip.add_symlink(name.clone(), to.clone(), SimpleFileOptions::default()).unwrap();
        }
        zip.set_raw_comment(vec![b'0'; 64].into()).unwrap();
        let mut bytes = zip.finish().unwrap().into_inner();
        let before = bytes.len() - 64;
        let seal = hex(&Sha256::digest(&bytes[..before]));
        bytes[before..].copy_from_slice(seal.as_bytes());
        fs::write(path, bytes).unwrap();
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
