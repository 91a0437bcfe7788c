//! What one line of a file says of the milestones of its shipment. Pure.

use std::sync::LazyLock;

use base::Instant;
use module::{Record, Value};

use crate::milestone::Model;
use crate::words::MilestoneKind;

/// Which of a milestone's three times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Planned,
    Estimated,
    Actual,
}

/// One field of a file: `planned_signed`, `actual_picked_up`, …
struct Step {
    field: &'static str,
    kind: MilestoneKind,
    when: When,
}

static STEPS: LazyLock<Vec<Step>> = LazyLock::new(|| {
    let whens = [("planned", When::Planned), ("estimated", When::Estimated), ("actual", When::Actual)];
    let steps = MilestoneKind::ALL.iter().flat_map(|kind| {
        let step = |(word, when)| Step { field: format!("{word}_{kind}").leak(), kind: *kind, when };
        whens.map(step)
    });
    steps.collect()
});

/// The fields of a file that are times of milestones.
pub fn fields() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|step| step.field)
}

/// A milestone of which nothing is known yet.
pub fn empty(shipment: &str, kind: MilestoneKind) -> Model {
    Model { shipment_id: shipment.into(), kind, planned_at: None, estimated_at: None, actual_at: None }
}

/// Milestones of which the record says a time, each once.
pub fn kinds(record: &Record) -> Vec<MilestoneKind> {
    let mut kinds: Vec<_> = told(record).map(|(step, _)| step.kind).collect();
    kinds.dedup();
    kinds
}

/// The milestone with what the record says of it; what the record leaves out stays.
pub fn filled(mut milestone: Model, record: &Record) -> Model {
    let kind = milestone.kind;
    for (step, at) in told(record).filter(|(step, _)| step.kind == kind) {
        *slot(&mut milestone, step.when) = Some(at);
    }
    milestone
}

/// All milestones of a shipment with what the record says of them.
pub fn after(shipment: &str, stored: &[Model], record: &Record) -> Vec<Model> {
    let mut all = stored.to_vec();
    for kind in kinds(record) {
        match all.iter_mut().find(|milestone| milestone.kind == kind) {
            Some(known) => *known = filled(known.clone(), record),
            None => all.push(filled(empty(shipment, kind), record)),
        }
    }
    all
}

/// The fields that differ from what is stored of the shipment.
pub fn differences(stored: &[Model], record: &Record) -> Vec<String> {
    replaced(stored, record).into_iter().map(|(field, ..)| field.to_owned()).collect()
}

/// The times that differ: the field, what is stored, what the record says.
pub fn replaced(stored: &[Model], record: &Record) -> Vec<(&'static str, Option<Instant>, Instant)> {
    let differs = |(step, at): (&Step, Instant)| {
        let known = stored.iter().find(|milestone| milestone.kind == step.kind);
        let was = known.and_then(|known| *slot(&mut known.clone(), step.when));
        (was != Some(at)).then_some((step.field, was, at))
    };
    told(record).filter_map(differs).collect()
}

/// The times that the record says, by field.
pub fn times(record: &Record) -> impl Iterator<Item = (&'static str, Instant)> {
    told(record).map(|(step, at)| (step.field, at))
}

fn told(record: &Record) -> impl Iterator<Item = (&'static Step, Instant)> {
    STEPS.iter().filter_map(|step| match record.values.get(step.field) {
        Some(Value::Moment { at, .. }) => Some((step, *at)),
        _ => None,
    })
}

fn slot(milestone: &mut Model, when: When) -> &mut Option<Instant> {
    match when {
        When::Planned => &mut milestone.planned_at,
        When::Estimated => &mut milestone.estimated_at,
        When::Actual => &mut milestone.actual_at,
    }
}
