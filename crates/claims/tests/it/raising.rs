//! A claim comes in.

use base::{Actor, Currency, Scope, UserId};
use claims::claim::{Recovery, Status};
use claims::forms::{AmountsDraft, ClaimDraft};
use db::{audit, db_tests};
use exceptions::exception::{Kind, Liable};
use exceptions::{Exceptions, Seen};
use sea_orm::EntityTrait;

use crate::{House, chen, customer, person, shipment, wang, when, why};

db_tests! {
    async fn a_claim_on_a_waybill_has_a_number_an_owner_and_seven_working_days(db: Db) {
        let house = House::of(&db).await;
        let first = house.raised("1,200.50").await;
        assert_eq!((first.number.as_str(), first.status, first.recovery), ("LP-2026-0001", Status::Open, Recovery::None));
        assert_eq!((first.asked_minor, first.value_minor, first.currency), (120_050, Some(800_000), Currency::CNY));
        assert_eq!((first.waybill.as_str(), &first.shipment_id), ("YD1", &house.shipment));
        assert_eq!((first.owner_id.clone(), first.liable), (Some(UserId("chen".into())), Liable::Open));
        // Monday the 23rd and seven days on which the firm works: Saturday and Sunday do not count.
        assert_eq!(first.decide_on, "2026-12-02".parse().unwrap());
        assert_eq!(house.raised("1").await.number, "LP-2026-0002");
        let next_year = when(&chen(), "2027-01-04T04:00:00Z");
        assert_eq!(house.claims.raise(&next_year, &house.draft("1")).await.unwrap().number, "LP-2027-0001");
        let file = house.claims.file(&chen(), &first.id).await.unwrap();
        assert_eq!((file.listed.customer_name.as_str(), file.listed.owner_name.as_str()), ("红木家具厂", "chen"));
        assert!(file.listed.left.is_some_and(|left| left.whole_minutes() > 0) && !file.listed.over);
        assert_eq!(file.entries.len(), 1);
        let told = audit::Entity::find().all(db.read()).await.unwrap();
        assert_eq!(told.iter().filter(|row| row.action == "claim.raised").count(), 3);
    }

    async fn a_claim_from_an_exception_takes_over_what_is_known_and_is_raised_once(db: Db) {
        let house = House::of(&db).await;
        let one = house.exception(Kind::Shortage).await;
        let seen = Seen { id: one.exception_id(), version: one.version };
        Exceptions::new(db.clone()).blame(&chen(), &seen, Liable::Carrier).await.unwrap();
        let draft = ClaimDraft { exception: Some(one.id.clone()), what: "少了一箱".into(), asked: "500".into(), ..ClaimDraft::default() };
        let claim = house.claims.raise(&chen(), &draft).await.unwrap();
        assert_eq!((claim.kind, claim.liable, claim.waybill.as_str()), (Kind::Shortage, Liable::Carrier, "YD1"));
        assert_eq!((&claim.customer_id, claim.exception_id.as_ref()), (&house.customer, Some(&one.id)));
        assert_eq!(why(house.claims.raise(&chen(), &draft).await), "claim-there_already");
        house.claims.withdraw(&chen(), &claim.id, 1, "客户不要了").await.unwrap();
        // The number of what was refused was given back.
        assert_eq!(house.claims.raise(&chen(), &draft).await.unwrap().number, "LP-2026-0002");
    }

    async fn two_people_who_raise_at_once_get_two_numbers_and_one_claim_an_exception(db: Db) {
        let house = House::of(&db).await;
        let one = house.exception(Kind::Damage).await;
        let of_exception = ClaimDraft { exception: Some(one.id), what: "受潮".into(), asked: "500".into(), ..ClaimDraft::default() };
        let (a, b) = (chen(), wang());
        let (first, second) = tokio::join!(house.claims.raise(&a, &of_exception), house.claims.raise(&b, &of_exception));
        assert_eq!([&first, &second].iter().filter(|raised| raised.is_ok()).count(), 1, "{first:?} {second:?}");
        let draft = house.draft("1");
        let (first, second) = tokio::join!(house.claims.raise(&a, &draft), house.claims.raise(&b, &draft));
        let mut numbers = [first.unwrap().number, second.unwrap().number];
        numbers.sort();
        assert_eq!(numbers, ["LP-2026-0002", "LP-2026-0003"]);
    }

    async fn what_cannot_be_raised_is_said_in_a_sentence_and_leaves_nothing(db: Db) {
        let house = House::of(&db).await;
        let ming = customer(&db, &person("zhang", Scope::Own), "明为公司").await;
        shipment(&db, &ming, "YD2").await;
        let void = house.exception(Kind::Damage).await;
        let seen = Seen { id: void.exception_id(), version: void.version };
        Exceptions::new(db.clone()).void(&chen(), &seen, "误报").await.unwrap();
        let on = |waybill: &str| ClaimDraft { waybill: waybill.into(), ..house.draft("5") };
        let of = |id: &str| ClaimDraft { exception: Some(id.into()), ..house.draft("5") };
        let other = house.exception(Kind::Loss).await;
        let strange: [(ClaimDraft, &str); 14] = [
            (on("YD2"), "waybill: claim-waybill_of_another"),
            (on("none"), "waybill: claim-no_such_waybill"),
            (on(""), "waybill: claim-no_such_waybill"),
            (on("a\0"), "waybill: claim-no_such_waybill"),
            (of("none"), "exception: claim-no_such_exception"),
            (of("a\0"), "exception: claim-no_such_exception"),
            (of(&void.id), "exception: claim-exception_void"),
            (ClaimDraft { customer: Some(ming.clone()), ..of(&other.id) }, "exception: claim-exception_of_another"),
            (ClaimDraft { customer: None, ..on("YD1") }, "customer: claim-customer_missing"),
            (ClaimDraft { what: " ".into(), ..house.draft("5") }, "what: claim-text_missing"),
            (ClaimDraft { kind: None, ..house.draft("5") }, "kind: claim-choose_one"),
            (house.draft("0"), "asked: claim-no_amount"),
            (house.draft("-5"), "asked: claim-no_amount"),
            (house.draft("99999999999999999999"), "asked: claim-no_amount"),
        ];
        for (draft, expected) in strange {
            assert_eq!(why(house.claims.raise(&chen(), &draft).await), expected);
        }
        assert_eq!(house.raised("5").await.number, "LP-2026-0001");
        // Whoever does not reach the customer learns nothing, whatever he names.
        let zhang = person("zhang", Scope::Own);
        assert_eq!(why(house.claims.raise(&zhang, &house.draft("5")).await), "not_found");
        let hidden = ClaimDraft { customer: Some(ming), ..on("YD1") };
        assert_eq!(why(house.claims.raise(&zhang, &hidden).await), "waybill: claim-no_such_waybill");
        assert_eq!(why(house.claims.raise(&zhang, &of(&other.id)).await), "exception: claim-no_such_exception");
    }

    async fn amounts_are_set_right_until_somebody_has_decided(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("1200").await;
        let more = AmountsDraft { value: String::new(), asked: "1500".into() };
        let now = house.claims.amend(&chen(), &claim.id, 1, &more).await.unwrap();
        assert_eq!((now.asked_minor, now.value_minor, now.version), (150_000, None, 2));
        assert_eq!(why(house.claims.amend(&wang(), &claim.id, 1, &more).await), "conflict");
        let full = crate::deciding::full();
        let now = house.decided(&now, &full).await;
        assert_eq!(why(house.claims.amend(&chen(), &claim.id, now.version, &more).await), "claim-not_open");
        let stranger: Actor = person("zhang", Scope::Own);
        assert_eq!(why(house.claims.amend(&stranger, &claim.id, now.version, &more).await), "not_found");
    }
}
