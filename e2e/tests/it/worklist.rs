//! Today's work, by the keyboard alone.

use crate::browser::{Browser, Script};
use crate::house::House;
use crate::keyboard::{focused, tab_to};
use crate::need;

/// Letters that are also one-key acts: they must stay letters while somebody types.
const REMARK: &str = "Reached her, ends well: se, jk";

#[tokio::test]
async fn a_sales_rep_finishes_puts_off_and_takes_back_todays_work_by_keyboard() {
    if !need::all_there() {
        return;
    }
    let house = House::open();
    let browser = Browser::open(Script::On).await;
    browser.resize(1366, 768).await;
    browser.sign_in(&house, "sales_rep").await;
    browser.go(format!("{}/worklist", house.address)).await;
    let first = customers(&browser).await;
    assert!(first.len() >= 3, "the demo's sales rep has too little to do: {first:?}");
    assert!(first.len() <= 12, "more than twelve acts: {first:?}");
    moves(&browser, &first).await;
    puts_off(&browser, &first).await;
    takes_back(&browser, &first).await;
    finishes(&browser, &first).await;
    takes_back(&browser, &first).await;
    browser.close().await;
}

/// The customers of the list, in its order.
async fn customers(browser: &Browser) -> Vec<String> {
    browser
        .run(
            "return [...document.querySelectorAll('main [data-row] [data-open]')].map((it) => it.textContent);",
            vec![],
        )
        .await
}

async fn active(browser: &Browser) -> String {
    browser.words("[data-row].is-active [data-open]").await
}

/// J goes down, K goes up, and neither leaves the list.
async fn moves(browser: &Browser, all: &[String]) {
    for (key, at) in [("j", 0), ("j", 1), ("k", 0), ("k", 0)] {
        browser.press(key).await;
        assert_eq!(active(browser).await, all[at], "after {key}");
    }
}

async fn puts_off(browser: &Browser, all: &[String]) {
    browser.press_and_leave("s").await;
    browser.wait_for("form[action$='/undo']").await;
    let left = customers(browser).await;
    assert_eq!(left.first(), all.get(1), "of {all:?} the first was put off, and there are {left:?}");
}

async fn finishes(browser: &Browser, all: &[String]) {
    browser.press("j").await;
    browser.press("e").await;
    browser.wait_for("[data-row].is-active details[open] form select:focus").await;
    tab_to(browser, "[data-row].is-active textarea").await;
    browser.press(REMARK).await;
    let typed: String = browser.run("return document.activeElement.value ?? '';", vec![]).await;
    assert_eq!(typed, REMARK, "the focus is on {}", focused(browser).await);
    tab_to(browser, "[data-row].is-active details [name=no_next_step]").await;
    browser.press(" ").await;
    tab_to(browser, "[data-row].is-active details form button[type=submit]").await;
    browser.press_and_leave("Enter").await;
    browser.wait_for("form[action$='/undo']").await;
    assert!(!customers(browser).await.contains(&all[0]), "the customer that is done is still there");
}

async fn takes_back(browser: &Browser, all: &[String]) {
    browser.press_and_leave("u").await;
    for _ in 0..100 {
        if customers(browser).await == all {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("after taking back there are {:?} instead of {all:?}", customers(browser).await);
}
