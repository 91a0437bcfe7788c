use axum::Router;
use axum::body::Body;
use axum::http::Request;
use base::{Actor, ActorKind, UserId};

use crate::pallets;
use crate::world::{Answer, get, send, somebody, upload, world};

const SHEET: &str = "客户,托盘号,件数\n明为公司,P1,3\n红木家具厂,P2,4\n";
const MAPPING: &str = "kind = \"pallets\"\nsource = \"tms\"\n[columns]\ncustomer = { column = \"甲\" }\n\
    code = { column = \"乙\" }\n";

/// A program with a key.
pub fn program() -> Actor {
    let kind = ActorKind::Key { id: "key".into(), user: UserId("zhang".into()) };
    Actor { kind, ..somebody("zhang") }
}

async fn send_file(app: &Router, query: &str, file: &str) -> Answer {
    let request = Request::post(format!("/api/v1/imports?{query}")).body(Body::from(file.to_owned())).unwrap();
    send(app, request).await
}

async fn commit(app: &Router, id: &str, version: Option<&str>) -> Answer {
    let mut request = Request::post(format!("/api/v1/imports/{id}/commit"));
    if let Some(version) = version {
        request = request.header("if-match", version);
    }
    send(app, request.body(Body::empty()).unwrap()).await
}

db::db_tests! {
    async fn a_program_sends_a_file_looks_at_the_counts_and_commits(db: Db) {
        let app = world(&db).await.app(program());
        let sent = send_file(&app, "kind=pallets&file_name=tms.csv", SHEET).await;
        assert_eq!(sent.status, 201, "{}", sent.text);
        let batch = sent.json();
        assert_eq!((&batch["state"], &batch["counts"]["new"], &batch["counts"]["refused"]),
            (&"previewed".into(), &1.into(), &1.into()));
        assert_eq!(batch["problems"][0]["row"], 3);
        let (id, version) = (batch["id"].as_str().unwrap(), sent.headers["etag"].to_str().unwrap());
        assert_eq!(commit(&app, id, None).await.status, 428);
        assert_eq!(commit(&app, id, Some("\"1\"")).await.status, 409);
        assert!(pallets::stored(&db).await.is_empty());
        let done = commit(&app, id, Some(version)).await;
        assert_eq!((done.status, &done.json()["state"]), (200, &"committed".into()));
        assert_eq!(pallets::stored(&db).await.len(), 1);
        let version = done.headers["etag"].to_str().unwrap();
        assert_eq!(commit(&app, id, Some(version)).await.json()["code"], "import-is_over");
        assert!(get(&app, &format!("/api/v1/imports/{id}/refused")).await.text.contains("红木家具厂"));
        assert_eq!(get(&app, &format!("/api/v1/imports/{id}")).await.json()["counts"]["new"], 1);
    }

    async fn a_form_may_bring_its_own_mapping(db: Db) {
        let app = world(&db).await.app(program());
        let fields = [("kind", "pallets"), ("mapping", MAPPING), ("create_customers", "true")];
        let sent = upload(&app, "/api/v1/imports", "x.csv", "甲,乙\n红木家具厂,P1\n".as_bytes(), &fields).await;
        assert_eq!(sent.status, 201, "{}", sent.text);
        assert_eq!((&sent.json()["source"], &sent.json()["counts"]["new_customers"]), (&"tms".into(), &1.into()));
    }

    async fn what_cannot_be_understood_is_refused_and_not_kept(db: Db) {
        let world = world(&db).await;
        let app = world.app(program());
        let open = send_file(&app, "kind=pallets", "甲,托盘号\n明为公司,P1\n").await;
        assert_eq!((open.status, &open.json()["fields"][0]["field"]), (422, &"customer".into()));
        let unknown = send_file(&app, "kind=boxes", SHEET).await;
        assert_eq!(unknown.json()["fields"][0]["code"], "import-kind_unknown");
        assert_eq!(send_file(&app, "kind=pallets&mapping=nobody", SHEET).await.status, 422);
        assert_eq!(send_file(&app, "kind=pallets&colour=red", SHEET).await.status, 422);
        let binary = send_file(&app, "kind=pallets", "%PDF-1.7\n").await;
        assert_eq!(binary.json()["code"], "import-file_is_pdf");
        let late = send_file(&app, "kind=pallets", &format!("{SHEET}{}明为\0,P3,1\n", "明为公司,P4,1\n".repeat(300))).await;
        assert_eq!(late.json()["code"], "import-nul_byte");
        assert!(!world.files().iter().any(|ending| ending == "part"));
    }

    async fn every_route_for_programs_is_described(db: Db) {
        let world = world(&db).await;
        let module = exchange::module(world.imports.clone());
        let described = module.openapi.clone().unwrap();
        for route in module.routes.iter().filter(|route| route.path.starts_with("/api/")) {
            let method = route.method.as_str().to_lowercase();
            assert!(described["paths"][route.path][&method].is_object(), "{method} {}", route.path);
        }
    }

    async fn imports_are_paged_and_those_of_others_are_not_found(db: Db) {
        let world = world(&db).await;
        let (app, other) = (world.app(program()), world.app(somebody("li")));
        for _ in 0..3 {
            send_file(&app, "kind=pallets", SHEET).await;
        }
        let first = get(&app, "/api/v1/imports?rows=2").await.json();
        let next = first["next"].as_str().unwrap();
        let second = get(&app, &format!("/api/v1/imports?rows=2&after={next}")).await.json();
        assert_eq!((first["rows"].as_array().unwrap().len(), second["rows"].as_array().unwrap().len()), (2, 1));
        assert!(second["next"].is_null());
        assert_eq!(get(&app, "/api/v1/imports?after=zz").await.status, 422);
        let id = second["rows"][0]["id"].as_str().unwrap();
        assert_eq!(get(&other, &format!("/api/v1/imports/{id}")).await.status, 404);
        assert!(get(&other, "/api/v1/imports").await.json()["rows"].as_array().unwrap().is_empty());
    }
}
