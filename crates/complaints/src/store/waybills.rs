//! The shipments that a complaint names.

use base::{Actor, CustomerId, Error, FieldProblem, Message};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QuerySelect};
use shipments::shipment;

/// Id and number of the customer's shipments of these waybills. One of a customer whom the actor may not see is as
/// unknown as one that nobody has.
///
/// # Errors
/// `Invalid` for a waybill that is unknown or another customer's.
pub async fn of_customer(
    db: &impl ConnectionTrait,
    actor: &Actor,
    customer: &CustomerId,
    waybills: &[String],
) -> Result<Vec<(String, String)>, Error> {
    use shipment::Column;
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for waybill in waybills.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        let wrong = |key| FieldProblem::new("waybills", Message::new(key).with("waybill", waybill));
        if waybill.contains('\0') {
            problems.push(wrong("complaint-no_such_waybill"));
            continue;
        }
        let own = shipment::Entity::find()
            .filter(Column::Waybill.eq(waybill))
            .filter(Column::CustomerId.eq(customer.clone()))
            .limit(10)
            .all(db)
            .await?;
        if !own.is_empty() {
            found.extend(own.into_iter().map(|one| (one.id, one.waybill)));
            continue;
        }
        let seen = actor.has(shipments::VIEW);
        let other = shipments::store::visible_to(actor).filter(Column::Waybill.eq(waybill)).one(db).await?;
        problems.push(match other {
            Some(_) if seen => wrong("complaint-waybill_of_another"),
            _ => wrong("complaint-no_such_waybill"),
        });
    }
    if problems.is_empty() { Ok(found) } else { Err(Error::Invalid(problems)) }
}
