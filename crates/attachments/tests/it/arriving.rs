//! What comes in.

use std::os::unix::fs::PermissionsExt;

use attachments::{Kind, turned_away};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use db::{db_tests, settings};
use serde_json::json;

use crate::{HERE, JPEG, Store, form, key_of, later, person, stream_of};

db_tests! {
    async fn a_photo_is_kept_by_its_hash_and_only_we_may_read_it(db: Db) {
        let store = Store::of(&db);
        let received = store.receive("../../破损 照片.JPG", JPEG).await.unwrap();
        assert_eq!((received.name.as_str(), received.kind, received.fields["remark"].as_str()), ("破损 照片.JPG", Kind::Jpeg, "破"));
        drop(received);
        assert!(store.on_disk().is_empty(), "what nobody adds goes away");
        let added = store.add(&person(), &HERE, "../../破损 照片.JPG", JPEG).await.unwrap();
        let disk = store.on_disk();
        let [path] = disk.as_slice() else { panic!("{disk:?}") };
        assert!(path.ends_with(&format!("/attachments/{}/{}", &added.sha256[..2], &added.sha256[2..])), "{path}");
        assert_eq!(std::fs::read(path).unwrap(), JPEG);
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        let folder = store.folder.path().join("attachments");
        assert_eq!(std::fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
    }

    async fn what_may_not_be_evidence_is_refused_with_its_reason_and_leaves_nothing(db: Db) {
        let store = Store::of(&db);
        let all: [(&str, &[u8], &str); 11] = [
            ("破损.jpg", b"<!DOCTYPE html><script>alert(1)</script>", "attachment-web_page"),
            ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "attachment-web_page"),
            ("page.html", b"hello", "attachment-name_disagrees"),
            ("invoice.jpg.exe", JPEG, "attachment-name_disagrees"),
            ("setup.pdf", b"MZ\x90\0\x03\0\0\0\xff\xff", "attachment-program"),
            ("all.zip", b"PK\x03\x04\x14\0\0\0../../x", "attachment-archive"),
            ("rows.xlsm", b"PK\x03\x04\x14\0xl/workbook.xml xl/vbaProject.bin", "attachment-macros"),
            ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "attachment-old_office"),
            ("x.bin", b"\x01\x02\x03\x04", "attachment-kind_unknown"),
            ("empty.txt", b"", "attachment-file_empty"),
            ("", b"", "attachment-file_missing"),
        ];
        for (name, bytes, key) in all {
            let error = store.receive(name, bytes).await.unwrap_err();
            assert_eq!(key_of(&error), key, "{name}");
            assert_eq!(turned_away(error).status(), StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert!(store.on_disk().is_empty());
    }

    async fn evidence_of_half_a_gigabyte_is_refused_and_does_not_fill_the_disk(db: Db) {
        let store = Store::of(&db);
        let error = store.all.receive(&person(), stream_of(500), "视频.mp4").await.unwrap_err();
        assert_eq!(key_of(&error), "attachment-file_too_large");
        assert!(format!("{error:?}").contains("20"), "{error:?}");
        assert_eq!(turned_away(error).status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert!(store.on_disk().is_empty());
    }

    async fn the_firm_says_how_large_a_file_may_be_and_how_many_there_are(db: Db) {
        let store = Store::of(&db);
        let tx = db.begin().await.unwrap();
        settings::put(&tx, &person(), "attachments", &json!({"most_megabytes": 1, "most_files": 2})).await.unwrap();
        db.commit(tx).await.unwrap();
        let error = store.all.receive(&person(), stream_of(2), "a.txt").await.unwrap_err();
        assert_eq!(key_of(&error), "attachment-file_too_large");
        for (day, name) in [(0, "1.jpg"), (1, "2.jpg")] {
            store.add(&later(day), &HERE, name, JPEG).await.unwrap();
        }
        let error = store.add(&person(), &HERE, "3.jpg", JPEG).await.unwrap_err();
        assert_eq!(key_of(&error), "attachment-too_many");
        assert_eq!(store.names().await, ["1.jpg", "2.jpg"]);
        let first = store.all.of(db.read(), "complaint", "c-1").await.unwrap().remove(0);
        store.remove(&person(), &first).await.unwrap();
        store.add(&later(2), &HERE, "3.jpg", JPEG).await.unwrap();
        assert_eq!(store.names().await, ["2.jpg", "3.jpg"]);
    }

    async fn a_program_sends_the_file_as_the_whole_body(db: Db) {
        let store = Store::of(&db);
        let body = |bytes: &'static [u8]| Request::post("/files").body(Body::from(bytes)).unwrap();
        let received = store.all.receive(&person(), body(JPEG), "现场").await.unwrap();
        assert_eq!(received.name, "现场.jpg");
        let nameless = store.all.receive(&person(), body(JPEG), "").await.unwrap();
        assert!(nameless.name.len() == 16 && nameless.name.ends_with(".jpg"), "{}", nameless.name);
    }

    async fn a_form_that_breaks_off_is_no_file(db: Db) {
        let store = Store::of(&db);
        let whole = axum::body::to_bytes(form("a.jpg", JPEG).into_body(), 1 << 20).await.unwrap();
        let cut = Body::from(whole.slice(..whole.len() - 20));
        let request = Request::post("/files").header("content-type", "multipart/form-data; boundary=cut").body(cut).unwrap();
        assert_eq!(key_of(&store.all.receive(&person(), request, "").await.unwrap_err()), "attachment-upload_broken");
        assert!(store.on_disk().is_empty());
    }
}
