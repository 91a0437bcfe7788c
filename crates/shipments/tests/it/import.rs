//! Shipments from files.

use std::collections::{BTreeMap, BTreeSet};

use base::{Currency, Error, Money, PageSize, Scope};
use db::{db_tests, outbox};
use module::{ImportKind, Options, Record, Shape, Value, Verdict};
use shipments::{ListFilter, ShipmentImport, Shipments};

use crate::{customer, day, import, manager, person, plan};

fn record(row: u64, customer: &str, waybill: &str, line: &str) -> Record {
    let text = |text: &str| Value::Text(text.into());
    let values = [
        ("customer", text(customer)),
        ("waybill", text(waybill)),
        ("line", text(line)),
        ("mode", text("air")),
        ("promised", Value::Day(day("2026-11-05"))),
        ("delivered", Value::Day(day("2026-11-06"))),
        ("revenue", Value::Amount(Money::new(12_300, Currency::CNY))),
        ("cost", Value::Unknown("to be told".into())),
    ];
    Record { row, values: BTreeMap::from(values) }
}

fn with(mut record: Record, field: &'static str, value: &str) -> Record {
    record.values.insert(field, Value::Text(value.into()));
    record
}

fn options() -> Options {
    Options { create_customers: true, source: "tms".into() }
}

#[test]
fn every_field_and_every_closed_word_of_a_file_has_a_text() {
    let [chinese, english] = [include_str!("../../locales/zh-CN.ftl"), include_str!("../../locales/en.ftl")];
    let texts = texts::Texts::load([texts::Locales { chinese, english }]).unwrap();
    for field in ShipmentImport.fields() {
        assert!(texts.has(&format!("import-field-shipments-{}", field.name)), "{}", field.name);
        let Shape::Choice(words) = field.shape else { continue };
        for word in words {
            let key = format!("import-word-shipments-{}-{word}", field.name);
            let text = texts.get(base::Language::Chinese, &key);
            assert!(!text.is_ascii(), "{key}: {text}");
        }
    }
}

fn refused_at(verdict: &Verdict) -> &str {
    match verdict {
        Verdict::Refused(problems) => &problems[0].field,
        other => panic!("is {other:?}"),
    }
}

db_tests! {
    async fn the_same_file_again_changes_nothing(db: Db) {
        let actor = manager();
        let records =
            [record(2, "明为公司", "YD1", "1"), record(3, "明为公司", "YD1", "2"), record(4, "迅捷物流", "YD2", "1")];
        assert_eq!(import(&db, &actor, &records, &options()).await, [Verdict::New, Verdict::New, Verdict::New]);
        assert!(import(&db, &actor, &records, &options()).await.iter().all(|told| *told == Verdict::Unchanged));
        let shipments = Shipments::new(db);
        let page = shipments.list(&actor, &ListFilter::default(), PageSize(10)).await.unwrap();
        let lines: BTreeMap<_, _> = page.rows.iter().map(|row| (row.shipment.waybill.as_str(), row.lines)).collect();
        assert_eq!(lines, BTreeMap::from([("YD1", 2), ("YD2", 1)]));
        let file = shipments.file(&actor, &shipments::ShipmentId(page.rows[0].shipment.id.clone())).await.unwrap();
        assert_eq!((file.lines[0].cost_minor, &file.lines[0].unknown_texts["cost"]), (None, &"to be told".into()));
        assert_eq!(file.shipment.version, 1);
    }

    async fn what_differs_is_named_and_the_rest_stays(db: Db) {
        let actor = manager();
        import(&db, &actor, &[record(2, "明为公司", "YD1", "1")], &options()).await;
        let mut changed = with(record(2, "明为公司", "YD1", "1"), "container", "CSQU3054383");
        changed.values.insert("delivered", Value::Day(day("2026-11-04")));
        changed.values.remove("mode");
        let later = base::Actor { now: actor.now + chrono::Duration::hours(1), ..actor };
        let told = import(&db, &later, &[changed.clone()], &options()).await;
        assert_eq!(told, [Verdict::Changed(vec!["container".into(), "delivered".into()])]);
        assert_eq!(plan(&db, &later, &[changed], &options()).await, [Verdict::Unchanged]);
        let page = Shipments::new(db).list(&later, &ListFilter::default(), PageSize(10)).await.unwrap();
        assert_eq!((page.rows[0].mode.as_str(), page.rows[0].on_time), ("air", Some(true)));
        assert_eq!(page.rows[0].shipment.version, 2);
    }

    async fn unknown_customers_are_created_only_on_demand(db: Db) {
        let actor = manager();
        let records = [record(2, "明为公司", "YD1", "1")];
        let strict = Options { create_customers: false, ..options() };
        assert_eq!(refused_at(&import(&db, &actor, &records, &strict).await[0]), "customer");
        let mut seen = module::Seen::default();
        ShipmentImport.plan(&db, &actor, &records, &options(), &mut seen).await.unwrap();
        assert_eq!(seen.new_customers.len(), 1);
        import(&db, &actor, &records, &options()).await;
        assert_eq!(import(&db, &actor, &records, &strict).await, [Verdict::Unchanged]);
    }

    async fn nobody_imports_for_a_customer_out_of_his_reach(db: Db) {
        let (zhang, li) = (person("zhang", Scope::Own), person("li", Scope::Own));
        customer(&db, &zhang, "明为公司").await;
        let told = import(&db, &li, &[record(2, "明为公司", "YD1", "1")], &options()).await;
        assert_eq!(refused_at(&told[0]), "customer");
    }

    async fn lines_of_one_waybill_agree_on_what_they_share(db: Db) {
        let actor = manager();
        let records = [
            with(record(2, "明为公司", "YD1", "1"), "container", "CSQU3054383"),
            with(record(3, "明为公司", "YD1", "2"), "container", "MSKU0000006"),
            record(4, "迅捷物流", "YD1", "3"),
        ];
        let told = import(&db, &actor, &records, &options()).await;
        assert_eq!(told[0], Verdict::New);
        assert_eq!((refused_at(&told[1]), refused_at(&told[2])), ("container", "customer"));
        let again = plan(&db, &actor, &[record(4, "迅捷物流", "YD1", "3")], &options()).await;
        assert_eq!(refused_at(&again[0]), "customer");
    }

    async fn a_file_tells_when_milestones_were_planned_and_reached(db: Db) {
        let actor = manager();
        let at = |text: &str| Value::Moment { at: text.parse().unwrap(), has_time: true };
        let mut first = record(2, "明为公司", "YD1", "1");
        first.values.insert("planned_picked_up", at("2026-11-01T01:00:00Z"));
        first.values.insert("actual_picked_up", at("2026-11-01T03:00:00Z"));
        let second = record(3, "明为公司", "YD1", "2");
        import(&db, &actor, &[first.clone(), second.clone()], &options()).await;
        assert_eq!(plan(&db, &actor, &[first.clone()], &options()).await, [Verdict::Unchanged]);
        first.values.insert("actual_picked_up", at("2026-11-01T04:00:00Z"));
        first.values.insert("estimated_signed", at("2026-11-05T04:00:00Z"));
        let later = base::Actor { now: actor.now + chrono::Duration::hours(1), ..actor };
        let told = import(&db, &later, &[first.clone(), second], &options()).await;
        let changed = vec!["actual_picked_up".into(), "estimated_signed".into()];
        assert_eq!(told, [Verdict::Changed(changed), Verdict::Unchanged]);
        let shipments = Shipments::new(db);
        let page = shipments.list(&later, &ListFilter::default(), PageSize(10)).await.unwrap();
        let id = shipments::ShipmentId(page.rows[0].shipment.id.clone());
        let milestones = shipments.file(&later, &id).await.unwrap().milestones;
        assert_eq!(milestones.iter().map(|one| one.kind.word()).collect::<Vec<_>>(), ["picked_up", "signed"]);
        assert_eq!(milestones[0].planned_at, Some("2026-11-01T01:00:00Z".parse().unwrap()));
        assert_eq!(milestones[0].actual_at, Some("2026-11-01T04:00:00Z".parse().unwrap()));
    }

    async fn lines_far_apart_contradict_each_other_in_the_preview_already(db: Db) {
        let actor = manager();
        let mut records = vec![with(record(2, "明为公司", "YD1", "1"), "bill_of_lading", "B1")];
        records.extend((3..1_003).map(|row| record(row, "明为公司", &format!("YD{row}"), "1")));
        records.push(with(record(1_003, "明为公司", "YD1", "2"), "bill_of_lading", "B2"));
        records.push(record(1_004, "迅捷物流", "YD1", "3"));
        let mut unnumbered = record(1_005, "明为公司", "YD1", "1");
        unnumbered.values.remove("line");
        records.push(unnumbered);
        let told = import(&db, &actor, &records, &options()).await;
        let said = |verdict: &Verdict| match verdict {
            Verdict::Refused(problems) => (problems[0].message.key.clone(), problems[0].message.args[1].1.clone()),
            other => panic!("is {other:?}"),
        };
        assert_eq!((refused_at(&told[1_001]), refused_at(&told[1_002])), ("bill_of_lading", "customer"));
        assert_eq!(said(&told[1_001]), ("shipment-lines_contradict".into(), "2".into()));
        assert_eq!((refused_at(&told[1_003]), said(&told[1_003])), ("line", ("shipment-same_line".into(), "2".into())));
        let again = plan(&db, &actor, &records, &options()).await;
        assert!(again[..1_001].iter().all(|told| *told == Verdict::Unchanged));
    }

    async fn a_line_may_change_what_a_line_far_above_left_blank(db: Db) {
        let actor = manager();
        import(&db, &actor, &[with(record(2, "明为公司", "YD1", "1"), "container", "OLD")], &options()).await;
        let mut records = vec![record(2, "明为公司", "YD1", "2")];
        records.extend((3..1_003).map(|row| record(row, "明为公司", &format!("YD{row}"), "1")));
        records.push(with(record(1_003, "明为公司", "YD1", "1"), "container", "NEW"));
        let later = base::Actor { now: actor.now + chrono::Duration::hours(1), ..actor };
        let told = import(&db, &later, &records, &options()).await;
        assert_eq!(told[1_001], Verdict::Changed(vec!["container".into()]));
        assert!(plan(&db, &later, &records, &options()).await.iter().all(|told| *told == Verdict::Unchanged));
    }

    async fn a_file_is_undone_when_somebody_gave_the_waybill_to_another_customer_meanwhile(db: Db) {
        let actor = manager();
        customer(&db, &actor, "明为公司").await;
        customer(&db, &actor, "迅捷物流").await;
        let (one, other) = (record(2, "明为公司", "YD1", "1"), record(3, "迅捷物流", "YD1", "2"));
        let tx = db.begin().await.unwrap();
        ShipmentImport.write(&tx, &actor, &[(&one, &Verdict::New)], &options()).await.unwrap();
        let second = ShipmentImport.write(&tx, &actor, &[(&other, &Verdict::New)], &options()).await;
        assert!(matches!(second, Err(Error::Refused(_))));
    }

    async fn a_customer_who_cannot_be_called_so_is_refused_before_anything_is_written(db: Db) {
        let told = plan(&db, &manager(), &[record(2, "明为\u{7}公司", "YD1", "1")], &options()).await;
        assert_eq!(refused_at(&told[0]), "customer");
    }

    async fn an_import_tells_once_whose_shipments_it_changed(db: Db) {
        let actor = manager();
        let records = [record(2, "明为公司", "YD1", "1"), record(3, "明为公司", "YD2", "1"), record(4, "迅捷物流", "YD3", "1")];
        import(&db, &actor, &records, &options()).await;
        let waiting = outbox::undelivered(db.read(), actor.now).await.unwrap();
        let told: Vec<_> = waiting.iter().filter_map(|row| shipments::events::Changed::of(&row.event())).collect();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].customers.iter().collect::<BTreeSet<_>>().len(), 2);
    }

    async fn impossible_values_are_refused(db: Db) {
        let actor = manager();
        let mut heavy = record(2, "明为公司", "YD1", "1");
        heavy.values.insert("weight_kg", Value::Decimal("-1".into()));
        let mut rich = record(3, "明为公司", "YD2", "1");
        rich.values.insert("revenue", Value::Amount(Money::new(i64::MAX, Currency::CNY)));
        let long = with(record(4, "明为公司", "YD3", "1"), "container", &"长".repeat(201));
        let told = plan(&db, &actor, &[heavy, rich, long], &options()).await;
        assert_eq!(told.iter().map(refused_at).collect::<Vec<_>>(), ["weight_kg", "revenue", "container"]);
    }

    async fn what_a_changed_line_was_and_becomes_is_told_by_field(db: Db) {
        let actor = manager();
        import(&db, &actor, &[record(2, "明为公司", "YD1", "1")], &options()).await;
        let mut changed = with(record(2, "明为公司", "YD1", "1"), "mode", "truck");
        changed.values.insert("cost", Value::Amount(Money::new(1_250, Currency::CNY)));
        changed.values.insert("delivered", Value::Day(day("2026-11-09")));
        changed.values.insert("pieces", Value::Whole(1200));
        let told = ShipmentImport.differences(&db, &actor, &[&changed], &options()).await.unwrap();
        let told: Vec<_> =
            told[0].iter().map(|it| (it.field.as_str(), it.before.as_str(), it.after.as_str())).collect();
        let wanted = [
            ("mode", "air", "truck"),
            ("delivered", "2026-11-06", "2026-11-09"),
            ("pieces", "", "1,200"),
            ("cost", "to be told", "CNY 12.50"),
        ];
        assert_eq!(told, wanted);
    }

    async fn waybills_known_under_another_source_are_counted_by_that_source(db: Db) {
        let actor = manager();
        let rows =
            [record(2, "明为公司", "YD1", "1"), record(3, "明为公司", "YD1", "2"), record(4, "明为公司", "YD2", "1")];
        import(&db, &actor, &rows[..2], &options()).await;
        let file = Options { source: "file".into(), ..options() };
        let records: Vec<&Record> = rows.iter().collect();
        let known = ShipmentImport.elsewhere(&db, &actor, &records, &file).await.unwrap();
        assert_eq!(known, [("tms".to_owned(), 2)]);
        assert!(ShipmentImport.elsewhere(&db, &actor, &records, &options()).await.unwrap().is_empty());
        let somebody_else = person("nobody-s-rep", Scope::Own);
        assert!(ShipmentImport.elsewhere(&db, &somebody_else, &records, &file).await.unwrap().is_empty());
        assert_eq!(ShipmentImport.sources(&db).await.unwrap(), ["tms"]);
        assert_eq!(ShipmentImport.usual_currency(&db).await.unwrap(), Some(Currency::CNY));
    }
}

#[test]
fn every_field_of_a_file_has_headers_in_both_languages() {
    let kind: &dyn ImportKind = &ShipmentImport;
    for field in kind.fields() {
        assert!(field.headers.iter().any(|header| header.is_ascii()), "{}", field.name);
        assert!(field.headers.iter().any(|header| !header.is_ascii()), "{}", field.name);
    }
    let headers: Vec<_> = kind.fields().iter().flat_map(|field| field.headers).collect();
    assert_eq!(headers.iter().collect::<BTreeSet<_>>().len(), headers.len(), "two fields claim one header");
}
