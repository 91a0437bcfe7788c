//! What the pages show beside the record itself.

use std::collections::{BTreeMap, BTreeSet};

use base::{Actor, Error, Scope, UserId};
use chrono::Duration;

use super::Customers;
use crate::customer::Model;
use crate::store::{self, departments, parts, touches};
use crate::{department, figures, interaction, rules};

/// What a page of the list shows beside its rows, each by customer or by person.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    pub owners: BTreeMap<UserId, String>,
    pub tags: BTreeMap<String, Vec<String>>,
    /// The earliest open next step.
    pub steps: BTreeMap<String, interaction::Model>,
    /// Only of customers whose shipments the actor may see.
    pub figures: BTreeMap<String, figures::Model>,
}

impl Customers {
    pub(crate) async fn beside(&self, actor: &Actor, rows: &[Model]) -> Result<Beside, Error> {
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let owners: BTreeSet<UserId> = rows.iter().filter_map(|row| row.owner_id.clone()).collect();
        Ok(Beside {
            owners: self.names_of(owners.into_iter().collect()).await?,
            tags: parts::tags_of_all(self.db().read(), &ids).await?,
            steps: touches::next_steps(self.db().read(), &ids).await?,
            figures: self.figures(actor, &ids).await?,
        })
    }

    /// By customer; only of customers whose shipments the actor may see.
    pub(crate) async fn figures(
        &self,
        actor: &Actor,
        ids: &[String],
    ) -> Result<BTreeMap<String, figures::Model>, Error> {
        store::figures::of_reached(self.db().read(), actor, crate::FIGURES, ids).await
    }

    /// An order tells something about every customer in it.
    pub(crate) fn may_sort_by_shipments(&self, actor: &Actor) -> bool {
        let reach = actor.scope(crate::FIGURES);
        reach == Some(Scope::All) || (reach.is_some() && reach == actor.scope(crate::VIEW))
    }

    /// Those of these interactions that the actor may take back.
    pub(crate) async fn fresh_among(&self, actor: &Actor, ids: &[String]) -> Result<BTreeSet<String>, Error> {
        let Some(me) = actor.user_id() else { return Ok(BTreeSet::new()) };
        let since = actor.now - Duration::hours(rules::TAKE_BACK_HOURS);
        let own = touches::logged_by(self.db().read(), me, since, ids).await?;
        Ok(own.into_iter().filter(|row| rules::may_take_back(row, actor).is_ok()).map(|row| row.id).collect())
    }

    /// All departments by name, each with whether the actor may see its customers beyond his own.
    pub(crate) async fn departments(&self, actor: &Actor) -> Result<Vec<(department::Model, bool)>, Error> {
        let all = departments::departments(self.db().read()).await?;
        let scope = actor.scope(crate::VIEW);
        let seen = |one: &department::Model| match &scope {
            Some(Scope::All) => true,
            Some(Scope::Departments(some)) => some.contains(&one.id),
            _ => false,
        };
        Ok(all.into_iter().map(|one| (seen(&one), one)).map(|(seen, one)| (one, seen)).collect())
    }

    /// The name of a customer's department; empty when it has none.
    pub(crate) async fn department_name(&self, customer: &Model) -> Result<String, Error> {
        let Some(id) = &customer.department_id else { return Ok(String::new()) };
        let all = departments::departments(self.db().read()).await?;
        Ok(all.into_iter().find(|one| one.id == *id).map(|one| one.name).unwrap_or_default())
    }

    /// Whether a customer that the actor sees is also within the reach of another of his permissions.
    pub(crate) async fn may(
        &self,
        actor: &Actor,
        permission: base::Permission,
        customer: &Model,
    ) -> Result<bool, Error> {
        if !actor.has(permission) {
            return Ok(false);
        }
        match store::get(self.db().read(), actor, permission, &customer.customer_id()).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
