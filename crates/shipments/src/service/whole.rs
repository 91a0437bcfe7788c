//! A shipment as it will stand when a draft is taken in. Pure.

use std::collections::BTreeMap;

use base::{Day, Error, FieldProblem};

use crate::days::{self, Signed};
use crate::forms::ShipmentDraft;
use crate::store::upsert::Stored;
use crate::{line, milestone, rules, shipment};

pub(super) struct Whole {
    pub shipment: shipment::Model,
    /// Those that are not stored like this.
    pub changed_lines: Vec<line::Model>,
    pub changed_milestones: Vec<milestone::Model>,
    /// By number of the line.
    delivered: BTreeMap<String, Option<Day>>,
    booked: Option<Day>,
    booked_before: Option<Day>,
}

impl Whole {
    /// What is stored of the shipment's lines and milestones is taken out.
    pub fn of(before: &shipment::Model, draft: &ShipmentDraft, stored: &mut Stored) -> Self {
        let mut shipment = rules::header(before.clone(), draft);
        let known = stored.milestones.remove(&shipment.id).unwrap_or_default();
        let mut milestones: BTreeMap<_, _> = known.iter().map(|one| (one.kind, one.clone())).collect();
        milestones.extend(draft.milestones.iter().map(|one| (one.kind, rules::milestone_of(&shipment, one))));
        let mut milestones: Vec<_> = milestones.into_values().collect();
        let (was, is) = (Signed::of(&known), Signed::of(&milestones));
        let stored_lines = std::mem::take(&mut stored.lines);
        let own = stored_lines.values().filter(|line| line.shipment_id == shipment.id);
        let mut lines: BTreeMap<_, _> = own.map(|line| (line.line.clone(), was.without(line.clone()))).collect();
        lines.extend(draft.lines.iter().map(|line| (line.line.clone(), rules::line_of(&shipment, line))));
        // The customer of all lines follows their shipment.
        let moved = |line: line::Model| line::Model { customer_id: shipment.customer_id.clone(), ..line };
        let mut lines: Vec<_> = lines.into_values().map(|line| is.with(moved(line))).collect();
        shipment.shipped_on = days::shipped_on(&shipment, &lines, &milestones);
        let (booked, booked_before) = (days::booked(&shipment, &milestones), days::booked(before, &known));
        let delivered = lines.iter().map(|line| (line.line.clone(), line.delivered_on)).collect();
        lines.retain(|line| stored_lines.get(&(line.shipment_id.clone(), line.line.clone())) != Some(line));
        milestones.retain(|milestone| !known.contains(milestone));
        let (changed_lines, changed_milestones) = (lines, milestones);
        Self { shipment, changed_lines, changed_milestones, delivered, booked, booked_before }
    }

    /// # Errors
    /// `Invalid` for lines that come before the booking, as far as the draft brings it.
    pub fn check(&self, draft: &ShipmentDraft) -> Result<(), Error> {
        let changed = |number: &str| self.changed_lines.iter().any(|line| line.line == number);
        let place = |number: &str| draft.lines.iter().position(|line| line.line == number);
        let mut problems: Vec<FieldProblem> = Vec::new();
        for (number, delivered) in &self.delivered {
            let field = match place(number) {
                Some(at) if changed(number) => format!("lines.{at}.delivered_on"),
                _ if self.booked != self.booked_before => "booked_on".to_owned(),
                _ if changed(number) => "milestones".to_owned(),
                _ => continue,
            };
            problems.extend(days::before_booked(&field, *delivered, self.booked));
        }
        problems.dedup();
        if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
    }
}
