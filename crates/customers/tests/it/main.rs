#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod any_file;
mod api;
mod contacts;
mod contacts_api;
mod contacts_pages;
mod import_words;
mod imports;
mod in_order;
mod interactions;
mod older;
mod pages;
mod robust;

use base::{Actor, ActorKind, Cursor, DepartmentId, Error, Language, PageSize, Permission, Scope, UserId};
use customers::store::{Filter, Sort};
use customers::{CREATE, CustomerReasons, Customers, EDIT, LOG, VIEW, samples};
use db::db_tests;
use module::ReasonSource;

fn now() -> base::Instant {
    "2026-11-23T04:00:00Z".parse().unwrap()
}

fn person(id: &str, department: &str, scope: Scope) -> Actor {
    let all: [Permission; 4] = [VIEW, CREATE, EDIT, LOG];
    Actor {
        kind: ActorKind::User { id: UserId(id.into()), session: "s".into() },
        name: id.into(),
        department: Some(DepartmentId(department.into())),
        permissions: all.into_iter().map(|permission| (permission, scope.clone())).collect(),
        language: Language::Chinese,
        now: now(),
    }
}

db_tests! {
    async fn a_customer_out_of_scope_does_not_exist(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        let li = person("li", "south", Scope::Own);
        let manager = person("wang", "south", Scope::Departments(vec![DepartmentId("south".into())]));
        let stranger = person("zhao", "north", Scope::Departments(vec![DepartmentId("north".into())]));
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().customer_id();
        for actor in [&zhang, &manager, &person("boss", "x", Scope::All)] {
            assert_eq!(customers.file(actor, &id).await.unwrap().customer.name, "明为公司");
        }
        for actor in [&li, &stranger] {
            assert!(matches!(customers.file(actor, &id).await, Err(Error::NotFound)));
            assert!(matches!(customers.change(actor, &id, 1, samples::draft("x")).await, Err(Error::NotFound)));
            assert!(matches!(customers.log(actor, &id, samples::call("x")).await, Err(Error::NotFound)));
            assert_eq!(customers.count(actor, &Filter::default()).await.unwrap(), 0);
        }
        let nobody = Actor { permissions: Default::default(), ..zhang };
        assert!(matches!(customers.file(&nobody, &id).await, Err(Error::Forbidden)));
    }

    async fn paging_walks_every_customer_exactly_once(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        for n in 0..7 {
            let name = if n < 5 { "同名公司".to_owned() } else { format!("公司 {n}") };
            customers.create(&zhang, samples::draft(&name)).await.unwrap();
        }
        for sort in [Sort::Name, Sort::Updated, Sort::LastContact, Sort::Stage] {
            let mut seen = Vec::new();
            let mut filter = Filter { sort, ..Filter::default() };
            loop {
                let page = customers.list(&zhang, &filter, PageSize(2)).await.unwrap();
                seen.extend(page.rows.into_iter().map(|row| row.id));
                let Some(next) = page.next else { break };
                filter.after = Some(Cursor::decode(&next).unwrap());
            }
            assert_eq!(seen.len(), 7, "{sort:?}");
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), 7, "{sort:?}");
        }
    }

    async fn who_saves_second_gets_a_conflict(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        let customer = customers.create(&zhang, samples::draft("明为公司")).await.unwrap();
        let id = customer.customer_id();
        let mut draft = samples::draft("明为有限公司");
        assert!(matches!(customers.change(&zhang, &id, customer.version, draft.clone()).await, Err(Error::Invalid(_))));
        draft.owner_id = customer.owner_id.clone();
        customers.change(&zhang, &id, customer.version, draft.clone()).await.unwrap();
        draft.name = "别的名字".into();
        assert!(matches!(customers.change(&zhang, &id, customer.version, draft).await, Err(Error::Conflict)));
        assert_eq!(customers.file(&zhang, &id).await.unwrap().customer.name, "明为有限公司");
    }

    async fn a_next_step_is_compulsory_or_explicitly_none(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().customer_id();
        let mut call = samples::call("谈了报价");
        customers.log(&zhang, &id, call.clone()).await.unwrap();
        call.no_next_step = false;
        assert!(matches!(customers.log(&zhang, &id, call).await, Err(Error::Invalid(_))));
        assert_eq!(customers.file(&zhang, &id).await.unwrap().customer.last_contact_at, Some(now()));
    }

    async fn a_due_next_step_stands_on_the_worklist_until_it_is_finished(db: Db) {
        let customers = Customers::new(db.clone());
        let zhang = person("zhang", "south", Scope::Own);
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().customer_id();
        let mut call = samples::call("答应报价");
        (call.no_next_step, call.next_step, call.next_step_on) = (false, "报价".into(), Some(zhang.today()));
        let logged = customers.log(&zhang, &id, call).await.unwrap();
        let reasons = CustomerReasons.reasons(&db, &zhang, zhang.user_id()).await.unwrap();
        assert_eq!(reasons.iter().map(|reason| reason.kind).collect::<Vec<_>>(), ["next_step_due"]);
        customers.finish_next_step(&zhang, &logged).await.unwrap();
        assert!(CustomerReasons.reasons(&db, &zhang, None).await.unwrap().is_empty());
        assert!(matches!(customers.finish_next_step(&zhang, &logged).await, Err(Error::Refused(_))));
    }

    async fn two_characters_and_signs_of_patterns_are_found_as_typed(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        for name in ["深圳明为物流有限公司", "广州迅捷货运", "100% Cargo"] {
            customers.create(&zhang, samples::draft(name)).await.unwrap();
        }
        for (words, found) in [("明为", 1), ("ＣＡＲＧＯ", 1), ("%", 1), ("_", 0), ("迅捷 广州", 1), ("红木", 0)] {
            let filter = Filter { words: words.into(), ..Filter::default() };
            assert_eq!(customers.count(&zhang, &filter).await.unwrap(), found, "{words}");
        }
    }

    async fn whoever_may_not_give_a_customer_away_learns_nothing_about_codes(db: Db) {
        let customers = Customers::new(db);
        let (zhang, li) = (person("zhang", "south", Scope::Own), person("li", "south", Scope::Own));
        let mut draft = samples::draft("明为公司");
        draft.credit_code = "914403001922038216".into();
        customers.create(&zhang, draft.clone()).await.unwrap();
        draft.owner_id = zhang.user_id().cloned();
        let Err(Error::Invalid(problems)) = customers.create(&li, draft).await else { panic!("was created") };
        assert_eq!(problems[0].field, "owner_id");
    }

    async fn that_a_hidden_customer_has_a_code_is_told_thirty_times_an_hour_and_written_down(db: Db) {
        let customers = Customers::new(db.clone());
        let (zhang, mut li) = (person("zhang", "south", Scope::Own), person("li", "south", Scope::Own));
        let mut taken = samples::draft("明为公司");
        taken.credit_code = "914403001922038216".into();
        let hidden = customers.create(&zhang, taken.clone()).await.unwrap();
        let mut own = samples::draft("迅捷货运");
        own.credit_code = "91440300708461136T".into();
        let own_id = customers.create(&li, own.clone()).await.unwrap().customer_id();
        for _ in 0..30 {
            assert!(matches!(customers.create(&li, taken.clone()).await, Err(Error::Invalid(_))));
        }
        let written = db::audit::latest(db.read(), None, "customer.hidden_code_met", 99).await.unwrap();
        assert_eq!((written.len(), written[0].detail["customer"].as_str()), (30, Some(hidden.id.as_str())));
        assert_eq!((written[0].object_id.as_str(), written[0].actor.as_str()), ("li", "li"));
        let mut free = samples::draft("另一家");
        free.credit_code = "91310000100001000E".into();
        for draft in [taken.clone(), free] {
            assert!(matches!(customers.create(&li, draft).await, Err(Error::TooMany { .. })));
        }
        own.owner_id = li.user_id().cloned();
        customers.change(&li, &own_id, 1, own).await.unwrap();
        customers.create(&li, samples::draft("没有代码")).await.unwrap();
        li.now += chrono::Duration::minutes(61);
        assert!(matches!(customers.create(&li, taken).await, Err(Error::Invalid(_))));
    }

    async fn a_credit_code_belongs_to_one_customer_and_long_names_are_refused(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        let mut draft = samples::draft("深圳 🚢 شركة");
        draft.credit_code = "914403001922038216".into();
        customers.create(&zhang, draft.clone()).await.unwrap();
        assert!(matches!(customers.create(&zhang, draft).await, Err(Error::Invalid(_))));
        assert!(matches!(customers.create(&zhang, samples::draft(&"长".repeat(10_000))).await, Err(Error::Invalid(_))));
        assert!(matches!(customers.create(&zhang, samples::draft("a\0b")).await, Err(Error::Invalid(_))));
    }
}
