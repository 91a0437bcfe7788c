//! Serving, bringing the schema up to date, checking.

use std::process::ExitCode;

use base::{Error, Language};
use db::{Db, audit};
use serde_json::json;

use super::{Failed, Opened, private, say};
use crate::cli::{Common, Listen};
use crate::config::{Config, Front};
use crate::{demo, jobs, serve};

pub async fn serve(common: &Common, listen: &Listen, with_demo: bool) -> Result<ExitCode, Failed> {
    let front = Front::read(common, listen)?;
    let opened = Opened::open(common).await?;
    let setup = opened.program.access.first_setup(base::now()).await?;
    say(&format!("Hawser: {}", front.base_url));
    let links = match with_demo {
        true => fill(&opened).await?,
        false => setup.map(|token| ("admin".to_owned(), token)).into_iter().collect(),
    };
    let Opened { program, db, .. } = opened;
    let router = program.router(front.secure, front.outside.clone());
    tokio::spawn(jobs::deliver_events(db.clone(), program.listeners));
    tokio::spawn(jobs::run_jobs(db.clone(), program.jobs));
    for (who, token) in links {
        say(&format!("{who}: {}/sign-in/link/{token}", front.base_url));
    }
    // Ends the list for whoever reads it by program.
    say("");
    serve::serve(&front, router).await?;
    db.close().await?;
    Ok(ExitCode::SUCCESS)
}

/// The demo's people and customers, and a link for one person of each role.
async fn fill(opened: &Opened) -> Result<Vec<(String, String)>, Error> {
    let Opened { db, program, actor, .. } = opened;
    demo::load(&program.access, actor).await?;
    demo::fill(db, program, actor).await?;
    let links = demo::links(&program.access, actor).await?;
    let role = |language, person: &demo::Person| opened.texts().get(language, &format!("access-role-{}", person.role));
    let name = |person: &demo::Person| {
        format!("{} / {} · {}", role(Language::Chinese, person), role(Language::English, person), person.name)
    };
    Ok(links.into_iter().map(|(person, token)| (name(&person), token)).collect())
}

pub async fn migrate(common: &Common, dry_run: bool) -> Result<ExitCode, Failed> {
    let config = Config::read(common)?;
    if dry_run {
        config.must_exist()?;
    }
    let db = Db::connect(&config.location).await?;
    private::close(&config.data);
    let pending = migrations::pending(&db).await?;
    if !dry_run {
        migrations::run(&db).await?;
    }
    match config.json {
        true => say(&json!({"pending": pending, "applied": !dry_run}).to_string()),
        false if pending.is_empty() => say("The schema is up to date."),
        false => say(&format!("{}: {}", if dry_run { "To do" } else { "Done" }, pending.join(", "))),
    }
    db.close().await?;
    Ok(ExitCode::SUCCESS)
}

/// Changes nothing: a database that is older than the program is told, not migrated.
pub async fn doctor(common: &Common) -> Result<ExitCode, Failed> {
    let config = Config::read(common)?;
    config.must_exist()?;
    let db = Db::connect(&config.location).await?;
    let pending = migrations::pending(&db).await?;
    if !pending.is_empty() {
        match config.json {
            true => say(&json!({"well": false, "pending": pending}).to_string()),
            false => {
                say(&format!("The schema is older than the program; run `hawser migrate`: {}", pending.join(", ")));
            }
        }
        return Ok(ExitCode::FAILURE);
    }
    let chain = audit::verify(db.read()).await?;
    let problems: Vec<_> = db::jobs::all(&db).await?.into_iter().filter(|job| !job.last_problem.is_empty()).collect();
    let counts = backup::counts(&db).await?;
    let well = chain.broken_at.is_none() && problems.is_empty();
    match config.json {
        true => {
            let jobs: Vec<_> =
                problems.iter().map(|job| json!({"job": job.key, "problem": job.last_problem})).collect();
            say(&json!({"well": well, "audit": chain, "jobs": jobs, "rows": counts}).to_string());
        }
        false => {
            match chain.broken_at {
                None => say(&format!("Audit chain whole: {} entries.", chain.entries)),
                Some(no) => say(&format!("Audit chain BROKEN at entry {no}: somebody changed or removed entries.")),
            }
            for job in &problems {
                say(&format!("Job {} failed: {}", job.key, job.last_problem));
            }
            for (table, rows) in &counts {
                say(&format!("{table}: {rows}"));
            }
        }
    }
    db.close().await?;
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
