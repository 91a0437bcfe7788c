//! The public delivery history of USAID SCMS, read from the folder that `HAWSER_TEST_DATA` names.

use std::collections::BTreeMap;
use std::fs::File;

use base::Day;
use flate2::read::MultiGzDecoder;
use shipments::{By, Clock, Grain, LineFacts, on_time};

fn scms() -> Option<Vec<LineFacts>> {
    let Ok(folder) = std::env::var("HAWSER_TEST_DATA") else {
        eprintln!("SKIPPED: HAWSER_TEST_DATA is not set; it names the folder with scms/");
        return None;
    };
    let file = File::open(format!("{folder}/scms/SCMS_Delivery_History_Dataset.csv.gz")).unwrap();
    let mut reader = csv::Reader::from_reader(MultiGzDecoder::new(file));
    let headers = reader.byte_headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name.as_bytes()).unwrap();
    let [waybill, country, mode, site] = ["ASN/DN #", "Country", "Shipment Mode", "Manufacturing Site"].map(column);
    let [promised, delivered] = ["Scheduled Delivery Date", "Delivered to Client Date"].map(column);
    let lines = reader.byte_records().map(|record| {
        let record = record.unwrap();
        let text = |at: usize| String::from_utf8_lossy(&record[at]).into_owned();
        let day = |at: usize| Some(Day::parse_from_str(&text(at), "%d-%b-%y").unwrap());
        LineFacts {
            shipment: text(waybill),
            customer: text(country),
            origin: text(site),
            destination: text(country),
            mode: text(mode),
            promised_on: day(promised),
            promised_at: None,
            delivered_on: day(delivered),
            delivered_at: None,
        }
    });
    Some(lines.collect())
}

#[test]
fn the_file_is_on_time_as_published() {
    let Some(lines) = scms() else { return };
    let by_line = on_time(&lines, None, Grain::Line, Clock::Day);
    let by_shipment = on_time(&lines, None, Grain::Shipment, Clock::Day);
    let (line, shipment) = (by_line.all.unwrap(), by_shipment.all.unwrap());
    assert_eq!((line.total, shipment.total), (10_324, 7_030));
    assert_eq!((by_line.undated, by_shipment.undated), (0, 0));
    assert!((line.rate - 0.8851).abs() < 0.000_05, "{line:?}");
    assert!((shipment.rate - 0.8855).abs() < 0.000_05, "{shipment:?}");
}

#[test]
fn not_available_is_a_mode_of_its_own_with_360_lines() {
    let Some(lines) = scms() else { return };
    let report = on_time(&lines, Some(By::Mode), Grain::Line, Clock::Timestamp);
    let totals: BTreeMap<_, _> = report.rows.iter().map(|row| (row.key.as_str(), row.total)).collect();
    assert_eq!(totals["N/A"], 360);
    assert_eq!(totals.values().sum::<u64>(), 10_324);
}
