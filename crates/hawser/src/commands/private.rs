//! The data folder is for the user that the program runs as, and for nobody else.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use base::Error;
use db::Location;
use db::files::{close_to_others, own_folder};

use crate::config::Config;

/// What only a folder of ours holds.
const OURS: [&str; 2] = ["hawser.db", "secret.key"];
/// Everybody may write here, as in `/tmp`.
const SHARED: u32 = 0o1000;

/// # Errors
/// `Unavailable` names the folder when it cannot be made.
pub fn make(data: &Path) -> Result<(), Error> {
    own_folder(data).map_err(|error| Error::Unavailable(format!("{}: {error}", data.display())))
}

/// Once it holds what is ours: a mistyped `--data` must not take somebody's folder away from others.
pub fn close(data: &Path) {
    let shared = data.metadata().is_ok_and(|found| found.permissions().mode() & SHARED != 0);
    if shared || !OURS.iter().any(|name| data.join(name).exists()) {
        return;
    }
    close_to_others(data, 0o700);
    close_to_others(&data.join("secret.key"), 0o600);
}

/// What was not there before a command, and must not be there after it has failed.
#[derive(Debug)]
pub struct Traces {
    database: Option<PathBuf>,
    folder: Option<PathBuf>,
}

impl Traces {
    pub fn before(config: &Config) -> Self {
        let Location::Sqlite(path) = &config.location else {
            return Self { database: None, folder: None };
        };
        let folder = path.parent().filter(|folder| !folder.exists()).map(Path::to_path_buf);
        Self { database: (!path.exists()).then(|| path.clone()), folder }
    }

    /// A folder that holds anything else by now stays.
    pub fn remove(self) {
        for path in self.database.iter().flat_map(|path| ["", "-wal", "-shm"].map(|end| with_end(path, end))) {
            let _ = std::fs::remove_file(path);
        }
        if let Some(folder) = self.folder {
            let _ = std::fs::remove_dir(folder);
        }
    }
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Common;
    use crate::commands::{Opened, files};
    use std::fs::{self, Permissions};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    fn at(data: &Path) -> Common {
        Common { data: Some(data.into()), json: true, ..Common::default() }
    }

    fn is_closed(data: &Path) {
        assert_eq!(mode(data), 0o700);
        for name in ["hawser.db", "secret.key"] {
            assert_eq!(mode(&data.join(name)), 0o600, "{name}");
        }
    }

    async fn open(data: &Path) {
        let Ok(opened) = Opened::open(&at(data)).await else { panic!("{} does not open", data.display()) };
        opened.db.close().await.unwrap();
    }

    #[tokio::test]
    async fn the_data_folder_is_closed_at_first_afterwards_and_after_a_restore() {
        let folder = tempfile::tempdir().unwrap();
        let [new, made, back] = ["new", "made", "back"].map(|name| folder.path().join(name));
        fs::create_dir(&made).unwrap();
        set_mode(&made, 0o755);
        for data in [&new, &made] {
            open(data).await;
            is_closed(data);
        }
        set_mode(&new, 0o755);
        ["hawser.db", "secret.key"].iter().for_each(|name| set_mode(&new.join(name), 0o644));
        open(&new).await;
        is_closed(&new);
        let file: PathBuf = folder.path().join("backup.zip");
        assert!(files::backup(&at(&new), &file).await.is_ok());
        assert!(files::restore(&at(&back), &file).await.is_ok());
        is_closed(&back);
    }

    #[test]
    fn a_folder_that_is_not_ours_stays_open() {
        let folder = tempfile::tempdir().unwrap();
        set_mode(folder.path(), 0o755);
        close(folder.path());
        assert_eq!(mode(folder.path()), 0o755);
        fs::write(folder.path().join("hawser.db"), "").unwrap();
        set_mode(folder.path(), 0o1777);
        close(folder.path());
        assert_eq!(mode(folder.path()), 0o777);
    }
}
