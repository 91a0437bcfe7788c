//! Makes the embedded assets when their sources changed; see the crate `asset_build`.

use std::path::{Path, PathBuf};

fn main() {
    let sources = asset_build::sources();
    println!("cargo::rerun-if-env-changed={}", asset_build::PREBUILT);
    println!("cargo::rerun-if-changed={}", sources.display());
    let dist = target_dir().ok_or_else(|| "OUT_DIR lies in no target folder".to_owned());
    match dist.and_then(|target| asset_build::build(&target).map_err(|problem| problem.to_string())) {
        Ok(dist) => println!("cargo::rustc-env=HAWSER_ASSETS_DIST={}", dist.display()),
        Err(problem) => println!("cargo::error={problem}"),
    }
}

/// Cargo marks the target folder with CACHEDIR.TAG; without one, `<target>/<profile>/build/<package>/out` is the shape.
fn target_dir() -> Option<PathBuf> {
    let out = PathBuf::from(std::env::var_os("OUT_DIR")?);
    let marked = out.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    marked.or_else(|| out.ancestors().nth(4)).map(Path::to_path_buf)
}
