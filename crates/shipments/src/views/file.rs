//! A shipment with its lines, milestones and amounts.

use std::collections::BTreeMap;

use base::{Currency, Day, Money};
use customers::figures::Amounts;
use texts::format;
use web::Ui;

use crate::on_time::{Clock, is_on_time};
use crate::views::{decimal, lane, mode_name};
use crate::{PaymentTerm, Rates, ShipmentFile, Worth, line, milestone, rules, shipment, worth};

pub struct FileView {
    pub id: String,
    pub waybill: String,
    pub customer_id: String,
    pub customer: String,
    /// Term and value; empty values are shown as not given.
    pub facts: Vec<(String, String)>,
    pub lines: Vec<LineView>,
    pub milestones: Vec<MilestoneView>,
    pub amounts: Vec<AmountView>,
    /// How amounts were converted.
    pub converted_note: String,
}

pub struct LineView {
    pub line: String,
    pub lane: String,
    pub mode: String,
    pub promised: String,
    pub delivered: String,
    pub verdict: String,
    pub tone: &'static str,
    /// Pieces, weight, volume, TEU, as far as known.
    pub size: String,
    pub goods_value: String,
    pub revenue: String,
    pub cost: String,
    /// Texts that stood where a number was expected.
    pub unknown: String,
}

pub struct MilestoneView {
    pub kind: String,
    pub planned: String,
    pub estimated: String,
    pub actual: String,
    pub late: bool,
}

/// One kind of amount over all lines.
pub struct AmountView {
    pub label: String,
    /// In their own currencies.
    pub own: String,
    /// In the reporting currency.
    pub converted: String,
    /// What no rate converts, in its own currencies.
    pub apart: String,
    /// Lines that do not tell it.
    pub missing: usize,
}

impl FileView {
    pub fn of(ui: &Ui, file: ShipmentFile, rates: &Rates, today: Day) -> Self {
        let on = file.shipment.shipped_on;
        let amounts = [
            ("shipment-goods_value", line::Model::goods_value as fn(&line::Model) -> Option<Money>),
            ("shipment-revenue", line::Model::revenue),
            ("shipment-cost", line::Model::cost),
        ];
        let mut amounts: Vec<AmountView> =
            amounts.into_iter().map(|(key, of)| AmountView::of(ui, ui.t(key), &file.lines, of, (on, rates))).collect();
        amounts.push(AmountView::margin(ui, ui.t("shipment-margin"), &file.lines, on, rates));
        let note = ui.t2("shipment-converted_note", ("currency", rates.reporting().code()), ("day", &format::day(on)));
        Self {
            facts: facts(ui, &file.shipment),
            lines: file.lines.iter().map(|line| LineView::of(ui, line, today)).collect(),
            milestones: file.milestones.iter().map(|one| MilestoneView::of(ui, one)).collect(),
            amounts,
            converted_note: note,
            id: file.shipment.id,
            waybill: file.shipment.waybill,
            customer_id: file.shipment.customer_id.0,
            customer: file.customer_name,
        }
    }
}

fn facts(ui: &Ui, shipment: &shipment::Model) -> Vec<(String, String)> {
    let term = shipment.payment_term.parse::<PaymentTerm>().map(|term| ui.t(term.key())).unwrap_or_default();
    let all = [
        ("shipment-shipped_on", format::day(shipment.shipped_on)),
        ("shipment-booked_on", shipment.booked_on.map(format::day).unwrap_or_default()),
        ("shipment-payment_term", term),
        ("shipment-customer_reference", shipment.customer_reference.clone()),
        ("shipment-booking_number", shipment.booking_number.clone()),
        ("shipment-bill_of_lading", shipment.bill_of_lading.clone()),
        ("shipment-container", shipment.container.clone()),
        ("shipment-transport_reference", shipment.transport_reference.clone()),
        ("shipment-source", shipment.source.clone()),
    ];
    all.into_iter().map(|(key, value)| (ui.t(key), value)).collect()
}

impl LineView {
    fn of(ui: &Ui, line: &line::Model, today: Day) -> Self {
        let (verdict, tone) = match (is_on_time(&rules::facts(line), Clock::Day), line.promised_on) {
            (Some(true), _) => ("shipment-verdict-on_time", "good"),
            (Some(false), _) => ("shipment-verdict-late", "risk"),
            (None, Some(promised)) if promised < today => ("shipment-verdict-overdue", "risk"),
            (None, Some(_)) => ("shipment-verdict-under_way", "info"),
            (None, None) => ("shipment-verdict-undated", "neutral"),
        };
        let when = |day: Option<Day>, at: Option<base::Instant>| match (at, day) {
            (Some(at), _) => format::time(at),
            (None, day) => day.map(format::day).unwrap_or_default(),
        };
        let size = [
            line.pieces.map(|pieces| ui.t1("shipment-pieces", "pieces", format::thousands(pieces))),
            line.weight_grams.map(|grams| format!("{} kg", decimal(grams, 3))),
            line.volume_cm3.map(|volume| format!("{} m³", decimal(volume, 6))),
            line.teu_hundredths.map(|teu| format!("{} TEU", decimal(teu, 2))),
        ];
        let amount = |money: Option<Money>| money.map(|money| format::amount(money, ui.language())).unwrap_or_default();
        Self {
            line: line.line.clone(),
            lane: lane(&line.origin, &line.destination),
            mode: mode_name(ui, &line.mode),
            promised: when(line.promised_on, line.promised_at),
            delivered: when(line.delivered_on, line.delivered_at),
            verdict: ui.t(verdict),
            tone,
            size: size.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            goods_value: amount(line.goods_value()),
            revenue: amount(line.revenue()),
            cost: amount(line.cost()),
            unknown: unknown(ui, line),
        }
    }
}

/// `成本：Freight Included in Commodity Cost`, for each such field.
fn unknown(ui: &Ui, line: &line::Model) -> String {
    let texts = line.unknown_texts.as_object().into_iter().flatten();
    let one = |(field, text): (&String, &serde_json::Value)| {
        let field = ui.t(&format!("import-field-shipments-{field}"));
        ui.t2("shipment-unknown_text", ("field", &field), ("text", text.as_str().unwrap_or_default()))
    };
    texts.map(one).collect::<Vec<_>>().join(" · ")
}

impl MilestoneView {
    fn of(ui: &Ui, milestone: &milestone::Model) -> Self {
        let time = |at: Option<base::Instant>| at.map(format::time).unwrap_or_default();
        Self {
            kind: ui.t(milestone.kind.key()),
            planned: time(milestone.planned_at),
            estimated: time(milestone.estimated_at),
            actual: time(milestone.actual_at),
            late: matches!((milestone.planned_at, milestone.actual_at), (Some(planned), Some(actual)) if actual > planned),
        }
    }
}

impl AmountView {
    fn of(
        ui: &Ui,
        label: String,
        lines: &[line::Model],
        of: fn(&line::Model) -> Option<Money>,
        (on, rates): (Day, &Rates),
    ) -> Self {
        let known: Vec<Money> = lines.iter().filter_map(of).collect();
        let mut own: BTreeMap<Currency, i128> = BTreeMap::new();
        for money in &known {
            *own.entry(money.currency).or_default() += i128::from(money.minor);
        }
        let sum = rates.sum(known.iter().map(|money| (*money, on)));
        let converted = known.iter().any(|money| rates.convert(*money, on).is_some());
        Self {
            label,
            own: Amounts(own).words(ui.language()),
            converted: if converted { format::amount(sum.total, ui.language()) } else { String::new() },
            apart: Amounts(sum.apart).words(ui.language()),
            missing: lines.len() - known.len(),
        }
    }

    /// Only of the lines whose revenue and cost are both known and convert.
    fn margin(ui: &Ui, label: String, lines: &[line::Model], on: Day, rates: &Rates) -> Self {
        let of = |line: &line::Model| match worth(line.revenue(), line.cost(), on, rates) {
            Worth::Margin(margin) => Some(margin),
            _ => None,
        };
        let known: Vec<Money> = lines.iter().filter_map(of).collect();
        let sum = rates.sum(known.iter().map(|money| (*money, on)));
        let converted = if known.is_empty() { String::new() } else { format::amount(sum.total, ui.language()) };
        let missing = lines.len() - known.len();
        Self { label, own: String::new(), converted, apart: String::new(), missing }
    }
}
