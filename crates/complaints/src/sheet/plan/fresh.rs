//! A card without a number: a new complaint.

use base::{Actor, CustomerId, Error, Message};

use super::{Plan, Way, no_amount, shown, solution};
use crate::HANDLE;
use crate::forms::ComplaintDraft;
use crate::service::Complaints;
use crate::sheet::filled::{Filled, cell_message};
use crate::sheet::{Field, Rule, Tongue, YES, plain};
use crate::store::{self, people};
use crate::views::card::{called, freight};
use crate::words::{Category, Channel, Severity};

/// Earlier complaints of the customer that a card may be, once more.
const EARLIER: u64 = 200;

pub(super) async fn plan(
    tongue: Tongue<'_>,
    complaints: &Complaints,
    actor: &Actor,
    filled: &Filled,
) -> Result<Plan, Error> {
    let mut plan = Plan::default();
    let reporting = complaints.reporting().await?;
    let Some(customer) = customer(&mut plan, complaints, actor, filled).await? else { return Ok(plan) };
    // Who only logs writes down the rest as it stands.
    let handles = customers::store::get(complaints.db().read(), actor, HANDLE, &customer).await.is_ok();
    let own = own(tongue, complaints, actor, &customer, filled).await?;
    let given = |rule| filled.cells.keys().any(|field| field.rule() == rule);
    for (field, stored) in &filled.cells {
        match field.rule() {
            Rule::Number => {}
            Rule::ByHand => plan.wrong(*field, cell_message("complaint-sheet-by_hand", tongue, *field, "")),
            Rule::Own if own.contains(&(*field, stored.clone())) => plan.change(*field, "", stored, Way::Same),
            Rule::Own | Rule::Step => plan.keep(tongue, *field, stored),
            Rule::Solution | Rule::Cause if !handles => plan.keep(tongue, *field, stored),
            Rule::Said | Rule::Added | Rule::Solution | Rule::Cause => {
                plan.change(*field, "", &shown(tongue, *field, stored, reporting), Way::New);
            }
        }
    }
    plan.draft = draft(&mut plan, tongue, complaints, customer, filled).await?;
    if let Some(draft) = plan.draft.clone() {
        plan.check(complaints, actor, &draft).await?;
    }
    if handles && given(Rule::Solution) {
        match solution(filled, None, reporting) {
            Some(draft) => plan.solve(complaints, draft).await?,
            None => plan.wrong(Field::Compensation, no_amount(tongue, filled)),
        }
    }
    if handles && given(Rule::Cause) {
        plan.explain(complaints, filled, None).await?;
    }
    Ok(plan)
}

/// Whose complaint it is: the one customer of that name whom the actor reaches.
async fn customer(
    plan: &mut Plan,
    complaints: &Complaints,
    actor: &Actor,
    filled: &Filled,
) -> Result<Option<CustomerId>, Error> {
    let name = filled.text(Field::Customer);
    let mut found = people::customers_called(complaints.db().read(), actor, name).await?;
    let key = match found.len() {
        1 => return Ok(found.pop()),
        _ if name.is_empty() => "complaint-text_missing",
        0 => "complaint-sheet-customer_unknown",
        _ => "complaint-sheet-many_customers",
    };
    plan.wrong(Field::Customer, Message::new(key).with("name", name));
    Ok(None)
}

/// What the program would say itself of a complaint like that.
async fn own(
    tongue: Tongue<'_>,
    complaints: &Complaints,
    actor: &Actor,
    customer: &CustomerId,
    filled: &Filled,
) -> Result<Vec<(Field, String)>, Error> {
    let db = complaints.db().read();
    let waybills = crate::pages::new::waybills(filled.text(Field::Waybills));
    let found = match store::waybills::of_customer(db, actor, customer, &waybills).await {
        Err(Error::Invalid(_)) => Vec::new(),
        found => found?,
    };
    let ids: Vec<String> = found.into_iter().map(|(id, _)| id).collect();
    let (lane, goods) = freight(tongue, db, actor, &ids).await?;
    Ok(vec![(Field::TakenBy, actor.name.clone()), (Field::Lane, plain(&lane)), (Field::Goods, plain(&goods))])
}

async fn draft(
    plan: &mut Plan,
    tongue: Tongue<'_>,
    complaints: &Complaints,
    customer: CustomerId,
    filled: &Filled,
) -> Result<Option<ComplaintDraft>, Error> {
    let db = complaints.db().read();
    let (mut contact, mut department) = (None, None);
    let name = filled.text(Field::Contact);
    if !name.is_empty() {
        let known = people::contacts(db, &customer).await?;
        contact = known.into_iter().find(|one| one.name == name || called(one) == name);
        if contact.is_none() {
            plan.wrong(Field::Contact, Message::new("complaint-no_such_contact"));
        }
    }
    let name = filled.text(Field::Department);
    if !name.is_empty() {
        department = people::departments(db).await?.into_iter().find(|one| one.name == name);
        if department.is_none() {
            plan.wrong(Field::Department, Message::new("complaint-sheet-no_department"));
        }
    }
    let received = filled.text(Field::Received);
    let received_at = crate::views::instant(&received.replace(' ', "T")).unwrap_or_else(|()| {
        plan.wrong(Field::Received, cell_message("complaint-sheet-unreadable", tongue, Field::Received, received));
        None
    });
    let channel = filled.text(Field::Channel).parse::<Channel>();
    let category = filled.text(Field::Category).parse::<Category>();
    for (field, missing) in [(Field::Channel, channel.is_err()), (Field::Category, category.is_err())] {
        if missing {
            plan.wrong(field, Message::new("complaint-choose"));
        }
    }
    let (Ok(channel), Ok(category)) = (channel, category) else { return Ok(None) };
    Ok(Some(ComplaintDraft {
        customer,
        department: department.map(|one| one.id),
        contact: contact.map(|one| one.contact_id()),
        channel,
        category,
        severity: filled.text(Field::Severity).parse::<Severity>().unwrap_or_default(),
        express: filled.text(Field::IsExpress) == YES,
        words: filled.text(Field::Words).to_owned(),
        wish: filled.text(Field::Wish).to_owned(),
        received_at,
        owner: None,
        waybills: crate::pages::new::waybills(filled.text(Field::Waybills)),
        repeat_of: None,
    }))
}

impl Plan {
    /// What logging it would refuse, and whether it stands here already.
    async fn check(&mut self, complaints: &Complaints, actor: &Actor, draft: &ComplaintDraft) -> Result<(), Error> {
        let db = complaints.db().read();
        let problems = crate::rules::draft_problems(draft, actor.now);
        let fields = [
            ("words", Field::Words),
            ("wish", Field::Wish),
            ("received_at", Field::Received),
            ("waybills", Field::Waybills),
        ];
        let checked = if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) };
        self.told(checked, &fields)?;
        let found = store::waybills::of_customer(db, actor, &draft.customer, &draft.waybills).await;
        self.told(found.map(drop), &fields)?;
        if draft.department.is_none() && actor.department.is_none() {
            self.wrong(Field::Department, Message::new("complaint-department_missing"));
        }
        let earlier = store::of_customer(db, &draft.customer, EARLIER).await?;
        let when = |at| texts::format::time(at);
        let same_time = |one: &crate::complaint::Model| match draft.received_at {
            Some(at) => when(at) == when(one.received_at),
            None => Actor::day_of(one.received_at) == actor.today(),
        };
        if let Some(same) = earlier.iter().find(|one| plain(&one.words) == draft.words && same_time(one)) {
            let message = Message::new("complaint-sheet-stands_already").with("number", &same.number);
            self.wrong(Field::Words, message);
        }
        Ok(())
    }
}
