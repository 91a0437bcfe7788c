#![expect(clippy::unwrap_used, reason = "a test that cannot get what it needs has failed")]

mod deciding;
mod evidence;
mod money;
mod pages;
mod raising;
mod worklist;

use approvals::{Answer, Approvals};
use attachments::Attachments;
use base::{Actor, ActorKind, CustomerId, Error, Instant, Language, Permission, Scope, UserId};
use claims::claim::Model;
use claims::forms::{ClaimDraft, DecisionDraft};
use claims::{ClaimId, Claims};
use db::Db;
use db::dialect::statement;
use exceptions::exception::{FoundBy, Kind};
use exceptions::{ExceptionDraft, Exceptions};
use sea_orm::ConnectionTrait;
use shipments::Shipments;
use tempfile::TempDir;

/// Monday 23 November 2026, noon in China.
pub const MONDAY: &str = "2026-11-23T04:00:00Z";

/// Somebody with every permission of this reach.
pub fn person(id: &str, scope: Scope) -> Actor {
    let all: [Permission; 14] = [
        customers::VIEW,
        customers::CREATE,
        customers::EDIT,
        customers::LOG,
        shipments::VIEW,
        shipments::EDIT,
        shipments::RATES,
        exceptions::VIEW,
        exceptions::HANDLE,
        approvals::DECIDE,
        claims::VIEW,
        claims::RAISE,
        claims::HANDLE,
        claims::PAY,
    ];
    Actor {
        kind: ActorKind::User { id: UserId(id.into()), session: "s".into() },
        name: id.into(),
        department: None,
        permissions: all.into_iter().map(|permission| (permission, scope.clone())).collect(),
        language: Language::Chinese,
        now: at(MONDAY),
    }
}

pub fn chen() -> Actor {
    person("chen", Scope::All)
}

pub fn wang() -> Actor {
    person("wang", Scope::All)
}

pub fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// The same person at another time.
pub fn when(actor: &Actor, now: &str) -> Actor {
    Actor { now: at(now), ..actor.clone() }
}

/// Without one permission.
pub fn without(actor: &Actor, permission: Permission) -> Actor {
    let mut actor = actor.clone();
    actor.permissions.remove(&permission);
    actor
}

/// A customer with a waybill that came broken; Chen may promise 1,000 yuan alone, Wang 20,000. The data folder goes away
/// with it.
pub struct House {
    pub db: Db,
    pub claims: Claims,
    pub customer: CustomerId,
    pub shipment: String,
    _folder: TempDir,
}

impl House {
    pub async fn of(db: &Db) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let claims = Claims::new(db.clone(), Attachments::new(db.clone(), folder.path()));
        let customer = customer(db, &chen(), "红木家具厂").await;
        let shipment = shipment(db, &customer, "YD1").await;
        with_limit(db, "chen", 1000).await;
        with_limit(db, "wang", 20_000).await;
        Self { db: db.clone(), claims, customer, shipment, _folder: folder }
    }

    pub fn draft(&self, asked: &str) -> ClaimDraft {
        ClaimDraft {
            customer: Some(self.customer.clone()),
            waybill: "YD1".into(),
            kind: Some(Kind::Damage),
            what: "茶几磕掉一角".into(),
            value: "8,000".into(),
            asked: asked.into(),
            ..ClaimDraft::default()
        }
    }

    pub async fn raised(&self, asked: &str) -> Model {
        self.claims.raise(&chen(), &self.draft(asked)).await.unwrap()
    }

    pub async fn decided(&self, claim: &Model, draft: &DecisionDraft) -> Model {
        self.claims.decide(&chen(), &claim.id, claim.version, draft).await.unwrap()
    }

    pub async fn now(&self, id: &ClaimId) -> Model {
        self.claims.file(&chen(), id).await.unwrap().listed.claim
    }

    /// Answers what waits.
    pub async fn answer(&self, who: &Actor, said: Answer) -> Result<(), Error> {
        let approvals = Approvals::new(self.db.clone());
        let waiting = approvals.waiting(&wang()).await?;
        approvals.decide(who, &waiting[0].id, said, "太多了").await.map(drop)
    }

    /// What the program does with waiting events.
    pub async fn deliver(&self) {
        let module = claims::module(self.claims.clone());
        module::deliver(&self.db, &module.listeners, at(MONDAY)).await.unwrap();
    }

    pub async fn exception(&self, kind: Kind) -> exceptions::exception::Model {
        let draft = ExceptionDraft {
            shipment: Some(self.shipment.clone()),
            source: None,
            waybill: None,
            customer: None,
            line: String::new(),
            kind,
            found_by: FoundBy::Us,
            happened_at: None,
            what: "两箱受潮".into(),
            customer_asked_at: None,
        };
        Exceptions::new(self.db.clone()).log(&chen(), draft).await.unwrap()
    }
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

pub async fn shipment(db: &Db, customer: &CustomerId, waybill: &str) -> String {
    let draft = shipments::samples::shipment(customer, waybill, chen().today());
    Shipments::new(db.clone()).record(&chen(), draft, None).await.unwrap().id.0
}

/// A role of its own lets somebody promise this much alone, whole yuan, and handle claims.
pub async fn with_limit(db: &Db, who: &str, most: i64) {
    const USER: &str = "insert into users (id, name, login, language, status, version, created_at) \
        values ($1, $1, $1, 'zh-CN', 'active', 1, $2)";
    const ROLE: &str = "insert into roles (id, name, version, created_at) values ($1, $1, 1, $2)";
    const HAS: &str = "insert into user_roles (user_id, role_id) values ($1, $1)";
    const LIMIT: &str = "insert into approval_limits (role_id, kind, most) values ($1, 'claim_payout', $2)";
    const MAY: &str = "insert into role_permissions (role_id, permission, scope) values ($1, 'claims.handle', 'all')";
    let tx = db.begin().await.unwrap();
    for sql in [USER, ROLE] {
        tx.execute_raw(statement(&tx, sql, [who.into(), chen().now.into()])).await.unwrap();
    }
    for sql in [HAS, MAY] {
        tx.execute_raw(statement(&tx, sql, [who.into()])).await.unwrap();
    }
    tx.execute_raw(statement(&tx, LIMIT, [who.into(), most.into()])).await.unwrap();
    db.commit(tx).await.unwrap();
}

/// The key of a refusal, or of the first problem of a field.
pub fn why<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result.unwrap_err() {
        Error::Refused(message) => message.key,
        Error::Invalid(problems) => format!("{}: {}", problems[0].field, problems[0].message.key),
        other => other.code().to_owned(),
    }
}
