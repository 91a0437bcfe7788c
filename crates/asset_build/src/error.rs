use std::io;
use std::path::{Path, PathBuf};

/// Why there are no assets; each sentence says what to do.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    #[error(
        "The web assets need {tool}, which was not found. Install it (Debian: apt-get install nodejs npm) \
         or set HAWSER_ASSETS_DIR to a folder with prebuilt assets."
    )]
    ToolMissing { tool: &'static str },
    #[error("{tool} failed while building the web assets. It said: {said}")]
    ToolFailed { tool: &'static str, said: String },
    #[error(
        "esbuild is not offered for {os} on {arch}. \
         Set HAWSER_ASSETS_DIR to a folder with assets built on another machine."
    )]
    UnknownPlatform { os: &'static str, arch: &'static str },
    #[error(
        "HAWSER_ASSETS_DIR is {}, but there is no manifest.json in it. \
         Point it to the folder target/assets/dist of a finished build.",
        folder.display()
    )]
    NotPrebuilt { folder: PathBuf },
    #[error("crates/web/assets/src/icons.txt names the icon {name}, which @tabler/icons does not have.")]
    UnknownIcon { name: String },
    #[error("Could not {act} {} while building the web assets: {cause}", path.display())]
    Io { act: &'static str, path: PathBuf, cause: io::Error },
}

impl AssetError {
    pub(crate) fn io(act: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |cause| AssetError::Io { act, path, cause }
    }
}
