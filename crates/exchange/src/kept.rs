//! Refused rows on disk until somebody fetches them: as data, so that each reader gets the reasons in his own language.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use base::Language;
use serde::{Deserialize, Serialize};
use texts::Texts;

use crate::cell::{Cell, Row};
use crate::folder;
use crate::outcome::Problem;
use crate::refused::RefusedFile;
use crate::words::Words;

#[derive(Serialize, Deserialize)]
struct Head {
    kind: String,
    columns: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    row: u64,
    cells: Vec<String>,
    problems: Vec<Problem>,
}

/// Collects the refused rows of one run. The file gets its name only when the run has come to its end;
/// a run that refuses nothing leaves no file, not even an older one.
pub(crate) struct Keeper {
    path: PathBuf,
    head: Head,
    out: Option<BufWriter<File>>,
}

impl Keeper {
    pub fn new(path: &Path, kind: &str, columns: &[String]) -> Self {
        Self { path: path.into(), head: Head { kind: kind.into(), columns: columns.to_vec() }, out: None }
    }

    /// # Errors
    /// When the disk is full or gone.
    pub fn keep(&mut self, row: &Row, problems: &[Problem]) -> io::Result<()> {
        let out = match &mut self.out {
            Some(out) => out,
            None => {
                let mut out = BufWriter::new(folder::private_file(&self.path.with_extension("part"))?);
                line(&mut out, &self.head)?;
                self.out.insert(out)
            }
        };
        let cells = row.cells.iter().map(|cell| cell.text().to_owned()).collect();
        line(out, &Kept { row: row.number, cells, problems: problems.to_vec() })
    }

    /// # Errors
    /// When the disk is full or gone.
    pub fn finish(self) -> io::Result<()> {
        match self.out {
            Some(mut out) => {
                out.flush()?;
                std::fs::rename(self.path.with_extension("part"), &self.path)
            }
            None => folder::remove(&self.path),
        }
    }
}

fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// The CSV that goes back: the file's own columns, then why and which row. Blocking.
///
/// # Errors
/// When the file is not one of ours or `out` cannot be written.
pub fn to_csv(kept: File, texts: &Texts, language: Language, out: impl Write) -> io::Result<()> {
    let mut lines = BufReader::new(kept).lines();
    let first = lines.next().unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()))?;
    let head: Head = serde_json::from_str(&first)?;
    let label = |key| texts.get(language, key);
    let words = Words { texts, language, kind: &head.kind };
    let mut file = RefusedFile::new(out, &head.columns, &label("import-refused_reason"), &label("import-refused_row"))?;
    for text in lines {
        let kept: Kept = serde_json::from_str(&text?)?;
        let cells: Vec<_> = kept.cells.into_iter().map(Cell::Text).collect();
        let reasons: Vec<_> = kept.problems.iter().map(|problem| words.problem(problem)).collect();
        file.row(kept.row, &cells, &reasons.join(" "))?;
    }
    file.finish()?.flush()
}
