//! What a file says about holidays. CSV with day, kind and name, or the JSON of a public package:
//! `{"holidays": {"2026-01-01": "New Year's Day,…,1"}, "workdays": {…}}` (npm `chinese-days`, a year or all years).

use std::collections::BTreeMap;
use std::fmt;

use base::{Day, Message};
use encoding_rs::GB18030;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use unicode_normalization::UnicodeNormalization;

use crate::day::DayKind;

/// Of a file, in bytes. Two decades of holidays are a quarter of it.
pub const MOST_BYTES: usize = 256 * 1024;
/// Of a name, in characters.
pub const NAME_CHARS: usize = 40;
/// Of a refused line that is said back, in characters.
const SHOWN: usize = 60;
/// Words of a file and what they mean to us.
const WORDS: &str = include_str!("import_words.txt");

/// A day as a file or a form tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub day: Day,
    pub kind: DayKind,
    pub name: String,
}

/// A line that cannot be taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedLine {
    /// Counted from 1; entries of JSON have none.
    pub line: Option<usize>,
    /// How it begins.
    pub text: String,
    pub why: Message,
}

/// What was read; each day once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub rows: BTreeMap<Day, Row>,
    pub refused: Vec<RefusedLine>,
}

/// The file as a whole cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    #[error("calendar-file_too_large")]
    TooLarge,
    #[error("calendar-file_unreadable")]
    Unreadable,
    #[error("calendar-file_not_json")]
    NotJson,
    #[error("calendar-file_empty")]
    Empty,
}

impl base::Refusal for FileProblem {
    fn message(&self) -> Message {
        Message::new(self.to_string()).with("kib", MOST_BYTES / 1024)
    }
}

/// # Errors
/// When it is too large, no text, broken JSON, or has no line at all.
pub fn read(bytes: &[u8]) -> Result<Reading, FileProblem> {
    if bytes.len() > MOST_BYTES {
        return Err(FileProblem::TooLarge);
    }
    let text = text_of(bytes)?;
    let mut reading = Reading::default();
    match text.trim_start().starts_with('{') {
        true => read_json(&text, &mut reading)?,
        false => read_csv(&text, &mut reading),
    }
    match reading.rows.is_empty() && reading.refused.is_empty() {
        true => Err(FileProblem::Empty),
        false => Ok(reading),
    }
}

/// The same rows as a file of ours.
pub fn written<'a>(rows: impl Iterator<Item = &'a Row>) -> String {
    rows.map(|row| format!("{},{},\"{}\"\n", row.day, row.kind.word(), row.name.replace('"', "\"\""))).collect()
}

/// UTF-8, or what spreadsheets of Chinese offices write.
fn text_of(bytes: &[u8]) -> Result<String, FileProblem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => {
            let (text, _, broken) = GB18030.decode(bytes);
            if broken { Err(FileProblem::Unreadable) } else { Ok(text.into_owned()) }
        }
    }
}

#[derive(Deserialize)]
struct Package {
    holidays: Pairs,
    #[serde(default)]
    workdays: Pairs,
}

/// An object as written: a name that stands twice is two entries.
#[derive(Default)]
struct Pairs(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of days and names")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pairs, M::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(All)
    }
}

fn read_json(text: &str, reading: &mut Reading) -> Result<(), FileProblem> {
    let package: Package = serde_json::from_str(text).map_err(|_| FileProblem::NotJson)?;
    for (part, kind, pairs) in
        [("holidays", DayKind::Holiday, package.holidays), ("workdays", DayKind::MakeUp, package.workdays)]
    {
        for (day, told) in pairs.0 {
            // English name, Chinese name, days by law.
            let name = told.split(',').nth(1).unwrap_or(&told);
            reading.take(None, &format!("{part} {day}"), &day, Some(kind), name);
        }
    }
    Ok(())
}

fn read_csv(text: &str, reading: &mut Reading) {
    let head = text.lines().next().unwrap_or_default();
    let delimiter = [b'\t', b';', b','].into_iter().find(|mark| head.as_bytes().contains(mark)).unwrap_or(b',');
    let mut lines = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut order = [0, 1, 2];
    for (at, record) in lines.records().enumerate() {
        // Text from a string is never broken UTF-8, and lines of any length are flexible.
        let Ok(record) = record else { continue };
        let line = record.position().map(|position| position.line() as usize);
        let cells: Vec<&str> = record.iter().collect();
        if cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        match header(&cells).filter(|_| at == 0) {
            Some(found) => order = found,
            None => {
                let [day, kind, name] = order.map(|at| cells.get(at).copied().unwrap_or_default());
                reading.take(line, &cells.join(","), day, kind_of(kind), name);
            }
        }
    }
}

/// Where day, kind and name stand, if this line names them.
fn header(cells: &[&str]) -> Option<[usize; 3]> {
    let place = |field: &str| cells.iter().position(|cell| means(cell) == Some(field));
    Some([place("day")?, place("kind")?, place("name")?])
}

fn kind_of(cell: &str) -> Option<DayKind> {
    means(cell).and_then(|word| word.parse().ok())
}

fn means(cell: &str) -> Option<&'static str> {
    let cell = cell.nfkc().collect::<String>().trim().to_lowercase();
    let lines = WORDS.lines().filter_map(|line| line.split_once(": "));
    lines.filter(|(_, words)| words.split(", ").any(|word| word == cell)).map(|(word, _)| word).next()
}

/// Year, month and day, whatever stands between them: `2026-01-01`, `2026/1/1`, and as Chinese writes it.
fn day_of(cell: &str) -> Option<Day> {
    let plain: String = cell.nfkc().collect();
    let numbers: Vec<&str> = plain.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    match numbers.as_slice() {
        [year, month, day] if year.len() == 4 && plain.chars().count() <= 12 => {
            Day::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        }
        _ => None,
    }
}

/// The name as it is kept.
///
/// # Errors
/// When it is empty, too long, or holds a character that no name has.
pub fn name_of(told: &str) -> Result<String, Message> {
    let name = told.trim();
    match () {
        () if name.is_empty() => Err(Message::new("calendar-name_missing")),
        () if name.chars().count() > NAME_CHARS => Err(Message::new("calendar-name_long").with("most", NAME_CHARS)),
        () if name.chars().any(char::is_control) => Err(Message::new("calendar-name_control")),
        () => Ok(name.to_owned()),
    }
}

impl Reading {
    fn take(&mut self, line: Option<usize>, text: &str, day: &str, kind: Option<DayKind>, name: &str) {
        if let Err(why) = self.put(day, kind, name) {
            let shown = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN).collect();
            self.refused.push(RefusedLine { line, text: shown, why });
        }
    }

    /// The same day twice is one, if both say the same.
    fn put(&mut self, day: &str, kind: Option<DayKind>, name: &str) -> Result<(), Message> {
        let day = day_of(day).ok_or_else(|| Message::new("calendar-row_day"))?;
        let kind = kind.ok_or_else(|| Message::new("calendar-row_kind"))?;
        let row = Row { day, kind, name: name_of(name)? };
        match self.rows.get(&day) {
            None => drop(self.rows.insert(day, row)),
            Some(first) if *first == row => {}
            Some(_) => return Err(Message::new("calendar-row_contradicts").with("day", day)),
        }
        Ok(())
    }
}
