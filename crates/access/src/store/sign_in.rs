use base::{Error, Instant, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, ExprTrait, JoinType, QueryOrder, QuerySelect};

use crate::api_key::KeyId;
use crate::session::IDLE;
use crate::{api_key, session, sign_in_link, user};

/// The session and its user. The one place that decides whether an old cookie is still somebody.
///
/// # Errors
/// When the database does not answer.
pub async fn living_session(
    db: &impl ConnectionTrait,
    token_hash: &str,
    now: Instant,
) -> Result<Option<(session::Model, user::Model)>, Error> {
    let session = session::Entity::find_by_id(token_hash)
        .join(JoinType::InnerJoin, user_of_session())
        .filter(user::Column::Status.eq(user::Status::Active))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(session::Column::LastSeenAt.gt(now - IDLE))
        .one(db)
        .await?;
    let Some(session) = session else {
        return Ok(None);
    };
    Ok(active_user(db, &session.user_id).await?.map(|user| (session, user)))
}

/// The key and its user, when the key lives and the user may sign in.
///
/// # Errors
/// When the database does not answer.
pub async fn living_key(
    db: &impl ConnectionTrait,
    secret_hash: &str,
    now: Instant,
) -> Result<Option<(api_key::Model, user::Model)>, Error> {
    let key = api_key::Entity::find()
        .filter(api_key::Column::SecretHash.eq(secret_hash))
        .filter(api_key::Column::EndedAt.is_null())
        .filter(api_key::Column::ExpiresAt.gt(now))
        .one(db)
        .await?;
    let Some(key) = key else {
        return Ok(None);
    };
    Ok(active_user(db, &key.user_id).await?.map(|user| (key, user)))
}

async fn active_user(db: &impl ConnectionTrait, id: &UserId) -> Result<Option<user::Model>, Error> {
    let active = user::Entity::find_by_id(id.clone()).filter(user::Column::Status.eq(user::Status::Active));
    Ok(active.one(db).await?)
}

fn user_of_session() -> RelationDef {
    session::Entity::belongs_to(user::Entity).from(session::Column::UserId).to(user::Column::Id).into()
}

/// # Errors
/// When the database refuses the write.
pub async fn add_session(tx: &impl ConnectionTrait, session: session::Model) -> Result<(), Error> {
    let row = session::ActiveModel::from(session).reset_all();
    session::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// # Errors
/// When the database refuses the write.
pub async fn see_session(tx: &impl ConnectionTrait, token_hash: &str, now: Instant) -> Result<(), Error> {
    session::Entity::update_many()
        .col_expr(session::Column::LastSeenAt, Expr::value(now))
        .filter(session::Column::TokenHash.eq(token_hash))
        .exec(tx)
        .await?;
    Ok(())
}

/// Sessions that still sign somebody in, last seen first; of one user or of all.
///
/// # Errors
/// When the database does not answer.
pub async fn living_sessions(
    db: &impl ConnectionTrait,
    user: Option<&UserId>,
    now: Instant,
) -> Result<Vec<session::Model>, Error> {
    let mut query = living(now).limit(500);
    if let Some(user) = user {
        query = query.filter(session::Column::UserId.eq(user.clone()));
    }
    Ok(query.all(db).await?)
}

/// The same, from before a place on.
///
/// # Errors
/// When the database does not answer.
pub async fn living_sessions_before(
    db: &impl ConnectionTrait,
    before: Option<(Instant, String)>,
    rows: u64,
    now: Instant,
) -> Result<Vec<session::Model>, Error> {
    use session::Column::{LastSeenAt, TokenHash};
    let mut query = living(now).limit(rows);
    if let Some((at, hash)) = before {
        query = query.filter(LastSeenAt.lt(at).or(LastSeenAt.eq(at).and(TokenHash.lt(hash))));
    }
    Ok(query.all(db).await?)
}

fn living(now: Instant) -> Select<session::Entity> {
    session::Entity::find()
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(session::Column::LastSeenAt.gt(now - IDLE))
        .order_by_desc(session::Column::LastSeenAt)
        .order_by_desc(session::Column::TokenHash)
}

/// # Errors
/// When the database does not answer.
pub async fn session(db: &impl ConnectionTrait, token_hash: &str) -> Result<session::Model, Error> {
    session::Entity::find_by_id(token_hash).one(db).await?.ok_or(Error::NotFound)
}

/// # Errors
/// When the database refuses the write.
pub async fn end_session(tx: &impl ConnectionTrait, token_hash: &str, now: Instant) -> Result<(), Error> {
    session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(now))
        .filter(session::Column::TokenHash.eq(token_hash))
        .filter(session::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends all sessions and unused links of a user.
///
/// # Errors
/// When the database refuses the write.
pub async fn end_all_of(tx: &impl ConnectionTrait, user: &UserId, now: Instant) -> Result<(), Error> {
    session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(now))
        .filter(session::Column::UserId.eq(user.clone()))
        .filter(session::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    sign_in_link::Entity::update_many()
        .col_expr(sign_in_link::Column::UsedAt, Expr::value(now))
        .filter(sign_in_link::Column::UserId.eq(user.clone()))
        .filter(sign_in_link::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// # Errors
/// When the database refuses the write.
pub async fn end_keys_of(tx: &impl ConnectionTrait, user: &UserId, now: Instant) -> Result<(), Error> {
    api_key::Entity::update_many()
        .col_expr(api_key::Column::EndedAt, Expr::value(now))
        .filter(api_key::Column::UserId.eq(user.clone()))
        .filter(api_key::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// # Errors
/// When the database refuses the write.
pub async fn add_key(tx: &impl ConnectionTrait, key: api_key::Model) -> Result<(), Error> {
    let row = api_key::ActiveModel::from(key).reset_all();
    api_key::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Newest first, of one user or of all; those that are over too.
///
/// # Errors
/// When the database does not answer.
pub async fn keys(db: &impl ConnectionTrait, user: Option<&UserId>) -> Result<Vec<api_key::Model>, Error> {
    let mut query =
        api_key::Entity::find().order_by_desc(api_key::Column::CreatedAt).order_by_desc(api_key::Column::Id).limit(500);
    if let Some(user) = user {
        query = query.filter(api_key::Column::UserId.eq(user.clone()));
    }
    Ok(query.all(db).await?)
}

/// # Errors
/// `NotFound`, or when the database does not answer.
pub async fn key(db: &impl ConnectionTrait, id: &KeyId) -> Result<api_key::Model, Error> {
    api_key::Entity::find_by_id(id.clone()).one(db).await?.ok_or(Error::NotFound)
}

/// # Errors
/// When the database refuses the write.
pub async fn use_key(tx: &impl ConnectionTrait, id: &KeyId, now: Instant) -> Result<(), Error> {
    api_key::Entity::update_many()
        .col_expr(api_key::Column::LastUsedAt, Expr::value(now))
        .filter(api_key::Column::Id.eq(id.clone()))
        .exec(tx)
        .await?;
    Ok(())
}

/// # Errors
/// When the database refuses the write.
pub async fn end_key(tx: &impl ConnectionTrait, id: &KeyId, now: Instant) -> Result<(), Error> {
    api_key::Entity::update_many()
        .col_expr(api_key::Column::EndedAt, Expr::value(now))
        .filter(api_key::Column::Id.eq(id.clone()))
        .filter(api_key::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// # Errors
/// When the database refuses the write.
pub async fn add_link(tx: &impl ConnectionTrait, link: sign_in_link::Model) -> Result<(), Error> {
    let row = sign_in_link::ActiveModel::from(link).reset_all();
    sign_in_link::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// A link that can still be used, and its user.
///
/// # Errors
/// When the database does not answer.
pub async fn open_link(
    db: &impl ConnectionTrait,
    token_hash: &str,
    now: Instant,
) -> Result<Option<user::Model>, Error> {
    let link = sign_in_link::Entity::find_by_id(token_hash)
        .filter(sign_in_link::Column::UsedAt.is_null())
        .filter(sign_in_link::Column::ExpiresAt.gt(now))
        .one(db)
        .await?;
    match link {
        Some(link) => active_user(db, &link.user_id).await,
        None => Ok(None),
    }
}

/// Nobody comes in by an earlier link of this user any more.
///
/// # Errors
/// When the database refuses the write.
pub async fn end_links_of(tx: &impl ConnectionTrait, user: &UserId, now: Instant) -> Result<(), Error> {
    sign_in_link::Entity::update_many()
        .col_expr(sign_in_link::Column::UsedAt, Expr::value(now))
        .filter(sign_in_link::Column::UserId.eq(user.clone()))
        .filter(sign_in_link::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Takes the link for this transaction; false when somebody else had it first.
///
/// # Errors
/// When the database refuses the write.
pub async fn use_link(tx: &impl ConnectionTrait, token_hash: &str, now: Instant) -> Result<bool, Error> {
    let taken = sign_in_link::Entity::update_many()
        .col_expr(sign_in_link::Column::UsedAt, Expr::value(now))
        .filter(sign_in_link::Column::TokenHash.eq(token_hash))
        .filter(sign_in_link::Column::UsedAt.is_null())
        .filter(sign_in_link::Column::ExpiresAt.gt(now))
        .exec(tx)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// All but one, which goes on; links stay, because they ask for what the user needs to sign in now.
///
/// # Errors
/// When the database refuses the write.
pub async fn end_others_of(tx: &impl ConnectionTrait, user: &UserId, kept: &str, now: Instant) -> Result<(), Error> {
    session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(now))
        .filter(session::Column::UserId.eq(user.clone()))
        .filter(session::Column::TokenHash.ne(kept))
        .filter(session::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}
