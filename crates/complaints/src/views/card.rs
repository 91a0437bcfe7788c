//! The complaint card: the same cells on the screen, on paper, in the workbook, and blank for handwriting.

use std::collections::BTreeMap;

use base::{Actor, Error};
use customers::contact;
use sea_orm::ConnectionTrait;
use texts::format;
use web::Ui;

use super::show::people_of;
use crate::complaint::Model;
use crate::service::ComplaintFile;
use crate::sheet::{Field, Height, Place, Printed, ROWS, Tongue, plain};
use crate::words::{EntryKind, Step};
use crate::{entry, store};

/// Every cell as text; what is not there is for handwriting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CardView {
    cells: BTreeMap<Field, String>,
}

/// A row as it is printed.
#[derive(Clone, Debug)]
pub struct CardRow {
    pub class: &'static str,
    pub cells: Vec<CardCell>,
}

#[derive(Clone, Debug)]
pub struct CardCell {
    pub label: String,
    pub text: String,
    pub span: u8,
    pub lines: u8,
}

impl CardView {
    pub fn text(&self, field: Field) -> &str {
        self.cells.get(&field).map_or("", String::as_str)
    }

    pub fn customer(&self) -> &str {
        self.text(Field::Customer)
    }

    pub fn rows(&self, ui: &Ui) -> Vec<CardRow> {
        let cell = |(field, span, lines): &Place| CardCell {
            label: ui.t(field.label()),
            text: self.text(*field).to_owned(),
            span: *span,
            lines: *lines,
        };
        let row = |(height, cells): &Printed| CardRow {
            class: match height {
                Height::Low => "low",
                Height::Middle => "middle",
                Height::Tall => "tall",
            },
            cells: cells.iter().map(cell).collect(),
        };
        ROWS.iter().map(row).collect()
    }

    fn put(&mut self, field: Field, text: impl AsRef<str>) {
        let text = plain(text.as_ref());
        if !text.is_empty() {
            self.cells.insert(field, text);
        }
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn of(
        tongue: Tongue<'_>,
        db: &impl ConnectionTrait,
        actor: &Actor,
        file: &ComplaintFile,
    ) -> Result<Self, Error> {
        let complaint = &file.complaint;
        let mut card = Self::default();
        card.said(tongue, complaint);
        card.put(Field::Department, &file.department_name);
        card.put(Field::Customer, &file.customer_name);
        if let Some(id) = &complaint.contact_id
            && let Some(contact) = store::people::contact(db, &complaint.customer_id, id).await?
        {
            card.put(Field::Contact, called(&contact));
        }
        let waybills: Vec<_> = file.shipments.iter().map(|one| one.waybill.as_str()).collect();
        card.put(Field::Waybills, waybills.join(", "));
        let ids: Vec<String> = file.shipments.iter().map(|one| one.shipment_id.clone()).collect();
        let (lane, goods) = freight(tongue, db, actor, &ids).await?;
        card.put(Field::Lane, lane);
        card.put(Field::Goods, goods);
        let names = people_of(db, complaint).await?;
        card.put(Field::CauseDepartment, names.cause_department);
        card.put(Field::ApprovalSign, names.approved_by);
        card.done(tongue, complaint);
        card.steps(&file.entries);
        card.noted(tongue, &file.entries);
        Ok(card)
    }

    /// What was said when it came in.
    fn said(&mut self, tongue: Tongue<'_>, complaint: &Model) {
        self.put(Field::Number, &complaint.number);
        self.put(Field::Received, format::time(complaint.received_at));
        self.put(Field::TakenBy, tongue.texts.who(tongue.language, &complaint.created_by));
        self.put(Field::Category, tongue.t(complaint.category.key()));
        self.put(Field::Severity, tongue.t(complaint.severity.key()));
        self.put(Field::Channel, tongue.t(complaint.channel.key()));
        self.put(Field::Words, &complaint.words);
        self.put(Field::Wish, &complaint.wish);
        self.put(Field::IsExpress, express(tongue, complaint.express));
    }

    /// What was decided since.
    fn done(&mut self, tongue: Tongue<'_>, complaint: &Model) {
        self.put(Field::FirstAnswerAt, complaint.responded_at.map(format::time).unwrap_or_default());
        self.put(Field::Cause, complaint.cause.map(|cause| tongue.t(cause.key())).unwrap_or_default());
        self.put(Field::CauseText, &complaint.cause_text);
        self.put(Field::Solution, &complaint.solution);
        self.put(Field::Extra, &complaint.extra);
        let amount = complaint.compensation().map(|money| format::amount(money, tongue.language));
        self.put(Field::Compensation, amount.unwrap_or_default());
        self.put(Field::Answer, complaint.answer.map(|answer| tongue.t(answer.key())).unwrap_or_default());
        self.put(Field::AnswerAt, complaint.answer_at.map(format::time).unwrap_or_default());
        self.put(Field::CloseReason, &complaint.close_reason);
        self.put(Field::Correction, &complaint.correction);
        self.put(Field::CorrectionDue, complaint.correction_due.map(format::day).unwrap_or_default());
        self.put(Field::Filed, complaint.closed_at.map(format::time).unwrap_or_default());
    }

    fn steps(&mut self, entries: &[entry::Model]) {
        let told = |step: Step| entries.iter().find(|line| line.step == Some(step) && !line.told.is_empty());
        let did = |step: Step| entries.iter().find(|line| line.step == Some(step) && !line.text.is_empty());
        self.put(Field::FirstAnswer, told(Step::Acknowledge).map_or("", |line| &line.told));
        for (field, step) in
            [(Field::Investigation, Step::Act), (Field::Result, Step::Resolve), (Field::Opinion, Step::Confirm)]
        {
            self.put(field, did(step).map_or("", |line| &line.text));
        }
    }

    /// What only a card filled in elsewhere says, the newest first.
    fn noted(&mut self, tongue: Tongue<'_>, entries: &[entry::Model]) {
        for (field, text) in entries.iter().filter_map(paper) {
            if self.text(field).is_empty() {
                self.put(field, field.shown(tongue, text));
            }
        }
    }
}

/// The cell and the words of a line that came from a filled card.
pub fn paper(line: &entry::Model) -> Option<(Field, &str)> {
    let (word, text) = line.text.split_once('\n')?;
    Field::from_word(word).filter(|_| line.kind == EntryKind::Paper).map(|field| (field, text))
}

pub fn express(tongue: Tongue<'_>, express: bool) -> String {
    tongue.t(if express { "complaint-sheet-yes" } else { "complaint-sheet-no" })
}

/// 张总 or 张三, as he is addressed.
pub fn called(contact: &contact::Model) -> String {
    if contact.honorific.is_empty() {
        contact.name.clone()
    } else {
        format!("{} ({})", contact.name, contact.honorific)
    }
}

/// Lanes, and pieces, weight and value of the goods.
pub async fn freight(
    tongue: Tongue<'_>,
    db: &impl ConnectionTrait,
    actor: &Actor,
    shipments: &[String],
) -> Result<(String, String), Error> {
    if !actor.has(shipments::VIEW) {
        return Ok(Default::default());
    }
    let (mut lanes, mut goods): (Vec<String>, Vec<String>) = Default::default();
    for line in shipments::store::lines_of(db, shipments).await? {
        let lane = format!("{} → {}", line.origin, line.destination);
        if !lanes.contains(&lane) {
            lanes.push(lane);
        }
        let pieces =
            |pieces: i64| tongue.texts.with(tongue.language, "complaint-pieces", &[("pieces", pieces.to_string())]);
        let parts = [
            line.pieces.map(pieces),
            line.weight_grams.map(|grams| format!("{} kg", format::thousands(grams / 1000))),
            line.goods_value().map(|value| format::amount(value, tongue.language)),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if !parts.is_empty() {
            goods.push(parts.join(" / "));
        }
    }
    Ok((lanes.join(", "), goods.join("; ")))
}
