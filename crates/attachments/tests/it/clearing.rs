//! What no file needs goes away; what a file needs and is not there is told.

use attachments::Fault;
use db::db_tests;

use crate::{HERE, JPEG, Store, later, person};

db_tests! {
    async fn bytes_that_no_file_needs_go_after_thirty_days(db: Db) {
        let store = Store::of(&db);
        let added = store.add(&person(), &HERE, "1.jpg", JPEG).await.unwrap();
        assert_eq!(store.all.clear(later(400).now).await.unwrap(), 0);
        store.remove(&later(400), &added).await.unwrap();
        assert_eq!(store.all.clear(later(429).now).await.unwrap(), 0);
        assert_eq!(store.on_disk().len(), 1);
        assert_eq!(store.all.clear(later(431).now).await.unwrap(), 1);
        assert!(store.on_disk().is_empty());
    }

    async fn bytes_that_another_file_needs_stay(db: Db) {
        let store = Store::of(&db);
        let one = store.add(&person(), &HERE, "1.jpg", JPEG).await.unwrap();
        store.add(&person(), &HERE, "2.jpg", JPEG).await.unwrap();
        store.remove(&person(), &one).await.unwrap();
        assert_eq!(store.all.clear(later(100).now).await.unwrap(), 0);
        assert!(store.all.missing().await.unwrap().is_empty());
    }

    async fn whoever_adds_the_same_bytes_while_they_are_cleared_keeps_them(db: Db) {
        let store = Store::of(&db);
        // Years ago: what arrives now must not look as if it had been arriving for days.
        for round in -20..-15 {
            let added = store.add(&later(round * 100), &HERE, "1.jpg", JPEG).await.unwrap();
            store.remove(&later(round * 100), &added).await.unwrap();
            let actor = later(round * 100 + 50);
            let (cleared, again) = tokio::join!(store.all.clear(actor.now), store.add(&actor, &HERE, "2.jpg", JPEG));
            cleared.unwrap();
            again.unwrap();
            assert!(store.all.missing().await.unwrap().is_empty(), "round {round}");
        }
    }

    async fn bytes_of_an_act_that_was_undone_are_found_and_go_too(db: Db) {
        let store = Store::of(&db);
        let received = store.receive("1.jpg", JPEG).await.unwrap();
        let tx = db.begin().await.unwrap();
        store.all.add(&tx, &person(), &HERE, received).await.unwrap();
        tx.rollback().await.unwrap();
        // The files on the disk carry today's time, so the clock of the test starts after it.
        let now = base::now();
        let after = |days| now + chrono::Duration::days(days);
        assert_eq!(store.all.clear(after(2)).await.unwrap(), 0);
        assert_eq!(store.all.clear(after(31)).await.unwrap(), 0);
        assert_eq!(store.all.clear(after(33)).await.unwrap(), 1);
        assert!(store.on_disk().is_empty());
    }

    async fn a_file_whose_bytes_are_gone_or_others_is_told(db: Db) {
        let store = Store::of(&db);
        let gone = store.add(&person(), &HERE, "1.jpg", JPEG).await.unwrap();
        let changed = store.add(&person(), &HERE, "2.gif", b"GIF89a..").await.unwrap();
        assert!(store.all.missing().await.unwrap().is_empty());
        let path = |sha: &str| store.folder.path().join("attachments").join(&sha[..2]).join(&sha[2..]);
        std::fs::remove_file(path(&gone.sha256)).unwrap();
        std::fs::write(path(&changed.sha256), "GIF89a,,").unwrap();
        let mut told: Vec<_> = store.all.missing().await.unwrap().into_iter().map(|one| (one.files[0].name.clone(), one.fault)).collect();
        told.sort_by(|one, other| one.0.cmp(&other.0));
        assert_eq!(told, [("1.jpg".to_owned(), Fault::Gone), ("2.gif".to_owned(), Fault::Changed)]);
        assert!(store.all.open(&gone).await.is_err());
    }
}
