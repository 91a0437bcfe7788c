//! How long a large file takes, and what everybody else feels meanwhile.

use std::io::{self, Read};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use base::{Actor, Error};
use db::Db;
use db::dialect::statement;
use sea_orm::ConnectionTrait;

use crate::client::Client;
use crate::figures::Figure;
use crate::files::{self, Files};
use crate::fill;
use crate::firm::Firm;
use crate::pages::{Sessions, unavailable};
use crate::server::{Program, memory};
use crate::world::World;

const PREVIEW: f64 = 30.0;
const COMMIT: f64 = 60.0;
/// The budgets are for so many rows; other files are allowed their share.
const ROWS: f64 = 1_000_000.0;
/// Longest that the events of one import may take.
const CATCH_UP: Duration = Duration::from_secs(1800);

/// # Errors
/// When the program refuses the file.
pub async fn measure(firm: &Firm, name: &str, rows: usize) -> Result<Vec<Figure>, Error> {
    let db = firm.open(name).await?;
    migrations::run(&db).await?;
    let actor = Actor::system("bench", base::now());
    fill::count_anew(&db, &actor).await?;
    let world = World::of(firm.size, actor.today());
    let files = Files::ready(&firm.folder, &world, rows).map_err(unavailable)?;
    let program = firm.program(name);
    let sessions = Sessions::open(&firm.access(&db, name).await?, &actor).await?;
    let mut figures = Vec::new();
    let share = rows as f64 / ROWS;
    let bare = files::bare(&db, &files, &actor, &mut figures).await?;
    for time in ["preview", "preview, again"] {
        let run = run(&program, &files, &files.csv, true).map_err(unavailable)?;
        run.tell(time, &mut figures, |took| took.within(PREVIEW * share).beside(bare.parse));
    }
    let workbook = run(&program, &files, &files.xlsx, true).map_err(unavailable)?;
    workbook.tell(&format!("preview of a workbook of {} rows", files.xlsx_rows), &mut figures, |took| took);
    commit(&db, &program, &files, &sessions, (share, bare.parse + bare.insert), &mut figures).await?;
    let again = run(&program, &files, &files.csv, false).map_err(unavailable)?;
    again.tell("the same file again, nothing changed", &mut figures, |took| took.within(COMMIT * share));
    db.close().await?;
    Ok(figures)
}

/// With the server beside it that people use and that delivers the events.
async fn commit(
    db: &Db,
    program: &Program,
    files: &Files,
    sessions: &Sessions,
    (share, bare): (f64, f64),
    figures: &mut Vec<Figure>,
) -> Result<(), Error> {
    let server = program.serve(&sessions.all, "/customers").map_err(unavailable)?;
    let calm = Reading::start(Client::new(server.address, &sessions.all));
    tokio::time::sleep(Duration::from_secs(3)).await;
    figures.push(calm.end("readers before the commit"));
    let reading = Reading::start(Client::new(server.address, &sessions.all));
    let writing = Writing::start(db.clone());
    let run = run(program, files, &files.csv, false).map_err(unavailable)?;
    let since = Instant::now();
    run.tell("commit", figures, |took| took.within(COMMIT * share).beside(bare));
    figures.push(Figure::rate("commit: rows a second", files.rows, run.took));
    figures.push(reading.end("readers during the commit"));
    figures.push(Figure::seconds("longest wait of a writer during the commit", writing.end().await));
    let reading = Reading::start(Client::new(server.address, &sessions.all));
    let writing = Writing::start(db.clone());
    while waiting(db).await? > 0 {
        if since.elapsed() > CATCH_UP {
            return Err(Error::Unavailable("the events of the import are never delivered".into()));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    figures.push(Figure::seconds("until the listeners have caught up", since.elapsed()));
    figures.push(reading.end("readers meanwhile"));
    figures.push(Figure::seconds("longest wait of a writer meanwhile", writing.end().await));
    figures.push(Figure::one("memory of the server's own after it", "MB", server.own_memory()));
    Ok(())
}

async fn waiting(db: &Db) -> Result<i64, Error> {
    let count = statement(db.read(), "select count(*) from outbox_events where delivered_at is null", []);
    Ok(db.read().query_one_raw(count).await?.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}

/// What one `hawser import` took.
struct Run {
    took: Duration,
    /// Of all processors together, with the reader of the file; tells more than the clock when others work here too.
    processor: f64,
    /// MB.
    memory: f64,
}

impl Run {
    fn tell(&self, name: &str, figures: &mut Vec<Figure>, judge: impl FnOnce(Figure) -> Figure) {
        figures.push(judge(Figure::seconds(name, self.took)));
        figures.push(Figure::one(format!("{name}: processor time"), "s", self.processor));
        figures.push(Figure::one(format!("{name}: memory"), "MB", self.memory));
    }
}

fn run(program: &Program, files: &Files, file: &Path, dry: bool) -> io::Result<Run> {
    let (file, mapping) = (file.display().to_string(), files.mapping.display().to_string());
    let mut command = program.command(&["--json", "import", "shipments", &file, "--map", &mapping]);
    if dry {
        command.arg("--dry-run");
    }
    let (since, before) = (Instant::now(), processor_of_children());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut most = 0.0_f64;
    let ended = loop {
        most = most.max(memory(child.id(), "VmHWM:"));
        match child.try_wait()? {
            Some(ended) => break ended,
            None => sleep(Duration::from_millis(20)),
        }
    };
    let took = since.elapsed();
    let mut told = String::new();
    if let Some(out) = &mut child.stdout {
        out.read_to_string(&mut told)?;
    }
    println!("import of {file} took {:.1} s: {}", took.as_secs_f64(), told.chars().take(300).collect::<String>());
    match ended.success() {
        true => Ok(Run { took, processor: processor_of_children() - before, memory: most }),
        false => Err(io::Error::other(format!("the import failed: {told}"))),
    }
}

/// Seconds that ended children and their own ended children have computed.
fn processor_of_children() -> f64 {
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program stands in brackets and may hold blanks; what follows is counted from the third field.
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let numbers = after_name.split(' ').skip(13).take(2);
    numbers.filter_map(|number| number.parse::<f64>().ok()).sum::<f64>() / TICKS
}

/// Somebody who looks at the list of customers ten times a second.
struct Reading {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Vec<Duration>>,
}

impl Reading {
    fn start(mut client: Client) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let told = stop.clone();
        let thread = thread::spawn(move || {
            let mut took = Vec::new();
            while !told.load(Ordering::Relaxed) {
                let since = Instant::now();
                // What is no answer counts with the time that was spent on it, at least a minute.
                match client.get("/customers") {
                    Ok(answer) if answer.status == 200 => took.push(answer.took),
                    _ => took.push(since.elapsed().max(Duration::from_secs(60))),
                }
                sleep(Duration::from_millis(100));
            }
            took
        });
        Self { stop, thread }
    }

    fn end(self, name: &str) -> Figure {
        self.stop.store(true, Ordering::Relaxed);
        Figure::times(name, self.thread.join().unwrap_or_default())
    }
}

/// Somebody who wants to write ten times a second, and the longest that he had to wait.
struct Writing {
    stop: Arc<AtomicBool>,
    task: tokio::task::JoinHandle<Duration>,
}

impl Writing {
    fn start(db: Db) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let told = stop.clone();
        let task = tokio::spawn(async move {
            let (mut longest, mut since) = (Duration::ZERO, Instant::now());
            while !told.load(Ordering::Relaxed) {
                let got = try_writing(&db).await;
                longest = longest.max(since.elapsed());
                if got.is_ok() {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    since = Instant::now();
                }
            }
            longest
        });
        Self { stop, task }
    }

    async fn end(self) -> Duration {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await.unwrap_or_default()
    }
}

async fn try_writing(db: &Db) -> Result<(), Error> {
    let tx = db.begin().await?;
    let touch = statement(&tx, "update customers set notes = notes where id = (select min(id) from customers)", []);
    tx.execute_raw(touch).await?;
    db.commit(tx).await
}
