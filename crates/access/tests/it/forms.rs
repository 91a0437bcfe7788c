//! The plain forms of the settings and of one's own page.

use access::identify::Outside;
use axum::http::{StatusCode, header};
use base::Actor;
use totp_rs::{Builder, Secret};

use crate::pages::{app, app_behind, ask, cookie, csrf, text};
use crate::{ready, role, somebody};

db::db_tests! {
    async fn a_role_gets_the_rights_of_its_form(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "administrator").await;
        let (app, cookie) = (app(&access), cookie(&access, &id).await);
        let token = csrf(&app, "/settings/roles/new", &cookie).await;
        let body = format!("csrf={token}&version=0&name=Auditor&right.customers.view=department&right.access.audit=all");
        assert_eq!(ask(&app, "POST", "/settings/roles/new", &cookie, &body).await.status(), StatusCode::SEE_OTHER);
        let all = access.roles().await.unwrap();
        let (made, rights) = all.into_iter().find(|(role, _)| role.name == "Auditor").unwrap();
        assert_eq!(rights["customers.view"], access::Reach::Department);
        assert_eq!(rights.len(), 2);
        let page = text(ask(&app, "GET", &format!("/settings/roles/{}", made.id), &cookie, "").await).await;
        assert!(page.contains("<option value=\"department\" selected>"), "{page}");
        let unnamed = format!("csrf={token}&version=0&name=&right.customers.view=own");
        let again = ask(&app, "POST", "/settings/roles/new", &cookie, &unnamed).await;
        assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(again).await.contains("请填写名称"));
    }

    async fn the_role_of_administrators_cannot_be_changed(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "administrator").await;
        let (app, cookie) = (app(&access), cookie(&access, &id).await);
        let fixed = role(&access, "administrator").await;
        let path = format!("/settings/roles/{fixed}");
        assert!(!text(ask(&app, "GET", &path, &cookie, "").await).await.contains("name=\"right."));
        let token = csrf(&app, "/me", &cookie).await;
        let body = format!("csrf={token}&version=1&name=x&right.customers.view=all");
        let refused = ask(&app, "POST", &path, &cookie, &body).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(access.role(&fixed).await.unwrap().1.contains_key(access::USERS.0));
    }

    async fn a_made_up_permission_is_refused(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "administrator").await;
        let (app, cookie) = (app(&access), cookie(&access, &id).await);
        let token = csrf(&app, "/me", &cookie).await;
        for odd in ["right.customers.steal=all", "right.customers.view=everything", "owner=me"] {
            let body = format!("csrf={token}&version=0&name=Odd&{odd}");
            let refused = ask(&app, "POST", "/settings/roles/new", &cookie, &body).await;
            assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{odd}");
        }
        assert!(access.roles().await.unwrap().iter().all(|(role, _)| role.name != "Odd"));
    }

    async fn what_is_wrong_with_a_department_stands_in_its_form(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "administrator").await;
        let (app, cookie) = (app(&access), cookie(&access, &id).await);
        let top = access.create_department(&crate::boss(), "East", None).await.unwrap();
        let below = access.create_department(&crate::boss(), "Shanghai", Some(top.clone())).await.unwrap();
        let token = csrf(&app, "/settings/departments/new", &cookie).await;
        let unnamed = ask(&app, "POST", "/settings/departments/new", &cookie, &format!("csrf={token}")).await;
        assert_eq!(unnamed.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(unnamed).await.contains("id=\"name-problem\""));
        let path = format!("/settings/departments/{top}");
        let cycle = format!("csrf={token}&version=1&name=Eastern&parent={below}");
        let cycle = ask(&app, "POST", &path, &cookie, &cycle).await;
        assert_eq!(cycle.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(cycle).await.contains("value=\"Eastern\""));
        let stale = ask(&app, "POST", &path, &cookie, &format!("csrf={token}&version=9&name=Other")).await;
        assert_eq!(stale.status(), StatusCode::CONFLICT);
        assert!(text(stale).await.contains("value=\"East\""));
    }

    async fn a_key_is_shown_once(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "administrator").await;
        let (app, cookie) = (app(&access), cookie(&access, &id).await);
        let page = text(ask(&app, "GET", "/settings/api-keys/new", &cookie, "").await).await;
        assert!(page.contains("<span>管理用户</span>"), "each scope is shown by its name");
        let last_day = page.split("name=\"last_day\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let token = csrf(&app, "/me", &cookie).await;
        let body = format!("csrf={token}&name=warehouse&last_day={last_day}&scope=customers.view");
        let made = text(ask(&app, "POST", "/settings/api-keys/new", &cookie, &body).await).await;
        let secret = made.split("<pre>").nth(1).unwrap().split('<').next().unwrap();
        assert!(access.identify_key(secret, base::now()).await.unwrap().is_some());
        let list = text(ask(&app, "GET", "/settings/api-keys", &cookie, "").await).await;
        assert!(list.contains("warehouse") && !list.contains("hk_"));
        for wrong in ["last_day=2020-01-01&scope=customers.view", "last_day=x&scope=customers.view"] {
            let body = format!("csrf={token}&name=a&{wrong}");
            let refused = ask(&app, "POST", "/settings/api-keys/new", &cookie, &body).await;
            assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
    }

    async fn two_steps_are_turned_on_and_asked_for_by_plain_forms(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "sales_rep").await;
        let (app, cookie) = (app(&access), cookie(&access, &id).await);
        let token = csrf(&app, "/me", &cookie).await;
        let form = format!("csrf={token}");
        assert_eq!(ask(&app, "POST", "/me/code/offer", &cookie, &form).await.status(), StatusCode::SEE_OTHER);
        let page = text(ask(&app, "GET", "/me", &cookie, "").await).await;
        assert!(page.contains("otpauth://totp/") && page.contains("<svg class=\"qr\"") && !page.contains("style="));
        let wrong = ask(&app, "POST", "/me/code/confirm", &cookie, &format!("{form}&code=000000")).await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(wrong).await.contains("id=\"code-problem\""));
        let secret = page.split("<code>").nth(1).unwrap().split('<').next().unwrap();
        let secret = Secret::try_from_base32(secret).unwrap();
        let app_of_zhang = Builder::new().with_secret(secret).with_account_name("x").build().unwrap();
        let seconds = base::now().timestamp().unsigned_abs();
        let code = app_of_zhang.generate(seconds).to_string();
        let kept = text(ask(&app, "POST", "/me/code/confirm", &cookie, &format!("{form}&code={code}")).await).await;
        let recovery = kept.split("<pre>").nth(1).unwrap().lines().next().unwrap().to_owned();

        let link = access.create_link(&Actor::system("test", base::now()), &id).await.unwrap();
        let (visit, path) = ("hawser_visit=abc", format!("/sign-in/link/{link}"));
        let form = format!("csrf={}", csrf(&app, &path, visit).await);
        let half = ask(&app, "POST", &path, visit, &form).await;
        assert!(half.headers()[header::LOCATION].to_str().unwrap().starts_with("/sign-in/code?next="));
        let set = half.headers()[header::SET_COOKIE].to_str().unwrap();
        assert!(!set.contains("hawser_session=") && set.contains("HttpOnly"));
        let visit = format!("{visit}; {}", set.split(';').next().unwrap());
        let form = format!("csrf={}&next=/me", csrf(&app, "/sign-in/code", &visit).await);
        let wrong = ask(&app, "POST", "/sign-in/code", &visit, &format!("{form}&code={code}")).await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let entered = ask(&app, "POST", "/sign-in/code", &visit, &format!("{form}&code={recovery}")).await;
        assert_eq!((entered.status(), &entered.headers()[header::LOCATION]), (StatusCode::SEE_OTHER, &"/me".parse().unwrap()));
        assert!(entered.headers()[header::SET_COOKIE].to_str().unwrap().starts_with("hawser_session="));
    }

    async fn the_audit_speaks_the_readers_language(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "administrator").await;
        let (app, cookie) = (app(&access), cookie(&access, &id).await);
        access.create_department(&crate::boss(), "East", None).await.unwrap();
        let chinese = text(ask(&app, "GET", "/settings/audit?q=department", &cookie, "").await).await;
        assert!(chinese.contains("新建部门") && chinese.contains("部门 <a href") && chinese.contains(">East</a>") && !chinese.contains("department.created"));
        let english = format!("{cookie}; hawser_language=en");
        let english = text(ask(&app, "GET", "/settings/audit?q=department", &english, "").await).await;
        assert!(english.contains("Created a department"));
    }

    async fn the_language_of_layout_tests_is_no_choice(db: Db) {
        let access = ready(db).await;
        let cookie = "hawser_language=qps";
        let plain = text(ask(&app(&access), "GET", "/sign-in", cookie, "").await).await;
        assert!(plain.contains("lang=\"zh-CN\""));
        let tested = app_behind(&access, Outside { test_language: true, ..Outside::default() });
        assert!(text(ask(&tested, "GET", "/sign-in", cookie, "").await).await.contains("lang=\"qps\""));
    }

    async fn a_request_for_another_host_is_misdirected(db: Db) {
        let access = ready(db).await;
        let base_url = Some("https://crm.example.com".to_owned());
        let app = app_behind(&access, Outside { base_url, ..Outside::default() });
        let answer = ask(&app, "GET", "/sign-in", "", "").await;
        assert_eq!(answer.status(), StatusCode::MISDIRECTED_REQUEST);
        assert!(text(answer).await.contains("https://crm.example.com"));
    }
}
