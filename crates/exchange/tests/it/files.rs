use std::io::{Cursor, Read, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use exchange::{Cell, Foreign, Refused};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::{file, read, reader, refusal};

#[test]
fn a_workbook_gives_texts_numbers_dates_and_truth_values() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let date = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    for (column, name) in ["客户", "重量", "签收", "到付", "备注"].iter().enumerate() {
        sheet.write(0, column as u16, *name).unwrap();
    }
    sheet.write(2, 0, "明为公司").unwrap();
    sheet.write(2, 1, 0.1).unwrap();
    sheet.write_with_format(2, 2, ExcelDateTime::from_ymd(2026, 1, 5).unwrap(), &date).unwrap();
    sheet.write(2, 3, true).unwrap();
    let read = read(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(read.header.encoding, "XLSX");
    assert_eq!(read.rows[0].number, 3);
    let wanted =
        [Cell::Text("明为公司".into()), Cell::Number("0.1".into()), Cell::Serial("46027".into()), Cell::Bool(true)];
    assert_eq!(read.rows[0].cells, wanted);
}

/// The same workbook with other texts in its parts.
fn rewritten(book: &[u8], other: &[(&str, &str)]) -> Vec<u8> {
    let mut parts = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut bare = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        bare.start_file(part.name().unwrap(), zip::write::SimpleFileOptions::default()).unwrap();
        let text = other.iter().fold(text, |text, (from, to)| text.replace(from, to));
        bare.write_all(text.as_bytes()).unwrap();
    }
    bare.finish().unwrap().into_inner()
}

#[test]
fn a_formula_that_nobody_worked_out_is_not_an_empty_cell() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["客户", "收入", "备注"].iter().enumerate() {
        sheet.write(0, column as u16, *name).unwrap();
    }
    sheet.write(1, 0, "明为公司").unwrap();
    sheet.write_formula(1, 1, "=SUM(A9:A10)").unwrap();
    let worked_out = book.save_to_buffer().unwrap();
    let cells = |book: &[u8]| read(book).unwrap().rows[0].cells.clone();
    assert_eq!(cells(&worked_out)[1], Cell::Number("0".into()));
    // As programs write workbooks.
    let bare = cells(&rewritten(&worked_out, &[("<v>0</v>", "<v></v>")]));
    assert_eq!(bare, [Cell::Text("明为公司".into()), Cell::Error("=SUM(A9:A10)".into())]);
}

#[test]
fn a_formula_whose_result_is_the_empty_text_is_an_empty_cell() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["客户", "收入"].iter().enumerate() {
        sheet.write(0, column as u16, *name).unwrap();
    }
    sheet.write(1, 0, "明为公司").unwrap();
    sheet.write_formula(1, 1, "=IF(1,\"\",2)").unwrap();
    let empty = [("<c r=\"B2\">", "<c r=\"B2\" t=\"str\">"), ("<v>0</v>", "<v></v>")];
    let rows = read(&rewritten(&book.save_to_buffer().unwrap(), &empty)).unwrap().rows;
    assert_eq!(rows[0].cells, [Cell::Text("明为公司".into())]);
}

#[test]
fn a_sheet_is_chosen_by_its_name() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("说明").unwrap().write(0, 0, "看第二张").unwrap();
    book.add_worksheet().set_name("运单").unwrap().write(0, 0, "运单号").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let table = reader().open_sheet(file(&bytes), Some("运单")).unwrap();
    assert_eq!(table.header().columns, ["运单号"]);
    assert_eq!(table.header().sheets, ["说明", "运单"]);
    let missing = reader().open_sheet(file(&bytes), Some("没有")).map(|_| ());
    assert_eq!(missing, Err(Refused::NoSheet { sheet: "没有".into() }));
}

#[test]
fn other_files_named_csv_are_recognised_and_refused_each_in_its_words() {
    let wide = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let compound = |name: &str| [&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], &[0; 512], &wide(name)].concat();
    let program = std::fs::read(env!("CARGO_BIN_EXE_exchange_worker")).unwrap();
    for (bytes, wanted) in [
        (b"%PDF-1.7\n".to_vec(), Refused::Foreign(Foreign::Pdf)),
        (b"\x89PNG\r\n\x1a\n....".to_vec(), Refused::Foreign(Foreign::Picture)),
        (b"\xff\xd8\xff\xe0..JFIF".to_vec(), Refused::Foreign(Foreign::Picture)),
        (b"\x1f\x8b\x08\0....".to_vec(), Refused::Foreign(Foreign::Archive)),
        (program[..65_536].to_vec(), Refused::Foreign(Foreign::Program)),
        (b" <html><table><tr><td>1</td></tr></table>".to_vec(), Refused::Foreign(Foreign::WebPage)),
        (compound("Workbook"), Refused::Foreign(Foreign::OldExcel)),
        (compound("EncryptedPackage"), Refused::Protected),
        ((1..9).cycle().take(300).collect(), Refused::Foreign(Foreign::Binary)),
        (Vec::new(), Refused::Empty),
    ] {
        assert_eq!(refusal(&bytes), wanted);
    }
    let directory = std::fs::File::open(env!("CARGO_MANIFEST_DIR")).unwrap();
    assert_eq!(reader().open(directory).map(|_| ()), Err(Refused::NotAFile));
}

#[test]
fn a_worker_that_cannot_start_or_says_nothing_is_a_sentence() {
    let open = |command: &[&str]| {
        let reader = exchange::Reader::new(command.iter().map(Into::into).collect());
        reader.open(file(b"a,b\n1,2\n")).map(|_| ())
    };
    assert_eq!(open(&["/no/such/program"]), Err(Refused::Unavailable));
    let hangs = exchange::Reader::new(vec!["/bin/sleep".into(), "60".into()]).with_patience(Duration::from_millis(200));
    assert_eq!(hangs.open(file(b"a,b\n1,2\n")).map(|_| ()), Err(Refused::TooSlow));
    assert_eq!(open(&["/bin/true"]), Err(Refused::Unsafe));
    assert_eq!(open(&["/bin/echo", "hello, I am not a worker"]), Err(Refused::Unsafe));
}

#[test]
fn the_worker_limits_itself_before_it_reads() {
    let text = format!("a,b\n{}", "1,2\n".repeat(100_000));
    let mut worker = Command::new(env!("CARGO_BIN_EXE_exchange_worker"))
        .stdin(Stdio::from(file(text.as_bytes())))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // It has answered, so it has begun to read; nobody takes the rest, so it still stands there.
    Read::read_exact(worker.stdout.as_mut().unwrap(), &mut [0]).unwrap();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", worker.id())).unwrap();
    let _ = worker.kill();
    worker.wait().unwrap();
    let of = |name: &str| {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        line[name.len()..].split_whitespace().next().unwrap().to_owned()
    };
    assert_eq!(of("Max address space"), (512 * 1024 * 1024).to_string());
    assert_eq!(of("Max cpu time"), "30");
    assert_eq!(
        (of("Max file size"), of("Max core file size"), of("Max open files")),
        ("0".into(), "0".into(), "16".into())
    );
}
