//! Splits decoded text into records: separators, quotes, line ends inside quotes, with limits.

use crate::limits::{CELL_CHARS, COLUMNS};
use crate::refusal::Refused;

/// Text inside one pair of quotes may be this long, bytes; beyond it the quote was surely never closed.
const QUOTED_BYTES: usize = 1024 * 1024;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// First line of the record, counted from 1.
    pub line: u64,
    /// At most `COLUMNS` fields of at most `CELL_CHARS` characters; the rest is cut.
    pub fields: Vec<String>,
    /// How many fields there were.
    pub count: usize,
    /// The first field that was cut, counted from 1.
    pub cut: Option<usize>,
}

impl Record {
    pub fn is_blank(&self) -> bool {
        self.fields.iter().all(|field| field.trim().is_empty())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    FieldStart,
    Plain,
    Quoted,
    /// After a quote inside quotes: its end, or the first half of a doubled quote.
    QuoteSeen,
}

/// Fed with pieces of text, gives out records.
pub(crate) struct Splitter {
    separator: char,
    place: Place,
    line: u64,
    quote_line: u64,
    quoted_bytes: usize,
    field: String,
    chars: usize,
    record: Record,
}

impl Splitter {
    pub fn new(separator: char) -> Self {
        Self {
            separator,
            place: Place::FieldStart,
            line: 1,
            quote_line: 0,
            quoted_bytes: 0,
            field: String::new(),
            chars: 0,
            record: Record { line: 1, ..Record::default() },
        }
    }

    /// # Errors
    /// `OpenQuote` when a quote is never closed; whatever `give` returns.
    pub fn feed<E: From<Refused>>(
        &mut self,
        text: &str,
        mut give: impl FnMut(Record) -> Result<(), E>,
    ) -> Result<(), E> {
        for c in text.chars() {
            match (self.place, c) {
                (Place::Quoted, '"') => self.place = Place::QuoteSeen,
                (Place::Quoted, _) => {
                    self.quoted_bytes += c.len_utf8();
                    if self.quoted_bytes > QUOTED_BYTES {
                        return Err(Refused::OpenQuote { line: self.quote_line }.into());
                    }
                    self.push(c);
                }
                (Place::QuoteSeen, '"') => {
                    self.place = Place::Quoted;
                    self.push('"');
                }
                (Place::FieldStart, '"') => {
                    self.place = Place::Quoted;
                    self.quote_line = self.line;
                    self.quoted_bytes = 0;
                }
                (_, '\n') => {
                    self.end_field();
                    let next = Record { line: self.line + 1, ..Record::default() };
                    give(std::mem::replace(&mut self.record, next))?;
                }
                (_, c) if c == self.separator => self.end_field(),
                (_, c) => {
                    self.place = Place::Plain;
                    self.push(c);
                }
            }
            self.line += u64::from(c == '\n');
        }
        Ok(())
    }

    /// The last record when the file does not end with a line end.
    ///
    /// # Errors
    /// `OpenQuote` when the file ends inside quotes.
    pub fn finish(mut self) -> Result<Option<Record>, Refused> {
        if self.place == Place::Quoted {
            return Err(Refused::OpenQuote { line: self.quote_line });
        }
        let untouched = self.place == Place::FieldStart && self.record.count == 0;
        self.end_field();
        Ok((!untouched).then_some(self.record))
    }

    fn push(&mut self, c: char) {
        self.chars += 1;
        if self.chars <= CELL_CHARS {
            self.field.push(c);
        }
    }

    fn end_field(&mut self) {
        self.record.count += 1;
        if self.chars > CELL_CHARS {
            self.record.cut.get_or_insert(self.record.count);
        }
        let field = std::mem::take(&mut self.field);
        if self.record.count <= COLUMNS {
            self.record.fields.push(field);
        }
        self.chars = 0;
        self.place = Place::FieldStart;
    }
}

/// Chooses the separator by what gives the most even table, quotes respected.
pub(crate) fn separator_of(sample: &str) -> char {
    let mut best = (',', 0.0);
    for separator in [',', '\t', ';'] {
        let score = evenness(sample, separator);
        if score > best.1 {
            best = (separator, score);
        }
    }
    best.0
}

/// 0 when the separator does not occur in most lines. A separator that the first full line lacks is only
/// a character within cells (decimal commas below a header with semicolons), so lines are compared with that line.
fn evenness(sample: &str, separator: char) -> f64 {
    let mut counts = Vec::new();
    let mut splitter = Splitter::new(separator);
    let _ = splitter.feed::<Refused>(sample, |record| {
        if !record.is_blank() {
            counts.push(record.count);
        }
        Ok(())
    });
    if let Ok(Some(record)) = splitter.finish()
        && (counts.is_empty() || record.count > 1)
    {
        counts.push(record.count);
    }
    let Some(first) = counts.iter().position(|count| *count > 1) else { return 0.0 };
    let columns = counts[first];
    let even = counts.iter().filter(|count| **count == columns).count() as f64 / counts.len() as f64;
    // Lines above the first one with this separator are titles, or a sign that it is not the separator.
    let titles = 0.5_f64.powi(i32::try_from(first).unwrap_or(9).min(9));
    even * even * titles * (columns as f64 + 1.0).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, separator: char) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        let mut splitter = Splitter::new(separator);
        splitter
            .feed::<Refused>(text, |record| {
                rows.push(record.fields);
                Ok(())
            })
            .unwrap();
        rows.extend(splitter.finish().unwrap().map(|record| record.fields));
        rows
    }

    #[test]
    fn quotes_hold_separators_line_ends_and_quotes() {
        assert_eq!(split("a,\"b,\n\"\"c\"\"\"\nd,", ','), [vec!["a", "b,\n\"c\""], vec!["d", ""]]);
    }

    #[test]
    fn the_separator_is_the_one_that_gives_an_even_table() {
        assert_eq!(separator_of("客户;金额\n明为;1,5\n智享;2,5\n迅捷;3,5\n"), ';');
        assert_eq!(separator_of("a\tb\nx,y\tz\n"), '\t');
        assert_eq!(separator_of("a,b,c\n\"x;y\",2,3\n"), ',');
        assert_eq!(separator_of("运单明细\na\tb\tc\n1\t2\t3\n"), '\t');
        assert_eq!(separator_of("客户\n明为\n"), ',');
    }

    #[test]
    fn a_quote_that_is_never_closed_is_named_by_its_line() {
        let mut splitter = Splitter::new(',');
        splitter.feed::<Refused>("a,b\nc,\"d\ne,f\n", |_| Ok(())).unwrap();
        assert_eq!(splitter.finish(), Err(Refused::OpenQuote { line: 2 }));
    }
}
