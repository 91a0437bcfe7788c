#![expect(clippy::unwrap_used, reason = "a test that cannot get what it needs has failed")]

use std::io::Cursor;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, StatusCode};
use axum::{Extension, Router};
use base::{Actor, ActorKind, CustomerId, DepartmentId, Language, Permission, Scope, UserId};
use calamine::{Reader, Xlsx};
use complaints::{Complaints, samples};
use db::{Db, db_tests};
use exceptions::exception::{FoundBy, Kind};
use exceptions::{ExceptionDraft, Exceptions};
use scraper::{Html, Selector};
use sea_orm::{EntityTrait, IntoActiveModel};
use service_reports::ServiceReports;
use shipments::Shipments;
use texts::Texts;
use tower::ServiceExt;
use web::{Preferences, Shell};

/// Somebody with every permission of this reach; it is Monday, 23 November 2026, noon in Shanghai.
fn person(id: &str, scope: Scope) -> Actor {
    let all: [Permission; 11] = [
        customers::VIEW,
        customers::CREATE,
        customers::EDIT,
        customers::LOG,
        shipments::VIEW,
        shipments::EDIT,
        exceptions::VIEW,
        exceptions::HANDLE,
        complaints::VIEW,
        complaints::LOG,
        complaints::HANDLE,
    ];
    Actor {
        kind: ActorKind::User { id: UserId(id.into()), session: "s".into() },
        name: id.into(),
        department: Some(DepartmentId("service".into())),
        permissions: all.into_iter().map(|permission| (permission, scope.clone())).collect(),
        language: Language::Chinese,
        now: "2026-11-23T04:00:00Z".parse().unwrap(),
    }
}

fn chen() -> Actor {
    person("chen", Scope::All)
}

async fn customer(db: &Db, name: &str) -> CustomerId {
    let draft = customers::forms::CustomerDraft { owner_id: None, ..customers::samples::draft(name) };
    let tx = db.begin().await.unwrap();
    let customer = customers::create_in(&tx, &chen(), draft).await.unwrap();
    db.commit(tx).await.unwrap();
    customer.customer_id()
}

/// A month with three shipments, one of them late, one damage and one complaint with a correction.
async fn a_month(db: &Db) -> CustomerId {
    let row = access::department::Model {
        id: DepartmentId("service".into()),
        parent_id: None,
        name: "客服".into(),
        version: 1,
        created_at: chen().now,
    };
    let tx = db.begin().await.unwrap();
    access::department::Entity::insert(row.into_active_model()).exec_without_returning(&tx).await.unwrap();
    db.commit(tx).await.unwrap();
    let customer = customer(db, "红木家具厂").await;
    let shipments = Shipments::new(db.clone());
    for (waybill, promised, delivered) in
        [("M1", "2026-11-10", "2026-11-10"), ("M2", "2026-11-11", "2026-11-13"), ("M3", "2026-11-12", "2026-11-12")]
    {
        let mut draft = shipments::samples::shipment(&customer, waybill, promised.parse().unwrap());
        draft.lines[0].delivered_on = Some(delivered.parse().unwrap());
        shipments.record(&chen(), draft, None).await.unwrap();
    }
    let october = shipments::samples::shipment(&customer, "M0", "2026-10-10".parse().unwrap());
    shipments.record(&chen(), october, None).await.unwrap();
    let damage = ExceptionDraft {
        shipment: None,
        source: Some("tms".into()),
        waybill: Some("M2".into()),
        customer: None,
        line: String::new(),
        kind: Kind::Damage,
        found_by: FoundBy::Us,
        happened_at: None,
        what: "纸箱破损".into(),
        customer_asked_at: None,
    };
    Exceptions::new(db.clone()).log(&chen(), damage).await.unwrap();
    let complaints = Complaints::new(db.clone());
    let draft = samples::draft(&customer, &DepartmentId("service".into()));
    let complaint = complaints.log(&chen(), draft).await.unwrap();
    let cause = complaints::forms::CauseDraft {
        cause: complaints::words::Cause::Packing,
        text: String::new(),
        department: None,
        correction: "一律打木箱".into(),
        correction_due: Some("2026-12-01".parse().unwrap()),
    };
    complaints.explain(&chen(), &complaint.id, complaint.version, &cause).await.unwrap();
    customer
}

fn program(db: &Db, actor: &Actor, language: Language) -> Router {
    let locales = [
        web::locales(),
        customers::module(customers::Customers::new(db.clone())).locales.unwrap(),
        shipments::module(Shipments::new(db.clone())).locales.unwrap(),
        exceptions::module(Exceptions::new(db.clone())).locales.unwrap(),
        complaints::module(Complaints::new(db.clone())).locales.unwrap(),
        service_reports::module(&ServiceReports::new(db.clone())).locales.unwrap(),
    ];
    let shell = Arc::new(Shell { texts: Texts::load(locales).unwrap().into(), menu: Vec::new() });
    service_reports::module(&ServiceReports::new(db.clone()))
        .routes
        .into_router()
        .layer(Extension(actor.clone()))
        .layer(Extension(shell))
        .layer(Extension(Preferences { language, ..Preferences::default() }))
}

async fn get(app: &Router, path: &str) -> (StatusCode, Bytes) {
    let response = app.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    (response.status(), to_bytes(response.into_body(), 1 << 22).await.unwrap())
}

fn found(html: &[u8], css: &str) -> Vec<String> {
    let html = Html::parse_document(std::str::from_utf8(html).unwrap());
    let text =
        |one: scraper::ElementRef<'_>| one.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    html.select(&Selector::parse(css).unwrap()).map(text).collect()
}

fn cells_of(bytes: &[u8]) -> Vec<String> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    sheet.rows().flatten().map(ToString::to_string).filter(|text| !text.is_empty()).collect()
}

db_tests! {
    async fn the_report_says_what_was_carried_what_went_wrong_and_what_becomes_better(db: Db) {
        let customer = a_month(&db).await;
        let app = program(&db, &chen(), Language::Chinese);
        let (status, html) = get(&app, &format!("/customers/{customer}/monthly-report?month=2026-11")).await;
        assert_eq!(status, StatusCode::OK);
        let cells = found(&html, "td");
        let after = |label: &str| cells.iter().position(|cell| cell == label).map(|at| cells[at + 1].clone());
        assert_eq!(after("运单数").as_deref(), Some("3"));
        assert_eq!(after("准点率（按日）").as_deref(), Some("66.67% (2/3)"));
        assert_eq!(after("准点率（按时刻）").as_deref(), Some("66.67% (2/3)"));
        assert_eq!(after("破损、丢失、短少、错发").as_deref(), Some("1"));
        assert_eq!(after("投诉数").as_deref(), Some("1"));
        assert_eq!(after("改进措施已验证").as_deref(), Some("0.00% (0/1)"));
        for cell in ["上海 → 成都", "M2", "客服-2026-0001", "破损", "包装", "一律打木箱", "2026-12-01"] {
            assert!(cells.iter().any(|one| one == cell), "{cell}: {cells:?}");
        }
        let (_, html) = get(&app, &format!("/customers/{customer}/monthly-report")).await;
        let cells = found(&html, "td");
        assert!(found(&html, "h1 + p")[0].ends_with("2026-10"), "the last whole month");
        assert_eq!(cells[..2], ["运单数", "1"]);
    }

    async fn the_workbook_has_the_cells_of_the_page_in_both_languages(db: Db) {
        let customer = a_month(&db).await;
        for language in [Language::Chinese, Language::English] {
            let app = program(&db, &chen(), language);
            let (_, html) = get(&app, &format!("/customers/{customer}/monthly-report?month=2026-11")).await;
            let (status, bytes) = get(&app, &format!("/customers/{customer}/monthly-report/xlsx?month=2026-11")).await;
            assert_eq!(status, StatusCode::OK);
            let wanted: Vec<String> = found(&html, ".service-report :is(h2, th, td)");
            let wanted: Vec<String> = wanted.into_iter().filter(|cell| !cell.is_empty()).collect();
            let cells = cells_of(&bytes);
            let body: Vec<String> = cells.iter().skip(4).cloned().collect();
            assert_eq!(body, wanted);
            assert!(cells.iter().all(|cell| !cell.starts_with("service_report-")), "{cells:?}");
        }
    }

    async fn somebody_elses_customer_has_no_report_and_a_made_up_month_is_refused(db: Db) {
        let customer = a_month(&db).await;
        let path = format!("/customers/{customer}/monthly-report");
        let stranger = program(&db, &person("zhang", Scope::Own), Language::Chinese);
        for one in [path.clone(), format!("{path}/xlsx"), "/customers/nobody/monthly-report".into()] {
            assert_eq!(get(&stranger, &one).await.0, StatusCode::NOT_FOUND, "{one}");
        }
        let app = program(&db, &chen(), Language::Chinese);
        for month in ["2026-13", "0000-01", "9999-12", "x", "2026-11-01", "2026-11'--"] {
            for address in [path.clone(), format!("{path}/xlsx")] {
                let (status, _) = get(&app, &format!("{address}?month={month}")).await;
                assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{month}");
            }
        }
        assert_eq!(get(&app, &format!("{path}?months=2026-11")).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_part_that_one_may_not_see_is_not_in_the_report(db: Db) {
        let customer = a_month(&db).await;
        let mut clerk = chen();
        clerk.permissions.remove(&shipments::VIEW);
        clerk.permissions.remove(&exceptions::VIEW);
        let app = program(&db, &clerk, Language::Chinese);
        let (status, html) = get(&app, &format!("/customers/{customer}/monthly-report?month=2026-11")).await;
        assert_eq!((status, found(&html, ".service-report h2")), (StatusCode::OK, vec!["概况".into(), "投诉".into(), "承诺的改进".into()]));
        assert!(!found(&html, "td").iter().any(|cell| cell == "M2" || cell == "运单数"));
    }
}
