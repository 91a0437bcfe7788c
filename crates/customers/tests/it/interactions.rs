//! What is logged, taken back and promised.

use base::{Actor, Error, Scope};
use customers::forms::CustomerDraft;
use customers::interaction::Outcome;
use customers::{CustomerReasons, Customers, samples};
use db::{Db, db_tests};
use module::{Doing, ReasonSource};

use crate::{now, person};

fn hours_ago(hours: i64) -> Option<base::Instant> {
    Some(now() - chrono::Duration::hours(hours))
}

async fn unlog(db: &Db, actor: &Actor, id: &str) -> Result<(), Error> {
    let tx = db.begin().await?;
    customers::unlog_in(&tx, actor, id).await?;
    db.commit(tx).await
}

db_tests! {
    async fn what_is_taken_back_leaves_the_contact_before(db: Db) {
        let customers = Customers::new(db.clone());
        let zhang = person("zhang", "south", Scope::Own);
        let mut draft = samples::draft("明为公司");
        draft.rhythm_days = Some(30);
        let id = customers.create(&zhang, draft).await.unwrap().customer_id();
        let at = |hours| customers::forms::InteractionDraft { happened_at: hours_ago(hours), ..samples::call("x") };
        customers.log(&zhang, &id, at(50)).await.unwrap();
        let mut missed = at(40);
        missed.outcome = Some(Outcome::NotReached);
        customers.log(&zhang, &id, missed).await.unwrap();
        let last = customers.log(&zhang, &id, at(1)).await.unwrap();
        assert_eq!(customers.file(&zhang, &id).await.unwrap().customer.last_contact_at, hours_ago(1));
        unlog(&db, &zhang, last.as_str()).await.unwrap();
        let customer = customers.file(&zhang, &id).await.unwrap().customer;
        assert_eq!(customer.last_contact_at, hours_ago(50));
        assert_eq!(customer.contact_due_on, Some("2026-12-21".parse().unwrap()));
        assert_eq!(customers.interactions(&zhang, &id, None, base::PageSize(9)).await.unwrap().rows.len(), 2);
        let told = db::audit::latest(db.read(), None, last.as_str(), 9).await.unwrap();
        assert!(told.iter().any(|entry| entry.action == "interaction.taken_back"));
    }

    async fn a_customer_whose_only_contact_is_taken_back_was_never_contacted(db: Db) {
        let customers = Customers::new(db.clone());
        let zhang = person("zhang", "south", Scope::Own);
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().customer_id();
        let only = customers.log(&zhang, &id, samples::call("x")).await.unwrap();
        unlog(&db, &zhang, only.as_str()).await.unwrap();
        let customer = customers.file(&zhang, &id).await.unwrap().customer;
        assert_eq!((customer.last_contact_at, customer.last_contact_order), (None, 0));
        assert!(matches!(unlog(&db, &zhang, only.as_str()).await, Err(Error::NotFound)));
    }

    async fn nobody_takes_back_what_somebody_else_logged(db: Db) {
        let customers = Customers::new(db.clone());
        let zhang = person("zhang", "south", Scope::Own);
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().customer_id();
        let logged = customers.log(&zhang, &id, samples::call("x")).await.unwrap();
        let boss = person("boss", "x", Scope::All);
        assert!(matches!(unlog(&db, &boss, logged.as_str()).await, Err(Error::NotFound)));
        assert_eq!(customers.interactions(&zhang, &id, None, base::PageSize(9)).await.unwrap().rows.len(), 1);
    }

    async fn doing_the_promised_step_finishes_it_and_undoing_opens_it_again(db: Db) {
        let customers = Customers::new(db.clone());
        let zhang = person("zhang", "south", Scope::Own);
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().customer_id();
        let mut call = samples::call("答应报价");
        (call.no_next_step, call.next_step, call.next_step_on) = (false, "报价".into(), Some(zhang.today()));
        let promised = customers.log(&zhang, &id, call).await.unwrap();
        let mut later = zhang.clone();
        later.now = now() + chrono::Duration::minutes(5);
        let tx = db.begin().await.unwrap();
        let done = customers::log_in(&tx, &later, &id, samples::call("报了")).await.unwrap();
        let doing = |kind, mark| Doing { kind, mark, customer: &id, interaction: done.as_str() };
        let step = doing("next_step_due", promised.as_str());
        CustomerReasons.done(&tx, &later, &doing("silent_beyond_rhythm", "2026-01-01")).await.unwrap();
        CustomerReasons.done(&tx, &later, &step).await.unwrap();
        db.commit(tx).await.unwrap();
        assert!(CustomerReasons.reasons(&db, &later, None).await.unwrap().is_empty());
        later.now += chrono::Duration::seconds(30);
        let tx = db.begin().await.unwrap();
        CustomerReasons.undone(&tx, &later, &step).await.unwrap();
        customers::unlog_in(&tx, &later, done.as_str()).await.unwrap();
        db.commit(tx).await.unwrap();
        assert_eq!(CustomerReasons.reasons(&db, &later, None).await.unwrap()[0].mark, promised.0);
    }

    async fn a_promise_is_the_owners_when_whoever_made_it_does_not_see_the_customer_any_more(db: Db) {
        let access = access::Access::new(db.clone(), access::seal::Key::from([7; 32]));
        access.know([customers::VIEW]);
        access.ensure_roles(&[("sales_rep", customers::VIEW, Scope::Own)], now()).await.unwrap();
        let sales = access.roles().await.unwrap().into_iter().find(|(role, _)| role.built_in.as_deref() == Some("sales_rep"));
        let roles = vec![sales.unwrap().0.id];
        let somebody = async |login: &str| {
            let new = access::NewUser { name: login.into(), login: login.into(), roles: roles.clone(), ..Default::default() };
            access.create_user(&Actor::system("test", now()), new).await.unwrap()
        };
        let (zhang, li) = (somebody("zhang").await, somebody("li").await);
        let (zhang, li) = (person(zhang.as_str(), "south", Scope::Own), person(li.as_str(), "south", Scope::Own));
        let boss = person("boss", "south", Scope::All);
        let customers = Customers::new(db.clone());
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().customer_id();
        let mut call = samples::call("答应报价");
        (call.no_next_step, call.next_step, call.next_step_on) = (false, "报价".into(), Some(zhang.today()));
        customers.log(&zhang, &id, call).await.unwrap();
        let whose = async |actor: &Actor, person: Option<&Actor>| {
            let person = person.and_then(Actor::user_id);
            let reasons = CustomerReasons.reasons(&db, actor, person).await.unwrap();
            reasons.into_iter().map(|reason| reason.person).collect::<Vec<_>>()
        };
        assert_eq!(whose(&zhang, Some(&zhang)).await, [zhang.user_id().cloned()]);
        let file = customers.file(&boss, &id).await.unwrap();
        let given = CustomerDraft { owner_id: li.user_id().cloned(), ..file.draft() };
        customers.change(&boss, &id, file.customer.version, given).await.unwrap();
        assert_eq!(whose(&li, Some(&li)).await, [li.user_id().cloned()]);
        assert_eq!(whose(&boss, None).await, [li.user_id().cloned()]);
        assert!(whose(&zhang, Some(&zhang)).await.is_empty() && whose(&boss, Some(&zhang)).await.is_empty());
    }

    async fn a_step_that_was_finished_before_stays_finished(db: Db) {
        let customers = Customers::new(db.clone());
        let zhang = person("zhang", "south", Scope::Own);
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().customer_id();
        let mut call = samples::call("答应报价");
        (call.no_next_step, call.next_step, call.next_step_on) = (false, "报价".into(), Some(zhang.today()));
        let promised = customers.log(&zhang, &id, call).await.unwrap();
        customers.finish_next_step(&zhang, &promised).await.unwrap();
        let mut later = zhang.clone();
        later.now = now() + chrono::Duration::minutes(5);
        let tx = db.begin().await.unwrap();
        let done = customers::log_in(&tx, &later, &id, samples::call("又报了")).await.unwrap();
        let step =
            Doing { kind: "next_step_due", mark: promised.as_str(), customer: &id, interaction: done.as_str() };
        CustomerReasons.done(&tx, &later, &step).await.unwrap();
        CustomerReasons.undone(&tx, &later, &step).await.unwrap();
        db.commit(tx).await.unwrap();
        assert!(CustomerReasons.reasons(&db, &later, None).await.unwrap().is_empty());
    }

    async fn a_list_names_only_the_customers_that_its_reader_may_see(db: Db) {
        let customers = Customers::new(db.clone());
        let [zhang, li] = ["zhang", "li"].map(|id| person(id, "south", Scope::Own));
        let own = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().customer_id();
        let other = customers.create(&li, samples::draft("迅捷货运")).await.unwrap().customer_id();
        let mut asked = vec![own.clone(), other];
        asked.extend((0..2_500).map(|n| base::CustomerId(format!("nobody-{n}"))));
        let brief = customers::briefly(db.read(), &zhang, &asked).await.unwrap();
        assert_eq!(brief.len(), 1);
        assert_eq!((brief[&own].name.as_str(), brief[&own].owner_id.as_ref()), ("明为公司", zhang.user_id()));
    }
}
