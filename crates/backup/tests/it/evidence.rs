//! Files behind attachments travel with their rows.

use attachments::{Attachments, Holder};
use axum::body::Body;
use axum::http::Request;
use db::{Db, db_tests};

use crate::forged::Forgery;
use crate::{Place, actor, key_of};

const PHOTO: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 what a camera saw";

/// Adds a photo and a text as dense as a bomb.
async fn add_evidence(place: &Place, db: &Db) {
    let all = Attachments::new(db.clone(), &place.path("data"));
    for (name, bytes) in [("破损.jpg", PHOTO.to_vec()), ("签收.txt", vec![b'0'; 3 << 20])] {
        let request = Request::post("/files").body(Body::from(bytes)).unwrap();
        let received = all.receive(&actor(), request, name).await.unwrap();
        let tx = db.begin().await.unwrap();
        let holder = Holder { object: "complaint", object_id: "c-1", customer: None };
        all.add(&tx, &actor(), &holder, received).await.unwrap();
        db.commit(tx).await.unwrap();
    }
}

async fn evidence_is_back(place: &Place, file: &std::path::Path, target: &Db) {
    let told = place.restore(file, target).await.unwrap();
    assert_eq!((told.evidence.len(), told.evidence_missing), (2, 0));
    let all = Attachments::new(target.clone(), &place.path("restored"));
    assert!(all.missing().await.unwrap().is_empty());
    let files = all.of(target.read(), "complaint", "c-1").await.unwrap();
    let mut names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["破损.jpg", "签收.txt"]);
    let photo = files.iter().find(|file| file.name == "破损.jpg").unwrap();
    let body = all.open(photo).await.unwrap().into_body();
    assert_eq!(&axum::body::to_bytes(body, 1 << 20).await.unwrap()[..], PHOTO);
}

fn blobs_of(place: &Place, data: &str) -> usize {
    let folders = std::fs::read_dir(place.path(data).join("attachments")).into_iter().flatten();
    let in_it = |folder: std::fs::DirEntry| std::fs::read_dir(folder.path()).unwrap().count();
    folders.map(|folder| in_it(folder.unwrap())).sum()
}

db_tests! {
    async fn evidence_comes_back_in_sqlite(db: Db) {
        let place = Place::new();
        add_evidence(&place, &db).await;
        let file = place.backup(&db).await;
        evidence_is_back(&place, &file, &place.empty("new").await).await;
    }

    async fn evidence_comes_back_in_postgres(db: Db) {
        let place = Place::new();
        add_evidence(&place, &db).await;
        let file = place.backup(&db).await;
        let body = |target| async move { evidence_is_back(&place, &file, &target).await };
        db::testing::on_postgres(|_| async { Ok(()) }, body).await;
    }

    async fn a_file_that_is_gone_or_damaged_does_not_stop_the_backup_and_is_counted(db: Db) {
        let place = Place::new();
        add_evidence(&place, &db).await;
        let all = Attachments::new(db.clone(), &place.path("data"));
        let photo = all.of(db.read(), "complaint", "c-1").await.unwrap().into_iter().find(|file| file.name == "破损.jpg").unwrap();
        let path = place.path("data").join("attachments").join(&photo.sha256[..2]).join(&photo.sha256[2..]);
        std::fs::write(path, "another").unwrap();
        let file = place.backup(&db).await;
        let told = place.restore(&file, &place.empty("new").await).await.unwrap();
        assert_eq!((told.evidence.len(), told.evidence_missing), (1, 1));
    }
}

#[tokio::test]
async fn other_bytes_under_the_hash_of_evidence_are_damage_and_nothing_is_restored() {
    let place = Place::new();
    let db = place.empty("source").await;
    migrations::run(&db).await.unwrap();
    add_evidence(&place, &db).await;
    let file = place.backup(&db).await;
    let mut forgery = Forgery::of(&file);
    let name =
        forgery.entries.iter().map(|(name, _)| name.clone()).find(|name| name.starts_with("attachments/")).unwrap();
    let bytes = forgery.bytes(&name);
    bytes[9] ^= 1;
    let forged = place.path("forged.zip");
    forgery.save(&forged);
    let target = place.empty("target").await;
    assert_eq!(key_of(place.restore(&forged, &target).await.unwrap_err()), "backup-damaged");
    assert!(backup::counts(&target).await.unwrap().is_empty());
    assert_eq!(blobs_of(&place, "restored"), 0);
}

#[tokio::test]
async fn a_restore_that_is_refused_by_a_full_database_brings_no_file() {
    let place = Place::new();
    let db = place.empty("source").await;
    migrations::run(&db).await.unwrap();
    add_evidence(&place, &db).await;
    let file = place.backup(&db).await;
    assert_eq!(key_of(place.restore(&file, &db).await.unwrap_err()), "backup-not_empty");
    assert_eq!(blobs_of(&place, "restored"), 0);
}
