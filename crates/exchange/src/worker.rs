//! Runs in a child process: reads one file from its standard input and answers with frames on standard output.
//!
//! One thread; memory, time, files and output are limited before the file is touched.
//! It may die at any time: nothing but the answer depends on it.

mod decode;
mod input;
mod records;
mod sniff;
mod tabulate;
mod text_file;
mod workbook;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::fd::AsFd;
use std::process::ExitCode;

use serde::{Deserialize, Serialize};

use crate::frames::{self, Frame};
use crate::limits;
use crate::refusal::Refused;

use input::Input;
use sniff::Kind;

/// Carries the order of the parent, see `Order`.
pub(crate) const ORDER: &str = "HAWSER_WORKER_ORDER";

/// What the parent wants to know beyond the file itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    /// Sheet of a workbook; the first visible one when absent.
    pub sheet: Option<String>,
}

/// Why the worker ends before the end of the file.
#[derive(Debug)]
pub(crate) enum Stop {
    Refused(Refused),
    /// The parent is gone or the file cannot be read.
    Io,
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        Stop::Refused(refused)
    }
}

impl From<io::Error> for Stop {
    fn from(_: io::Error) -> Self {
        Stop::Io
    }
}

/// The hidden subcommand `hawser worker`.
pub fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn run() -> Result<(), Stop> {
    let file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let about = file.metadata()?;
    limits::limit_this_process(about.len()).map_err(|_| Stop::Io)?;
    let order = std::env::var(ORDER).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let mut out = BufWriter::with_capacity(64 * 1024, io::stdout().lock());
    let answer = match (about.is_file(), about.len()) {
        (false, _) => Err(Refused::NotAFile.into()),
        (_, 0) => Err(Refused::Empty.into()),
        (_, bytes) if bytes > limits::FILE_BYTES => Err(Refused::TooLarge.into()),
        (_, bytes) => read(&Input::new(file, bytes), &order, &mut out),
    };
    if let Err(Stop::Refused(refused)) = answer {
        frames::write(&mut out, &Frame::Refused(refused))?;
    }
    Ok(out.flush()?)
}

/// Reads a file of any kind; the same code that the fuzzing test calls without a child.
pub(crate) fn read(input: &Input, order: &Order, out: &mut impl Write) -> Result<(), Stop> {
    match sniff::kind(input)? {
        Kind::Workbook => workbook::read(input, order, out),
        Kind::Text => text_file::read(input, out),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answer(bytes: &[u8]) -> Vec<u8> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        let mut out = Vec::new();
        let _ = read(&Input::new(file, bytes.len() as u64), &Order::default(), &mut out);
        out
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 1..600)) {
            answer(&bytes);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "[a-c,;\t\"'\r\n \u{feff}运单é]{1,200}") {
            answer(text.as_bytes());
        }

        #[test]
        fn no_damaged_archive_makes_the_reader_panic(tail in proptest::collection::vec(any::<u8>(), 1..300)) {
            answer(&[b"PK\x03\x04", tail.as_slice()].concat());
        }
    }
}
