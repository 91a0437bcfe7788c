//! What each command does. Exit codes: 0 done, 1 failed, 2 command line or configuration wrong.

use std::process::ExitCode;

use base::{Actor, Error, Language};
use db::{Db, audit};
use serde_json::json;
use texts::Texts;

use crate::cli::{Arguments, Command, Listen};
use crate::config::{Config, Front, Wrong};
use crate::{demo, jobs, program, serve};

enum Failed {
    Wrong(Wrong),
    Error(Error),
}

impl From<Wrong> for Failed {
    fn from(wrong: Wrong) -> Self {
        Failed::Wrong(wrong)
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Failed::Error(error)
    }
}

pub async fn run(arguments: Arguments) -> ExitCode {
    start_logging();
    let done = match &arguments.command {
        Command::Serve(listen) => start(&arguments, listen, false).await,
        Command::Demo(listen) => start(&arguments, listen, true).await,
        Command::Migrate { dry_run } => migrate(&arguments, *dry_run).await,
        Command::Doctor => doctor(&arguments).await,
    };
    match done {
        Ok(code) => code,
        Err(Failed::Wrong(wrong)) => {
            eprintln!("hawser: {wrong}");
            ExitCode::from(2)
        }
        Err(Failed::Error(error)) => {
            eprintln!("hawser: {}", sentence(&error));
            ExitCode::FAILURE
        }
    }
}

/// Structured logs on standard error; `HAWSER_LOG` sets what is told, `info` unless it says otherwise.
fn start_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("HAWSER_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn,sea_orm_migration=warn"));
    // A second initialisation happens only in tests and changes nothing.
    let _ = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// The operator sees the cause, which users of pages never do.
fn sentence(error: &Error) -> String {
    let cause = match error {
        Error::Unavailable(cause) | Error::Bug(cause) => cause.clone(),
        _ => String::new(),
    };
    let spoken = Texts::load([web::locales()])
        .map_or_else(|error| error.to_string(), |texts| texts.say(Language::English, &error.message()));
    match cause.is_empty() {
        true => spoken,
        false => format!("{spoken} ({cause})"),
    }
}

async fn start(arguments: &Arguments, listen: &Listen, with_demo: bool) -> Result<ExitCode, Failed> {
    let config = Config::read(&arguments.common)?;
    let front = Front::read(&arguments.common, listen)?;
    let db = Db::connect(&config.location).await?;
    migrations::run(&db).await?;
    let program = program::assemble(&db).await?;
    let setup = program.access.first_setup(base::now()).await?;
    let links = match with_demo {
        true => {
            let actor = Actor::system("demo", base::now());
            demo::load(&program.access, &actor).await?;
            demo::links(&program.access, &actor).await?
        }
        false => setup.map(|token| ("admin".to_owned(), token)).into_iter().collect(),
    };
    let router = program.router(front.secure);
    tokio::spawn(jobs::deliver_events(db.clone(), program.listeners));
    tokio::spawn(jobs::run_jobs(db.clone(), program.jobs));
    println!("Hawser: {}", front.base_url);
    for (name, token) in links {
        println!("{name}: {}/sign-in/link/{token}", front.base_url);
    }
    serve::serve(&front, router).await?;
    db.close().await?;
    Ok(ExitCode::SUCCESS)
}

async fn migrate(arguments: &Arguments, dry_run: bool) -> Result<ExitCode, Failed> {
    let config = Config::read(&arguments.common)?;
    let db = Db::connect(&config.location).await?;
    let pending = migrations::pending(&db).await?;
    if !dry_run {
        migrations::run(&db).await?;
    }
    match config.json {
        true => println!("{}", json!({"pending": pending, "applied": !dry_run})),
        false if pending.is_empty() => println!("The schema is up to date."),
        false => println!("{}: {}", if dry_run { "To do" } else { "Done" }, pending.join(", ")),
    }
    db.close().await?;
    Ok(ExitCode::SUCCESS)
}

async fn doctor(arguments: &Arguments) -> Result<ExitCode, Failed> {
    let config = Config::read(&arguments.common)?;
    let db = Db::connect(&config.location).await?;
    let pending = migrations::pending(&db).await?;
    if !pending.is_empty() {
        println!("The schema is older than the program; run `hawser migrate`: {}", pending.join(", "));
        return Ok(ExitCode::FAILURE);
    }
    let chain = audit::verify(db.read()).await?;
    let problems: Vec<_> = db::jobs::all(&db).await?.into_iter().filter(|job| !job.last_problem.is_empty()).collect();
    let well = chain.broken_at.is_none() && problems.is_empty();
    match config.json {
        true => {
            let jobs: Vec<_> =
                problems.iter().map(|job| json!({"job": job.key, "problem": job.last_problem})).collect();
            println!("{}", json!({"well": well, "audit": chain, "jobs": jobs}));
        }
        false => {
            match chain.broken_at {
                None => println!("Audit chain whole: {} entries.", chain.entries),
                Some(no) => println!("Audit chain BROKEN at entry {no}: somebody changed or removed entries."),
            }
            for job in &problems {
                println!("Job {} failed: {}", job.key, job.last_problem);
            }
        }
    }
    db.close().await?;
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
