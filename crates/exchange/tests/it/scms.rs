use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;

use exchange::{Duplicates, Line, Mapping, Place};

use crate::mappings::SHIPMENT;
use crate::reader;

/// The real file, unpacked; `None` and a word about it when the test data is not here.
fn real_file() -> Option<File> {
    let Some(folder) = std::env::var_os("HAWSER_TEST_DATA") else {
        eprintln!("SKIPPED: HAWSER_TEST_DATA names no folder, the real file was not read");
        return None;
    };
    let packed = PathBuf::from(folder).join("scms/SCMS_Delivery_History_Dataset.csv.gz");
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(File::open(packed).unwrap()).read_to_end(&mut bytes).unwrap();
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes).unwrap();
    Some(file)
}

#[test]
fn the_real_file_is_read_and_mapped_to_the_last_line() {
    let Some(file) = real_file() else { return };
    let mut table = reader().open(file).unwrap();
    assert_eq!(table.header().columns.len(), 33);
    assert_eq!(table.header().columns[0], "ID");
    let mapping = Mapping::parse(include_str!("../../../../mappings/scms.toml")).unwrap();
    let bound = mapping.bind(&table.header().columns.clone(), SHIPMENT).unwrap();
    let (mut records, mut on_time) = (Vec::new(), 0);
    for line in table.by_ref() {
        let Line::Row(row) = line.unwrap() else { panic!("a row was refused") };
        let record = bound.apply(&row).unwrap_or_else(|problems| panic!("row {}: {problems:?}", row.number));
        on_time += usize::from(record.day("delivered").unwrap() <= record.day("promised").unwrap());
        records.push(record);
    }
    assert_eq!((table.summary().rows, table.summary().refused), (10_324, 0));
    assert_eq!(format!("{:.2}", 100.0 * on_time as f64 / records.len() as f64), "88.51");
    assert_eq!(records.iter().filter(|record| record.text("mode") == Some("not_stated")).count(), 360);
    assert_eq!(records.iter().filter(|record| record.unknown("cost").is_some()).count(), 4_126);
    let mut keys = Duplicates::new(&["waybill", "line"]);
    records.iter().for_each(|record| keys.note(record));
    assert!(records.iter().all(|record| keys.place(record) == Place::Counts));
}
