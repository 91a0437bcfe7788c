//! Numbers without a gap, whoever writes at the same time.

use complaints::{ComplaintId, samples, store};
use db::db_tests;

use crate::{chen, customer, logged, service, when, with_department};

db_tests! {
    async fn twenty_people_at_the_same_time_get_the_numbers_1_to_20(db: Db) {
        let complaints = with_department(&db).await;
        let customer = customer(&db, &chen(), "红木家具厂").await;
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let (complaints, draft) = (complaints.clone(), samples::draft(&customer, &service()));
                tokio::spawn(async move { complaints.log(&chen(), draft).await.unwrap().number_no })
            })
            .collect();
        let mut numbers = Vec::new();
        for task in tasks {
            numbers.push(task.await.unwrap());
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=20).collect::<Vec<i64>>());
    }

    async fn a_complaint_that_is_not_written_leaves_no_gap(db: Db) {
        let (complaints, first) = logged(&db).await;
        assert_eq!(first.number, "客服-2026-0001");
        let tx = db.begin().await.unwrap();
        let lost = complaints::log_in(&tx, &chen(), samples::draft(&first.customer_id, &service())).await.unwrap();
        assert_eq!(lost.number, "客服-2026-0002");
        tx.rollback().await.unwrap();
        let next = complaints.log(&chen(), samples::draft(&first.customer_id, &service())).await.unwrap();
        assert_eq!(next.number, "客服-2026-0002");
    }

    async fn each_year_begins_at_1(db: Db) {
        let (complaints, first) = logged(&db).await;
        let new_year = when(&chen(), "2026-12-31T16:00:00Z");
        let draft = samples::draft(&first.customer_id, &service());
        assert_eq!(complaints.log(&new_year, draft).await.unwrap().number, "客服-2027-0001");
    }

    async fn what_the_customer_said_never_changes(db: Db) {
        let (_, complaint) = logged(&db).await;
        let mut changed = complaint.clone();
        changed.words = "没有投诉".into();
        changed.wish = "没有要求".into();
        changed.number = "客服-2026-9999".into();
        changed.version = 2;
        let tx = db.begin().await.unwrap();
        store::save(&tx, &changed, 1).await.unwrap();
        db.commit(tx).await.unwrap();
        let stored = store::get(db.read(), &chen(), complaints::VIEW, &complaint.id).await.unwrap();
        assert_eq!((stored.words, stored.wish, stored.number), (complaint.words, complaint.wish, complaint.number));
        assert_eq!(stored.version, 2);
    }

    async fn the_one_that_nobody_has_is_not_found(db: Db) {
        let complaints = with_department(&db).await;
        for id in ["0190-unknown", "a\0b"] {
            let found = complaints.file(&chen(), &ComplaintId(id.into())).await;
            assert!(matches!(found, Err(base::Error::NotFound)));
        }
    }
}
