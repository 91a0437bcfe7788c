//! Contacts for programs.

use axum::http::StatusCode;
use base::Scope;
use customers::{Customers, EDIT, samples};
use db::db_tests;
use serde_json::json;

use crate::api::{ask, program};
use crate::person;

db_tests! {
    async fn a_program_keeps_a_contact_and_sees_numbers_only_when_it_asks(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let of = Customers::new(db.clone()).create(&zhang, samples::draft("明为公司")).await.unwrap().id;
        let app = program(db, &zhang);
        let list = format!("/api/v1/customers/{of}/contacts");
        let wanted = json!({"name": "王建", "mobile": "13812341234", "identity": "logistics_staff",
            "roles": [{"role": "decides", "origin": "首尔", "destination": "广州"}],
            "birthday": {"calendar": "lunar", "month": 6, "day": 1, "leap": true, "year": 2025}});
        let made = ask(&app, "POST", &list, None, Some(wanted)).await;
        assert_eq!((made.status, made.etag.as_deref()), (StatusCode::CREATED, Some("\"1\"")));
        let path = format!("/api/v1/contacts/{}", made.body["id"].as_str().unwrap());
        let read = ask(&app, "GET", &path, None, None).await;
        assert_eq!((read.etag.as_deref(), &read.body["mobile"]), (Some("\"1\""), &json!("138****1234")));
        assert_eq!((&read.body["has_birthday"], &read.body["roles"][0]["origin"]), (&json!(true), &json!("首尔")));
        let rows = ask(&app, "GET", &list, None, None).await.body;
        assert!(rows.to_string().contains("138****1234") && !rows.to_string().contains("13812341234"));
        assert!(!rows.to_string().contains("2025"));
        let seen = ask(&app, "POST", &format!("{path}/reveal"), None, None).await;
        assert_eq!((&seen.body["mobile"], &seen.body["birthday"]["leap"]), (&json!("13812341234"), &json!(true)));
    }

    async fn a_program_changes_only_the_version_that_it_read(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let of = Customers::new(db.clone()).create(&zhang, samples::draft("明为公司")).await.unwrap().id;
        let app = program(db, &zhang);
        let list = format!("/api/v1/customers/{of}/contacts");
        let made = ask(&app, "POST", &list, None, Some(json!({"name": "王建", "mobile": "13812341234"}))).await;
        let path = format!("/api/v1/contacts/{}", made.body["id"].as_str().unwrap());
        let change = json!({"name": "王建国", "mobile": "138****1234"});
        assert_eq!(ask(&app, "PUT", &path, None, Some(change.clone())).await.status, StatusCode::PRECONDITION_REQUIRED);
        let changed = ask(&app, "PUT", &path, Some("\"1\""), Some(change.clone())).await;
        assert_eq!((changed.status, changed.etag.as_deref()), (StatusCode::NO_CONTENT, Some("\"2\"")));
        assert_eq!(ask(&app, "PUT", &path, Some("\"1\""), Some(change)).await.status, StatusCode::CONFLICT);
        let masked = json!({"name": "王建国", "mobile": "139****0000"});
        let refused = ask(&app, "PUT", &path, Some("\"2\""), Some(masked)).await;
        assert_eq!((refused.status, &refused.body["fields"][0]["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("mobile")));
        let strange = json!({"name": "王建国", "customer_id": "x"});
        assert_eq!(ask(&app, "PUT", &path, Some("\"2\""), Some(strange)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let seen = ask(&app, "POST", &format!("{path}/reveal"), None, None).await;
        assert_eq!(seen.body["mobile"], "13812341234");
    }

    async fn a_program_verifies_archives_and_records_what_was_said(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let of = Customers::new(db.clone()).create(&zhang, samples::draft("明为公司")).await.unwrap().id;
        let app = program(db, &zhang);
        let list = format!("/api/v1/customers/{of}/contacts");
        let made = ask(&app, "POST", &list, None, Some(json!({"name": "王建"}))).await;
        let path = format!("/api/v1/contacts/{}", made.body["id"].as_str().unwrap());
        let given = json!({"purpose": "care", "answer": "given", "basis": "consent", "channel": "wechat",
            "evidence": "截图 12"});
        for (act, body) in [("verify", None), ("consents", Some(given)), ("archive", None)] {
            let done = ask(&app, "POST", &format!("{path}/{act}"), None, body).await;
            assert_eq!(done.status, StatusCode::NO_CONTENT, "{act}");
        }
        let read = ask(&app, "GET", &path, None, None).await.body;
        assert_eq!((&read["verified_by"], &read["archived_by"]), (&json!("zhang"), &json!("zhang")));
        assert_eq!((&read["consents"][0]["answer"], &read["consents"][0]["basis"]), (&json!("given"), &json!("consent")));
        let told = ask(&app, "GET", &format!("{path}/consents"), None, None).await.body;
        assert_eq!(told["rows"].as_array().map(Vec::len), Some(1));
        let again = ask(&app, "POST", &format!("{path}/archive"), None, None).await;
        assert_eq!((again.status.is_client_error(), &again.body["code"]), (true, &json!("contact-has_left")));
        assert_eq!(ask(&app, "POST", &format!("{path}/restore"), None, None).await.status, StatusCode::NO_CONTENT);
    }

    async fn a_strangers_contact_is_not_found_by_any_address(db: Db) {
        let (zhang, li) = (person("zhang", "south", Scope::Own), person("li", "south", Scope::Own));
        let of = Customers::new(db.clone()).create(&zhang, samples::draft("明为公司")).await.unwrap().id;
        let own = program(db.clone(), &zhang);
        let list = format!("/api/v1/customers/{of}/contacts");
        let made = ask(&own, "POST", &list, None, Some(json!({"name": "王建"}))).await;
        let path = format!("/api/v1/contacts/{}", made.body["id"].as_str().unwrap());
        let mut narrow = person("he", "south", Scope::All);
        narrow.permissions.insert(EDIT, Scope::Own);
        let said = json!({"purpose": "care", "answer": "refused", "channel": "phone"});
        for actor in [li, narrow.clone()] {
            let app = program(db.clone(), &actor);
            let acts = [
                ("POST", list.clone(), Some(json!({"name": "x"}))),
                ("PUT", path.clone(), Some(json!({"name": "x"}))),
                ("POST", format!("{path}/verify"), None),
                ("POST", format!("{path}/archive"), None),
                ("POST", format!("{path}/restore"), None),
                ("POST", format!("{path}/consents"), Some(said.clone())),
            ];
            for (method, path, body) in acts {
                let got = ask(&app, method, &path, Some("\"1\""), body).await;
                assert_eq!(got.status, StatusCode::NOT_FOUND, "{method} {path}");
            }
            if actor.name == "li" {
                for (method, path) in [("GET", list.clone()), ("GET", path.clone()),
                    ("GET", format!("{path}/consents")), ("POST", format!("{path}/reveal"))] {
                    assert_eq!(ask(&app, method, &path, None, None).await.status, StatusCode::NOT_FOUND, "{path}");
                }
            }
        }
    }
}
