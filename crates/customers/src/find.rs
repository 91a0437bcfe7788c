//! Customers by what a file calls them.

use std::collections::{BTreeMap, BTreeSet};

use base::{Actor, CustomerId, Error, UserId};
use db::Tx;
use sea_orm::ConnectionTrait;

use crate::called::Called;
use crate::forms::CustomerDraft;
use crate::{rules, service, store};

/// Who is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    One(CustomerId),
    /// More than one customer is called so; nobody guesses.
    Several,
}

/// Customers by credit code, full name, short, former or English name: what fits first counts. Texts that fit no
/// customer are left out. Whoever may see them: a file must not create a second customer beside a hidden one.
///
/// # Errors
/// When the database does not answer.
pub async fn find_many(db: &impl ConnectionTrait, names: &[String]) -> Result<BTreeMap<String, Found>, Error> {
    let keys: BTreeSet<String> = names.iter().map(|name| rules::name_key(name)).filter(|key| !key.is_empty()).collect();
    let mut by_key: BTreeMap<String, (Called, BTreeSet<String>)> = BTreeMap::new();
    for row in store::called(db, keys).await? {
        let (called, ids) = by_key.entry(row.name_key).or_insert_with(|| (row.kind, BTreeSet::new()));
        if row.kind < *called {
            (*called, *ids) = (row.kind, BTreeSet::new());
        }
        if row.kind == *called {
            ids.insert(row.customer_id);
        }
    }
    let found = |name: &String| {
        let (_, ids) = by_key.get(&rules::name_key(name))?;
        match (ids.len(), ids.first()) {
            (1, Some(id)) => Some((name.clone(), Found::One(CustomerId(id.clone())))),
            _ => Some((name.clone(), Found::Several)),
        }
    };
    Ok(names.iter().filter_map(found).collect())
}

/// What a list of something else says about a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    pub name: String,
    pub owner_id: Option<UserId>,
}

/// Those of these customers that the actor may see.
///
/// # Errors
/// When the database does not answer.
pub async fn briefly(
    db: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[CustomerId],
) -> Result<BTreeMap<CustomerId, Brief>, Error> {
    let named = store::named(db, actor, ids).await?;
    Ok(named.into_iter().map(|(id, (name, owner_id))| (id, Brief { name, owner_id })).collect())
}

/// Creates a customer of whom only the name is known, in an open transaction.
///
/// # Errors
/// `Forbidden` without the permission to create customers; otherwise as `Customers::create`.
pub async fn create_named(tx: &Tx, actor: &Actor, name: &str) -> Result<CustomerId, Error> {
    actor.require(crate::CREATE)?;
    Ok(service::create_in(tx, actor, CustomerDraft::named(name)).await?.customer_id())
}
