//! Whether somebody may still do what he began: a file may wait and be read for long after the request that brought it.

use access::{Reach, user};
use base::{Actor, ActorKind, Error};
use db::Tx;

use crate::store::people;

/// Asked in the transaction that writes. Until it ends, nobody can disable the person or give him other roles.
///
/// # Errors
/// `Forbidden` when the person or the key may not act any more, or has lost any right that he began with.
pub(crate) async fn require(tx: &Tx, actor: &Actor) -> Result<(), Error> {
    let Some(id) = actor.user_id() else {
        // The operator's own command.
        return Ok(());
    };
    let person = people::person(tx, id).await?;
    let active = person.filter(|person| person.status == user::Status::Active).ok_or(Error::Forbidden)?;
    if let ActorKind::Key { id, .. } = &actor.kind {
        let key = people::key(tx, id).await?;
        key.filter(|key| key.lives(actor.now)).ok_or(Error::Forbidden)?;
    }
    let rights = people::rights(tx, id).await?;
    let moved = active.department_id != actor.department;
    let keeps = actor.permissions.iter().all(|(permission, scope)| {
        let began_with = Reach::from(scope);
        rights.get(permission.0).is_some_and(|now| *now >= began_with) && !(moved && began_with == Reach::Department)
    });
    if keeps { Ok(()) } else { Err(Error::Forbidden) }
}
