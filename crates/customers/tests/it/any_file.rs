//! Whatever stands in a file and however it is cut into chunks: the preview is what the commit does.

use std::collections::{BTreeMap, BTreeSet};

use base::{Actor, Scope};
use customers::credit_code::{self, WrongCode};
use customers::{CustomerImport, Customers, InteractionImport, samples};
use db::{Db, db_tests};
use module::{ImportKind, Options, Record, Seen, Value, Verdict};
use proptest::prelude::*;
use proptest::strategy::{Union, ValueTree};
use proptest::test_runner::TestRunner;

use crate::person;

type Values = BTreeMap<&'static str, Value>;

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

/// One of these, each as likely as the others.
fn one_of(values: &[Value]) -> Union<Just<Value>> {
    Union::new(values.iter().cloned().map(Just))
}

/// A field that seldom stands in a row.
fn perhaps(field: &'static str, words: &[&str]) -> impl Strategy<Value = Option<(&'static str, Value)>> {
    let values: Vec<Value> = words.iter().map(|word| text(*word)).collect();
    proptest::option::weighted(0.3, one_of(&values)).prop_map(move |value| Some((field, value?)))
}

/// The right code of this number.
fn code(number: u64) -> String {
    let body = format!("91{number:015}");
    match credit_code::checked(&format!("{body}0")) {
        Err(WrongCode::Check { expected, .. }) => format!("{body}{expected}"),
        right => right.unwrap(),
    }
}

/// Names and codes of this case only, so that the cases do not meet in the database.
fn names(case: u64) -> Vec<Value> {
    let names = ["甲", "甲", "乙", " 乙", "丙", "丁", "别人的公司"];
    names.iter().map(|name| text(format!("{case}号{name}"))).collect()
}

fn codes(case: u64) -> Vec<Value> {
    let own = (0..3).map(|number| text(code(10 * case + number)));
    own.chain([text(code(10 * case).to_lowercase()), text(code(10 * case + 9)), text("9144")]).collect()
}

/// Few customers and fewer codes, so that nearly every file contradicts itself.
fn any_customer(case: u64) -> impl Strategy<Value = Values> {
    let key = (one_of(&names(case)), proptest::option::of(one_of(&codes(case))));
    let others = [
        perhaps("industry", &["家具", "冷链"]).boxed(),
        perhaps("size", &["小型", "大型", "巨大"]).boxed(),
        perhaps("tags", &["重点,家具", "b, A"]).boxed(),
        perhaps("city", &["深圳"]).boxed(),
        perhaps("former_names", &["老明为；旧明为"]).boxed(),
    ];
    (key, others).prop_map(|((name, code), others)| {
        let mut values: Values = others.into_iter().flatten().collect();
        values.insert("name", name);
        values.extend(code.map(|code| ("credit_code", code)));
        values
    })
}

fn any_interaction(case: u64) -> impl Strategy<Value = Values> {
    let whose = one_of(&[names(case), codes(case), vec![text(format!("{case}号简称"))]].concat());
    let at = |day: &str| Value::Moment { at: format!("{day}T02:00:00Z").parse().unwrap(), has_time: true };
    let key = (
        whose,
        one_of(&[at("2026-10-01"), at("2026-10-02")]),
        one_of(&[text("电话"), text("call"), text("拜访")]),
        one_of(&[text("你好"), text("你好 ")]),
    );
    let step = proptest::option::weighted(0.3, one_of(&[text("报价"), text("回访")]));
    let others = [
        perhaps("outcome", &["已联系", "reached", "拒绝"]).boxed(),
        perhaps("mood", &["满意", "不满"]).boxed(),
        perhaps("direction", &["来电", "去电", "风声"]).boxed(),
        perhaps("person", &["老王", "老李"]).boxed(),
    ];
    (key, step, others).prop_map(|((customer, at, kind, said), step, others)| {
        let mut values: Values = others.into_iter().flatten().collect();
        values.extend([("customer", customer), ("happened_at", at), ("kind", kind), ("text", said)]);
        if let Some(step) = step {
            values.extend([("next_step", step), ("next_step_on", Value::Day("2026-12-01".parse().unwrap()))]);
        }
        values
    })
}

/// As the importer gives it: no two rows with the same key.
fn file(kind: &dyn ImportKind, rows: &impl Strategy<Value = Vec<Values>>, runner: &mut TestRunner) -> Vec<Record> {
    let rows = rows.new_tree(runner).unwrap().current();
    let mut keys = BTreeSet::new();
    let key =
        |record: &Record| format!("{:?}", kind.key().iter().map(|key| record.values.get(key)).collect::<Vec<_>>());
    let records = (2..).zip(rows).map(|(row, values)| Record { row, values });
    records.filter(|record| keys.insert(key(record))).collect()
}

struct Import<'a> {
    db: &'a Db,
    actor: Actor,
    kind: &'a dyn ImportKind,
    options: Options,
    file: Vec<Record>,
}

impl Import<'_> {
    async fn plan(&self, chunk: usize) -> (Vec<Verdict>, i64) {
        let (mut seen, mut verdicts) = (Seen::default(), Vec::new());
        for some in self.file.chunks(chunk) {
            let told = self.kind.plan(self.db, &self.actor, some, &self.options, &mut seen).await;
            verdicts.extend(told.unwrap());
        }
        (verdicts, i64::try_from(seen.new_customers.len()).unwrap())
    }

    async fn write(&self, verdicts: &[Verdict], chunk: usize) {
        let tx = self.db.begin().await.unwrap();
        for (records, verdicts) in self.file.chunks(chunk).zip(verdicts.chunks(chunk)) {
            let pairs = records.iter().zip(verdicts);
            let told: Vec<_> = pairs.filter(|(_, told)| matches!(told, Verdict::New | Verdict::Changed(_))).collect();
            let written = self.kind.write(&tx, &self.actor, &told, &self.options).await;
            assert!(written.is_ok(), "{written:?} after {verdicts:?} of {:#?}", self.file);
        }
        self.kind.finish(&tx, &self.actor).await.unwrap();
        self.db.commit(tx).await.unwrap();
    }

    /// Preview, commit and preview again, each cut otherwise; the verdicts of the first.
    async fn prove(&self, runner: &mut TestRunner) -> Vec<Verdict> {
        let mut size = || (1_usize..8).new_tree(runner).unwrap().current();
        let everyone = async || {
            Customers::new(self.db.clone()).count(&person("boss", "x", Scope::All), &Default::default()).await.unwrap()
        };
        let (verdicts, created) = self.plan(self.file.len()).await;
        assert_eq!(self.plan(size()).await, (verdicts.clone(), created), "{:#?}", self.file);
        let before = everyone().await;
        self.write(&verdicts, size()).await;
        assert_eq!(everyone().await - before, created, "{:#?}", self.file);
        let (again, _) = self.plan(size()).await;
        for ((told, again), record) in verdicts.iter().zip(again).zip(&self.file) {
            let refused = matches!(told, Verdict::Refused(_));
            assert!(refused || again == Verdict::Unchanged, "{told:?}, {again:?}: {record:?} of {:#?}", self.file);
        }
        verdicts
    }
}

/// How many were refused for another row of the file, and how many changed something.
fn count(verdicts: &[Verdict]) -> [usize; 2] {
    let clashes = ["customer-import-twice", "customer-import-same_name", "interaction-import-told_twice"];
    let clash = |told: &&Verdict| matches!(told, Verdict::Refused(problems) if clashes.contains(&problems[0].message.key.as_str()));
    let changed = |told: &&Verdict| matches!(told, Verdict::Changed(_));
    [verdicts.iter().filter(clash).count(), verdicts.iter().filter(changed).count()]
}

/// One customer of the actor, known by full and short name and by code, and one of somebody else.
async fn stored(db: &Db, actor: &Actor, case: u64) {
    let customers = Customers::new(db.clone());
    let mut own = samples::draft(&format!("{case}号甲"));
    (own.short_name, own.credit_code) = (format!("{case}号简称"), code(10 * case + 1));
    customers.create(actor, own).await.unwrap();
    let other = samples::draft(&format!("{case}号别人的公司"));
    let other = customers::forms::CustomerDraft { credit_code: code(10 * case + 9), ..other };
    customers.create(&person("li", "south", Scope::Own), other).await.unwrap();
}

async fn prove_all(db: Db, kind: &dyn ImportKind, rows: impl Fn(u64) -> BoxedStrategy<Values>) {
    let mut runner = TestRunner::deterministic();
    let mut total = [0, 0];
    for case in 0..40 {
        let zhang = person("zhang", "south", Scope::Own);
        stored(&db, &zhang, case).await;
        let rows = proptest::collection::vec(rows(case), 1..12);
        for hour in 1..4 {
            let actor = Actor { now: zhang.now + chrono::Duration::hours(hour), ..zhang.clone() };
            let options = Options { create_customers: true, ..Options::default() };
            let import = Import { db: &db, actor, kind, options, file: file(kind, &rows, &mut runner) };
            let [clashes, changes] = count(&import.prove(&mut runner).await);
            total = [total[0] + clashes, total[1] + changes];
        }
    }
    assert!(total[0] > 30 && total[1] > 30, "the files are too tame: {total:?}");
}

db_tests! {
    async fn customers_are_written_as_the_preview_said_for_any_file_and_any_chunks(db: Db) {
        prove_all(db, &CustomerImport, |case| any_customer(case).boxed()).await;
    }

    async fn interactions_are_written_as_the_preview_said_for_any_file_and_any_chunks(db: Db) {
        prove_all(db, &InteractionImport, |case| any_interaction(case).boxed()).await;
    }
}
