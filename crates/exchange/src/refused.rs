//! Refused rows go back as a file that people open in Excel: what they wrote must not run there.

use std::io::{self, Write};

use crate::cell::Cell;

/// Writes CSV: UTF-8 with a byte order mark, the file's own columns, then reason and line.
#[derive(Debug)]
pub struct RefusedFile<W: Write> {
    out: csv::Writer<W>,
    columns: usize,
}

impl<W: Write> RefusedFile<W> {
    /// `reason_label` and `row_label` are the texts of `import-refused_reason` and `import-refused_row`.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn new(mut out: W, columns: &[String], reason_label: &str, row_label: &str) -> io::Result<Self> {
        out.write_all(b"\xef\xbb\xbf")?;
        let mut out = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(out);
        let labels = [reason_label, row_label];
        out.write_record(columns.iter().map(String::as_str).chain(labels).map(harmless))?;
        Ok(Self { out, columns: columns.len() })
    }

    /// `reason` is the sentence in the reader's language. Cells beyond the header follow the reason,
    /// so that nothing of the row is lost.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn row(&mut self, row: u64, cells: &[Cell], reason: &str) -> io::Result<()> {
        let own = (0..self.columns).map(|at| cells.get(at).map_or("", Cell::text));
        let beyond = cells.iter().skip(self.columns).map(Cell::text);
        let row = row.to_string();
        let mut fields: Vec<String> = own.chain([reason, &row]).chain(beyond).map(harmless).collect();
        // The csv writer wants equally long rows; a ragged one puts its surplus into the last field.
        if fields.len() > self.columns + 2 {
            let surplus = fields.split_off(self.columns + 2).join(" | ");
            fields[self.columns] = format!("{} [{surplus}]", fields[self.columns]);
        }
        Ok(self.out.write_record(fields)?)
    }

    /// # Errors
    /// When the rest cannot be written.
    pub fn finish(self) -> io::Result<W> {
        self.out.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// Text that no spreadsheet takes for a formula (ASVS 5.0, 1.2.10): an apostrophe before it, control characters out.
pub fn harmless(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    match looks_like_formula(&text) {
        true => format!("'{text}"),
        false => text,
    }
}

/// The first character that a spreadsheet would see is `=`, `+`, `-` or `@`, in half or full width.
pub(crate) fn looks_like_formula(text: &str) -> bool {
    let invisible = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
    };
    text.trim_start_matches(invisible).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\u{2212}'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn refused_rows_keep_their_text_and_say_why() {
        let columns = ["运单号".to_owned(), "件数".to_owned()];
        let mut file = RefusedFile::new(Vec::new(), &columns, "原因", "行号").unwrap();
        file.row(7, &[Cell::Text("YD,1".into()), Cell::Text("三".into())], "不是数字").unwrap();
        file.row(8, &[Cell::Text("YD2".into()), Cell::Empty, Cell::Text("多".into())], "列数不对").unwrap();
        let text = String::from_utf8(file.finish().unwrap()).unwrap();
        assert_eq!(
            text,
            "\u{feff}\"运单号\",\"件数\",\"原因\",\"行号\"\n\"YD,1\",\"三\",\"不是数字\",\"7\"\n\"YD2\",\"\",\"列数不对 [多]\",\"8\"\n"
        );
    }

    #[test]
    fn a_formula_comes_back_as_text_and_is_read_again_as_it_was() {
        for text in ["=1+1", "＝1+1", "\u{feff}@x", "\u{a0}-2", "\t=cmd", "\0=cmd", "\u{200b}+1"] {
            assert!(harmless(text).starts_with('\''), "{text:?}");
        }
        assert_eq!(harmless("明为=公司"), "明为=公司");
        assert_eq!(crate::values::clean(&harmless("-12.5")).unwrap(), "-12.5");
    }

    proptest! {
        #[test]
        fn nothing_that_goes_back_starts_a_formula(text in "[\\s\u{feff}\u{a0}\0\t]{0,3}[=+@＝＋－＠-]\\PC{0,8}") {
            prop_assert!(!looks_like_formula(&harmless(&text)));
        }
    }
}
