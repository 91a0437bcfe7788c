//! The file that is imported, and how fast it could at best be read and stored.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use base::{Actor, CustomerId, Error};
use customers::customer;
use db::Db;
use fastrand::Rng;
use rust_xlsxwriter::Workbook;
use sea_orm::{EntityTrait, QuerySelect};

use crate::figures::Figure;
use crate::fill;
use crate::pages::unavailable;
use crate::world::{Freight, Words, World};

const SEED: u64 = 77;
const HEAD: [&str; 12] = [
    "customer",
    "waybill",
    "origin",
    "destination",
    "mode",
    "booked",
    "promised",
    "delivered",
    "pieces",
    "weight_kg",
    "revenue",
    "cost",
];
/// A workbook takes far longer than its rows as text; nobody's has a million.
const WORKBOOK_ROWS: usize = 100_000;

pub struct Files {
    pub rows: usize,
    pub csv: PathBuf,
    pub xlsx: PathBuf,
    pub xlsx_rows: usize,
    pub mapping: PathBuf,
}

/// Seconds.
pub struct Bare {
    pub parse: f64,
    pub insert: f64,
}

impl Files {
    /// Takes the files of an earlier run, or writes them.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn ready(folder: &Path, world: &World, rows: usize) -> io::Result<Self> {
        let name = |end| folder.join(format!("shipments-{}-{rows}.{end}", world.size.customers));
        let xlsx_rows = rows.min(WORKBOOK_ROWS);
        let files = Self { rows, csv: name("csv"), xlsx: name("xlsx"), xlsx_rows, mapping: name("toml") };
        fs::write(&files.mapping, mapping())?;
        if !files.csv.exists() {
            files.write_csv(world)?;
        }
        if !files.xlsx.exists() {
            files.write_xlsx(world)?;
        }
        Ok(files)
    }

    fn write_csv(&self, world: &World) -> io::Result<()> {
        let unfinished = self.csv.with_extension("part");
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&unfinished)?);
        writeln!(out, "{}", HEAD.join(","))?;
        for row in rows(world, self.rows) {
            writeln!(out, "{}", row.join(","))?;
        }
        out.flush()?;
        fs::rename(unfinished, &self.csv)
    }

    fn write_xlsx(&self, world: &World) -> io::Result<()> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let heads = [HEAD.map(str::to_owned)].into_iter();
        for (at, row) in heads.chain(rows(world, self.xlsx_rows)).enumerate() {
            sheet.write_row(at as u32, 0, row).map_err(io::Error::other)?;
        }
        book.save(&self.xlsx).map_err(io::Error::other)
    }
}

/// A day's or a year's shipments of the firm's own customers, newer than what is stored.
fn rows(world: &World, count: usize) -> impl Iterator<Item = [String; 12]> {
    let words = Words::read();
    let mut dice = Rng::with_seed(SEED);
    let (today, shippers) = (world.today, &world.shippers);
    (0..count).map(move |number| {
        let customer = shippers[number % shippers.len()] as usize;
        let booked = today - chrono::Duration::days((count - 1 - number) as i64 * 365 / count as i64);
        let freight = Freight::of(&words, &mut dice, customer, booked, today);
        let time = |at: base::Instant| (at + chrono::Duration::hours(8)).format("%Y-%m-%d %H:%M").to_string();
        let money = |minor: i64| format!("{}.{:02}", minor / 100, minor % 100);
        [
            words.customer(customer),
            format!("IM{number:09}"),
            freight.origin.into(),
            freight.destination.into(),
            freight.mode.into(),
            booked.to_string(),
            time(freight.promised),
            freight.delivered.map(time).unwrap_or_default(),
            freight.pieces.to_string(),
            format!("{}.5", freight.weight_grams / 1000),
            money(freight.revenue),
            money(freight.cost),
        ]
    })
}

fn mapping() -> String {
    let column = |name: &str| match name {
        "revenue" | "cost" => format!("[columns.{name}]\ncolumn = \"{name}\"\ncurrency = \"CNY\"\n"),
        _ => format!("[columns.{name}]\ncolumn = \"{name}\"\n"),
    };
    let columns: Vec<String> = HEAD.into_iter().map(column).collect();
    format!("kind = \"shipments\"\nsource = \"bench\"\n\n{}", columns.join("\n"))
}

/// The least that any import of this file costs here: taking the text apart, and storing the same rows in one
/// transaction that is undone again.
///
/// # Errors
/// When the database refuses.
pub async fn bare(db: &Db, files: &Files, actor: &Actor, figures: &mut Vec<Figure>) -> Result<Bare, Error> {
    let since = Instant::now();
    let mut text = csv::Reader::from_path(&files.csv).map_err(|error| Error::Bug(error.to_string()))?;
    let (mut record, mut cells) = (csv::StringRecord::new(), 0);
    while text.read_record(&mut record).map_err(|error| Error::Bug(error.to_string()))? {
        cells += record.len();
    }
    let parse = since.elapsed();
    if cells != files.rows * HEAD.len() {
        return Err(unavailable(io::Error::other("the file is not what was written")));
    }
    figures.push(Figure::seconds("baseline: the file taken apart", parse));
    let some: Vec<String> = customer::Entity::find()
        .select_only()
        .column(customer::Column::Id)
        .limit(5_000)
        .into_tuple()
        .all(db.read())
        .await?;
    let customers: Vec<CustomerId> = some.into_iter().map(CustomerId).collect();
    let insert = fill::stored_and_undone(db, actor, &customers, files.rows).await?;
    figures.push(Figure::seconds("baseline: the same rows stored and undone", insert));
    figures.push(Figure::rate("baseline: rows a second", files.rows, insert));
    Ok(Bare { parse: parse.as_secs_f64(), insert: insert.as_secs_f64() })
}
