//! Customers who were there before the list had its order.

use base::{Actor, PageSize, Scope};
use customers::customer::Stage;
use customers::store::Filter;
use customers::{Customers, VIEW};
use db::Db;
use db::dialect::statement;
use migrations::Migrations;
use sea_orm::ConnectionTrait;
use sea_orm_migration::MigratorTrait;

use crate::{now, person};

/// Steps that had landed by then.
const BEFORE: u32 = 8;

const CUSTOMER: &str = "insert into customers (id, name, name_key, search_key, short_name, former_names, english_name, \
    industry, relation_type, source, stage, stage_reason, notes, created_at, created_by, updated_at, version) \
    values ($1, $2, $2, $2, '', '[]', '', '', 'general', '', 'non_customer', '[]', '', $3, 'x', $3, 1)";

const PROMISE: &str = "insert into interactions (id, customer_id, kind, direction, happened_at, text, next_step, \
    next_step_on, no_next_step, by_name, created_at, version) \
    values ('i', 'a', 'call', 'outgoing', $1, 'x', 'y', $2, $3, 'x', $1, 1)";

async fn as_it_was(db: Db) -> Result<(), base::Error> {
    Migrations::up(db.writer(), Some(BEFORE)).await?;
    let tx = db.begin().await?;
    for (id, name) in [("a", "迅捷物流"), ("b", "明为公司")] {
        tx.execute_raw(statement(&tx, CUSTOMER, [id.into(), name.into(), now().into()])).await?;
    }
    let due: base::Day = Actor::day_of(now());
    tx.execute_raw(statement(&tx, PROMISE, [now().into(), due.into(), false.into()])).await?;
    db.commit(tx).await?;
    migrations::run(&db).await
}

async fn they_are_found_sorted_and_prospects(db: Db) {
    let customers = Customers::new(db);
    let boss = person("boss", "x", Scope::All);
    assert!(boss.has(VIEW));
    let page = customers.list(&boss, &Filter::default(), PageSize(9)).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["明为公司", "迅捷物流"]);
    assert!(page.rows.iter().all(|row| row.stage == Stage::Prospect && row.stage_since.is_none()));
    assert_eq!(page.rows[1].next_step_due, boss.today());
    let found = Filter { words: "xjwl".into(), ..Filter::default() };
    assert_eq!(customers.count(&boss, &found).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn older_customers_stand_in_order_on_sqlite() {
    db::testing::on_sqlite(as_it_was, they_are_found_sorted_and_prospects).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn older_customers_stand_in_order_on_postgres() {
    db::testing::on_postgres(as_it_was, they_are_found_sorted_and_prospects).await;
}
