//! Many rows and many values at once.

use base::Instant;
use chrono::Duration;
use db::{Db, bulk, db_tests, dialect, outbox, packed};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{ConnectionTrait, EntityTrait, ExprTrait, QueryOrder};

use crate::{execute, monday};

fn event(number: i64, attempts: i32) -> outbox::Model {
    let at = monday() + Duration::microseconds(number);
    outbox::Model {
        id: format!("{number:036}"),
        kind: "quote ' back \\ 为".into(),
        payload: serde_json::json!({"name": "明为\n\"公司\"", "number": number, "nothing": null}),
        happened_at: at,
        delivered_at: (number % 2 == 0).then_some(at),
        attempts,
        next_attempt_at: at,
    }
}

db_tests! {
    async fn thousands_of_rows_are_read_back_as_they_were_written(db: Db) {
        let new: Vec<_> = (0..2_500).map(|number| event(number, 0)).collect();
        let changed: Vec<_> = (2_000..2_600).map(|number| event(number, 7)).collect();
        let replace = OnConflict::column(outbox::Column::Id).update_column(outbox::Column::Attempts).to_owned();
        let tx = db.begin_large().await.unwrap();
        assert_eq!(bulk::put::<outbox::Entity>(&tx, new.clone(), replace.clone()).await.unwrap(), 2_500);
        assert_eq!(bulk::put::<outbox::Entity>(&tx, changed.clone(), replace.clone()).await.unwrap(), 600);
        assert_eq!(bulk::put::<outbox::Entity>(&tx, [], replace).await.unwrap(), 0);
        db.commit(tx).await.unwrap();
        let stored = outbox::Entity::find().order_by_asc(outbox::Column::Id).all(db.read()).await.unwrap();
        assert!(stored[..2_000] == new[..2_000]);
        assert!(stored[2_000..] == changed[..]);
    }

    async fn rows_are_found_by_a_long_list_of_texts(db: Db) {
        execute(&db, "create table names (name text not null)").await;
        execute(&db, "insert into names values ('it''s'), ('明为'), ('\"'), ('other')").await;
        let many: Vec<String> = (0..50_000).map(|number| number.to_string()).collect();
        let wanted = ["it's", "明为", "\"", "nobody"].into_iter().chain(many.iter().map(String::as_str));
        let among = dialect::is_among(db.read(), "name", wanted);
        let query = Query::select().column("name").from("names").and_where(among).to_owned();
        assert_eq!(db.read().query_all(&query).await.unwrap().len(), 3);
        let none = dialect::is_among(db.read(), "name", []);
        let query = Query::select().column("name").from("names").and_where(none.or(false)).to_owned();
        assert!(db.read().query_all(&query).await.unwrap().is_empty());
    }

    async fn a_column_that_no_index_is_asked_about_is_compared_as_it_is(db: Db) {
        execute(&db, "create table names (name text not null)").await;
        execute(&db, "insert into names values ('明为'), ('other')").await;
        let same = dialect::unsought("names.name").eq("明为");
        let query = Query::select().column("name").from("names").and_where(same).to_owned();
        assert_eq!(db.read().query_all(&query).await.unwrap().len(), 1);
    }

    async fn rows_that_come_as_one_text_are_the_rows(db: Db) {
        let new: Vec<_> = (0..3).map(|number| event(number, 4)).collect();
        let tx = db.begin().await.unwrap();
        let keep = OnConflict::column(outbox::Column::Id).do_nothing().to_owned();
        bulk::put::<outbox::Entity>(&tx, new.clone(), keep).await.unwrap();
        db.commit(tx).await.unwrap();
        let columns = ["id", "kind", "happened_at", "delivered_at", "attempts"];
        let below = |id: &str| {
            Query::select().columns(columns).from("outbox_events").and_where(Expr::col("id").lt(id)).to_owned()
        };
        type Row = (String, String, Instant, Option<Instant>, i64);
        let mut rows: Vec<Row> = packed::rows(db.read(), below("9"), &columns).await.unwrap();
        rows.sort();
        let told = |event: outbox::Model| (event.id, event.kind, event.happened_at, event.delivered_at, 4);
        assert_eq!(rows, new.into_iter().map(told).collect::<Vec<_>>());
        assert!(packed::rows::<Row>(db.read(), below("0"), &columns).await.unwrap().is_empty());
    }

    async fn days_of_a_group_come_as_one_text(db: Db) {
        execute(&db, "create table trips (who text not null, on_day date not null)").await;
        execute(&db, "insert into trips values ('a', '2026-11-01'), ('a', '2026-10-31'), ('b', '2026-11-02')").await;
        let query = Query::select()
            .expr(dialect::days_of(db.read(), "on_day"))
            .from("trips")
            .group_by_col("who")
            .order_by("who", sea_orm::Order::Asc)
            .to_owned();
        let rows = db.read().query_all(&query).await.unwrap();
        let days: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
        let mut first: Vec<&str> = days[0].split(',').collect();
        first.sort_unstable();
        assert_eq!((first, days[1].as_str()), (vec!["2026-10-31", "2026-11-01"], "2026-11-02"));
    }
}

#[tokio::test]
async fn memory_for_a_large_transaction_is_given_back_at_the_next_checkpoint() {
    let folder = std::env::temp_dir().join(format!("hawser_many_{}", std::process::id()));
    let db = Db::connect(&db::Location::Sqlite(folder.join("test.db"))).await.unwrap();
    let usual = cache(&db).await;
    let tx = db.begin_large().await.unwrap();
    db.commit(tx).await.unwrap();
    assert!(cache(&db).await < usual, "negative numbers are KiB");
    db.checkpoint().await.unwrap();
    assert_eq!(cache(&db).await, usual);
    db.close().await.unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}

async fn cache(db: &Db) -> i64 {
    let asked = dialect::statement(db.writer(), "pragma cache_size", []);
    db.writer().query_one_raw(asked).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}
