//! The complaint card: the same cells on the screen, on paper, and blank for handwriting.

use base::{Actor, Error};
use customers::contact;
use sea_orm::ConnectionTrait;
use texts::format;
use web::Ui;

use super::show::people_of;
use crate::service::ComplaintFile;
use crate::store;
use crate::words::Step;

/// Every cell as text; empty ones are for handwriting.
#[derive(Clone, Debug, Default)]
pub struct CardView {
    pub number: String,
    pub received: String,
    pub taken_by: String,
    pub department: String,
    pub customer: String,
    pub contact: String,
    pub phone: String,
    pub channel: String,
    pub waybills: String,
    pub lane: String,
    pub goods: String,
    pub category: String,
    pub severity: String,
    pub words: String,
    pub wish: String,
    pub first_answer: String,
    pub first_answer_at: String,
    pub investigation: String,
    pub cause: String,
    pub cause_department: String,
    pub solution: String,
    pub compensation: String,
    pub approved_by: String,
    pub result: String,
    pub answer: String,
    pub answer_at: String,
    pub opinion: String,
    pub prevention: String,
    pub filed: String,
}

impl CardView {
    /// # Errors
    /// When the database does not answer.
    pub async fn of(ui: &Ui, db: &impl ConnectionTrait, actor: &Actor, file: &ComplaintFile) -> Result<Self, Error> {
        let complaint = &file.complaint;
        let (lane, goods) = freight(ui, db, actor, file).await?;
        let contact = match &complaint.contact_id {
            Some(id) => store::people::contact(db, &complaint.customer_id, id).await?,
            None => None,
        };
        let names = people_of(db, complaint).await?;
        let told = |step: Step| file.entries.iter().find(|line| line.step == Some(step) && !line.told.is_empty());
        let did = |step: Step| file.entries.iter().find(|line| line.step == Some(step) && !line.text.is_empty());
        let text = |line: Option<&crate::entry::Model>| line.map(|line| line.text.clone()).unwrap_or_default();
        Ok(Self {
            number: complaint.number.clone(),
            received: format::time(complaint.received_at),
            taken_by: ui.who(&complaint.created_by),
            department: file.department_name.clone(),
            customer: file.customer_name.clone(),
            contact: contact.as_ref().map(called).unwrap_or_default(),
            phone: String::new(),
            channel: ui.t(complaint.channel.key()),
            waybills: file.shipments.iter().map(|one| one.waybill.as_str()).collect::<Vec<_>>().join(", "),
            lane,
            goods,
            category: ui.t(complaint.category.key()),
            severity: ui.t(complaint.severity.key()),
            words: complaint.words.clone(),
            wish: complaint.wish.clone(),
            first_answer: told(Step::Acknowledge).map(|line| line.told.clone()).unwrap_or_default(),
            first_answer_at: complaint.responded_at.map(format::time).unwrap_or_default(),
            investigation: text(did(Step::Act)),
            cause: [complaint.cause.map(|cause| ui.t(cause.key())).unwrap_or_default(), complaint.cause_text.clone()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            cause_department: names.cause_department.clone(),
            solution: joined(&complaint.solution, &complaint.extra),
            compensation: complaint
                .compensation()
                .map(|money| format::amount(money, ui.language()))
                .unwrap_or_default(),
            approved_by: names.approved_by,
            result: text(did(Step::Resolve)),
            answer: complaint.answer.map(|answer| ui.t(answer.key())).unwrap_or_default(),
            answer_at: complaint.answer_at.map(format::time).unwrap_or_default(),
            opinion: joined(&text(did(Step::Confirm)), &complaint.close_reason),
            prevention: complaint.correction.clone(),
            filed: complaint.closed_at.map(format::time).unwrap_or_default(),
        })
    }
}

/// 张总 or 张三, as he is addressed.
fn called(contact: &contact::Model) -> String {
    if contact.honorific.is_empty() {
        contact.name.clone()
    } else {
        format!("{} ({})", contact.name, contact.honorific)
    }
}

fn joined(one: &str, other: &str) -> String {
    [one, other].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Lanes, and pieces, weight and value of the goods.
async fn freight(
    ui: &Ui,
    db: &impl ConnectionTrait,
    actor: &Actor,
    file: &ComplaintFile,
) -> Result<(String, String), Error> {
    if !actor.has(shipments::VIEW) {
        return Ok(Default::default());
    }
    let ids: Vec<String> = file.shipments.iter().map(|one| one.shipment_id.clone()).collect();
    let (mut lanes, mut goods): (Vec<String>, Vec<String>) = Default::default();
    for line in shipments::store::lines_of(db, &ids).await? {
        let lane = format!("{} → {}", line.origin, line.destination);
        if !lanes.contains(&lane) {
            lanes.push(lane);
        }
        let parts = [
            line.pieces.map(|pieces| ui.t1("complaint-pieces", "pieces", pieces)),
            line.weight_grams.map(|grams| format!("{} kg", format::thousands(grams / 1000))),
            line.goods_value().map(|value| format::amount(value, ui.language())),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if !parts.is_empty() {
            goods.push(parts.join(" / "));
        }
    }
    Ok((lanes.join(", "), goods.join("; ")))
}
