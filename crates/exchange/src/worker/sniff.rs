//! What a file is, by its first bytes; its name is not believed.

use std::io::BufReader;

use zip::ZipArchive;

use super::{Input, Stop};
use crate::refusal::{Foreign, Refused};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Workbook,
    Text,
}

/// The marks do not overlap, so their order says nothing.
const MARKS: [(&[u8], Foreign); 26] = [
    (b"%PDF-", Foreign::Pdf),
    (b"\x89PNG\r\n", Foreign::Picture),
    (b"\xff\xd8\xff", Foreign::Picture),
    (b"GIF87a", Foreign::Picture),
    (b"GIF89a", Foreign::Picture),
    (b"II*\0", Foreign::Picture),
    (b"MM\0*", Foreign::Picture),
    (b"\x1f\x8b", Foreign::Archive),
    (b"Rar!\x1a\x07", Foreign::Archive),
    (b"7z\xbc\xaf\x27\x1c", Foreign::Archive),
    (b"BZh", Foreign::Archive),
    (b"\xfd7zXZ\0", Foreign::Archive),
    (b"\x28\xb5\x2f\xfd", Foreign::Archive),
    (b"\x7fELF", Foreign::Program),
    (b"\xca\xfe\xba\xbe", Foreign::Program),
    (b"\xcf\xfa\xed\xfe", Foreign::Program),
    (b"\0asm", Foreign::Program),
    (b"#!/", Foreign::Program),
    (b"ID3", Foreign::Media),
    (b"OggS", Foreign::Media),
    (b"\x1aE\xdf\xa3", Foreign::Media),
    (b"fLaC", Foreign::Media),
    (b"SQLite format 3\0", Foreign::Database),
    (b"\0\x01\0\0Standard ", Foreign::Database),
    (b"PAR1", Foreign::Database),
    (b"{\\rtf", Foreign::WordOrSlides),
];

pub(crate) fn kind(input: &Input) -> Result<Kind, Stop> {
    let start = input.first_bytes(4096)?;
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        return archive(input);
    }
    if start.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Err(compound_file(input)?.into());
    }
    let mark = MARKS.iter().find(|(mark, _)| start.starts_with(mark)).map(|(_, foreign)| *foreign);
    match mark.or_else(|| by_shape(&start)) {
        Some(foreign) => Err(Refused::Foreign(foreign).into()),
        None => Ok(Kind::Text),
    }
}

fn by_shape(start: &[u8]) -> Option<Foreign> {
    let page = start.trim_ascii_start().strip_prefix(b"\xef\xbb\xbf").unwrap_or(start.trim_ascii_start());
    let page: Vec<u8> = page.iter().take(64).map(u8::to_ascii_lowercase).collect();
    let is_page = [&b"<!doctype"[..], b"<html", b"<table", b"<?xml", b"<meta", b"<head"];
    match start {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Foreign::Picture),
        [b'R', b'I', b'F', b'F', ..] => Some(Foreign::Media),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Foreign::Media),
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Some(Foreign::Picture),
        [b'M', b'Z', rest @ ..] if rest.contains(&0) => Some(Foreign::Program),
        _ if is_page.iter().any(|mark| page.starts_with(mark)) => Some(Foreign::WebPage),
        _ if looks_binary(start) => Some(Foreign::Binary),
        _ => None,
    }
}

/// Many control characters that no text has. UTF-16 has a mark and is left to the decoder;
/// a few NULs in otherwise plain text get their own sentence there.
fn looks_binary(start: &[u8]) -> bool {
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return false;
    }
    let odd = start.iter().filter(|byte| matches!(byte, 1..=8 | 14..=26 | 28..=31 | 127)).count();
    odd * 20 > start.len()
}

/// An archive is a workbook, or something else that is made of an archive.
fn archive(input: &Input) -> Result<Kind, Stop> {
    let archive = ZipArchive::new(BufReader::new(input.again())).map_err(|_| Refused::Damaged)?;
    let has = |start: &str| archive.file_names().any(|name| name.is_ok_and(|name| name.starts_with(start)));
    let kind = match () {
        () if has("xl/workbook.bin") => Foreign::BinaryExcel,
        () if has("xl/") => return Ok(Kind::Workbook),
        () if has("word/") || has("ppt/") => Foreign::WordOrSlides,
        () if has("content.xml") && has("mimetype") => Foreign::OpenDocument,
        () if has("META-INF/MANIFEST.MF") || has("classes.dex") => Foreign::Program,
        () => Foreign::Archive,
    };
    Err(Refused::Foreign(kind).into())
}

/// Old Excel, old Word, or a workbook with a password: all in Microsoft's compound file.
fn compound_file(input: &Input) -> Result<Refused, Stop> {
    let start = input.first_bytes(1024 * 1024)?;
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        start.windows(wide.len()).any(|window| window == wide)
    };
    Ok(match () {
        () if has("EncryptedPackage") => Refused::Protected,
        () if has("WordDocument") || has("PowerPoint Document") => Refused::Foreign(Foreign::WordOrSlides),
        () => Refused::Foreign(Foreign::OldExcel),
    })
}
