use axum::Router;
use base::Language;

use crate::pallets;
use crate::world::{get, manager, post, somebody, upload, world};

const SHEET: &str = "客户,托盘号,件数,成本,备注\n明为公司,P1,3,12.50,急\n红木家具厂,P2,4,8,\n智享物流,P3,三件,8,\n";

async fn uploaded(app: &Router) -> String {
    let answer = upload(app, "/imports?csrf=token", "一月.csv", SHEET.as_bytes(), &[("kind", "pallets")]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.location().trim_end_matches("/columns").to_owned()
}

const FORM: &str = "column-customer=c0&column-code=c1&column-pieces=c2&column-cost=c3&currency-cost=CNY\
    &on_text=refuse&source=tms";

db::db_tests! {
    async fn a_file_goes_from_the_upload_to_the_result_by_plain_forms(db: Db) {
        let world = world(&db).await;
        let app = world.app(somebody("zhang"));
        let page = uploaded(&app).await;
        let columns = get(&app, &format!("{page}/columns")).await;
        assert!(columns.has("#column-code option[value=c1][selected]"), "the header proposes the column");
        assert!(columns.text.contains("明为公司 · 红木家具厂 · 智享物流"), "its first values stand beside it");
        assert!(columns.text.contains("不会导入的列：备注"));
        let checked = post(&app, &format!("{page}/columns"), FORM).await;
        assert_eq!((checked.status, checked.location()), (303, page.as_str()));
        let preview = get(&app, &page).await;
        assert_eq!(preview.texts(".tile-value"), ["1", "0", "0", "0", "2", "0"]);
        assert!(preview.text.contains("“三件”不是数字"), "{}", preview.text);
        assert!(pallets::stored(&db).await.is_empty());
        let done = post(&app, &format!("{page}/commit"), "").await;
        assert_eq!(done.location(), page);
        assert_eq!(pallets::stored(&db).await.len(), 1);
        let result = get(&app, &page).await;
        assert_eq!(result.texts(".tile-value"), ["1", "0", "0", "0", "2", "0"]);
        assert!(result.has(".notice-good") && result.has("a[href$='/refused']"));
        assert_eq!(world.files(), ["refused"], "the uploaded file is gone");
    }

    async fn refused_rows_come_back_with_the_reason_in_the_readers_language(db: Db) {
        let world = world(&db).await;
        let app = world.app(somebody("zhang"));
        let page = uploaded(&app).await;
        post(&app, &format!("{page}/columns"), FORM).await;
        let chinese = get(&app, &format!("{page}/refused")).await;
        assert_eq!(chinese.headers["content-type"], "text/csv; charset=utf-8");
        assert!(chinese.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        let lines: Vec<_> = chinese.text.lines().collect();
        assert_eq!(lines[0], "\u{feff}\"客户\",\"托盘号\",\"件数\",\"成本\",\"备注\",\"退回原因\",\"行号\"");
        assert!(lines[2].starts_with("\"智享物流\",\"P3\",\"三件\",\"8\",\"\",\"件数：“三件”不是数字"), "{}", lines[2]);
        let english = base::Actor { language: Language::English, ..somebody("zhang") };
        let english = get(&world.app(english), &format!("{page}/refused")).await;
        assert!(english.text.contains("Pieces (column \"\"件数\"\"): \"\"三件\"\" is not a number"), "{}", english.text);
    }

    async fn a_column_that_does_not_fit_is_said_at_its_field_and_nothing_is_lost(db: Db) {
        let world = world(&db).await;
        let app = world.app(somebody("zhang"));
        let page = uploaded(&app).await;
        let wrong = post(&app, &format!("{page}/columns"), "column-code=c1&column-cost=c3&source=tms").await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.has("#problem-customer") && wrong.has("#problem-cost"));
        assert!(wrong.has("#column-cost option[value=c3][selected]"), "what was chosen is kept");
    }

    async fn text_in_a_number_column_is_unknown_when_one_says_so(db: Db) {
        let world = world(&db).await;
        let app = world.app(somebody("zhang"));
        let page = uploaded(&app).await;
        let form = FORM.replace("refuse", "unknown") + "&create_customers=on";
        post(&app, &format!("{page}/columns"), &form).await;
        assert_eq!(get(&app, &page).await.texts(".tile-value"), ["3", "0", "0", "0", "0", "1"]);
    }

    async fn a_file_that_is_no_table_is_refused_with_a_sentence_and_not_kept(db: Db) {
        let world = world(&db).await;
        let app = world.app(somebody("zhang"));
        let files: [(&[u8], &str); 5] = [
            (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0", "这是程序文件"),
            (b"", "文件里没有内容"),
            ("客户,托盘号\n".as_bytes(), "只有表头"),
            (b"a,b\n1,\x002\n", "空字符"),
            (b"pays,ville\nC\xf4te d'Ivoire,Orl\xe9ans\n", "编码"),
        ];
        for (file, sentence) in files {
            let answer = upload(&app, "/imports?csrf=token", "x.csv", file, &[("kind", "pallets")]).await;
            assert_eq!(answer.status, 422);
            assert!(answer.texts("[data-problem]")[0].contains(sentence), "{sentence}: {}", answer.text);
        }
        assert!(world.files().is_empty());
        assert!(get(&app, "/imports").await.has(".empty-state"));
        let nothing = post(&app, "/imports", "kind=pallets").await;
        assert_eq!(nothing.status, 422);
    }

    async fn an_upload_without_the_token_is_refused(db: Db) {
        let world = world(&db).await;
        let app = world.app(somebody("zhang"));
        let answer = upload(&app, "/imports", "x.csv", SHEET.as_bytes(), &[("kind", "pallets")]).await;
        assert_eq!((answer.status, world.files().len()), (403, 0));
    }

    async fn one_sees_ones_own_imports_and_a_manager_sees_all_but_not_their_rows(db: Db) {
        let world = world(&db).await;
        let zhang = world.app(somebody("zhang"));
        let page = uploaded(&zhang).await;
        post(&zhang, &format!("{page}/columns"), FORM).await;
        let (li, manager) = (world.app(somebody("li")), world.app(manager()));
        assert!(get(&zhang, "/imports").await.has("tr[data-row]"));
        assert!(get(&li, "/imports").await.has(".empty-state"));
        for path in ["", "/columns", "/refused"] {
            assert_eq!(get(&li, &format!("{page}{path}")).await.status, 404, "{path}");
        }
        assert_eq!(post(&li, &format!("{page}/commit"), "").await.status, 404);
        assert!(get(&manager, "/imports").await.text.contains("zhang"));
        let seen = get(&manager, &page).await;
        assert_eq!(seen.texts(".tile-value")[4], "2");
        assert!(!seen.text.contains("三件") && !seen.has("form[action$='/commit']"));
        assert_eq!(get(&manager, &format!("{page}/refused")).await.status, 404);
        assert_eq!(post(&manager, &format!("{page}/commit"), "").await.status, 404);
    }

    async fn every_page_speaks_english_too(db: Db) {
        let world = world(&db).await;
        let app = world.app(base::Actor { language: Language::English, ..somebody("zhang") });
        assert!(get(&app, "/imports").await.text.contains("No file has been imported yet."));
        let page = uploaded(&app).await;
        assert!(get(&app, &format!("{page}/columns")).await.text.contains("Column of the file"));
        assert!(get(&app, "/imports/new").await.text.contains("at most 200 MB"));
        assert!(get(&app, "/imports").await.has("tr[data-row]"));
    }

    async fn a_file_given_up_is_gone(db: Db) {
        let world = world(&db).await;
        let app = world.app(somebody("zhang"));
        let page = uploaded(&app).await;
        assert_eq!(post(&app, &format!("{page}/give-up"), "").await.location(), "/imports");
        assert!(world.files().is_empty());
        assert_eq!(post(&app, &format!("{page}/commit"), "").await.status, 422);
    }
}
