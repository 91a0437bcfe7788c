//! Rows for every table, with values that break careless copies.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use backup::{Column, Kind, Manifest};
use db::{Db, audit};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, Value};
use serde_json::json;

use crate::{Place, actor};

/// Three rows in every table, whatever tables there will be; more in the audit chain.
pub async fn fill(db: &Db) {
    let place = Place::new();
    let empty = backup::create(db, &place.path("data"), &place.path("empty.zip"), crate::now()).await.unwrap();
    let tx = db.begin().await.unwrap();
    for table in empty.tables.iter().filter(|table| table.name != "audit_entries") {
        tx.execute(&Query::delete().from_table(table.name.clone()).to_owned()).await.unwrap();
        for no in 0..3 {
            let values = table.columns.iter().map(|column| match column.kind {
                // Not the text of a statement that a migration has sent with numbers of four bytes.
                Kind::Whole => Expr::val(value(column, no)).cast_as("bigint"),
                _ => value(column, no).into(),
            });
            let query = Query::insert()
                .into_table(table.name.clone())
                .columns(table.columns.iter().map(|column| column.name.clone()))
                .values_panic(values)
                .to_owned();
            tx.execute(&query).await.unwrap();
        }
    }
    let nothing = Query::update()
        .table("customers")
        .values(["credit_code", "size", "owner_id"].map(|column| (column, Value::String(None).into())))
        .value("last_contact_at", Value::ChronoDateTimeUtc(None))
        .value("stage_since", Value::ChronoDate(None))
        .value("rhythm_days", Value::BigInt(None))
        .to_owned();
    tx.execute(&nothing).await.unwrap();
    for no in 0..7 {
        let detail = json!({"b": no, "a": {"rate": 0.1, "name": "红木家具厂 \"é\" \\ \u{1F6A2}"}, "none": null});
        audit::record(&tx, &actor(), "customer.changed", "customer", "1", detail).await.unwrap();
    }
    db.commit(tx).await.unwrap();
    audit::seal(db).await.unwrap();
    let tx = db.begin().await.unwrap();
    audit::record(&tx, &actor(), "customer.seen", "customer", "1", json!([1, 2.5])).await.unwrap();
    db.commit(tx).await.unwrap();
}

/// Ids of the same number agree, so that rows point to each other; no text is longer than an id may be.
fn value(column: &Column, no: i64) -> Value {
    let name = column.name.as_str();
    match column.kind {
        Kind::Text if name == "id" || name.ends_with("_id") => Value::from(format!("row-{no}")),
        Kind::Text if no == 1 => Value::from("张先生\r\n\t\"引号\" \\ 🚢 \u{202e}שלום 'x' {};--"),
        Kind::Text => Value::from(format!("{name}{no}")),
        Kind::Whole if name == "id" || column.name == "attempts" || column.name == "no" || name == "version" => {
            Value::from(no)
        }
        Kind::Whole => Value::from(whole(name, no)),
        Kind::Fraction => Value::from(0.1 + 0.2 * f64::from(i32::try_from(no).unwrap())),
        Kind::Truth => Value::from(no == 1),
        Kind::Json => {
            Value::from(json!({"z": [1, 2.5, 0.1, "中文"], "a": {"n": null, "big": 9_007_199_254_740_993_i64}}))
        }
        Kind::Instant => Value::from(crate::now() + chrono::Duration::microseconds(no * 1_500_000)),
        Kind::Day => Value::from(crate::now().date_naive() + chrono::Days::new(u64::try_from(no).unwrap())),
        Kind::Bytes => Value::from(vec![0_u8, 255, u8::try_from(no).unwrap()]),
    }
}

/// More than a double can say, where the column holds eight bytes.
fn whole(name: &str, no: i64) -> i64 {
    match name {
        name if name.ends_with("_minor") => i64::MAX - no,
        _ => no + 7,
    }
}

/// The rows of each table by column name, sorted; JSON as what it means, because databases write it differently.
pub fn contents(path: &Path, manifest: &Manifest) -> BTreeMap<String, Vec<String>> {
    let mut zip = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut all = BTreeMap::new();
    for table in &manifest.tables {
        let mut text = String::new();
        zip.by_name(&table.path()).unwrap().read_to_string(&mut text).unwrap();
        let mut rows: Vec<String> = text.lines().map(|line| named(line, &table.columns)).collect();
        rows.sort();
        all.insert(table.name.clone(), rows);
    }
    all
}

fn named(line: &str, columns: &[Column]) -> String {
    let values: Vec<serde_json::Value> = serde_json::from_str(line).unwrap();
    let fields = columns.iter().zip(values).map(|(column, value)| match (column.kind, value.as_str()) {
        (Kind::Json, Some(text)) => (column.name.clone(), serde_json::from_str(text).unwrap()),
        _ => (column.name.clone(), value),
    });
    serde_json::Value::Object(fields.collect()).to_string()
}
