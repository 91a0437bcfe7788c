//! Bringing the schema up to date, checking.

use std::process::ExitCode;

use attachments::{Attachments, Fault, Missing};
use db::{Db, audit};
use serde_json::json;

use super::{Failed, private, say};
use crate::cli::Common;
use crate::config::Config;

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
    let waiting = audit::waiting(db.read()).await?;
    let seconds = waiting.oldest_at.map(|oldest| (base::now() - oldest).num_seconds().max(0));
    let problems: Vec<_> = db::jobs::all(&db).await?.into_iter().filter(|job| !job.last_problem.is_empty()).collect();
    let counts = backup::counts(&db).await?;
    let missing = Attachments::new(db.clone(), &config.data).missing().await?;
    let well = chain.broken_at.is_none() && problems.is_empty() && missing.is_empty();
    match config.json {
        true => {
            let jobs: Vec<_> =
                problems.iter().map(|job| json!({"job": job.key, "problem": job.last_problem})).collect();
            let audit = json!({
                "entries": chain.entries, "broken_at": chain.broken_at, "waiting": waiting.entries,
                "oldest_waiting_at": waiting.oldest_at, "oldest_waiting_seconds": seconds,
            });
            let evidence: Vec<_> =
                missing.iter().map(|one| json!({"sha256": one.sha256, "fault": word(one)})).collect();
            say(&json!({"well": well, "audit": audit, "jobs": jobs, "evidence": evidence, "rows": counts}).to_string());
        }
        false => {
            match chain.broken_at {
                None => say(&format!("Audit chain whole: {} entries.", chain.entries)),
                Some(no) => say(&format!("Audit chain BROKEN at entry {no}: somebody changed or removed entries.")),
            }
            match seconds {
                None => say("No entry waits for its seal."),
                Some(seconds) => {
                    say(&format!("Entries that wait for their seal: {}, the oldest for {seconds} s.", waiting.entries));
                }
            }
            for job in &problems {
                say(&format!("Job {} failed: {}", job.key, job.last_problem));
            }
            for one in &missing {
                say(&format!("Evidence {} is {}; files that need it: {}.", one.sha256, word(one), one.files.len()));
            }
            for (table, rows) in &counts {
                say(&format!("{table}: {rows}"));
            }
        }
    }
    db.close().await?;
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn word(missing: &Missing) -> &'static str {
    match missing.fault {
        Fault::Gone => "gone",
        Fault::Changed => "changed",
    }
}
