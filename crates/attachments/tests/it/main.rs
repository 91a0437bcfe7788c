#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod arriving;
mod clearing;
mod keeping;
mod page;

use std::path::Path;

use attachments::attachment::Model;
use attachments::{Attachments, Holder, Received};
use axum::body::{Body, Bytes};
use axum::http::{Request, header};
use base::{Actor, ActorKind, Error, Language, UserId};
use db::Db;

pub const JPEG: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 what a camera saw";
pub const HERE: Holder<'_> = Holder { object: "complaint", object_id: "c-1", customer: None };

/// It is 23 November 2026, noon in Shanghai.
pub fn person() -> Actor {
    Actor {
        kind: ActorKind::User { id: UserId("chen".into()), session: "s".into() },
        name: "陈客服".into(),
        department: None,
        permissions: Default::default(),
        language: Language::Chinese,
        now: "2026-11-23T04:00:00Z".parse().unwrap(),
    }
}

pub fn later(days: i64) -> Actor {
    Actor { now: person().now + chrono::Duration::days(days), ..person() }
}

/// A data folder that goes away with the test.
pub struct Store {
    pub folder: tempfile::TempDir,
    pub all: Attachments,
    pub db: Db,
}

impl Store {
    pub fn of(db: &Db) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { all: Attachments::new(db.clone(), folder.path()), folder, db: db.clone() }
    }

    pub async fn receive(&self, name: &str, bytes: &[u8]) -> Result<Received, Error> {
        self.all.receive(&person(), form(name, bytes), "").await
    }

    pub async fn add(&self, actor: &Actor, holder: &Holder<'_>, name: &str, bytes: &[u8]) -> Result<Model, Error> {
        let received = self.receive(name, bytes).await?;
        let tx = self.db.begin().await?;
        let added = self.all.add(&tx, actor, holder, received).await?;
        self.db.commit(tx).await?;
        Ok(added)
    }

    pub async fn remove(&self, actor: &Actor, file: &Model) -> Result<Model, Error> {
        let tx = self.db.begin().await?;
        let removed = self.all.remove(&tx, actor, &file.object, &file.object_id, &file.id).await?;
        self.db.commit(tx).await?;
        Ok(removed)
    }

    pub async fn names(&self) -> Vec<String> {
        let files = self.all.of(self.db.read(), HERE.object, HERE.object_id).await.unwrap();
        files.into_iter().map(|file| file.name).collect()
    }

    /// Every file below the data folder.
    pub fn on_disk(&self) -> Vec<String> {
        let mut found = Vec::new();
        below(self.folder.path(), &mut found);
        found.sort();
        found
    }
}

fn below(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => below(&path, found),
            false => found.push(path.to_str().unwrap().to_owned()),
        }
    }
}

/// As a browser sends it.
pub fn form(name: &str, bytes: &[u8]) -> Request<Body> {
    let mut body = b"--cut\r\nContent-Disposition: form-data; name=\"remark\"\r\n\r\n\xe7\xa0\xb4\r\n".to_vec();
    let name = name.replace('"', "%22");
    body.extend(format!("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").bytes());
    body.extend(bytes);
    body.extend(b"\r\n--cut--\r\n");
    Request::post("/files").header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut").body(body.into()).unwrap()
}

/// A body that is made while it is sent.
pub fn stream_of(megabytes: usize) -> Request<Body> {
    let piece = Bytes::from(vec![b'x'; 1 << 20]);
    let pieces = futures::stream::iter(std::iter::repeat_n(piece, megabytes).map(Ok::<_, std::io::Error>));
    Request::post("/files").body(Body::from_stream(pieces)).unwrap()
}

pub fn key_of(error: &Error) -> String {
    match error {
        Error::Invalid(problems) => problems[0].message.key.clone(),
        other => other.code().to_owned(),
    }
}
