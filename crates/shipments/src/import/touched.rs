//! A shipment that a chunk of a file tells of, from what is stored to what is written. Pure.

use std::collections::BTreeMap;

use base::{Actor, CustomerId};
use module::Record;

use crate::days::{self, Signed};
use crate::draft::{self, steps};
use crate::store::upsert::Stored;
use crate::{line, milestone, shipment};

pub(super) struct Touched {
    pub shipment: shipment::Model,
    /// By number; of days only what each says itself.
    lines: BTreeMap<String, line::Model>,
    milestones: Vec<milestone::Model>,
    stored_lines: BTreeMap<String, line::Model>,
    stored_milestones: Vec<milestone::Model>,
}

impl Touched {
    /// As it stands before the file; what is stored of it is taken out.
    pub fn new(shipment: shipment::Model, stored: &mut Stored) -> Self {
        let milestones = stored.milestones.remove(&shipment.id).unwrap_or_default();
        let first = (shipment.id.clone(), String::new());
        let known = stored.lines.range(first..).take_while(|((of, _), _)| *of == shipment.id);
        let stored_lines: BTreeMap<_, _> = known.map(|((_, number), line)| (number.clone(), line.clone())).collect();
        let signed = Signed::of(&milestones);
        let own = |(number, line): (&String, &line::Model)| (number.clone(), signed.without(line.clone()));
        Self {
            shipment,
            lines: stored_lines.iter().map(own).collect(),
            milestones: milestones.clone(),
            stored_lines,
            stored_milestones: milestones,
        }
    }

    pub fn take_in(&mut self, record: &Record, customer: &CustomerId) {
        let number = draft::line_number(record);
        let known = self.lines.remove(number);
        let line = known.unwrap_or_else(|| draft::empty_line(&self.shipment.id, number, customer));
        self.lines.insert(number.to_owned(), draft::filled(line, record));
        self.milestones = steps::after(&self.shipment.id, &self.milestones, record);
        self.shipment = draft::header(self.shipment.clone(), record);
    }

    /// What is to be written: the shipment, and those of its lines and milestones that are not stored like this.
    pub fn written(self, actor: &Actor) -> (shipment::Model, Vec<line::Model>, Vec<milestone::Model>) {
        let signed = Signed::of(&self.milestones);
        let mut lines: Vec<_> = self.lines.into_values().map(|line| signed.with(line)).collect();
        let shipped_on = days::shipped_on(&self.shipment, &lines, &self.milestones);
        lines.retain(|line| self.stored_lines.get(&line.line) != Some(line));
        let mut milestones = self.milestones;
        milestones.retain(|milestone| !self.stored_milestones.contains(milestone));
        let version = self.shipment.version + 1;
        (shipment::Model { version, updated_at: actor.now, shipped_on, ..self.shipment }, lines, milestones)
    }
}
