#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod audit_chain;
mod files;
mod many;

use base::{Actor, Event, Instant};
use chrono::{Duration, TimeZone, Utc};
use db::{Db, audit, db_tests, dialect, jobs, outbox, settings};
use sea_orm::ConnectionTrait;

fn monday() -> Instant {
    Utc.with_ymd_and_hms(2026, 11, 23, 1, 0, 0).unwrap()
}

fn clerk() -> Actor {
    Actor::system("test", monday())
}

async fn write_audit(db: &Db, action: &str) {
    let tx = db.begin().await.unwrap();
    let detail = serde_json::json!({"name": {"before": "明为", "after": "明为公司"}, "a": 1});
    audit::record(&tx, &clerk(), action, "customer", "c1", detail).await.unwrap();
    db.commit(tx).await.unwrap();
}

async fn execute(db: &Db, sql: &str) {
    let tx = db.begin().await.unwrap();
    tx.execute_unprepared(sql).await.unwrap();
    db.commit(tx).await.unwrap();
}

db_tests! {
    async fn an_audit_chain_that_nobody_touched_is_whole(db: Db) {
        for action in ["customer.created", "customer.changed", "customer.changed"] {
            write_audit(&db, action).await;
        }
        assert_eq!(audit::seal(&db).await.unwrap(), 3);
        write_audit(&db, "user.signed_in").await;
        assert_eq!(audit::seal(&db).await.unwrap(), 1);
        assert_eq!(audit::verify(db.read()).await.unwrap(), audit::Verdict { entries: 4, broken_at: None });
    }

    async fn an_edited_audit_entry_is_found(db: Db) {
        for action in ["a", "b", "c"] {
            write_audit(&db, action).await;
        }
        audit::seal(&db).await.unwrap();
        execute(&db, "update audit_entries set actor_name = 'somebody else' where sealed_no = 2").await;
        assert_eq!(audit::verify(db.read()).await.unwrap().broken_at, Some(2));
    }

    async fn a_removed_audit_entry_is_found_even_at_the_end(db: Db) {
        for action in ["a", "b", "c"] {
            write_audit(&db, action).await;
        }
        audit::seal(&db).await.unwrap();
        execute(&db, "delete from audit_entries where sealed_no = 3").await;
        assert_eq!(audit::verify(db.read()).await.unwrap().broken_at, Some(3));
    }

    async fn an_event_is_taken_once(db: Db) {
        let tx = db.begin().await.unwrap();
        outbox::add(&tx, monday(), Event::new("shipments.changed", serde_json::json!({"n": 1}))).await.unwrap();
        db.commit(tx).await.unwrap();
        let waiting = outbox::undelivered(db.read(), monday()).await.unwrap();
        let tx = db.begin().await.unwrap();
        assert!(outbox::take(&tx, &waiting[0].id, monday()).await.unwrap());
        db.commit(tx).await.unwrap();
        let tx = db.begin().await.unwrap();
        assert!(!outbox::take(&tx, &waiting[0].id, monday()).await.unwrap());
        drop(tx);
        assert!(outbox::undelivered(db.read(), monday()).await.unwrap().is_empty());
    }

    async fn an_event_of_an_undone_act_never_happened(db: Db) {
        let tx = db.begin().await.unwrap();
        outbox::add(&tx, monday(), Event::new("x.y", serde_json::Value::Null)).await.unwrap();
        drop(tx);
        assert!(outbox::undelivered(db.read(), monday()).await.unwrap().is_empty());
    }

    async fn a_job_is_held_by_one_node_and_taken_over_when_the_lease_ends(db: Db) {
        let day = Duration::days(1);
        let first = jobs::claim(&db, "nightly", day, monday()).await.unwrap().unwrap();
        assert!(jobs::claim(&db, "nightly", day, monday()).await.unwrap().is_none());
        let busy = monday() + Duration::seconds(20);
        assert!(jobs::renew(&db, &first, busy).await.unwrap());
        assert!(jobs::claim(&db, "nightly", day, monday() + Duration::seconds(45)).await.unwrap().is_none());
        let later = busy + jobs::LEASE;
        let second = jobs::claim(&db, "nightly", day, later).await.unwrap().unwrap();
        assert!(!jobs::renew(&db, &first, later).await.unwrap(), "it is another's now");
        // Who comes back late with the old lease changes nothing.
        jobs::finish(&db, first, later, later + Duration::days(9), None).await.unwrap();
        assert!(jobs::all(&db).await.unwrap()[0].lease_until > later);
        jobs::finish(&db, second, later, later + Duration::days(1), None).await.unwrap();
        assert_eq!(jobs::all(&db).await.unwrap()[0].next_at, later + Duration::days(1));
        assert!(jobs::claim(&db, "nightly", day, later).await.unwrap().is_none());
    }

    async fn a_clock_that_jumps_neither_stops_a_job_nor_runs_it_twice(db: Db) {
        let minute = Duration::minutes(1);
        let mut clock = monday();
        let run = async |clock: Instant| match jobs::claim(&db, "watch", minute, clock).await.unwrap() {
            Some(lease) => jobs::finish(&db, lease, clock, clock + minute, None).await.map(|()| true).unwrap(),
            None => false,
        };
        assert!(run(clock).await);
        assert!(!run(clock + Duration::seconds(59)).await, "once a minute");
        for jump in [Duration::hours(-1), Duration::days(1), Duration::days(365), Duration::days(-365), Duration::seconds(-90)] {
            clock += jump;
            assert!(run(clock).await, "{jump} later it runs");
            assert!(!run(clock).await, "{jump} later it runs once");
        }
        // Who died with a clock a year ahead holds nothing.
        jobs::claim(&db, "watch", minute, clock + Duration::days(365)).await.unwrap().unwrap();
        assert!(run(clock + minute).await);
        for day in ["2027-12-31T23:59:58Z", "2028-02-29T00:00:00Z", "2028-12-31T16:00:00Z"] {
            clock = day.parse().unwrap();
            assert!(run(clock).await && !run(clock + Duration::seconds(3)).await, "{day}");
        }
    }

    async fn an_event_written_before_the_clock_was_put_back_waits_for_nothing(db: Db) {
        let tx = db.begin().await.unwrap();
        outbox::add(&tx, monday(), Event::new("x.y", serde_json::Value::Null)).await.unwrap();
        db.commit(tx).await.unwrap();
        let earlier = monday() - Duration::hours(1);
        let waiting = outbox::undelivered(db.read(), earlier).await.unwrap();
        assert_eq!(waiting.len(), 1);
        let tx = db.begin().await.unwrap();
        outbox::put_off(&tx, &waiting[0], monday()).await.unwrap();
        db.commit(tx).await.unwrap();
        assert_eq!(outbox::undelivered(db.read(), monday()).await.unwrap().len(), 0, "it failed a moment ago");
        assert_eq!(outbox::undelivered(db.read(), monday() + Duration::seconds(1)).await.unwrap().len(), 1);
        assert_eq!(outbox::undelivered(db.read(), monday() - Duration::days(365)).await.unwrap().len(), 1);
    }

    async fn a_changed_setting_is_read_back(db: Db) {
        assert_eq!(settings::get::<u32>(db.read(), "days").await.unwrap(), 0);
        for days in [90_u32, 120] {
            let tx = db.begin().await.unwrap();
            settings::put(&tx, &clerk(), "days", &days).await.unwrap();
            db.commit(tx).await.unwrap();
            assert_eq!(settings::get::<u32>(db.read(), "days").await.unwrap(), days);
        }
    }

    async fn months_and_sums_are_the_same_on_both_databases(db: Db) {
        execute(&db, "create table bills (on_day date not null, amount bigint not null)").await;
        execute(&db, "insert into bills values ('2026-11-01', 9000000000000000), ('2026-11-30', 1)").await;
        let query = sea_orm::sea_query::Query::select()
            .expr_as(dialect::month_of(db.read(), "on_day"), "month")
            .expr_as(dialect::sum_of(db.read(), "amount"), "total")
            .from("bills")
            .group_by_columns(["month"])
            .to_owned();
        let row = db.read().query_one(&query).await.unwrap().unwrap();
        assert_eq!(row.try_get::<String>("", "month").unwrap(), "2026-11");
        assert_eq!(row.try_get::<i64>("", "total").unwrap(), 9_000_000_000_000_001);
    }

    async fn a_numbered_placeholder_is_bound_on_both_databases(db: Db) {
        let statement = dialect::statement(db.read(), "select $2 || $1", ["为".into(), "明".into()]);
        let row = db.read().query_one_raw(statement).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<String>(0).unwrap(), "明为");
    }

    async fn only_one_transaction_at_a_time_gets_a_locked_row(db: Db) {
        execute(&db, "create table numbers (no bigint not null)").await;
        execute(&db, "insert into numbers values (0)").await;
        let mut tasks = Vec::new();
        for _ in 0..8 {
            let db = db.clone();
            tasks.push(tokio::spawn(async move {
                let tx = db.begin().await.unwrap();
                let sql = format!("select no from numbers{}", dialect::for_update(&tx));
                let row = tx.query_one_raw(dialect::statement(&tx, &sql, [])).await.unwrap().unwrap();
                let no: i64 = row.try_get_by_index(0).unwrap();
                let next = dialect::statement(&tx, "update numbers set no = $1", [(no + 1).into()]);
                tx.execute_raw(next).await.unwrap();
                db.commit(tx).await.unwrap();
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        let row = db.read().query_one_raw(dialect::statement(db.read(), "select no from numbers", [])).await.unwrap();
        assert_eq!(row.unwrap().try_get_by_index::<i64>(0).unwrap(), 8);
    }
}

#[test]
fn an_insert_never_binds_more_than_the_databases_take() {
    for columns in 1..200 {
        assert!(dialect::rows_per_insert(columns) * columns <= dialect::MOST_BINDS);
    }
}

#[tokio::test]
async fn the_write_ahead_log_is_emptied_by_a_checkpoint() {
    let folder = std::env::temp_dir().join(format!("hawser_log_{}", std::process::id()));
    let db = Db::connect(&db::Location::Sqlite(folder.join("test.db"))).await.unwrap();
    migrations::run(&db).await.unwrap();
    for _ in 0..50 {
        write_audit(&db, "a").await;
    }
    let log = folder.join("test.db-wal");
    assert!(std::fs::metadata(&log).unwrap().len() > 0);
    db.checkpoint().await.unwrap();
    assert_eq!(std::fs::metadata(&log).unwrap().len(), 0);
    db.close().await.unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}
