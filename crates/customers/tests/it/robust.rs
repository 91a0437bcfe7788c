//! What goes wrong is said, and nothing else changes.

use base::{CustomerId, DepartmentId, Error, FieldProblem, Scope};
use customers::interaction::InteractionId;
use customers::store::{Filter, Sort};
use customers::{Customers, samples};
use db::db_tests;

use crate::{now, person};

fn problem<T: std::fmt::Debug>(result: Result<T, Error>) -> (String, String) {
    let Err(Error::Invalid(mut problems)) = result else { panic!("accepted: {result:?}") };
    let FieldProblem { field, message, .. } = problems.remove(0);
    (field, message.key)
}

db_tests! {
    async fn of_two_who_give_the_same_code_at_once_the_second_hears_the_usual_sentence(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let mut draft = samples::draft("明为公司");
        draft.credit_code = "914403001922038216".into();
        let tx = db.begin().await.unwrap();
        customers::create_in(&tx, &zhang, draft.clone()).await.unwrap();
        let second = tokio::spawn({
            let (customers, zhang) = (Customers::new(db.clone()), zhang.clone());
            async move { customers.create(&zhang, draft).await }
        });
        // On PostgreSQL the second has passed the ordinary check by then and waits for the first to end.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert!(!second.is_finished());
        db.commit(tx).await.unwrap();
        let said = problem(second.await.unwrap());
        assert_eq!(said, ("credit_code".into(), "customer-credit_code_taken".into()));
        assert_eq!(Customers::new(db).count(&zhang, &Filter::default()).await.unwrap(), 1);
    }

    async fn texts_in_any_script_are_kept_exactly(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        for name in ["深圳 🚢🇨🇳 货代", "شركة الشحن السريع", "Ünïcödé \u{202e}txt", "㍿ﬁ", &"长".repeat(200)] {
            let mut draft = samples::draft(name);
            (draft.notes, draft.tags) = ("🚚\nسطر".into(), vec!["🏷️ vip".into()]);
            draft.former_names = vec!["اسم".into()];
            let id = customers.create(&zhang, draft.clone()).await.unwrap().customer_id();
            draft.owner_id = zhang.user_id().cloned();
            assert_eq!(customers.file(&zhang, &id).await.unwrap().draft(), draft);
            let mut call = samples::call(&format!("{name} 🙂\n第二行"));
            call.happened_at = Some(now());
            customers.log(&zhang, &id, call).await.unwrap();
            let told = customers.interactions(&zhang, &id, None, base::PageSize(9)).await.unwrap();
            assert_eq!(told.rows[0].text, format!("{name} 🙂\n第二行"));
            let words = Filter { words: name.into(), ..Filter::default() };
            assert_eq!(customers.count(&zhang, &words).await.unwrap(), 1, "{name}");
        }
    }

    async fn a_field_that_cannot_be_stored_is_named(db: Db) {
        let customers = Customers::new(db);
        let boss = person("boss", "south", Scope::All);
        let long = "长".repeat(10_000);
        let with = |change: &dyn Fn(&mut customers::forms::CustomerDraft)| {
            let mut draft = samples::draft("明为公司");
            change(&mut draft);
            draft
        };
        let drafts = [
            (with(&|draft| draft.name = long.clone()), "name", "customer-too_long"),
            (with(&|draft| draft.name = " \u{3000}".into()), "name", "customer-name_missing"),
            (with(&|draft| draft.english_name = "a\0".into()), "english_name", "customer-control_character"),
            (with(&|draft| draft.notes = "长".repeat(10_001)), "notes", "customer-too_long"),
            (with(&|draft| draft.tags = vec!["\0".into()]), "tags", "customer-control_character"),
            (with(&|draft| draft.owner_id = Some(base::UserId("a\0".into()))), "owner_id", "customer-control_character"),
            (with(&|draft| draft.owner_id = Some(base::UserId("x".into()))), "owner_id", "customer-owner_out_of_reach"),
            (with(&|draft| draft.rhythm_days = Some(i64::MAX)), "rhythm_days", "customer-rhythm_out_of_range"),
            (with(&|draft| draft.credit_code = "9144".into()), "credit_code", "customer-credit_code_length"),
        ];
        for (draft, field, key) in drafts {
            assert_eq!(problem(customers.create(&boss, draft).await), (field.into(), key.into()));
        }
        assert_eq!(customers.count(&boss, &Filter::default()).await.unwrap(), 0);
    }

    async fn an_interaction_that_cannot_be_stored_names_the_field(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().customer_id();
        let with = |change: &dyn Fn(&mut customers::forms::InteractionDraft)| {
            let mut draft = samples::call("谈了");
            change(&mut draft);
            draft
        };
        let step = |draft: &mut customers::forms::InteractionDraft, day: &str| {
            (draft.no_next_step, draft.next_step) = (false, "报价".into());
            draft.next_step_on = Some(day.parse().unwrap());
        };
        let drafts = [
            (with(&|draft| draft.text = "a\0".into()), "text", "customer-control_character"),
            (with(&|draft| draft.text = "长".repeat(10_001)), "text", "customer-too_long"),
            (with(&|draft| draft.happened_at = Some(now() + chrono::Duration::seconds(1))), "happened_at", "interaction-in_future"),
            (with(&|draft| draft.happened_at = "0001-01-01T00:00:00Z".parse().ok()), "happened_at", "interaction-year_impossible"),
            (with(&|draft| step(draft, "9999-01-01")), "next_step_on", "interaction-year_impossible"),
            (with(&|draft| draft.next_step_by = Some(base::UserId("x\0".into()))), "next_step_by", "interaction-nobody_there"),
            (with(&|draft| draft.shipments = vec!["\0".into()]), "shipments", "customer-control_character"),
            (with(&|draft| draft.shipments = vec!["x".into(); 51]), "shipments", "customer-too_many_parts"),
        ];
        for (draft, field, key) in drafts {
            assert_eq!(problem(customers.log(&zhang, &id, draft).await), (field.into(), key.into()));
        }
        assert!(customers.interactions(&zhang, &id, None, base::PageSize(9)).await.unwrap().rows.is_empty());
    }

    async fn an_id_that_nobody_gave_finds_nothing(db: Db) {
        let customers = Customers::new(db);
        let boss = person("boss", "south", Scope::All);
        for id in ["", "x", "a\0b", "'; drop table customers; --", &"9".repeat(10_000)] {
            let (customer, interaction) = (CustomerId(id.into()), InteractionId(id.into()));
            assert!(matches!(customers.file(&boss, &customer).await, Err(Error::NotFound)));
            assert!(matches!(customers.change(&boss, &customer, 1, samples::draft("x")).await, Err(Error::NotFound)));
            assert!(matches!(customers.finish_next_step(&boss, &interaction).await, Err(Error::NotFound)));
        }
        let made_up = base::Cursor { key: "\0".into(), id: "\0".into() };
        for sort in [Sort::Name, Sort::Updated, Sort::Created, Sort::LastContact, Sort::Stage] {
            let filter = Filter { sort, after: Some(made_up.clone()), ..Filter::default() };
            assert!(customers.list(&boss, &filter, base::PageSize(9)).await.unwrap().rows.is_empty());
        }
    }

    async fn who_comes_second_hears_what_was_changed_and_by_whom(db: Db) {
        let customers = Customers::new(db);
        let boss = person("boss", "south", Scope::All);
        let zhang = person("zhang", "south", Scope::Own);
        let customer = customers.create(&zhang, samples::draft("明为公司")).await.unwrap();
        let id = customer.customer_id();
        let mut draft = customers.file(&zhang, &id).await.unwrap().draft();
        draft.industry = "家具".into();
        customers.change(&zhang, &id, 1, draft.clone()).await.unwrap();
        draft.name = "x".into();
        assert!(matches!(customers.change(&boss, &id, 1, draft).await, Err(Error::Conflict)));
        let since = customers.changed_since(&boss, &id, 1).await.unwrap();
        assert_eq!(since, [("zhang".to_owned(), vec!["industry".to_owned()])]);
        assert!(customers.changed_since(&boss, &id, 2).await.unwrap().is_empty());
        let stranger = person("zhao", "north", Scope::Departments(vec![DepartmentId("north".into())]));
        assert!(matches!(customers.changed_since(&stranger, &id, 1).await, Err(Error::NotFound)));
    }

    async fn each_filter_leaves_what_it_says(db: Db) {
        let customers = Customers::new(db);
        let boss = person("boss", "south", Scope::All);
        let mut draft = samples::draft("明为公司");
        draft.relation_type = customers::customer::RelationType::Agent;
        (draft.industry, draft.tags) = ("家具".into(), vec!["重点".into()]);
        (draft.owner_id, draft.credit_code) = (boss.user_id().cloned(), "914403001922038216".into());
        (draft.short_name, draft.former_names) = ("明为".into(), vec!["老名字".into()]);
        draft.english_name = "Mingwei".into();
        customers.create(&boss, draft).await.unwrap();
        customers.create(&boss, samples::draft("迅捷货运")).await.unwrap();
        let all = Filter::default();
        let mut narrow = vec![
            Filter { relation_type: Some(customers::customer::RelationType::Agent), ..all.clone() },
            Filter { industry: Some("家具".into()), ..all.clone() },
            Filter { tag: Some("重点".into()), ..all.clone() },
            Filter { owner: boss.user_id().cloned(), ..all.clone() },
            Filter { without_owner: true, ..all.clone() },
        ];
        for words in ["明为", "老名字", "mingWEI", "914403001922038216"] {
            narrow.push(Filter { words: words.into(), ..all.clone() });
        }
        for filter in narrow {
            assert_eq!(customers.count(&boss, &filter).await.unwrap(), 1, "{filter:?}");
        }
        let south = Filter { department: Some(DepartmentId("south".into())), ..all.clone() };
        assert_eq!(customers.count(&boss, &south).await.unwrap(), 2);
        let north = Filter { department: Some(DepartmentId("north".into())), ..all };
        assert_eq!(customers.count(&boss, &north).await.unwrap(), 0);
    }
}
