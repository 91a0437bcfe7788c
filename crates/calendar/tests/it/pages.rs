//! What people read and click.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base::Language;
use calendar::{Calendars, MANAGE};
use db::db_tests;
use scraper::{Html, Selector};

use crate::{Got, ask, department, keeper, person, program};

const NOTICE: &str = "日期,类型,名称\n2026-10-01,放假,国庆节\n2026-10-10,上班,国庆节\n";

async fn get(app: &Router, path: &str) -> Got {
    ask(app, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn post(app: &Router, path: &str, form: &str) -> Got {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    ask(app, request.body(Body::from(form.to_owned())).unwrap()).await
}

/// A form with a year and a file, as a browser sends it.
async fn upload(app: &Router, year: &str, file: Option<&[u8]>) -> Got {
    let mut body = format!("--cut\r\nContent-Disposition: form-data; name=\"year\"\r\n\r\n{year}\r\n").into_bytes();
    let name = if file.is_some() { "2026.csv" } else { "" };
    body.extend(format!("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").bytes());
    body.extend(file.unwrap_or_default());
    body.extend(b"\r\n--cut--\r\n");
    let request =
        Request::post("/settings/calendar/import").header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
    ask(app, request.body(Body::from(body)).unwrap()).await
}

fn found(html: &str, css: &str) -> Vec<String> {
    let wanted = Selector::parse(css).unwrap();
    let text = |element: scraper::ElementRef<'_>| element.text().collect::<Vec<_>>().join(" ");
    Html::parse_document(html)
        .select(&wanted)
        .map(|one| text(one).split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

/// The values of hidden and other inputs, as a form to post.
fn filled(html: &str, css: &str) -> String {
    let wanted = Selector::parse(css).unwrap();
    let page = Html::parse_document(html);
    let pairs = page
        .select(&wanted)
        .filter_map(|input| Some((input.attr("name")?.to_owned(), input.attr("value")?.to_owned())));
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    pairs
        .filter(|(name, _)| name != "csrf")
        .map(|(name, value)| format!("{name}={}", encoded(&value)))
        .collect::<Vec<_>>()
        .join("&")
}

fn hours(lines: &[(&str, &str)], version: i64) -> String {
    let typed: Vec<String> = lines.iter().map(|(name, line)| format!("{name}={line}")).collect();
    format!("{}&zone=Asia%2FShanghai&version={version}", typed.join("&"))
}

db_tests! {
    async fn the_first_page_says_who_works_when_and_which_years_are_missing(db: Db) {
        let sales = department(&db, "销售部", None).await;
        let app = program(&db, &keeper());
        let page = get(&app, "/settings/calendar").await;
        assert_eq!(page.status, StatusCode::OK);
        let lines = found(&page.body, "tbody tr:first-child li");
        assert_eq!(lines, ["周一至周五 09:00-12:00, 13:30-18:00", "周六至周日 休息", "节假日 休息", "调休上班日 09:00-12:00, 13:30-18:00"]);
        let missing = found(&page.body, ".notice > span");
        assert!(missing[0].contains("2026") && missing[1].contains("2027"), "{missing:?}");
        assert!(page.body.contains(&format!("/settings/calendar/hours/{sales}")));
    }

    async fn a_reader_sees_everything_and_is_offered_no_change(db: Db) {
        Calendars::new(db.clone()).load_year(&keeper(), 2026, 0, &calendar::file::read(NOTICE.as_bytes()).unwrap()).await.unwrap();
        let app = program(&db, &person(&[]));
        let unknown = get(&app, "/settings/calendar/years/2027").await.body;
        assert!(found(&unknown, "main").concat().contains("春节 2027-02-06 周六 · 端午 2027-06-09 周三 · 中秋 2027-09-15 周三"));
        for path in ["/settings/calendar", "/settings/calendar/years/2026"] {
            let page = get(&app, path).await;
            assert_eq!((page.status, found(&page.body, "main form, main .btn-primary").len()), (StatusCode::OK, 0), "{path}");
        }
    }

    async fn the_hours_of_a_department_are_typed_as_lines(db: Db) {
        let service = department(&db, "客服部", None).await;
        let app = program(&db, &keeper());
        let path = format!("/settings/calendar/hours/{service}");
        let form = get(&app, &path).await;
        assert!(form.body.contains("value=\"09:00-12:00, 13:30-18:00\""), "it begins with the hours that hold now");
        let saved = post(&app, &path, &hours(&[("monday", "08:00-20:00"), ("sunday", "22:00-06:00"), ("holiday", "09:00-17:00")], 0)).await;
        assert_eq!((saved.status, saved.location.as_str()), (StatusCode::SEE_OTHER, "/settings/calendar"));
        let lines = found(&get(&app, "/settings/calendar").await.body, "tbody tr:last-child li");
        assert_eq!(lines, ["周一 08:00-20:00", "周二至周六 休息", "周日 22:00-06:00", "节假日 09:00-17:00", "调休上班日 休息"]);
        let dropped = post(&app, &format!("{path}/drop"), "version=1").await;
        assert_eq!(dropped.status, StatusCode::SEE_OTHER);
        assert_eq!(post(&app, &format!("{path}/drop"), "version=1").await.status, StatusCode::NOT_FOUND);
    }

    async fn hours_that_cannot_be_come_back_with_what_was_typed(db: Db) {
        let app = program(&db, &keeper());
        let path = "/settings/calendar/hours/firm";
        let wrong = hours(&[("monday", "25:00-26:00"), ("tuesday", "09:00-12:00, 11:00-13:00"), ("friday", "soon")], 0);
        let page = post(&app, path, &wrong).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(found(&page.body, ".field-problem").len(), 3);
        assert!(page.body.contains("value=\"25:00-26:00\"") && page.body.contains("value=\"soon\""));
        let never = post(&app, path, &hours(&[("holiday", "09:00-12:00")], 0)).await;
        assert_eq!(never.status, StatusCode::UNPROCESSABLE_ENTITY);
        let sentence = found(&never.body, "[data-problem]").concat();
        assert!(sentence.contains("什么都没有改动") && sentence.contains("09:00-12:00"), "{sentence}");
        assert_eq!(post(&app, path, "zone=Mars&monday=09:00-12:00").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(post(&app, path, "monday=%00").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(post(&app, path, "saturn=09:00-12:00").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let unknown = post(&app, "/settings/calendar/hours/nobody", &hours(&[("monday", "09:00-12:00")], 0)).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    }

    async fn who_comes_second_sees_what_holds_now(db: Db) {
        let app = program(&db, &keeper());
        let path = "/settings/calendar/hours/firm";
        post(&app, path, &hours(&[("monday", "08:00-17:00")], 0)).await;
        let second = post(&app, path, &hours(&[("monday", "07:00-16:00")], 0)).await;
        assert_eq!(second.status, StatusCode::CONFLICT);
        assert!(second.body.contains("value=\"08:00-17:00\"") && second.body.contains("name=\"version\" value=\"1\""));
    }

    async fn a_file_is_looked_at_and_then_taken(db: Db) {
        let app = program(&db, &keeper());
        assert!(get(&app, "/settings/calendar/import").await.body.contains("value=\"2026\""), "the first year that is missing");
        let preview = upload(&app, "2026", Some(NOTICE.as_bytes())).await;
        assert_eq!(preview.status, StatusCode::OK, "{}", preview.body);
        assert_eq!(found(&preview.body, ".tile-value"), ["2", "0", "0", "0", "0", "0"]);
        assert_eq!(found(&preview.body, "tbody .cell-title"), ["2026-10-01 周四", "2026-10-10 周六"]);
        assert!(found(&get(&app, "/settings/calendar/years/2026").await.body, "tbody tr").is_empty(), "nothing yet");
        let form = filled(&preview.body, "form[action='/settings/calendar/import/load'] input");
        let taken = post(&app, "/settings/calendar/import/load", &form).await;
        assert_eq!((taken.status, taken.location.as_str()), (StatusCode::SEE_OTHER, "/settings/calendar/years/2026"));
        let year = get(&app, "/settings/calendar/years/2026").await.body;
        assert_eq!(found(&year, "tbody tr:first-child td")[..5], ["2026-10-01 周四", "八月廿一", "放假", "国庆节", "休息"]);
        assert!(found(&year, "tbody tr:last-child").concat().contains("09:00-12:00"));
        // The same once more: the year has changed since.
        assert_eq!(post(&app, "/settings/calendar/import/load", &form).await.status, StatusCode::CONFLICT);
    }

    async fn a_file_with_lines_that_cannot_be_used_cannot_be_taken(db: Db) {
        let app = program(&db, &keeper());
        let file = "2026-10-01,放假,国庆节\n2026-10-01,上班,国庆节\n2026-13-01,放假,<b>节</b>\n";
        let preview = upload(&app, "2026", Some(file.as_bytes())).await;
        assert_eq!(preview.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(found(&preview.body, "tbody tr td.num"), ["2", "3"]);
        assert!(found(&preview.body, "tbody").concat().contains("<b>节</b>"), "shown as it is written");
        assert!(found(&preview.body, "form[action='/settings/calendar/import/load']").is_empty());
        // And not by a forged form either.
        let forged = "year=2026&version=0&rows=2026-10-01%2Choliday%2Ca%0A2026-10-01%2Choliday%2Cb";
        assert_eq!(post(&app, "/settings/calendar/import/load", forged).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(found(&get(&app, "/settings/calendar/years/2026").await.body, "tbody tr").is_empty());
    }

    async fn an_upload_without_file_or_year_is_asked_for_again(db: Db) {
        let app = program(&db, &keeper());
        for (year, file, field) in [("2026", None, "file"), ("", Some(NOTICE.as_bytes()), "year"), ("20260", Some(NOTICE.as_bytes()), "year")] {
            let page = upload(&app, year, file).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(found(&page.body, &format!("#{field}-problem")).len(), 1, "{field}");
        }
        for file in [vec![b'x'; 600_000], b"PK\x03\x04\xff\xff\x00".to_vec(), b"{\"holidays\":".to_vec(), b" \n".to_vec()] {
            let page = upload(&app, "2026", Some(&file)).await;
            assert_eq!((page.status, found(&page.body, "[data-problem]").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        }
        let other_year = upload(&app, "2027", Some(NOTICE.as_bytes())).await;
        assert!(found(&other_year.body, "[data-problem]").concat().contains("2027"));
        let no_form = post(&app, "/settings/calendar/import", "year=2026").await;
        assert_eq!(no_form.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_day_is_set_and_removed_by_hand(db: Db) {
        let app = program(&db, &keeper());
        let path = "/settings/calendar/years/2026";
        let set = post(&app, &format!("{path}/days"), "day=2026-11-11&kind=holiday&name=%E5%8F%B8%E5%BA%86").await;
        assert_eq!((set.status, set.location.as_str()), (StatusCode::SEE_OTHER, path));
        let year = get(&app, path).await.body;
        assert!(found(&year, "tbody tr").concat().contains("司庆 休息 手工"), "{:?}", found(&year, "tbody tr"));
        assert!(!found(&year, ".notice-warn").is_empty(), "its other holidays are not known");
        assert_eq!(post(&app, "/settings/calendar/days/2026-11-11/remove", "").await.status, StatusCode::SEE_OTHER);
        assert_eq!(post(&app, "/settings/calendar/days/2026-11-11/remove", "").await.status, StatusCode::NOT_FOUND);
        for wrong in ["", "day=2027-01-01&kind=holiday&name=x", "day=2026-02-30&kind=holiday&name=x", "day=2026-01-01&kind=maybe&name=x", "day=2026-01-01&kind=holiday"] {
            let page = post(&app, &format!("{path}/days"), wrong).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert!(!found(&page.body, ".field-problem").is_empty(), "{wrong}");
        }
    }

    async fn a_year_or_day_that_nobody_has_is_not_found(db: Db) {
        let app = program(&db, &keeper());
        for path in ["/settings/calendar/years/1900", "/settings/calendar/years/9999", "/settings/calendar/years/x", "/settings/calendar/years/-1", "/settings/calendar/hours/x"] {
            assert_eq!(get(&app, path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(post(&app, "/settings/calendar/days/x/remove", "").await.status, StatusCode::NOT_FOUND);
        assert_eq!(get(&app, "/settings/calendar/import?year=x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn the_english_pages_say_the_same(db: Db) {
        let reader = base::Actor { language: Language::English, ..person(&[MANAGE]) };
        let app = program(&db, &reader);
        post(&app, "/settings/calendar/years/2025/days", "day=2025-07-25&kind=holiday&name=Outing").await;
        let page = get(&app, "/settings/calendar/years/2025").await.body;
        assert_eq!(found(&page, "tbody tr:first-child td")[..3], ["2025-07-25 Fri", "leap month 6, day 1", "Holiday"]);
    }
}
