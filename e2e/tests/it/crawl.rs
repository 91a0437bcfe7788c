//! Every page in every look: readable by everybody, nothing sideways, nothing clipped, nothing blocked.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use crate::browser::{Browser, Script};
use crate::checks::Checks;
use crate::collect::{State, Visit, collect};
use crate::findings::Findings;
use crate::house::{House, target};
use crate::looks::{LOOKS, Look, PSEUDO, WINDOWS};
use crate::need;
use crate::sheet::{self, Shot};

const BROWSERS: usize = 2;

/// The narrowest window that must do (WCAG 1.4.10), in CSS pixels.
const NARROWEST: u32 = 320;

/// While somebody works on one page: only pages with this in their address.
const ONLY: &str = "HAWSER_JOURNEY_PAGES";

#[tokio::test]
async fn every_page_is_sound_in_every_look() {
    if !need::all_there() {
        return;
    }
    let house = Arc::new(House::open());
    let mut collected = collect(&house).await;
    let folder = fresh_folder();
    eprintln!("{} pages to look at", collected.visits.len());
    assert!(collected.visits.len() > 30, "too few pages: {:?}", collected.visits);
    if let Ok(part) = std::env::var(ONLY) {
        collected.visits.retain(|visit| visit.shape.contains(&part));
    }
    let mut findings = Findings::default();
    findings.add("links", "any look", collected.problems);
    let (order, visits) = (collected.visits.clone(), Arc::new(Mutex::new(VecDeque::from(collected.visits))));
    let workers: Vec<_> =
        (0..BROWSERS).map(|_| tokio::spawn(look_at_all(house.clone(), visits.clone(), folder.clone()))).collect();
    let mut shots = Vec::new();
    for worker in workers {
        let (seen, some) = worker.await.unwrap();
        findings.merge(seen);
        shots.extend(some);
    }
    sheet::write(&folder, &order, &shots).await;
    std::fs::write(folder.join("findings.txt"), findings.told()).unwrap();
    assert!(findings.is_empty(), "\n{}\nScreenshots: {}", findings.told(), folder.display());
}

fn fresh_folder() -> PathBuf {
    let folder = target().join("journeys");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

async fn look_at_all(house: Arc<House>, visits: Arc<Mutex<VecDeque<Visit>>>, folder: PathBuf) -> (Findings, Vec<Shot>) {
    let browser = Browser::open(Script::On).await;
    let mut eye =
        Eye { browser, checks: Checks::new(), house, folder, findings: Findings::default(), shots: Vec::new() };
    loop {
        let next = visits.lock().unwrap().pop_front();
        let Some(visit) = next else { break };
        for look in LOOKS.into_iter().filter(|look| visit.state == State::Open || look.is_enough()) {
            eye.look(&visit, look).await;
        }
    }
    eye.browser.close().await;
    (eye.findings, eye.shots)
}

struct Eye {
    browser: Browser,
    checks: Checks,
    house: Arc<House>,
    folder: PathBuf,
    findings: Findings,
    shots: Vec<Shot>,
}

impl Eye {
    async fn look(&mut self, visit: &Visit, look: Look) {
        self.open(visit, look).await;
        let page = format!("{} as {}", visit.shape, visit.reader);
        let strict = look.language != PSEUDO;
        if strict {
            self.checks.bring_axe(&self.browser).await;
        }
        for (width, height) in WINDOWS {
            self.browser.resize(width, height).await;
            let mut wrong = self.checks.look(&self.browser, width, look.language).await;
            self.shots.push(sheet::shoot(&self.browser, &self.folder, visit, look, width, height).await);
            if strict {
                wrong.extend(self.axe(width, height).await);
            }
            wrong.extend(self.menus(strict, width).await);
            if look.is_plain() {
                wrong.extend(self.checks.focus(&self.browser).await);
            }
            self.findings.add(&page, &format!("{} {width}", look.name()), wrong);
        }
        if look.is_plain() {
            self.narrowest(&page, look).await;
        }
        let seen = self.seen(visit).await;
        self.findings.add(&page, &look.name(), seen);
    }

    async fn open(&self, visit: &Visit, look: Look) {
        let (width, height) = WINDOWS[0];
        self.browser.resize(width, height).await;
        // Cookies can only be set for the site that is open.
        if !self.browser.driver.current_url().await.unwrap().as_str().starts_with(&self.house.address) {
            self.browser.go(format!("{}/sign-in", self.house.address)).await;
        }
        self.browser.driver.delete_all_cookies().await.unwrap();
        if let Some(session) = &visit.session {
            self.browser.set_cookie("hawser_session", session).await;
        }
        self.browser.set_cookie("hawser_theme", look.theme).await;
        self.browser.set_cookie("hawser_language", look.language).await;
        self.browser.go(format!("{}{}", self.house.address, visit.path)).await;
        if visit.state == State::SentEmpty {
            self.browser.run::<()>(include_str!("script/send_empty.js"), vec![]).await;
            self.browser.wait_for("[aria-invalid='true'], [data-problem]").await;
        }
    }

    /// With the whole page in the window: what a phone's bar covers at first is above it after scrolling.
    async fn axe(&self, width: u32, height: u32) -> Vec<String> {
        let long: u32 = self.browser.run("return document.documentElement.scrollHeight;", vec![]).await;
        self.browser.resize(width, long.max(height)).await;
        let wrong = self.checks.axe(&self.browser, None).await;
        self.browser.resize(width, height).await;
        wrong
    }

    /// Each kind of menu once, open.
    async fn menus(&self, strict: bool, width: u32) -> Vec<String> {
        let mut wrong = Vec::new();
        for number in 0.. {
            let Some(answer) = self.checks.open_menu(&self.browser, number, width).await else { break };
            wrong.extend(answer);
            if strict {
                wrong.extend(self.checks.axe(&self.browser, Some("details[open]")).await);
            }
        }
        wrong
    }

    async fn narrowest(&mut self, page: &str, look: Look) {
        self.browser.resize(NARROWEST, 640).await;
        let wrong = self.checks.look(&self.browser, NARROWEST, look.language).await;
        let wrong = wrong.into_iter().filter(|sentence| sentence.contains("sideways"));
        self.findings.add(page, &format!("{} {NARROWEST}", look.name()), wrong);
    }

    /// What the page's own listeners and the browser noticed. A refusal's own status is no fault.
    async fn seen(&self, visit: &Visit) -> Vec<String> {
        let mut seen: Vec<String> =
            self.browser.run("return window.journeySaw ?? ['the page was not watched'];", vec![]).await;
        for entry in self.browser.driver.browser_log().await.unwrap() {
            let expected = matches!(visit.state, State::Refused | State::SentEmpty)
                && entry.message.contains("the server responded with a status of 4");
            if entry.level == "SEVERE" && !expected {
                seen.push(format!("browser log: {}", entry.message.replace(&self.house.address, "")));
            }
        }
        seen
    }
}
