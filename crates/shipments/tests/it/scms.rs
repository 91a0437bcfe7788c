//! The public delivery history of USAID SCMS, read from the folder that `HAWSER_TEST_DATA` names.

use std::collections::BTreeMap;
use std::fs::File;

use base::{Currency, Day, Money};
use db::db_tests;
use flate2::read::MultiGzDecoder;
use module::{Options, Record, Value, Verdict};
use shipments::{By, Clock, Filter, Grain, LineFacts, Row, on_time, report_on_time};

use crate::{import, manager, plan};

fn file() -> Option<String> {
    match std::env::var("HAWSER_TEST_DATA") {
        Ok(folder) => Some(format!("{folder}/scms/SCMS_Delivery_History_Dataset.csv.gz")),
        Err(_) => {
            eprintln!("SKIPPED: HAWSER_TEST_DATA is not set; it names the folder with scms/");
            None
        }
    }
}

fn scms() -> Option<Vec<LineFacts>> {
    let file = File::open(file()?).unwrap();
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

/// The file as the committed mapping reads it.
fn records() -> Option<Vec<Record>> {
    let file = File::open(file()?).unwrap();
    let mut reader = csv::Reader::from_reader(MultiGzDecoder::new(file));
    let headers = reader.byte_headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name.as_bytes()).unwrap();
    let modes = BTreeMap::from([
        ("Air", "air"),
        ("Truck", "truck"),
        ("Ocean", "ocean"),
        ("Air Charter", "air_charter"),
        ("N/A", "not_stated"),
    ]);
    let records = reader.byte_records().enumerate().map(|(at, record)| {
        let record = record.unwrap();
        let text = |name: &str| String::from_utf8_lossy(&record[column(name)]).into_owned();
        let day = |name: &str| Value::Day(Day::parse_from_str(&text(name), "%d-%b-%y").unwrap());
        let money = |name: &str| match Money::parse(&text(name), Currency::USD) {
            Some(money) => Value::Amount(money),
            None => Value::Unknown(text(name)),
        };
        let values = BTreeMap::from([
            ("customer", Value::Text(text("Country"))),
            ("waybill", Value::Text(text("ASN/DN #"))),
            ("line", Value::Text(text("ID"))),
            ("origin", Value::Text(text("Manufacturing Site"))),
            ("destination", Value::Text(text("Country"))),
            ("mode", Value::Text(modes[text("Shipment Mode").as_str()].into())),
            ("promised", day("Scheduled Delivery Date")),
            ("delivered", day("Delivered to Client Date")),
            ("goods_value", money("Line Item Value")),
            ("cost", money("Freight Cost (USD)")),
        ]);
        Record { row: at as u64 + 2, values }
    });
    Some(records.collect())
}

fn percent(row: &Row) -> String {
    format!("{:.2}", 100.0 * row.rate)
}

db_tests! {
    async fn the_imported_file_is_on_time_as_published(db: Db) {
        let Some(records) = records() else { return };
        let actor = manager();
        let options = Options { create_customers: true, source: "scms".into() };
        let begun = std::time::Instant::now();
        let told = import(&db, &actor, &records, &options).await;
        eprintln!("10,324 lines imported in {:?}", begun.elapsed());
        assert_eq!(told.iter().filter(|verdict| **verdict == Verdict::New).count(), 10_324);
        assert!(plan(&db, &actor, &records, &options).await.iter().all(|verdict| *verdict == Verdict::Unchanged));
        let report = async |by: Option<By>, grain| {
            report_on_time(&db, &actor, by, grain, Clock::Day, &Filter::default()).await.unwrap()
        };
        let (by_line, by_shipment) = (report(None, Grain::Line).await, report(None, Grain::Shipment).await);
        assert_eq!(percent(&by_line.all.unwrap()), "88.51");
        assert_eq!(percent(&by_shipment.all.unwrap()), "88.55");
        let modes = report(Some(By::Mode), Grain::Line).await;
        let modes: Vec<_> = modes.rows.iter().map(|row| (row.key.as_str(), percent(row))).collect();
        let published =
            [("air", "90.40"), ("air_charter", "88.46"), ("not_stated", "98.89"), ("ocean", "82.48"), ("truck", "83.92")];
        assert_eq!(modes, published.map(|(mode, rate)| (mode, rate.to_owned())));
        assert_eq!(report(Some(By::Customer), Grain::Line).await.rows.len(), 43);
    }
}
