//! A card with a number: adds what is new, and never touches what may not be touched.

use base::{Actor, Error, Message};

use super::{Plan, Way, no_amount, shown, solution};
use crate::rules::Refusal;
use crate::service::{ComplaintFile, Complaints};
use crate::sheet::filled::{Filled, cell_message};
use crate::sheet::{Field, Rule, Tongue};
use crate::store;
use crate::views::card::CardView;

pub(super) async fn plan(
    tongue: Tongue<'_>,
    complaints: &Complaints,
    actor: &Actor,
    file: &ComplaintFile,
    filled: &Filled,
) -> Result<Plan, Error> {
    let db = complaints.db().read();
    let card = CardView::of(tongue, db, actor, file).await?;
    let reporting = complaints.reporting().await?;
    let complaint = &file.complaint;
    let mut plan = Plan { complaint: Some(complaint.clone()), ..Plan::default() };
    let (mut solves, mut explains) = (false, false);
    for (field, stored) in &filled.cells {
        let (before, after) = (card.text(*field), shown(tongue, *field, stored, reporting));
        if before == after {
            plan.change(*field, before, &after, Way::Same);
            continue;
        }
        let way = if before.is_empty() { Way::New } else { Way::Changed };
        match field.rule() {
            Rule::Number => {}
            Rule::Added => waybills(&mut plan, complaints, actor, file, stored).await?,
            Rule::ByHand => plan.wrong(*field, cell_message("complaint-sheet-by_hand", tongue, *field, "")),
            Rule::Own | Rule::Step if before.is_empty() => plan.keep(tongue, *field, stored),
            Rule::Own => plan.wrong(*field, fixed("complaint-sheet-fixed_own", tongue, *field, before, &after)),
            Rule::Step => plan.wrong(*field, fixed("complaint-sheet-fixed_step", tongue, *field, before, &after)),
            Rule::Said => plan.wrong(*field, fixed("complaint-sheet-fixed_said", tongue, *field, before, &after)),
            Rule::Solution => {
                plan.change(*field, before, &after, way);
                solves = true;
            }
            Rule::Cause => {
                plan.change(*field, before, &after, way);
                explains = true;
            }
        }
    }
    if solves && (!complaint.status.is_open() || complaint.resolved_at.is_some()) {
        let over = if complaint.status.is_open() { Refusal::CarriedOut } else { Refusal::Closed };
        plan.wrong(Field::Solution, base::Refusal::message(&over));
    } else if solves {
        match solution(filled, Some(complaint), reporting) {
            Some(draft) => plan.solve(complaints, draft).await?,
            None => plan.wrong(Field::Compensation, no_amount(tongue, filled)),
        }
    }
    if explains {
        plan.explain(complaints, filled, Some(complaint)).await?;
    }
    Ok(plan)
}

fn fixed(key: &str, tongue: Tongue<'_>, field: Field, before: &str, after: &str) -> Message {
    let before: String = before.chars().take(60).collect();
    cell_message(key, tongue, field, after).with("before", before)
}

async fn waybills(
    plan: &mut Plan,
    complaints: &Complaints,
    actor: &Actor,
    file: &ComplaintFile,
    stored: &str,
) -> Result<(), Error> {
    let known: Vec<&str> = file.shipments.iter().map(|one| one.waybill.as_str()).collect();
    let mut more = crate::pages::new::waybills(stored);
    more.retain(|waybill| !known.contains(&waybill.as_str()));
    let way = if more.is_empty() { Way::Same } else { Way::New };
    plan.change(Field::Waybills, &known.join(", "), &more.join(", "), way);
    if known.len() + more.len() > crate::rules::MOST_WAYBILLS {
        plan.wrong(Field::Waybills, Message::new("complaint-too_many_waybills"));
        return Ok(());
    }
    let customer = &file.complaint.customer_id;
    let found = store::waybills::of_customer(complaints.db().read(), actor, customer, &more).await;
    plan.told(found.map(drop), &[("waybills", Field::Waybills)])?;
    plan.waybills = more;
    Ok(())
}
