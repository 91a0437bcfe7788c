//! How each reader wants it, on whole pages.

use axum::http::StatusCode;
use db::db_tests;

use crate::House;

db_tests! {
    async fn single_keys_are_switched_off_and_on_again(db: Db) {
        let house = House::open(&db).await;
        let cookie = house.sign_in("zhang").await;
        assert!(house.get("/customers", &cookie).await.body.contains("data-keys=\"on\""));
        let form = format!("csrf={}&back=%2Fme&keys=off", house.csrf(&cookie).await);
        let switched = house.post("/preferences", &cookie, &form).await;
        assert_eq!((switched.status, switched.location.as_str()), (StatusCode::SEE_OTHER, "/me"));
        let kept = switched.cookies.iter().find_map(|line| line.split(';').next()).unwrap();
        assert_eq!(kept, "hawser_keys=off");
        let both = format!("{cookie}; {kept}");
        for path in ["/me", "/customers"] {
            assert!(house.get(path, &both).await.body.contains("data-keys=\"off\""), "{path}");
        }
    }

    async fn a_list_can_be_sorted_without_its_heads(db: Db) {
        let house = House::open(&db).await;
        let cookie = house.sign_in("zhang").await;
        let page = house.get("/customers?sort=last_contact", &cookie).await.body;
        assert!(page.contains("<option value=\"last_contact\" selected>"), "{page}");
        assert_eq!(page.matches(" selected>").count(), page.matches("<select").count(), "one choice in each");
    }

    async fn each_search_has_a_name_of_its_own(db: Db) {
        let house = House::open(&db).await;
        let cookie = house.sign_in("zhang").await;
        for language in ["zh-CN", "en"] {
            let page = house.get("/customers", &format!("{cookie}; hawser_language={language}")).await.body;
            let names: Vec<_> = page
                .split("role=\"search\" aria-label=\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .collect();
            assert!(names.len() == 2 && names[0] != names[1], "{names:?}");
        }
    }

    async fn the_bar_of_a_phone_leads_to_today_customers_service_and_oneself(db: Db) {
        let house = House::open(&db).await;
        let page = house.get("/customers", &house.sign_in("zhang").await).await.body;
        let (_, bar) = page.split_once("class=\"bottombar\"").unwrap();
        let places = ["href=\"/\"", "href=\"/customers\"", "icon-plus", "href=\"/service-quality\"", "href=\"/me\""];
        let found: Vec<_> = places.iter().map(|place| bar.find(place)).collect();
        assert!(found.is_sorted() && found.iter().all(Option::is_some), "{found:?}");
    }
}
