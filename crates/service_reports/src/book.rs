//! The report as a workbook: the cells of the page, one table below the other.

use base::{Error, Instant, Language};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use texts::Texts;

use crate::report::MonthlyReport;

/// # Errors
/// When the library refuses what we wrote: our mistake.
pub fn workbook(texts: &Texts, language: Language, report: &MonthlyReport, now: Instant) -> Result<Vec<u8>, Error> {
    made(texts, language, report, now).map_err(|error| Error::Bug(format!("report as workbook: {error}")))
}

fn made(texts: &Texts, language: Language, report: &MonthlyReport, now: Instant) -> Result<Vec<u8>, XlsxError> {
    let t = |key: &str| texts.get(language, key);
    let cell = Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::Top).set_text_wrap();
    let head = cell.clone().set_bold().set_background_color(0x00E8_EDF3);
    let (bold, title) = (Format::new().set_bold(), Format::new().set_bold().set_font_size(16));
    let mut book = Workbook::new();
    let about = DocProperties::new()
        .set_title(t("service_report-title"))
        .set_creation_datetime(&ExcelDateTime::from_timestamp(now.timestamp())?);
    book.set_properties(&about);
    let sheet = book.add_worksheet().set_name(t("service_report-title"))?;
    for column in 0..6 {
        sheet.set_column_width(column, 22)?;
    }
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.write_string_with_format(0, 0, t("service_report-title"), &title)?;
    sheet.write_string(1, 0, &report.customer)?;
    sheet.write_string(1, 1, report.month.code())?;
    sheet.write_string(1, 2, made_words(texts, language, report))?;
    let mut row = 3;
    for table in &report.tables {
        sheet.write_string_with_format(row, 0, t(table.title), &bold)?;
        row += 1;
        if table.rows.is_empty() {
            sheet.write_string(row, 0, t(table.empty))?;
            row += 2;
            continue;
        }
        for (column, key) in (0..).zip(table.columns) {
            sheet.write_string_with_format(row, column, t(key), &head)?;
        }
        row += 1;
        for cells in &table.rows {
            for (column, text) in (0..).zip(cells) {
                sheet.write_string_with_format(row, column, text, &cell)?;
            }
            row += 1;
        }
        if table.more > 0 {
            sheet.write_string(row, 0, more_words(texts, language, table.more))?;
            row += 1;
        }
        row += 1;
    }
    book.save_to_buffer()
}

pub fn made_words(texts: &Texts, language: Language, report: &MonthlyReport) -> String {
    let args = [("time", report.made_at.as_str()), ("who", report.made_by.as_str())];
    texts.with(language, "service_report-made", &args)
}

pub fn more_words(texts: &Texts, language: Language, more: usize) -> String {
    texts.with(language, "service_report-more", &[("count", more.to_string())])
}
