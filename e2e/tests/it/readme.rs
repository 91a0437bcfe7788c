//! The pictures of the READMEs.

use serde_json::json;

use crate::browser::{Browser, Script};
use crate::house::{House, checkout};
use crate::need;
use crate::sheet::decoded;

/// Set by `cargo xtask screenshots`: tests leave the checkout as it is.
const KEEP: &str = "HAWSER_KEEP_SCREENSHOTS";

#[tokio::test]
async fn the_worklist_has_its_picture_in_both_languages() {
    if !need::all_there() {
        return;
    }
    let house = House::open();
    let browser = Browser::open(Script::On).await;
    browser.resize(1366, 860).await;
    browser.sign_in(&house, "sales_rep").await;
    for language in ["zh-CN", "en"] {
        browser.set_cookie("hawser_theme", "light").await;
        browser.set_cookie("hawser_language", language).await;
        browser.go(&house.address).await;
        assert!(browser.has(".sidebar [aria-current=page]").await, "the first page is not in the menu");
        let picture = browser.command("Page.captureScreenshot", json!({"format": "png"})).await;
        let picture = decoded(&picture);
        assert!(picture.len() > 10_000, "the picture is empty");
        if std::env::var_os(KEEP).is_some() {
            std::fs::write(checkout().join(format!("docs/worklist.{language}.png")), picture).unwrap();
        }
    }
    browser.close().await;
}
