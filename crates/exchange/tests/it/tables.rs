use exchange::{Cell, Refused, RowProblem};

use crate::{read, reader, refusal};

const WANTED: [[&str; 2]; 2] = [["明为公司", "3"], ["红木，家具厂", "4"]];

#[test]
fn a_table_is_the_same_in_every_encoding_and_with_every_line_end_and_separator() {
    for separator in [",", "\t", ";"] {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("客户{separator}件数{end}明为公司{separator}3{end}\"红木，家具厂\"{separator}4{end}");
            let gbk = encoding_rs::GB18030.encode(&text).0.into_owned();
            let utf16 = |order: fn(u16) -> [u8; 2]| {
                std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(order).collect::<Vec<u8>>()
            };
            let files = [
                (text.clone().into_bytes(), "UTF-8"),
                (format!("\u{feff}{text}").into_bytes(), "UTF-8"),
                (gbk, "GB18030"),
                (utf16(u16::to_le_bytes), "UTF-16LE"),
                (utf16(u16::to_be_bytes), "UTF-16BE"),
            ];
            for (bytes, encoding) in files {
                let read = read(&bytes).unwrap_or_else(|refused| panic!("{encoding} {separator:?} {end:?}: {refused}"));
                assert_eq!(read.header.encoding, encoding);
                assert_eq!(read.header.columns, ["客户", "件数"], "{encoding} {separator:?} {end:?}");
                assert_eq!(read.texts(), WANTED, "{encoding} {separator:?} {end:?}");
                assert_eq!(read.rows[1].number, 3);
                assert_eq!((read.summary.rows, read.summary.refused), (2, 0));
            }
        }
    }
}

#[test]
fn line_ends_inside_quotes_belong_to_the_cell_and_count_as_lines() {
    let read = read(b"a,b\r\n\"x\r\ny\",1\r\nz,2\r\n").unwrap();
    assert_eq!(read.texts(), [["x\ny", "1"], ["z", "2"]]);
    assert_eq!(read.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 4]);
}

#[test]
fn a_title_and_blank_lines_above_the_header_are_not_data() {
    let read = read("\n2026年1月运单明细,,\n\n客户,件数,备注\n明为,3,\n".as_bytes()).unwrap();
    assert_eq!((read.header.row, read.header.above.as_slice()), (4, &["2026年1月运单明细".to_owned()][..]));
    assert_eq!(read.texts(), [["明为", "3"]]);
    assert_eq!(read.rows[0].number, 5);
}

#[test]
fn a_header_that_repeats_names_is_still_the_header() {
    let read = read("客户,备注,备注\n明为,甲,乙\n智享,丙,丁\n".as_bytes()).unwrap();
    assert_eq!((read.header.row, read.rows.len()), (1, 2));
}

#[test]
fn a_header_in_the_middle_is_a_refused_row() {
    let read = read(b"a,b\n1,2\na,b\n3,4\n").unwrap();
    assert_eq!(read.texts(), [["1", "2"], ["3", "4"]]);
    assert_eq!((read.refused[0].0.number, &read.refused[0].1), (3, &RowProblem::HeaderRepeated));
}

#[test]
fn a_ragged_row_is_refused_with_its_text_and_the_others_are_read() {
    let read = read(b"a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,2,3,\n").unwrap();
    assert_eq!(read.rows.len(), 2);
    assert_eq!(read.refused[0].1, RowProblem::Ragged { found: 2, expected: 3 });
    assert_eq!(read.refused[1].1, RowProblem::Ragged { found: 4, expected: 3 });
    assert_eq!(read.refused[1].0.cells[3], Cell::Text("9".into()));
}

#[test]
fn emoji_right_to_left_and_very_long_cells_arrive_whole() {
    let long = "长".repeat(10_000);
    let read = read(format!("客户,备注\n👨‍👩‍👧🚚 شركة,{long}\n").as_bytes()).unwrap();
    assert_eq!(read.texts(), [["👨‍👩‍👧🚚 شركة", long.as_str()]]);
}

#[test]
fn a_cell_longer_than_excel_allows_is_refused_by_its_column() {
    let text = format!("a,b\n1,{}\n2,3\n", "x".repeat(40_000));
    let read = read(text.as_bytes()).unwrap();
    assert_eq!(read.texts(), [["2", "3"]]);
    assert_eq!(read.refused[0].1, RowProblem::CellTooLong { column: 2 });
}

#[test]
fn what_cannot_be_told_apart_is_refused() {
    assert_eq!(refusal(b"a,b\n1,\"2\n3,4\n"), Refused::OpenQuote { line: 2 });
    assert_eq!(refusal(b"a,b\r\n1,\x002\r\n"), Refused::Nul { line: 2 });
    assert_eq!(
        refusal("pays,ville\nCôte d'Ivoire,Orléans\n".chars().map(|c| c as u8).collect::<Vec<_>>().as_slice()),
        Refused::Encoding
    );
    assert_eq!(refusal(b"\n \n\n"), Refused::Empty);
    assert_eq!(refusal("x,".repeat(600).as_bytes()), Refused::TooManyColumns);
}

#[test]
fn a_large_file_is_read_row_by_row_and_may_be_left_early() {
    let mut text = String::from("waybill,pieces\n");
    for row in 0..200_000 {
        text.push_str(&format!("YD{row:08},{row}\n"));
    }
    let mut table = reader().open(crate::file(text.as_bytes())).unwrap();
    let tenth = table.by_ref().nth(9).unwrap().unwrap();
    assert!(matches!(tenth, exchange::Line::Row(row) if row.number == 11));
    assert!(table.progress().0 < table.progress().1);
    drop(table);
    assert_eq!(read(text.as_bytes()).unwrap().rows.len(), 200_000);
}
