//! What a program that is killed leaves behind, and what two of them do together on one database (trust.md ).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base::{CustomerId, DepartmentId};
use db::{Db, audit, db_tests, outbox};
use rustix::process::{Pid, Signal, kill_process};
use sea_orm::entity::prelude::*;
use serde_json::{Value, json};

use crate::{House, operator};

/// Times that the program is killed; more than this takes minutes.
const KILLS: u64 = 8;
const WRITERS: usize = 3;

/// The real program on this data, ended with the test.
struct Node {
    child: Child,
    address: String,
}

impl Node {
    fn start(data: &Path, database: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hawser"));
        command.arg("--data").arg(data).args(["serve", "--listen", "127.0.0.1:0", "--json"]);
        command.env("HAWSER_DATABASE", database).env("HAWSER_LOG", "error").stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        Self { address: said["listen"].as_str().unwrap().to_owned(), child }
    }

    /// As `kill -9`.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The status and all that the program answered with; none when it was killed before.
fn post(address: &str, key: &str, path: &str, body: &Value) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    let body = body.to_string();
    let head =
        format!("POST {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\nconnection: close\r\n");
    write!(stream, "{head}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len()).ok()?;
    let mut answer = String::new();
    // A status line alone is enough: the answer is sent after the write.
    let _ = stream.read_to_string(&mut answer);
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    Some((status, answer))
}

/// What customers and waybills the program said it had kept.
#[derive(Default)]
struct Book {
    next: AtomicU64,
    acknowledged: Mutex<BTreeSet<(&'static str, String)>>,
}

impl Book {
    /// Writes complaints, remarks and late shipments until the program does not answer any more.
    fn write(&self, address: &str, place: &Place, late_in: impl Fn(u64) -> i64) {
        let customer = &place.customer;
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let (path, name) = match number % 3 {
                0 => ("/api/v1/complaints", format!("第 {number} 件：纸箱又破了")),
                1 => ("/api/v1/feedback", format!("第 {number} 句：司机很准时")),
                _ => ("/api/v1/shipments", format!("K{number}")),
            };
            let planned = base::now() + chrono::Duration::seconds(late_in(number)) - chrono::Duration::minutes(120);
            let body = match number % 3 {
                0 => json!({"customer": customer, "department": place.department, "channel": "phone",
                            "category": "damage", "words": name}),
                1 => json!({"customer": customer, "words": name}),
                _ => json!({"customer": customer, "source": "tms", "waybill": name,
                            "milestones": [{"kind": "signed", "planned_at": planned}]}),
            };
            match post(address, &place.key, path, &body) {
                Some((201, _)) => drop(self.acknowledged.lock().unwrap().insert((path, name))),
                // Too many at once is said, and nothing was kept.
                Some((429 | 503, _)) => std::thread::sleep(Duration::from_millis(100)),
                None => return,
                Some((_, other)) => panic!("{path} answers {other} to {body}"),
            }
        }
    }
}

/// Of whom the writers write, and their key.
struct Place {
    customer: CustomerId,
    department: DepartmentId,
    key: String,
}

/// A house of its own with one customer and a key that may write; where its database is.
async fn house(db: &Db) -> (House, Place, String) {
    let house = House::open(db).await;
    let owner_id = Some(house.user("zhang").await);
    let draft = customers::forms::CustomerDraft { owner_id, ..customers::samples::draft("红木家具厂") };
    let tx = db.begin().await.unwrap();
    let customer = customers::create_in(&tx, &operator(), draft).await.unwrap().customer_id();
    db.commit(tx).await.unwrap();
    let user = house.user("admin").await;
    let scopes = [
        customers::VIEW.0,
        complaints::VIEW.0,
        complaints::LOG.0,
        feedback::LOG.0,
        shipments::VIEW.0,
        shipments::EDIT.0,
    ];
    let last_day = operator().today() + chrono::Duration::days(2);
    let key = house.program.access.create_key(&operator(), &user, "TMS", &scopes, last_day).await.unwrap().secret;
    let location = location(db).await;
    let department = house.program.access.departments().await.unwrap().remove(0).id;
    (house, Place { customer, department, key }, location)
}

async fn location(db: &Db) -> String {
    let asked = match db.kind() {
        db::Kind::Sqlite => "select file from pragma_database_list where name = 'main'",
        db::Kind::Postgres => "select current_database()",
    };
    let row = db.read().query_one_raw(db::dialect::statement(db.read(), asked, [])).await.unwrap().unwrap();
    let name: String = row.try_get_by_index(0).unwrap();
    match db.kind() {
        db::Kind::Sqlite => format!("sqlite://{name}"),
        db::Kind::Postgres => {
            let cluster = std::env::var("HAWSER_TEST_POSTGRES").unwrap();
            let (before, _) = cluster.rsplit_once('/').unwrap();
            format!("{before}/{name}")
        }
    }
}

/// Until every event has been handled and every late shipment has been found.
async fn settled(db: &Db) {
    for _ in 0..600 {
        let waiting =
            outbox::Entity::find().filter(outbox::Column::DeliveredAt.is_null()).count(db.read()).await.unwrap();
        let shipments = shipments::shipment::Entity::find().count(db.read()).await.unwrap();
        if waiting == 0 && exceptions::exception::Entity::find().count(db.read()).await.unwrap() >= shipments {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("events or late shipments still wait after two minutes");
}

/// Nothing that was acknowledged is missing, nothing happened twice, no number is left out.
async fn sound(db: &Db, book: &Book) {
    let complaints = complaints::complaint::Entity::find().all(db.read()).await.unwrap();
    let notes = feedback::note::Entity::find().all(db.read()).await.unwrap();
    let shipments = shipments::shipment::Entity::find().all(db.read()).await.unwrap();
    let kept: BTreeSet<(&str, String)> = complaints
        .iter()
        .map(|one| ("/api/v1/complaints", one.words.clone()))
        .chain(notes.iter().map(|one| ("/api/v1/feedback", one.words.clone())))
        .chain(shipments.iter().map(|one| ("/api/v1/shipments", one.waybill.clone())))
        .collect();
    let acknowledged = book.acknowledged.lock().unwrap().clone();
    assert!(acknowledged.len() > 20, "the writers were at work: {}", acknowledged.len());
    assert_eq!(acknowledged.difference(&kept).collect::<Vec<_>>(), Vec::<&(&str, String)>::new(), "lost");
    assert_eq!(kept.len(), complaints.len() + notes.len() + shipments.len(), "twice");

    let mut numbers: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    for one in &complaints {
        let (series, number) = one.number.rsplit_once('-').unwrap();
        assert!(numbers.entry(series.to_owned()).or_default().insert(number.parse().unwrap()), "{}", one.number);
    }
    for (series, all) in numbers {
        let last = i64::try_from(all.len()).unwrap();
        assert_eq!(all, (1..=last).collect(), "{series} has gaps");
    }

    let found = exceptions::exception::Entity::find().all(db.read()).await.unwrap();
    let mut late: Vec<_> = found.iter().map(|one| one.shipment_id.clone()).collect();
    let mut all: Vec<_> = shipments.iter().map(|one| one.id.clone()).collect();
    late.sort_unstable();
    all.sort_unstable();
    assert_eq!(late, all, "each late shipment is found once");
    let told =
        outbox::Entity::find().filter(outbox::Column::Kind.eq("exception.raised")).count(db.read()).await.unwrap();
    let raised = audit::Entity::find().filter(audit::Column::Action.eq("exception.raised")).count(db.read()).await;
    assert_eq!((told, raised.unwrap()), (all.len() as u64, all.len() as u64), "and told once");
    audit::seal(db).await.unwrap();
    let verdict = audit::verify(db.read()).await.unwrap();
    assert!(verdict.broken_at.is_none(), "{verdict:?}");
}

fn pause(from: u64, to: u64) {
    std::thread::sleep(Duration::from_millis(fastrand::u64(from..to)));
}

db_tests! {
    async fn a_program_that_is_killed_at_work_loses_nothing_it_acknowledged_and_does_nothing_twice(db: Db) {
        let (_house, place, database) = house(&db).await;
        let data = tempfile::tempdir().unwrap();
        let book = Book::default();
        for _ in 0..KILLS {
            let node = Node::start(data.path(), &database);
            let address = node.address.clone();
            std::thread::scope(|scope| {
                for _ in 0..WRITERS {
                    scope.spawn(|| book.write(&address, &place, |_| -3600));
                }
                pause(200, 1200);
                node.kill();
            });
        }
        let node = Node::start(data.path(), &database);
        settled(&db).await;
        drop(node);
        sound(&db, &book).await;
        if db.kind() == db::Kind::Sqlite {
            let row = db.read().query_one_raw(db::dialect::statement(db.read(), "pragma integrity_check", [])).await;
            assert_eq!(row.unwrap().unwrap().try_get_by_index::<String>(0).unwrap(), "ok");
        }
    }

    async fn of_two_programs_on_one_database_each_does_what_the_other_does_not(db: Db) {
        if db.kind() == db::Kind::Sqlite {
            return; // One program, one file: two nodes need PostgreSQL.
        }
        let (_house, place, database) = house(&db).await;
        let folders: [PathBuf; 2] = std::array::from_fn(|_| tempfile::tempdir().unwrap().keep());
        let book = Book::default();
        let steady = Node::start(&folders[0], &database);
        let soon = |number: u64| i64::try_from(number % 40).unwrap();
        for round in 0..4 {
            let other = Node::start(&folders[1], &database);
            std::thread::scope(|scope| {
                scope.spawn(|| book.write(&other.address, &place, soon));
                pause(400, 1500);
                match round % 2 {
                    0 => other.signal(Signal::KILL),
                    // Cut off: it answers nobody, and what it held it may hold no longer.
                    _ => {
                        other.signal(Signal::STOP);
                        pause(2000, 4000);
                        other.signal(Signal::CONT);
                        pause(400, 800);
                        other.signal(Signal::KILL);
                    }
                }
            });
        }
        settled(&db).await;
        drop(steady);
        sound(&db, &book).await;
        let late = chrono::Duration::minutes(121);
        for one in exceptions::exception::Entity::find().all(db.read()).await.unwrap() {
            let plan = one.planned_at.unwrap();
            assert!(one.found_at - plan <= late, "{} was due at {plan}, found at {}", one.id, one.found_at);
        }
        for folder in folders {
            std::fs::remove_dir_all(folder).unwrap();
        }
    }
}
