//! How worker and parent talk: one tag byte, four bytes of length (little endian), the payload.
//!
//! Rows are packed by hand because millions of them pass; everything else is JSON.
//! Whatever arrives here was written by a process that read a hostile file: nothing is believed before it is checked.

use std::io::{self, ErrorKind, Read, Write};

use serde::{Deserialize, Serialize};

use crate::cell::Cell;
use crate::limits::{COLUMNS, FRAME_BYTES};
use crate::refusal::{Header, Refused, RowProblem};

#[derive(Debug, PartialEq)]
pub(crate) enum Frame {
    Header(Header),
    Row {
        number: u64,
        cells: Vec<Cell>,
    },
    RefusedRow {
        number: u64,
        cells: Vec<Cell>,
        problem: RowProblem,
    },
    /// Bytes of the file read so far.
    Progress(u64),
    Refused(Refused),
    End(End),
}

/// What the worker counted; the parent compares it with what it received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    pub rows: u64,
    pub refused: u64,
}

const HEADER: u8 = b'H';
const ROW: u8 = b'R';
const REFUSED_ROW: u8 = b'X';
const PROGRESS: u8 = b'P';
const REFUSED: u8 = b'E';
const END: u8 = b'Z';

pub(crate) fn write(out: &mut impl Write, frame: &Frame) -> io::Result<()> {
    match frame {
        Frame::Header(header) => send(out, HEADER, &serde_json::to_vec(header)?),
        Frame::Row { number, cells } => {
            let mut payload = number.to_le_bytes().to_vec();
            pack(&mut payload, cells);
            send(out, ROW, &payload)
        }
        Frame::RefusedRow { number, cells, problem } => {
            let problem = serde_json::to_vec(problem)?;
            let mut payload = number.to_le_bytes().to_vec();
            payload.extend(length(problem.len())?);
            payload.extend(problem);
            pack(&mut payload, cells);
            send(out, REFUSED_ROW, &payload)
        }
        Frame::Progress(bytes) => send(out, PROGRESS, &bytes.to_le_bytes()),
        Frame::Refused(refused) => send(out, REFUSED, &serde_json::to_vec(refused)?),
        Frame::End(end) => send(out, END, &serde_json::to_vec(end)?),
    }
}

/// Bytes that these cells take in a frame.
pub(crate) fn packed_size(cells: &[Cell]) -> usize {
    cells.iter().map(|cell| 5 + cell.text().len()).sum()
}

/// # Errors
/// `InvalidData` for anything that the worker would not write; `UnexpectedEof` when it stopped early.
pub(crate) fn read(input: &mut impl Read) -> io::Result<Frame> {
    let mut head = [0; 5];
    input.read_exact(&mut head)?;
    let [tag, length @ ..] = head;
    let length = u32::from_le_bytes(length) as usize;
    if length > FRAME_BYTES {
        return Err(nonsense());
    }
    let mut payload = Vec::new();
    // The length is only a claim: memory grows with what really arrives.
    input.take(length as u64).read_to_end(&mut payload)?;
    if payload.len() != length {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    let mut rest = payload.as_slice();
    match tag {
        HEADER => Ok(Frame::Header(checked(serde_json::from_slice(rest)?)?)),
        ROW => Ok(Frame::Row { number: number(&mut rest)?, cells: unpack(rest)? }),
        REFUSED_ROW => {
            let number = number(&mut rest)?;
            let length = u32::from_le_bytes(cut(&mut rest)?) as usize;
            let (problem, cells) = rest.split_at_checked(length).ok_or_else(nonsense)?;
            Ok(Frame::RefusedRow { number, problem: serde_json::from_slice(problem)?, cells: unpack(cells)? })
        }
        PROGRESS => Ok(Frame::Progress(number(&mut rest)?)),
        REFUSED => Ok(Frame::Refused(serde_json::from_slice(rest)?)),
        END => Ok(Frame::End(serde_json::from_slice(rest)?)),
        _ => Err(nonsense()),
    }
}

fn checked(header: Header) -> io::Result<Header> {
    match header.columns.len() <= COLUMNS {
        true => Ok(header),
        false => Err(nonsense()),
    }
}

fn send(out: &mut impl Write, tag: u8, payload: &[u8]) -> io::Result<()> {
    out.write_all(&[tag])?;
    out.write_all(&length(payload.len())?)?;
    out.write_all(payload)
}

fn length(bytes: usize) -> io::Result<[u8; 4]> {
    u32::try_from(bytes).map(u32::to_le_bytes).map_err(|_| nonsense())
}

fn pack(payload: &mut Vec<u8>, cells: &[Cell]) {
    for cell in cells {
        let tag = match cell {
            Cell::Empty => b'e',
            Cell::Text(_) => b't',
            Cell::Number(_) => b'n',
            Cell::Serial(_) => b's',
            Cell::Bool(_) => b'b',
            Cell::Error(_) => b'x',
        };
        let text = cell.text().as_bytes();
        payload.push(tag);
        payload.extend((text.len() as u32).to_le_bytes());
        payload.extend(text);
    }
}

fn unpack(mut rest: &[u8]) -> io::Result<Vec<Cell>> {
    let mut cells = Vec::new();
    while !rest.is_empty() {
        let [tag] = cut(&mut rest)?;
        let length = u32::from_le_bytes(cut(&mut rest)?) as usize;
        let (text, after) = rest.split_at_checked(length).ok_or_else(nonsense)?;
        rest = after;
        let text = str::from_utf8(text).map_err(|_| nonsense())?.to_owned();
        cells.push(match tag {
            b'e' if text.is_empty() => Cell::Empty,
            b't' => Cell::Text(text),
            b'n' => Cell::Number(text),
            b's' => Cell::Serial(text),
            b'b' => Cell::Bool(text == "TRUE"),
            b'x' => Cell::Error(text),
            _ => return Err(nonsense()),
        });
        if cells.len() > COLUMNS {
            return Err(nonsense());
        }
    }
    Ok(cells)
}

fn number(rest: &mut &[u8]) -> io::Result<u64> {
    Ok(u64::from_le_bytes(cut(rest)?))
}

fn cut<const N: usize>(rest: &mut &[u8]) -> io::Result<[u8; N]> {
    let (head, after) = rest.split_first_chunk::<N>().ok_or_else(nonsense)?;
    *rest = after;
    Ok(*head)
}

fn nonsense() -> io::Error {
    ErrorKind::InvalidData.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_arrives_as_it_was_sent() {
        let cells = vec![
            Cell::Text("明为公司".into()),
            Cell::Empty,
            Cell::Number("1.5".into()),
            Cell::Serial("45000.25".into()),
            Cell::Bool(true),
            Cell::Error("#N/A".into()),
        ];
        let frame = Frame::RefusedRow { number: 7, cells, problem: RowProblem::Ragged { found: 6, expected: 5 } };
        let mut bytes = Vec::new();
        write(&mut bytes, &frame).unwrap();
        assert_eq!(read(&mut bytes.as_slice()).unwrap(), frame);
    }

    #[test]
    fn a_worker_that_talks_nonsense_is_not_believed() {
        let huge = [&[ROW][..], &u32::MAX.to_le_bytes()].concat();
        let not_text = [&[ROW, 14, 0, 0, 0][..], &[0; 8], &[b't', 1, 0, 0, 0, 0xff]].concat();
        let longer_than_sent = [&[ROW, 14, 0, 0, 0][..], &[0; 8], &[b't', 200, 0, 0, 0, b'a']].concat();
        let unknown = vec![b'?', 0, 0, 0, 0];
        let unknown_key = [&[REFUSED, 3, 0, 0, 0][..], b"{}}"].concat();
        for bytes in [huge, not_text, longer_than_sent, unknown, unknown_key] {
            assert!(read(&mut bytes.as_slice()).is_err(), "{bytes:?}");
        }
    }
}
