//! Files in and out: imports, backups.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use db::Db;
use exchange::cli::{Wish, import as bring_in, progress_bar};
use serde_json::json;

use super::{Failed, Opened, language, private, say, spoken};
use crate::cli::{Common, Import};
use crate::config::Config;
use crate::progress::of_rows;

/// Exit code of an import that left rows out.
const ROWS_REFUSED: u8 = 3;

pub async fn import(common: &Common, wanted: &Import) -> Result<ExitCode, Failed> {
    let opened = Opened::open(common).await?;
    let report = match opened.config.json {
        true => Arc::new(|_| {}),
        false => progress_bar(opened.program.shell.texts.clone(), language()),
    };
    let wish = Wish {
        kind: &wanted.kind,
        file: &wanted.file,
        mapping: wanted.map.as_deref(),
        dry_run: wanted.dry_run,
        create_customers: wanted.create_customers,
        source: wanted.source.as_deref(),
        refused: wanted.refused.as_deref(),
        texts: opened.texts(),
        language: language(),
        report,
    };
    let told = bring_in(&opened.program.imports, &opened.actor, &wish).await?;
    if !wanted.dry_run {
        // What follows from the import stands before the command ends: figures, stages.
        module::deliver(&opened.db, &opened.program.listeners, base::now()).await?;
    }
    let whole = told.is_whole();
    let said = serde_json::to_value(&told).map_err(|error| base::Error::Bug(error.to_string()))?;
    let answered = opened.answer(&said, &told.sentences).await?;
    Ok(if whole { answered } else { ExitCode::from(ROWS_REFUSED) })
}

/// Of a database as it is: a mistyped folder must not become an empty database that is then kept.
pub async fn backup(common: &Common, file: &Path) -> Result<ExitCode, Failed> {
    let config = Config::read(common)?;
    config.must_exist()?;
    let db = Db::connect(&config.location).await?;
    let manifest = backup::create_telling(&db, &config.data, file, base::now(), &progress(&config)).await?;
    db.close().await?;
    let rows = manifest.rows();
    match config.json {
        true => {
            let (evidence, missing) = (manifest.evidence.len(), manifest.evidence_missing);
            let said = json!({"file": file, "rows": rows, "tables": counts(&manifest), "evidence": evidence, "evidence_missing": missing});
            say(&said.to_string());
        }
        false => {
            say(&format!("{}: {rows} rows in {} tables.", file.display(), manifest.tables.len()));
            if manifest.evidence_missing > 0 {
                let missing = manifest.evidence_missing;
                say(&format!(
                    "Not in it: {missing} files of evidence that are gone or damaged; `hawser doctor` names them."
                ));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The database must be empty, so nothing may be written into it before. A restore that fails leaves no empty one either.
pub async fn restore(common: &Common, file: &Path) -> Result<ExitCode, Failed> {
    let config = Config::read(common)?;
    let tell = progress(&config);
    let ready = backup::Ready::of(file, &tell).await?;
    let traces = private::Traces::before(&config);
    let db = Db::connect(&config.location).await?;
    let manifest = match ready.restore(&db, &config.data, &tell).await {
        Ok(manifest) => manifest,
        Err(error) => {
            db.close().await?;
            traces.remove();
            return Err(error.into());
        }
    };
    private::close(&config.data);
    let stored = backup::counts(&db).await?;
    db.close().await?;
    let rows: u64 = stored.values().sum();
    match config.json {
        true => say(&json!({"file": file, "rows": rows, "tables": stored}).to_string()),
        false => say(&format!("{} is back: {rows} rows in {} tables.", file.display(), manifest.tables.len())),
    }
    Ok(ExitCode::SUCCESS)
}

fn progress(config: &Config) -> backup::Tell {
    spoken().map_or_else(backup::Tell::default, |texts| of_rows(config.json, texts, language()))
}

fn counts(manifest: &backup::Manifest) -> serde_json::Value {
    manifest.tables.iter().map(|table| (table.name.clone(), serde_json::Value::from(table.rows))).collect()
}
