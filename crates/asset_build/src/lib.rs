//! Makes the style sheet, the script and the icons that the pages use: npm packages and our sources in,
//! a folder of files with hashed names out, each also compressed.
//!
//! The build script of `web` and `cargo xtask assets` call the same [`build`]; it does nothing when nothing changed.

mod error;
mod pack;
mod stamp;
mod tools;

pub use error::AssetError;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Names a folder of assets made earlier, so that the program can be built without npm.
pub const PREBUILT: &str = "HAWSER_ASSETS_DIR";

/// Says which file stands for which name: `{"app.css": "app.1f0c….css"}`.
pub const MANIFEST: &str = "manifest.json";

/// Makes the assets under `target_dir` when they are missing or stale and answers the folder to embed.
///
/// With [`PREBUILT`] set, that folder is the answer and nothing is made.
pub fn build(target_dir: &Path) -> Result<PathBuf, AssetError> {
    match std::env::var_os(PREBUILT).filter(|path| !path.is_empty()) {
        Some(path) => prebuilt(PathBuf::from(path)),
        None => build_from(&sources(), &target_dir.join("assets")),
    }
}

/// The folder of our own sources; a build script watches it.
pub fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("web").join("assets")
}

/// A folder made elsewhere, with a manifest in it.
pub fn prebuilt(folder: PathBuf) -> Result<PathBuf, AssetError> {
    match folder.join(MANIFEST).is_file() {
        true => Ok(folder),
        false => Err(AssetError::NotPrebuilt { folder }),
    }
}

fn build_from(sources: &Path, work: &Path) -> Result<PathBuf, AssetError> {
    let dist = work.join("dist");
    let stamp = stamp::of(sources)?;
    if is_fresh(work, &stamp) {
        return Ok(dist);
    }
    fs::create_dir_all(work).map_err(AssetError::io("create", work))?;
    let _one_at_a_time = lock(work)?;
    // Somebody else may have finished the same build while we waited.
    if is_fresh(work, &stamp) {
        return Ok(dist);
    }
    stamp::copy(sources, work)?;
    tools::install_packages(work)?;
    tools::bundle(work)?;
    pack::pack(work, &dist)?;
    write(&work.join("stamp"), &stamp)?;
    Ok(dist)
}

fn is_fresh(work: &Path, stamp: &str) -> bool {
    let made = fs::read_to_string(work.join("stamp"));
    made.is_ok_and(|made| made == stamp) && work.join("dist").join(MANIFEST).is_file()
}

/// Held until the answer is dropped; other builds, also of other profiles, wait.
fn lock(work: &Path) -> Result<File, AssetError> {
    let path = work.join("lock");
    let file = File::create(&path).map_err(AssetError::io("create", &path))?;
    file.lock().map_err(AssetError::io("lock", &path))?;
    Ok(file)
}

fn read(path: &Path) -> Result<Vec<u8>, AssetError> {
    fs::read(path).map_err(AssetError::io("read", path))
}

fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), AssetError> {
    fs::write(path, content).map_err(AssetError::io("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sources whose packages need no network: a finished build stands beside them.
    fn finished() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let (sources, work) = (folder.path().join("sources"), folder.path().join("assets"));
        fs::create_dir_all(sources.join("src")).unwrap();
        fs::create_dir_all(work.join("dist")).unwrap();
        fs::write(sources.join("package-lock.json"), "{}").unwrap();
        fs::write(sources.join("src/app.css"), "a{}").unwrap();
        fs::write(work.join("dist").join(MANIFEST), "{}").unwrap();
        fs::write(work.join("stamp"), stamp::of(&sources).unwrap()).unwrap();
        (folder, sources, work)
    }

    #[test]
    fn nothing_is_built_when_nothing_changed() {
        let (_folder, sources, work) = finished();
        assert_eq!(build_from(&sources, &work).unwrap(), work.join("dist"));
        assert!(!work.join("lock").exists());
    }

    #[test]
    fn a_changed_source_or_a_missing_result_makes_the_build_stale() {
        let (_folder, sources, work) = finished();
        let before = stamp::of(&sources).unwrap();
        assert!(is_fresh(&work, &before));
        fs::write(sources.join("src/app.css"), "b{}").unwrap();
        assert!(!is_fresh(&work, &stamp::of(&sources).unwrap()));
        fs::remove_file(work.join("dist").join(MANIFEST)).unwrap();
        assert!(!is_fresh(&work, &before));
    }

    #[test]
    fn a_renamed_source_changes_the_stamp() {
        let (_folder, sources, _work) = finished();
        let before = stamp::of(&sources).unwrap();
        fs::rename(sources.join("src/app.css"), sources.join("src/other.css")).unwrap();
        assert_ne!(stamp::of(&sources).unwrap(), before);
    }

    #[test]
    fn a_folder_without_a_manifest_is_no_prebuilt_folder() {
        let folder = tempfile::tempdir().unwrap();
        let refused = prebuilt(folder.path().to_path_buf()).unwrap_err().to_string();
        assert!(refused.contains("no manifest.json"), "{refused}");
        fs::write(folder.path().join(MANIFEST), "{}").unwrap();
        assert_eq!(prebuilt(folder.path().to_path_buf()).unwrap(), folder.path());
    }

    #[test]
    fn a_missing_npm_is_explained() {
        let said = AssetError::ToolMissing { tool: "npm" }.to_string();
        assert!(said.contains("apt-get install nodejs npm") && said.contains(PREBUILT), "{said}");
    }

    #[test]
    fn the_lock_file_names_no_place_to_download_from() {
        let lock = fs::read_to_string(sources().join("package-lock.json")).unwrap();
        assert!(!lock.contains("://") && !lock.contains("\"resolved\""));
    }
}
