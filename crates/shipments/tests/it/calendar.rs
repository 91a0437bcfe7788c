//! Days far away are slips of the pen; nobody's page breaks on one.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::{Extension, Router};
use base::{Actor, Currency, Cursor, Error, Instant, PageSize};
use customers::Customers;
use db::{Db, db_tests};
use module::{Options, Record, TimelineSource, Value, Verdict};
use shipments::forms::{MilestoneDraft, ShipmentDraft};
use shipments::{ListFilter, MilestoneKind, ShipmentPanel, ShipmentTimeline, Shipments, rules, samples};
use tower::ServiceExt;
use web::{Preferences, Shell};

use crate::{customer, day, manager, plan};

fn customer_page(db: &Db, actor: &Actor) -> Router {
    let customers = Customers::new(db.clone());
    customers.extend(vec![Arc::new(ShipmentPanel)], vec![Arc::new(ShipmentTimeline)]);
    let module = customers::module(customers);
    let own = shipments::module(Shipments::new(db.clone())).locales.unwrap();
    let texts = texts::Texts::load([web::locales(), module.locales.unwrap(), own]).unwrap();
    module
        .routes
        .into_router()
        .layer(Extension(actor.clone()))
        .layer(Extension(Arc::new(Shell { texts: texts.into(), menu: Vec::new() })))
        .layer(Extension(Preferences::default()))
}

fn fields(error: Error) -> Vec<String> {
    match error {
        Error::Invalid(problems) => problems.into_iter().map(|problem| problem.field).collect(),
        other => panic!("is {other:?}"),
    }
}

db_tests! {
    async fn a_customer_page_before_the_end_of_the_calendar_is_a_page(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        Shipments::new(db.clone()).record(&manager(), samples::shipment(&ming, "YD1", day("2026-11-05")), None).await.unwrap();
        let app = customer_page(&db, &manager());
        for before in ["8210266876799999999", "-8334601228800000000"] {
            let asked = Request::get(format!("/customers/{ming}?before={before}")).body(Body::empty()).unwrap();
            assert_eq!(app.clone().oneshot(asked).await.unwrap().status(), StatusCode::OK, "{before}");
        }
    }

    async fn a_timeline_is_read_from_any_instant(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        Shipments::new(db.clone()).record(&manager(), samples::shipment(&ming, "YD1", day("2026-11-05")), None).await.unwrap();
        let own = shipments::module(Shipments::new(db.clone())).locales.unwrap();
        let texts = texts::Texts::load([web::locales(), own]).unwrap();
        for (before, rows) in [(Instant::MAX_UTC, 1), (Instant::MIN_UTC, 0)] {
            let found = ShipmentTimeline.before(&db, &manager(), &texts, &ming, before, 9).await.unwrap();
            assert_eq!(found.len(), rows, "{before}");
        }
    }

    async fn a_shipment_of_a_day_outside_the_possible_years_is_refused(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let shipments = Shipments::new(db.clone());
        let mut draft = samples::shipment(&ming, "YD1", day("2026-11-05"));
        draft.booked_on = Some(day("-262143-01-01"));
        (draft.lines[0].promised_on, draft.lines[0].promised_at) = (None, Some(Instant::MAX_UTC));
        (draft.lines[0].delivered_on, draft.lines[0].delivered_at) = (Some(day("2200-01-01")), None);
        draft.milestones = vec![MilestoneDraft {
            kind: MilestoneKind::Signed,
            planned_at: Some(Instant::MIN_UTC),
            estimated_at: None,
            actual_at: Some(Instant::MAX_UTC),
        }];
        let expected = [
            "lines.0.promised_on", "lines.0.delivered_on", "booked_on", "milestones.0.planned_at", "milestones.0.actual_at",
        ];
        assert_eq!(fields(shipments.record(&manager(), draft, None).await.unwrap_err()), expected);
        let booked_on = Some(day("1980-01-01"));
        let mut edge = ShipmentDraft { booked_on, ..samples::shipment(&ming, "YD2", day("2199-12-31")) };
        edge.lines[0].delivered_on = booked_on;
        shipments.record(&manager(), edge, None).await.unwrap();
        let all = shipments.list(&manager(), &ListFilter::default(), PageSize(9)).await.unwrap();
        assert_eq!(all.rows.len(), 1);
    }

    async fn a_file_with_a_day_outside_the_possible_years_is_refused_row_by_row(db: Db) {
        let text = |text: &str| Value::Text(text.into());
        for (field, value) in [
            ("booked", Value::Day(day("-262143-01-01"))),
            ("delivered", Value::Moment { at: Instant::MAX_UTC, has_time: true }),
            ("actual_signed", Value::Moment { at: Instant::MIN_UTC, has_time: true }),
        ] {
            let values = [("customer", text("明为公司")), ("waybill", text("YD1")), (field, value)];
            let options = Options { create_customers: true, source: "tms".into() };
            let told = plan(&db, &manager(), &[Record { row: 2, values: values.into() }], &options).await;
            assert!(matches!(&told[0], Verdict::Refused(problems) if problems[0].field == field), "{told:?}");
        }
    }

    async fn a_rate_of_a_day_outside_the_possible_years_is_none(db: Db) {
        let shipments = Shipments::new(db);
        let far = day("-262143-01-01");
        assert_eq!(fields(shipments.set_rate(&manager(), Currency::USD, far, "7").await.unwrap_err()), ["on"]);
        assert!(matches!(shipments.remove_rate(&manager(), Currency::USD, far).await, Err(Error::NotFound)));
    }

    async fn a_list_behind_a_day_outside_the_possible_years_is_empty(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let shipments = Shipments::new(db);
        shipments.record(&manager(), samples::shipment(&ming, "YD1", day("2026-11-05")), None).await.unwrap();
        for key in ["-262143-01-01", "+262142-12-31"] {
            let after = Some(Cursor { key: key.into(), id: "x".into() });
            let filter = ListFilter { after, ..ListFilter::default() };
            assert_eq!(shipments.list(&manager(), &filter, PageSize(9)).await.unwrap().rows.len(), 0, "{key}");
        }
    }
}

#[test]
fn a_promise_for_the_last_day_of_the_calendar_is_never_missed() {
    assert_eq!(rules::missed_at(base::Day::MAX, None), None);
    assert_eq!(rules::missed_at(day("2026-11-20"), None), Some("2026-11-20T16:00:00Z".parse().unwrap()));
}
