//! Rights that are lost between the check of a file and its commit.

use base::{Actor, ActorKind, DepartmentId, Error, Scope, UserId};
use db::Db;
use exchange::batch::{Model, State};
use exchange::{RUN, Step};
use sea_orm::ConnectionTrait;

use crate::pallets::{self, PALLETS};
use crate::steps::{LONG, checked, why};
use crate::world::{World, somebody, world};

async fn execute(db: &Db, sql: &str) {
    let tx = db.begin().await.unwrap();
    tx.execute_unprepared(sql).await.unwrap();
    db.commit(tx).await.unwrap();
}

/// The actor is the one that the request began with.
async fn is_refused(db: &Db, world: &World, actor: &Actor, batch: &Model) {
    let refused = world.imports.start(actor, &batch.id, Step::Commit, LONG).await;
    assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
    let kept = world.imports.batch(actor, &batch.id).await.unwrap();
    assert_eq!((kept.state, why(&kept).as_str()), (State::Previewed, "error-forbidden"));
    assert!(pallets::stored(db).await.is_empty());
}

async fn is_written(db: &Db, world: &World, actor: &Actor, batch: &Model) {
    let ended = world.imports.start(actor, &batch.id, Step::Commit, LONG).await.unwrap();
    assert_eq!(ended.state, State::Committed);
    assert_eq!(pallets::stored(db).await.len(), 2);
}

db::db_tests! {
    async fn a_file_of_somebody_disabled_meanwhile_is_not_written(db: Db) {
        let (world, zhang) = (world(&db).await, somebody("zhang"));
        let batch = checked(&world, &zhang).await;
        execute(&db, "update users set status = 'disabled' where id = 'zhang'").await;
        is_refused(&db, &world, &zhang, &batch).await;
        execute(&db, "update users set status = 'active' where id = 'zhang'").await;
        is_written(&db, &world, &zhang, &batch).await;
    }

    async fn a_file_of_somebody_who_lost_his_role_is_not_written(db: Db) {
        let (world, zhang) = (world(&db).await, somebody("zhang"));
        let batch = checked(&world, &zhang).await;
        execute(&db, "delete from user_roles where user_id = 'zhang'").await;
        is_refused(&db, &world, &zhang, &batch).await;
    }

    async fn a_file_of_somebody_whose_role_reaches_less_is_not_written(db: Db) {
        let (world, mut zhang) = (world(&db).await, somebody("zhang"));
        let batch = checked(&world, &zhang).await;
        zhang.permissions.insert(PALLETS, Scope::All);
        is_refused(&db, &world, &zhang, &batch).await;
    }

    async fn a_file_of_somebody_who_moved_is_not_written_into_his_old_department(db: Db) {
        let (world, mut zhang) = (world(&db).await, somebody("zhang"));
        let batch = checked(&world, &zhang).await;
        execute(&db, "update role_permissions set scope = 'department'").await;
        zhang.department = Some(DepartmentId("sea".into()));
        zhang.permissions.insert(RUN, Scope::Departments(vec![DepartmentId("sea".into())]));
        is_refused(&db, &world, &zhang, &batch).await;
        execute(&db, "update users set department_id = 'sea' where id = 'zhang'").await;
        is_written(&db, &world, &zhang, &batch).await;
    }

    async fn a_file_by_a_key_that_was_ended_is_not_written(db: Db) {
        let (world, zhang) = (world(&db).await, somebody("zhang"));
        let key = Actor { kind: ActorKind::Key { id: "key".into(), user: UserId("zhang".into()) }, ..zhang };
        let batch = checked(&world, &key).await;
        execute(&db, "update api_keys set ended_at = '2026-02-01T00:00:00Z'").await;
        is_refused(&db, &world, &key, &batch).await;
        execute(&db, "update api_keys set ended_at = null").await;
        is_written(&db, &world, &key, &batch).await;
    }
}
