//! What can be wrong with a page that stands in the browser, as sentences.

use serde_json::json;

use crate::browser::{Browser, Script};
use crate::need;

pub struct Checks {
    axe: String,
}

impl Checks {
    pub fn new() -> Self {
        Self { axe: std::fs::read_to_string(need::axe()).unwrap() }
    }

    /// Once for each page that is loaded, before the others.
    pub async fn bring_axe(&self, browser: &Browser) {
        browser.run::<()>(&self.axe, vec![]).await;
    }

    /// WCAG 2.0 to 2.2, levels A and AA.
    pub async fn axe(&self, browser: &Browser, part: Option<&str>) -> Vec<String> {
        browser.run_slowly(include_str!("script/axe.js"), vec![json!(part)]).await
    }

    /// Title, heading, language; nothing sideways; no text without room.
    pub async fn look(&self, browser: &Browser, width: u32, language: &str) -> Vec<String> {
        browser.run(include_str!("script/look.js"), vec![json!(width), json!(language)]).await
    }

    /// Whatever the keyboard reaches shows that it is there.
    pub async fn focus(&self, browser: &Browser) -> Vec<String> {
        browser.press(thirtyfour::Key::Tab).await;
        browser.run(include_str!("script/focus.js"), vec![]).await
    }

    /// Opens the menu of this number; `None` when there are not so many kinds of menus.
    pub async fn open_menu(&self, browser: &Browser, number: u32, width: u32) -> Option<Vec<String>> {
        browser.run(include_str!("script/opened.js"), vec![json!(number), json!(width)]).await
    }
}

/// The checks must be able to fail: a page with one fault of each kind.
#[tokio::test]
async fn a_faulty_page_is_found_out() {
    if !need::all_there() {
        return;
    }
    let browser = Browser::open(Script::On).await;
    let checks = Checks::new();
    browser.resize(390, 844).await;
    browser.go(format!("file://{}/tests/it/script/faulty.htm", env!("CARGO_MANIFEST_DIR"))).await;
    let mut found = checks.look(&browser, 390, "en").await;
    checks.bring_axe(&browser).await;
    found.extend(checks.axe(&browser, None).await);
    found.extend(checks.open_menu(&browser, 0, 390).await.unwrap());
    found.extend(checks.focus(&browser).await);
    found.extend(browser.run::<Vec<String>>("return window.journeySaw;", vec![]).await);
    browser.close().await;
    let found = found.join("\n");
    for fault in [
        "no title",
        "lang is",
        "0 h1",
        "the page scrolls sideways by 111 px: div#wide",
        "scrolls sideways by 100 px: main > div.inner",
        "clipped by main > div.cut: “Cut off",
        "text sticks out of main > button.tight",
        "in main > select.tight",
        "two boxes role are both called",
        "axe color-contrast",
        "axe target-size",
        "cut off by div.low",
        "focus is not visible on a.bare",
        "a.under “under” is hidden behind div.cover",
        "content policy: style-src-attr",
        "console error: seen",
    ] {
        assert!(found.contains(fault), "{fault} was not found:\n{found}");
    }
}
