//! What comes out of the printer: pages are counted in the PDF that the browser makes of them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::browser::{Browser, Script};
use crate::house::House;
use crate::need;

/// As much in every cell as a cell takes.
const FILL: &str = "document.querySelectorAll('.complaint-card td .clamp').forEach(cell => { cell.textContent = 'Worte und noch mehr Worte 许昌 '.repeat(160); });";
/// As many rows in every table as the report shows of it, each of the longest.
const CROWD: &str = "document.querySelectorAll('.service-report tbody').forEach((body, at) => { \
    const row = body.querySelector('tr'); if (at === 0 || !row) return; \
    for (let more = body.children.length; more < 12; more++) body.append(row.cloneNode(true)); });";

async fn pages(browser: &Browser) -> usize {
    let printed = browser.command("Page.printToPDF", json!({"preferCSSPageSize": true})).await;
    let pdf = STANDARD.decode(printed["data"].as_str().unwrap()).unwrap();
    let text = String::from_utf8_lossy(&pdf);
    text.matches("/Type /Page\n").count() + text.matches("/Type /Page ").count()
}

#[tokio::test]
async fn the_complaint_card_is_one_sheet_and_the_monthly_report_at_most_two() {
    if !need::all_there() {
        return;
    }
    let house = House::open();
    let browser = Browser::open(Script::On).await;
    browser.resize(1366, 768).await;
    browser.sign_in(&house, "customer_service").await;
    for language in ["zh-CN", "en"] {
        browser.set_cookie("hawser_language", language).await;
        browser.go(format!("{}/complaints/blank", house.address)).await;
        assert_eq!(pages(&browser).await, 1, "the blank card, {language}");
        browser.go(format!("{}/complaints?view=all", house.address)).await;
        browser.click("main td.cell-title a").await;
        assert_eq!(pages(&browser).await, 1, "a card, {language}");
        let customer: String =
            browser.run("return document.querySelector(\".page-acts a[href^='/customers/']\").href;", vec![]).await;
        browser.run::<serde_json::Value>(FILL, vec![]).await;
        assert_eq!(pages(&browser).await, 1, "a card full of words, {language}");
        browser.go(format!("{customer}/monthly-report")).await;
        assert_eq!(pages(&browser).await, 1, "a quiet month, {language}");
        browser.run::<serde_json::Value>(CROWD, vec![]).await;
        let crowded = pages(&browser).await;
        assert!(crowded <= 2, "a month with all rows: {crowded} pages, {language}");
    }
    browser.close().await;
}
