//! What programs are told about the API is what there is.

use std::collections::BTreeSet;

use db::db_tests;
use serde_json::Value;

use crate::House;

/// Written anew with `HAWSER_WRITE_SNAPSHOTS=1`; a change of it is a change for every program that calls us.
const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/openapi.json");

async fn document(house: &House) -> Value {
    serde_json::from_str(&house.get("/openapi.json", "").await.body).unwrap()
}

db_tests! {
    async fn every_route_for_programs_is_described_and_none_that_is_not_there(db: Db) {
        let house = House::open(&db).await;
        let document = document(&house).await;
        let mut described = BTreeSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                described.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
        let there: BTreeSet<_> = (house.program.registered().into_iter())
            .filter(|(_, path)| path.starts_with("/api/"))
            .map(|(method, path)| format!("{method} {path}"))
            .collect();
        assert_eq!(described, there);
    }

    async fn every_schema_that_is_named_is_there(db: Db) {
        let house = House::open(&db).await;
        let document = document(&house).await;
        let text = document.to_string();
        for named in text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(document["components"]["schemas"][named].is_object(), "{named} is not described");
        }
    }

    async fn the_description_is_the_one_that_was_reviewed(db: Db) {
        let house = House::open(&db).await;
        let now = document(&house).await;
        if std::env::var_os("HAWSER_WRITE_SNAPSHOTS").is_some() {
            std::fs::write(SNAPSHOT, serde_json::to_string_pretty(&now).unwrap() + "\n").unwrap();
        }
        let reviewed: Value = serde_json::from_str(&std::fs::read_to_string(SNAPSHOT).unwrap()).unwrap();
        assert!(now == reviewed, "/openapi.json changed: look at the difference with HAWSER_WRITE_SNAPSHOTS=1");
    }

    async fn every_permission_and_setting_has_its_words(db: Db) {
        let house = House::open(&db).await;
        let texts = &house.program.shell.texts;
        for permission in &house.program.permissions {
            let key = format!("permission-{}", permission.0.replace('.', "-"));
            for language in [base::Language::Chinese, base::Language::English] {
                assert_ne!(texts.get(language, &key), key);
            }
        }
    }
}
