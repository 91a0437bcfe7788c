use std::sync::Arc;

use access::Access;
use access::identify::{Identify, Outside, identify};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use axum::{Extension, Router, middleware};
use base::{Actor, UserId};
use tower::ServiceExt;

use crate::{ready, role};

pub fn app(access: &Access) -> Router {
    app_behind(access, Outside::default())
}

/// The module's pages and API as the program serves them.
pub fn app_behind(access: &Access, outside: Outside) -> Router {
    let module = access::module(access.clone());
    access.name_records(module.records);
    let texts = texts::Texts::load([web::locales(), module.locales.unwrap()]).unwrap();
    let shell = Arc::new(web::Shell { texts: Arc::new(texts), menu: module.menu.clone() });
    let state = Identify { access: access.clone(), secure: false, outside };
    module
        .routes
        .into_router()
        .layer(middleware::from_fn(web::faces::give_faces))
        .layer(middleware::from_fn(web::guard::check_origin))
        .layer(middleware::from_fn_with_state(state, identify))
        .layer(Extension(shell))
}

pub async fn ask(app: &Router, method: &str, path: &str, cookie: &str, body: &str) -> Response {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .unwrap();
    app.clone().oneshot(request).await.unwrap()
}

pub async fn text(response: Response) -> String {
    String::from_utf8(axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
}

pub async fn csrf(app: &Router, path: &str, cookie: &str) -> String {
    let html = text(ask(app, "GET", path, cookie, "").await).await;
    html.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// A session that lives by the real clock, which the middleware reads.
pub async fn cookie(access: &Access, id: &UserId) -> String {
    let actor = Actor::system("test", base::now());
    let link = access.create_link(&actor, id).await.unwrap();
    let entry = access.redeem_link(&link, base::now(), "", "").await.unwrap();
    format!("hawser_session={}", entry.session().unwrap())
}

db::db_tests! {
    async fn the_forms_of_two_sessions_carry_different_tokens(db: Db) {
        let access = ready(db).await;
        let id = crate::somebody(&access, "zhang", "sales_rep").await;
        let app = app(&access);
        let [one, two] = [cookie(&access, &id).await, cookie(&access, &id).await];
        let token = csrf(&app, "/me", &one).await;
        assert_ne!(token, csrf(&app, "/me", &two).await);
        let foreign = ask(&app, "POST", "/sign-out", &two, &format!("csrf={token}")).await;
        assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    }

    async fn looking_at_a_link_does_not_use_it_up(db: Db) {
        let access = ready(db).await;
        let id = crate::somebody(&access, "zhang", "sales_rep").await;
        let link = access.create_link(&Actor::system("test", base::now()), &id).await.unwrap();
        let (app, path) = (app(&access), format!("/sign-in/link/{link}"));
        let visit = "hawser_visit=abc";
        assert!(text(ask(&app, "GET", &path, visit, "").await).await.contains("zhang"));
        let body = format!("csrf={}", csrf(&app, &path, visit).await);
        let used = ask(&app, "POST", &path, visit, &body).await;
        assert_eq!(used.status(), StatusCode::SEE_OTHER);
        let set = used.headers()[header::SET_COOKIE].to_str().unwrap();
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
        let again = ask(&app, "POST", &path, visit, &body).await;
        assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(again).await.contains("已过期"));
    }

    async fn every_page_of_the_settings_opens_for_an_administrator(db: Db) {
        let access = ready(db).await;
        let id = crate::somebody(&access, "zhang", "administrator").await;
        let (app, cookie) = (app(&access), cookie(&access, &id).await);
        let user = format!("/settings/users/{id}");
        let role = format!("/settings/roles/{}", role(&access, "manager").await);
        let department = access.create_department(&crate::boss(), "East", None).await.unwrap();
        let department = format!("/settings/departments/{department}");
        let all = ["/me", "/settings/users", "/settings/users/new", &user, "/settings/roles",
            "/settings/roles/new", &role, "/settings/departments", "/settings/departments/new", &department,
            "/settings/sessions", "/settings/api-keys", "/settings/api-keys/new", "/settings/audit?q=user"];
        for path in all {
            let answer = ask(&app, "GET", path, &cookie, "").await;
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
        }
    }

    async fn a_user_is_made_with_several_roles_by_a_plain_form(db: Db) {
        let access = ready(db).await;
        let id = crate::somebody(&access, "zhang", "administrator").await;
        let (app, cookie) = (app(&access), cookie(&access, &id).await);
        let [one, two] = [role(&access, "manager").await, role(&access, "sales_rep").await];
        let page = text(ask(&app, "GET", "/settings/users/new", &cookie, "").await).await;
        assert!(page.contains("<span>业务员</span>"), "each role is shown by its name");
        let token = csrf(&app, "/settings/users/new", &cookie).await;
        let body = format!("csrf={token}&version=0&name=Li&login=li&role={one}&role={two}");
        let made = ask(&app, "POST", "/settings/users/new", &cookie, &body).await;
        assert_eq!(made.status(), StatusCode::SEE_OTHER);
        let again = ask(&app, "POST", "/settings/users/new", &cookie, &body).await;
        assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(again).await.contains("value=\"Li\""));
    }
}
