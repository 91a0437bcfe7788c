use base::{Actor, DepartmentId, Error};
use serde_json::json;

use super::{Access, granting::may_reparent, people::known_department};
use crate::store::people as store;
use crate::{DEPARTMENTS, department, rules};

impl Access {
    /// By name. Open to everybody: lists show the department of a record.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn departments(&self) -> Result<Vec<department::Model>, Error> {
        store::all_departments(self.db.read()).await
    }

    /// # Errors
    /// `Invalid`, or `NotFound` for the department above.
    pub async fn create_department(
        &self,
        actor: &Actor,
        name: &str,
        parent: Option<DepartmentId>,
    ) -> Result<DepartmentId, Error> {
        actor.require(DEPARTMENTS)?;
        let name = name.trim().to_owned();
        if let Some(problem) = rules::name_problem(&name) {
            return Err(Error::Invalid(vec![problem]));
        }
        let tx = self.db.begin().await?;
        if let Some(parent) = &parent {
            known_department(&store::all_departments(&tx).await?, parent)?;
        }
        let id = DepartmentId::new(actor.now);
        let row = department::Model {
            id: id.clone(),
            parent_id: parent,
            name: name.clone(),
            version: 1,
            created_at: actor.now,
        };
        store::add_department(&tx, row).await?;
        let detail = json!({ "name": name });
        db::audit::record(&tx, actor, "department.created", "department", id.as_str(), detail).await?;
        self.db.commit(tx).await?;
        Ok(id)
    }

    /// Renames and moves.
    ///
    /// # Errors
    /// `Invalid`, `NotFound`, `Conflict`, or a refusal when it would come to stand below itself or
    /// somebody would see more than the actor.
    pub async fn change_department(
        &self,
        actor: &Actor,
        id: &DepartmentId,
        version: i64,
        name: &str,
        parent: Option<DepartmentId>,
    ) -> Result<(), Error> {
        actor.require(DEPARTMENTS)?;
        let name = name.trim();
        if let Some(problem) = rules::name_problem(name) {
            return Err(Error::Invalid(vec![problem]));
        }
        let tx = self.db.begin().await?;
        let all = store::all_departments(&tx).await?;
        let moved = all.iter().find(|one| one.id == *id).ok_or(Error::NotFound)?;
        if let Some(parent) = &parent {
            known_department(&all, parent)?;
        }
        rules::may_move(&all, id, parent.as_ref())?;
        may_reparent(&tx, actor, &all, moved, parent.as_ref()).await?;
        let detail = json!({ "name": name, "parent": parent.as_ref().map(DepartmentId::as_str) });
        store::change_department(&tx, id, version, name, parent).await?;
        db::audit::record(&tx, actor, "department.changed", "department", id.as_str(), detail).await?;
        self.db.commit(tx).await
    }
}
