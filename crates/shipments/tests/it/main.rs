#![expect(clippy::unwrap_used, reason = "a test that cannot get what it needs has failed")]

mod any_file;
mod api;
mod calendar;
mod dates;
mod days;
mod import;
mod money;
mod pages;
mod reach;
mod reasons;
mod records;
mod report;
mod scms;
mod stake;

use base::{Actor, ActorKind, CustomerId, Day, Language, Permission, Scope, UserId};
use db::Db;
use module::{ImportKind, Options, Record, Seen, Verdict};
use shipments::{LineFacts, ShipmentImport};

/// Somebody with every permission of this reach; it is 23 November 2026, noon.
pub fn person(id: &str, scope: Scope) -> Actor {
    let all: [Permission; 7] = [
        customers::VIEW,
        customers::CREATE,
        customers::EDIT,
        customers::LOG,
        shipments::VIEW,
        shipments::EDIT,
        shipments::RATES,
    ];
    Actor {
        kind: ActorKind::User { id: UserId(id.into()), session: "s".into() },
        name: id.into(),
        department: None,
        permissions: all.into_iter().map(|permission| (permission, scope.clone())).collect(),
        language: Language::Chinese,
        now: "2026-11-23T04:00:00Z".parse().unwrap(),
    }
}

pub fn manager() -> Actor {
    person("manager", Scope::All)
}

/// Whoever creates a customer owns him here.
pub async fn customer(db: &Db, actor: &Actor, name: &str) -> CustomerId {
    let owner_id = actor.user_id().cloned();
    let draft = customers::forms::CustomerDraft { owner_id, ..customers::samples::draft(name) };
    let tx = db.begin().await.unwrap();
    let customer = customers::create_in(&tx, actor, draft).await.unwrap();
    db.commit(tx).await.unwrap();
    customer.customer_id()
}

/// Preview and commit as the importer does them: everything is planned before anything is written.
pub async fn import(db: &Db, actor: &Actor, records: &[Record], options: &Options) -> Vec<Verdict> {
    let verdicts = plan(db, actor, records, options).await;
    let tx = db.begin().await.unwrap();
    for (records, verdicts) in records.chunks(1000).zip(verdicts.chunks(1000)) {
        let pairs: Vec<_> = records
            .iter()
            .zip(verdicts)
            .filter(|(_, verdict)| matches!(verdict, Verdict::New | Verdict::Changed(_)))
            .collect();
        ShipmentImport.write(&tx, actor, &pairs, options).await.unwrap();
    }
    ShipmentImport.finish(&tx, actor).await.unwrap();
    db.commit(tx).await.unwrap();
    verdicts
}

pub async fn plan(db: &Db, actor: &Actor, records: &[Record], options: &Options) -> Vec<Verdict> {
    let mut seen = Seen::default();
    let mut verdicts = Vec::new();
    for some in records.chunks(1000) {
        verdicts.extend(ShipmentImport.plan(db, actor, some, options, &mut seen).await.unwrap());
    }
    verdicts
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A line promised for 5 January and delivered on that day.
pub fn line(shipment: &str) -> LineFacts {
    LineFacts {
        shipment: shipment.into(),
        customer: "明为公司".into(),
        origin: "上海".into(),
        destination: "成都".into(),
        mode: "truck".into(),
        promised_on: Some(day("2026-01-05")),
        promised_at: None,
        delivered_on: Some(day("2026-01-05")),
        delivered_at: None,
    }
}

pub fn late(shipment: &str) -> LineFacts {
    LineFacts { delivered_on: Some(day("2026-01-06")), ..line(shipment) }
}

pub fn undated(shipment: &str) -> LineFacts {
    LineFacts { delivered_on: None, ..line(shipment) }
}
