use base::{Error, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, ExprTrait, Set};

use crate::{recovery_code, user};

/// Sets or clears the sealed secret; the first code that fits is yet to come.
///
/// # Errors
/// When the database refuses the write.
pub async fn set_totp(tx: &impl ConnectionTrait, id: &UserId, sealed: Option<String>) -> Result<(), Error> {
    let row = user::ActiveModel { totp_secret: Set(sealed), totp_step: Set(None), ..Default::default() };
    user::Entity::update_many().set(row).filter(user::Column::Id.eq(id.as_str())).exec(tx).await?;
    Ok(())
}

/// Takes the step for this transaction; false when it, or a later one, was used before.
///
/// # Errors
/// When the database refuses the write.
pub async fn use_step(tx: &impl ConnectionTrait, id: &UserId, step: i64) -> Result<bool, Error> {
    use user::Column::{Id, TotpStep};
    let done = user::Entity::update_many()
        .col_expr(TotpStep, Expr::value(step))
        .filter(Id.eq(id.as_str()))
        .filter(TotpStep.is_null().or(TotpStep.lt(step)))
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// These and no others.
///
/// # Errors
/// When the database refuses the write.
pub async fn set_recovery(tx: &impl ConnectionTrait, user: &UserId, hashes: Vec<String>) -> Result<(), Error> {
    use recovery_code::{ActiveModel, Column, Entity};
    Entity::delete_many().filter(Column::UserId.eq(user.clone())).exec(tx).await?;
    for hash in hashes {
        let row = ActiveModel { user_id: Set(user.clone()), code_hash: Set(hash) };
        Entity::insert(row).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Takes the code for this transaction; false when there is none such.
///
/// # Errors
/// When the database refuses the write.
pub async fn use_recovery(tx: &impl ConnectionTrait, user: &UserId, hash: &str) -> Result<bool, Error> {
    use recovery_code::{Column, Entity};
    let taken =
        Entity::delete_many().filter(Column::UserId.eq(user.clone())).filter(Column::CodeHash.eq(hash)).exec(tx);
    Ok(taken.await?.rows_affected == 1)
}

/// How many are left.
///
/// # Errors
/// When the database does not answer.
pub async fn recovery_left(db: &impl ConnectionTrait, user: &UserId) -> Result<u64, Error> {
    use recovery_code::{Column, Entity};
    Ok(Entity::find().filter(Column::UserId.eq(user.clone())).count(db).await?)
}
