#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use base::{Actor, ActorKind, CustomerId, DepartmentId, Error, Language, Permission, Scope, UserId};
use chrono::Duration;
use customers::forms::InteractionDraft;
use customers::interaction::{InteractionId, Outcome};
use customers::{CustomerReasons, Customers, samples};
use db::dialect::statement;
use db::{Db, db_tests};
use module::Listener;
use sea_orm::ConnectionTrait;
use worklist::{OWN, TEAM, TakenBack, Worklist};

fn person(id: &str, scope: Scope) -> Actor {
    let all: [Permission; 6] = [customers::VIEW, customers::CREATE, customers::EDIT, customers::LOG, OWN, TEAM];
    Actor {
        kind: ActorKind::User { id: UserId(id.into()), session: "s".into() },
        name: id.into(),
        department: Some(DepartmentId("south".into())),
        permissions: all.into_iter().map(|permission| (permission, scope.clone())).collect(),
        language: Language::Chinese,
        now: "2026-11-23T04:00:00Z".parse().unwrap(),
    }
}

/// The list, and the customers that fill it.
fn house(db: Db) -> (Customers, Worklist) {
    let worklist = Worklist::new(db.clone());
    worklist.gather_from(vec![Arc::new(CustomerReasons)]);
    (Customers::new(db), worklist)
}

/// A customer whose next step is due since this many days.
async fn with_step(customers: &Customers, actor: &Actor, name: &str, overdue: i64) -> CustomerId {
    let id = customers.create(actor, samples::draft(name)).await.unwrap().customer_id();
    let call = InteractionDraft {
        happened_at: Some(actor.now - Duration::days(20)),
        next_step: "送报价".into(),
        next_step_on: Some(actor.today() - Duration::days(overdue)),
        no_next_step: false,
        ..samples::call("谈了运价")
    };
    customers.log(actor, &id, call).await.unwrap();
    id
}

async fn names(worklist: &Worklist, actor: &Actor) -> Vec<String> {
    worklist.today(actor, false).await.unwrap().rows.into_iter().map(|row| row.name).collect()
}

db_tests! {
    async fn a_step_done_leaves_the_list_and_undo_brings_it_back(db: Db) {
        let (customers, worklist) = house(db);
        let zhang = person("zhang", Scope::Own);
        let id = with_step(&customers, &zhang, "明为公司", 1).await;
        assert_eq!(names(&worklist, &zhang).await, ["明为公司"]);
        let act = worklist.done(&zhang, &id, samples::call("已送")).await.unwrap();
        let day = worklist.today(&zhang, false).await.unwrap();
        assert_eq!((day.rows.len(), day.done), (0, 1));
        assert_eq!(customers.interactions(&zhang, &id, None, base::PageSize(10)).await.unwrap().rows.len(), 2);
        worklist.undo(&zhang, &act.id).await.unwrap();
        assert_eq!(names(&worklist, &zhang).await, ["明为公司"]);
        assert_eq!(customers.interactions(&zhang, &id, None, base::PageSize(10)).await.unwrap().rows.len(), 1);
        assert!(matches!(worklist.undo(&zhang, &act.id).await, Err(Error::NotFound)));
    }

    async fn an_act_is_taken_back_by_its_person_within_a_minute(db: Db) {
        let (customers, worklist) = house(db);
        let zhang = person("zhang", Scope::Own);
        let id = with_step(&customers, &zhang, "明为公司", 1).await;
        let act = worklist.done(&zhang, &id, samples::call("已送")).await.unwrap();
        assert!(matches!(worklist.undo(&person("li", Scope::All), &act.id).await, Err(Error::NotFound)));
        let late = Actor { now: zhang.now + Duration::seconds(61), ..zhang.clone() };
        assert!(matches!(worklist.undo(&late, &act.id).await, Err(Error::Refused(_))));
        assert!(names(&worklist, &zhang).await.is_empty());
    }

    async fn later_hides_a_customer_until_its_day(db: Db) {
        let (customers, worklist) = house(db);
        let zhang = person("zhang", Scope::Own);
        let id = with_step(&customers, &zhang, "明为公司", 1).await;
        assert!(matches!(worklist.later(&zhang, &id, zhang.today()).await, Err(Error::Refused(_))));
        worklist.later(&zhang, &id, zhang.today() + Duration::days(2)).await.unwrap();
        for (days, seen) in [(0, 0), (1, 0), (2, 1)] {
            let then = Actor { now: zhang.now + Duration::days(days), ..zhang.clone() };
            assert_eq!(names(&worklist, &then).await.len(), seen, "after {days} days");
        }
    }

    async fn whoever_was_not_reached_is_asked_for_again_tomorrow(db: Db) {
        let (customers, worklist) = house(db);
        let zhang = person("zhang", Scope::Own);
        let id = with_step(&customers, &zhang, "明为公司", 1).await;
        let call = InteractionDraft { outcome: Some(Outcome::NotReached), ..samples::call("没人接") };
        worklist.done(&zhang, &id, call).await.unwrap();
        let day = worklist.today(&zhang, false).await.unwrap();
        assert_eq!((day.rows.len(), day.done), (0, 1));
        let tomorrow = Actor { now: zhang.now + Duration::days(1), ..zhang.clone() };
        assert_eq!(names(&worklist, &tomorrow).await, ["明为公司"]);
    }

    async fn a_customer_with_two_reasons_stands_on_one_row(db: Db) {
        let (customers, worklist) = house(db);
        let zhang = person("zhang", Scope::Own);
        let id = with_step(&customers, &zhang, "明为公司", 3).await;
        let call = InteractionDraft {
            happened_at: Some(zhang.now - Duration::days(9)),
            next_step: "寄样品".into(),
            next_step_on: Some(zhang.today()),
            no_next_step: false,
            ..samples::call("又谈了一次")
        };
        customers.log(&zhang, &id, call).await.unwrap();
        let day = worklist.today(&zhang, false).await.unwrap();
        assert_eq!(day.rows.len(), 1);
        assert_eq!(day.rows[0].reasons.len(), 2);
        assert_eq!(day.rows[0].due(), zhang.today() - Duration::days(3));
    }

    async fn nobody_is_asked_for_more_than_twelve_acts_a_day(db: Db) {
        let (customers, worklist) = house(db);
        let zhang = person("zhang", Scope::Own);
        let mut ids = Vec::new();
        for number in 0..15 {
            ids.push(with_step(&customers, &zhang, &format!("客户{number:02}"), number).await);
        }
        let day = worklist.today(&zhang, false).await.unwrap();
        assert_eq!((day.rows.len(), day.more), (12, 3));
        assert_eq!(day.rows[0].name, "客户14", "the oldest due comes first when nothing is known of value");
        worklist.done(&zhang, &ids[14], samples::call("已送")).await.unwrap();
        let day = worklist.today(&zhang, false).await.unwrap();
        assert_eq!((day.rows.len(), day.done), (11, 1));
    }

    async fn a_colleague_neither_sees_nor_does_my_acts(db: Db) {
        let (customers, worklist) = house(db);
        let (zhang, li) = (person("zhang", Scope::Own), person("li", Scope::Own));
        let id = with_step(&customers, &zhang, "明为公司", 1).await;
        assert!(names(&worklist, &li).await.is_empty());
        assert!(worklist.done(&li, &id, samples::call("x")).await.is_err());
        assert_eq!(names(&worklist, &zhang).await, ["明为公司"]);
    }

    async fn what_a_customer_brings_is_unknown_to_those_who_may_not_see_his_shipments(db: Db) {
        let (customers, worklist) = house(db.clone());
        let mut zhang = person("zhang", Scope::Own);
        let id = with_step(&customers, &zhang, "明为公司", 1).await;
        let mut draft = shipments::samples::shipment(&id, "YD1", zhang.today());
        (draft.lines[0].revenue_minor, draft.lines[0].revenue_currency) = (Some(100), Some(base::Currency::CNY));
        let system = Actor::system("test", zhang.now);
        shipments::Shipments::new(db).record(&system, draft, None).await.unwrap();
        let known = |day: worklist::Day| day.rows[0].at_stake.as_ref().and_then(|stake| stake.value).is_some();
        assert!(!known(worklist.today(&zhang, false).await.unwrap()));
        zhang.permissions.insert(shipments::VIEW, Scope::Own);
        assert!(known(worklist.today(&zhang, false).await.unwrap()));
    }

    async fn customers_of_whoever_has_left_wait_under_his_name_for_the_manager(db: Db) {
        const GONE: &str = "insert into users (id, name, login, language, status, version, created_at) \
            values ('zhang', '张先生', 'zhang', 'zh-CN', 'disabled', 1, $1)";
        let (customers, worklist) = house(db.clone());
        let (zhang, boss) = (person("zhang", Scope::Own), person("wang", Scope::All));
        customers.create(&zhang, samples::draft("明为公司")).await.unwrap();
        let nobodys = with_step(&customers, &boss, "红木家具厂", 0).await;
        let tx = db.begin().await.unwrap();
        tx.execute_raw(statement(&tx, GONE, [zhang.now.into()])).await.unwrap();
        db.commit(tx).await.unwrap();
        let (loads, exceptions) = worklist.team(&boss).await.unwrap();
        let told: Vec<_> = loads.iter().map(|load| (load.name.as_str(), load.left, load.handover)).collect();
        assert!(told.contains(&("张先生", 0, 1)), "{told:?}");
        assert!(told.contains(&("", 1, 1)), "what somebody promised who is not there any more is nobody's: {told:?}");
        assert_eq!(exceptions.iter().map(|row| &row.customer).collect::<Vec<_>>(), [&nobodys]);
    }

    async fn what_is_taken_back_on_the_customers_page_counts_no_more(db: Db) {
        let (customers, worklist) = house(db.clone());
        let zhang = person("zhang", Scope::Own);
        let id = with_step(&customers, &zhang, "明为公司", 1).await;
        let later = Actor { now: zhang.now + Duration::minutes(1), ..zhang.clone() };
        worklist.done(&later, &id, samples::call("已送")).await.unwrap();
        let newest = customers.interactions(&zhang, &id, None, base::PageSize(1)).await.unwrap().rows.remove(0);
        customers.take_back(&later, &InteractionId(newest.id)).await.unwrap();
        module::deliver(&db, &[Arc::new(TakenBack) as Arc<dyn Listener>], later.now).await.unwrap();
        assert_eq!(names(&worklist, &later).await, ["明为公司"]);
    }

    async fn a_manager_sees_who_has_what_left(db: Db) {
        let (customers, worklist) = house(db);
        let (zhang, boss) = (person("zhang", Scope::Own), person("wang", Scope::All));
        with_step(&customers, &zhang, "明为公司", 2).await;
        with_step(&customers, &zhang, "红木家具厂", 0).await;
        let (loads, exceptions) = worklist.team(&boss).await.unwrap();
        assert_eq!(loads.len(), 1);
        assert_eq!((loads[0].left, loads[0].overdue), (2, 1));
        assert_eq!(exceptions.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["明为公司"]);
    }

    async fn what_a_manager_counts_is_what_each_finds_on_his_list(db: Db) {
        let customers = Customers::new(db.clone());
        let worklist = Worklist::new(db.clone());
        worklist.gather_from(vec![Arc::new(CustomerReasons), Arc::new(shipments::ShipmentReasons)]);
        let mut people = [person("zhang", Scope::Own), person("li", Scope::Own)];
        let mut boss = person("wang", Scope::All);
        for (actor, scope) in people.iter_mut().zip([Scope::Own, Scope::Own]).chain([(&mut boss, Scope::All)]) {
            actor.permissions.insert(shipments::VIEW, scope.clone());
            actor.permissions.insert(shipments::EDIT, scope);
        }
        for (at, name) in ["明为公司", "红木家具厂", "迅捷物流", "智享物流"].into_iter().enumerate() {
            let actor = &people[at % 2];
            let id = with_step(&customers, actor, name, at as i64).await;
            for late in 0..at {
                let promised = actor.today() - Duration::days(3);
                let mut draft = shipments::samples::shipment(&id, &format!("YD{at}{late}"), promised);
                draft.lines[0].promised_on = Some(promised);
                draft.lines[0].delivered_on = (late == 0).then(|| promised + Duration::days(1));
                shipments::Shipments::new(db.clone()).record(actor, draft, None).await.unwrap();
            }
        }
        let put_off = worklist.today(&people[1], true).await.unwrap().rows.remove(0).customer;
        worklist.later(&people[1], &put_off, people[1].today() + Duration::days(2)).await.unwrap();
        let (loads, exceptions) = worklist.team(&boss).await.unwrap();
        let mut reasons = Vec::new();
        for actor in &people {
            let day = worklist.today(actor, true).await.unwrap();
            let load = loads.iter().find(|load| load.person.as_ref() == actor.user_id()).unwrap();
            assert_eq!((load.left, load.overdue), (day.rows.len(), day.overdue), "{}", actor.name);
            let overdue = day.rows.into_iter().filter(|row| row.due() < actor.today());
            reasons.extend(overdue.map(|row| (row.name, row.reasons.len())));
        }
        let mut seen: Vec<_> = exceptions.into_iter().map(|row| (row.name, row.reasons.len())).collect();
        reasons.sort();
        seen.sort();
        assert_eq!(seen, reasons);
        assert_eq!(seen.iter().map(|(_, reasons)| reasons).sum::<usize>(), 5, "two steps and three late shipments");
    }
}
