use axum::http::StatusCode;
use db::db_tests;

use crate::{House, operator};

db_tests! {
    async fn a_fresh_house_has_no_password_and_one_way_in(db: Db) {
        let (ground, _folder) = crate::ground();
        let program = hawser::program::assemble(&db, &ground).await.unwrap();
        let lost = program.access.first_setup(base::now()).await.unwrap().unwrap();
        let link = program.access.first_setup(base::now()).await.unwrap().unwrap();
        assert!(program.access.redeem_link(&lost, base::now(), "", "").await.is_err(), "the last link is the one");
        program.access.redeem_link(&link, base::now(), "", "").await.unwrap();
        assert!(program.access.first_setup(base::now()).await.unwrap().is_none());
        let (users, _) = program.access.users(&operator()).await.unwrap();
        assert!(users.iter().all(|user| user.password_hash.is_none()));
    }

    async fn the_demo_is_loaded_once(db: Db) {
        let house = House::open(&db).await;
        let before = house.program.access.users(&operator()).await.unwrap().0.len();
        hawser::demo::load(&house.program.access, &operator()).await.unwrap();
        assert_eq!(house.program.access.users(&operator()).await.unwrap().0.len(), before);
    }

    async fn a_link_shows_a_button_first_and_lets_in_once(db: Db) {
        let house = House::open(&db).await;
        let id = house.user("zhang").await;
        let token = house.program.access.create_link(&operator(), &id).await.unwrap();
        let path = format!("/sign-in/link/{token}");
        let seen = house.get(&path, "").await;
        assert_eq!(seen.status, StatusCode::OK);
        let visit = seen.cookies.iter().find(|cookie| cookie.starts_with("hawser_visit=")).unwrap();
        let visit = visit.split(';').next().unwrap().to_owned();
        let csrf = seen.body.split_once("name=\"csrf\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        let form = format!("csrf={csrf}");
        let entered = house.post(&path, &visit, &form).await;
        assert_eq!((entered.status, entered.location.as_str()), (StatusCode::SEE_OTHER, "/"));
        let session = entered.cookies.iter().find(|cookie| cookie.starts_with("hawser_session=")).unwrap();
        assert!(session.contains("HttpOnly") && session.contains("SameSite=Lax"));
        let again = house.post(&path, &visit, &form).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_form_without_the_token_of_its_session_changes_nothing(db: Db) {
        let house = House::open(&db).await;
        let (mine, other) = (house.sign_in("zhang").await, house.sign_in("chen").await);
        let stolen = house.csrf(&other).await;
        for form in [String::new(), format!("csrf={stolen}")] {
            assert_eq!(house.post("/sign-out", &mine, &form).await.status, StatusCode::FORBIDDEN);
        }
        assert_eq!(house.get("/me", &mine).await.status, StatusCode::OK);
    }

    async fn an_unknown_page_is_a_sentence_in_the_readers_language(db: Db) {
        let house = House::open(&db).await;
        let cookie = house.sign_in("zhang").await;
        let chinese = house.get("/no-such-page", &cookie).await;
        assert_eq!(chinese.status, StatusCode::NOT_FOUND);
        assert!(chinese.body.contains("没有找到"));
        let english = house.get("/no-such-page", &format!("{cookie}; hawser_language=en")).await;
        assert!(english.body.contains("does not exist"));
    }
}
