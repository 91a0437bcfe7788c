use std::fs;
use std::path::PathBuf;

use base::{Error, Language};
use db::{audit, db_tests};
use serde_json::json;
use texts::Texts;

use crate::filled::fill;
use crate::forged::Forgery;
use crate::{Place, actor, key_of};

/// A place with a backup of a filled database.
async fn backed_up() -> (Place, PathBuf) {
    let place = Place::new();
    let db = place.empty("source").await;
    migrations::run(&db).await.unwrap();
    fill(&db).await;
    let file = place.backup(&db).await;
    db.close().await.unwrap();
    (place, file)
}

async fn refusal_of(change: impl FnOnce(&mut Forgery)) -> String {
    let (place, file) = backed_up().await;
    let mut forgery = Forgery::of(&file);
    change(&mut forgery);
    let forged = place.path("forged.zip");
    forgery.save(&forged);
    let target = place.empty("target").await;
    let error = place.restore(&forged, &target).await.unwrap_err();
    // The same database takes the true one afterwards: nothing stayed behind.
    place.restore(&file, &target).await.unwrap();
    match error {
        Error::Bug(cause) => cause,
        error => key_of(error),
    }
}

db_tests! {
    async fn a_database_with_rows_is_left_alone(db: Db) {
        let (place, file) = backed_up().await;
        let tx = db.begin().await.unwrap();
        audit::record(&tx, &actor(), "user.signed_in", "user", "1", json!({})).await.unwrap();
        db.commit(tx).await.unwrap();
        let before = backup::counts(&db).await.unwrap();
        assert_eq!(key_of(place.restore(&file, &db).await.unwrap_err()), "backup-not_empty");
        assert_eq!(backup::counts(&db).await.unwrap(), before);
        assert!(!place.path("restored").exists());
    }

    async fn rows_that_the_database_refuses_leave_nothing_behind(db: Db) {
        let (place, file) = backed_up().await;
        let mut forgery = Forgery::of(&file);
        let row = String::from_utf8(forgery.bytes("tables/departments.jsonl").clone()).unwrap();
        let row = row.lines().next().unwrap().to_owned();
        forgery.rows("departments", &[row.clone(), row]);
        let forged = place.path("forged.zip");
        forgery.save(&forged);
        let before = backup::counts(&db).await.unwrap();
        let error = place.restore(&forged, &db).await.unwrap_err();
        let Error::Refused(said) = error else { panic!("{error:?}") };
        assert_eq!((said.key.as_str(), said.args[0].1.as_str()), ("backup-row_refused", "departments"));
        assert_eq!(backup::counts(&db).await.unwrap(), before);
        place.restore(&file, &db).await.unwrap();
    }

    async fn an_audit_entry_that_is_none_is_refused_with_a_sentence(db: Db) {
        let (place, file) = backed_up().await;
        for (from, to) in [("customer.changed", "customer.forgiven"), ("2026-11-23T08", "2025-11-23T08"), (r#"{\"a"#, "{")] {
            let mut forgery = Forgery::of(&file);
            let rows = String::from_utf8(forgery.bytes("tables/audit_entries.jsonl").clone()).unwrap();
            let mut rows: Vec<String> = rows.lines().map(str::to_owned).collect();
            let changed = rows.iter_mut().find(|row| row.contains(from)).unwrap();
            *changed = changed.replacen(from, to, 1);
            forgery.rows("audit_entries", &rows);
            let forged = place.path("forged.zip");
            forgery.save(&forged);
            let error = place.restore(&forged, &db).await.unwrap_err();
            assert!(matches!(error, Error::Refused(_)), "{from}: {error:?}");
        }
        place.restore(&file, &db).await.unwrap();
    }
}

#[tokio::test]
async fn no_changed_byte_stays_unseen() {
    let (place, file) = backed_up().await;
    let whole = fs::read(&file).unwrap();
    let bad = place.path("bad.zip");
    // Every byte of the head and the tail, and some of the middle; any bit of them.
    let places = (0..whole.len()).filter(|at| *at < 200 || at % 37 == 0 || whole.len() - at < 400);
    for at in places {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(&bad, bytes).unwrap();
        assert_eq!(key_of(backup::verify(&bad).await.unwrap_err()), "backup-damaged", "byte {at}");
    }
    assert!(backup::verify(&file).await.is_ok());
}

#[tokio::test]
async fn a_file_cut_off_anywhere_is_refused() {
    let (place, file) = backed_up().await;
    let whole = fs::read(&file).unwrap();
    let bad = place.path("bad.zip");
    for length in [0, 1, 63, 64, 65, 1000, whole.len() / 2, whole.len() - 64, whole.len() - 1] {
        fs::write(&bad, &whole[..length]).unwrap();
        assert_eq!(key_of(backup::verify(&bad).await.unwrap_err()), "backup-damaged", "{length} bytes");
    }
    assert_eq!(key_of(backup::verify(&place.path("none.zip")).await.unwrap_err()), "backup-no_file");
    assert_eq!(key_of(backup::verify(&place.path("data")).await.unwrap_err()), "backup-damaged");
}

#[tokio::test]
async fn an_archive_with_a_path_out_of_it_is_not_opened() {
    for name in ["../secret.key", "/secret.key", "tables/../../x.jsonl", "tables\\x.jsonl", "uploads/x"] {
        let key = refusal_of(|forgery| forgery.entries.push((name.into(), b"x".to_vec()))).await;
        assert_eq!(key, "backup-foreign", "{name}");
    }
}

#[tokio::test]
async fn a_table_that_the_manifest_does_not_name_is_not_opened() {
    let key = refusal_of(|forgery| forgery.entries.push(("tables/more.jsonl".into(), b"[]\n".to_vec()))).await;
    assert_eq!(key, "backup-foreign");
}

#[tokio::test]
async fn a_link_in_place_of_the_key_is_not_followed() {
    let key = refusal_of(|forgery| {
        forgery.entries.retain(|(name, _)| name != "secret.key");
        forgery.link = Some(("secret.key".into(), "../../key".into()));
    });
    assert_eq!(key.await, "backup-foreign");
}

#[tokio::test]
async fn a_missing_table_is_damage() {
    let key = refusal_of(|forgery| forgery.entries.retain(|(name, _)| name != "tables/customers.jsonl")).await;
    assert_eq!(key, "backup-damaged");
}

#[tokio::test]
async fn a_newer_form_asks_for_a_newer_program() {
    let key = refusal_of(|forgery| forgery.manifest(|told| told["format"] = json!(2))).await;
    assert_eq!(key, "backup-newer_format");
    let with_more = refusal_of(|forgery| {
        forgery.manifest(|told| (told["format"], told["unheard_of"]) = (json!(9), json!(true)));
    });
    assert_eq!(with_more.await, "backup-newer_format");
}

#[tokio::test]
async fn rows_of_a_newer_schema_ask_for_a_newer_program() {
    let key = refusal_of(|forgery| {
        forgery.manifest(|told| told["migrations"].as_array_mut().unwrap().push(json!("m29991231_000001_more")));
    });
    assert_eq!(key.await, "backup-newer_program");
}

#[tokio::test]
async fn a_manifest_that_lies_about_rows_or_bytes_is_damage() {
    let changes: [fn(&mut serde_json::Value); 4] = [
        |table| table["rows"] = json!(2),
        |table| table["part"]["bytes"] = json!(1),
        |table| table["part"]["sha256"] = json!("0".repeat(64)),
        |table| table["columns"].as_array_mut().unwrap().truncate(1),
    ];
    for change in changes {
        let key = refusal_of(|forgery| forgery.manifest(|told| change(&mut told["tables"][0]))).await;
        assert_eq!(key, "backup-damaged");
    }
}

#[tokio::test]
async fn columns_that_our_tables_do_not_have_are_refused() {
    let key = refusal_of(|forgery| {
        forgery.manifest(|told| {
            let tables = told["tables"].as_array_mut().unwrap();
            let table = tables.iter_mut().find(|table| table["name"] == "departments").unwrap();
            table["columns"][0]["name"] = json!("id\" or 1=1 --");
        });
    });
    assert_eq!(key.await, "backup-other_schema");
}

#[tokio::test]
async fn a_row_longer_than_any_of_ours_is_damage() {
    let long = format!("[\"{}\"]", "x".repeat(17 << 20));
    let key = refusal_of(|forgery| forgery.rows("departments", &[long])).await;
    assert_eq!(key, "backup-damaged");
}

#[tokio::test]
async fn a_file_that_unpacks_to_more_than_a_firm_has_is_not_unpacked() {
    let key = refusal_of(|forgery| {
        forgery.manifest(|told| told["tables"][0]["part"]["bytes"] = json!(257_u64 << 20));
    });
    assert_eq!(key.await, "backup-too_dense");
    let overflowing = refusal_of(|forgery| {
        forgery.manifest(|told| {
            for at in 0..2 {
                told["tables"][at]["part"]["bytes"] = json!(u64::MAX);
            }
        });
    });
    assert_eq!(overflowing.await, "backup-too_dense");
}

#[tokio::test]
async fn another_key_is_never_overwritten() {
    let (place, file) = backed_up().await;
    fs::create_dir(place.path("restored")).unwrap();
    fs::write(place.path("restored/secret.key"), "another").unwrap();
    let target = place.empty("target").await;
    assert_eq!(key_of(place.restore(&file, &target).await.unwrap_err()), "backup-other_key");
    assert_eq!(fs::read_to_string(place.path("restored/secret.key")).unwrap(), "another");
    assert!(backup::counts(&target).await.unwrap().is_empty());
}

#[test]
fn each_refusal_is_a_sentence_that_says_what_to_do() {
    let texts = Texts::load([backup::locales()]).unwrap();
    let refusal = Error::refused(backup::Refusal::FileExists("b.zip".into()));
    let said = texts.say(Language::English, &refusal.message());
    assert_eq!(said, "b.zip exists already and was left as it is. Give the backup a new name.");
    assert!(texts.say(Language::Chinese, &refusal.message()).contains("b.zip 已存在"));
}
