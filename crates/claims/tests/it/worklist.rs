//! Where a claim is met: on the worklist, on the customer's page and on his timeline.

use base::{Actor, Scope};
use claims::store::list::{Filter, State};
use claims::{ClaimPanel, ClaimReasons, ClaimTimeline};
use db::{Db, db_tests};
use module::{CustomerPanel, Reason, ReasonSource, TimelineSource};

use crate::deciding::full;
use crate::pages::texts;
use crate::{House, chen, person, wang, when};

async fn reasons(db: &Db, actor: &Actor) -> Vec<Reason> {
    ClaimReasons.reasons(db, actor, actor.user_id()).await.unwrap()
}

async fn kinds(db: &Db, actor: &Actor) -> Vec<&'static str> {
    reasons(db, actor).await.into_iter().map(|reason| reason.kind).collect()
}

async fn listed(house: &House, actor: &Actor, state: State) -> usize {
    let filter = Filter { state, ..Filter::default() };
    house.claims.list(actor, &filter, Default::default()).await.unwrap().rows.len()
}

db_tests! {
    async fn a_decision_that_runs_out_and_a_promise_that_is_not_paid_stand_on_the_owners_worklist(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("1000").await;
        assert_eq!(kinds(&db, &chen()).await, [""; 0], "nine days are left");
        let soon = when(&chen(), "2026-11-30T04:00:00Z");
        let found = reasons(&db, &soon).await;
        assert_eq!((found[0].kind, found[0].due, &found[0].customer), ("claim_undecided", claim.decide_on, &house.customer));
        assert_eq!(found[0].evidence_href, format!("/claims/{}", claim.id));
        assert_eq!(kinds(&db, &when(&wang(), "2026-11-30T04:00:00Z")).await, [""; 0], "it is Chen's");
        let now = house.decided(&claim, &full()).await;
        assert_eq!(kinds(&db, &chen()).await, [""; 0]);
        assert_eq!(kinds(&db, &soon).await, ["claim_unpaid"]);
        house.claims.pay(&chen(), &claim.id, now.version, &Default::default()).await.unwrap();
        assert_eq!(kinds(&db, &soon).await, [""; 0]);
        let large = house.raised("5000").await;
        house.decided(&large, &full()).await;
        assert_eq!(kinds(&db, &soon).await, ["claim_unapproved"]);
    }

    async fn the_list_knows_what_is_open_overdue_recovering_and_closed(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("1000").await;
        house.raised("2000").await;
        let late = when(&chen(), "2026-12-03T04:00:00Z");
        let counts = async |actor: &Actor| {
            let mut counts = Vec::new();
            for state in State::ALL {
                counts.push(listed(&house, actor, *state).await);
            }
            counts
        };
        assert_eq!(counts(&chen()).await, [2, 0, 0, 0, 2]);
        assert_eq!(counts(&late).await, [2, 2, 0, 0, 2]);
        let asked = claims::forms::RecoveryDraft { from: "迅捷物流".into(), amount: "5".into(), on: None };
        let now = house.claims.ask_carrier(&chen(), &claim.id, 1, &asked).await.unwrap();
        assert_eq!(counts(&chen()).await, [2, 0, 1, 0, 2]);
        let now = house.claims.give_up(&chen(), &claim.id, now.version, "x").await.unwrap();
        house.claims.withdraw(&chen(), &claim.id, now.version, "x").await.unwrap();
        assert_eq!(counts(&late).await, [1, 1, 0, 1, 2]);
        assert_eq!(counts(&person("li", Scope::Own)).await, [0; 5]);
    }

    async fn the_customers_page_shows_what_claims_cost_and_says_when_a_rate_is_missing(db: Db) {
        let house = House::of(&db).await;
        let texts = texts(&db, &house.claims);
        let panel = ClaimPanel(house.claims.clone());
        let claim = house.raised("1000").await;
        let now = house.decided(&claim, &full()).await;
        house.claims.pay(&chen(), &claim.id, now.version, &Default::default()).await.unwrap();
        let figures = panel.figures(&db, &chen(), &texts, &house.customer).await.unwrap();
        assert_eq!((figures[0].value.as_str(), figures[0].note.as_str()), ("CNY 1,000.00", "未结 1 件"));
        let yen = claims::forms::ClaimDraft { currency: Some(base::Currency::JPY), ..house.draft("700") };
        let yen = house.claims.raise(&chen(), &yen).await.unwrap();
        let now = house.decided(&yen, &full()).await;
        house.answer(&person("boss", Scope::All), approvals::Answer::Approve).await.unwrap_err();
        let asked = claims::forms::RecoveryDraft { from: "船公司".into(), amount: "700".into(), on: None };
        let now = house.claims.ask_carrier(&chen(), &yen.id, now.version, &asked).await.unwrap();
        let back = claims::forms::RecoveredDraft { amount: "700".into(), on: None };
        house.claims.recovered(&chen(), &yen.id, now.version, &back).await.unwrap();
        let figures = panel.figures(&db, &chen(), &texts, &house.customer).await.unwrap();
        assert!(figures[0].note.contains("另有 JPY -700 没有汇率，未计入"), "{}", figures[0].note);
        let shown = panel.render(&db, &chen(), &texts, &house.customer, "").await.unwrap().unwrap();
        assert!(shown.html.contains("LP-2026-0001") && shown.html.contains("JPY -700"), "{}", shown.html);
        let stranger = person("li", Scope::Own);
        assert!(panel.render(&db, &stranger, &texts, &house.customer, "").await.unwrap().is_none());
        assert_eq!(panel.figures(&db, &stranger, &texts, &house.customer).await.unwrap().len(), 0);
    }

    async fn the_timeline_tells_what_he_asked_for_and_what_he_got(db: Db) {
        let house = House::of(&db).await;
        let texts = texts(&db, &house.claims);
        let claim = house.raised("1000").await;
        let later = when(&chen(), "2026-11-24T04:00:00Z");
        let now = house.claims.decide(&later, &claim.id, 1, &full()).await.unwrap();
        house.claims.pay(&later, &claim.id, now.version, &Default::default()).await.unwrap();
        let told = async |actor: &Actor, before: &str| {
            let before = crate::at(before);
            let rows = ClaimTimeline.before(&db, actor, &texts, &house.customer, before, 10).await.unwrap();
            rows.into_iter().map(|row| row.kind).collect::<Vec<_>>()
        };
        assert_eq!(told(&chen(), "2026-11-25T00:00:00Z").await, ["理赔 · 付款", "理赔 · 赔付已批准", "理赔 · 登记"]);
        assert_eq!(told(&chen(), "2026-11-24T00:00:00Z").await, ["理赔 · 登记"]);
        assert_eq!(told(&person("li", Scope::Own), "2026-11-25T00:00:00Z").await, [""; 0]);
    }
}
