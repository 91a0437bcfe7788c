use base::{Error, Instant};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect, Set};

use crate::rules::Tried;
use crate::sign_in_try::{ActiveModel, Column, Entity, SignInTryId, WITHIN, network};
use crate::{session, user};

/// Forgets tries that no longer count.
///
/// # Errors
/// When the database refuses the write.
pub async fn forget_old(tx: &impl ConnectionTrait, now: Instant) -> Result<(), Error> {
    Entity::delete_many().filter(Column::At.lte(now - WITHIN)).exec(tx).await?;
    Ok(())
}

/// How often it was tried. What has no address counts by its login alone.
///
/// # Errors
/// When the database does not answer.
pub async fn tried(db: &impl ConnectionTrait, login: &str, address: &str) -> Result<Tried, Error> {
    let of_login = || Entity::find().filter(Column::Login.eq(login));
    let here = of_login().filter(Column::Address.eq(address)).count(db).await?;
    if address.is_empty() {
        return Ok(Tried { here, from_address: 0, of_login: 0 });
    }
    let from_address = Entity::find().filter(Column::Address.eq(address)).count(db).await?;
    let of_login = of_login().filter(Column::Address.ne("")).count(db).await?;
    Ok(Tried { here, from_address, of_login })
}

/// # Errors
/// When the database refuses the write.
pub async fn add(tx: &impl ConnectionTrait, login: &str, address: &str, now: Instant) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(SignInTryId::new(now)),
        login: Set(login.into()),
        address: Set(address.into()),
        at: Set(now),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// # Errors
/// When the database refuses the write.
pub async fn forget(tx: &impl ConnectionTrait, login: &str, address: &str) -> Result<(), Error> {
    Entity::delete_many().filter(Column::Login.eq(login)).filter(Column::Address.eq(address)).exec(tx).await?;
    Ok(())
}

/// Whether the user of the login has signed in from that address; the latest hundred sessions are looked at.
///
/// # Errors
/// When the database does not answer.
pub async fn has_been_at(db: &impl ConnectionTrait, login: &str, address: &str) -> Result<bool, Error> {
    let Some(user) = user::Entity::find().filter(user::Column::Login.eq(login)).one(db).await? else {
        return Ok(false);
    };
    let sessions = session::Entity::find()
        .filter(session::Column::UserId.eq(user.id))
        .order_by_desc(session::Column::CreatedAt)
        .limit(100)
        .all(db)
        .await?;
    Ok(sessions.iter().any(|session| network(&session.address) == address))
}
