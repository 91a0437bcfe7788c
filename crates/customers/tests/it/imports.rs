//! What files bring in.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};

use base::{Actor, Error, Scope};
use customers::customer::{RelationType, Size};
use customers::store::Filter;
use customers::{CustomerImport, Customers, InteractionImport, LOG, VIEW, samples};
use db::{Db, db_tests};
use module::{ImportKind, Options, Record, Seen, Shape, Value, Verdict};

use crate::{now, person};

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn row<const N: usize>(row: u64, values: [(&'static str, Value); N]) -> Record {
    Record { row, values: BTreeMap::from(values) }
}

fn unknown_too() -> Options {
    Options { create_customers: true, ..Options::default() }
}

/// As the importer does: plans chunk by chunk, then writes what is new or changed.
async fn import(
    db: &Db,
    actor: &Actor,
    kind: &dyn ImportKind,
    chunks: &[&[Record]],
    options: &Options,
) -> Result<Vec<Verdict>, Error> {
    let mut seen = Seen::default();
    let mut planned = Vec::new();
    for chunk in chunks {
        planned.push(kind.plan(db, actor, chunk, options, &mut seen).await?);
    }
    let tx = db.begin().await?;
    for (chunk, verdicts) in chunks.iter().zip(&planned) {
        let pairs = chunk.iter().zip(verdicts);
        let wanted: Vec<_> = pairs.filter(|(_, v)| matches!(v, Verdict::New | Verdict::Changed(_))).collect();
        if !wanted.is_empty() {
            kind.write(&tx, actor, &wanted, options).await?;
        }
    }
    kind.finish(&tx, actor).await?;
    db.commit(tx).await?;
    Ok(planned.into_iter().flatten().collect())
}

/// Each import comes a little later than the one before.
async fn customers_in(db: &Db, actor: &Actor, rows: &[Record]) -> Vec<Verdict> {
    static IMPORTS: AtomicI64 = AtomicI64::new(0);
    let mut actor = actor.clone();
    actor.now += chrono::Duration::microseconds(IMPORTS.fetch_add(1, Ordering::Relaxed));
    import(db, &actor, &CustomerImport, &[rows], &Options::default()).await.unwrap()
}

fn refusal(verdict: &Verdict) -> (&str, &str) {
    let Verdict::Refused(problems) = verdict else { panic!("not refused: {verdict:?}") };
    (problems[0].field.as_str(), problems[0].message.key.as_str())
}

async fn ids(db: &Db, actor: &Actor) -> Vec<base::CustomerId> {
    let page = Customers::new(db.clone()).list(actor, &Filter::default(), base::PageSize(100)).await.unwrap();
    page.rows.iter().map(|row| row.customer_id()).collect()
}

fn full() -> Record {
    row(
        2,
        [
            ("name", text("明为有限公司")),
            ("short_name", text("明为")),
            ("former_names", text("老明为、Ming Co., Ltd")),
            ("credit_code", text("914403001922038216")),
            ("size", text("medium")),
            ("relation_type", text("channel")),
            ("tags", text("重点，家具")),
            ("rhythm_days", Value::Whole(14)),
            ("city", text("深圳")),
            ("address", text("南山区 1 号")),
        ],
    )
}

db_tests! {
    async fn a_file_brings_customers_and_the_same_file_again_changes_nothing(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let rows = [full(), row(3, [("name", text("迅捷货运"))])];
        assert_eq!(customers_in(&db, &zhang, &rows).await, [Verdict::New, Verdict::New]);
        let customers = Customers::new(db.clone());
        let found = customers.find_by_name_or_code(&zhang, "914403001922038216").await.unwrap();
        let draft = customers.file(&zhang, &found[0].customer_id()).await.unwrap().draft();
        assert_eq!((draft.size, draft.relation_type), (Some(Size::Medium), RelationType::Channel));
        assert_eq!(draft.former_names, ["老明为", "Ming Co., Ltd"]);
        assert_eq!((draft.tags, draft.rhythm_days), (vec!["家具".into(), "重点".into()], Some(14)));
        assert_eq!((draft.addresses[0].city.as_str(), draft.addresses[0].line.as_str()), ("深圳", "南山区 1 号"));
        assert_eq!(draft.owner_id.as_ref(), zhang.user_id());
        assert_eq!(customers_in(&db, &zhang, &rows).await, [Verdict::Unchanged, Verdict::Unchanged]);
        assert_eq!(ids(&db, &zhang).await.len(), 2);
    }

    async fn what_a_changed_customer_was_and_becomes_is_told_by_field(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        customers_in(&db, &zhang, &[full()]).await;
        let said = [("name", text("明为有限公司")), ("size", text("large")), ("tags", text("月结")), ("city", text("广州"))];
        let (changed, new) = (row(2, said), row(3, [("name", text("迅捷货运"))]));
        let told = CustomerImport.differences(&db, &zhang, &[&changed, &new], &Options::default()).await.unwrap();
        let told: Vec<Vec<_>> = told
            .iter()
            .map(|all| {
                let mut told: Vec<_> =
                    all.iter().map(|it| (it.field.as_str(), it.before.as_str(), it.after.as_str())).collect();
                told.sort_unstable();
                told
            })
            .collect();
        let wanted = vec![
            ("address", "深圳 南山区 1 号", "广州 南山区 1 号"),
            ("size", "medium", "large"),
            ("tags", "家具 · 重点", "月结"),
        ];
        assert_eq!(told, [wanted, Vec::new()]);
    }

    async fn a_customer_is_known_by_code_or_name_and_empty_cells_change_nothing(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        customers_in(&db, &zhang, &[full()]).await;
        let by_code = row(2, [("name", text("明为股份公司")), ("credit_code", text(" 914403001922038216"))]);
        assert_eq!(customers_in(&db, &zhang, &[by_code]).await, [Verdict::Changed(vec!["name".into()])]);
        let by_name = row(2, [("name", text("明为 股份公司")), ("industry", text("家具"))]);
        let changed = customers_in(&db, &zhang, &[by_name]).await;
        assert_eq!(changed, [Verdict::Changed(vec!["industry".into(), "name".into()])]);
        let all = ids(&db, &zhang).await;
        let draft = Customers::new(db.clone()).file(&zhang, &all[0]).await.unwrap().draft();
        assert_eq!((all.len(), draft.industry.as_str(), draft.short_name.as_str()), (1, "家具", "明为"));
        let tells = Customers::new(db).changed_since(&zhang, &all[0], 1).await.unwrap();
        assert_eq!(tells.len(), 2);
    }

    async fn a_code_is_added_to_the_customer_of_that_name_and_another_code_is_another_firm(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        customers_in(&db, &zhang, &[row(2, [("name", text("明为公司"))])]).await;
        let first = row(2, [("name", text("明为公司")), ("credit_code", text("914403001922038216"))]);
        assert_eq!(customers_in(&db, &zhang, &[first]).await, [Verdict::Changed(vec!["credit_code".into()])]);
        let other = row(2, [("name", text("明为公司")), ("credit_code", text("91440300708461136T"))]);
        assert_eq!(customers_in(&db, &zhang, &[other]).await, [Verdict::New]);
        let which = customers_in(&db, &zhang, &[row(2, [("name", text("明为公司"))])]).await;
        assert_eq!(refusal(&which[0]), ("name", "customer-import-several"));
    }

    async fn two_rows_that_mean_one_customer_are_not_both_believed(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let named = |number, name| row(number, [("name", text(name))]);
        let coded = |number, name| row(number, [("name", text(name)), ("credit_code", text("914403001922038216"))]);
        let rows = [named(2, "明为公司"), named(3, "明为 公司"), coded(4, "甲"), coded(5, "乙")];
        let verdicts = customers_in(&db, &zhang, &rows).await;
        assert_eq!((&verdicts[0], &verdicts[2]), (&Verdict::New, &Verdict::New));
        for second in [&verdicts[1], &verdicts[3]] {
            assert_eq!(refusal(second), ("name", "customer-import-twice"));
        }
        let again = [coded(2, "甲"), named(3, "甲")];
        assert_eq!(refusal(&customers_in(&db, &zhang, &again).await[1]), ("name", "customer-import-same_name"));
        let chunks: [&[Record]; 2] = [&[named(2, "新公司")], &[named(1002, "新 公司")]];
        let verdicts = import(&db, &zhang, &CustomerImport, &chunks, &Options::default()).await.unwrap();
        assert_eq!(refusal(&verdicts[1]), ("name", "customer-import-twice"));
        assert_eq!(ids(&db, &zhang).await.len(), 3);
    }

    async fn of_rows_far_apart_that_mean_one_customer_the_later_is_refused_and_names_the_earlier(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let named = |number, name| row(number, [("name", text(name))]);
        let coded = |number, name| row(number, [("name", text(name)), ("credit_code", text("914403001922038216"))]);
        let bring = async |hour, chunks: [&[Record]; 2]| {
            let actor = Actor { now: now() + chrono::Duration::hours(hour), ..zhang.clone() };
            let verdicts = import(&db, &actor, &CustomerImport, &chunks, &Options::default()).await.unwrap();
            let Verdict::Refused(problems) = &verdicts[1] else { panic!("not refused: {verdicts:?}") };
            (verdicts[0].clone(), problems[0].message.key.clone(), problems[0].message.args[0].1.clone())
        };
        let twice = |verdict| (verdict, "customer-import-twice".to_owned(), "2".to_owned());
        assert_eq!(bring(0, [&[coded(2, "甲")], &[coded(1_002, "乙")]]).await, twice(Verdict::New));
        // The code and the name that he had until this file mean him both.
        let renamed = Verdict::Changed(vec!["name".into()]);
        assert_eq!(bring(1, [&[coded(2, "乙")], &[named(1_002, "甲")]]).await, twice(renamed.clone()));
        // The second row would create a customer of the name that the first one gives.
        let same_name = (renamed, "customer-import-same_name".to_owned(), "2".to_owned());
        assert_eq!(bring(2, [&[coded(2, "丙")], &[named(1_002, "丙")]]).await, same_name);
        assert_eq!(ids(&db, &zhang).await.len(), 1);
    }

    async fn what_a_row_says_wrong_is_refused_by_its_field(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let li = person("li", "south", Scope::Own);
        Customers::new(db.clone()).create(&li, samples::draft("别人的公司")).await.unwrap();
        let name = || ("name", text("明为公司"));
        let rows = [
            (row(2, [("name", text(&"长".repeat(10_000)))]), ("name", "customer-too_long")),
            (row(3, [("name", text("别人的公司")), ("city", text("x"))]), ("name", "customer-import-out_of_reach")),
            (row(4, [name(), ("credit_code", text("9144"))]), ("credit_code", "customer-credit_code_length")),
            (row(6, [name(), ("owner", text("谁"))]), ("owner", "customer-import-nobody")),
            (row(7, [name(), ("city", text(&"长".repeat(201)))]), ("address", "customer-too_long")),
            (row(8, [name(), ("rhythm_days", Value::Whole(0))]), ("rhythm_days", "customer-rhythm_out_of_range")),
        ];
        for (record, expected) in rows {
            assert_eq!(refusal(&customers_in(&db, &zhang, &[record]).await[0]), expected);
        }
        assert!(ids(&db, &zhang).await.is_empty());
    }

    async fn a_thousand_customers_come_in_at_once(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let rows: Vec<Record> = (0..1_000).map(|n| row(n + 2, [("name", text(&format!("公司 {n}"))), ("tags", text("a,b,c"))])).collect();
        assert!(customers_in(&db, &zhang, &rows).await.iter().all(|verdict| *verdict == Verdict::New));
        assert!(customers_in(&db, &zhang, &rows).await.iter().all(|verdict| *verdict == Verdict::Unchanged));
        assert_eq!(Customers::new(db).count(&zhang, &Filter::default()).await.unwrap(), 1_000);
    }
}

fn at(day: &str) -> Value {
    Value::Moment { at: format!("{day}T02:00:00Z").parse().unwrap(), has_time: true }
}

fn call(number: u64, customer: &str, day: &str, said: &str) -> Record {
    row(number, [("customer", text(customer)), ("happened_at", at(day)), ("kind", text("call")), ("text", text(said))])
}

db_tests! {
    async fn interactions_come_in_once_however_often_the_file_is_brought(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let mut draft = samples::draft("明为有限公司");
        (draft.short_name, draft.rhythm_days) = ("明为".into(), Some(10));
        let customers = Customers::new(db.clone());
        let id = customers.create(&zhang, draft).await.unwrap().customer_id();
        let mut promised = call(4, "明为有限公司", "2026-11-02", "要报价");
        promised.values.insert("next_step", text("报价"));
        promised.values.insert("next_step_on", Value::Day("2026-11-20".parse().unwrap()));
        promised.values.insert("person", text("老王"));
        let rows = [call(2, "明为有限公司", "2026-10-01", "你好"), call(3, "明为", "2026-11-10", "再谈"), promised];
        let bring = async || import(&db, &zhang, &InteractionImport, &[&rows], &Options::default()).await.unwrap();
        assert!(bring().await.iter().all(|verdict| *verdict == Verdict::New));
        assert!(bring().await.iter().all(|verdict| *verdict == Verdict::Unchanged));
        let told = customers.interactions(&zhang, &id, None, base::PageSize(9)).await.unwrap().rows;
        assert_eq!(told.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(), ["再谈", "要报价", "你好"]);
        assert_eq!((told[1].by_name.as_str(), told[1].by_id.as_ref()), ("老王", None));
        assert!(told[0].no_next_step && !told[1].no_next_step);
        let customer = customers.file(&zhang, &id).await.unwrap().customer;
        assert_eq!(customer.last_contact_at, Some("2026-11-10T02:00:00Z".parse().unwrap()));
        assert_eq!(customer.contact_due_on, Some("2026-11-20".parse().unwrap()));
    }

    async fn what_a_later_file_says_otherwise_is_changed(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let customers = Customers::new(db.clone());
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().customer_id();
        let mut record = call(2, "明为公司", "2026-11-10", "你好");
        record.values.insert("outcome", text("not_reached"));
        let bring = async |record: &Record| {
            let rows = std::slice::from_ref(record);
            import(&db, &zhang, &InteractionImport, &[rows], &Options::default()).await.unwrap().remove(0)
        };
        assert_eq!(bring(&record).await, Verdict::New);
        assert_eq!(customers.file(&zhang, &id).await.unwrap().customer.last_contact_at, None);
        record.values.insert("outcome", text("reached"));
        let told = InteractionImport.differences(&db, &zhang, &[&record], &Options::default()).await.unwrap();
        assert_eq!((told[0][0].before.as_str(), told[0][0].after.as_str()), ("not_reached", "reached"));
        assert_eq!(bring(&record).await, Verdict::Changed(vec!["outcome".into()]));
        assert!(customers.file(&zhang, &id).await.unwrap().customer.last_contact_at.is_some());
        record.values.remove("outcome");
        assert_eq!(bring(&record).await, Verdict::Unchanged);
        assert_eq!(customers.interactions(&zhang, &id, None, base::PageSize(9)).await.unwrap().rows.len(), 1);
    }

    async fn nobody_creates_by_interactions_whom_he_could_not_log_with(db: Db) {
        let mut zhang = person("zhang", "south", Scope::Own);
        zhang.permissions.insert(customers::CREATE, Scope::All);
        let rows = [call(2, "新公司", "2026-11-01", "甲"), call(3, "新公司", "2026-11-02", "乙")];
        let chunks: [&[Record]; 2] = [&rows[..1], &rows[1..]];
        let verdicts = import(&db, &zhang, &InteractionImport, &chunks, &unknown_too()).await.unwrap();
        for verdict in &verdicts {
            assert_eq!(refusal(verdict), ("customer", "customer-import-may_not_create"));
        }
        assert!(ids(&db, &zhang).await.is_empty());
    }

    async fn an_interaction_told_twice_far_apart_counts_once_or_is_refused_when_it_differs(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let mut draft = samples::draft("明为有限公司");
        draft.short_name = "明为".into();
        let id = Customers::new(db.clone()).create(&zhang, draft).await.unwrap().customer_id();
        let told = |number, customer, outcome| {
            let mut record = call(number, customer, "2026-11-01", "你好");
            record.values.insert("outcome", text(outcome));
            record
        };
        for (first, outcome) in [(Verdict::New, "reached"), (Verdict::Changed(vec!["outcome".into()]), "not_reached")] {
            let again = [call(1_002, "明为", "2026-11-01", "你好"), told(1_003, "明为", "declined")];
            let chunks: [&[Record]; 2] = [&[told(2, "明为有限公司", outcome)], &again];
            let verdicts = import(&db, &zhang, &InteractionImport, &chunks, &Options::default()).await.unwrap();
            assert_eq!(verdicts[..2], [first, Verdict::Unchanged]);
            assert_eq!(refusal(&verdicts[2]), ("outcome", "interaction-import-told_twice"));
        }
        let stored = Customers::new(db).interactions(&zhang, &id, None, base::PageSize(9)).await.unwrap().rows;
        assert_eq!(stored.len(), 1);
    }

    async fn unknown_customers_are_created_only_when_somebody_says_so(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let rows = [call(2, "新公司", "2026-11-01", "甲"), call(3, "新 公司", "2026-11-02", "乙")];
        let verdicts = import(&db, &zhang, &InteractionImport, &[&rows], &Options::default()).await.unwrap();
        assert_eq!(refusal(&verdicts[0]), ("customer", "customer-import-unknown_customer"));
        let mut may_not = zhang.clone();
        may_not.permissions.retain(|permission, _| [VIEW, LOG].contains(permission));
        let verdicts = import(&db, &may_not, &InteractionImport, &[&rows], &unknown_too()).await.unwrap();
        assert_eq!(refusal(&verdicts[0]), ("customer", "customer-import-may_not_create"));
        assert!(ids(&db, &zhang).await.is_empty());
        let chunks: [&[Record]; 2] = [&rows[..1], &rows[1..]];
        let verdicts = import(&db, &zhang, &InteractionImport, &chunks, &unknown_too()).await.unwrap();
        assert_eq!(verdicts, [Verdict::New, Verdict::New]);
        let all = ids(&db, &zhang).await;
        assert_eq!(all.len(), 1);
        let told = Customers::new(db.clone()).interactions(&zhang, &all[0], None, base::PageSize(9)).await.unwrap();
        assert_eq!(told.rows.len(), 2);
        let again = import(&db, &zhang, &InteractionImport, &chunks, &unknown_too()).await.unwrap();
        assert_eq!(again, [Verdict::Unchanged, Verdict::Unchanged]);
    }

    async fn an_interaction_that_cannot_be_believed_is_refused(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let customers = Customers::new(db.clone());
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().customer_id();
        customers.create(&person("li", "south", Scope::Own), samples::draft("别人的公司")).await.unwrap();
        let with = |field, value| {
            let mut record = call(2, "明为公司", "2026-11-01", "你好");
            record.values.insert(field, value);
            record
        };
        let rows = [
            (with("happened_at", at("2026-11-24")), ("happened_at", "interaction-in_future")),
            (with("happened_at", at("1900-01-01")), ("happened_at", "interaction-year_impossible")),
            (with("text", text(&"长".repeat(10_001))), ("text", "customer-too_long")),
            (with("next_step", text("报价")), ("next_step_on", "interaction-step_day_missing")),
            (with("next_step_on", Value::Day(zhang.today())), ("next_step", "interaction-step_missing")),
            (with("person", text(&"长".repeat(201))), ("person", "customer-too_long")),
            (with("customer", text("别人的公司")), ("customer", "customer-import-out_of_reach")),
        ];
        for (record, expected) in rows {
            let rows = [record];
            let verdicts = import(&db, &zhang, &InteractionImport, &[&rows], &unknown_too()).await.unwrap();
            assert_eq!(refusal(&verdicts[0]), expected);
        }
        assert!(customers.interactions(&zhang, &id, None, base::PageSize(9)).await.unwrap().rows.is_empty());
    }

    async fn a_contact_of_long_ago_does_not_move_the_last_one_back(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let customers = Customers::new(db.clone());
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().customer_id();
        customers.log(&zhang, &id, samples::call("今天")).await.unwrap();
        let rows = [call(2, "明为公司", "2026-10-01", "上月")];
        import(&db, &zhang, &InteractionImport, &[&rows], &Options::default()).await.unwrap();
        assert_eq!(customers.file(&zhang, &id).await.unwrap().customer.last_contact_at, Some(now()));
    }
}

#[test]
fn what_people_write_for_a_closed_word_is_known_and_means_one_of_ours() {
    let fields = || CustomerImport.fields().iter().chain(InteractionImport.fields());
    let field = |name: &str| fields().find(|field| field.name == name).unwrap();
    assert!(field("size").also.contains(&("中型企业", "medium")));
    assert!(field("kind").also.contains(&("微信", "message")));
    for field in fields().filter(|field| !field.also.is_empty()) {
        let Shape::Choice(ours) = field.shape else { panic!("{} is not closed", field.name) };
        assert!(field.also.iter().all(|(_, word)| ours.contains(word)), "{}", field.name);
        assert!(!ours.iter().any(|our| field.also.iter().any(|(theirs, _)| theirs == our)), "{}", field.name);
    }
}

#[test]
fn every_field_of_a_file_is_named_once_and_no_header_means_two_fields() {
    let normal = |text: &str| text.to_lowercase().replace([' ', '_'], "");
    for kind in [&CustomerImport as &dyn ImportKind, &InteractionImport] {
        let names: Vec<&str> = kind.fields().iter().map(|field| field.name).collect();
        let mut headers: Vec<String> =
            kind.fields().iter().flat_map(|field| field.headers).map(|header| normal(header)).collect();
        headers.sort();
        let count = headers.len();
        headers.dedup();
        assert_eq!(headers.len(), count, "{}", kind.name());
        assert!(kind.key().iter().all(|key| names.contains(key)));
    }
}
