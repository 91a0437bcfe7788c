//! The workbooks of which each would end or fill a process that opens them without limits.

use std::io::Write;
use std::time::Instant;

use exchange::Refused;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc, FlushCompress};

use crate::{read, refusal};

const WORKBOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const PACKAGE: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const SHEET: &str = r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row></sheetData></worksheet>"#;

/// One part of an archive as it will stand there.
struct Part {
    name: &'static str,
    packed: Vec<u8>,
    inflated: u64,
    crc: u32,
    flags: u16,
}

fn part(name: &'static str, text: &str) -> Part {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    let mut crc = Crc::new();
    crc.update(text.as_bytes());
    Part { name, packed: encoder.finish().unwrap(), inflated: text.len() as u64, crc: crc.sum(), flags: 0 }
}

/// 1 GiB of blanks in about 1 MB: one packed mebibyte, repeated.
fn bomb(name: &'static str) -> Part {
    let blanks = vec![b' '; 1 << 20];
    let mut packed = Vec::with_capacity(1 << 16);
    flate2::Compress::new(Compression::best(), false).compress_vec(&blanks, &mut packed, FlushCompress::Full).unwrap();
    let mut one = Crc::new();
    one.update(&blanks);
    let mut crc = Crc::new();
    for _ in 0..1024 {
        crc.combine(&one);
    }
    let mut all = packed.repeat(1024);
    all.extend([3, 0]);
    Part { name, packed: all, inflated: 1 << 30, crc: crc.sum(), flags: 0 }
}

fn archive(parts: &[Part]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for part in parts {
        let at = bytes.len() as u32;
        let mut about = Vec::new();
        about.extend([20, 0]);
        about.extend(part.flags.to_le_bytes());
        about.extend([8, 0, 0, 0, 0x21, 0]);
        about.extend(part.crc.to_le_bytes());
        about.extend((part.packed.len() as u32).to_le_bytes());
        about.extend((part.inflated as u32).to_le_bytes());
        about.extend((part.name.len() as u16).to_le_bytes());
        about.extend([0, 0]);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&about);
        bytes.extend(part.name.as_bytes());
        bytes.extend(&part.packed);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&about);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(part.name.as_bytes());
    }
    let at = bytes.len() as u32;
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend((parts.len() as u16).to_le_bytes());
    bytes.extend((parts.len() as u16).to_le_bytes());
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(at.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

fn workbook(sheet: Part, strings: Option<Part>) -> Vec<u8> {
    let mut parts = vec![
        part("_rels/.rels", PACKAGE),
        part("xl/workbook.xml", WORKBOOK),
        part("xl/_rels/workbook.xml.rels", RELATIONS),
        sheet,
    ];
    parts.extend(strings);
    archive(&parts)
}

fn refused_in_time(bytes: &[u8]) -> Refused {
    let since = Instant::now();
    let refused = refusal(bytes);
    assert!(since.elapsed().as_secs() < 30, "took {:?}", since.elapsed());
    assert_eq!(read(b"a,b\n1,2\n").unwrap().rows.len(), 1, "the program lives and reads the next file");
    refused
}

fn sheet() -> Part {
    part("xl/worksheets/sheet1.xml", SHEET)
}

#[test]
fn the_plain_workbook_that_the_hostile_ones_are_made_of_is_read() {
    let read = read(&workbook(sheet(), None)).unwrap();
    assert_eq!(read.header.columns, ["a"]);
}

/// The three of which one is enough to end a process without limits.
pub fn endless_strings() -> Vec<u8> {
    let strings = r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="4294967295"><si><t>a</t></si></sst>"#;
    workbook(sheet(), Some(part("xl/sharedStrings.xml", strings)))
}

pub fn last_corner() -> Vec<u8> {
    let text = SHEET.replace("</sheetData>", r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>"#);
    workbook(part("xl/worksheets/sheet1.xml", &text), None)
}

pub fn inflating() -> Vec<u8> {
    workbook(sheet(), Some(bomb("xl/sharedStrings.xml")))
}

#[test]
fn a_workbook_that_claims_four_thousand_million_strings_is_refused() {
    assert_eq!(refused_in_time(&endless_strings()), Refused::Unsafe);
}

#[test]
fn a_workbook_with_a_cell_in_the_last_corner_is_refused() {
    assert_eq!(refused_in_time(&last_corner()), Refused::TooManyColumns);
}

#[test]
fn a_megabyte_that_inflates_to_a_gibibyte_is_refused_before_it_does() {
    let bytes = inflating();
    assert!(bytes.len() < 2_000_000);
    assert_eq!(refused_in_time(&bytes), Refused::UnsafeWorkbook);
}

#[test]
fn an_archive_that_lies_about_its_sizes_is_refused() {
    let liar = Part { inflated: 1_000, ..bomb("xl/sharedStrings.xml") };
    let refused = refused_in_time(&workbook(sheet(), Some(liar)));
    assert!(matches!(refused, Refused::UnsafeWorkbook | Refused::Damaged), "{refused:?}");
}

#[test]
fn a_part_with_a_password_is_refused_as_protected() {
    let bytes = workbook(Part { flags: 1, ..sheet() }, None);
    assert_eq!(refused_in_time(&bytes), Refused::Protected);
}

#[test]
fn external_entities_and_cut_workbooks_are_refused() {
    let entity = SHEET.replace("<worksheet", r#"<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet"#);
    let entity = entity.replace("<t>a</t>", "<t>&e;</t>");
    let whole = workbook(sheet(), None);
    for bytes in [workbook(part("xl/worksheets/sheet1.xml", &entity), None), whole[..whole.len() / 2].to_vec()] {
        assert_eq!(refused_in_time(&bytes), Refused::Damaged);
    }
}

#[test]
fn a_workbook_damaged_anywhere_is_read_or_refused_with_a_sentence() {
    let whole = workbook(sheet(), None);
    for at in (0..whole.len()).step_by(13) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0xff;
        let refused = read(&damaged).err();
        assert!(!matches!(refused, Some(Refused::Unavailable | Refused::TooSlow)), "byte {at}: {refused:?}");
    }
}

#[test]
fn a_workbook_that_counts_from_1904_says_so() {
    let text = WORKBOOK.replace("<sheets>", r#"<workbookPr date1904="1"/><sheets>"#);
    let parts = [
        part("_rels/.rels", PACKAGE),
        part("xl/workbook.xml", &text),
        part("xl/_rels/workbook.xml.rels", RELATIONS),
        sheet(),
    ];
    assert!(read(&archive(&parts)).unwrap().header.since_1904);
}
