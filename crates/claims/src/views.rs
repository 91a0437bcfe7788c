//! What goes out, for people and programs alike.

use base::Day;
use calendar::WorkingTime;
use exceptions::exception::Liable;
use serde::Serialize;
use texts::format;
use utoipa::ToSchema;
use web::Ui;

use crate::claim::{Model, Recovery, Status};
use crate::entry::{self, EntryKind};
use crate::rules;
use crate::service::{ClaimFile, Listed};

/// A claim for programs. All amounts are minor units of its currency.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ClaimListed)]
pub struct ClaimView {
    #[serde(flatten)]
    pub claim: Model,
    pub customer_name: String,
    pub owner_name: String,
    /// Paid less recovered: what it takes from the profit with this customer.
    pub cost_minor: i64,
    /// Whole minutes of working time until it must be decided or paid, negative when that is over; null when nothing runs.
    pub left_minutes: Option<i64>,
    /// Years of which the calendar knows no holidays.
    pub unknown_years: Vec<i32>,
}

impl From<Listed> for ClaimView {
    fn from(listed: Listed) -> Self {
        Self {
            cost_minor: listed.claim.cost().minor,
            left_minutes: listed.left.map(WorkingTime::whole_minutes),
            customer_name: listed.customer_name,
            owner_name: listed.owner_name,
            unknown_years: listed.unknown_years,
            claim: listed.claim,
        }
    }
}

/// A claim with its history, the newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ClaimFile)]
pub struct FileView {
    #[serde(flatten)]
    pub claim: ClaimView,
    pub entries: Vec<entry::Model>,
}

impl From<ClaimFile> for FileView {
    fn from(file: ClaimFile) -> Self {
        Self { claim: file.listed.into(), entries: file.entries }
    }
}

/// What the clock says, and how bad that is.
pub fn timer(ui: &Ui, listed: &Listed) -> (String, &'static str) {
    let claim = &listed.claim;
    let (Some(left), Some(day)) = (listed.left, rules::due(claim)) else {
        return (String::new(), "neutral");
    };
    let time = calendar::words::working_time(ui, left);
    let key = match (claim.status, listed.over) {
        (Status::Approved, false) => "claim-timer-pay_left",
        (Status::Approved, true) => "claim-timer-pay_over",
        (_, false) => "claim-timer-decide_left",
        (_, true) => "claim-timer-decide_over",
    };
    (ui.t2(key, ("time", &time), ("day", &format::day(day))), if listed.over { "risk" } else { "neutral" })
}

/// A row of the list.
pub struct RowView {
    pub href: String,
    pub number: String,
    pub waybill: String,
    pub customer: String,
    pub customer_href: String,
    pub kind: String,
    pub what: String,
    pub asked: String,
    pub decided: String,
    pub timer: String,
    pub timer_tone: &'static str,
    pub status: String,
    pub status_tone: &'static str,
    pub recovery: String,
    pub owner: String,
}

/// Characters of what happened on a row.
const WORDS: usize = 40;

impl RowView {
    pub fn of(ui: &Ui, listed: &Listed) -> Self {
        let claim = &listed.claim;
        let (timer, timer_tone) = timer(ui, listed);
        let recovery = match claim.recovery {
            Recovery::None => String::new(),
            some => ui.t(some.key()),
        };
        Self {
            href: format!("/claims/{}", claim.id),
            number: claim.number.clone(),
            waybill: claim.waybill.clone(),
            customer: listed.customer_name.clone(),
            customer_href: format!("/customers/{}", claim.customer_id),
            kind: ui.t(claim.kind.key()),
            what: excerpt(&claim.what, WORDS),
            asked: format::money(claim.asked()),
            decided: claim.decided().map(format::money).unwrap_or_default(),
            timer,
            timer_tone,
            status: ui.t(claim.status.key()),
            status_tone: claim.status.tone(),
            recovery,
            owner: listed.owner_name.clone(),
        }
    }
}

/// The amounts of a claim, by term; empty ones are shown as not known.
pub fn amounts(ui: &Ui, claim: &Model) -> Vec<(String, String)> {
    let money = |minor: Option<i64>| minor.map(|minor| format::money(claim.money(minor))).unwrap_or_default();
    let decision = claim.decision.map(|decision| ui.t(decision.key()));
    let mut terms = vec![
        (ui.t("claim-value"), money(claim.value_minor)),
        (ui.t("claim-asked"), format::money(claim.asked())),
        (ui.t("claim-decision"), decision.unwrap_or_default()),
        (ui.t("claim-decided"), money(claim.decided_minor)),
        (ui.t("claim-paid"), money(claim.paid_minor)),
        (
            ui.t("claim-recovered"),
            if claim.recovered_minor > 0 { money(Some(claim.recovered_minor)) } else { String::new() },
        ),
    ];
    if claim.paid_minor.is_some() || claim.recovered_minor > 0 {
        terms.push((ui.t("claim-cost"), format::money(claim.cost())));
    }
    terms
}

/// The facts of a claim, by term.
pub fn facts(ui: &Ui, listed: &Listed) -> Vec<(String, String)> {
    let claim = &listed.claim;
    let day = |day: Option<Day>| day.map(format::day).unwrap_or_default();
    let mut facts = vec![
        (ui.t("claim-kind"), ui.t(claim.kind.key())),
        (ui.t("claim-owner"), listed.owner_name.clone()),
        (ui.t("claim-liable"), ui.t(claim.liable.key())),
        (ui.t("claim-raised"), format!("{} {}", ui.who(&claim.created_by), format::time(claim.created_at))),
        (ui.t("claim-decide_on"), format::day(claim.decide_on)),
    ];
    let mut known = |key: &str, value: String| {
        if !value.is_empty() {
            facts.push((ui.t(key), value));
        }
    };
    known("claim-decided_reason", claim.decided_reason.clone());
    known("claim-approved_by", if claim.approved_by.is_empty() { String::new() } else { ui.who(&claim.approved_by) });
    known("claim-pay_on", day(claim.pay_on));
    known("claim-paid_on", day(claim.paid_on));
    known("claim-reference", claim.payment_reference.clone());
    known("claim-withdrawn_reason", claim.close_reason.clone());
    facts
}

/// What is asked of the carrier, and what came back; empty when nobody was asked.
pub fn recovery(ui: &Ui, claim: &Model) -> Vec<(String, String)> {
    if claim.recovery == Recovery::None {
        return Vec::new();
    }
    let day = |day: Option<Day>| day.map(format::day).unwrap_or_default();
    let money = |minor: i64| format::money(claim.money(minor));
    let mut terms = vec![
        (ui.t("claim-recovery"), ui.t(claim.recovery.key())),
        (ui.t("claim-recovery_from"), claim.recovery_from.clone()),
        (ui.t("claim-recovery_asked"), claim.recovery_asked_minor.map(money).unwrap_or_default()),
        (ui.t("claim-recovery_asked_on"), day(claim.recovery_asked_on)),
        (ui.t("claim-recovered"), money(claim.recovered_minor)),
        (ui.t("claim-recovered_on"), day(claim.recovered_on)),
    ];
    if claim.recovery == Recovery::GivenUp {
        terms.push((ui.t("claim-recovery_reason"), claim.recovery_reason.clone()));
    }
    terms
}

/// A line of the history.
pub struct LineView {
    pub at: String,
    pub who: String,
    pub kind: String,
    pub text: String,
    pub icon: &'static str,
}

impl LineView {
    pub fn of(ui: &Ui, line: &entry::Model) -> Self {
        let said = match line.kind {
            EntryKind::Blamed => line.text.parse::<Liable>().map(|liable| ui.t(liable.key())).unwrap_or_default(),
            _ => line.text.clone(),
        };
        let parts = [
            line.money().map(format::money).unwrap_or_default(),
            line.on_day.map(format::day).unwrap_or_default(),
            said,
        ];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Self {
            at: format::time(line.at),
            who: ui.who(&line.by_name),
            kind: ui.t(line.kind.key()),
            text: parts.join(" · "),
            icon: icon(line.kind),
        }
    }
}

fn icon(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Refused | EntryKind::NotApproved | EntryKind::GivenUp | EntryKind::Withdrawn => "close",
        EntryKind::Accepted | EntryKind::Approved | EntryKind::Paid | EntryKind::Recovered | EntryKind::Closed => {
            "check"
        }
        EntryKind::FileAdded | EntryKind::FileRemoved => "upload",
        _ => "note",
    }
}

/// The beginning of a long text.
pub fn excerpt(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.into(),
    }
}

/// An address of ours; pairs without a value are left out.
pub fn address(path: &str, pairs: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let kept: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    match serde_urlencoded::to_string(&kept) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.into(),
    }
}
