//! The real program, killed at random moments and loaded without pause.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use db::{Db, Location, audit, dialect};
use sea_orm::ConnectionTrait;
use serde_json::Value;

const WRITERS: usize = 4;
const KILLS: usize = 12;
const IMPORTED: u64 = 500;
/// From the start of the process to its first answer, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(20);

/// One running program, and what a signed-in administrator needs to talk to it.
struct Server {
    process: Child,
    /// Lines that it prints.
    said: BufReader<std::process::ChildStdout>,
    address: SocketAddr,
}

/// Where its data is.
#[derive(Clone)]
struct House {
    data: PathBuf,
    /// `None`: the embedded one.
    database: Option<String>,
}

/// A session of the administrator; it outlives the process.
#[derive(Clone)]
struct Session {
    cookie: String,
    csrf: String,
}

struct Reply {
    status: u16,
    head: String,
    body: String,
}

impl House {
    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hawser"));
        command.arg("--data").arg(&self.data).env_remove("HAWSER_DATABASE").env("HAWSER_LOG", "error");
        if let Some(url) = &self.database {
            command.arg("--database").arg(url);
        }
        command
    }

    fn serve(&self) -> Server {
        let address = free_address();
        let mut command = self.command();
        command.args(["serve", "--listen", &address.to_string()]).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let said = BufReader::new(process.stdout.take().unwrap());
        let server = Server { process, said, address };
        let begun = Instant::now();
        while !ask(address, "GET", "/readyz", "", None).is_ok_and(|reply| reply.status == 200) {
            assert!(begun.elapsed() < PATIENCE, "the program does not answer");
            thread::sleep(Duration::from_millis(20));
        }
        server
    }

    async fn open(&self) -> Db {
        let location = match &self.database {
            Some(url) => Location::Postgres(url.clone()),
            None => Location::Sqlite(self.data.join("hawser.db")),
        };
        Db::connect(&location).await.unwrap()
    }

    /// What a command answers when it has done what it was asked; `Null` when it answers in words.
    fn run(&self, arguments: &[&str]) -> Option<Value> {
        let done = self.command().args(arguments).stderr(Stdio::inherit()).output().unwrap();
        done.status.success().then(|| serde_json::from_slice(&done.stdout).unwrap_or_default())
    }
}

impl Server {
    /// Goes through the link that the first start prints.
    fn set_up(&mut self) -> Session {
        let mut line = String::new();
        while !line.contains("/sign-in/link/") {
            line.clear();
            assert!(self.said.read_line(&mut line).unwrap() > 0, "no set-up link was printed");
        }
        let path = format!("/sign-in/link/{}", line.trim().rsplit_once('/').unwrap().1);
        let seen = ask(self.address, "GET", &path, "", None).unwrap();
        let form = format!("csrf={}", csrf_in(&seen.body));
        let entered = ask(self.address, "POST", &path, &cookie_in(&seen.head, "hawser_visit"), Some(&form)).unwrap();
        let cookie = cookie_in(&entered.head, "hawser_session");
        let me = ask(self.address, "GET", "/me", &cookie, None).unwrap();
        Session { csrf: csrf_in(&me.body), cookie }
    }

    /// At once, as by a power cut to the process: nothing of its own runs any more.
    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// People who create departments until the program is gone or they are told to stop.
struct Writers {
    stop: Arc<AtomicBool>,
    acknowledged: Arc<AtomicU64>,
    threads: Vec<JoinHandle<Vec<String>>>,
}

impl Writers {
    fn begin(address: SocketAddr, session: &Session, prefix: &str) -> Self {
        let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let threads = (0..WRITERS).map(|writer| {
            let (stop, acknowledged, session) = (stop.clone(), acknowledged.clone(), session.clone());
            let prefix = format!("{prefix}-{writer}");
            thread::spawn(move || {
                let mut mine = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let name = format!("{prefix}-{}", mine.len());
                    let form = format!("name={name}&csrf={}", session.csrf);
                    match ask(address, "POST", "/settings/departments/new", &session.cookie, Some(&form)) {
                        Ok(reply) => assert_eq!(reply.status, 303, "{}", reply.body),
                        // Killed before it answered: whether this one is there, nobody has been told.
                        Err(_) => break,
                    }
                    mine.push(name);
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                }
                mine
            })
        });
        let threads = threads.collect();
        Self { stop, acknowledged, threads }
    }

    fn wait_for(&self, acts: u64) {
        let begun = Instant::now();
        while self.acknowledged.load(Ordering::Relaxed) < acts {
            assert!(begun.elapsed() < PATIENCE, "nothing is written");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// What the program said yes to.
    fn end(self) -> Vec<String> {
        self.stop.store(true, Ordering::Relaxed);
        self.threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    }
}

/// One request on a connection of its own. An answer that was cut off is no answer.
fn ask(address: SocketAddr, method: &str, path: &str, cookie: &str, form: Option<&str>) -> std::io::Result<Reply> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let body = form.unwrap_or_default();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let cut = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(cut)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(cut)?;
    Ok(Reply { status, head: head.to_owned(), body: body.to_owned() })
}

/// Below the ports that the system gives to outgoing connections, which may be gone again a moment later.
fn free_address() -> SocketAddr {
    let tries = (0..100).map(|_| SocketAddr::from(([127, 0, 0, 1], 10_000 + random(20_000))));
    tries.into_iter().find(|address| TcpListener::bind(address).is_ok()).unwrap()
}

fn cookie_in(head: &str, name: &str) -> String {
    let lines =
        head.lines().filter_map(|line| line.split_once(": ")).filter(|(key, _)| key.eq_ignore_ascii_case("set-cookie"));
    let mut cookies = lines.filter_map(|(_, cookie)| cookie.split(';').next());
    cookies.find(|cookie| cookie.starts_with(&format!("{name}="))).unwrap().to_owned()
}

fn csrf_in(page: &str) -> String {
    page.split_once("name=\"csrf\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned()
}

/// Texts that a query answers.
async fn texts(db: &Db, sql: &str) -> Vec<String> {
    let rows = db.read().query_all_raw(dialect::statement(db.read(), sql, [])).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

fn random(below: u16) -> u16 {
    u16::try_from(RandomState::new().hash_one(0) % u64::from(below)).unwrap()
}

/// A house on the embedded database, and one on PostgreSQL where there is one.
async fn in_each_house<T: Future<Output = ()>>(body: impl Fn(House) -> T) {
    let folder = tempfile::tempdir().unwrap();
    let [sqlite, postgres] = ["sqlite", "postgres"].map(|name| folder.path().join(name));
    std::fs::create_dir(&postgres).unwrap();
    body(House { data: sqlite, database: None }).await;
    let on_postgres = |db: Db| async move {
        let cluster = std::env::var("HAWSER_TEST_POSTGRES").unwrap();
        let name = texts(&db, "select current_database()::text").await.concat();
        db.close().await.unwrap();
        let url = format!("{}/{name}", cluster.rsplit_once('/').unwrap().0);
        body(House { data: postgres, database: Some(url) }).await;
    };
    db::testing::on_postgres(|_| async { Ok(()) }, on_postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_program_keeps_what_it_acknowledged_and_nothing_half() {
    in_each_house(|house| async move {
        let mut server = house.serve();
        let session = server.set_up();
        let mut acknowledged = BTreeSet::new();
        for kill in 0..KILLS {
            let writers = Writers::begin(server.address, &session, &format!("kill-{kill}"));
            writers.wait_for(u64::from(1 + random(30)));
            thread::sleep(Duration::from_millis(random(200).into()));
            server.kill();
            acknowledged.extend(writers.end());
            server = house.serve();
        }
        // The session of before the first kill still lets in.
        assert_eq!(ask(server.address, "GET", "/me", &session.cookie, None).unwrap().status, 200);
        server.kill();
        let db = house.open().await;
        let stored = texts(&db, "select name from departments where name like 'kill-%'").await;
        let told = texts(&db, "select object_id from audit_entries where action = 'department.created'").await;
        let ids = texts(&db, "select id from departments where name like 'kill-%'").await;
        let names: BTreeSet<String> = stored.iter().cloned().collect();
        assert_eq!(names.len(), stored.len(), "a department was written twice");
        let lost: Vec<_> = acknowledged.difference(&names).collect();
        assert!(lost.is_empty(), "{} of {} acknowledged writes lost: {lost:?}", lost.len(), acknowledged.len());
        // A department and its entry in the audit are one act.
        let (told, ids): (BTreeSet<_>, BTreeSet<_>) = (told.into_iter().collect(), ids.into_iter().collect());
        assert_eq!(told, ids);
        audit::seal(&db).await.unwrap();
        assert_eq!(audit::verify(db.read()).await.unwrap().broken_at, None);
        if house.database.is_none() {
            assert_eq!(texts(&db, "pragma integrity_check").await, ["ok"]);
        }
        db.close().await.unwrap();
        assert!(house.run(&["doctor"]).is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_import_leaves_all_of_the_file_or_nothing() {
    in_each_house(|house| async move {
        assert!(house.run(&["migrate"]).is_some());
        let file = house.data.join("customers.csv");
        let rows: String = (0..IMPORTED).map(|no| format!("Kill Logistics No. {no},K{no}\n")).collect();
        std::fs::write(&file, format!("Customer Name,Short Name\n{rows}")).unwrap();
        let import = ["import", "customers", file.to_str().unwrap()];
        let db = house.open().await;
        for _ in 0..6 {
            let mut process = house.command().args(import).stdout(Stdio::null()).spawn().unwrap();
            thread::sleep(Duration::from_millis(random(2000).into()));
            process.kill().unwrap();
            process.wait().unwrap();
            let stored = customers(&db).await;
            assert!(stored == 0 || stored == IMPORTED, "{stored} of {IMPORTED} customers");
        }
        for _ in 0..2 {
            assert!(house.run(&import).is_some());
            assert_eq!(customers(&db).await, IMPORTED);
        }
        db.close().await.unwrap();
        assert!(house.run(&["doctor"]).is_some());
    })
    .await;
}

async fn customers(db: &Db) -> u64 {
    texts(db, "select cast(count(*) as text) from customers").await.concat().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_comes_back_elsewhere_with_the_same_rows() {
    in_each_house(|house| async move {
        let mut server = house.serve();
        let session = server.set_up();
        let before = Writers::begin(server.address, &session, "before");
        before.wait_for(20);
        let before: BTreeSet<String> = before.end().into_iter().collect();
        let during = Writers::begin(server.address, &session, "during");
        during.wait_for(1);
        let file = house.data.join("backup.zip");
        let told = house.run(&["backup", file.to_str().unwrap(), "--json"]).unwrap();
        during.wait_for(during.acknowledged.load(Ordering::Relaxed) + 1);
        during.end();
        server.kill();

        let elsewhere = House { data: house.data.join("elsewhere"), database: None };
        let back = elsewhere.run(&["restore", file.to_str().unwrap(), "--json"]).unwrap();
        assert!(told["rows"].as_u64().unwrap() > 40);
        assert_eq!(back["tables"], told["tables"]);
        let checked = elsewhere.run(&["doctor", "--json"]).unwrap();
        assert_eq!(checked["rows"], told["tables"]);
        let db = elsewhere.open().await;
        let names: BTreeSet<String> = texts(&db, "select name from departments").await.into_iter().collect();
        assert!(before.is_subset(&names));
        db.close().await.unwrap();
        // Whoever was signed in then is signed in there.
        let server = elsewhere.serve();
        assert_eq!(ask(server.address, "GET", "/me", &session.cookie, None).unwrap().status, 200);
    })
    .await;
}

/// The promise is 256 MiB over hours; seconds of writing must stay far below.
const MOST_LOG_BYTES: u64 = 64 << 20;
const WRITTEN_BYTES: u64 = 4 * MOST_LOG_BYTES;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_write_ahead_log_stays_bounded_while_everybody_writes_and_reads() {
    let folder = tempfile::tempdir().unwrap();
    let house = House { data: folder.path().join("house"), database: None };
    let mut server = house.serve();
    let session = server.set_up();
    let writers = Writers::begin(server.address, &session, "log");
    let stop = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..2).map(|_| read_on(server.address, session.clone(), stop.clone())).collect();
    let watch = watch_log(house.data.join("hawser.db-wal"), stop.clone());

    // A second program writes large acts beside the server.
    let db = house.open().await;
    let tx = db.begin().await.unwrap();
    tx.execute_unprepared("create table ballast (no integer primary key, text text not null)").await.unwrap();
    db.commit(tx).await.unwrap();
    let text = "x".repeat(1 << 20);
    for no in 0..WRITTEN_BYTES >> 20 {
        let sql = "insert into ballast (no, text) values ($1, $2) on conflict (no) do update set text = excluded.text";
        let no = i64::try_from(no % 8).unwrap();
        let tx = db.begin().await.unwrap();
        tx.execute_raw(dialect::statement(&tx, sql, [no.into(), text.clone().into()])).await.unwrap();
        db.commit(tx).await.unwrap();
    }
    assert!(writers.acknowledged.load(Ordering::Relaxed) > 0);
    writers.end();
    stop.store(true, Ordering::Relaxed);
    assert!(readers.into_iter().map(|reader| reader.join().unwrap()).sum::<u64>() > 0);
    let most = watch.join().unwrap();
    assert!(most > 0 && most < MOST_LOG_BYTES, "the log grew to {most} bytes");
}

/// Reads pages without a pause; how many.
fn read_on(address: SocketAddr, session: Session, stop: Arc<AtomicBool>) -> JoinHandle<u64> {
    thread::spawn(move || {
        let mut pages = 0;
        while !stop.load(Ordering::Relaxed) {
            let page = ask(address, "GET", "/settings/audit", &session.cookie, None).unwrap();
            assert_eq!(page.status, 200);
            pages += 1;
        }
        pages
    })
}

/// The most bytes that the file ever had.
fn watch_log(log: impl AsRef<Path> + Send + 'static, stop: Arc<AtomicBool>) -> JoinHandle<u64> {
    thread::spawn(move || {
        let mut most = 0;
        while !stop.load(Ordering::Relaxed) {
            most = most.max(std::fs::metadata(&log).map_or(0, |found| found.len()));
            thread::sleep(Duration::from_millis(2));
        }
        most
    })
}
