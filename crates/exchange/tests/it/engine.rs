use std::sync::Arc;
use std::sync::atomic::Ordering;

use base::{Actor, Error};
use db::Db;
use exchange::engine::{self, Work};
use exchange::outcome::{Counts, Outcome};
use exchange::{Mapping, TextInNumber};
use module::{ImportKind, Options};

use crate::pallets::{self, Pallets};
use crate::{file, reader};

pub fn boss() -> Actor {
    Actor::system("test", "2026-11-23T01:00:00Z".parse().unwrap())
}

/// One file with the mapping that is proposed for it.
pub struct Try<'a> {
    pub db: &'a Db,
    pub kind: &'a Pallets,
    pub text: &'a [u8],
    pub create_customers: bool,
    pub on_text: TextInNumber,
}

impl<'a> Try<'a> {
    pub fn new(db: &'a Db, kind: &'a Pallets, text: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self { db, kind, text: text.as_ref(), create_customers: false, on_text: TextInNumber::Refuse }
    }

    fn mapping(&self) -> Mapping {
        let columns = match reader().open(file(self.text)) {
            Ok(table) => table.header().columns.clone(),
            Err(_) => vec!["客户".into(), "托盘号".into()],
        };
        let mut mapping = exchange::mapping::propose("pallets", &columns, self.kind.fields()).mapping;
        if let Some(cost) = mapping.columns.get_mut("cost") {
            cost.currency = Some(base::Currency::CNY);
        }
        mapping.columns.values_mut().for_each(|column| column.text = self.on_text);
        mapping
    }

    pub async fn preview(&self) -> Result<Outcome, Error> {
        self.go(None, false).await
    }

    pub async fn commit(&self) -> Result<Outcome, Error> {
        self.go(None, true).await
    }

    pub async fn commit_as_previewed(&self, counts: Counts) -> Result<Outcome, Error> {
        self.go(Some(counts), true).await
    }

    async fn go(&self, expected: Option<Counts>, write: bool) -> Result<Outcome, Error> {
        let (reader, mapping) = (reader(), self.mapping());
        let options = Options { create_customers: self.create_customers, source: "test".into() };
        let work = Work {
            reader: &reader,
            kind: self.kind,
            mapping: &mapping,
            options: &options,
            refused: None,
            report: Arc::new(|_| {}),
        };
        match write {
            true => engine::commit(self.db, &boss(), file(self.text), &work, expected.as_ref()).await,
            false => engine::preview(self.db, &boss(), file(self.text), &work).await,
        }
    }
}

const SHEET: &str = "客户,托盘号,件数,发出日期\n明为公司,P1,3,2026-01-05\n智享物流,P2,4,2026年1月6日\n明为公司,P3,,\n";

fn reasons(outcome: &Outcome) -> Vec<(u64, &str, &str)> {
    outcome.problems.iter().map(|it| (it.row, it.field.as_str(), it.sentence.key.as_str())).collect()
}

fn many(rows: u64) -> String {
    let mut text = String::from("客户,托盘号,件数\n");
    (0..rows).for_each(|row| text.push_str(&format!("明为公司,P{row:05},{row}\n")));
    text
}

db::db_tests! {
    async fn the_preview_says_exactly_what_the_commit_does_and_writes_nothing(db: Db) {
        pallets::create_table(&db).await;
        let kind = Pallets::default();
        let file = Try::new(&db, &kind, SHEET);
        let preview = file.preview().await.unwrap();
        assert_eq!((preview.counts.new, preview.counts.rows()), (3, 3));
        assert!(pallets::stored(&db).await.is_empty());
        assert_eq!(file.commit_as_previewed(preview.counts).await.unwrap(), preview);
        assert_eq!(pallets::stored(&db).await.len(), 3);
    }

    async fn the_same_file_again_changes_nothing(db: Db) {
        pallets::create_table(&db).await;
        let kind = Pallets::default();
        Try::new(&db, &kind, SHEET).commit().await.unwrap();
        let before = pallets::stored(&db).await;
        let again = Try::new(&db, &kind, SHEET).commit().await.unwrap();
        assert_eq!(again.counts, Counts { unchanged: 3, ..Counts::default() });
        assert!(!again.counts.writes());
        assert_eq!(pallets::stored(&db).await, before);
    }

    async fn a_row_that_differs_is_named_with_its_fields(db: Db) {
        pallets::create_table(&db).await;
        let kind = Pallets::default();
        Try::new(&db, &kind, SHEET).commit().await.unwrap();
        let changed = SHEET.replace("P2,4", "P2,5");
        let outcome = Try::new(&db, &kind, &changed).commit().await.unwrap();
        assert_eq!((outcome.counts.changed, outcome.counts.unchanged), (1, 2));
        assert_eq!((outcome.changes[0].row, outcome.changes[0].fields.as_slice()), (3, &["pieces".to_owned()][..]));
        assert!(pallets::stored(&db).await.iter().any(|row| row.pieces == Some(5)));
    }

    async fn a_key_with_different_contents_is_refused_in_every_place_and_with_equal_contents_counts_once(db: Db) {
        pallets::create_table(&db).await;
        let kind = Pallets::default();
        let text = "客户,托盘号,件数\n明为公司,P1,3\n明为公司,P2,3\n明为公司,P1,4\n明为公司,P2,3\n";
        let outcome = Try::new(&db, &kind, text).commit().await.unwrap();
        let wanted = Counts { new: 1, repeated: 1, refused: 2, ..Counts::default() };
        assert_eq!(outcome.counts, wanted);
        let twice = |row| (row, "code", "import-key_contradicts");
        assert_eq!(reasons(&outcome), [twice(2), twice(4)]);
        assert_eq!(pallets::stored(&db).await.len(), 1);
    }

    async fn unknown_customers_are_created_only_when_asked(db: Db) {
        pallets::create_table(&db).await;
        let kind = Pallets::default();
        let text = "客户,托盘号\n红木家具厂,P1\n红木家具厂,P2\n明为公司,P3\n";
        let plain = Try::new(&db, &kind, text);
        assert_eq!(plain.preview().await.unwrap().counts, Counts { new: 1, refused: 2, ..Counts::default() });
        let creating = Try { create_customers: true, ..plain };
        let wanted = Counts { new: 3, new_customers: 1, ..Counts::default() };
        assert_eq!(creating.preview().await.unwrap().counts, wanted);
    }

    async fn an_import_that_breaks_off_leaves_not_one_row(db: Db) {
        pallets::create_table(&db).await;
        let kind = Pallets::default();
        kind.fails_at.store(2_400, Ordering::Relaxed);
        let text = many(3_000);
        let broken = Try::new(&db, &kind, &text).commit().await;
        assert!(matches!(broken, Err(Error::Unavailable(_))), "{broken:?}");
        assert!(pallets::stored(&db).await.is_empty(), "1,000 rows of the first chunk had been written");
        kind.fails_at.store(0, Ordering::Relaxed);
        assert_eq!(Try::new(&db, &kind, &text).commit().await.unwrap().counts.new, 3_000);
    }

    async fn what_changed_between_preview_and_commit_stops_the_commit(db: Db) {
        pallets::create_table(&db).await;
        let kind = Pallets::default();
        let file = Try::new(&db, &kind, SHEET);
        let preview = file.preview().await.unwrap();
        Try::new(&db, &kind, "客户,托盘号\n明为公司,P1\n").commit().await.unwrap();
        let stopped = file.commit_as_previewed(preview.counts).await.unwrap_err();
        assert_eq!(stopped.code(), "import-changed_since_preview");
        assert_eq!(pallets::stored(&db).await.len(), 1);
    }

    async fn a_file_that_turns_out_otherwise_after_thousands_of_its_rows_leaves_none_of_them(db: Db) {
        pallets::create_table(&db).await;
        let kind = Pallets::default();
        let text = many(2_500);
        let file = Try::new(&db, &kind, &text);
        let preview = file.preview().await.unwrap();
        Try::new(&db, &kind, "客户,托盘号,件数\n明为公司,P02499,2499\n").commit().await.unwrap();
        let stopped = file.commit_as_previewed(preview.counts).await.unwrap_err();
        assert_eq!(stopped.code(), "import-changed_since_preview");
        assert_eq!(pallets::stored(&db).await.len(), 1, "its last row made it another file");
    }

    async fn what_a_commit_has_written_already_changes_nothing_in_what_it_says_of_later_rows(db: Db) {
        pallets::create_table(&db).await;
        let kind = Pallets::default();
        let text = many(4_500).replace("明为公司", "红木家具厂");
        let file = Try { create_customers: true, ..Try::new(&db, &kind, &text) };
        let preview = file.preview().await.unwrap();
        assert_eq!((preview.counts.new, preview.counts.new_customers), (4_500, 1));
        assert_eq!(file.commit_as_previewed(preview.counts).await.unwrap(), preview);
        assert_eq!(pallets::stored(&db).await.len(), 4_500);
    }

    async fn text_in_a_number_column_is_refused_or_kept_as_unknown_and_never_zero(db: Db) {
        pallets::create_table(&db).await;
        let kind = Pallets::default();
        let text = "客户,托盘号,成本\n明为公司,P1,含在货价内\n明为公司,P2,1,200.50\n明为公司,P3,１２\n"
            .replace("1,200.50", "\"1,200.50\"");
        let refusing = Try::new(&db, &kind, &text);
        let outcome = refusing.preview().await.unwrap();
        assert_eq!(reasons(&outcome), [(2, "cost", "import-number_unreadable")]);
        Try { on_text: TextInNumber::Unknown, ..refusing }.commit().await.unwrap();
        let costs: Vec<_> = pallets::stored(&db).await.into_iter().map(|row| row.cost).collect();
        assert_eq!(costs, ["含在货价内", "CNY 1,200.50", "CNY 12.00"]);
    }

    async fn only_who_may_write_the_kind_may_bring_it_in(db: Db) {
        pallets::create_table(&db).await;
        let (reader, kind, options) = (reader(), Pallets::default(), Options::default());
        let nobody = Actor { kind: base::ActorKind::User { id: base::UserId("u".into()), session: String::new() }, ..boss() };
        let mapping = exchange::mapping::propose("pallets", &["客户".into(), "托盘号".into()], kind.fields()).mapping;
        let work = Work { reader: &reader, kind: &kind, mapping: &mapping, options: &options, refused: None,
            report: Arc::new(|_| {}) };
        let refused = engine::preview(&db, &nobody, file(SHEET.as_bytes()), &work).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
    }
}
