//! What stands around every address: headers, tokens, methods, and that looking changes nothing.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use db::{Db, audit, db_tests};

use crate::{Answer, House, operator};

const HEADERS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

fn filled(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "0190-unknown".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn is_guarded(answer: &Answer, asked: &str) {
    for (name, value) in HEADERS {
        assert_eq!(answer.headers.get(name).map(|found| found.to_str().unwrap()), Some(value), "{asked}: {name}");
    }
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{asked}: {policy}");
    assert!(answer.headers.contains_key(header::CACHE_CONTROL), "{asked}");
}

async fn ask(house: &House, method: &Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::builder().method(method.clone()).uri(path).header(header::HOST, "localhost");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    house.ask(request.body(Body::from(body.to_owned())).unwrap()).await
}

async fn acts(db: &Db) -> usize {
    audit::latest(db.read(), None, "", 10_000).await.unwrap().len()
}

db_tests! {
    async fn every_answer_carries_the_strict_headers_also_errors_and_assets(db: Db) {
        let house = House::open(&db).await;
        let admin = house.sign_in("admin").await;
        for (method, path) in house.program.registered() {
            for cookie in ["", admin.as_str()] {
                let path = filled(path);
                is_guarded(&ask(&house, &method, &path, &[("cookie", cookie)], "").await, &path);
            }
        }
        let asset = web::assets::url("app.css");
        for path in ["/nowhere", "/api/v1/nowhere", "/assets/unknown", asset, "/customers?nonsense=1", "/%00", "/customers/%ff"] {
            is_guarded(&house.get(path, &admin).await, path);
        }
        for path in ["/customers/%00", "/customers/%ff", "/api/v1/customers/%ff%fe"] {
            let told = house.get(path, &admin).await;
            assert_eq!(told.status, StatusCode::NOT_FOUND, "{path}");
            assert!(told.body.contains("404"), "{path}: {}", told.body);
        }
        is_guarded(&ask(&house, &Method::DELETE, "/customers", &[], "").await, "a wrong method");
        is_guarded(&ask(&house, &Method::GET, "/api/v1/me", &[("authorization", "Bearer hk_0")], "").await, "a wrong key");
    }

    async fn nothing_is_done_without_the_token_of_the_session_or_from_another_site(db: Db) {
        let house = House::open(&db).await;
        let admin = house.sign_in("admin").await;
        let csrf = house.csrf(&admin).await;
        let before = acts(&db).await;
        let form = ("content-type", "application/x-www-form-urlencoded");
        let cookie = ("cookie", admin.as_str());
        for (method, path) in house.program.registered().into_iter().filter(|(method, _)| *method != Method::GET) {
            let path = filled(path);
            let right = format!("csrf={csrf}");
            let token = ("x-csrf-token", csrf.as_str());
            let attempts: [(&[(&str, &str)], &str); 6] = [
                (&[cookie, form], ""),
                (&[cookie, form], "csrf=0000"),
                (&[cookie, ("content-type", "text/plain")], &right),
                (&[cookie, ("content-type", "application/json")], "{}"),
                (&[cookie, form, ("origin", "https://evil.example")], &right),
                (&[cookie, token, ("sec-fetch-site", "cross-site")], ""),
            ];
            for (headers, body) in attempts {
                let refused = ask(&house, &method, &path, headers, body).await;
                assert_eq!(refused.status, StatusCode::FORBIDDEN, "{method} {path} {headers:?}");
            }
        }
        assert_eq!(acts(&db).await, before);
    }

    async fn no_address_of_the_api_takes_a_name_that_it_does_not_know(db: Db) {
        let house = House::open(&db).await;
        let admin = house.user("admin").await;
        let last_day = operator().today() + chrono::Duration::days(1);
        let all: Vec<&str> = house.program.permissions.iter().map(|permission| permission.0).collect();
        let key = house.program.access.create_key(&operator(), &admin, "x", &all, last_day).await.unwrap().secret;
        for (method, path) in house.program.registered() {
            if method != Method::GET || !path.starts_with("/api/") {
                continue;
            }
            let refused = house.by_key(Method::GET, &format!("{}?colour=red", filled(path)), &key).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", refused.body);
            let told: serde_json::Value = serde_json::from_str(&refused.body).unwrap();
            assert_eq!(told["fields"][0]["field"], "colour", "{path}: {told}");
        }
    }

    async fn an_id_with_a_nul_is_nobodys(db: Db) {
        let house = House::open(&db).await;
        let admin = house.sign_in("admin").await;
        for (_, path) in house.program.registered().into_iter().filter(|(method, _)| *method == Method::GET) {
            let seen = house.get(&filled(path).replace("0190-unknown", "a%00"), &admin).await;
            assert!(seen.status.as_u16() < 500, "{path}: {}", seen.status);
        }
    }

    async fn looking_changes_nothing(db: Db) {
        let house = House::open(&db).await;
        let admin = house.sign_in("admin").await;
        let before = acts(&db).await;
        let sessions = house.program.access.all_sessions(&operator()).await.unwrap().len();
        for (_, path) in house.program.registered().into_iter().filter(|(method, _)| *method == Method::GET) {
            let seen = house.get(&filled(path), &admin).await;
            assert!(seen.status.as_u16() < 500, "{path}: {}", seen.status);
        }
        assert_eq!(acts(&db).await, before);
        assert_eq!(house.program.access.all_sessions(&operator()).await.unwrap().len(), sessions);
    }

    async fn a_key_that_lacks_a_scope_is_told_which(db: Db) {
        let house = House::open(&db).await;
        let admin = house.user("admin").await;
        let last_day = operator().today() + chrono::Duration::days(1);
        let access = &house.program.access;
        let key = access.create_key(&operator(), &admin, "narrow", &["shipments.view"], last_day).await.unwrap();
        let refused = house.by_key(Method::GET, "/api/v1/customers", &key.secret).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let told: serde_json::Value = serde_json::from_str(&refused.body).unwrap();
        assert_eq!(told["code"], "forbidden");
        assert!(told["detail"].as_str().unwrap().contains("customers.view"), "{told}");
        let page = house.get("/settings/users", &house.sign_in("zhang").await).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.body.contains(&house.program.shell.texts.get(base::Language::Chinese, "permission-access-users")));
    }
}
