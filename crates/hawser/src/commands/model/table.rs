//! Anybody's CSV: comma, semicolon or tab; UTF-8, UTF-16 or GBK; every refusal names the line.

use std::io::Read;
use std::path::Path;

use base::Message;
use chrono::{Datelike, NaiveDate};

/// A file in memory.
pub struct Table {
    text: String,
    delimiter: u8,
    headers: Vec<String>,
}

/// A row as it is read: where it stands in the file, and the cells asked for, in their order.
pub struct Row<'a> {
    pub line: u64,
    record: &'a csv::StringRecord,
    places: &'a [usize],
}

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

impl Table {
    /// `-` is standard input.
    pub fn read(file: &Path) -> Result<Self, Message> {
        let mut bytes = Vec::new();
        let read = match file.as_os_str() == "-" {
            true => std::io::stdin().read_to_end(&mut bytes).map(drop),
            false => std::fs::File::open(file).and_then(|mut opened| opened.read_to_end(&mut bytes)).map(drop),
        };
        let cause =
            |error: std::io::Error| Message::new("model-file").with("file", file.display()).with("cause", error);
        read.map_err(cause)?;
        Self::of(bytes)
    }

    pub fn of(bytes: Vec<u8>) -> Result<Self, Message> {
        let text = decoded(bytes)?;
        if let Some(at) = text.find('\0') {
            let mut place = Place::default();
            place.pass(at, &text);
            return Err(Message::new("model-nul").with("line", place.line()));
        }
        let first = text.lines().next().unwrap_or_default();
        let count = |delimiter: &u8| first.bytes().filter(|byte| byte == delimiter).count();
        // Of equally many, the earlier one.
        let delimiter = DELIMITERS.into_iter().rev().max_by_key(count).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|error| unreadable(&error, &text))?;
        let headers: Vec<String> = headers.iter().map(|header| header.trim().to_owned()).collect();
        if headers.iter().all(String::is_empty) {
            return Err(Message::new("model-empty"));
        }
        Ok(Self { text, delimiter, headers })
    }

    fn column(&self, name: &str) -> Result<usize, Message> {
        let same = |header: &&String| header.as_str() == name;
        let alike = |header: &&String| header.to_lowercase() == name.to_lowercase();
        let exact = self.headers.iter().filter(same).count();
        let found = match exact {
            0 => self.headers.iter().position(|header| alike(&header)),
            1 => self.headers.iter().position(|header| same(&header)),
            _ => return Err(Message::new("model-column_twice").with("column", name)),
        };
        found.ok_or_else(|| Message::new("model-column").with("column", name).with("known", self.headers.join(", ")))
    }

    /// Calls `row` with the wanted columns of every row.
    pub fn each(&self, columns: &[&str], mut row: impl FnMut(&Row) -> Result<(), Message>) -> Result<usize, Message> {
        let places = columns.iter().map(|column| self.column(column)).collect::<Result<Vec<_>, _>>()?;
        let mut reader = csv::ReaderBuilder::new().delimiter(self.delimiter).from_reader(self.text.as_bytes());
        let mut record = csv::StringRecord::new();
        let (mut count, mut place) = (0, Place::default());
        while reader.read_record(&mut record).map_err(|error| unreadable(&error, &self.text))? {
            place.move_to(record.position(), &self.text);
            let line = place.line();
            row(&Row { line, record: &record, places: &places })?;
            count += 1;
        }
        match count {
            0 => Err(Message::new("model-empty")),
            count => Ok(count),
        }
    }

    /// Columns of numbers, and the line of each row.
    pub fn numbers(&self, columns: &[&str]) -> Result<(Vec<Vec<f64>>, Vec<u64>), Message> {
        let mut found = vec![Vec::new(); columns.len()];
        let mut lines = Vec::new();
        self.each(columns, |row| {
            for (at, column) in columns.iter().enumerate() {
                found[at].push(row.number(at, column)?);
            }
            lines.push(row.line);
            Ok(())
        })?;
        Ok((found, lines))
    }
}

impl Row<'_> {
    fn cell(&self, at: usize) -> &str {
        self.record.get(self.places[at]).unwrap_or_default().trim()
    }

    pub fn text(&self, at: usize, column: &str) -> Result<&str, Message> {
        match self.cell(at) {
            "" => Err(self.wrong("model-cell_empty", at, column)),
            text => Ok(text),
        }
    }

    pub fn number(&self, at: usize, column: &str) -> Result<f64, Message> {
        let text = self.text(at, column)?;
        let plain = match grouped(text) {
            true => text.replace(',', ""),
            false => text.to_owned(),
        };
        match plain.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(self.wrong("model-cell_number", at, column)),
        }
    }

    /// Year first; what follows the day (a time) does not matter.
    pub fn day(&self, at: usize, column: &str) -> Result<NaiveDate, Message> {
        let text = self.text(at, column)?;
        match parse_day(text) {
            Some(day) if plausible(day) => Ok(day),
            Some(_) => Err(self.wrong("model-cell_year", at, column)),
            None => Err(self.wrong("model-cell_day", at, column)),
        }
    }

    fn wrong(&self, key: &str, at: usize, column: &str) -> Message {
        let cell: String = self.cell(at).chars().take(40).collect();
        Message::new(key).with("line", self.line).with("column", column).with("cell", cell)
    }
}

/// Digits in threes: 1,234,567.5.
fn grouped(text: &str) -> bool {
    let whole = text.trim_start_matches('-').split('.').next().unwrap_or_default();
    let mut parts = whole.split(',');
    let first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    rest.peek().is_some()
        && (1..=3).contains(&first.len())
        && digits(first)
        && rest.all(|part| part.len() == 3 && digits(part))
}

/// A slip of the pen (0206 or 9999 for 2026) would stretch what was observed by centuries.
pub fn plausible(day: NaiveDate) -> bool {
    (1900..=2200).contains(&day.year())
}

fn parse_day(text: &str) -> Option<NaiveDate> {
    let day = text.split(['T', ' ']).next()?;
    if day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()) {
        return NaiveDate::parse_from_str(day, "%Y%m%d").ok();
    }
    // As most files have it; millions of rows are read.
    if day.len() == 10
        && let Ok(known) = day.parse::<NaiveDate>()
    {
        return Some(known);
    }
    // Also with the Chinese words for year, month and day.
    let words = ['-', '/', '.', '\u{5e74}', '\u{6708}', '\u{65e5}'];
    if !day.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let parts: Vec<&str> = day.split(words).filter(|part| !part.is_empty()).collect();
    let [year, month, day] = parts.as_slice() else { return None };
    if year.len() != 4 {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

fn decoded(bytes: Vec<u8>) -> Result<String, Message> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(&bytes) {
        return Ok(encoding.decode(&bytes).0.into_owned());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let (text, _, wrong) = encoding_rs::GB18030.decode(error.as_bytes());
            match wrong {
                true => Err(Message::new("model-encoding")),
                false => Ok(text.into_owned()),
            }
        }
    }
}

/// Where a record begins, in lines as an editor counts them: empty ones too, and all kinds of line ends.
#[derive(Default)]
struct Place {
    byte: usize,
    ends: u64,
}

impl Place {
    fn move_to(&mut self, position: Option<&csv::Position>, text: &str) {
        let bytes = text.as_bytes();
        let mut until = position.map_or(0, |position| position.byte() as usize).max(self.byte);
        // The reader has not yet passed the end of the line before, nor empty lines.
        while bytes.get(until).is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            until += 1;
        }
        self.pass(until, text);
    }

    fn pass(&mut self, until: usize, text: &str) {
        let bytes = text.as_bytes();
        let end = |at: &usize| bytes[*at] == b'\n' || (bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        self.ends += (self.byte..until.min(bytes.len())).filter(end).count() as u64;
        self.byte = until;
    }

    fn line(&self) -> u64 {
        self.ends + 1
    }
}

fn unreadable(error: &csv::Error, text: &str) -> Message {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let mut place = Place::default();
            place.move_to(pos.as_ref(), text);
            Message::new("model-cells").with("line", place.line()).with("found", len).with("wanted", expected_len)
        }
        _ => Message::new("model-file").with("file", "CSV").with("cause", error),
    }
}

/// A file of rows to write.
pub struct Sheet {
    writer: csv::Writer<Vec<u8>>,
}

impl Sheet {
    pub fn new(headers: &[&str]) -> Self {
        let mut sheet = Self { writer: csv::Writer::from_writer(Vec::new()) };
        sheet.row(headers.iter().map(|header| (*header).to_owned()));
        sheet
    }

    /// Writing to memory does not fail.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let _ = self.writer.write_record(cells.into_iter().collect::<Vec<_>>());
    }

    /// `-` is standard output.
    pub fn write(self, file: &Path) -> Result<(), Message> {
        let cause =
            |error: std::io::Error| Message::new("model-file").with("file", file.display()).with("cause", error);
        let bytes = self.writer.into_inner().map_err(|error| cause(std::io::Error::other(error.to_string())))?;
        match file.as_os_str() == "-" {
            true => {
                super::say(String::from_utf8_lossy(&bytes).trim_end());
                Ok(())
            }
            false => std::fs::write(file, bytes).map_err(cause),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        Table::of(text.as_bytes().to_vec()).unwrap()
    }

    fn key(found: Result<impl Sized, Message>) -> (String, Vec<String>) {
        let message = found.err().unwrap();
        (message.key, message.args.into_iter().map(|(_, value)| value).collect())
    }

    #[test]
    fn separators_and_encodings_are_found_out() {
        for text in ["a,b\n1,2\n", "a;b\n1;2\n", "a\tb\r\n1\t2\r\n", "\u{feff}a|b\n1|2"] {
            assert_eq!(table(text).numbers(&["b", "A"]).unwrap(), (vec![vec![2.0], vec![1.0]], vec![2]));
        }
        let (bytes, _, _) = encoding_rs::GBK.encode("\u{5ba2}\u{6237},v\n\u{7532},1\n");
        let table = Table::of(bytes.into_owned()).unwrap();
        assert!(table.numbers(&["v"]).is_ok() && table.column("\u{5ba2}\u{6237}").is_ok());
    }

    #[test]
    fn a_cell_that_is_no_number_is_named_by_its_line() {
        for text in ["a\n1\n\n2\nx\n", "a\r\n1\r\n\r\n2\r\nx\r\n", "a\r1\r\r2\rx", "a\n\"1\n\n\"\nx\n"] {
            let found = key(table(text).numbers(&["a"]));
            assert_eq!(found, ("model-cell_number".into(), vec!["5".into(), "a".into(), "x".into()]), "{text:?}");
        }
        for bad in ["NaN", "inf", "1,5", "1e999"] {
            assert_eq!(key(table(&format!("a;b\n{bad};1\n")).numbers(&["a"])).0, "model-cell_number", "{bad}");
        }
        assert_eq!(key(table("a,b\n,1\n").numbers(&["a"])).0, "model-cell_empty");
        assert_eq!(key(table("a,b\n1\n").numbers(&["a"])).0, "model-cells");
        assert_eq!(table("a;b\n1,234.5;1\n").numbers(&["a"]).unwrap().0, [[1234.5]]);
    }

    #[test]
    fn days_are_read_with_the_year_first_only() {
        let known = NaiveDate::from_ymd_opt(2025, 3, 4);
        for text in
            ["2025-03-04", "20250304", "2025/3/4", "2025.3.4", "2025-03-04T10:00:00Z", "2025\u{5e74}3\u{6708}4\u{65e5}"]
        {
            assert_eq!(parse_day(text), known, "{text}");
        }
        for text in ["04/03/2025", "2025-02-30", "25-3-4", "2025", "", "-0001-01-01", "-2025-03-04", "+2025-03-04"] {
            assert_eq!(parse_day(text), None, "{text}");
        }
        let day = |text: &str| table(text).each(&["a"], |row| row.day(0, "a").map(drop));
        for text in ["a\n1900-01-01\n2200-12-31\n", "a\n20250304\n"] {
            assert!(day(text).is_ok(), "{text}");
        }
        for text in ["0001-01-01", "0206-03-04", "1899-12-31", "2201-01-01", "9999-12-31"] {
            let found = key(day(&format!("a\n2025-03-04\n{text}\n")));
            assert_eq!(found, ("model-cell_year".into(), vec!["3".into(), "a".into(), text.into()]));
        }
    }

    #[test]
    fn a_missing_column_is_told_with_those_that_are_there() {
        let found = key(table("a,b\n1,2\n").numbers(&["c"]));
        assert_eq!(found, ("model-column".into(), vec!["c".into(), "a, b".into()]));
        assert_eq!(key(table("a,a\n1,2\n").numbers(&["a"])).0, "model-column_twice");
        assert_eq!(key(table("a,b\n").numbers(&["a"])).0, "model-empty");
        assert_eq!(key(Table::of(Vec::new())).0, "model-empty");
    }

    #[test]
    fn a_nul_is_refused_by_its_line() {
        for text in ["a,b\n1,2\nx\0y,3\n", "a,b\r\n1,2\r\n\0,3\r\n", "a,b\n\n1\0,2\n"] {
            assert_eq!(key(Table::of(text.into())), ("model-nul".into(), vec!["3".into()]), "{text:?}");
        }
        assert_eq!(key(Table::of("a\0,b\n1,2\n".into())), ("model-nul".into(), vec!["1".into()]));
    }
}
