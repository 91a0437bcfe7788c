//! What people read and click.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::{Extension, Router};
use base::{Actor, Currency, CustomerId, Money, Scope};
use db::{Db, db_tests};
use module::{CustomerPanel, TimelineSource};
use scraper::{Html, Selector};
use shipments::forms::{LineDraft, MilestoneDraft, ShipmentDraft};
use shipments::{MilestoneKind, ShipmentPanel, ShipmentTimeline, Shipments, samples};
use texts::Texts;
use tower::ServiceExt;
use web::{Preferences, Shell};

use crate::{customer, day, manager, person};

fn texts(db: &Db) -> Texts {
    let customers = customers::module(customers::Customers::new(db.clone())).locales.unwrap();
    let own = shipments::module(Shipments::new(db.clone())).locales.unwrap();
    Texts::load([web::locales(), customers, own]).unwrap()
}

fn program(db: &Db, actor: &Actor) -> Router {
    let shell = Arc::new(Shell { texts: texts(db).into(), menu: Vec::new() });
    shipments::module(Shipments::new(db.clone()))
        .routes
        .into_router()
        .layer(Extension(actor.clone()))
        .layer(Extension(shell))
        .layer(Extension(Preferences::default()))
}

async fn get(app: &Router, path: &str) -> (StatusCode, Html) {
    answer(app, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn post(app: &Router, path: &str, form: &str) -> (StatusCode, Html) {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    answer(app, request.body(Body::from(form.to_owned())).unwrap()).await
}

async fn answer(app: &Router, request: Request<Body>) -> (StatusCode, Html) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, Html::parse_document(std::str::from_utf8(&bytes).unwrap()))
}

/// The texts of the elements, blanks between their parts made one.
fn found(html: &Html, css: &str) -> Vec<String> {
    let wanted = Selector::parse(css).unwrap();
    let text = |element: scraper::ElementRef<'_>| element.text().collect::<Vec<_>>().join(" ");
    html.select(&wanted).map(|one| text(one).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// Addresses of the links.
fn links(html: &Html, css: &str) -> Vec<String> {
    let wanted = Selector::parse(css).unwrap();
    html.select(&wanted).filter_map(|one| one.attr("href")).map(str::to_owned).collect()
}

async fn record(db: &Db, draft: ShipmentDraft) -> String {
    Shipments::new(db.clone()).record(&manager(), draft, None).await.unwrap().id.0
}

/// Delivered two days after the promised one.
fn late(customer: &CustomerId, waybill: &str, promised: &str) -> ShipmentDraft {
    let line =
        LineDraft { delivered_on: Some(day(promised) + chrono::Duration::days(2)), ..samples::line(day(promised)) };
    ShipmentDraft { lines: vec![line], ..samples::shipment(customer, waybill, day(promised)) }
}

db_tests! {
    async fn the_list_shows_only_shipments_of_customers_that_the_reader_may_see(db: Db) {
        let zhang = person("zhang", Scope::Own);
        let ming = customer(&db, &zhang, "明为公司").await;
        let other = customer(&db, &manager(), "红木家具厂").await;
        record(&db, samples::shipment(&ming, "YD1", day("2026-11-05"))).await;
        let hidden = record(&db, late(&other, "YD2", "2026-11-06")).await;
        let (_, all) = get(&program(&db, &manager()), "/shipments").await;
        assert_eq!(found(&all, "td.cell-title"), ["YD2", "YD1"]);
        let app = program(&db, &zhang);
        assert_eq!(found(&get(&app, "/shipments").await.1, "td.cell-title"), ["YD1"]);
        assert_eq!(get(&app, &format!("/shipments/{hidden}")).await.0, StatusCode::NOT_FOUND);
        assert_eq!(get(&app, &format!("/service-quality?customer={other}")).await.0, StatusCode::NOT_FOUND);
        let (_, late) = get(&program(&db, &manager()), "/shipments?late=on&mode=truck&origin=上海").await;
        assert_eq!(found(&late, "td.cell-title"), ["YD2"]);
        assert_eq!(found(&late, ".chip:not(.chip-clear)").len(), 3);
    }

    async fn the_list_goes_on_behind_its_last_row_with_the_same_filters(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        for number in 0..51 {
            record(&db, samples::shipment(&ming, &format!("YD{number}"), day("2026-11-05"))).await;
        }
        let app = program(&db, &manager());
        let (_, first) = get(&app, "/shipments?mode=truck").await;
        assert_eq!(found(&first, "tbody tr").len(), 50);
        let next = links(&first, "a[rel=next]");
        assert!(next[0].contains("mode=truck"), "{next:?}");
        let (_, second) = get(&app, &next[0]).await;
        assert_eq!(found(&second, "tbody tr").len(), 1);
        assert_eq!(links(&second, "a[rel=first]"), ["/shipments?mode=truck"]);
    }

    async fn a_shipment_tells_amounts_in_their_own_currency_and_what_no_rate_converts(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let shipments = Shipments::new(db.clone());
        shipments.set_rate(&manager(), Currency::USD, day("2026-01-01"), "7").await.unwrap();
        let amount = |minor, currency: Currency| Money::new(minor, currency);
        let line = |number: &str, revenue: Money, cost: Option<Money>| LineDraft {
            line: number.into(),
            revenue_minor: Some(revenue.minor),
            revenue_currency: Some(revenue.currency),
            cost_minor: cost.map(|cost| cost.minor),
            cost_currency: cost.map(|cost| cost.currency),
            ..samples::line(day("2026-11-05"))
        };
        let lines = vec![
            line("1", amount(10_000, Currency::USD), Some(amount(30_000, Currency::CNY))),
            line("2", amount(500, Currency::EUR), None),
        ];
        let milestones = vec![MilestoneDraft {
            kind: MilestoneKind::Signed,
            planned_at: Some("2026-11-05T02:00:00Z".parse().unwrap()),
            estimated_at: None,
            actual_at: Some("2026-11-05T03:00:00Z".parse().unwrap()),
        }];
        let id = record(&db, ShipmentDraft { lines, milestones, ..samples::shipment(&ming, "YD1", day("2026-11-05")) }).await;
        let (status, html) = get(&program(&db, &manager()), &format!("/shipments/{id}")).await;
        assert_eq!(status, StatusCode::OK);
        let rows = found(&html, "tbody tr");
        assert!(rows.contains(&"收入 EUR 5.00 + USD 100.00 ¥700.00 EUR 5.00".to_owned()), "{rows:?}");
        assert!(rows.contains(&"成本 1 行未知 ¥300.00 ¥300.00".to_owned()), "{rows:?}");
        assert!(rows.contains(&"毛利 1 行未知 ¥400.00".to_owned()), "{rows:?}");
        assert!(rows.contains(&"签收 2026-11-05 10:00 2026-11-05 11:00 晚于计划".to_owned()), "{rows:?}");
    }

    async fn what_is_overdue_is_counted_beside_the_figure_and_listed_with_its_customer(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let open = |promised: &str| LineDraft { delivered_on: None, ..samples::line(day(promised)) };
        for (waybill, promised) in [("YD1", "2026-11-20"), ("YD2", "2026-11-23"), ("YD3", "2026-12-01")] {
            let lines = vec![open(promised)];
            record(&db, ShipmentDraft { lines, ..samples::shipment(&ming, waybill, day(promised)) }).await;
        }
        record(&db, samples::shipment(&ming, "YD4", day("2026-11-05"))).await;
        let app = program(&db, &manager());
        let (_, page) = get(&app, "/service-quality").await;
        let href = links(&page, ".tile-risk a");
        assert_eq!(found(&page, ".tile-risk .tile-value"), ["1"]);
        let (_, lines) = get(&app, &href[0]).await;
        assert_eq!(found(&lines, "td.cell-title"), ["YD1"]);
        assert_eq!(links(&lines, "td[data-label=客户] a"), [format!("/customers/{ming}")]);
        assert!(found(&lines, ".page-heading p")[0].contains("承诺日早于今天"));
    }

    async fn every_figure_leads_to_the_lines_behind_it(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        record(&db, samples::shipment(&ming, "YD1", day("2026-10-05"))).await;
        record(&db, late(&ming, "YD2", "2026-11-05")).await;
        let app = program(&db, &manager());
        for by in ["mode", "customer", "lane", "month", "cell"] {
            let (status, html) = get(&app, &format!("/service-quality?by={by}")).await;
            assert_eq!(status, StatusCode::OK, "{by}");
            let mut behind = Vec::new();
            for href in links(&html, "td[data-label='准时 / 总数'] a") {
                behind.extend(found(&get(&app, &href).await.1, "td.cell-title"));
            }
            behind.sort();
            assert_eq!(behind, ["YD1", "YD2"], "{by}");
            let late = links(&html, "td[data-label='晚到'] a");
            assert_eq!(found(&get(&app, &late[0]).await.1, "td.cell-title"), ["YD2"], "{by}");
        }
    }

    async fn a_figure_stands_beside_its_interval_its_counts_and_its_policy(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        for number in 0..3 {
            record(&db, samples::shipment(&ming, &format!("YD{number}"), day("2026-10-05"))).await;
        }
        record(&db, late(&ming, "YD3", "2026-10-06")).await;
        let open = LineDraft { delivered_on: None, ..samples::line(day("2026-12-01")) };
        record(&db, ShipmentDraft { lines: vec![open], ..samples::shipment(&ming, "YD4", day("2026-12-01")) }).await;
        let (_, html) = get(&program(&db, &manager()), "/service-quality?grain=shipment&clock=timestamp").await;
        let tiles = found(&html, ".tile");
        assert_eq!(tiles[0], "准时率 75.00% 95% 区间 30.06–95.44%");
        assert_eq!(tiles[3], "未判断 1 缺日期，不计入准时率");
        assert!(found(&html, "p.muted")[0].contains("整票"));
        assert_eq!(found(&html, "tbody svg[aria-label]").len(), 1);
        let undated = links(&html, ".tile:nth-child(4) a");
        assert_eq!(found(&get(&program(&db, &manager()), &undated[0]).await.1, "td.cell-title"), ["YD4"]);
    }

    async fn a_customer_is_shown_beside_everybody(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let other = customer(&db, &manager(), "红木家具厂").await;
        record(&db, samples::shipment(&ming, "YD1", day("2026-10-05"))).await;
        record(&db, late(&other, "YD2", "2026-10-06")).await;
        let (_, html) = get(&program(&db, &manager()), &format!("/service-quality?customer={ming}")).await;
        assert!(found(&html, "h2").contains(&"近 1 个月：本客户 100.00%，全部客户 50.00%".to_owned()));
        let months = found(&html, "details tbody tr");
        assert_eq!(months.len(), 1);
        assert!(months[0].starts_with("2026-10 100.00%") && months[0].contains("50.00%"), "{months:?}");
    }

    async fn a_month_that_is_none_and_a_word_that_is_none_are_refused(db: Db) {
        let app = program(&db, &manager());
        for path in ["/service-quality?from=2026-13", "/service-quality?by=colour", "/shipments?mode=mule", "/shipments?x=1", "/shipments?month=2026-99"] {
            assert_eq!(get(&app, path).await.0, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        }
        assert_eq!(get(&app, "/shipments?after=zz").await.0, StatusCode::OK);
    }

    async fn a_rate_is_set_by_form_and_what_was_typed_stays_when_it_is_wrong(db: Db) {
        let app = program(&db, &manager());
        let (status, html) = post(&app, "/settings/rates", "currency=USX&on=2026-11-01&rate=7.1").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(found(&html, "#currency-problem").len(), 1);
        let typed = Selector::parse("input#rate").unwrap();
        assert_eq!(html.select(&typed).next().unwrap().attr("value"), Some("7.1"));
        assert_eq!(post(&app, "/settings/rates", "currency=CNY&on=2026-11-01&rate=1").await.0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(post(&app, "/settings/rates", "currency=usd&on=2026-11-01&rate=7.1234").await.0, StatusCode::SEE_OTHER);
        let (_, html) = get(&app, "/settings/rates").await;
        assert!(found(&html, "tbody tr")[0].starts_with("USD 2026-11-01 7.1234"));
        assert_eq!(post(&app, "/settings/rates/remove", "currency=USD&on=2026-11-01").await.0, StatusCode::SEE_OTHER);
        assert_eq!(found(&get(&app, "/settings/rates").await.1, "tbody tr").len(), 0);
        assert_eq!(post(&app, "/settings/rates/reporting", "reporting=EUR").await.0, StatusCode::SEE_OTHER);
        assert!(found(&get(&app, "/settings/rates").await.1, "h2")[0].contains("EUR"));
    }

    async fn the_timeline_reads_on_without_losing_or_repeating_shipments_of_one_day(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        for number in 0..7 {
            let on = if number < 5 { "2026-11-05" } else { "2026-11-06" };
            record(&db, samples::shipment(&ming, &format!("YD{number}"), day(on))).await;
        }
        let texts = texts(&db);
        let (mut before, mut seen) = (manager().now, Vec::new());
        loop {
            let rows = ShipmentTimeline.before(&db, &manager(), &texts, &ming, before, 2).await.unwrap();
            let Some(last) = rows.last() else { break };
            before = last.at;
            seen.extend(rows.into_iter().map(|row| (row.at, row.text)));
        }
        assert_eq!(seen.len(), 7);
        assert!(seen.windows(2).all(|pair| pair[0].0 > pair[1].0));
        assert!(seen[0].1.contains("上海 → 成都"), "{:?}", seen[0]);
        let blind = Actor { permissions: Default::default(), ..person("zhang", Scope::Own) };
        assert!(ShipmentTimeline.before(&db, &blind, &texts, &ming, manager().now, 2).await.unwrap().is_empty());
    }

    async fn the_customer_page_shows_his_rate_with_what_it_is_made_of(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        record(&db, samples::shipment(&ming, "YD1", day("2026-10-05"))).await;
        record(&db, late(&ming, "YD2", "2026-11-05")).await;
        record(&db, late(&ming, "YD3", "2025-10-05")).await;
        let texts = texts(&db);
        let figures = ShipmentPanel.figures(&db, &manager(), &texts, &ming).await.unwrap();
        let told: Vec<_> = figures.iter().map(|figure| (figure.label.as_str(), figure.value.as_str())).collect();
        assert_eq!(told, [("准时率", "50.00%"), ("近 365 天票数", "2"), ("近 365 天毛利", "未知"), ("线路数", "1")]);
        assert!(figures[0].note.contains("2 行"), "{}", figures[0].note);
        let panel = ShipmentPanel.render(&db, &manager(), &texts, &ming, "").await.unwrap().unwrap();
        let html = Html::parse_fragment(&panel.html);
        assert_eq!(found(&html, "td.cell-title"), ["上海 → 成都", "YD2", "YD1", "YD3"]);
        let blind = Actor { permissions: Default::default(), ..person("zhang", Scope::Own) };
        assert!(ShipmentPanel.render(&db, &blind, &texts, &ming, "").await.unwrap().is_none());
    }
}
