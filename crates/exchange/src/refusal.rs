use base::Message;
use serde::{Deserialize, Serialize};

use crate::limits;

/// Why a whole file is refused. Travels from the worker to the parent, which alone makes the sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Refused {
    #[error("empty")]
    Empty,
    #[error("not a regular file")]
    NotAFile,
    #[error("too large")]
    TooLarge,
    /// Another kind of file, whatever its name says.
    #[error("another kind of file: {0:?}")]
    Foreign(Foreign),
    #[error("protected workbook")]
    Protected,
    #[error("damaged workbook")]
    Damaged,
    #[error("unsafe workbook")]
    UnsafeWorkbook,
    #[error("no such sheet")]
    NoSheet { sheet: String },
    #[error("NUL byte")]
    Nul { line: u64 },
    #[error("unknown encoding")]
    Encoding,
    #[error("quote never closed")]
    OpenQuote { line: u64 },
    #[error("too many columns")]
    TooManyColumns,
    #[error("too many rows")]
    TooManyRows,
    /// The worker died, was stopped or answered nonsense.
    #[error("cannot be read safely")]
    Unsafe,
    #[error("takes too long")]
    TooSlow,
    /// Ours, not the file's: the worker cannot be started.
    #[error("worker unavailable")]
    Unavailable,
}

/// Recognised by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Foreign {
    OldExcel,
    BinaryExcel,
    OpenDocument,
    WordOrSlides,
    Archive,
    Pdf,
    Picture,
    Program,
    WebPage,
    Media,
    Database,
    Binary,
}

/// Why one row of a readable file is refused before any mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RowProblem {
    HeaderRepeated,
    Ragged { found: u64, expected: u64 },
    CellTooLong { column: u64 },
    RowTooLong,
}

/// The line that names the columns, and how the file was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Names in order; a column without a name is empty text.
    pub columns: Vec<String>,
    /// Line of the header, 1 when it stands on the first line.
    pub row: u64,
    /// Texts of the lines above the header, which are not read as data.
    pub above: Vec<String>,
    /// `UTF-8`, `UTF-16LE`, `UTF-16BE`, `GB18030`, or `XLSX`.
    pub encoding: String,
    /// Separator of a text file.
    pub separator: Option<char>,
    /// The sheet that is read and all sheets of the workbook.
    pub sheet: Option<String>,
    pub sheets: Vec<String>,
    pub since_1904: bool,
}

impl base::Refusal for Refused {
    fn message(&self) -> Message {
        let key = match self {
            Refused::Empty => "import-file_empty",
            Refused::NotAFile => "import-not_a_file",
            Refused::TooLarge => {
                return Message::new("import-file_too_large").with("limit", limits::FILE_BYTES / 1024 / 1024);
            }
            Refused::Foreign(kind) => kind.key(),
            Refused::Protected => "import-workbook_protected",
            Refused::Damaged => "import-workbook_damaged",
            Refused::UnsafeWorkbook => "import-workbook_unsafe",
            Refused::NoSheet { sheet } => return Message::new("import-no_such_sheet").with("sheet", shortened(sheet)),
            Refused::Nul { line } => return Message::new("import-nul_byte").with("line", line),
            Refused::Encoding => "import-encoding_unknown",
            Refused::OpenQuote { line } => return Message::new("import-quote_open").with("line", line),
            Refused::TooManyColumns => {
                return Message::new("import-too_many_columns").with("limit", limits::COLUMNS);
            }
            Refused::TooManyRows => return Message::new("import-too_many_rows").with("limit", limits::ROWS),
            Refused::Unsafe => "import-cannot_be_read_safely",
            Refused::TooSlow => "import-takes_too_long",
            Refused::Unavailable => "import-reader_unavailable",
        };
        Message::new(key)
    }
}

impl Foreign {
    fn key(self) -> &'static str {
        match self {
            Foreign::OldExcel => "import-file_is_old_excel",
            Foreign::BinaryExcel => "import-file_is_binary_excel",
            Foreign::OpenDocument => "import-file_is_open_document",
            Foreign::WordOrSlides => "import-file_is_word_or_slides",
            Foreign::Archive => "import-file_is_archive",
            Foreign::Pdf => "import-file_is_pdf",
            Foreign::Picture => "import-file_is_picture",
            Foreign::Program => "import-file_is_program",
            Foreign::WebPage => "import-file_is_web_page",
            Foreign::Media => "import-file_is_media",
            Foreign::Database => "import-file_is_database",
            Foreign::Binary => "import-file_is_binary",
        }
    }
}

impl RowProblem {
    pub fn message(&self) -> Message {
        match self {
            RowProblem::HeaderRepeated => Message::new("import-header_repeated"),
            RowProblem::Ragged { found, expected } => {
                Message::new("import-row_ragged").with("found", found).with("expected", expected)
            }
            RowProblem::CellTooLong { column } => {
                Message::new("import-cell_too_long").with("column", column).with("limit", limits::CELL_CHARS)
            }
            RowProblem::RowTooLong => Message::new("import-row_too_long"),
        }
    }
}

/// A cell's text as a sentence can carry it.
pub(crate) fn shortened(text: &str) -> String {
    const SHOWN: usize = 80;
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
