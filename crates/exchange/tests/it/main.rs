//! Real files through a real worker.
#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its file must fail")]

mod api;
mod bad_input;
mod command;
mod engine;
mod files;
mod hostile;
mod mappings;
mod pallets;
mod scms;
mod standing;
mod steps;
mod tables;
mod texts;
mod told;
mod wizard;
mod world;

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};

use exchange::{Header, Line, Reader, Refused, Row, RowProblem, Summary};

fn reader() -> Reader {
    Reader::new(vec![env!("CARGO_BIN_EXE_exchange_worker").into()])
}

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    // The worker must not depend on where the descriptor stands.
    file.seek(SeekFrom::Start(bytes.len() as u64 / 2)).unwrap();
    file
}

struct Read {
    header: Header,
    rows: Vec<Row>,
    refused: Vec<(Row, RowProblem)>,
    summary: Summary,
}

impl Read {
    fn texts(&self) -> Vec<Vec<&str>> {
        self.rows.iter().map(|row| row.cells.iter().map(exchange::Cell::text).collect()).collect()
    }
}

fn read(bytes: &[u8]) -> Result<Read, Refused> {
    let mut table = reader().open(file(bytes))?;
    let (mut rows, mut refused) = (Vec::new(), Vec::new());
    for line in table.by_ref() {
        match line? {
            Line::Row(row) => rows.push(row),
            Line::Refused { row, problem } => refused.push((row, problem)),
        }
    }
    Ok(Read { header: table.header().clone(), rows, refused, summary: table.summary() })
}

fn refusal(bytes: &[u8]) -> Refused {
    match read(bytes) {
        Err(refused) => refused,
        Ok(read) => panic!("was read as {:?}", read.texts()),
    }
}
