//! What is asked of `hawser model`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};

/// As 2026-11-23, in years that a file may have too.
fn day(text: &str) -> Result<NaiveDate, String> {
    let day = (text.len() == 10).then(|| text.parse::<NaiveDate>().ok()).flatten();
    match day {
        Some(day) if super::table::plausible(day) => Ok(day),
        Some(_) => Err("its year must lie between 1900 and 2200".to_owned()),
        None => Err("write the day as 2026-11-23".to_owned()),
    }
}

#[derive(Debug, Subcommand)]
pub enum Model {
    /// Repeat buying, BG/NBD: parameters, hold-out, and with --out what to expect of each customer
    Bgnbd(Buying),
    /// Repeat buying, MBG/NBD: a customer may leave right after his first purchase
    Mbgnbd(Buying),
    /// Repeat buying, Pareto/NBD
    Paretonbd(Buying),
    /// Yes-or-no periods, BG/BB: one row for each history with columns for periods, bought and last
    Bgbb(Seasons),
    /// What a purchase is worth, Gamma–Gamma
    Gammagamma(Spending),
    /// Contracts, shifted beta-geometric: one row for each renewal with the customers still there
    Sbg(Contracts),
    /// Recency, frequency and value of each customer in classes
    Rfm(Rfm),
    /// A, B and C by value; equal customers share their class
    Abc(Abc),
    /// Lorenz curve and Gini coefficient
    Lorenz(OneColumn),
    /// Kaplan–Meier with Greenwood intervals, of each group where --group is given
    Km(Spells),
    /// Log-rank test between groups
    Logrank(Spells),
    /// Cox regression with Efron ties
    Cox(Cox),
    /// Net promoter score from answers 0 to 10
    #[command(name = "nps")]
    Recommendation(OneColumn),
    /// Customer satisfaction: share of 4 and 5 among answers 1 to 5
    #[command(name = "csat")]
    Satisfaction(OneColumn),
    /// Customer effort score from answers 1 to 7
    #[command(name = "ces")]
    Effort(OneColumn),
    /// Importance–performance: one row for each attribute
    Importance(Importance),
    /// Wallet allocation: shares of a customer's spend from his ranking of suppliers
    Wallet(Wallet),
    /// Seasonal forecast with 95 % intervals and back-test
    Forecast(Forecast),
    /// Lasting change of a count or volume, knowing trend and season
    Change(Change),
}

/// A file of purchases: one row each, in any order; those of one day count once.
#[derive(Debug, Args)]
pub struct Purchases {
    /// CSV with a header, or - for standard input
    pub file: PathBuf,
    /// Column that names the customer
    #[arg(long, value_name = "COLUMN")]
    pub customer: String,
    /// Column of the day
    #[arg(long, value_name = "COLUMN")]
    pub date: String,
    /// Column of the value
    #[arg(long, value_name = "COLUMN")]
    pub value: Option<String>,
    #[arg(long, value_enum, default_value_t = Unit::Week)]
    pub unit: Unit,
    /// Last day to learn from; later ones are held out [default: --end]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub calibration_end: Option<NaiveDate>,
    /// Last day of the data [default: the latest in the file]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub end: Option<NaiveDate>,
    /// One row for each customer; - for standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Unit {
    Week,
    Day,
}

#[derive(Debug, Args)]
pub struct Buying {
    #[command(flatten)]
    pub purchases: Purchases,
    /// Units of time ahead for each customer [default: as long as what is held out, else a year]
    #[arg(long, value_name = "TIME")]
    pub ahead: Option<f64>,
    /// Months of the lifetime value
    #[arg(long, default_value_t = 12)]
    pub months: u32,
    /// Discount a month, 0.01 for 1 %
    #[arg(long, default_value_t = 0.01)]
    pub discount: f64,
    /// Column of the margin (may be negative): lifetime values are then margin, by rates shrunken to everybody's
    #[arg(long, value_name = "COLUMN", requires = "value")]
    pub margin: Option<String>,
    /// Days with repeat purchases that are worth nothing are no observation of spend, instead of an error
    #[arg(long)]
    pub leave_out_zero: bool,
}

#[derive(Debug, Args)]
pub struct Spending {
    #[command(flatten)]
    pub purchases: Purchases,
    /// Days with repeat purchases that are worth nothing are no observation of spend, instead of an error
    #[arg(long)]
    pub leave_out_zero: bool,
}

#[derive(Debug, Args)]
pub struct Seasons {
    /// CSV with a header, or - for standard input
    pub file: PathBuf,
    /// Column: periods observed after the first purchase
    #[arg(long, default_value = "periods", value_name = "COLUMN")]
    pub periods: String,
    /// Column: periods with a purchase
    #[arg(long, default_value = "frequency", value_name = "COLUMN")]
    pub bought: String,
    /// Column: the last period with a purchase, 0 for none
    #[arg(long, default_value = "recency", value_name = "COLUMN")]
    pub last: String,
    /// Column: customers with this history [default: one each]
    #[arg(long, value_name = "COLUMN")]
    pub customers: Option<String>,
    /// Periods ahead for each history
    #[arg(long, default_value_t = 5)]
    pub ahead: u32,
    /// Discount a period
    #[arg(long, default_value_t = 0.1)]
    pub discount: f64,
    /// One row for each history; - for standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Contracts {
    /// CSV with a header, or - for standard input; the first row is the start, each next one a renewal
    pub file: PathBuf,
    /// Column: customers (or percent of them) still there
    #[arg(long, value_name = "COLUMN")]
    pub survivors: String,
    /// Rows to learn from [default: all]
    #[arg(long)]
    pub rows: Option<usize>,
    /// Discount a period
    #[arg(long, default_value_t = 0.1)]
    pub discount: f64,
}

#[derive(Debug, Args)]
pub struct Rfm {
    #[command(flatten)]
    pub purchases: Purchases,
    /// Classes of each figure
    #[arg(long, default_value_t = 5)]
    pub classes: u8,
}

#[derive(Debug, Args)]
pub struct Abc {
    /// CSV with a header, or - for standard input
    pub file: PathBuf,
    /// Column that names the customer; the values of one are added
    #[arg(long, value_name = "COLUMN")]
    pub customer: String,
    /// Column of the value
    #[arg(long, value_name = "COLUMN")]
    pub value: String,
    /// Share of the whole value up to which one is A
    #[arg(long, default_value_t = 0.8)]
    pub a: f64,
    /// Share of the whole value up to which one is B
    #[arg(long, default_value_t = 0.95)]
    pub b: f64,
    /// crossing: the one that crosses a cut belongs above it; within: only those that stay within
    #[arg(long, value_enum, default_value_t = Boundary::Crossing)]
    pub boundary: Boundary,
    /// One row for each customer; - for standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Boundary {
    Crossing,
    Within,
}

#[derive(Debug, Args)]
pub struct OneColumn {
    /// CSV with a header, or - for standard input
    pub file: PathBuf,
    /// Column of the number
    #[arg(long, value_name = "COLUMN")]
    pub value: String,
}

#[derive(Debug, Args)]
pub struct Spells {
    /// CSV with a header, or - for standard input
    pub file: PathBuf,
    /// Column: how long it was seen
    #[arg(long, value_name = "COLUMN")]
    pub time: String,
    /// Column: 1 if it ended then, 0 if it had not when last seen
    #[arg(long, value_name = "COLUMN")]
    pub event: String,
    /// Column of the group
    #[arg(long, value_name = "COLUMN")]
    pub group: Option<String>,
    /// One row for each time; - for standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Cox {
    #[command(flatten)]
    pub spells: Spells,
    /// Columns that may matter
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', required = true)]
    pub columns: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Importance {
    /// CSV with a header, or - for standard input
    pub file: PathBuf,
    /// Column that names the attribute
    #[arg(long, value_name = "COLUMN")]
    pub attribute: String,
    /// Column: how much it matters
    #[arg(long, value_name = "COLUMN")]
    pub importance: String,
    /// Column: how good it is
    #[arg(long, value_name = "COLUMN")]
    pub performance: String,
}

#[derive(Debug, Args)]
pub struct Wallet {
    /// CSV with a header, or - for standard input
    pub file: PathBuf,
    /// Column that names the supplier
    #[arg(long, value_name = "COLUMN")]
    pub supplier: String,
    /// Column of his place, 1 is best; equal places are ties
    #[arg(long, value_name = "COLUMN")]
    pub place: String,
}

/// What happened on which day; each period adds up its rows.
#[derive(Debug, Args)]
pub struct Days {
    /// CSV with a header, or - for standard input
    pub file: PathBuf,
    /// Column of the day
    #[arg(long, value_name = "COLUMN")]
    pub date: String,
    /// Column of the value [default: each row counts one]
    #[arg(long, value_name = "COLUMN")]
    pub value: Option<String>,
    #[arg(long, value_enum, default_value_t = Period::Month)]
    pub period: Period,
    /// Last day of the data [default: the latest in the file]; periods that it does not fill are left out
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub end: Option<NaiveDate>,
    /// Days of a festival that moves, past and coming, such as each year's Spring Festival
    #[arg(long, value_name = "DAY,…", value_delimiter = ',', value_parser = day)]
    pub festival: Vec<NaiveDate>,
    /// Days before the festival that differ
    #[arg(long, default_value_t = 7)]
    pub before: u32,
    /// Days after the festival that differ
    #[arg(long, default_value_t = 10)]
    pub after: u32,
    /// One row for each period; - for standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Period {
    Week,
    Month,
}

#[derive(Debug, Args)]
pub struct Forecast {
    #[command(flatten)]
    pub days: Days,
    /// Periods ahead
    #[arg(long, default_value_t = 12)]
    pub ahead: usize,
}

#[derive(Debug, Args)]
pub struct Change {
    #[command(flatten)]
    pub days: Days,
    /// Last day of the unchanged history; what follows is watched [default: a season is watched]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub calibration_end: Option<NaiveDate>,
    /// What is looked for; 5 % of unchanged series give a false alarm of each within a season
    #[arg(long, value_enum, default_value_t = Direction::Fall)]
    pub direction: Direction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Direction {
    Fall,
    Rise,
}
