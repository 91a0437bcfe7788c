use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::http::Request;
use base::{Actor, Language};
use customers::{Customers, samples};
use db::{Db, db_tests};
use lifecycle::Lifecycle;
use scraper::{Html, Selector};
use tower::ServiceExt;
use web::{Preferences, Shell};

async fn body_of(db: Db, path: &str, language: Language) -> String {
    let actor = Actor::system("test", "2026-11-23T04:00:00Z".parse().unwrap());
    Customers::new(db.clone()).create(&actor, samples::draft("明为公司")).await.unwrap();
    let customers = customers::module(Customers::new(db.clone())).locales.unwrap();
    let lifecycle = Lifecycle::new(db);
    lifecycle.recompute_all(&actor).await.unwrap();
    let module = lifecycle::module(lifecycle);
    let texts = texts::Texts::load([web::locales(), customers, module.locales.unwrap()]);
    let shell = Arc::new(Shell { texts: texts.unwrap().into(), menu: Vec::new() });
    let app = module
        .routes
        .into_router()
        .layer(Extension(actor))
        .layer(Extension(shell))
        .layer(Extension(Preferences { language, ..Preferences::default() }));
    let answer = app.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200);
    let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

db_tests! {
    async fn the_figure_and_the_table_show_the_same_counts_and_lead_to_the_customers(db: Db) {
        let html = Html::parse_document(&body_of(db, "/stages", Language::Chinese).await);
        let texts = |css: &str| -> Vec<String> {
            let wanted = Selector::parse(css).unwrap();
            html.select(&wanted).map(|element| element.text().collect::<Vec<_>>().join(" ")).collect()
        };
        assert_eq!(texts(r#"svg a[href="/customers?stage=prospect"]"#), ["潜在客户 1", "潜在客户 1"]);
        assert_eq!(texts(r#"td a[href="/customers?stage=prospect"]"#), ["潜在客户"]);
        assert_eq!(texts("svg a").len(), 14);
        assert!(texts("[style]").is_empty());
    }

    async fn programs_get_every_stage_also_those_without_customers(db: Db) {
        let body = body_of(db, "/api/v1/reports/stages", Language::English).await;
        let json: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(json["rows"].as_array().unwrap().len(), 7);
        assert_eq!(json["rows"][1], serde_json::json!({"key": "prospect", "customers": 1}));
        assert_eq!((&json["as_of"], &json["moves"]), (&"2026-11-23".into(), &serde_json::json!([])));
    }
}
