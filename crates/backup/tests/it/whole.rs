use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base::{Error, Refusal};
use db::{Db, audit, db_tests, settings};
use migrations::Migrations;
use sea_orm_migration::MigratorTrait;
use serde_json::json;

use crate::filled::{contents, fill};
use crate::{Place, actor, key_of, now};

/// Restores the file, backs the restored database up again and compares.
async fn comes_back_whole(place: &Place, file: &Path, target: &Db) {
    let told = place.restore(file, target).await.unwrap();
    let again = place.path("again.zip");
    let after = backup::create(target, &place.path("restored"), &again, now()).await.unwrap();
    assert_eq!(contents(&again, &after), contents(file, &told));
    let counts = backup::counts(target).await.unwrap();
    assert!(told.tables.iter().all(|table| counts[&table.name] == table.rows && table.rows >= 3));
    assert_eq!(counts.len(), told.tables.len());
    assert_eq!(audit::verify(target.read()).await.unwrap(), audit::Verdict { entries: 7, broken_at: None });
    let key = place.path("restored/secret.key");
    assert_eq!(std::fs::read(&key).unwrap(), std::fs::read(place.path("data/secret.key")).unwrap());
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
}

db_tests! {
    async fn a_backup_comes_back_whole_in_sqlite(db: Db) {
        fill(&db).await;
        let place = Place::new();
        let file = place.backup(&db).await;
        comes_back_whole(&place, &file, &place.empty("new").await).await;
    }

    async fn a_backup_comes_back_whole_in_postgres(db: Db) {
        fill(&db).await;
        let place = Place::new();
        let file = place.backup(&db).await;
        let body = |target| async move { comes_back_whole(&place, &file, &target).await };
        db::testing::on_postgres(|_| async { Ok(()) }, body).await;
    }

    async fn the_one_row_that_a_migration_wrote_comes_back_in_postgres(db: Db) {
        let place = Place::new();
        let file = place.backup(&db).await;
        let body = |target: Db| async move {
            place.restore(&file, &target).await.unwrap();
            assert_eq!(backup::counts(&target).await.unwrap()["import_turns"], 1);
        };
        db::testing::on_postgres(|_| async { Ok(()) }, body).await;
    }

    async fn a_schema_without_rows_is_an_empty_database(db: Db) {
        let source = Place::new();
        let full = source.empty("full").await;
        migrations::run(&full).await.unwrap();
        fill(&full).await;
        let file = source.backup(&full).await;
        comes_back_whole(&source, &file, &db).await;
    }

    async fn a_backup_holds_no_act_by_halves_while_people_work(db: Db) {
        let stop = Arc::new(AtomicBool::new(false));
        let working = tokio::spawn(work(db.clone(), stop.clone()));
        while settings_of(&db).await < 5 {
            tokio::task::yield_now().await;
        }
        let place = Place::new();
        for round in 0..5 {
            let out = place.path(&format!("{round}.zip"));
            let told = backup::create(&db, &place.path("data"), &out, now()).await.unwrap();
            let rows = |name: &str| told.tables.iter().find(|table| table.name == name).unwrap().rows;
            assert!(rows("settings") >= 5);
            assert_eq!(rows("settings"), rows("audit_entries"));
            let target = place.empty(&format!("target{round}")).await;
            backup::restore(&out, &target, &place.path("restored")).await.unwrap();
            assert_eq!(backup::counts(&target).await.unwrap()["settings"], rows("settings"));
        }
        stop.store(true, Ordering::Relaxed);
        assert!(working.await.unwrap() > 5);
    }

    async fn whoever_waits_sees_each_step_begin_grow_and_end(db: Db) {
        fill(&db).await;
        let place = Place::new();
        let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
        let kept = seen.clone();
        let tell = backup::Tell::to(move |progress| kept.lock().unwrap().push(progress));
        let out = place.path("told.zip");
        let rows = backup::create_telling(&db, &place.path("data"), &out, now(), &tell).await.unwrap().rows();
        backup::restore_telling(&out, &place.empty("target").await, &place.path("restored"), &tell).await.unwrap();
        let seen = seen.lock().unwrap();
        use backup::Step::{Checking, Restoring, Writing};
        let ends: Vec<_> = seen.iter().filter(|told| told.done == told.total).map(|told| told.step).collect();
        assert_eq!(ends, [Writing, Checking, Checking, Restoring]);
        assert!(seen.iter().all(|told| told.total == rows && told.done <= rows && rows > 0), "{seen:?}");
    }

    async fn a_chain_that_was_broken_before_is_told_and_not_mended(db: Db) {
        fill(&db).await;
        let tx = db.begin().await.unwrap();
        let forge = sea_orm::sea_query::Query::update()
            .table("audit_entries").value("action", "nothing.happened")
            .and_where(sea_orm::sea_query::ExprTrait::eq(sea_orm::sea_query::Expr::col("sealed_no"), 4)).to_owned();
        sea_orm::ConnectionTrait::execute(&tx, &forge).await.unwrap();
        db.commit(tx).await.unwrap();
        let place = Place::new();
        let file = place.backup(&db).await;
        let told = place.restore(&file, &place.empty("new").await).await.unwrap();
        assert_eq!(told.audit_broken_at, Some(4));
    }
}

async fn settings_of(db: &Db) -> u64 {
    backup::counts(db).await.unwrap()["settings"]
}

/// One setting and one entry of the audit an act, until told to stop; how many acts.
async fn work(db: Db, stop: Arc<AtomicBool>) -> u64 {
    let mut acts = 0;
    while !stop.load(Ordering::Relaxed) {
        let tx = db.begin().await.unwrap();
        settings::put(&tx, &actor(), &format!("test.{acts}"), &json!({"text": "x".repeat(2000)})).await.unwrap();
        audit::record(&tx, &actor(), "setting.changed", "setting", "1", json!({})).await.unwrap();
        db.commit(tx).await.unwrap();
        acts += 1;
    }
    acts
}

#[tokio::test]
async fn a_backup_of_an_older_program_goes_through_the_steps_made_since() {
    let place = Place::new();
    let old = place.empty("old").await;
    Migrations::up(old.writer(), Some(4)).await.unwrap();
    let tx = old.begin().await.unwrap();
    settings::put(&tx, &actor(), "worklist", &json!({"acts": 12})).await.unwrap();
    old.commit(tx).await.unwrap();
    let file = place.backup(&old).await;
    let new = place.empty("new").await;
    let told = place.restore(&file, &new).await.unwrap();
    assert_eq!(told.migrations.len(), 4);
    assert!(migrations::pending(&new).await.unwrap().is_empty());
    let policy: serde_json::Value = settings::get(new.read(), "worklist").await.unwrap();
    assert_eq!(policy, json!({"acts": 12}));
}

#[tokio::test]
async fn only_its_owner_may_read_a_backup_and_nothing_else_is_left() {
    let place = Place::new();
    let db = place.empty("source").await;
    migrations::run(&db).await.unwrap();
    let file = place.backup(&db).await;
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(place.names(), ["backup.zip", "data", "source"]);
}

#[tokio::test]
async fn a_file_that_is_there_is_never_overwritten() {
    let place = Place::new();
    let db = place.empty("source").await;
    migrations::run(&db).await.unwrap();
    let database = place.path("source/hawser.db");
    let error = backup::create(&db, &place.path("data"), &database, now()).await.unwrap_err();
    assert_eq!(key_of(error), backup::Refusal::FileExists(String::new()).message().key);
    assert!(settings::get::<serde_json::Value>(db.read(), "x").await.is_ok());
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let place = Place::new();
    let db = place.empty("source").await;
    migrations::run(&db).await.unwrap();
    let error = backup::create(&db, &place.path("data"), &place.path("none/b.zip"), now()).await.unwrap_err();
    let Error::Refused(said) = error else { panic!("{error:?}") };
    assert!(said.key == "backup-no_folder" && said.args[0].1.ends_with("none"), "{said:?}");
}

#[tokio::test]
async fn a_database_without_a_schema_is_nothing_to_back_up() {
    let place = Place::new();
    let db = place.empty("source").await;
    let error = backup::create(&db, &place.path("data"), &place.path("b.zip"), now()).await.unwrap_err();
    assert_eq!(key_of(error), "backup-nothing_there");
    assert_eq!(place.names(), ["data", "source"]);
}
