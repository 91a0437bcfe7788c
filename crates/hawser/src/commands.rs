//! What each command does.

mod figures;
mod files;
pub mod model;
mod people;
mod private;
mod running;
mod serving;

use std::io::Write;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use base::{Actor, Error, Language};
use db::Db;
use serde_json::json;
use texts::Texts;

use crate::cli::{Arguments, Command, Common};
use crate::config::{Config, Wrong};
use crate::program::{self, Ground, Program};

/// The sentences of all modules, once they are put together; before that only those that concern starting.
static SPOKEN: OnceLock<Arc<Texts>> = OnceLock::new();

/// Refusals of what stands on the command line.
const NAMED_WRONGLY: [&str; 3] = ["backup-no_file", "backup-no_folder", "backup-file_exists"];

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
    let common = &arguments.common;
    let done = match &arguments.command {
        Command::Serve(listen) => serving::serve(common, listen, false).await,
        Command::Demo(listen) => serving::serve(common, listen, true).await,
        Command::Migrate { dry_run } => running::migrate(common, *dry_run).await,
        Command::Doctor => running::doctor(common).await,
        Command::Import(import) => files::import(common, import).await,
        Command::Backup { file } => files::backup(common, file).await,
        Command::Restore { file } => files::restore(common, file).await,
        Command::Report(report) => figures::report(common, report).await,
        Command::Model(asked) => Ok(model::run(common, asked)),
        Command::User(user) => people::user(common, user).await,
        Command::Key(key) => people::key(common, key).await,
    };
    match done {
        Ok(code) => code,
        Err(failed) => {
            let (code, sentence, exit) = match &failed {
                Failed::Wrong(wrong) => (wrong.code(), wrong.to_string(), wrong.exit()),
                Failed::Error(error) => (error.code(), sentence(error), exit(error)),
            };
            if common.json {
                say(&json!({"error": {"code": code, "detail": sentence}}).to_string());
            }
            eprintln!("hawser: {sentence}");
            exit
        }
    }
}

/// What the command line names is not there or not as it must be: that is not our failure.
fn exit(error: &Error) -> ExitCode {
    match error {
        Error::Invalid(_) => ExitCode::from(2),
        Error::Refused(message) if NAMED_WRONGLY.contains(&message.key.as_str()) => ExitCode::from(2),
        _ => ExitCode::FAILURE,
    }
}

/// A line on standard output. Whoever reads it may stop early, as `head` does; that is no failure.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
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
    let texts = spoken();
    let said = |message: &base::Message| {
        texts.as_ref().map_or_else(|| message.key.clone(), |texts| texts.say(language(), message))
    };
    match error {
        Error::Unavailable(cause) | Error::Bug(cause) => format!("{} ({cause})", said(&error.message())),
        // Nothing was typed into a form here: the reasons say it all, and a sentence about the file names it already.
        Error::Invalid(problems) => {
            let told = |one: &base::FieldProblem| match one.field.as_str() {
                "file" | "" => said(&one.message),
                field => format!("{field}: {}", said(&one.message)),
            };
            problems.iter().map(told).collect::<Vec<_>>().join("\n        ")
        }
        _ => said(&error.message()),
    }
}

/// What can be said at this moment.
fn spoken() -> Option<Arc<Texts>> {
    SPOKEN.get().cloned().or_else(|| program::texts([]).map(Arc::new).ok())
}

/// The language of the operator's terminal.
fn language() -> Language {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().filter_map(|name| std::env::var(name).ok());
    let first = set.into_iter().find(|value| !value.is_empty()).unwrap_or_default();
    if first.starts_with("zh") { Language::Chinese } else { Language::English }
}

/// What a command works with: the database brought up to date, and all modules.
struct Opened {
    config: Config,
    db: Db,
    program: Program,
    actor: Actor,
}

impl Opened {
    /// For commands that only read: a mistyped folder must not become an empty database.
    async fn existing(common: &Common) -> Result<Self, Failed> {
        Config::read(common)?.must_exist()?;
        Self::open(common).await
    }

    async fn open(common: &Common) -> Result<Self, Failed> {
        let config = Config::read(common)?;
        private::make(&config.data)?;
        let db = Db::connect(&config.location).await?;
        migrations::run(&db).await?;
        let program = program::assemble(&db, &Ground::at(&config.data)?).await?;
        private::close(&config.data);
        // Opened once; a second time it says the same.
        let _ = SPOKEN.set(program.shell.texts.clone());
        Ok(Self { config, db, program, actor: Actor::system("command line", base::now()) })
    }

    fn texts(&self) -> &Texts {
        &self.program.shell.texts
    }

    /// Answers in JSON or in words, and ends.
    async fn answer(self, json: &serde_json::Value, words: &[String]) -> Result<ExitCode, Failed> {
        match self.config.json {
            true => say(&json.to_string()),
            false => words.iter().for_each(|line| say(line)),
        }
        self.db.close().await?;
        Ok(ExitCode::SUCCESS)
    }
}
