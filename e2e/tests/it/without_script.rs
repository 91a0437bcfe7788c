//! The same work in a browser that runs no script.

use crate::browser::{Browser, Script};
use crate::house::House;
use crate::need;

const REMARK: &str = "Asked about the next shipment";
const SHORT_NAME: &str = "Without script";

#[tokio::test]
async fn without_script_people_come_in_log_an_interaction_and_change_a_customer() {
    if !need::all_there() {
        return;
    }
    let house = House::open();
    let browser = Browser::open(Script::Off).await;
    browser.resize(1366, 768).await;
    browser.go("data:text/html,<title>calm</title><script>document.title = 'ran'</script>").await;
    assert_eq!(browser.driver.title().await.unwrap(), "calm", "the browser runs script");
    browser.sign_in(&house, "sales_rep").await;
    assert!(browser.has(".sidebar a[href]").await, "no menu: {}", browser.words("body").await);
    works(&browser, &house.address).await;
    browser.go(format!("{}/customers", house.address)).await;
    browser.click("main [data-row] a[data-open]").await;
    logs(&browser).await;
    changes(&browser).await;
    browser.close().await;
}

/// One customer after the other: what is done makes way for the next.
async fn works(browser: &Browser, address: &str) {
    browser.go(format!("{address}/worklist")).await;
    browser.click(".page-acts a[href$='begin=true']").await;
    let first = browser.words(".at-work h2").await;
    browser.fill(".at-work [name=text]", REMARK).await;
    browser.click(".at-work [name=no_next_step]").await;
    browser.click(".at-work button[type=submit]:not(.act button)").await;
    let next = browser.words(".at-work h2").await;
    assert_ne!(next, first, "{}", browser.words("main").await);
    browser.click(".at-work .act button").await;
    assert_ne!(browser.words(".at-work h2").await, next, "{}", browser.words("main").await);
}

async fn logs(browser: &Browser) {
    browser.fill("#log [name=text]", REMARK).await;
    browser.click("#log [name=no_next_step]").await;
    browser.click("#log button[type=submit]").await;
    let timeline = browser.words("main .timeline").await;
    assert!(timeline.contains(REMARK), "{}", browser.words("main").await);
}

async fn changes(browser: &Browser) {
    browser.click(".page-acts a[href$='/edit']").await;
    browser.fill("[name=short_name]", SHORT_NAME).await;
    browser.click(".page-header button[type=submit]").await;
    let heading = browser.words("main .page-heading").await;
    assert!(heading.contains(SHORT_NAME), "{}", browser.words("main").await);
}
