//! What we say to what the customer asks for.

use approvals::{Answer, Approvals};
use claims::claim::{Decision, Status};
use claims::entry::EntryKind;
use claims::forms::{BlameDraft, DecisionDraft};
use db::{Db, db_tests, outbox};
use exceptions::exception::Liable;
use sea_orm::EntityTrait;

use crate::{House, chen, wang, why};

pub fn full() -> DecisionDraft {
    DecisionDraft { decision: Decision::Full, amount: String::new(), reason: String::new() }
}

pub fn part(amount: &str) -> DecisionDraft {
    DecisionDraft { decision: Decision::Part, amount: amount.into(), reason: "包装由客户负责一半".into() }
}

fn refusal(reason: &str) -> DecisionDraft {
    DecisionDraft { decision: Decision::Refused, amount: String::new(), reason: reason.into() }
}

async fn events(db: &Db, kind: &str) -> usize {
    let all = outbox::Entity::find().all(db.read()).await.unwrap();
    all.iter().filter(|event| event.kind == kind).count()
}

db_tests! {
    async fn within_ones_authority_a_claim_is_promised_at_once_and_to_be_paid_in_five_working_days(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("1000").await;
        let now = house.decided(&claim, &full()).await;
        assert_eq!((now.status, now.decided_minor, now.approved_by.as_str()), (Status::Approved, Some(100_000), "chen"));
        assert_eq!(now.pay_on, Some("2026-11-30".parse().unwrap()));
        assert_eq!(Approvals::new(db.clone()).waiting(&wang()).await.unwrap().len(), 0);
        assert_eq!(events(&db, "claim.decided").await, 1);
    }

    async fn a_payout_beyond_ones_authority_is_approved_by_somebody_else(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("1000.01").await;
        let now = house.decided(&claim, &full()).await;
        assert_eq!((now.status, now.pay_on), (Status::Waiting, None));
        assert_eq!(why(house.claims.pay(&chen(), &claim.id, now.version, &Default::default()).await), "claim-not_approved");
        assert_eq!(why(house.answer(&chen(), Answer::Approve).await), "approval-own_request");
        house.answer(&wang(), Answer::Approve).await.unwrap();
        house.deliver().await;
        let now = house.now(&claim.id).await;
        assert_eq!((now.status, now.approved_by.as_str()), (Status::Approved, "wang"));
        assert!(now.approved_at.is_some() && now.pay_on.is_some());
        // The same answer told twice changes nothing more.
        house.deliver().await;
        assert_eq!(house.now(&claim.id).await.version, now.version);
    }

    async fn what_is_not_approved_is_to_be_decided_anew(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("5000").await;
        house.decided(&claim, &full()).await;
        house.answer(&wang(), Answer::Refuse).await.unwrap();
        house.deliver().await;
        let file = house.claims.file(&chen(), &claim.id).await.unwrap();
        let now = &file.listed.claim;
        assert_eq!((now.status, now.decision, now.decided_minor), (Status::Open, None, None));
        let line = &file.entries[0];
        assert_eq!((line.kind, line.by_name.as_str(), line.text.as_str()), (EntryKind::NotApproved, "wang", "太多了"));
        assert_eq!(house.decided(now, &part("900")).await.status, Status::Approved);
    }

    async fn a_new_decision_ends_the_question_that_waited(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("5000").await;
        let waiting = house.decided(&claim, &full()).await;
        let again = house.decided(&waiting, &part("4000")).await;
        assert_eq!(again.status, Status::Waiting);
        let asked = Approvals::new(db.clone()).waiting(&wang()).await.unwrap();
        assert_eq!(asked.iter().map(|one| one.amount).collect::<Vec<_>>(), [Some(400_000)]);
        house.deliver().await;
        assert_eq!(house.now(&claim.id).await.version, again.version, "the question taken back says nothing any more");
        // Whoever asked takes it back himself: nobody has decided.
        Approvals::new(db.clone()).withdraw(&chen(), &asked[0].id).await.unwrap();
        house.deliver().await;
        assert_eq!(house.now(&claim.id).await.status, Status::Open);
    }

    async fn a_part_is_less_than_all_and_whoever_does_not_pay_all_says_why(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("1000").await;
        let silent = DecisionDraft { reason: " ".into(), ..part("500") };
        for (draft, expected) in [
            (part("1000"), "amount: claim-not_a_part"),
            (part("1001"), "amount: claim-not_a_part"),
            (part(""), "amount: claim-no_amount"),
            (silent, "reason: claim-text_missing"),
            (refusal(""), "reason: claim-text_missing"),
        ] {
            assert_eq!(why(house.claims.decide(&chen(), &claim.id, 1, &draft).await), expected);
        }
        let now = house.decided(&claim, &part("999.99")).await;
        assert_eq!((now.decided_minor, now.decision), (Some(99_999), Some(Decision::Part)));
        assert_eq!(why(house.claims.decide(&wang(), &claim.id, 1, &full()).await), "conflict");
    }

    async fn a_refusal_can_be_taken_up_again_and_closed(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("1000").await;
        let refused = house.decided(&claim, &refusal("不可抗力")).await;
        assert_eq!((refused.status, refused.decided_minor), (Status::Refused, None));
        let again = house.decided(&refused, &full()).await;
        assert_eq!(again.status, Status::Approved);
        assert_eq!(why(house.claims.close(&chen(), &claim.id, again.version).await), "claim-not_settled");
        let refused = house.decided(&again, &refusal("查明是客户装箱")).await;
        let closed = house.claims.close(&chen(), &claim.id, refused.version).await.unwrap();
        assert_eq!(closed.status, Status::Closed);
        assert_eq!(why(house.claims.decide(&chen(), &claim.id, closed.version, &full()).await), "claim-closed");
    }

    async fn liability_stays_open_while_it_is_handled_and_is_settled_before_it_is_closed(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("1000").await;
        let now = house.decided(&claim, &full()).await;
        let paid = house.claims.pay(&chen(), &claim.id, now.version, &Default::default()).await.unwrap();
        assert_eq!((paid.status, paid.liable), (Status::Paid, Liable::Open));
        assert_eq!(why(house.claims.close(&chen(), &claim.id, paid.version).await), "claim-liability_open");
        let draft = BlameDraft { liable: Liable::Carrier };
        let blamed = house.claims.blame(&chen(), &claim.id, paid.version, &draft).await.unwrap();
        let closed = house.claims.close(&chen(), &claim.id, blamed.version).await.unwrap();
        assert_eq!(why(house.claims.blame(&chen(), &claim.id, closed.version, &draft).await), "claim-closed");
        assert_eq!(events(&db, "claim.closed").await, 1);
    }

    async fn what_the_customer_withdraws_is_asked_of_nobody_any_more(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("5000").await;
        let waiting = house.decided(&claim, &full()).await;
        assert_eq!(why(house.claims.withdraw(&chen(), &claim.id, waiting.version, "").await), "reason: claim-text_missing");
        let gone = house.claims.withdraw(&chen(), &claim.id, waiting.version, "货找到了").await.unwrap();
        assert_eq!(gone.status, Status::Withdrawn);
        assert_eq!(Approvals::new(db.clone()).waiting(&wang()).await.unwrap().len(), 0);
        house.deliver().await;
        assert_eq!(house.now(&claim.id).await.status, Status::Withdrawn);
        let paid = house.raised("10").await;
        let now = house.decided(&paid, &full()).await;
        let now = house.claims.pay(&chen(), &paid.id, now.version, &Default::default()).await.unwrap();
        assert_eq!(why(house.claims.withdraw(&chen(), &paid.id, now.version, "x").await), "claim-paid_already");
    }

    async fn a_claim_is_handed_over_to_somebody_who_may_handle_it(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("10").await;
        let to = |id: &str| base::UserId(id.into());
        assert_eq!(why(house.claims.hand_over(&chen(), &claim.id, 1, &to("zhang")).await), "owner: claim-owner_cannot");
        let now = house.claims.hand_over(&chen(), &claim.id, 1, &to("wang")).await.unwrap();
        assert_eq!(now.owner_id, Some(to("wang")));
    }
}
