use access::rules::Rights;
use access::user::Status;
use access::{NewUser, Reach, UserChange};
use base::{Actor, Error, Scope, UserId};

use crate::{VIEW, actor, boss, cookie, morning, ready, role, somebody};

async fn change_of(access: &access::Access, id: &UserId) -> UserChange {
    let (user, roles) = access.user(&boss(), id).await.unwrap();
    UserChange { roles, ..UserChange::from(&user) }
}

db::db_tests! {
    async fn the_old_cookie_of_a_disabled_user_is_nobody(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "sales_rep").await;
        let cookie = cookie(&access, &id).await;
        let link = access.create_link(&boss(), &id).await.unwrap();
        let change = change_of(&access, &id).await;
        access.change_user(&boss(), &id, UserChange { status: Status::Disabled, ..change }).await.unwrap();
        assert!(access.identify_session(&cookie, morning()).await.unwrap().is_none());
        assert!(access.redeem_link(&link, morning(), "", "").await.is_err());
        let refused = access.create_link(&boss(), &id).await.unwrap_err();
        assert_eq!(refused.code(), "access-user_disabled");
    }

    async fn other_roles_end_the_sessions_and_another_name_does_not(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "sales_rep").await;
        let cookie = cookie(&access, &id).await;
        let change = change_of(&access, &id).await;
        access.change_user(&boss(), &id, UserChange { name: "Zhang".into(), ..change }).await.unwrap();
        assert!(access.identify_session(&cookie, morning()).await.unwrap().is_some());
        let roles = vec![role(&access, "manager").await];
        let change = change_of(&access, &id).await;
        access.change_user(&boss(), &id, UserChange { roles, ..change }).await.unwrap();
        assert!(access.identify_session(&cookie, morning()).await.unwrap().is_none());
    }

    async fn other_rights_of_a_role_end_the_sessions_of_its_holders(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "sales_rep").await;
        let cookie = cookie(&access, &id).await;
        let sales_rep = role(&access, "sales_rep").await;
        access.change_role(&boss(), &sales_rep, 1, "Sales", &Rights::new()).await.unwrap();
        assert!(access.identify_session(&cookie, morning()).await.unwrap().is_none());
    }

    async fn a_manager_sees_his_department_and_all_below(db: Db) {
        let access = ready(db).await;
        let top = access.create_department(&boss(), "East", None).await.unwrap();
        let below = access.create_department(&boss(), "Shanghai", Some(top.clone())).await.unwrap();
        let deep = access.create_department(&boss(), "Pudong", Some(below.clone())).await.unwrap();
        access.create_department(&boss(), "West", None).await.unwrap();
        let new = NewUser {
            name: "Li".into(),
            login: "li".into(),
            department: Some(top.clone()),
            roles: vec![role(&access, "manager").await],
            ..NewUser::default()
        };
        let id = access.create_user(&boss(), new).await.unwrap();
        let manager = actor(&access, &id).await;
        assert_eq!(manager.scope(VIEW), Some(Scope::Departments(vec![top.clone(), below, deep.clone()])));
        let cycle = access.change_department(&boss(), &top, 1, "East", Some(deep)).await.unwrap_err();
        assert_eq!(cycle.code(), "access-department_cycle");
    }

    async fn the_widest_reach_of_several_roles_counts(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "sales_rep").await;
        let all = Rights::from([(VIEW.0.to_owned(), Reach::All)]);
        let wide = access.create_role(&boss(), "Auditor", &all).await.unwrap();
        let mut change = change_of(&access, &id).await;
        change.roles.push(wide);
        access.change_user(&boss(), &id, change).await.unwrap();
        assert_eq!(actor(&access, &id).await.scope(VIEW), Some(Scope::All));
    }

    async fn the_last_administrator_stays(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "administrator").await;
        let change = change_of(&access, &id).await;
        let disabled = UserChange { status: Status::Disabled, ..change.clone() };
        let refused = access.change_user(&boss(), &id, disabled.clone()).await.unwrap_err();
        assert_eq!(refused.code(), "access-last_administrator");
        let demoted = UserChange { roles: Vec::new(), ..change };
        let refused = access.change_user(&boss(), &id, demoted).await.unwrap_err();
        assert_eq!(refused.code(), "access-last_administrator");
        somebody(&access, "li", "administrator").await;
        access.change_user(&boss(), &id, disabled).await.unwrap();
    }

    async fn nobody_gives_what_he_does_not_have(db: Db) {
        let access = ready(db).await;
        let rights = Rights::from([(access::USERS.0.to_owned(), Reach::All)]);
        let clerk = access.create_role(&boss(), "Clerk", &rights).await.unwrap();
        let administrator = somebody(&access, "boss", "administrator").await;
        let new = NewUser { name: "Li".into(), login: "li".into(), roles: vec![clerk], ..NewUser::default() };
        let id = access.create_user(&boss(), new).await.unwrap();
        let me: Actor = actor(&access, &id).await;
        let mut change = change_of(&access, &id).await;
        change.roles.push(role(&access, "administrator").await);
        let refused = access.change_user(&me, &id, change).await.unwrap_err();
        assert_eq!(refused.code(), "access-grants_more");
        let refused = access.create_link(&me, &administrator).await.unwrap_err();
        assert_eq!(refused.code(), "access-grants_more");
    }

    async fn two_people_with_one_login_are_refused(db: Db) {
        let access = ready(db).await;
        somebody(&access, "zhang", "sales_rep").await;
        let new = NewUser { name: "Other".into(), login: "ZHANG".into(), ..NewUser::default() };
        assert!(matches!(access.create_user(&boss(), new).await, Err(Error::Invalid(_))));
    }

    async fn who_comes_second_gets_a_conflict(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "sales_rep").await;
        let first = change_of(&access, &id).await;
        let second = first.clone();
        access.change_user(&boss(), &id, first).await.unwrap();
        assert!(matches!(access.change_user(&boss(), &id, second).await, Err(Error::Conflict)));
    }
}
