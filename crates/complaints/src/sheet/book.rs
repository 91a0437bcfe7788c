//! The card as a workbook: label, content and help of each cell, lists where the words are closed, and a filled example
//! on a second sheet.

use base::{Error, Instant};
use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::{Field, Rule, Shape, Tongue};
use crate::views::card::CardView;

/// Keys of the three columns.
pub const HEADER: [&str; 3] = ["complaint-sheet-item", "complaint-sheet-content", "complaint-sheet-how"];

/// The card, or a blank one, as bytes of an XLSX file.
///
/// # Errors
/// When the library refuses what we wrote: our mistake.
pub fn workbook(tongue: Tongue<'_>, card: &CardView, now: Instant) -> Result<Vec<u8>, Error> {
    made(tongue, card, now).map_err(|error| Error::Bug(format!("card as workbook: {error}")))
}

fn made(tongue: Tongue<'_>, card: &CardView, now: Instant) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let about = DocProperties::new()
        .set_title(tongue.t("complaint-card"))
        .set_creation_datetime(&ExcelDateTime::from_timestamp(now.timestamp())?);
    book.set_properties(&about);
    let first = book.add_worksheet().set_name(tongue.t("complaint-card"))?;
    fill(first, tongue, |field| card.text(field).to_owned())?;
    let example = book.add_worksheet().set_name(tongue.t("complaint-sheet-example"))?;
    fill(example, tongue, |field| example_of(tongue, field))?;
    book.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, tongue: Tongue<'_>, content: impl Fn(Field) -> String) -> Result<(), XlsxError> {
    let cell = Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::Top).set_text_wrap();
    let head = cell.clone().set_bold().set_background_color(0x00E8_EDF3);
    let label = cell.clone().set_background_color(0x00F4_F6F8);
    // As text: a waybill keeps its zeros and a day stays as it was written.
    let text = cell.clone().set_num_format("@");
    let help = cell.set_font_color(0x0055_606B);
    for (column, width) in [(0, 20), (1, 64), (2, 44)] {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 1).set_repeat_rows(0, 0)?.set_freeze_panes(1, 0)?;
    for (column, key) in (0..).zip(HEADER) {
        sheet.write_string_with_format(0, column, tongue.t(key), &head)?;
    }
    for (row, field) in (1..).zip(Field::ALL.iter().copied()) {
        sheet.write_string_with_format(row, 0, tongue.t(field.label()), &label)?;
        sheet.write_string_with_format(row, 1, content(field), &text)?;
        sheet.write_string_with_format(row, 2, help_of(tongue, field), &help)?;
        let offered = field.offered(tongue);
        if !offered.is_empty() {
            let list = DataValidation::new().allow_list_strings(&offered)?;
            sheet.add_data_validation(row, 1, row, 1, &list)?;
        }
    }
    Ok(())
}

/// What may stand in a cell.
fn help_of(tongue: Tongue<'_>, field: Field) -> String {
    let needed = if field.is_needed() { "complaint-sheet-help-needed" } else { "" };
    let shape = match field.shape() {
        Shape::Line | Shape::Text => "",
        Shape::Time => "complaint-sheet-help-time",
        Shape::Day => "complaint-sheet-help-day",
        Shape::Amount => "complaint-sheet-help-amount",
        Shape::Choice(_) => "complaint-sheet-help-choice",
    };
    let rule = match field.rule() {
        Rule::Number => "complaint-sheet-help-number",
        Rule::Own => "complaint-sheet-help-own",
        Rule::Said => "complaint-sheet-help-said",
        Rule::Added => "complaint-sheet-help-added",
        Rule::Step => "complaint-sheet-help-step",
        Rule::ByHand => "complaint-sheet-help-by_hand",
        Rule::Solution | Rule::Cause => "",
    };
    let said = [needed, shape, rule].into_iter().filter(|key| !key.is_empty()).map(|key| tongue.t(key));
    let gap = if tongue.language == base::Language::Chinese { "" } else { " " };
    said.collect::<Vec<_>>().join(gap)
}

/// A complaint of the textbook, as somebody writes it down who has the customer on the telephone.
fn example_of(tongue: Tongue<'_>, field: Field) -> String {
    let key = match field {
        Field::Received => return "2026-11-23 09:30".into(),
        Field::Waybills => return "MW20261118001".into(),
        Field::Customer => "complaint-sheet-example-customer",
        Field::Category => "complaint-category-damage",
        Field::Severity => "complaint-severity-high",
        Field::Channel => "complaint-channel-phone",
        Field::Words => "complaint-sheet-example-words",
        Field::Wish => "complaint-sheet-example-wish",
        Field::IsExpress => "complaint-sheet-no",
        _ => return String::new(),
    };
    tongue.t(key)
}
