//! What belongs to a customer in tables of its own: names, tags, addresses.

use std::collections::BTreeMap;

use base::{CustomerId, Error};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, IntoActiveModel, QueryOrder};

use super::IN_ONE_QUERY;
use crate::forms::CustomerDraft;
use crate::{address, called, rules, search, tag};

/// What a changed customer has now, for what it had before.
///
/// # Errors
/// When the database refuses the write.
pub async fn replace(tx: &impl ConnectionTrait, id: &CustomerId, draft: &CustomerDraft) -> Result<(), Error> {
    tag::Entity::delete_many().filter(tag::Column::CustomerId.eq(id.as_str())).exec(tx).await?;
    address::Entity::delete_many().filter(address::Column::CustomerId.eq(id.as_str())).exec(tx).await?;
    called::Entity::delete_many().filter(called::Column::CustomerId.eq(id.as_str())).exec(tx).await?;
    search::Entity::delete_many().filter(search::Column::CustomerId.eq(id.as_str())).exec(tx).await?;
    add(tx, &[(id.as_str(), draft)]).await
}

/// What belongs to new customers.
///
/// # Errors
/// When the database refuses the write.
pub async fn add(tx: &impl ConnectionTrait, customers: &[(&str, &CustomerDraft)]) -> Result<(), Error> {
    let (mut tags, mut names, mut addresses, mut found_by) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (id, draft) in customers {
        let customer_id = || (*id).to_owned();
        tags.extend(draft.tags.iter().map(|tag| tag::Model { customer_id: customer_id(), tag: tag.clone() }));
        let called = rules::called(draft).into_iter();
        names.extend(called.map(|(kind, name_key)| called::Model { customer_id: customer_id(), kind, name_key }));
        let words = rules::search_key(draft);
        let spoken = rules::spoken_key(&words);
        found_by.push(search::Model { customer_id: customer_id(), words, spoken });
        addresses.extend((1..).zip(&draft.addresses).map(|(no, address)| address::Model {
            customer_id: customer_id(),
            no,
            kind: address.kind,
            country: address.country.clone(),
            province: address.province.clone(),
            city: address.city.clone(),
            line: address.line.clone(),
        }));
    }
    for some in tags.chunks(IN_ONE_QUERY) {
        let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
        tag::Entity::insert_many::<tag::ActiveModel, _>(rows).exec_without_returning(tx).await?;
    }
    for some in names.chunks(IN_ONE_QUERY) {
        let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
        called::Entity::insert_many::<called::ActiveModel, _>(rows).exec_without_returning(tx).await?;
    }
    for some in found_by.chunks(IN_ONE_QUERY) {
        let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
        search::Entity::insert_many::<search::ActiveModel, _>(rows).exec_without_returning(tx).await?;
    }
    for some in addresses.chunks(IN_ONE_QUERY) {
        let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
        address::Entity::insert_many::<address::ActiveModel, _>(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// # Errors
/// When the database does not answer.
pub async fn tags_of(db: &impl ConnectionTrait, id: &CustomerId) -> Result<Vec<String>, Error> {
    Ok(tags_of_all(db, &[id.to_string()]).await?.remove(id.as_str()).unwrap_or_default())
}

/// By customer; one without tags is left out.
///
/// # Errors
/// When the database does not answer.
pub async fn tags_of_all(db: &impl ConnectionTrait, ids: &[String]) -> Result<BTreeMap<String, Vec<String>>, Error> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for some in ids.chunks(IN_ONE_QUERY) {
        let rows = tag::Entity::find().filter(tag::Column::CustomerId.is_in(some));
        for row in rows.order_by_asc(tag::Column::Tag).all(db).await? {
            all.entry(row.customer_id).or_default().push(row.tag);
        }
    }
    Ok(all)
}

/// # Errors
/// When the database does not answer.
pub async fn addresses_of(db: &impl ConnectionTrait, id: &CustomerId) -> Result<Vec<address::Model>, Error> {
    Ok(addresses_of_all(db, &[id.to_string()]).await?.remove(id.as_str()).unwrap_or_default())
}

/// By customer; one without addresses is left out.
///
/// # Errors
/// When the database does not answer.
pub async fn addresses_of_all(
    db: &impl ConnectionTrait,
    ids: &[String],
) -> Result<BTreeMap<String, Vec<address::Model>>, Error> {
    let mut all: BTreeMap<String, Vec<address::Model>> = BTreeMap::new();
    for some in ids.chunks(IN_ONE_QUERY) {
        let rows = address::Entity::find().filter(address::Column::CustomerId.is_in(some));
        for row in rows.order_by_asc(address::Column::No).all(db).await? {
            all.entry(row.customer_id.clone()).or_default().push(row);
        }
    }
    Ok(all)
}
