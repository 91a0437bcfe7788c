//! What people do about exceptions.

use base::{Actor, CustomerId, Error, Scope, UserId};
use chrono::Duration;
use customers::interaction::InteractionKind;
use db::{Db, audit, db_tests, outbox};
use exceptions::exception::{FoundBy, Kind, Liable, Model, Status};
use exceptions::store::figures::By;
use exceptions::{ExceptionDraft, ExceptionReasons, Exceptions, Seen, Way};
use module::{Doing, Reason, ReasonSource};
use sea_orm::EntityTrait;
use shipments::ShipmentReasons;

use crate::{MONDAY, all, at, customer, deliver, later, manager, person, planned, record, the_only, tick};

fn seen(one: &Model) -> Seen {
    Seen { id: one.exception_id(), version: one.version }
}

fn call(actor: &Actor) -> Way {
    Way { how: InteractionKind::Call, at: actor.now }
}

fn service(db: &Db) -> Exceptions {
    Exceptions::new(db.clone())
}

/// A delay that has been found on Monday at ten, and the customer's owner.
async fn late(db: &Db, owner: &Actor, name: &str, waybill: &str, voyage: &str) -> CustomerId {
    let whose = customer(db, owner, name).await;
    let mut draft = planned(&whose, waybill, at(MONDAY) - Duration::hours(4), None);
    draft.transport_reference = voyage.into();
    record(db, &manager(), draft).await;
    tick(db, at(MONDAY)).await;
    whose
}

async fn of(db: &Db, customer: &CustomerId) -> Model {
    all(db).await.into_iter().find(|one| one.customer_id == *customer).unwrap()
}

fn refused(error: Error) -> String {
    match error {
        Error::Refused(message) => message.key,
        Error::Invalid(problems) => format!("{}: {}", problems[0].field, problems[0].message.key),
        other => other.code().to_owned(),
    }
}

fn damage(shipment: &str) -> ExceptionDraft {
    ExceptionDraft {
        shipment: Some(shipment.into()),
        source: None,
        waybill: None,
        customer: None,
        line: String::new(),
        kind: Kind::Damage,
        found_by: FoundBy::Carrier,
        happened_at: None,
        what: "两箱受潮".into(),
        customer_asked_at: None,
    }
}

async fn untold(db: &Db, actor: &Actor) -> Vec<Reason> {
    ExceptionReasons.reasons(db, actor, actor.user_id()).await.unwrap()
}

async fn late_untold(db: &Db, actor: &Actor) -> usize {
    let all = ShipmentReasons.reasons(db, actor, None).await.unwrap();
    all.iter().filter(|reason| reason.kind == "late_untold").count()
}

db_tests! {
    async fn telling_the_customer_stops_the_clock_and_counts_for_every_list(db: Db) {
        let zhang = person("zhang", Scope::Own);
        late(&db, &zhang, "明为公司", "YD1", "").await;
        let one = the_only(&db).await;
        let reasons = untold(&db, &zhang).await;
        assert_eq!((reasons.len(), reasons[0].kind, &reasons[0].evidence_href), (1, "exception_untold", &format!("/exceptions/{}", one.id)));
        let soon = later(&zhang, 60);
        let told = service(&db).tell(&soon, call(&soon), vec![(seen(&one), "晚到，抱歉".into())]).await.unwrap();
        assert_eq!((told[0].status, told[0].told_first, told[0].told_at), (Status::Told, Some(1), Some(soon.now)));
        assert_eq!(untold(&db, &zhang).await.len(), 0);
        let again = service(&db).tell(&soon, call(&soon), vec![(seen(&told[0]), "再说".into())]).await;
        assert_eq!(refused(again.unwrap_err()), "exception-told_already");
        let stale = service(&db).start(&soon, &seen(&one)).await;
        assert_eq!(refused(stale.unwrap_err()), "conflict");
        // What was logged for it is on the customer's page, and taking that back makes him untold again.
        deliver(&db, soon.now).await;
        let interaction = the_only(&db).await.interaction_id.unwrap();
        let tx = db.begin().await.unwrap();
        customers::unlog_in(&tx, &soon, &interaction).await.unwrap();
        db.commit(tx).await.unwrap();
        deliver(&db, later(&soon, 1).now).await;
        let one = the_only(&db).await;
        assert_eq!((one.status, one.told_at, one.told_first), (Status::Open, None, None));
    }

    async fn told_after_he_asked_or_after_the_time_is_not_told_first(db: Db) {
        let zhang = person("zhang", Scope::Own);
        for (waybill, asked, told) in [("YD1", Some(10), 20), ("YD2", None, 100), ("YD3", Some(30), 20), ("YD4", None, 2000)] {
            let whose = late(&db, &zhang, waybill, waybill, "").await;
            let mut one = of(&db, &whose).await;
            if let Some(asked) = asked {
                one = service(&db).asked(&later(&zhang, 2500), &seen(&one), later(&zhang, asked).now).await.unwrap();
            }
            let way = Way { how: InteractionKind::Email, at: later(&zhang, told).now };
            service(&db).tell(&later(&zhang, 2500), way, vec![(seen(&one), "通知".into())]).await.unwrap();
        }
        let mut first: Vec<_> = all(&db).await.into_iter().map(|one| (one.tell_by, one.told_first)).collect();
        first.sort_unstable();
        assert_eq!(first.iter().map(|(_, first)| first.unwrap()).sum::<i64>(), 2, "{first:?}");
        late(&db, &zhang, "YD5", "YD5", "").await;
        let by = |by| {
            let (db, now) = (db.clone(), later(&zhang, 3000));
            async move { service(&db).told_first(&now, by, ("2026-11", "2026-11"), None).await.unwrap() }
        };
        for (key, rows) in [("2026-11", by(By::Month).await), ("zhang", by(By::Owner).await), ("上海 → 成都", by(By::Lane).await)] {
            assert_eq!(rows.len(), 1);
            // The fifth was never told, and its time is up.
            assert_eq!((rows[0].key.as_str(), rows[0].due, rows[0].told_first), (key, 5, 2));
        }
        let stranger = person("li", Scope::Own);
        assert_eq!(service(&db).told_first(&stranger, By::Month, ("2026-11", "2026-11"), None).await.unwrap(), []);
    }

    async fn a_group_is_told_and_solved_in_one_act_and_each_customer_hears_his_own_words(db: Db) {
        let zhang = person("zhang", Scope::Own);
        late(&db, &zhang, "明为公司", "YD1", "V.001E").await;
        late(&db, &zhang, "红木家具厂", "YD2", "V.001E").await;
        let third = late(&db, &zhang, "别的客户", "YD3", "V.002E").await;
        let found = service(&db).list(&zhang, &Default::default(), Default::default()).await.unwrap();
        assert_eq!(found.rows.iter().map(|row| row.count).sum::<u64>(), 3);
        assert_eq!(found.rows.len(), 2, "a group is one row");
        let group = service(&db).group(&zhang, "late/V.001E").await.unwrap();
        let texts = |text: &str| group.iter().map(|file| (seen(&file.exception), format!("{text}{}", file.customer))).collect();
        let mut mixed: Vec<(Seen, String)> = texts("您好");
        mixed.push((seen(&of(&db, &third).await), "三".into()));
        let both = service(&db).tell(&zhang, call(&zhang), mixed).await;
        assert_eq!(refused(both.unwrap_err()), "exception-not_one_group");
        assert_eq!(untold(&db, &zhang).await.len(), 3, "all or none");
        let told = service(&db).tell(&zhang, call(&zhang), texts("您好")).await.unwrap();
        let mut said: Vec<_> = told.iter().map(|one| one.told_text.as_str()).collect();
        said.sort_unstable();
        assert_eq!(said, ["您好明为公司", "您好红木家具厂"]);
        let both: Vec<Seen> = told.iter().map(seen).collect();
        let solved = service(&db).solve(&zhang, &both, "改走陆运", None).await.unwrap();
        assert!(solved.iter().all(|one| one.status == Status::Solved && one.liable == Liable::Open));
        let blamed = service(&db).blame(&later(&zhang, 9), &seen(&solved[0]), Liable::Carrier).await.unwrap();
        assert_eq!((blamed.status, blamed.liable), (Status::Solved, Liable::Carrier));
        let events = outbox::Entity::find().all(db.read()).await.unwrap();
        let count = |kind: &str| events.iter().filter(|event| event.kind == kind).count();
        assert_eq!((count("exception.raised"), count("exception.told"), count("exception.solved")), (3, 2, 2));
    }

    async fn one_member_that_changed_meanwhile_stops_the_whole_group(db: Db) {
        let zhang = person("zhang", Scope::Own);
        late(&db, &zhang, "明为公司", "YD1", "V.001E").await;
        late(&db, &zhang, "红木家具厂", "YD2", "V.001E").await;
        let before: Vec<Model> = all(&db).await;
        service(&db).start(&zhang, &seen(&before[1])).await.unwrap();
        let told = service(&db).tell(&zhang, call(&zhang), before.iter().map(|one| (seen(one), "您好".into())).collect()).await;
        assert_eq!(refused(told.unwrap_err()), "conflict");
        assert!(all(&db).await.iter().all(|one| one.told_at.is_none()));
        let logged = customers::interaction::Entity::find().all(db.read()).await.unwrap();
        assert_eq!(logged.len(), 0, "nothing half done is left");
    }

    async fn an_exception_is_solved_only_when_the_customer_knows_and_then_stays(db: Db) {
        let zhang = person("zhang", Scope::Own);
        late(&db, &zhang, "明为公司", "YD1", "").await;
        let one = service(&db).start(&zhang, &seen(&the_only(&db).await)).await.unwrap();
        let early = service(&db).solve(&zhang, &[seen(&one)], "好了", None).await;
        assert_eq!(refused(early.unwrap_err()), "exception-not_told");
        let told = service(&db).tell(&zhang, call(&zhang), vec![(seen(&one), "您好".into())]).await.unwrap();
        assert_eq!(told[0].status, Status::Solving);
        let empty = service(&db).solve(&zhang, &[seen(&told[0])], "  ", None).await;
        assert_eq!(refused(empty.unwrap_err()), "solution: exception-text_missing");
        let solved = service(&db).solve(&zhang, &[seen(&told[0])], "已送到", Some(Liable::Us)).await.unwrap();
        let again = service(&db).void(&zhang, &seen(&solved[0]), "误报").await;
        assert_eq!(refused(again.unwrap_err()), "exception-closed");
        // What was handled is not taken back by a corrected time; only the time is kept.
        let ming = solved[0].customer_id.clone();
        let plan = at(MONDAY) - Duration::hours(4);
        record(&db, &later(&manager(), 5), planned(&ming, "YD1", plan, Some(plan))).await;
        deliver(&db, later(&zhang, 5).now).await;
        let after = the_only(&db).await;
        assert_eq!((after.status, after.actual_at), (Status::Solved, Some(plan)));
    }

    async fn what_somebody_writes_down_belongs_to_a_shipment_that_he_may_see(db: Db) {
        let zhang = person("zhang", Scope::Own);
        let ming = customer(&db, &zhang, "明为公司").await;
        let hongmu = customer(&db, &manager(), "红木家具厂").await;
        let own = record(&db, &manager(), planned(&ming, "YD1", at(MONDAY) + Duration::days(3), None)).await;
        let hidden = record(&db, &manager(), planned(&hongmu, "YD2", at(MONDAY) + Duration::days(3), None)).await;
        let log = |draft| {
            let (db, zhang) = (db.clone(), zhang.clone());
            async move { service(&db).log(&zhang, draft).await }
        };
        let made = log(damage(&own)).await.unwrap();
        assert_eq!((made.kind, made.owner_id, made.customer_asked_at), (Kind::Damage, zhang.user_id().cloned(), None));
        let by_number = |waybill: &str| ExceptionDraft {
            shipment: None,
            source: Some("tms".into()),
            waybill: Some(waybill.into()),
            ..damage("")
        };
        let strange = [
            (damage(&hidden), "shipment: exception-no_such_shipment"),
            (damage("no"), "shipment: exception-no_such_shipment"),
            (by_number("YD2"), "waybill: exception-no_such_shipment"),
            (by_number("none"), "waybill: exception-no_such_shipment"),
            (ExceptionDraft { customer: Some(hongmu), ..by_number("YD1") }, "waybill: exception-other_customer"),
            (ExceptionDraft { happened_at: Some(later(&zhang, 1).now), ..damage(&own) }, "happened_at: exception-in_future"),
            (ExceptionDraft { line: "9".into(), ..damage(&own) }, "line: exception-no_such_line"),
            (ExceptionDraft { what: " ".into(), ..damage(&own) }, "what: exception-text_missing"),
            (ExceptionDraft { found_by: FoundBy::Program, ..damage(&own) }, "found_by: exception-found_by_program"),
        ];
        for (draft, why) in strange {
            assert_eq!(refused(log(draft.clone()).await.unwrap_err()), why, "{draft:?}");
        }
        assert_eq!(all(&db).await.len(), 1);
        let asked = log(ExceptionDraft { found_by: FoundBy::Customer, ..by_number("YD1") }).await.unwrap();
        assert_eq!(asked.customer_asked_at, Some(zhang.now), "who found it himself has asked");
    }

    async fn exceptions_of_strangers_customers_are_not_found_and_cannot_be_handled(db: Db) {
        let zhang = person("zhang", Scope::Own);
        late(&db, &zhang, "明为公司", "YD1", "V.001E").await;
        let one = the_only(&db).await;
        let li = person("li", Scope::Own);
        assert_eq!(refused(service(&db).file(&li, &one.exception_id()).await.unwrap_err()), "not_found");
        assert_eq!(refused(service(&db).group(&li, "late/V.001E").await.unwrap_err()), "not_found");
        assert_eq!(service(&db).list(&li, &Default::default(), Default::default()).await.unwrap().rows.len(), 0);
        assert_eq!(refused(service(&db).tell(&li, call(&li), vec![(seen(&one), "您好".into())]).await.unwrap_err()), "not_found");
        assert_eq!(refused(service(&db).hand_over(&li, &seen(&one), &UserId("li".into())).await.unwrap_err()), "not_found");
        let mut looks = person("wang", Scope::All);
        looks.permissions.insert(exceptions::HANDLE, Scope::Own);
        assert_eq!(refused(service(&db).start(&looks, &seen(&one)).await.unwrap_err()), "forbidden");
        looks.permissions.remove(&exceptions::HANDLE);
        assert_eq!(refused(service(&db).start(&looks, &seen(&one)).await.unwrap_err()), "forbidden");
        let entries = audit::Entity::find().all(db.read()).await.unwrap();
        assert!(entries.iter().all(|entry| entry.action != "exception.solving"));
    }

    async fn what_the_worklist_tells_is_told_and_what_it_takes_back_is_not(db: Db) {
        let zhang = person("zhang", Scope::Own);
        let ming = late(&db, &zhang, "明为公司", "YD1", "").await;
        let found = untold(&db, &zhang).await;
        assert_eq!(ExceptionReasons.instead_of(&found[0]), Some(("late_untold", the_only(&db).await.shipment_id)));
        let tx = db.begin().await.unwrap();
        let interaction = customers::log_in(&tx, &zhang, &ming, customers::samples::call("晚到")).await.unwrap().0;
        let doing = Doing { kind: "exception_untold", mark: &found[0].mark, customer: &ming, interaction: &interaction };
        ExceptionReasons.done(&tx, &zhang, &doing).await.unwrap();
        db.commit(tx).await.unwrap();
        deliver(&db, zhang.now).await;
        assert_eq!((the_only(&db).await.told_first, untold(&db, &zhang).await.len()), (Some(1), 0));
        let tx = db.begin().await.unwrap();
        ExceptionReasons.undone(&tx, &zhang, &doing).await.unwrap();
        db.commit(tx).await.unwrap();
        assert_eq!(untold(&db, &zhang).await.len(), 1);
    }

    async fn a_word_from_any_page_about_the_shipment_tells_of_its_delay(db: Db) {
        let zhang = person("zhang", Scope::Own);
        let ming = customer(&db, &zhang, "明为公司").await;
        let mut draft = planned(&ming, "YD1", at(MONDAY) - Duration::days(2), None);
        draft.lines[0].promised_on = Some("2026-11-21".parse().unwrap());
        let shipment = record(&db, &manager(), draft).await;
        tick(&db, at(MONDAY)).await;
        assert_eq!((untold(&db, &zhang).await.len(), late_untold(&db, &zhang).await), (1, 1));
        let tx = db.begin().await.unwrap();
        let interaction = customers::log_in(&tx, &zhang, &ming, customers::samples::call("晚到")).await.unwrap();
        shipments::store::late::link(&tx, interaction.as_str(), &shipment).await.unwrap();
        db.commit(tx).await.unwrap();
        deliver(&db, zhang.now).await;
        assert_eq!((untold(&db, &zhang).await.len(), late_untold(&db, &zhang).await), (0, 0));
    }
}
