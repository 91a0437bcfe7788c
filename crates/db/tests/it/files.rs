//! Who may read the embedded database.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use db::{Db, Location};

use crate::write_audit;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// A folder that does not exist yet.
fn folder(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("hawser_files_{name}_{}", std::process::id()))
}

async fn open(file: &Path) -> Db {
    let db = Db::connect(&Location::Sqlite(file.into())).await.unwrap();
    migrations::run(&db).await.unwrap();
    db
}

fn names() -> [&'static str; 3] {
    ["hawser.db", "hawser.db-wal", "hawser.db-shm"]
}

#[tokio::test]
async fn a_new_database_is_for_its_owner_only() {
    let folder = folder("new");
    let db = open(&folder.join("hawser.db")).await;
    write_audit(&db, "a").await;
    assert_eq!(mode(&folder), 0o700);
    for name in names() {
        assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
    }
    db.close().await.unwrap();
    fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_database_that_others_could_read_is_closed_to_them_with_its_log() {
    let folder = folder("old");
    let first = open(&folder.join("hawser.db")).await;
    write_audit(&first, "a").await;
    set_mode(&folder, 0o755);
    names().iter().for_each(|name| set_mode(&folder.join(name), 0o644));
    let second = open(&folder.join("hawser.db")).await;
    for name in names() {
        assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
    }
    // The folder of a database may be anybody's; the data folder is closed by who knows that it is ours.
    assert_eq!(mode(&folder), 0o755);
    second.close().await.unwrap();
    first.close().await.unwrap();
    fs::remove_dir_all(folder).unwrap();
}
