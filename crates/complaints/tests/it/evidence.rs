//! What is kept as evidence of a complaint, and who may have it.

use std::sync::Arc;

use attachments::Attachments;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::{Extension, Router};
use base::{Actor, Language, Scope};
use complaints::{Complaints, Desk};
use db::{Db, db_tests};
use tempfile::TempDir;
use texts::Texts;
use tower::ServiceExt;
use web::{Preferences, Shell};

use crate::{chen, logged, person};

const JPEG: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 what a camera saw";

/// Pages and API with a folder for evidence that goes away with the test.
pub struct Office {
    folder: TempDir,
    db: Db,
}

pub struct Said {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Said {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

impl Office {
    pub fn of(db: &Db) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), db: db.clone() }
    }

    pub fn complaints(&self) -> Complaints {
        let reader = exchange::Reader::new(vec![env!("CARGO_BIN_EXE_complaints_reader").into()]);
        let attachments = Attachments::new(self.db.clone(), self.folder.path());
        Complaints::new(self.db.clone()).with(Desk { attachments, reader })
    }

    pub fn app(&self, actor: &Actor, language: Language) -> Router {
        let locales = [
            web::locales(),
            exchange::locales(),
            customers::module(customers::Customers::new(self.db.clone())).locales.unwrap(),
            calendar::module(calendar::Calendars::new(self.db.clone())).locales.unwrap(),
            attachments::module(Attachments::new(self.db.clone(), self.folder.path())).locales.unwrap(),
            complaints::module(self.complaints()).locales.unwrap(),
        ];
        let shell = Arc::new(Shell { texts: Texts::load(locales).unwrap().into(), menu: Vec::new() });
        complaints::module(self.complaints())
            .routes
            .into_router()
            .layer(axum::middleware::from_fn(web::faces::give_faces))
            .layer(Extension(actor.clone()))
            .layer(Extension(shell))
            .layer(Extension(Preferences { language, ..Preferences::default() }))
    }

    pub async fn ask(&self, actor: &Actor, request: Request<Body>) -> Said {
        self.ask_in(actor, Language::Chinese, request).await
    }

    pub async fn ask_in(&self, actor: &Actor, language: Language, request: Request<Body>) -> Said {
        let response = self.app(actor, language).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Said { status: parts.status, headers: parts.headers, bytes: to_bytes(body, 1 << 24).await.unwrap() }
    }

    pub async fn get(&self, actor: &Actor, path: &str) -> Said {
        self.ask(actor, Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub fn files_on_disk(&self) -> usize {
        let folders = std::fs::read_dir(self.folder.path().join("attachments"));
        folders.map(|all| all.map(|one| std::fs::read_dir(one.unwrap().path()).unwrap().count()).sum()).unwrap_or(0)
    }
}

/// As a browser sends it.
pub fn upload(path: &str, name: &str, bytes: &[u8]) -> Request<Body> {
    let mut body = Vec::new();
    let name = name.replace('"', "%22");
    body.extend(format!("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").bytes());
    body.extend(bytes);
    body.extend(b"\r\n--cut--\r\n");
    Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut").body(body.into()).unwrap()
}

/// A body of so many megabytes, made while it is sent.
fn flood(path: &str, megabytes: usize) -> Request<Body> {
    let piece = Bytes::from(vec![b'x'; 1 << 20]);
    let pieces = futures::stream::iter(std::iter::repeat_n(piece, megabytes).map(Ok::<_, std::io::Error>));
    Request::post(path).body(Body::from_stream(pieces)).unwrap()
}

fn press(path: &str) -> Request<Body> {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    request.body(Body::from("csrf=x")).unwrap()
}

async fn names(office: &Office, id: &complaints::ComplaintId) -> Vec<String> {
    let files = office.complaints().files(&chen(), id).await.unwrap();
    files.into_iter().map(|file| file.name).collect()
}

db_tests! {
    async fn a_photo_of_the_damage_is_added_read_and_taken_away_and_the_history_keeps_all_of_it(db: Db) {
        let (_, complaint) = logged(&db).await;
        let (office, id) = (Office::of(&db), complaint.id.clone());
        let path = format!("/complaints/{id}/files");
        let added = office.ask(&chen(), upload(&path, "破损.jpg", JPEG)).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
        let page = office.get(&chen(), &format!("/complaints/{id}")).await.text();
        assert!(page.contains("破损.jpg") && page.contains("添加附件"), "{page}");
        let file = office.complaints().files(&chen(), &id).await.unwrap().remove(0);
        let one = format!("{path}/{}", file.id);
        let got = office.get(&chen(), &one).await;
        assert_eq!((got.status, &got.bytes[..]), (StatusCode::OK, JPEG));
        assert!(got.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        assert_eq!(got.headers["x-content-type-options"], "nosniff");
        let gone = office.ask(&chen(), press(&format!("{one}/remove"))).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        assert_eq!(office.ask(&chen(), press(&format!("{one}/remove"))).await.status, StatusCode::NOT_FOUND);
        assert_eq!(office.get(&chen(), &one).await.status, StatusCode::NOT_FOUND);
        let file = office.complaints().file(&chen(), &id).await.unwrap();
        let lines: Vec<_> = file.entries.iter().map(|line| (line.kind.word(), line.text.as_str())).collect();
        assert_eq!(lines, [("file_removed", "破损.jpg"), ("file_added", "破损.jpg"), ("logged", "")]);
        assert_eq!(file.complaint.version, complaint.version, "a photo disturbs nobody who fills a form");
    }

    async fn what_may_not_be_evidence_is_refused_with_a_sentence_and_leaves_nothing(db: Db) {
        let (_, complaint) = logged(&db).await;
        let office = Office::of(&db);
        let path = format!("/complaints/{}/files", complaint.id);
        let refused: [(&str, &[u8], &str); 5] = [
            ("破损.jpg", b"%PDF-1.7\n1 0 obj\n", "文件名以 .jpg 结尾，内容却是 pdf"),
            ("page.html", b"<!doctype html><script>alert(1)</script>", "这是网页或 SVG 图形"),
            ("photo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "这是网页或 SVG 图形"),
            ("run.jpg", b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff", "这是程序文件"),
            ("empty.jpg", b"", "文件是空的"),
        ];
        for (name, bytes, why) in refused {
            let said = office.ask(&chen(), upload(&path, name, bytes)).await;
            assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            assert!(said.text().contains(why), "{name}: {}", said.text());
            let api = format!("/api/v1{path}?name={name}");
            let api = Request::post(api).body(Body::from(bytes)).unwrap();
            assert_eq!(office.ask(&chen(), api).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        }
        assert_eq!((names(&office, &complaint.id).await.len(), office.files_on_disk()), (0, 0));
        assert_eq!(office.complaints().file(&chen(), &complaint.id).await.unwrap().entries.len(), 1);
    }

    async fn names_are_only_ever_shown(db: Db) {
        let (_, complaint) = logged(&db).await;
        let office = Office::of(&db);
        let path = format!("/complaints/{}/files", complaint.id);
        let long = format!("{}.jpg", "很".repeat(400));
        for (path, name) in [(path.clone(), "a\0b.jpg"), (format!("/api/v1{path}?name=a%00b.jpg"), "a.jpg")] {
            let said = office.ask(&chen(), upload(&path, name, JPEG)).await;
            assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY, "{name:?}: {}", said.text());
        }
        for name in ["../../../etc/passwd.jpg", "<img src=x onerror=alert(1)>.jpg", long.as_str()] {
            let said = office.ask(&chen(), upload(&path, name, JPEG)).await;
            assert_eq!(said.status, StatusCode::SEE_OTHER, "{name}");
        }
        let kept = names(&office, &complaint.id).await;
        for name in ["passwd.jpg", "<img src=x onerror=alert(1)>.jpg"] {
            assert!(kept.iter().any(|one| one == name), "{kept:?}");
        }
        assert!(kept.len() == 3 && kept.iter().any(|one| one.chars().count() == 200), "{kept:?}");
        let page = office.get(&chen(), &format!("/complaints/{}", complaint.id)).await.text();
        assert!(!page.contains("<img src=x"), "a name is text");
    }

    async fn a_file_of_500_mb_gets_its_sentence_and_the_complaint_stays_as_it_was(db: Db) {
        let (_, complaint) = logged(&db).await;
        let office = Office::of(&db);
        let before = std::time::Instant::now();
        let said = office.ask(&chen(), flood(&format!("/api/v1/complaints/{}/files?name=a.mp4", complaint.id), 500)).await;
        assert_eq!(said.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(said.text().contains("20"), "{}", said.text());
        assert!(before.elapsed().as_secs() < 10, "{:?}", before.elapsed());
        assert_eq!((names(&office, &complaint.id).await.len(), office.files_on_disk()), (0, 0));
    }

    async fn the_evidence_of_somebody_elses_customer_does_not_exist(db: Db) {
        let (_, complaint) = logged(&db).await;
        let (office, zhang) = (Office::of(&db), person("zhang", Scope::Own));
        let path = format!("/complaints/{}/files", complaint.id);
        office.ask(&chen(), upload(&path, "a.jpg", JPEG)).await;
        let file = office.complaints().files(&chen(), &complaint.id).await.unwrap().remove(0).id;
        let api = format!("/api/v1{path}");
        for one in [format!("{path}/{file}"), format!("{api}/{file}"), api.clone()] {
            assert_eq!(office.get(&zhang, &one).await.status, StatusCode::NOT_FOUND, "{one}");
        }
        assert_eq!(office.ask(&zhang, upload(&path, "b.jpg", JPEG)).await.status, StatusCode::NOT_FOUND);
        let remove = Request::delete(format!("{api}/{file}")).body(Body::empty()).unwrap();
        assert_eq!(office.ask(&zhang, remove).await.status, StatusCode::NOT_FOUND);
        // Nor by way of a complaint that one does see.
        let own = crate::customer(&db, &zhang, "明为公司").await;
        let draft = complaints::samples::draft(&own, &crate::service());
        let own = office.complaints().log(&zhang, draft).await.unwrap();
        assert_eq!(office.get(&zhang, &format!("/complaints/{}/files/{file}", own.id)).await.status, StatusCode::NOT_FOUND);
        assert_eq!(names(&office, &complaint.id).await, ["a.jpg"]);
        assert_eq!(office.files_on_disk(), 1);
    }

    async fn whoever_logs_complaints_adds_files_and_only_who_handles_them_takes_one_away(db: Db) {
        let (_, complaint) = logged(&db).await;
        let office = Office::of(&db);
        let mut rep = person("zhang", Scope::All);
        rep.permissions.remove(&complaints::HANDLE);
        let path = format!("/complaints/{}/files", complaint.id);
        assert_eq!(office.ask(&rep, upload(&path, "a.jpg", JPEG)).await.status, StatusCode::SEE_OTHER);
        let file = office.complaints().files(&rep, &complaint.id).await.unwrap().remove(0).id;
        assert_eq!(office.ask(&rep, press(&format!("{path}/{file}/remove"))).await.status, StatusCode::FORBIDDEN);
        let page = office.get(&rep, &format!("/complaints/{}", complaint.id)).await.text();
        assert!(page.contains("type=\"file\"") && !page.contains("/remove\""), "{page}");
        let reader = Actor { permissions: [(complaints::VIEW, Scope::All), (customers::VIEW, Scope::All)].into(), ..chen() };
        assert_eq!(office.ask(&reader, upload(&path, "a.jpg", JPEG)).await.status, StatusCode::FORBIDDEN);
        assert_eq!(office.get(&reader, &format!("{path}/{file}")).await.status, StatusCode::OK);
    }
}
