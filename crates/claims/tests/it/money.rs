//! What is paid, what comes back, and what that leaves of the profit.

use base::{Currency, Money, Scope};
use claims::claim::{Recovery, Status};
use claims::forms::{ClaimDraft, PaymentDraft, RecoveredDraft, RecoveryDraft};
use claims::{Apart, CustomerCost};
use db::db_tests;
use shipments::Shipments;

use crate::deciding::full;
use crate::{House, chen, person, wang, why, without};

fn paid(on: &str) -> PaymentDraft {
    PaymentDraft { on: Some(on.parse().unwrap()), reference: "TT-88".into() }
}

fn asked(amount: &str) -> RecoveryDraft {
    RecoveryDraft { from: "迅捷物流".into(), amount: amount.into(), on: None }
}

fn back(amount: &str, on: &str) -> RecoveredDraft {
    RecoveredDraft { amount: amount.into(), on: Some(on.parse().unwrap()) }
}

db_tests! {
    async fn what_was_approved_is_paid_once(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("1000").await;
        let now = house.decided(&claim, &full()).await;
        let clerk = without(&chen(), claims::PAY);
        assert_eq!(why(house.claims.pay(&clerk, &claim.id, now.version, &paid("2026-11-23")).await), "forbidden");
        let tomorrow = house.claims.pay(&chen(), &claim.id, now.version, &paid("2026-11-24")).await;
        assert_eq!(why(tomorrow), "on: claim-in_future");
        assert_eq!(why(house.claims.pay(&chen(), &claim.id, now.version, &paid("0001-01-01")).await), "on: claim-no_day");
        let (draft, a, b) = (paid("2026-11-20"), chen(), wang());
        let pay = |who| house.claims.pay(who, &claim.id, now.version, &draft);
        let (first, second) = tokio::join!(pay(&a), pay(&b));
        assert_eq!([&first, &second].iter().filter(|paid| paid.is_ok()).count(), 1, "{first:?} {second:?}");
        let now = house.now(&claim.id).await;
        assert_eq!((now.status, now.paid_minor, now.payment_reference.as_str()), (Status::Paid, Some(100_000), "TT-88"));
        assert_eq!(why(house.claims.pay(&chen(), &claim.id, now.version, &paid("2026-11-20")).await), "claim-paid_already");
        assert_eq!(now.cost(), Money::new(100_000, Currency::CNY));
    }

    async fn recovery_runs_beside_the_claim_and_counts_to_the_last_fen(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("1000").await;
        let (id, who) = (&claim.id, chen());
        assert_eq!(why(house.claims.recovered(&who, id, 1, &back("1", "2026-11-23")).await), "claim-recovery_none");
        let now = house.claims.ask_carrier(&who, id, 1, &asked("800")).await.unwrap();
        assert_eq!((now.recovery, now.status), (Recovery::Asked, Status::Open));
        let now = house.claims.recovered(&who, id, now.version, &back("333.33", "2026-11-23")).await.unwrap();
        let more = house.claims.recovered(&who, id, now.version, &back("466.68", "2026-11-23")).await;
        assert_eq!(why(more), "amount: claim-more_than_asked");
        let now = house.decided(&now, &full()).await;
        let now = house.claims.pay(&who, id, now.version, &paid("2026-11-23")).await.unwrap();
        assert_eq!(why(house.claims.close(&who, id, now.version).await), "claim-recovery_runs");
        assert_eq!(now.cost(), Money::new(66_667, Currency::CNY));
        let now = house.claims.recovered(&who, id, now.version, &back("466.67", "2026-11-23")).await.unwrap();
        assert_eq!((now.recovery, now.recovered_minor, now.cost().minor), (Recovery::Recovered, 80_000, 20_000));
        assert_eq!(why(house.claims.give_up(&who, id, now.version, "x").await), "claim-recovery_done");
    }

    async fn what_does_not_come_back_is_given_up_with_a_reason(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("1000").await;
        let now = house.claims.ask_carrier(&chen(), &claim.id, 1, &asked("800")).await.unwrap();
        assert_eq!(why(house.claims.give_up(&chen(), &claim.id, now.version, "").await), "reason: claim-text_missing");
        assert_eq!(why(house.claims.withdraw(&chen(), &claim.id, now.version, "x").await), "claim-recovery_runs");
        let now = house.claims.give_up(&chen(), &claim.id, now.version, "承运商免责").await.unwrap();
        assert_eq!((now.recovery, now.recovery_reason.as_str()), (Recovery::GivenUp, "承运商免责"));
        let nobody = RecoveryDraft { from: " ".into(), ..asked("5") };
        assert_eq!(why(house.claims.ask_carrier(&chen(), &claim.id, now.version, &nobody).await), "from: claim-text_missing");
        assert_eq!(why(house.claims.ask_carrier(&chen(), &claim.id, now.version, &asked("5")).await), "claim-recovery_done");
    }

    async fn a_customers_claims_are_added_at_the_rates_of_their_days_and_what_has_no_rate_stands_apart(db: Db) {
        let house = House::of(&db).await;
        let rates = Shipments::new(db.clone());
        for (day, rate) in [("2026-11-01", "7.00"), ("2026-11-20", "7.20")] {
            rates.set_rate(&chen(), Currency::USD, day.parse().unwrap(), rate).await.unwrap();
        }
        let yuan = house.raised("1000").await;
        let now = house.decided(&yuan, &full()).await;
        house.claims.pay(&chen(), &yuan.id, now.version, &paid("2026-11-23")).await.unwrap();
        for currency in [Currency::USD, Currency::JPY] {
            let draft = ClaimDraft { currency: Some(currency), ..house.draft("100") };
            let claim = house.claims.raise(&chen(), &draft).await.unwrap();
            let now = house.decided(&claim, &full()).await;
            // Without a rate nobody knows how much it is, so somebody else is asked; 100 dollars are within his limit.
            if currency == Currency::JPY {
                assert_eq!(now.status, Status::Waiting);
                continue;
            }
            let now = house.claims.pay(&chen(), &claim.id, now.version, &paid("2026-11-10")).await.unwrap();
            let now = house.claims.ask_carrier(&chen(), &claim.id, now.version, &asked("50")).await.unwrap();
            house.claims.recovered(&chen(), &claim.id, now.version, &back("50", "2026-11-22")).await.unwrap();
        }
        // 1,000 + 100 × 7.00 − 50 × 7.20
        let cost = house.claims.cost(&chen(), &house.customer).await.unwrap();
        assert_eq!(cost, CustomerCost { minor: 134_000, currency: Currency::CNY, apart: vec![] });
        let euro = ClaimDraft { currency: Some(Currency::EUR), ..house.draft("20") };
        let claim = house.claims.raise(&chen(), &euro).await.unwrap();
        let now = house.claims.ask_carrier(&chen(), &claim.id, 1, &asked("20")).await.unwrap();
        house.claims.recovered(&chen(), &claim.id, now.version, &back("20", "2026-11-22")).await.unwrap();
        let cost = house.claims.cost(&chen(), &house.customer).await.unwrap();
        assert_eq!((cost.minor, cost.apart), (134_000, vec![Apart { minor: -2000, currency: Currency::EUR }]));
        assert_eq!(why(house.claims.cost(&person("li", Scope::Own), &house.customer).await), "not_found");
    }
}
