//! What is kept, shown and taken away.

use attachments::{AttachmentId, Holder};
use axum::http::header;
use base::Error;
use db::{db_tests, settings};
use serde_json::json;

use crate::{HERE, JPEG, Store, key_of, person};

db_tests! {
    async fn the_same_bytes_twice_are_stored_once(db: Db) {
        let store = Store::of(&db);
        store.add(&person(), &HERE, "前.jpg", JPEG).await.unwrap();
        let other = Holder { object: "claim", object_id: "k-1", customer: None };
        store.add(&person(), &other, "后.jpg", JPEG).await.unwrap();
        assert_eq!(store.on_disk().len(), 1);
        assert_eq!(store.names().await, ["前.jpg"]);
    }

    async fn two_people_add_the_same_bytes_at_once(db: Db) {
        let store = Store::of(&db);
        let actor = person();
        let (one, two) = tokio::join!(store.add(&actor, &HERE, "1.jpg", JPEG), store.add(&actor, &HERE, "2.jpg", JPEG));
        one.unwrap();
        two.unwrap();
        let mut names = store.names().await;
        names.sort();
        assert_eq!((names, store.on_disk().len()), (vec!["1.jpg".to_owned(), "2.jpg".to_owned()], 1));
        assert!(store.all.missing().await.unwrap().is_empty());
    }

    async fn two_who_want_the_last_place_do_not_both_get_it(db: Db) {
        let store = Store::of(&db);
        let tx = db.begin().await.unwrap();
        settings::put(&tx, &person(), "attachments", &json!({"most_files": 1})).await.unwrap();
        db.commit(tx).await.unwrap();
        let actor = person();
        let both = tokio::join!(store.add(&actor, &HERE, "1.jpg", JPEG), store.add(&actor, &HERE, "2.gif", b"GIF89a.."));
        let errors = [both.0.err(), both.1.err()].into_iter().flatten().map(|error| key_of(&error)).collect::<Vec<_>>();
        assert_eq!((errors, store.names().await.len()), (vec!["attachment-too_many".to_owned()], 1));
    }

    async fn an_act_that_is_undone_leaves_no_record(db: Db) {
        let store = Store::of(&db);
        let received = store.receive("1.jpg", JPEG).await.unwrap();
        let tx = db.begin().await.unwrap();
        store.all.add(&tx, &person(), &HERE, received).await.unwrap();
        tx.rollback().await.unwrap();
        assert!(store.names().await.is_empty());
        assert!(store.all.counts(db.read(), "complaint", &["c-1".into()]).await.unwrap().is_empty());
        // Its bytes have their name already; the same file again stands on them.
        assert_eq!(store.on_disk().len(), 1);
        store.add(&person(), &HERE, "1.jpg", JPEG).await.unwrap();
        assert_eq!((store.names().await.len(), store.on_disk().len()), (1, 1));
    }

    async fn whoever_is_killed_before_the_name_is_given_leaves_no_record(db: Db) {
        let store = Store::of(&db);
        let received = store.receive("1.jpg", JPEG).await.unwrap();
        // The folder refuses the name, as a disk that went away does.
        let folder = store.folder.path().join("attachments").join(&received.sha256[..2]);
        std::fs::write(&folder, "in the way").unwrap();
        let tx = db.begin().await.unwrap();
        assert!(matches!(store.all.add(&tx, &person(), &HERE, received).await, Err(Error::Unavailable(_))));
        drop(tx);
        assert!(store.names().await.is_empty());
    }

    async fn a_file_is_only_found_where_it_was_added(db: Db) {
        let store = Store::of(&db);
        let added = store.add(&person(), &HERE, "1.jpg", JPEG).await.unwrap();
        assert_eq!(store.all.get(db.read(), "complaint", "c-1", &added.id).await.unwrap(), added);
        for (object, id, file) in [("complaint", "c-2", &added.id), ("claim", "c-1", &added.id), ("complaint", "c-1", &AttachmentId("x".into()))] {
            assert!(matches!(store.all.get(db.read(), object, id, file).await, Err(Error::NotFound)));
        }
        assert_eq!(store.all.counts(db.read(), "complaint", &["c-1".into(), "c-2".into()]).await.unwrap(), [("c-1".to_owned(), 1)].into());
    }

    async fn a_file_is_handed_out_to_be_saved_and_never_to_be_run(db: Db) {
        let store = Store::of(&db);
        let added = store.add(&person(), &HERE, "破损\u{202e}\".jpg", JPEG).await.unwrap();
        let response = store.all.open(&added).await.unwrap();
        let said = |name| response.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(said(header::CONTENT_TYPE), "image/jpeg");
        assert!(said(header::CONTENT_DISPOSITION).starts_with("attachment; filename=\"__"), "{}", said(header::CONTENT_DISPOSITION));
        assert!(said(header::CONTENT_DISPOSITION).contains("filename*=UTF-8''%E7%A0%B4%E6%8D%9F"));
        assert_eq!(said(header::CONTENT_SECURITY_POLICY), "sandbox; default-src 'none'");
        assert_eq!(said(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(said(header::CACHE_CONTROL), "private, no-store");
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        assert_eq!(&body[..], JPEG);
    }

    async fn a_removed_file_is_gone_for_everybody_but_the_audit(db: Db) {
        let store = Store::of(&db);
        let added = store.add(&person(), &HERE, "1.jpg", JPEG).await.unwrap();
        store.remove(&person(), &added).await.unwrap();
        assert!(store.names().await.is_empty());
        assert!(matches!(store.remove(&person(), &added).await, Err(Error::NotFound)));
        let audit = db::audit::latest(db.read(), None, "complaint", 10).await.unwrap();
        let mut acts: Vec<_> = audit.iter().map(|entry| (entry.action.as_str(), entry.detail["name"].as_str().unwrap())).collect();
        acts.sort_unstable();
        assert_eq!(acts, [("attachment.added", "1.jpg"), ("attachment.removed", "1.jpg")]);
    }
}
