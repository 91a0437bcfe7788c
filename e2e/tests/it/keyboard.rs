//! The same work without a mouse.

use serde_json::json;
use thirtyfour::Key;

use crate::browser::{Browser, Script};
use crate::house::House;
use crate::need;

/// More presses of Tab than any way here needs.
const MOST_TABS: usize = 40;

#[tokio::test]
async fn the_keyboard_alone_leads_from_the_link_to_a_page_of_the_menu() {
    if !need::all_there() {
        return;
    }
    let house = House::open();
    let browser = Browser::open(Script::On).await;
    browser.resize(1366, 768).await;
    browser.go(house.link_of("administrator")).await;
    tab_to(&browser, "main form button[type=submit]").await;
    browser.press_and_leave("Enter").await;
    browser.wait_for(".sidebar a[href]").await;
    skips_the_menu(&browser).await;
    browser.go(&house.address).await;
    tab_to(&browser, ".sidebar a[href='/settings/users']").await;
    browser.press_and_leave("Enter").await;
    browser.wait_for("main [data-row]").await;
    assert_eq!(browser.path().await, "/settings/users");
    browser.close().await;
}

/// The first stop of every page leads past the menu, and shows itself when it has the focus.
async fn skips_the_menu(browser: &Browser) {
    browser.press(Key::Tab).await;
    let shown: bool = browser
        .run("const box = document.activeElement.getBoundingClientRect(); return document.activeElement.matches('.skip') && box.top >= 0 && box.left >= 0 && box.width > 40;", vec![])
        .await;
    assert!(shown, "the first stop of the keyboard is {}", focused(browser).await);
    browser.press_and_leave("Enter").await;
    assert_eq!(focused(browser).await, "main#main");
}

/// Presses Tab until the focus is there; at every stop it must be seen.
pub async fn tab_to(browser: &Browser, selector: &str) {
    for _ in 0..MOST_TABS {
        browser.press(Key::Tab).await;
        let seen: bool = browser
            .run("const style = getComputedStyle(document.activeElement); return document.activeElement === document.body || style.outlineStyle !== 'none' || style.boxShadow !== 'none';", vec![])
            .await;
        assert!(seen, "focus is not visible on {}", focused(browser).await);
        if browser.run("return document.activeElement.matches(arguments[0]);", vec![json!(selector)]).await {
            return;
        }
    }
    panic!("{MOST_TABS} presses of Tab do not lead to {selector}; the focus is on {}", focused(browser).await);
}

pub async fn focused(browser: &Browser) -> String {
    browser.run("const it = document.activeElement; return it.tagName.toLowerCase() + (it.id ? `#${it.id}` : [...it.classList].map((name) => `.${name}`).join(''));", vec![]).await
}
