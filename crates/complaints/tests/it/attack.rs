//! What somebody may not see or do.

use base::{Actor, CustomerId, Error, PageSize, Scope};
use complaints::forms::ComplaintDraft;
use complaints::samples;
use complaints::store::list::Filter;
use complaints::words::Step;
use db::{Db, db_tests};
use shipments::Shipments;

use crate::{chen, customer, logged, person, service, why, with_department};

async fn shipment(db: &Db, actor: &Actor, customer: &CustomerId, waybill: &str) {
    let draft = shipments::samples::shipment(customer, waybill, actor.today());
    Shipments::new(db.clone()).record(actor, draft, None).await.unwrap();
}

fn about(customer: &CustomerId, waybill: &str) -> ComplaintDraft {
    ComplaintDraft { waybills: vec![waybill.into()], ..samples::draft(customer, &service()) }
}

db_tests! {
    async fn somebody_elses_complaint_does_not_exist_for_a_sales_rep(db: Db) {
        let (complaints, first) = logged(&db).await;
        let zhang = person("zhang", Scope::Own);
        assert!(matches!(complaints.file(&zhang, &first.id).await, Err(Error::NotFound)));
        let step = complaints.take_step(&zhang, &first.id, 1, &samples::step(Step::Listen)).await;
        assert!(matches!(step, Err(Error::NotFound)));
        assert!(matches!(complaints.hold(&zhang, &first.id, 1, "等").await, Err(Error::NotFound)));
        assert!(matches!(complaints.merge(&zhang, &first.id, 1, &first.id).await, Err(Error::NotFound)));
        assert!(complaints.list(&zhang, &Filter::default(), PageSize(10)).await.unwrap().rows.is_empty());
        let log = complaints.log(&zhang, samples::draft(&first.customer_id, &service())).await;
        assert!(matches!(log, Err(Error::NotFound)));
        let own = customer(&db, &zhang, "明为公司").await;
        let own = complaints.log(&zhang, samples::draft(&own, &service())).await.unwrap();
        assert_eq!(complaints.list(&zhang, &Filter::default(), PageSize(10)).await.unwrap().rows.len(), 1);
        assert!(complaints.file(&zhang, &own.id).await.is_ok());
    }

    async fn a_waybill_of_another_customer_is_refused_and_a_hidden_one_is_unknown(db: Db) {
        let complaints = with_department(&db).await;
        let (chen, zhang) = (chen(), person("zhang", Scope::Own));
        let (ming, xun) = (customer(&db, &zhang, "明为公司").await, customer(&db, &chen, "迅捷物流").await);
        shipment(&db, &chen, &ming, "MW1").await;
        shipment(&db, &chen, &xun, "XJ1").await;
        let other = complaints.log(&chen, about(&ming, "XJ1")).await;
        assert_eq!(why(other), "waybills: complaint-waybill_of_another");
        for waybill in ["XJ1", "nobody's", "a\0b"] {
            let hidden = complaints.log(&zhang, about(&ming, waybill)).await;
            assert_eq!(why(hidden), "waybills: complaint-no_such_waybill", "{waybill}");
        }
        let own = complaints.log(&zhang, about(&ming, " MW1 ")).await.unwrap();
        assert_eq!(own.number, "客服-2026-0001", "what was refused took no number");
        let more = complaints.add_shipments(&zhang, &own.id, 1, &["XJ1".into()]).await;
        assert_eq!(why(more), "waybills: complaint-no_such_waybill");
        let linked = complaints.file(&zhang, &own.id).await.unwrap().shipments;
        assert_eq!(linked.iter().map(|one| one.waybill.as_str()).collect::<Vec<_>>(), ["MW1"]);
    }

    async fn a_text_that_names_an_unknown_field_is_not_taken(db: Db) {
        let complaints = with_department(&db).await;
        let mut texts = complaints.wordings().await.unwrap();
        texts.chinese.insert(Step::Listen, "{{password}}".into());
        assert_eq!(why(complaints.set_wordings(&chen(), texts.clone()).await), "listen_zh: complaint-field_unknown");
        texts.chinese.insert(Step::Listen, "{{customer}}，我们听到了。".into());
        complaints.set_wordings(&chen(), texts.clone()).await.unwrap();
        assert!(matches!(complaints.set_wordings(&chen(), texts).await, Err(Error::Conflict)));
        let stored = complaints.wordings().await.unwrap();
        assert_eq!((stored.version, stored.chinese[&Step::Listen].as_str()), (1, "{{customer}}，我们听到了。"));
    }

    async fn nobody_is_given_a_complaint_that_he_cannot_see(db: Db) {
        let (complaints, first) = logged(&db).await;
        let nobody = base::UserId("nobody".into());
        let given = complaints.assign(&chen(), &first.id, 1, &nobody, "").await;
        assert_eq!(why(given), "owner: complaint-out_of_reach");
        let draft = ComplaintDraft { owner: Some(nobody), ..samples::draft(&first.customer_id, &service()) };
        assert_eq!(why(complaints.log(&chen(), draft).await), "owner: complaint-out_of_reach");
    }
}
