//! What somebody with access to the database may try, and what is then seen.

use base::Actor;
use chrono::Duration;
use db::{Db, audit, db_tests};
use serde_json::json;

use crate::{clerk, execute, monday, write_audit};

async fn sealed(db: &Db, entries: usize) {
    for no in 0..entries {
        write_audit(db, &format!("act.{no}")).await;
    }
    audit::seal(db).await.unwrap();
}

/// The sealing job refuses, and the chain is still told to be broken after it.
async fn stays_broken(db: &Db) -> Option<i64> {
    let before = audit::verify(db.read()).await.unwrap();
    write_audit(db, "user.signed_in").await;
    let refused = audit::seal(db).await.unwrap_err().to_string();
    assert!(refused.contains("audit chain"), "{refused}");
    assert_eq!(audit::verify(db.read()).await.unwrap(), before);
    before.broken_at
}

async fn found(db: &Db, words: &str) -> usize {
    audit::latest(db.read(), None, words, 50).await.unwrap().len()
}

db_tests! {
    async fn a_cut_off_end_is_not_sealed_over(db: Db) {
        sealed(&db, 20).await;
        execute(&db, "delete from audit_entries where sealed_no > 10").await;
        assert_eq!(stays_broken(&db).await, Some(11));
    }

    async fn what_waits_for_its_seal_is_counted_from_the_oldest_on(db: Db) {
        sealed(&db, 2).await;
        let none = audit::waiting(db.read()).await.unwrap();
        assert_eq!(none, audit::Waiting { entries: 0, oldest_at: None });
        for no in 0..2 {
            write_audit(&db, &format!("late.{no}")).await;
        }
        let waiting = audit::waiting(db.read()).await.unwrap();
        let first = audit::latest(db.read(), None, "late.0", 1).await.unwrap().remove(0).at;
        assert_eq!(waiting, audit::Waiting { entries: 2, oldest_at: Some(first) });
    }

    async fn links_taken_out_of_the_chain_are_not_sealed_anew(db: Db) {
        sealed(&db, 9).await;
        execute(&db, "delete from audit_entries where sealed_no = 5").await;
        execute(&db, "update audit_entries set sealed_no = null, hash = null where sealed_no > 4").await;
        assert_eq!(stays_broken(&db).await, Some(5));
    }

    async fn a_whole_chain_taken_away_is_not_begun_anew(db: Db) {
        sealed(&db, 3).await;
        execute(&db, "update audit_entries set sealed_no = null, hash = null").await;
        assert_eq!(stays_broken(&db).await, Some(1));
    }

    async fn an_entry_numbered_before_the_first_is_found(db: Db) {
        sealed(&db, 3).await;
        write_audit(&db, "user.pardoned").await;
        execute(&db, "update audit_entries set sealed_no = 0, hash = 'ff' where sealed_no is null").await;
        assert_eq!(audit::verify(db.read()).await.unwrap().broken_at, Some(0));
        audit::seal(&db).await.unwrap();
        assert_eq!(audit::verify(db.read()).await.unwrap().broken_at, Some(0));
    }

    async fn a_removed_entry_leaves_a_gap_that_is_found(db: Db) {
        sealed(&db, 6).await;
        execute(&db, "delete from audit_entries where sealed_no = 3").await;
        write_audit(&db, "user.signed_in").await;
        audit::seal(&db).await.unwrap();
        assert_eq!(audit::verify(db.read()).await.unwrap().broken_at, Some(3));
    }

    async fn a_link_added_without_the_head_is_found(db: Db) {
        sealed(&db, 3).await;
        write_audit(&db, "user.pardoned").await;
        execute(&db, "update audit_entries set sealed_no = 4, hash = 'ff' where sealed_no is null").await;
        assert_eq!(stays_broken(&db).await, Some(4));
    }

    async fn a_waiting_entry_older_than_the_chain_was_put_in_by_hand(db: Db) {
        sealed(&db, 3).await;
        for (hours, broken_at) in [(23, None), (25, Some(4))] {
            let then = Actor { now: monday() - Duration::hours(hours), ..clerk() };
            let tx = db.begin().await.unwrap();
            audit::record(&tx, &then, "user.pardoned", "user", "1", json!({})).await.unwrap();
            db.commit(tx).await.unwrap();
            assert_eq!(audit::verify(db.read()).await.unwrap().broken_at, broken_at, "{hours} hours");
        }
    }

    async fn a_search_takes_its_words_as_they_are(db: Db) {
        for action in ["rate.100%", "rate_1000", "rate!", "rate.changed"] {
            write_audit(&db, action).await;
        }
        for (words, entries) in [("%", 1), ("_", 1), ("!", 1), ("rate", 4), ("rate.%", 0), ("", 4)] {
            assert_eq!(found(&db, words).await, entries, "{words}");
        }
    }

    async fn an_endless_search_finds_nothing_and_breaks_nothing(db: Db) {
        write_audit(&db, "rate.changed").await;
        assert_eq!(found(&db, &"a".repeat(60_000)).await, 0);
        assert_eq!(found(&db, &"%".repeat(101)).await, 0);
        assert_eq!(found(&db, &"%".repeat(100)).await, 0);
    }
}
