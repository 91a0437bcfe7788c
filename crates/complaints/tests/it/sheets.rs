//! The card as a workbook: out, filled in, and in again.

use std::io::Write;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base::{Actor, Language, Scope};
use complaints::complaint::Model;
use complaints::sheet::filled::Filled;
use complaints::sheet::{Field, Tongue, book};
use complaints::words::{Severity, Step};
use complaints::{ComplaintId, Complaints, samples};
use db::{Db, db_tests};
use rust_xlsxwriter::Workbook;
use scraper::{Html, Selector};
use texts::Texts;

use crate::evidence::{Office, Said, upload};
use crate::{chen, customer, logged, person, up_to, when};

const IMPORT: &str = "/complaints/import";

/// Rows of a sheet: label and content.
type Rows = Vec<(String, String)>;

fn texts(office: &Office) -> Texts {
    let own = complaints::module(office.complaints()).locales.unwrap();
    Texts::load([web::locales(), exchange::locales(), own]).unwrap()
}

fn tongue(texts: &Texts, language: Language) -> Tongue<'_> {
    Tongue { texts, language }
}

/// A card with these cells, as our own workbook has its rows.
fn rows(tongue: Tongue<'_>, cells: &[(Field, &str)]) -> Rows {
    let content = |field: Field| cells.iter().find(|(one, _)| *one == field).map_or("", |(_, text)| *text);
    Field::ALL.iter().map(|field| (tongue.t(field.label()), content(*field).to_owned())).collect()
}

fn saved(tongue: Tongue<'_>, rows: &Rows) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, key) in (0..).zip(book::HEADER) {
        sheet.write_string(0, column, tongue.t(key)).unwrap();
    }
    for (row, (label, content)) in (1..).zip(rows) {
        sheet.write_string(row, 0, label).unwrap();
        sheet.write_string(row, 1, content).unwrap();
        sheet.write_string(row, 2, "·").unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

fn read(office: &Office, bytes: &[u8]) -> Result<Filled, base::Error> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    let reader = exchange::Reader::new(vec![env!("CARGO_BIN_EXE_complaints_reader").into()]);
    Filled::read(&reader, file, &texts(office))
}

async fn taken_out(office: &Office, id: &ComplaintId, language: Language) -> Vec<u8> {
    let request = Request::get(format!("/complaints/{id}/xlsx")).body(Body::empty()).unwrap();
    let said = office.ask_in(&chen(), language, request).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.text());
    assert!(said.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"complaint-"));
    said.bytes.to_vec()
}

async fn preview(office: &Office, actor: &Actor, bytes: &[u8]) -> Said {
    office.ask(actor, upload(&format!("{IMPORT}/files"), "投诉处理卡.xlsx", bytes)).await
}

/// Confirms what a preview offers.
async fn confirm(office: &Office, actor: &Actor, preview: &Said) -> Said {
    let html = Html::parse_document(&preview.text());
    let value = |name: &str| {
        let wanted = Selector::parse(&format!("input[name={name}]")).unwrap();
        html.select(&wanted).next().and_then(|one| one.attr("value")).unwrap_or_default().to_owned()
    };
    let form = serde_urlencoded::to_string([("card", value("card")), ("seen", value("seen"))]).unwrap();
    office.ask(actor, pressed(&form)).await
}

fn pressed(form: &str) -> Request<Body> {
    let request = Request::post(IMPORT).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    request.body(Body::from(form.to_owned())).unwrap()
}

fn problems(said: &Said) -> Vec<String> {
    let html = Html::parse_document(&said.text());
    let wanted = Selector::parse("[data-problem]").unwrap();
    html.select(&wanted).map(|one| one.text().collect::<String>()).collect()
}

async fn brought_in(office: &Office, actor: &Actor, bytes: &[u8]) -> Model {
    let before = preview(office, actor, bytes).await;
    assert_eq!((before.status, problems(&before)), (StatusCode::OK, vec![]), "{}", before.text());
    let done = confirm(office, actor, &before).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let id = done.headers[header::LOCATION].to_str().unwrap().rsplit('/').next().unwrap().to_owned();
    office.complaints().file(actor, &ComplaintId(id)).await.unwrap().complaint
}

/// A complaint on which every step has left something.
async fn whole(db: &Db, office: &Office) -> (Complaints, Model) {
    let (complaints, first) = logged(db).await;
    let shipment = shipments::samples::shipment(&first.customer_id, "MW1", chen().today());
    shipments::Shipments::new(db.clone()).record(&chen(), shipment, None).await.unwrap();
    let now = complaints.add_shipments(&chen(), &first.id, 1, &["MW1".into()]).await.unwrap();
    let now = up_to(&complaints, &chen(), &now, Step::Resolve).await;
    let mut solution = samples::solution("1200.5");
    solution.extra = "送一张“运费”券\r\n=1+1".into();
    crate::with_limit(db, "chen", 5000).await;
    let now = complaints.propose(&chen(), &now.id, now.version, &solution).await.unwrap();
    let mut step = samples::step(Step::Resolve);
    step.text = "已修复 _x0041_\n'=SUM(A1)".into();
    let now = complaints.take_step(&chen(), &now.id, now.version, &step).await.unwrap();
    let _ = office;
    (complaints, now)
}

db_tests! {
    async fn what_goes_out_comes_in_again_and_nothing_has_changed(db: Db) {
        let office = Office::of(&db);
        let (complaints, complaint) = whole(&db, &office).await;
        for language in [Language::Chinese, Language::English] {
            let first = taken_out(&office, &complaint.id, language).await;
            let cells = read(&office, &first).unwrap();
            assert_eq!(cells.language, language);
            assert_eq!(cells.text(Field::Number), complaint.number);
            assert_eq!(cells.text(Field::Words), complaint.words);
            assert_eq!(cells.text(Field::Extra), "送一张“运费”券\n=1+1");
            assert_eq!(cells.text(Field::Result), "已修复 _x0041_\n'=SUM(A1)");
            assert!(!cells.text(Field::Lane).is_empty() && !cells.text(Field::Compensation).is_empty());
            let seen = preview(&office, &chen(), &first).await;
            assert_eq!((seen.status, problems(&seen)), (StatusCode::OK, vec![]));
            assert!(seen.text().contains("上已经都有了"), "{}", seen.text());
            let again = read(&office, &taken_out(&office, &complaint.id, language).await).unwrap();
            assert_eq!(again, cells);
        }
        assert_eq!(complaints.file(&chen(), &complaint.id).await.unwrap().complaint.version, complaint.version);
    }

    async fn a_card_filled_in_elsewhere_becomes_a_complaint_that_has_lost_no_cell(db: Db) {
        let (office, (complaints, first)) = (Office::of(&db), logged(&db).await);
        let texts = texts(&office);
        let tongue = tongue(&texts, Language::Chinese);
        let cells = [
            (Field::Received, "2026-11-22 10:00"), (Field::Customer, "红木家具厂"), (Field::Lane, "许昌 → 广州"),
            (Field::Category, "破损"), (Field::Severity, "高"), (Field::Channel, "电话"), (Field::Words, "又破了\n两件"),
            (Field::Wish, "=赔偿"), (Field::FirstAnswer, "马上查"), (Field::Investigation, "装卸摔落"),
            (Field::Cause, "装卸"), (Field::CauseText, "叉车"), (Field::CauseDepartment, "客服"), (Field::Solution, "改打木箱"),
            (Field::Compensation, "¥300.00"), (Field::Answer, "同意"), (Field::Opinion, "下次注意"),
            (Field::Correction, "培训"), (Field::CorrectionDue, "2026-12-01"), (Field::Department, "客服"), (Field::IsExpress, "是"),
        ];
        crate::with_limit(&db, "chen", 5000).await;
        let made = brought_in(&office, &chen(), &saved(tongue, &rows(tongue, &cells))).await;
        assert_eq!((made.customer_id.clone(), made.number.as_str()), (first.customer_id, "客服-2026-0002"));
        assert_eq!((made.severity, made.express, made.compensation_minor), (Severity::High, true, Some(30_000)));
        assert!(made.legal_due.is_some() && made.next_step == Some(Step::Listen) && made.responded_at.is_none());
        let out = read(&office, &taken_out(&office, &made.id, Language::Chinese).await).unwrap();
        let sent = read(&office, &saved(tongue, &rows(tongue, &cells))).unwrap();
        for (field, text) in &sent.cells {
            assert_eq!(out.text(*field), text, "{field:?}");
        }
        let history = complaints.file(&chen(), &made.id).await.unwrap().entries;
        assert!(history.iter().any(|line| line.text == "investigation\n装卸摔落"), "{history:?}");
        let again = preview(&office, &chen(), &saved(tongue, &rows(tongue, &cells))).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "the same card twice is one complaint");
        assert!(problems(&again)[0].contains(&made.number), "{:?}", problems(&again));
    }

    async fn a_card_with_a_number_adds_what_is_new_and_changes_no_word_of_the_customer(db: Db) {
        let (office, (complaints, first)) = (Office::of(&db), logged(&db).await);
        let texts = texts(&office);
        let tongue = tongue(&texts, Language::English);
        let cells = |words: &'static str| vec![
            (Field::Number, "客服-2026-0001"), (Field::Words, words), (Field::Cause, "Packing"), (Field::Solution, "Repair"),
        ];
        let said = preview(&office, &chen(), &saved(tongue, &rows(tongue, &cells("all was well")))).await;
        assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY);
        let why = problems(&said);
        assert!(why.len() == 1 && why[0].contains("登记后不能改") && why[0].contains("all was well"), "{why:?}");
        assert!(!said.text().contains("name=\"seen\""), "there is nothing to confirm");
        let same: &'static str = first.words.clone().leak();
        let bytes = saved(tongue, &rows(tongue, &cells(same)));
        let seen = preview(&office, &chen(), &bytes).await;
        assert_eq!(complaints.file(&chen(), &first.id).await.unwrap().complaint.version, 1, "a preview writes nothing");
        complaints.remark(&chen(), &first.id, 1, "同时").await.unwrap();
        let late = confirm(&office, &chen(), &seen).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        let now = brought_in(&office, &chen(), &bytes).await;
        assert_eq!((now.solution.as_str(), now.cause.map(|cause| cause.word())), ("Repair", Some("packing")));
        assert_eq!((now.words, now.version), (first.words, 3));
    }

    async fn a_sheet_that_was_rebuilt_is_refused_with_the_name_that_should_stand_there(db: Db) {
        let (office, _) = (Office::of(&db), logged(&db).await);
        let texts = texts(&office);
        let tongue = tongue(&texts, Language::Chinese);
        let whole = || rows(tongue, &[(Field::Customer, "红木家具厂")]);
        let renamed = whole().into_iter().map(|(label, text)| (label.replace("投诉内容（原话）", "客户说的"), text)).collect();
        let shorter = whole().into_iter().filter(|(label, _)| label != "紧急度").collect();
        let longer = whole().into_iter().chain([("天气".to_owned(), "雨".to_owned())]).collect();
        for (rows, found, expected) in
            [(renamed, "客户说的", "投诉内容（原话）"), (shorter, "渠道", "紧急度"), (longer, "天气", "")]
        {
            let said = preview(&office, &chen(), &saved(tongue, &rows)).await;
            assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY);
            let why = problems(&said).join("");
            assert!(why.contains(found) && why.contains(expected), "{found}: {why}");
        }
        let foreign: [(&str, &[u8]); 3] = [("a.xlsx", b"no workbook"), ("a.pdf", b"%PDF-1.7\n1 0 obj\n"), ("a.csv", b"a,b\n1,2\n")];
        for (name, bytes) in foreign {
            let said = office.ask(&chen(), upload(&format!("{IMPORT}/files"), name, bytes)).await;
            assert_eq!((said.status, problems(&said).len()), (StatusCode::UNPROCESSABLE_ENTITY, 1), "{name}");
        }
    }

    async fn each_cell_that_cannot_be_is_named(db: Db) {
        let (office, _) = (Office::of(&db), logged(&db).await);
        let zhang = person("zhang", Scope::Own);
        let xun = customer(&db, &zhang, "迅捷物流").await;
        let shipment = shipments::samples::shipment(&xun, "XJ1", chen().today());
        shipments::Shipments::new(db.clone()).record(&chen(), shipment, None).await.unwrap();
        let texts = texts(&office);
        let tongue = tongue(&texts, Language::Chinese);
        let good = [
            (Field::Customer, "红木家具厂"), (Field::Category, "破损"), (Field::Channel, "电话"), (Field::Words, "x"),
        ];
        let wrong = [
            (Field::Waybills, "XJ1", "别的客户"), (Field::Waybills, "NO1", "没有这个运单：NO1"),
            (Field::Received, "昨天", "读不懂"), (Field::Received, "2099-01-01 10:00", "不能晚于现在"),
            (Field::Category, "天气", "不在选项中"), (Field::Compensation, "很多", "读不懂"), (Field::Department, "火星", "没有这个部门"),
            (Field::Contact, "李四", "没有这个联系人"), (Field::Phone, "13800000000", "请留空"), (Field::Customer, "火星公司", "火星公司"),
            (Field::Correction, "培训", "请选择"), (Field::Number, "客服-2026-0999", "没有这个编号"), (Field::Words, "", "要填"),
        ];
        for (field, text, why) in wrong {
            let mut cells: Vec<_> = good.iter().copied().filter(|(one, _)| *one != field).collect();
            cells.push((field, text));
            if field == Field::Compensation {
                cells.push((Field::Solution, "赔"));
            }
            let said = preview(&office, &chen(), &saved(tongue, &rows(tongue, &cells))).await;
            assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY, "{field:?} {text}");
            let found = problems(&said).join("; ");
            assert!(found.contains(why), "{field:?} {text}: {found}");
        }
    }

    async fn nobody_reaches_by_a_sheet_what_he_does_not_reach_on_the_page(db: Db) {
        let (office, (complaints, first)) = (Office::of(&db), logged(&db).await);
        let zhang = person("zhang", Scope::Own);
        let texts = texts(&office);
        let tongue = tongue(&texts, Language::Chinese);
        let known = saved(tongue, &rows(tongue, &[(Field::Number, &first.number), (Field::Solution, "赔一百万")]));
        let said = preview(&office, &zhang, &known).await;
        assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(problems(&said), ["编号 · 没有这个编号的投诉。"]);
        let fresh = [(Field::Customer, "红木家具厂"), (Field::Category, "破损"), (Field::Channel, "电话"), (Field::Words, "x")];
        let said = preview(&office, &zhang, &saved(tongue, &rows(tongue, &fresh))).await;
        assert!(problems(&said).join("").contains("没有您能登记的客户"), "{:?}", problems(&said));
        let path = format!("/complaints/{}/xlsx", first.id);
        assert_eq!(office.get(&zhang, &path).await.status, StatusCode::NOT_FOUND);
        // What the preview hands on is checked like any other form.
        for card in ["{}", "[]", r#"{"language":"zh-CN","cells":{"password":"x"}}"#, r#"{"language":"xx","cells":{}}"#] {
            let form = serde_urlencoded::to_string([("card", card), ("seen", "0")]).unwrap();
            assert_eq!(office.ask(&chen(), pressed(&form)).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{card}");
        }
        let stolen = format!(r#"{{"language":"zh-CN","cells":{{"number":"{}","solution":"x"}}}}"#, first.number);
        let form = serde_urlencoded::to_string([("card", stolen.as_str()), ("seen", "1")]).unwrap();
        assert_eq!(office.ask(&zhang, pressed(&form)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(complaints.file(&chen(), &first.id).await.unwrap().complaint, first);
    }

    async fn who_only_logs_complaints_has_the_rest_of_his_card_kept_word_for_word(db: Db) {
        let office = Office::of(&db);
        let complaints = crate::with_department(&db).await;
        let mut rep = person("zhang", Scope::Own);
        rep.permissions.remove(&complaints::HANDLE);
        customer(&db, &rep, "明为公司").await;
        let texts = texts(&office);
        let tongue = tongue(&texts, Language::Chinese);
        let cells = [
            (Field::Customer, "明为公司"), (Field::Category, "延误"), (Field::Channel, "微信"), (Field::Words, "晚了三天"),
            (Field::Solution, "免运费"), (Field::Cause, "运输"),
        ];
        let made = brought_in(&office, &rep, &saved(tongue, &rows(tongue, &cells))).await;
        assert_eq!((made.solution.as_str(), made.cause), ("", None));
        let out = read(&office, &taken_out(&office, &made.id, Language::Chinese).await).unwrap();
        assert_eq!((out.text(Field::Solution), out.text(Field::Cause)), ("免运费", "transport"));
        let now = when(&chen(), "2026-11-23T05:00:00Z");
        let done = complaints.propose(&now, &made.id, made.version, &samples::solution("")).await.unwrap();
        let out = read(&office, &taken_out(&office, &done.id, Language::Chinese).await).unwrap();
        assert_eq!(out.text(Field::Solution), samples::solution("").solution, "what was decided stands before what was noted");
    }

    async fn the_blank_card_offers_closed_words_and_an_example_that_can_be_read(db: Db) {
        let (office, _) = (Office::of(&db), logged(&db).await);
        for language in [Language::Chinese, Language::English] {
            let request = Request::get("/complaints/blank/xlsx").body(Body::empty()).unwrap();
            let bytes = office.ask_in(&chen(), language, request).await.bytes;
            assert!(read(&office, &bytes).unwrap().cells.is_empty());
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&bytes).unwrap();
            std::io::Seek::rewind(&mut file).unwrap();
            let texts = texts(&office);
            let reader = exchange::Reader::new(vec![env!("CARGO_BIN_EXE_complaints_reader").into()]);
            let example = tongue(&texts, language).t("complaint-sheet-example");
            let rows: Vec<_> = reader.open_sheet(file, Some(&example)).unwrap().map(|line| line.unwrap()).collect();
            assert_eq!(rows.len(), Field::ALL.len());
        }
    }
}
