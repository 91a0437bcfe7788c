//! The demo shows something everywhere.

use axum::http::StatusCode;
use db::db_tests;

use crate::{House, operator};

db_tests! {
    async fn the_demo_fills_every_page_once(db: Db) {
        let house = House::open(&db).await;
        for _ in 0..2 {
            hawser::demo::fill(&db, &house.program, &operator()).await.unwrap();
        }
        let customers = customers::Customers::new(db.clone());
        assert_eq!(customers.count(&operator(), &customers::store::Filter::default()).await.unwrap(), 303);
        let stages = lifecycle::report(&db, &operator()).await.unwrap();
        assert!(stages.iter().all(|row| row.customers > 0), "{stages:?}");
        for login in ["zhang", "chen", "li", "wang", "admin"] {
            let cookie = house.sign_in(login).await;
            for entry in &house.program.shell.menu {
                let page = house.get(entry.href, &cookie).await;
                let may = page.status != StatusCode::FORBIDDEN;
                assert!(!may || page.status == StatusCode::OK, "{} {}", entry.href, page.status);
                // Nothing has been imported by hand, no program has a key, and the administrator owns no customer.
                let bare = ["/imports", "/settings/api-keys"].contains(&entry.href) || (login == "admin" && entry.href == "/worklist");
                assert!(!may || bare || !page.body.contains("class=\"empty-state\""), "{login} {}", entry.href);
            }
        }
        let today = house.get("/worklist", &house.sign_in("zhang").await).await;
        assert_eq!(today.body.matches("<tr data-row").count(), 12);
    }
}
