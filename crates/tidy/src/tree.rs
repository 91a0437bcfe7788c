//! The files of the checkout: what git tracks, and what it would track.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct File {
    /// Below the checkout's top folder, with `/`.
    pub path: String,
    pub bytes: Vec<u8>,
}

impl File {
    /// The contents when they are text.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok().filter(|text| !text.contains('\0'))
    }
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map(Path::to_path_buf).unwrap_or_default()
}

/// In order of their paths. An unpacked archive has no git: then every file but the built ones counts.
pub fn files(root: &Path) -> io::Result<Vec<File>> {
    let mut paths = match tracked(root) {
        Some(paths) => paths,
        None => walked(root, root)?,
    };
    paths.sort();
    paths.dedup();
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let full = root.join(&path);
        // Deleted but not yet committed, or a link out of the tree.
        if full.symlink_metadata().is_ok_and(|found| found.is_file()) {
            files.push(File { path, bytes: fs::read(full)? });
        }
    }
    Ok(files)
}

fn tracked(root: &Path) -> Option<Vec<String>> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").args(arguments).current_dir(root).output().ok()?;
    let listed = output.status.success() && !output.stdout.is_empty();
    listed.then(|| {
        let names = output.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        names.map(|name| String::from_utf8_lossy(name).into_owned()).collect()
    })
}

fn walked(root: &Path, folder: &Path) -> io::Result<Vec<String>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !matches!(name.as_str(), "target" | "node_modules" | ".git" | "hawser-data") {
                paths.extend(walked(root, &path)?);
            }
        } else if let Ok(below) = path.strip_prefix(root) {
            paths.push(below.to_string_lossy().into_owned());
        }
    }
    Ok(paths)
}

/// Tests, what measures, and rows or records made for tests and the demo: they may say things that the product must not.
pub fn is_for_tests(path: &str) -> bool {
    path.starts_with("e2e/")
        || path.starts_with("bench/")
        || path.starts_with("demo/")
        || path.contains("/tests/")
        || path.ends_with("/samples.rs")
        || path.ends_with("/tests.rs")
        || path.starts_with("crates/tidy/")
}
