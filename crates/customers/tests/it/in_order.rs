//! The list: in which order, and found by what.

use base::{Cursor, Day, Error, Money, PageSize, Permission, Scope};
use chrono::Duration;
use customers::customer::{NO_STEP, Stage};
use customers::figures::Order;
use customers::forms::InteractionDraft;
use customers::store::{Filter, Sort};
use customers::{Customers, samples};
use db::{Db, db_tests};

use crate::person;

fn zhang() -> base::Actor {
    let mut zhang = person("zhang", "south", Scope::Own);
    zhang.permissions.insert(Permission("shipments.view"), Scope::Own);
    zhang
}

async fn names(customers: &Customers, actor: &base::Actor, filter: Filter) -> Vec<String> {
    let page = customers.list(actor, &filter, PageSize(50)).await.unwrap();
    page.rows.into_iter().map(|row| row.name).collect()
}

/// Each with so many shipments and so much margin.
async fn with_figures(db: &Db, all: &[(&str, i64, Option<i64>)]) -> Customers {
    let customers = Customers::new(db.clone());
    let mut orders = Vec::new();
    for (name, shipments_30, value) in all {
        let customer = customers.create(&zhang(), samples::draft(name)).await.unwrap().customer_id();
        orders.push(Order { customer, shipments_30: *shipments_30, value: *value });
    }
    let tx = db.begin().await.unwrap();
    customers::put_figures(&tx, &orders).await.unwrap();
    db.commit(tx).await.unwrap();
    customers
}

fn promise(day: Day) -> InteractionDraft {
    InteractionDraft {
        next_step: "报价".into(),
        next_step_on: Some(day),
        no_next_step: false,
        ..samples::call("答应报价")
    }
}

db_tests! {
    async fn a_new_customer_is_a_prospect_at_once_and_nobody_has_dated_it(db: Db) {
        let customers = Customers::new(db);
        let id = customers.create(&zhang(), samples::draft("明为公司")).await.unwrap().customer_id();
        let customer = customers.file(&zhang(), &id).await.unwrap().customer;
        assert_eq!((customer.stage, customer.stage_since), (Stage::Prospect, None));
        assert_eq!(customer.stage_reason[0]["key"], "customer-stage-no_shipment");
    }

    async fn names_stand_in_the_order_of_a_dictionary(db: Db) {
        let customers = Customers::new(db);
        for name in ["迅捷物流", "Acme", "重庆顺达电子", "阿里物流", "明为公司", "厦门远洋", "长沙恒源", "红木家具厂"] {
            customers.create(&zhang(), samples::draft(name)).await.unwrap();
        }
        let wanted = ["阿里物流", "Acme", "长沙恒源", "重庆顺达电子", "红木家具厂", "明为公司", "厦门远洋", "迅捷物流"];
        assert_eq!(names(&customers, &zhang(), Filter::default()).await, wanted);
    }

    async fn a_customer_is_found_by_characters_by_initials_and_by_pinyin(db: Db) {
        let customers = Customers::new(db);
        let mut ming = samples::draft("明为公司");
        ming.short_name = "老张家".into();
        customers.create(&zhang(), ming).await.unwrap();
        customers.create(&zhang(), samples::draft("重庆顺达电子")).await.unwrap();
        customers.create(&zhang(), samples::draft("Shanghai Lights")).await.unwrap();
        for (words, found) in [
            ("明为", vec!["明为公司"]),
            ("mwgs", vec!["明为公司"]),
            ("mingwei", vec!["明为公司"]),
            ("MingW", vec!["明为公司"]),
            ("laozhang", vec!["明为公司"]),
            ("cq sd", vec!["重庆顺达电子"]),
            ("chongqing", vec!["重庆顺达电子"]),
            ("hang", vec!["Shanghai Lights"]),
            ("%", vec![]),
        ] {
            let filter = Filter { words: words.into(), ..Filter::default() };
            assert_eq!(names(&customers, &zhang(), filter).await, found, "{words}");
        }
    }

    async fn a_renamed_customer_is_found_by_how_the_new_name_is_read(db: Db) {
        let customers = Customers::new(db);
        let id = customers.create(&zhang(), samples::draft("明为公司")).await.unwrap().customer_id();
        let mut draft = samples::draft("恒源公司");
        draft.owner_id = zhang().user_id().cloned();
        customers.change(&zhang(), &id, 1, draft).await.unwrap();
        let by = |words: &str| Filter { words: words.into(), ..Filter::default() };
        assert_eq!(names(&customers, &zhang(), by("hygs")).await, ["恒源公司"]);
        assert!(names(&customers, &zhang(), by("mwgs")).await.is_empty());
    }

    async fn most_shipments_and_most_margin_come_first_and_unknown_comes_last(db: Db) {
        let all = [("甲", 2, Some(100)), ("乙", 12, None), ("丙", 0, Some(-5)), ("丁", 3, Some(900))];
        let customers = with_figures(&db, &all).await;
        let by = |sort| Filter { sort, ..Filter::default() };
        assert_eq!(names(&customers, &zhang(), by(Sort::Shipments)).await, ["乙", "丁", "甲", "丙"]);
        assert_eq!(names(&customers, &zhang(), by(Sort::Value)).await, ["丁", "甲", "丙", "乙"]);
    }

    async fn whoever_may_not_see_shipments_cannot_sort_by_them(db: Db) {
        let customers = with_figures(&db, &[("甲", 3, Some(100)), ("乙", 12, None)]).await;
        let mut blind = zhang();
        blind.permissions.remove(&Permission("shipments.view"));
        let by = |sort| Filter { sort, ..Filter::default() };
        for sort in [Sort::Shipments, Sort::Value] {
            assert_eq!(names(&customers, &blind, by(sort)).await, names(&customers, &blind, by(Sort::Name)).await);
        }
    }

    async fn paging_by_figures_walks_every_customer_exactly_once(db: Db) {
        let all = [("甲", 3, None), ("乙", 3, None), ("丙", 3, Some(7)), ("丁", 1, Some(7)), ("戊", 0, None)];
        let customers = with_figures(&db, &all).await;
        for sort in [Sort::Shipments, Sort::Value, Sort::NextStep] {
            let mut filter = Filter { sort, ..Filter::default() };
            let mut seen = Vec::new();
            loop {
                let page = customers.list(&zhang(), &filter, PageSize(2)).await.unwrap();
                seen.extend(page.rows.into_iter().map(|row| row.name));
                let Some(next) = page.next else { break };
                filter.after = Some(Cursor::decode(&next).unwrap());
            }
            seen.sort();
            let mut wanted: Vec<_> = all.iter().map(|(name, ..)| (*name).to_owned()).collect();
            wanted.sort();
            assert_eq!(seen, wanted, "{sort:?}");
        }
        let made_up = Cursor { key: "never".into(), id: "x".into() };
        let filter = Filter { sort: Sort::NextStep, after: Some(made_up), ..Filter::default() };
        assert!(names(&customers, &zhang(), filter).await.is_empty());
    }

    async fn the_next_step_that_is_due_first_leads_the_list_until_it_is_done(db: Db) {
        let customers = Customers::new(db);
        let (today, mut ids) = (zhang().today(), Vec::new());
        for (name, ahead) in [("甲", 5), ("乙", 2), ("丙", 0)] {
            let id = customers.create(&zhang(), samples::draft(name)).await.unwrap().customer_id();
            let step = match ahead {
                0 => None,
                _ => Some(customers.log(&zhang(), &id, promise(today + Duration::days(ahead))).await.unwrap()),
            };
            ids.push((id, step));
        }
        let by = Filter { sort: Sort::NextStep, ..Filter::default() };
        assert_eq!(names(&customers, &zhang(), by.clone()).await, ["乙", "甲", "丙"]);
        let step = ids[1].1.clone().unwrap();
        customers.finish_next_step(&zhang(), &step).await.unwrap();
        assert_eq!(names(&customers, &zhang(), by.clone()).await[0], "甲");
        customers.reopen_next_step(&zhang(), &step).await.unwrap();
        assert_eq!(names(&customers, &zhang(), by.clone()).await[0], "乙");
        customers.take_back(&zhang(), &step).await.unwrap();
        assert_eq!(names(&customers, &zhang(), by).await[0], "甲");
        assert_eq!(customers.file(&zhang(), &ids[1].0).await.unwrap().customer.next_step_due, NO_STEP);
    }

    async fn a_step_that_was_finished_long_ago_stays_done(db: Db) {
        let customers = Customers::new(db);
        let id = customers.create(&zhang(), samples::draft("明为公司")).await.unwrap().customer_id();
        let step = customers.log(&zhang(), &id, promise(zhang().today())).await.unwrap();
        assert!(matches!(customers.reopen_next_step(&zhang(), &step).await, Err(Error::Refused(_))));
        customers.finish_next_step(&zhang(), &step).await.unwrap();
        let later = base::Actor { now: zhang().now + Duration::minutes(11), ..zhang() };
        assert!(matches!(customers.reopen_next_step(&later, &step).await, Err(Error::Refused(_))));
    }

    async fn whoever_logged_it_takes_it_back_within_a_day_and_nobody_else_does(db: Db) {
        let customers = Customers::new(db);
        let id = customers.create(&zhang(), samples::draft("明为公司")).await.unwrap().customer_id();
        let logged = customers.log(&zhang(), &id, samples::call("打错了")).await.unwrap();
        let boss = person("boss", "x", Scope::All);
        assert!(matches!(customers.take_back(&boss, &logged).await, Err(Error::Refused(_))));
        let li = person("li", "south", Scope::Own);
        assert!(matches!(customers.take_back(&li, &logged).await, Err(Error::NotFound)));
        let late = base::Actor { now: zhang().now + Duration::hours(25), ..zhang() };
        assert!(matches!(customers.take_back(&late, &logged).await, Err(Error::Refused(_))));
        assert_eq!(customers.take_back(&zhang(), &logged).await.unwrap().text, "打错了");
        assert!(matches!(customers.take_back(&zhang(), &logged).await, Err(Error::NotFound)));
    }
}

#[test]
fn a_value_without_its_currency_is_unknown() {
    let figures = customers::figures::Model {
        customer_id: "a".into(),
        shipments_30: 1,
        shipments_prior_30: 0,
        value_minor: Some(5),
        value_currency: Some(base::Currency::CNY),
        value_basis: customers::figures::ValueBasis::Margin,
        value_apart: customers::figures::Amounts::default(),
    };
    assert_eq!(figures.value(), Some(Money::new(5, base::Currency::CNY)));
    assert_eq!(customers::figures::Model { value_currency: None, ..figures }.value(), None);
}
