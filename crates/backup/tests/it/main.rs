//! Real databases into real files and back.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod evidence;
mod filled;
mod forged;
mod refused;
mod whole;

use std::path::{Path, PathBuf};

use backup::Manifest;
use base::{Actor, Error, Instant};
use db::{Db, Location};

fn now() -> Instant {
    "2026-11-23T08:00:00.000001Z".parse().unwrap()
}

fn actor() -> Actor {
    Actor::system("test", now())
}

/// A folder of its own with a data folder in it, whose key is there.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        std::fs::write(folder.path().join("data/secret.key"), "07".repeat(32)).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn backup(&self, db: &Db) -> PathBuf {
        let out = self.path("backup.zip");
        backup::create(db, &self.path("data"), &out, now()).await.unwrap();
        out
    }

    /// A database that does not exist yet.
    async fn empty(&self, name: &str) -> Db {
        Db::connect(&Location::Sqlite(self.path(name).join("hawser.db"))).await.unwrap()
    }

    async fn restore(&self, file: &Path, db: &Db) -> Result<Manifest, Error> {
        backup::restore(file, db, &self.path("restored")).await
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn key_of(error: Error) -> String {
    error.message().key
}
