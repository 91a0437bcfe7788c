//! How people come in and leave.

use crate::browser::{Browser, Script};
use crate::house::House;
use crate::need;

const PASSWORD: &str = "correct horse battery staple 7";

#[tokio::test]
async fn everybody_comes_in_by_a_link_that_works_once_and_then_by_password() {
    if !need::all_there() {
        return;
    }
    let house = House::open();
    let browser = Browser::open(Script::On).await;
    browser.resize(1366, 768).await;
    for role in house.roles() {
        by_link(&browser, &house, role).await;
        sign_out(&browser).await;
        twice(&browser, &house, role).await;
    }
    browser.close().await;
}

async fn by_link(browser: &Browser, house: &House, role: &str) {
    browser.sign_in(house, role).await;
    assert!(browser.has(".sidebar a[href]").await, "{role} sees no menu: {}", browser.words("body").await);
    if role == "sales_rep" {
        with_password(browser, house, role).await;
    }
}

/// Sets a password, comes in by it and is refused with a wrong one.
async fn with_password(browser: &Browser, house: &House, role: &str) {
    browser.go(format!("{}/me", house.address)).await;
    browser.fill("[name=password]", PASSWORD).await;
    browser.click("form[action='/me/password'] button[type=submit]").await;
    // A new password ends every session.
    browser.wait_for("form[action='/sign-in']").await;
    for (password, works) in [("not it at all 99", false), (PASSWORD, true)] {
        browser.fill("[name=login]", house.login_of(role)).await;
        browser.fill("[name=password]", password).await;
        browser.click("main form button[type=submit]").await;
        let refused = browser.words("main [data-problem]").await;
        assert_eq!(refused.is_empty(), works, "{refused}");
    }
    assert!(browser.has(".sidebar a[href]").await);
}

async fn sign_out(browser: &Browser) {
    browser.click(".topbar-acts summary").await;
    browser.click(".topbar-acts form[action='/sign-out'] button").await;
    browser.wait_for("form[action='/sign-in']").await;
}

async fn twice(browser: &Browser, house: &House, role: &str) {
    browser.go(house.link_of(role)).await;
    let sentence = browser.words("main [data-problem]").await;
    assert!(sentence.chars().count() > 8, "a used link of {role} answers: {}", browser.words("body").await);
    browser.go(&house.address).await;
    assert!(browser.path().await.starts_with("/sign-in"), "a used link let {role} in");
}
