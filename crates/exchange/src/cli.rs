//! `hawser import KIND FILE`: the same engine without a browser.

mod told;

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use base::{Actor, Error, FieldProblem, Language, Message};
use flate2::read::MultiGzDecoder;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use module::ImportKind;
use serde::Serialize;
use texts::Texts;

use crate::batch::{BatchId, Model, State};
use crate::engine::{self, Work};
use crate::kept;
use crate::mapping::Mapping;
use crate::outcome::{Choices, Outcome, Progress};
use crate::sample::Sample;
use crate::service::memory::checked_source;
use crate::service::{Imports, USUAL_SOURCE, empty, fits_kind, stored};
use crate::spool::Report;
use crate::words::Words;
use crate::{Refused, committed, folder, limits, store, upload};

pub use told::ToldRows;

/// How a file begins that gzip packed.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What the command line says.
pub struct Wish<'a> {
    pub kind: &'a str,
    pub file: &'a Path,
    /// Name of a committed mapping or path of a TOML file; the proposal when absent.
    pub mapping: Option<&'a str>,
    pub dry_run: bool,
    pub create_customers: bool,
    /// Where the records come from; the mapping's source when absent.
    pub source: Option<&'a str>,
    /// Where the refused rows go as CSV; no file is made when none is refused.
    pub refused: Option<&'a Path>,
    pub texts: &'a Texts,
    pub language: Language,
    pub report: Report,
}

/// What was done, or with `dry_run` would be.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    pub kind: String,
    pub file: String,
    pub dry_run: bool,
    #[serde(skip)]
    pub outcome: Outcome,
    pub source: String,
    #[serde(flatten)]
    pub told: ToldRows,
    /// Written when rows were refused and a place for them was given.
    pub refused_file: Option<String>,
    /// For people, in their language.
    pub sentences: Vec<String>,
}

impl<'a> Wish<'a> {
    fn words(&self) -> Words<'a> {
        Words { texts: self.texts, language: self.language, kind: self.kind }
    }
}

impl Told {
    /// Whether every row is in.
    pub fn is_whole(&self) -> bool {
        self.outcome.counts.refused == 0
    }
}

/// # Errors
/// `Invalid` or `Refused` with a sentence when the kind, the mapping or the file cannot be used; nothing is written then.
pub async fn import(imports: &Imports, actor: &Actor, wish: &Wish<'_>) -> Result<Told, Error> {
    bring_in(imports, actor, wish).await.map_err(|error| wish.words().error(error))
}

async fn bring_in(imports: &Imports, actor: &Actor, wish: &Wish<'_>) -> Result<Told, Error> {
    let kind = imports.kind(actor, wish.kind)?;
    let file = opened(wish.file)?;
    let mapping = mapping(imports, &*kind, &file, wish.mapping).await?;
    let source = wish.source.or(mapping.source.as_deref()).unwrap_or(USUAL_SOURCE);
    let source = checked_source(source)?;
    let choices = Choices { create_customers: wish.create_customers, source };
    let options = choices.options();
    // A folder of its own, so that nothing is left behind however this ends.
    let place = tempfile::tempdir().map_err(|error| folder::unwritable(&error))?;
    let refused = place.path().join("refused");
    let work = Work {
        reader: imports.reader(),
        kind: &*kind,
        mapping: &mapping,
        options: &options,
        refused: Some(&refused),
        report: wish.report.clone(),
    };
    let clone = file.try_clone().map_err(|error| unreadable(wish.file, &error))?;
    let outcome = match wish.dry_run {
        true => engine::preview(imports.db(), actor, clone, &work).await?,
        false => {
            let (outcome, tx) = engine::carry_out(imports.db(), actor, clone, &work, None).await?;
            let batch = record(actor, wish, &file, &mapping, &choices, &outcome)?;
            store::insert(&tx, batch).await?;
            imports.db().commit(tx).await?;
            outcome
        }
    };
    let refused_file = give_back(&refused, wish).map_err(|error| folder::unwritable(&error))?;
    let words = wish.words();
    let sentences = told::sentences(&words, &outcome, wish.dry_run, refused_file.is_some());
    Ok(Told {
        kind: kind.name().into(),
        file: wish.file.display().to_string(),
        dry_run: wish.dry_run,
        source: choices.source,
        told: ToldRows::of(&words, &outcome),
        outcome,
        refused_file,
        sentences,
    })
}

/// The file, or what is packed in it by gzip, as people keep their exports; unpacked into a file that has no name.
fn opened(path: &Path) -> Result<File, Error> {
    let unreadable = |error| unreadable(path, &error);
    let mut file = File::open(path).map_err(unreadable)?;
    let mut first = Vec::new();
    (&mut file).take(GZIP.len() as u64).read_to_end(&mut first).map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    if first != GZIP {
        return Ok(file);
    }
    let mut bare = tempfile::tempfile().map_err(|error| folder::unwritable(&error))?;
    let mut inside = MultiGzDecoder::new(BufReader::new(file)).take(limits::FILE_BYTES + 1);
    let bytes = io::copy(&mut inside, &mut bare).map_err(unreadable)?;
    if bytes > limits::FILE_BYTES {
        return Err(Error::refused(Refused::TooLarge));
    }
    bare.rewind().map_err(unreadable)?;
    Ok(bare)
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    let key = match error.kind() {
        io::ErrorKind::NotFound => "import-path_missing",
        io::ErrorKind::IsADirectory => "import-path_is_folder",
        io::ErrorKind::PermissionDenied => "import-path_forbidden",
        _ => "import-path_unreadable",
    };
    Error::invalid("file", Message::new(key).with("path", path.display()).with("cause", error.kind()))
}

/// # Errors
/// Names everything that the proposal leaves open, because nobody can be asked.
async fn mapping(
    imports: &Imports,
    kind: &dyn ImportKind,
    file: &File,
    wanted: Option<&str>,
) -> Result<Mapping, Error> {
    if let Some(name) = wanted {
        let mapping = match Path::new(name) {
            path if path.extension().is_some() => {
                let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
                Mapping::parse(&text)
            }
            _ => committed::named(name),
        };
        let mapping = mapping.map_err(|message| Error::invalid("map", message))?;
        fits_kind(&mapping, kind.name())?;
        return Ok(mapping);
    }
    let clone = file.try_clone().map_err(|error| folder::unwritable(&error))?;
    let sample: Sample = imports.take_sample(clone, None).await?;
    let proposal = sample.proposal(kind);
    if proposal.open.is_empty() {
        return Ok(proposal.mapping);
    }
    let columns = sample.header.columns.join(", ");
    let open = |field: &&'static str| {
        let message = Message::new("import-proposal_open").with("field", field).with("columns", &columns);
        FieldProblem::new(field, message)
    };
    Err(Error::Invalid(proposal.open.iter().map(open).collect()))
}

/// The import among all others, for those who ask later where the rows came from.
fn record(
    actor: &Actor,
    wish: &Wish<'_>,
    mut file: &File,
    mapping: &Mapping,
    choices: &Choices,
    outcome: &Outcome,
) -> Result<Model, Error> {
    let about = file.metadata().map_err(|error| unreadable(wish.file, &error))?;
    file.rewind().map_err(|error| unreadable(wish.file, &error))?;
    Ok(Model {
        kind: wish.kind.into(),
        file_name: upload::shown_name(&wish.file.display().to_string()),
        sha256: folder::sha256(file).map_err(|error| unreadable(wish.file, &error))?,
        bytes: i64::try_from(about.len()).unwrap_or(i64::MAX),
        mapping: mapping.to_toml().map_err(Error::Refused)?,
        options: stored(choices)?,
        state: State::Committed,
        result: stored(outcome)?,
        ended_at: Some(actor.now),
        ..empty(actor, BatchId::new(actor.now))
    })
}

fn give_back(kept: &Path, wish: &Wish<'_>) -> io::Result<Option<String>> {
    let (Some(path), Ok(kept)) = (wish.refused, File::open(kept)) else { return Ok(None) };
    let out = BufWriter::new(folder::private_file(path)?);
    kept::to_csv(kept, wish.texts, wish.language, out)?;
    Ok(Some(path.display().to_string()))
}

/// A bar on the terminal; silent when nobody looks.
pub fn progress_bar(texts: Arc<Texts>, language: Language) -> Report {
    let bar = ProgressBar::new(0).with_finish(ProgressFinish::AndClear);
    let style = ProgressStyle::with_template("{msg} {bar:30} {percent}% {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let step = Mutex::new(None);
    Arc::new(move |progress: Progress| {
        let mut shown = step.lock().unwrap_or_else(PoisonError::into_inner);
        if *shown != Some(progress.step) {
            *shown = Some(progress.step);
            bar.set_message(texts.get(language, &format!("import-step-{}", progress.step.name())));
        }
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    })
}
