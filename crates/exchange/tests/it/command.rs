use std::path::PathBuf;
use std::sync::Arc;

use base::{Error, Language};
use exchange::cli::{self, Told, Wish};
use tempfile::TempDir;

use crate::engine::boss;
use crate::pallets;
use crate::world::{World, texts, world};

const SHEET: &str = "客户,托盘号,件数\n明为公司,P1,3\n红木家具厂,P2,4\n";

struct Files {
    folder: TempDir,
    file: PathBuf,
}

fn files(text: &str) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("一月.csv");
    std::fs::write(&file, text).unwrap();
    Files { folder, file }
}

async fn import(world: &World, files: &Files, mapping: Option<&str>, dry_run: bool) -> Result<Told, Error> {
    let (texts, refused) = (texts(), files.folder.path().join("refused.csv"));
    let wish = Wish {
        kind: "pallets",
        file: &files.file,
        mapping,
        dry_run,
        create_customers: false,
        source: None,
        refused: Some(&refused),
        texts: &texts,
        language: Language::English,
        report: Arc::new(|_| {}),
    };
    cli::import(&world.imports, &boss(), &wish).await
}

db::db_tests! {
    async fn a_dry_run_says_what_an_import_does_and_the_import_does_it(db: Db) {
        let (world, files) = (world(&db).await, files(SHEET));
        let dry = import(&world, &files, None, true).await.unwrap();
        assert!(dry.sentences[0].starts_with("Dry run: new 1,"), "{:?}", dry.sentences);
        assert!(pallets::stored(&db).await.is_empty());
        let told = import(&world, &files, None, false).await.unwrap();
        assert_eq!(told.outcome, dry.outcome);
        let json = serde_json::to_value(&told).unwrap();
        assert_eq!((&json["counts"]["new"], &json["counts"]["refused"]), (&1.into(), &1.into()));
        let back = std::fs::read_to_string(told.refused_file.unwrap()).unwrap();
        assert!(back.contains("Why refused") && back.contains("红木家具厂"), "{back}");
        let again = import(&world, &files, None, false).await.unwrap();
        assert_eq!((again.outcome.counts.new, again.outcome.counts.unchanged), (0, 1));
        let all = world.imports.list(&boss(), None, base::PageSize::new(None)).await.unwrap();
        assert_eq!(all.rows.len(), 2, "only real imports are remembered");
        assert_eq!(all.rows[0].sha256.len(), 64);
    }

    async fn without_a_mapping_the_headers_must_say_everything(db: Db) {
        let (world, files) = (world(&db).await, files("甲,托盘号,成本\n明为公司,P1,3\n"));
        let Err(Error::Invalid(problems)) = import(&world, &files, None, true).await else { panic!() };
        let open: Vec<_> = problems.iter().map(|it| (it.field.as_str(), it.message.key.as_str())).collect();
        assert_eq!(open, [("customer", "import-proposal_open"), ("cost", "import-proposal_open")]);
        let map = files.folder.path().join("map.toml");
        std::fs::write(&map, "kind = \"pallets\"\n[columns]\ncustomer = { column = \"甲\" }\ncode = { column = \"托盘号\" }\n")
            .unwrap();
        let told = import(&world, &files, map.to_str(), false).await.unwrap();
        assert!(told.is_whole() && told.refused_file.is_none());
    }

    async fn what_is_missing_is_said_in_a_sentence(db: Db) {
        let (world, files) = (world(&db).await, files(SHEET));
        for (mapping, key) in [("nobody", "import-mapping_unknown"), ("none.toml", "import-path_missing"),
            ("scms", "import-mapping_of_other_kind")] {
            let Err(Error::Invalid(problems)) = import(&world, &files, Some(mapping), true).await else { panic!() };
            assert_eq!(problems[0].message.key, key);
        }
        let gone = Files { file: "nowhere.csv".into(), ..files };
        let Err(Error::Invalid(problems)) = import(&world, &gone, None, true).await else { panic!() };
        assert_eq!(problems[0].message.key, "import-path_missing");
        let folder = Files { file: ".".into(), ..gone };
        let Err(Error::Invalid(problems)) = import(&world, &folder, None, true).await else { panic!() };
        assert_eq!(problems[0].message.key, "import-path_is_folder");
    }

    async fn the_first_refused_rows_are_told_with_their_reasons_and_how_many_more_there_are(db: Db) {
        let mut text = String::from("客户,托盘号,件数\n");
        (0..12).for_each(|row| text.push_str(&format!("明为公司,P{row},三件\n")));
        let (world, files) = (world(&db).await, files(&text));
        let told = import(&world, &files, None, true).await.unwrap();
        let lines = &told.sentences;
        assert_eq!(lines[1], "Row 2, P0: Pieces (column \"件数\"): \"三件\" is not a number. Write 1234.5.");
        assert_eq!((lines.len(), lines[11].as_str()), (12, "2 more rows are refused; all stand in the file of refused rows."));
        let json = serde_json::to_value(&told).unwrap();
        assert_eq!((&json["problems"][0]["key"], &json["problems"][0]["sentence"]["key"]),
            (&"P0".into(), &"import-number_unreadable".into()));
        assert_eq!(json["problems"][0]["detail"], "Pieces (column \"件数\"): \"三件\" is not a number. Write 1234.5.");
    }

    async fn a_change_and_a_doubtful_source_are_told_before_anything_is_written(db: Db) {
        let (world, first) = (world(&db).await, files("客户,托盘号,件数\n明为公司,P1,3\n"));
        import(&world, &first, None, false).await.unwrap();
        world.kind.elsewhere.lock().unwrap().insert("tms".into(), vec!["P2".into()]);
        let second = files("客户,托盘号,件数\n明为公司,P1,4\n明为公司,P2,4\n");
        let told = import(&world, &second, None, true).await.unwrap();
        assert!(told.sentences[1].contains("under the source “tms”") && told.sentences[1].contains("--source"));
        assert_eq!(told.sentences[2], "Row 2, P1: Pieces 3 → 4");
        let json = serde_json::to_value(&told).unwrap();
        assert_eq!((&json["warnings"][0]["code"], &json["changes"][0]["detail"], &json["source"]),
            (&"import-known_elsewhere".into(), &"Pieces 3 → 4".into(), &"file".into()));
    }
}
