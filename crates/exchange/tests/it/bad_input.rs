//! What people really send, through the whole engine: a clear reason each, and nothing else changes.

use exchange::outcome::Counts;

use crate::engine::Try;
use crate::hostile;
use crate::pallets::{self, Pallets};

db::db_tests! {
    async fn a_file_that_cannot_be_read_is_refused_whole_and_nothing_changes(db: Db) {
        pallets::create_table(&db).await;
        let kind = Pallets::default();
        let gbk = encoding_rs::GBK.encode("客户,托盘号\n明为公司,P1\n").0.into_owned();
        assert_eq!(Try::new(&db, &kind, &gbk).preview().await.unwrap().counts.new, 1);
        let files: [(Vec<u8>, &str); 10] = [
            (hostile::endless_strings(), "import-cannot_be_read_safely"),
            (hostile::last_corner(), "import-too_many_columns"),
            (hostile::inflating(), "import-workbook_unsafe"),
            (b"\x7fELF\x02\x01\x01\0\0\0".to_vec(), "import-file_is_program"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "import-file_is_picture"),
            (Vec::new(), "import-file_empty"),
            (b"\n \n\n".to_vec(), "import-file_empty"),
            ("客户,托盘号\n".into(), "import-no_rows"),
            ("客户,托盘号\n明为公司,P\0\n".into(), "import-nul_byte"),
            ("客户,托盘号\n明为公司,\"P1\n".into(), "import-quote_open"),
        ];
        for (bytes, key) in files {
            let refused = Try::new(&db, &kind, &bytes).commit().await.unwrap_err();
            assert_eq!(refused.code(), key);
        }
        assert!(pallets::stored(&db).await.is_empty());
    }

    async fn a_row_that_cannot_be_read_is_refused_and_the_others_are_written(db: Db) {
        pallets::create_table(&db).await;
        let kind = Pallets::default();
        let long = "长".repeat(10_000);
        let text = format!(
            "客户,托盘号,件数,发出日期\n明为公司,P1,3,2026-02-30\n客户,托盘号,件数,发出日期\n智享物流,👨‍👩‍👧🚚,4,2026/1/5\n\
             明为公司,شحنة ١,1,5-Jan-26\n明为公司,{long},2,2026年1月5日\n明为公司,P6,三,\n明为公司,P7\n,P8,1,\n\
             明为公司,P\u{7}9,1,\n明为公司,P10,1,13/13/2026\n"
        );
        let outcome = Try::new(&db, &kind, &text).commit().await.unwrap();
        assert_eq!(outcome.counts, Counts { new: 3, refused: 7, ..Counts::default() });
        let told: Vec<_> = outcome.problems.iter().map(|it| (it.row, it.sentence.key.as_str())).collect();
        assert_eq!(
            told,
            [
                (2, "import-day_impossible"),
                (3, "import-header_repeated"),
                (7, "import-number_unreadable"),
                (8, "import-row_ragged"),
                (9, "import-required"),
                (10, "import-control_character"),
                (11, "import-day_ambiguous"),
            ]
        );
        let codes: Vec<_> = pallets::stored(&db).await.into_iter().map(|row| row.code).collect();
        assert!(codes.contains(&"👨‍👩‍👧🚚".to_owned()) && codes.contains(&"شحنة ١".to_owned()) && codes.contains(&long));
        for problem in &outcome.problems {
            for language in base::Language::CHOICES {
                let sentence = crate::world::texts().say(language, &problem.sentence.message());
                assert!(sentence.chars().count() > 5 && !sentence.starts_with("import-"), "{sentence}");
            }
        }
    }
}
