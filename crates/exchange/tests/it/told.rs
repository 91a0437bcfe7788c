//! What people and programs read of an import: whose row, which column, what stands there, what would be right.

use axum::Router;
use base::{Actor, Language};

use crate::api::program;
use crate::pallets;
use crate::world::{Answer, World, get, post, somebody, upload, world};

const SHEET: &str = "客户名,托盘号,数量,成本,运输方式\n明为公司,P1,3,12.50,空运\n智享物流,P2,三件,8,卡车\n";

async fn uploaded(app: &Router, text: &str) -> String {
    let answer = upload(app, "/imports?csrf=token", "一月.csv", text.as_bytes(), &[("kind", "pallets")]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.location().trim_end_matches("/columns").to_owned()
}

/// All five columns, in the order of the sheet.
const FORM: &str = "column-customer=c0&column-code=c1&column-pieces=c2&column-cost=c3&currency-cost=CNY&column-mode=c4\
    &on_text=refuse&source=tms&theirs-mode-0=空运&ours-mode-0=air";

fn english(world: &World) -> Router {
    world.app(Actor { language: Language::English, ..somebody("zhang") })
}

const MAPPING: &str = "kind = \"pallets\"\n[columns]\ncustomer = { column = \"客户名\" }\ncode = { column = \"托盘号\" }\n\
    pieces = { column = \"数量\" }\n";

/// By a program, with the mapping above.
async fn mapped(app: &Router, source: Option<&str>, text: &str) -> Answer {
    let mut fields = vec![("kind", "pallets"), ("mapping", MAPPING)];
    fields.extend(source.map(|source| ("source", source)));
    upload(app, "/api/v1/imports", "x.csv", text.as_bytes(), &fields).await
}

db::db_tests! {
    async fn a_refused_row_is_told_by_its_key_its_column_what_stands_there_and_why(db: Db) {
        let world = world(&db).await;
        let app = world.app(somebody("zhang"));
        let page = uploaded(&app, SHEET).await;
        post(&app, &format!("{page}/columns"), FORM).await;
        let chinese = get(&app, &page).await;
        let cells = chinese.texts("tbody tr:first-child td");
        let row = ["3", "P2", "件数“数量”列", "三件", "“三件”不是数字。请写成 1234.5。"];
        assert_eq!(cells[..5], row, "{}", chinese.text);
        let english = get(&english(&world), &page).await;
        assert_eq!(english.texts("tbody tr:first-child td")[2], "PiecesColumn “数量”");
        let json = get(&app, &format!("/api/v1{page}")).await.json();
        let problem = &json["problems"][0];
        assert_eq!((&problem["row"], &problem["key"], &problem["column"], &problem["value"]),
            (&3.into(), &"P2".into(), &"数量".into(), &"三件".into()));
        assert_eq!(problem["detail"], "件数（“数量”列）：“三件”不是数字。请写成 1234.5。");
    }

    async fn a_changed_row_shows_what_was_and_what_becomes(db: Db) {
        let world = world(&db).await;
        let app = world.app(somebody("zhang"));
        let form = "column-customer=c0&column-code=c1&column-pieces=c2&on_text=refuse&source=tms";
        for pieces in ["3", "1200"] {
            let page = uploaded(&app, &SHEET.replace("P1,3", &format!("P1,{pieces}"))).await;
            post(&app, &format!("{page}/columns"), form).await;
            if pieces == "1200" {
                let change = get(&app, &page).await;
                assert_eq!(change.texts(".changes li"), ["件数 3 → 1200"], "{}", change.text);
                let json = get(&app, &format!("/api/v1{page}")).await.json();
                assert_eq!((&json["changes"][0]["key"], &json["changes"][0]["values"][0]["before"]),
                    (&"P1".into(), &"3".into()));
            }
            post(&app, &format!("{page}/commit"), "").await;
        }
        assert_eq!(pallets::stored(&db).await[0].pieces, Some(1200));
    }

    async fn no_page_shows_a_word_of_ours_that_is_for_programs_only(db: Db) {
        let world = world(&db).await;
        let app = world.app(somebody("zhang"));
        let page = uploaded(&app, SHEET).await;
        let raw = |texts: Vec<String>| {
            let wrong = |text: &String| ["air", "truck", "pieces", "code", "pallets", "scms", "chinese"].iter().any(|raw| text.contains(raw));
            texts.into_iter().filter(wrong).collect::<Vec<_>>()
        };
        let columns = get(&app, &format!("{page}/columns")).await;
        assert_eq!(raw(columns.texts("main")), Vec::<String>::new());
        assert!(columns.text.contains("空运 / 汽运"), "the words that are known are said");
        let incomplete = post(&app, &format!("{page}/columns"), "column-cost=c3&source=tms").await;
        assert_eq!(raw(incomplete.texts("main")), Vec::<String>::new());
        assert!(incomplete.texts("#problem-customer")[0].contains("“客户”"), "{}", incomplete.text);
        post(&app, &format!("{page}/columns"), FORM).await;
        assert_eq!(raw(get(&app, &page).await.texts("main")), Vec::<String>::new());
    }

    async fn the_words_of_a_file_are_given_their_meaning_one_by_one(db: Db) {
        let world = world(&db).await;
        let app = world.app(somebody("zhang"));
        let page = uploaded(&app, SHEET).await;
        post(&app, &format!("{page}/columns"), FORM).await;
        let refused = get(&app, &page).await;
        assert!(refused.text.contains("不认识“卡车”。可以是：空运 / 汽运"), "{}", refused.text);
        let columns = get(&app, &format!("{page}/columns")).await;
        assert!(columns.has("select[name=ours-mode-1] option[value='?'][selected]"), "{}", columns.text);
        let meant = format!("{FORM}&theirs-mode-1=卡车&ours-mode-1=truck");
        post(&app, &format!("{page}/columns"), &meant).await;
        assert!(!get(&app, &page).await.text.contains("不认识"));
        let again = get(&app, &format!("{page}/columns")).await;
        assert!(again.has("select[name=ours-mode-1] option[value=truck][selected]"));
        let unknown = FORM.replace("ours-mode-0=air", "ours-mode-0=plane");
        assert_eq!(post(&app, &format!("{page}/columns"), &unknown).await.status, 422);
    }

    async fn a_column_that_is_absent_stops_nothing_unless_it_is_required(db: Db) {
        let app = world(&db).await.app(program());
        let optional = mapped(&app, None, "客户名,托盘号\n明为公司,P1\n").await;
        assert_eq!((optional.status, &optional.json()["counts"]["new"]), (201, &1.into()), "{}", optional.text);
        let notice = &optional.json()["notices"][0];
        assert_eq!((&notice["code"], &notice["detail"]),
            (&"import-column_absent".into(), &"文件里没有“数量”列，“件数”已跳过。".into()));
        let required = mapped(&app, None, "客户名,数量\n明为公司,3\n").await;
        assert_eq!((required.status, &required.json()["fields"][0]["field"]), (422, &"code".into()));
    }

    async fn records_that_are_known_under_another_source_are_warned_of(db: Db) {
        let world = world(&db).await;
        world.kind.elsewhere.lock().unwrap().insert("tms".into(), vec!["P1".into(), "P7".into()]);
        let app = world.app(somebody("zhang"));
        let page = uploaded(&app, SHEET).await;
        assert!(get(&app, &format!("{page}/columns")).await.has("datalist option[value=tms]"));
        post(&app, &format!("{page}/columns"), &FORM.replace("source=tms", "source=file")).await;
        let preview = get(&app, &page).await;
        let warning = &preview.texts(".notice-warn")[0];
        assert!(warning.contains("1 行的运单号在来源“tms”下已经存在") && warning.contains("“file”"), "{warning}");
        post(&app, &format!("{page}/columns"), FORM).await;
        assert!(!get(&app, &page).await.has(".notice-warn"), "the right source has no such warning");
    }

    async fn a_program_says_which_source_the_records_come_from(db: Db) {
        let world = world(&db).await;
        world.kind.elsewhere.lock().unwrap().insert("tms".into(), vec!["P1".into()]);
        let app = world.app(program());
        let usual = mapped(&app, None, SHEET).await.json();
        assert_eq!((&usual["source"], &usual["warnings"][0]["code"]),
            (&"file".into(), &"import-known_elsewhere".into()));
        let named = mapped(&app, Some("tms"), SHEET).await.json();
        assert_eq!((&named["source"], &named["warnings"]), (&"tms".into(), &serde_json::json!([])));
        let nothing = mapped(&app, Some(" "), SHEET).await;
        assert_eq!((nothing.status, &nothing.json()["fields"][0]["field"]), (422, &"source".into()));
    }

    async fn an_amount_without_a_currency_is_offered_the_firms_own_and_never_given_it_silently(db: Db) {
        let world = world(&db).await;
        let app = world.app(somebody("zhang"));
        let page = uploaded(&app, SHEET).await;
        let columns = get(&app, &format!("{page}/columns")).await;
        assert!(columns.has("select[name=currency-cost] option[value=CNY][selected]"), "{}", columns.text);
        assert!(columns.text.contains("文件里没有币种，先按本位币 CNY"), "it is said");
        let without = FORM.replace("currency-cost=CNY", "currency-cost=");
        assert_eq!(post(&app, &format!("{page}/columns"), &without).await.status, 422);
        let file = "客户,托盘号,成本\n明为公司,P1,3\n".as_bytes();
        let program = upload(&world.app(program()), "/api/v1/imports", "x.csv", file, &[("kind", "pallets")]).await;
        assert_eq!(program.json()["fields"][0]["code"], "import-currency_unmapped");
    }

    async fn the_next_file_with_the_same_headers_finds_the_columns_that_were_said(db: Db) {
        let world = world(&db).await;
        let (zhang, li) = (world.app(somebody("zhang")), world.app(somebody("li")));
        let first = uploaded(&zhang, SHEET).await;
        let corrected = FORM.replace("column-cost=c3", "column-cost=");
        post(&zhang, &format!("{first}/columns"), &corrected).await;
        post(&zhang, &format!("{first}/give-up"), "").await;
        let turned = "运输方式,成本,托盘号,数量,客户名\n空运,8,P5,4,明为公司\n";
        let next = uploaded(&li, turned).await;
        let columns = get(&li, &format!("{next}/columns")).await;
        assert!(columns.has("#column-customer option[value=c4][selected]"), "whatever the order of the columns");
        assert!(columns.has("#column-cost option[value=''][selected]") && columns.has("#source[value=tms]"));
        assert!(columns.has("#mapping option[value=last][selected]") && columns.text.contains("上次的对应（zhang"));
        post(&li, &format!("{next}/basis"), "mapping=").await;
        let proposed = get(&li, &format!("{next}/columns")).await;
        assert!(proposed.has("#column-cost option[value=c1][selected]"), "the proposal is one click away");
        post(&li, &format!("{next}/basis"), "mapping=last").await;
        assert!(get(&li, &format!("{next}/columns")).await.has("#column-cost option[value=''][selected]"));
        let other = uploaded(&li, "客户名,托盘号\n明为公司,P1\n").await;
        assert!(!get(&li, &format!("{other}/columns")).await.text.contains("上次的对应"), "other headers, other file");
    }
}
