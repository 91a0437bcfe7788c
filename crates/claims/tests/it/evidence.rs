//! Evidence: what may be one, who reads it, and that it is handed out to be saved only.

use attachments::AttachmentId;
use axum::body::{Body, Bytes};
use axum::http::{Request, header};
use axum::response::Response;
use base::{Actor, Error, Scope};
use claims::ClaimId;
use claims::claim::Model;
use claims::entry::EntryKind;
use db::db_tests;

use crate::{House, chen, person, why, without};

const JPEG: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 what a camera saw";

fn file(bytes: &'static [u8]) -> Request<Body> {
    Request::post("/files").body(Body::from(bytes)).unwrap()
}

/// A body that is made while it is sent.
fn stream_of(megabytes: usize) -> Request<Body> {
    let piece = Bytes::from(vec![b'x'; 1 << 20]);
    let pieces = futures::stream::iter(std::iter::repeat_n(piece, megabytes).map(Ok::<_, std::io::Error>));
    Request::post("/files").body(Body::from_stream(pieces)).unwrap()
}

async fn add(house: &House, actor: &Actor, id: &ClaimId, name: &str) -> Result<AttachmentId, Error> {
    house.claims.add_file(actor, id, file(JPEG), name).await.map(|file| file.id)
}

fn header_of(response: &Response, name: header::HeaderName) -> String {
    response.headers()[name].to_str().unwrap().to_owned()
}

async fn names(house: &House, claim: &Model) -> Vec<String> {
    let files = house.claims.files(&chen(), &claim.id).await.unwrap();
    files.into_iter().map(|file| file.name).collect()
}

db_tests! {
    async fn a_photo_is_added_saved_and_taken_away_and_the_history_tells_all_of_it(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("1000").await;
        let photo = add(&house, &chen(), &claim.id, "破损.jpg").await.unwrap();
        assert_eq!(names(&house, &claim).await, ["破损.jpg"]);
        let saved = house.claims.open_file(&chen(), &claim.id, &photo).await.unwrap();
        assert!(header_of(&saved, header::CONTENT_DISPOSITION).starts_with("attachment;"));
        assert_eq!(header_of(&saved, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        let rep = without(&chen(), claims::HANDLE);
        assert_eq!(why(house.claims.remove_file(&rep, &claim.id, &photo).await), "forbidden");
        house.claims.remove_file(&chen(), &claim.id, &photo).await.unwrap();
        assert_eq!(why(house.claims.open_file(&chen(), &claim.id, &photo).await.map(drop)), "not_found");
        let lines = house.claims.file(&chen(), &claim.id).await.unwrap().entries;
        let kinds: Vec<_> = lines.iter().map(|line| line.kind).collect();
        assert_eq!(kinds, [EntryKind::FileRemoved, EntryKind::FileAdded, EntryKind::Raised]);
    }

    async fn a_file_that_is_too_large_or_no_evidence_is_turned_away_with_a_sentence(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("1000").await;
        let large = house.claims.add_file(&chen(), &claim.id, stream_of(500), "a.jpg").await;
        assert_eq!(why(large), "attachment-file_too_large");
        let page = house.claims.add_file(&chen(), &claim.id, file(b"<svg onload=alert(1)/>"), "a.svg").await;
        assert_eq!(why(page), "attachment-web_page");
        assert_eq!(names(&house, &claim).await, Vec::<String>::new());
    }

    async fn evidence_is_for_those_who_reach_the_customer(db: Db) {
        let house = House::of(&db).await;
        let (claim, other) = (house.raised("1000").await, house.raised("10").await);
        let photo = add(&house, &chen(), &claim.id, "a.jpg").await.unwrap();
        let zhang = person("zhang", Scope::Own);
        assert_eq!(why(house.claims.open_file(&zhang, &claim.id, &photo).await.map(drop)), "not_found");
        assert_eq!(why(add(&house, &zhang, &claim.id, "b.jpg").await), "not_found");
        assert_eq!(why(house.claims.files(&zhang, &claim.id).await), "not_found");
        let strange = house.claims.open_file(&chen(), &other.id, &photo).await.map(drop);
        assert_eq!(why(strange), "not_found", "a file of another claim");
        house.claims.withdraw(&chen(), &claim.id, 1, "不要了").await.unwrap();
        assert_eq!(why(add(&house, &chen(), &claim.id, "c.jpg").await), "claim-closed");
        assert_eq!(why(house.claims.remove_file(&chen(), &claim.id, &photo).await), "claim-closed");
    }
}
