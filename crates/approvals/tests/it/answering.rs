//! Who may answer what.

use approvals::{Answer, Status, events};
use base::{Currency, Money};
use db::{db_tests, outbox};

use crate::{approve, ask_for, asker, boss, customer_of, house, manager, narrow, person, refused, said, yuan};

db_tests! {
    async fn a_second_person_approves_and_the_module_that_asked_learns_it(db: Db) {
        let approvals = house(&db).await;
        let customer = customer_of(&db, &asker(), "明为公司").await;
        let id = ask_for(&db, &approvals, &asker(), ("c-1", Some(&customer)), Some(yuan(500))).await.unwrap();
        let decided = approvals.decide(&manager(), &id, Answer::Approve, " 同意 ").await.unwrap();
        assert_eq!((decided.status, decided.note.as_str(), decided.decided_by.as_str()), (Status::Approved, "同意", "wang"));
        let told: Vec<_> = outbox::undelivered(db.read(), asker().now).await.unwrap().iter().filter_map(|row| events::decided(&row.event())).collect();
        let [told] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!((&told.id, told.object.as_str(), told.object_id.as_str(), told.status), (&id, "complaint", "c-1", Status::Approved));
        assert_eq!(approvals.state_of(db.read(), std::slice::from_ref(&id)).await.unwrap()[&id].status, Status::Approved);
        let audit = db::audit::latest(db.read(), None, "approval", 10).await.unwrap();
        assert_eq!(audit.iter().filter(|entry| entry.object_id == id.0).count(), 2);
    }

    async fn an_approval_by_the_one_who_asked_is_refused(db: Db) {
        let approvals = house(&db).await;
        for actor in [manager(), boss()] {
            let id = ask_for(&db, &approvals, &actor, (&actor.name, None), Some(yuan(1))).await.unwrap();
            assert_eq!(approve(&approvals, &actor, &id).await, refused("approval-own_request"));
            assert_eq!(approvals.get(&actor, &id).await.unwrap().status, Status::Waiting);
        }
    }

    async fn whoever_may_not_answer_is_not_let_near(db: Db) {
        let approvals = house(&db).await;
        let own = customer_of(&db, &narrow(manager()), "迅捷物流").await;
        let other = customer_of(&db, &narrow(boss()), "红木家具厂").await;
        let mine = ask_for(&db, &approvals, &asker(), ("c-1", Some(&own)), None).await.unwrap();
        let hidden = ask_for(&db, &approvals, &asker(), ("c-2", Some(&other)), None).await.unwrap();
        let nobodys = ask_for(&db, &approvals, &asker(), ("c-3", None), None).await.unwrap();
        assert_eq!(approve(&approvals, &person("li", &[]), &mine).await, refused("forbidden"));
        let narrow = narrow(manager());
        assert_eq!(approve(&approvals, &narrow, &hidden).await, refused("not_found"));
        assert_eq!(approve(&approvals, &narrow, &nobodys).await, refused("not_found"));
        let seen: Vec<_> = approvals.waiting(&narrow).await.unwrap().into_iter().map(|row| row.id).collect();
        assert_eq!(seen, std::slice::from_ref(&mine));
        assert_eq!(approve(&approvals, &narrow, &mine).await, Ok(()));
        // Whoever asked sees his own, wherever the customer is.
        assert_eq!(approvals.waiting(&crate::narrow(asker())).await.unwrap().len(), 2);
        assert!(approvals.waiting(&person("li", &[])).await.unwrap().is_empty());
    }

    async fn an_amount_above_his_authority_is_for_somebody_else(db: Db) {
        let approvals = house(&db).await;
        let within = ask_for(&db, &approvals, &asker(), ("c-1", None), Some(yuan(20_000))).await.unwrap();
        let above = ask_for(&db, &approvals, &asker(), ("c-2", None), Some(yuan(20_001))).await.unwrap();
        assert_eq!(approve(&approvals, &manager(), &within).await, Ok(()));
        assert_eq!(approve(&approvals, &manager(), &above).await, refused("approval-above_authority"));
        assert_eq!(said(approvals.decide(&manager(), &above, Answer::Refuse, "太多").await), refused("approval-above_authority"));
        assert_eq!(approve(&approvals, &boss(), &above).await, Ok(()));
    }

    async fn an_amount_without_a_rate_is_only_for_whoever_has_no_limit(db: Db) {
        let approvals = house(&db).await;
        let dollars = Money::new(100, Currency::USD);
        let id = ask_for(&db, &approvals, &asker(), ("c-1", None), Some(dollars)).await.unwrap();
        assert_eq!(approve(&approvals, &manager(), &id).await, refused("approval-not_converted"));
        assert!(!approvals.may_alone(db.read(), &manager(), crate::COMPENSATION, dollars).await.unwrap());
        assert_eq!(approve(&approvals, &boss(), &id).await, Ok(()));
    }

    async fn an_amount_in_another_currency_counts_by_the_rate_of_the_day_of_asking(db: Db) {
        let approvals = house(&db).await;
        let tx = db.begin().await.unwrap();
        let rate = |day: &str, rate: &str| shipments::rate::Model {
            into_currency: "CNY".into(), currency: "USD".into(), on_day: day.parse().unwrap(), rate: rate.into(),
        };
        shipments::store::rates::put(&tx, rate("2026-11-01", "7.1")).await.unwrap();
        shipments::store::rates::put(&tx, rate("2026-11-24", "700")).await.unwrap();
        db.commit(tx).await.unwrap();
        let dollars = |amount: i64| Some(Money::new(amount * 100, Currency::USD));
        let small = ask_for(&db, &approvals, &asker(), ("c-1", None), dollars(2_800)).await.unwrap();
        let large = ask_for(&db, &approvals, &asker(), ("c-2", None), dollars(2_900)).await.unwrap();
        let tomorrow = base::Actor { now: manager().now + chrono::Duration::days(1), ..manager() };
        assert_eq!(approve(&approvals, &tomorrow, &small).await, Ok(()));
        assert_eq!(approve(&approvals, &tomorrow, &large).await, refused("approval-above_authority"));
    }

    async fn who_comes_second_learns_what_happened(db: Db) {
        let approvals = house(&db).await;
        let id = ask_for(&db, &approvals, &asker(), ("c-1", None), Some(yuan(5))).await.unwrap();
        assert_eq!(said(approvals.decide(&manager(), &id, Answer::Refuse, " ").await), refused("approval-note_missing"));
        approvals.decide(&manager(), &id, Answer::Refuse, "没有照片").await.unwrap();
        assert_eq!(approve(&approvals, &boss(), &id).await, refused("approval-refused_already"));
        assert_eq!(said(approvals.withdraw(&asker(), &id).await), refused("approval-refused_already"));
        assert_eq!(approvals.get(&asker(), &id).await.unwrap().note, "没有照片");
    }

    async fn two_who_answer_at_once_do_not_both_decide(db: Db) {
        let approvals = house(&db).await;
        for round in 0..5 {
            let id = ask_for(&db, &approvals, &asker(), (&format!("c-{round}"), None), Some(yuan(5))).await.unwrap();
            let (manager, boss) = (manager(), boss());
            let (one, two) = tokio::join!(
                approvals.decide(&manager, &id, Answer::Approve, ""),
                approvals.decide(&boss, &id, Answer::Refuse, "否"),
            );
            assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        }
        let decided = outbox::undelivered(db.read(), asker().now).await.unwrap();
        assert_eq!(decided.iter().filter(|row| row.kind == events::DECIDED).count(), 5);
    }

    async fn the_same_is_asked_once_at_a_time_and_again_after_an_answer(db: Db) {
        let approvals = house(&db).await;
        let asker = asker();
        let ask = || ask_for(&db, &approvals, &asker, ("c-1", None), None);
        let first = ask().await.unwrap();
        assert_eq!(said(ask().await), refused("approval-waits_already"));
        assert_eq!(said(approvals.withdraw(&boss(), &first).await), refused("approval-not_his_request"));
        approvals.withdraw(&asker, &first).await.unwrap();
        assert_eq!(approve(&approvals, &boss(), &first).await, refused("approval-withdrawn_already"));
        let second = ask().await.unwrap();
        let tx = db.begin().await.unwrap();
        approvals.withdraw_all(&tx, &boss(), "complaint", "c-1").await.unwrap();
        db.commit(tx).await.unwrap();
        let all: Vec<_> = approvals.of(db.read(), "complaint", "c-1").await.unwrap().into_iter().map(|row| (row.id, row.status)).collect();
        assert!(all.len() == 2 && all.contains(&(first, Status::Withdrawn)) && all.contains(&(second, Status::Withdrawn)), "{all:?}");
    }
}
