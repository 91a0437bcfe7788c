//! A small kind that writes to a table of its own.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use base::{Actor, Currency, Error, Message, Permission};
use db::{Db, Tx};
use module::{Difference, Field, ImportKind, Options, Record, Seen, Shape, Verdict};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, IntoActiveModel, Set};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pallets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub customer: String,
    pub pieces: Option<i64>,
    pub sent: Option<Date>,
    /// An amount, or the text that stood in its place.
    pub cost: String,
}

impl ActiveModelBehavior for ActiveModel {}

pub const PALLETS: Permission = Permission("pallets.edit");
pub const KNOWN: [&str; 2] = ["明为公司", "智享物流"];

/// A kind that can be made slow or faulty.
#[derive(Debug, Default)]
pub struct Pallets {
    /// Fails while it writes this row; 0 never.
    pub fails_at: AtomicU64,
    /// Before each chunk is planned, milliseconds.
    pub slow: AtomicU64,
    /// Codes that are known under another source, by that source.
    pub elsewhere: Mutex<BTreeMap<String, Vec<String>>>,
    /// Made as soon as the first chunk is written; then it never goes on.
    pub stuck: Option<std::path::PathBuf>,
}

const fn field(name: &'static str, shape: Shape, required: bool, headers: &'static [&'static str]) -> Field {
    Field { name, shape, required, headers, also: &[] }
}

/// What people read of it.
pub const TEXTS: texts::Locales = texts::Locales {
    chinese: "import-kind-pallets = 托盘\nimport-field-pallets-customer = 客户\nimport-field-pallets-code = 托盘号\n\
        import-field-pallets-pieces = 件数\nimport-field-pallets-sent = 发出日期\nimport-field-pallets-cost = 成本\n\
        import-field-pallets-mode = 运输方式\nimport-word-pallets-mode-air = 空运\n\
        import-word-pallets-mode-truck = 汽运\n",
    english: "import-kind-pallets = Pallets\nimport-field-pallets-customer = Customer\nimport-field-pallets-code = Pallet\n\
        import-field-pallets-pieces = Pieces\nimport-field-pallets-sent = Sent\nimport-field-pallets-cost = Cost\n\
        import-field-pallets-mode = Mode\nimport-word-pallets-mode-air = Air freight\n\
        import-word-pallets-mode-truck = Road\n",
};

const FIELDS: &[Field] = &[
    field("customer", Shape::Text, true, &["客户", "Customer"]),
    field("code", Shape::Text, true, &["托盘号", "Pallet"]),
    field("pieces", Shape::Whole, false, &["件数", "Pieces"]),
    field("sent", Shape::Day, false, &["发出日期", "Sent"]),
    field("cost", Shape::Amount, false, &["成本", "Cost"]),
    field("mode", Shape::Choice(&["air", "truck"]), false, &["运输方式", "Mode"]),
];

pub async fn create_table(db: &Db) {
    let sql = "create table pallets (code text primary key, customer text not null, pieces bigint, sent date, \
               cost text not null)";
    db.writer().execute_unprepared(sql).await.unwrap();
}

pub async fn stored(db: &Db) -> Vec<Model> {
    Entity::find().all(db.read()).await.unwrap()
}

fn model(record: &Record) -> Model {
    let cost = record.amount("cost").map(texts::format::money);
    Model {
        code: record.text("code").unwrap_or_default().into(),
        customer: record.text("customer").unwrap_or_default().into(),
        pieces: record.whole("pieces"),
        sent: record.day("sent"),
        cost: cost.or(record.unknown("cost").map(str::to_owned)).unwrap_or_default(),
    }
}

#[async_trait]
impl ImportKind for Pallets {
    fn name(&self) -> &'static str {
        "pallets"
    }

    fn permission(&self) -> Permission {
        PALLETS
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn key(&self) -> &'static [&'static str] {
        &["code"]
    }

    fn has_source(&self) -> bool {
        true
    }

    async fn sources(&self, _: &Db) -> Result<Vec<String>, Error> {
        Ok(self.elsewhere.lock().unwrap().keys().cloned().collect())
    }

    async fn usual_currency(&self, _: &Db) -> Result<Option<Currency>, Error> {
        Ok(Some(Currency::CNY))
    }

    async fn differences(
        &self,
        db: &Db,
        _: &Actor,
        records: &[&Record],
        _: &Options,
    ) -> Result<Vec<Vec<Difference>>, Error> {
        let mut all = Vec::new();
        for record in records {
            let after = model(record);
            let before = Entity::find_by_id(after.code.clone()).one(db.read()).await?.unwrap();
            let shown = |pieces: Option<i64>| pieces.map_or_else(String::new, |pieces| pieces.to_string());
            let (before, after) = (shown(before.pieces), shown(after.pieces));
            all.push(vec![Difference { field: "pieces".into(), before, after }]);
        }
        Ok(all)
    }

    async fn elsewhere(
        &self,
        _: &Db,
        _: &Actor,
        records: &[&Record],
        options: &Options,
    ) -> Result<Vec<(String, u64)>, Error> {
        let known = self.elsewhere.lock().unwrap();
        let others = known.iter().filter(|(source, _)| **source != options.source);
        let has = |codes: &Vec<String>| {
            let found = records
                .iter()
                .filter(|record| record.text("code").is_some_and(|code| codes.iter().any(|it| it == code)));
            found.count() as u64
        };
        Ok(others.map(|(source, codes)| (source.clone(), has(codes))).collect())
    }

    async fn plan(
        &self,
        db: &Db,
        _: &Actor,
        records: &[Record],
        options: &Options,
        seen: &mut Seen,
    ) -> Result<Vec<Verdict>, Error> {
        tokio::time::sleep(std::time::Duration::from_millis(self.slow.load(Ordering::Relaxed))).await;
        let codes = records.iter().filter_map(|record| record.text("code"));
        let stored = Entity::find().filter(Column::Code.is_in(codes)).all(db.read()).await?;
        let stored: BTreeMap<_, _> = stored.iter().map(|row| (row.code.as_str(), row)).collect();
        let verdict = |record: &Record| {
            let new = model(record);
            if !KNOWN.contains(&new.customer.as_str()) {
                if !options.create_customers {
                    return Verdict::refused("customer", Message::new("import-required"));
                }
                *seen.new_customers.entry(new.customer.clone()).or_default() += 1;
            }
            match stored.get(new.code.as_str()) {
                None => Verdict::New,
                Some(old) if **old == new => Verdict::Unchanged,
                Some(_) => Verdict::Changed(vec!["pieces".into()]),
            }
        };
        Ok(records.iter().map(verdict).collect())
    }

    async fn write(&self, tx: &Tx, _: &Actor, records: &[(&Record, &Verdict)], _: &Options) -> Result<(), Error> {
        for (record, verdict) in records {
            if self.fails_at.load(Ordering::Relaxed) == record.row {
                return Err(Error::Unavailable("the disk is full".into()));
            }
            let row = model(record).into_active_model().reset_all();
            match verdict {
                Verdict::New => drop(Entity::insert(row).exec_without_returning(tx).await?),
                _ => drop(Entity::update(ActiveModel { code: Set(model(record).code), ..row }).exec(tx).await?),
            }
        }
        if let Some(mark) = &self.stuck {
            std::fs::write(mark, "written").unwrap();
            std::future::pending::<()>().await;
        }
        Ok(())
    }

    async fn finish(&self, _: &Tx, _: &Actor) -> Result<(), Error> {
        Ok(())
    }
}
