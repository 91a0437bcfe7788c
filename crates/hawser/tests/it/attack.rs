//! A salesperson, and the head of another department, go after a customer who is not theirs: by every address, with
//! every id that they could have seen.

use std::sync::Arc;

use access::rules::Rights;
use access::{NewUser, Reach};
use axum::body::Body;
use axum::http::{Method, Request, header};
use base::{Actor, CustomerId, DepartmentId, Error, Language, UserId};
use customers::Customers;
use customers::forms::{CustomerDraft, InteractionDraft};
use db::{Db, db_tests};
use exchange::cli::{Wish, import};
use serde_json::{Value, json};
use shipments::Shipments;
use shipments::forms::ShipmentDraft;

use crate::{Answer, House, operator};

/// What only the canary's file says; each is looked for in every answer.
const SECRETS: [&str; 7] =
    ["Canaria Lines", "canary-tag", "canary-industry", "canary-said", "WB-CANARY", "Port-Canary", "Canaria Import.csv"];

/// The ids of somebody else's customer and of what hangs on it.
struct Canary {
    customer: CustomerId,
    ids: [String; 4],
    owner: UserId,
    department: DepartmentId,
}

/// Somebody with a session and a key, who may do everything with what is his.
struct Thief {
    cookie: String,
    csrf: String,
    key: String,
    own: CustomerId,
    actor: Actor,
}

const MAY: [&str; 9] = [
    "customers.view",
    "customers.create",
    "customers.edit",
    "customers.log",
    "shipments.view",
    "shipments.edit",
    "worklist.own",
    "stages.view",
    "imports.run",
];

async fn canary(house: &House, db: &Db) -> Canary {
    let access = &house.program.access;
    let department = access.create_department(&operator(), "Canaria", None).await.unwrap();
    let owner = person(house, "victim", Reach::Own, &department).await;
    let draft: CustomerDraft = serde_json::from_value(json!({
        "name": SECRETS[0], "tags": [SECRETS[1]], "industry": SECRETS[2], "owner_id": owner, "rhythm_days": 1,
    }))
    .unwrap();
    let customers = Customers::new(db.clone());
    let made = customers.create(&operator(), draft).await.unwrap();
    let (customer, today) = (made.customer_id(), operator().today());
    let said: InteractionDraft = serde_json::from_value(json!({
        "kind": "call", "direction": "outgoing", "text": SECRETS[3], "next_step": SECRETS[3], "next_step_on": today,
        "next_step_by": owner,
    }))
    .unwrap();
    let interaction = customers.log(&operator(), &customer, said).await.unwrap();
    let shipment: ShipmentDraft = serde_json::from_value(json!({
        "customer": customer, "source": "tms", "waybill": SECRETS[4],
        "lines": [{"origin": SECRETS[5], "destination": SECRETS[5], "mode": "ocean", "promised_on": "2026-11-02",
            "delivered_on": "2026-11-09"}],
    }))
    .unwrap();
    let shipment = Shipments::new(db.clone()).record(&operator(), shipment, None).await.unwrap().id;
    module::deliver(db, &house.program.listeners, base::now()).await.unwrap();
    let ids = [customer.to_string(), interaction.to_string(), shipment.to_string(), owner.to_string()];
    Canary { customer, ids, owner, department }
}

async fn person(house: &House, login: &str, reach: Reach, department: &DepartmentId) -> UserId {
    let access = &house.program.access;
    let rights: Rights = MAY.iter().map(|name| ((*name).to_owned(), reach)).collect();
    let role = access.create_role(&operator(), login, &rights).await.unwrap();
    let department = Some(department.clone());
    let new = NewUser { name: login.into(), login: login.into(), department, roles: vec![role], ..NewUser::default() };
    access.create_user(&operator(), new).await.unwrap()
}

/// In a department of his own, with one customer.
async fn thief(house: &House, db: &Db, login: &str, reach: Reach) -> Thief {
    let access = &house.program.access;
    let department = access.create_department(&operator(), login, None).await.unwrap();
    let id = person(house, login, reach, &department).await;
    let draft: CustomerDraft =
        serde_json::from_value(json!({"name": format!("Own of {login}"), "owner_id": id})).unwrap();
    let own = Customers::new(db.clone()).create(&operator(), draft).await.unwrap().customer_id();
    let last_day = operator().today() + chrono::Duration::days(1);
    let key = access.create_key(&operator(), &id, "k", &MAY, last_day).await.unwrap().secret;
    let cookie = house.sign_in(login).await;
    let token = cookie.split_once('=').unwrap().1;
    let actor = access.identify_session(token, base::now()).await.unwrap().unwrap();
    Thief { csrf: house.csrf(&cookie).await, actor, key, own, cookie }
}

async fn thieves(house: &House, db: &Db) -> [Thief; 2] {
    [thief(house, db, "rep", Reach::Own).await, thief(house, db, "head", Reach::Department).await]
}

impl Thief {
    async fn ask(&self, house: &House, method: &Method, path: &str, body: &str) -> Answer {
        let request = Request::builder().method(method.clone()).uri(path).header(header::HOST, "localhost");
        let request = match path.starts_with("/api/") {
            true => request
                .header(header::AUTHORIZATION, format!("Bearer {}", self.key))
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::IF_MATCH, "\"1\""),
            false => request
                .header(header::COOKIE, &self.cookie)
                .header("x-csrf-token", &self.csrf)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"),
        };
        house.ask(request.body(Body::from(body.to_owned())).unwrap()).await
    }
}

/// The first parameter is the id; another one is a day.
fn with_id(path: &str, id: &str) -> Option<String> {
    let (before, rest) = path.split_once('{')?;
    let mut rest = rest.split_once('}')?.1.to_owned();
    while let Some((left, right)) = rest.split_once('{') {
        rest = format!("{left}2026-11-02{}", right.split_once('}')?.1);
    }
    Some(format!("{before}{id}{rest}"))
}

/// Everything that could be asked of a list.
fn queries(canary: &Canary) -> Vec<String> {
    let [customer, ..] = &canary.ids;
    let cursor = |key: &str, id: &str| base::Cursor { key: key.into(), id: id.into() }.encode();
    let mut all = vec![
        String::new(),
        format!("customer={customer}"),
        format!("owner={}", canary.owner),
        format!("department={}", canary.department),
        format!("user={}", canary.owner),
        format!("person={}", canary.owner),
        "mode=ocean".into(),
        "month=2026-11".into(),
        "late=true".into(),
        "late=on".into(),
        "stage=first_time".into(),
        "contact_due=true".into(),
        "by=customer".into(),
        "by=lane".into(),
        "by=month".into(),
        "only=late".into(),
        "only=late&mode=ocean".into(),
        "sort=name".into(),
    ];
    // Looked for by one thing, it must not be told by the others.
    let words = [
        ("q", 0),
        ("q", 4),
        ("words", 0),
        ("tag", 1),
        ("industry", 2),
        ("origin", 5),
        ("destination", 5),
        ("waybill", 4),
    ];
    all.extend(words.map(|(name, secret)| format!("{name}={}", SECRETS[secret].replace(' ', "+"))));
    let keys = ["", "0", "~", "2026-11-23T01:00:00Z", "+262142-01-01T00:00:00Z", "-262143-01-01T00:00:00Z"];
    let numbers = [
        "9223372036854775807",
        "-9223372036854775808",
        "9999999999999999",
        "2026-11-23",
        "+262142-12-31",
        "-300000000000000000",
    ];
    all.extend(keys.iter().chain(&numbers).map(|key| format!("after={}", cursor(key, customer))));
    all.extend(
        ["name", "credit_code", "last_contact", "figures"]
            .map(|sort| format!("sort={sort}&after={}", cursor("9", customer))),
    );
    all
}

fn gives_nothing_away(answer: &Answer, path: &str) {
    assert!(answer.status.as_u16() < 500, "{path}: {} {}", answer.status, answer.body);
    let asked = path.replace('+', " ");
    for secret in SECRETS.iter().filter(|secret| !asked.contains(**secret)) {
        assert!(!answer.body.contains(secret), "{path} tells {secret}: {}", answer.body);
    }
}

/// What is stored of the canary, as the operator reads it.
async fn stored(house: &House, db: &Db, canary: &Canary) -> Value {
    let customers = Customers::new(db.clone());
    let file = customers.file(&operator(), &canary.customer).await.unwrap();
    let said = customers.interactions(&operator(), &canary.customer, None, base::PageSize(100)).await.unwrap();
    let shipment = shipments::ShipmentId(canary.ids[2].clone());
    let shipment = Shipments::new(db.clone()).file(&operator(), &shipment).await.unwrap();
    let user = house.program.access.user(&operator(), &canary.owner).await.unwrap();
    json!([format!("{file:?}"), format!("{said:?}"), format!("{shipment:?}"), format!("{user:?}")])
}

/// Bodies that would do something to a record of one's own.
fn bodies(path: &str, canary: &Canary, csrf: &str) -> Vec<String> {
    if path.starts_with("/api/") {
        let shipment = json!({"customer": canary.customer, "source": "tms", "waybill": "WB-2", "lines": []});
        let acts = [
            json!({}),
            json!({"name": "Taken over"}),
            json!({"stage": "lost", "reason": "mine"}),
            json!({"kind": "call", "direction": "outgoing", "text": "mine", "no_next_step": true}),
            json!({"kind": "call", "outcome": "reached", "no_next_step": true}),
            json!({"days": 3}),
            shipment,
        ];
        return acts.iter().map(Value::to_string).collect();
    }
    let acts = [
        "",
        "name=Taken+over&version=1",
        "stage=lost&reason=mine",
        "kind=call&direction=outgoing&text=mine&no_next_step=true",
        "kind=call&outcome=reached&no_next_step=true",
        "days=3",
    ];
    acts.iter().map(|act| format!("{act}&csrf={csrf}").trim_start_matches('&').to_owned()).collect()
}

/// The answer without what differs from one question to the next anyway.
fn likeness(answer: &Answer, id: &str) -> (u16, String) {
    (answer.status.as_u16(), answer.body.replace(id, "ID"))
}

db_tests! {
    async fn no_list_page_or_report_tells_of_a_foreign_customer(db: Db) {
        let house = House::open(&db).await;
        let canary = canary(&house, &db).await;
        for thief in thieves(&house, &db).await {
            for (method, path) in house.program.registered() {
                if method != Method::GET || path.contains('{') || path.starts_with("/metrics") {
                    continue;
                }
                for query in queries(&canary) {
                    let asked = format!("{path}?{query}");
                    gives_nothing_away(&thief.ask(&house, &method, &asked, "").await, &asked);
                }
            }
            let own = thief.own.to_string();
            for (method, path) in house.program.registered() {
                let Some(asked) = with_id(path, &own).filter(|_| method == Method::GET) else { continue };
                for query in queries(&canary) {
                    let asked = format!("{asked}?{query}");
                    gives_nothing_away(&thief.ask(&house, &method, &asked, "").await, &asked);
                }
            }
        }
    }

    async fn a_foreign_record_answers_like_one_that_does_not_exist_and_stays_as_it_is(db: Db) {
        let house = House::open(&db).await;
        let canary = canary(&house, &db).await;
        let before = stored(&house, &db, &canary).await;
        let nobody = base::Id::new(base::now()).into_text();
        for thief in thieves(&house, &db).await {
            for (method, path) in house.program.registered() {
                // Ends one's own session, which is no attack.
                if path.contains("/me/") {
                    continue;
                }
                for id in &canary.ids {
                    let (Some(foreign), Some(unknown)) = (with_id(path, id), with_id(path, &nobody)) else { continue };
                    let bodies = if method == Method::GET { vec![String::new()] } else { bodies(path, &canary, &thief.csrf) };
                    for body in bodies {
                        let told = thief.ask(&house, &method, &foreign, &body).await;
                        gives_nothing_away(&told, &foreign);
                        let none = thief.ask(&house, &method, &unknown, &body).await;
                        let (told, none) = (likeness(&told, id), likeness(&none, &nobody));
                        assert_eq!(told, none, "{method} {foreign} {body}");
                    }
                }
            }
        }
        assert_eq!(stored(&house, &db, &canary).await, before);
    }

    async fn nothing_of_ones_own_is_hung_on_a_foreign_record(db: Db) {
        let house = House::open(&db).await;
        let canary = canary(&house, &db).await;
        let before = stored(&house, &db, &canary).await;
        for thief in thieves(&house, &db).await {
            let own = &thief.own;
            let log = format!("/api/v1/customers/{own}/interactions");
            let said = json!({"kind": "call", "direction": "outgoing", "text": "x", "no_next_step": true, "shipments": [canary.ids[2]]});
            let takes = [
                ("/api/v1/shipments", json!({"customer": own, "source": "tms", "waybill": SECRETS[4], "lines": []})),
                ("/api/v1/shipments", json!({"customer": canary.customer, "source": "tms", "waybill": "WB-3", "lines": []})),
                (log.as_str(), said),
            ];
            for (path, body) in takes {
                let told = thief.ask(&house, &Method::POST, path, &body.to_string()).await;
                assert!(told.status.is_client_error(), "{path} {body}: {} {}", told.status, told.body);
                gives_nothing_away(&told, &format!("{path} {body}"));
            }
        }
        assert_eq!(stored(&house, &db, &canary).await, before);
    }

    async fn no_file_changes_or_names_a_foreign_record(db: Db) {
        let house = House::open(&db).await;
        let canary = canary(&house, &db).await;
        let before = stored(&house, &db, &canary).await;
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let customers = file("customers.csv", "name,notes\nCanaria Lines,stolen\n");
        let shipments = file("shipments.csv", "waybill,customer\nWB-CANARY,Own of rep\nWB-9,Canaria Lines\n");
        for thief in thieves(&house, &db).await {
            for (kind, file) in [("customers", &customers), ("shipments", &shipments)] {
                for dry_run in [true, false] {
                    let wish = Wish {
                        kind,
                        file,
                        mapping: None,
                        dry_run,
                        create_customers: true,
                        source: Some("tms"),
                        refused: None,
                        texts: &house.program.shell.texts,
                        language: Language::English,
                        report: Arc::new(|_| {}),
                    };
                    match import(&house.program.imports, &thief.actor, &wish).await {
                        Ok(told) => {
                            let counts = told.outcome.counts;
                            assert_eq!((counts.new, counts.changed), (0, 0), "{kind}: {:?}", told.sentences);
                        }
                        Err(error) => assert!(matches!(error, Error::Invalid(_) | Error::Refused(_)), "{kind}: {error:?}"),
                    }
                }
            }
        }
        assert_eq!(stored(&house, &db, &canary).await, before);
    }
}
