//! A real browser, remote controlled.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, LoggingPrefsLogLevel};

use crate::house::{House, Running, free_port};

const ARGUMENTS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-prefers-reduced-motion",
];

const TRIES: usize = 200;
const PAUSE: Duration = Duration::from_millis(50);
const CENTRE: &str = "arguments[0].scrollIntoView({block: 'center'});";

pub struct Browser {
    pub driver: WebDriver,
    port: u16,
    _chromedriver: Running,
    _profile: tempfile::TempDir,
}

#[derive(Clone, Copy)]
pub enum Script {
    On,
    Off,
}

impl Browser {
    pub async fn open(script: Script) -> Self {
        let port = free_port();
        let process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let process = Running(process);
        let profile = tempfile::tempdir().unwrap();
        let mut wanted = DesiredCapabilities::chrome();
        for argument in ARGUMENTS {
            wanted.add_arg(argument).unwrap();
        }
        wanted.add_arg(&format!("--user-data-dir={}", profile.path().display())).unwrap();
        wanted.set_browser_log_level(LoggingPrefsLogLevel::All).unwrap();
        if matches!(script, Script::Off) {
            wanted
                .add_experimental_option("prefs", json!({"profile.managed_default_content_settings.javascript": 2}))
                .unwrap();
        }
        let driver = started(&format!("http://127.0.0.1:{port}"), wanted).await;
        let browser = Self { driver, port, _chromedriver: process, _profile: profile };
        let watch = json!({"source": include_str!("script/watch.js")});
        browser.command("Page.addScriptToEvaluateOnNewDocument", watch).await;
        browser
    }

    pub async fn go(&self, address: impl AsRef<str>) {
        self.driver.goto(address.as_ref()).await.unwrap();
    }

    /// By the one-time link, which asks for one click.
    pub async fn sign_in(&self, house: &House, role: &str) {
        self.go(house.link_of(role)).await;
        self.click("main form button[type=submit]").await;
        self.wait_for(".topbar").await;
    }

    /// Under load a page may still be on its way out: then the next try meets the new one.
    pub async fn click(&self, selector: &str) {
        let mut last = None;
        for _ in 0..TRIES {
            self.wait_for(selector).await;
            let element = self.find(selector).await;
            // The top bar covers what is only just in sight.
            let _ = self.driver.execute(CENTRE, vec![element.to_json().unwrap()]).await;
            match element.click().await {
                Ok(()) => return,
                Err(error) => last = Some(error),
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("{} has {selector}, but it cannot be clicked: {last:?}", self.address().await);
    }

    pub async fn fill(&self, selector: &str, text: &str) {
        self.wait_for(selector).await;
        let field = self.find(selector).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    pub async fn find(&self, selector: &str) -> WebElement {
        match self.driver.find(By::Css(selector)).await {
            Ok(element) => element,
            Err(_) => panic!("{} has no {selector}: {}", self.address().await, self.words("main").await),
        }
    }

    pub async fn has(&self, selector: &str) -> bool {
        !self.driver.find_all(By::Css(selector)).await.unwrap().is_empty()
    }

    /// What stands there; nothing when the element is not there.
    pub async fn words(&self, selector: &str) -> String {
        match self.driver.find(By::Css(selector)).await {
            Ok(element) => element.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    pub async fn path(&self) -> String {
        let url = self.driver.current_url().await.unwrap();
        url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
    }

    async fn address(&self) -> String {
        self.driver.current_url().await.unwrap().into()
    }

    /// A short wait for what script does after an act.
    pub async fn wait_for(&self, selector: &str) {
        for _ in 0..TRIES {
            if self.has(selector).await {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("{} never shows {selector}: {}", self.address().await, self.words("main").await);
    }

    pub async fn press(&self, key: impl Into<TypingData>) {
        self.driver.action_chain().send_keys(key).perform().await.unwrap();
    }

    /// A key that leads to another page. The driver itself would press it there once more, on what has the focus then.
    pub async fn press_and_leave(&self, key: &str) {
        let (text, code) = match key {
            "Enter" => ("\r", 13),
            key => (key, 0),
        };
        for kind in ["keyDown", "keyUp"] {
            let stroke = json!({"type": kind, "key": key, "text": text, "windowsVirtualKeyCode": code});
            self.command("Input.dispatchKeyEvent", stroke).await;
        }
    }

    pub async fn set_cookie(&self, name: &str, value: &str) {
        let mut cookie = Cookie::new(name, value);
        cookie.set_path("/");
        self.driver.add_cookie(cookie).await.unwrap();
    }

    pub async fn cookie(&self, name: &str) -> String {
        self.driver.get_named_cookie(name).await.unwrap().value
    }

    /// The inside of the window; a narrow one is a phone's.
    pub async fn resize(&self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 768});
        self.command("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    pub async fn run<T: DeserializeOwned>(&self, script: &str, arguments: Vec<Value>) -> T {
        self.driver.execute(script, arguments).await.unwrap().convert().unwrap()
    }

    /// For scripts that answer by calling their last argument.
    pub async fn run_slowly<T: DeserializeOwned>(&self, script: &str, arguments: Vec<Value>) -> T {
        self.driver.execute_async(script, arguments).await.unwrap().convert().unwrap()
    }

    pub async fn command(&self, name: &str, parameters: Value) -> Value {
        self.driver.cdp().send_raw(name, parameters).await.unwrap()
    }

    pub async fn close(self) {
        self.driver.clone().quit().await.unwrap();
    }
}

/// A journey that failed did not close its browser. The library would wait two minutes here.
impl Drop for Browser {
    fn drop(&mut self) {
        let session = self.driver.handle().session_id().to_owned();
        if self.driver.clone().leak().is_ok()
            && let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port))
        {
            let _ = write!(stream, "DELETE /session/{session} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port);
            let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
            let _ = stream.read(&mut [0; 64]);
        }
    }
}

/// Chromedriver takes a moment to listen.
async fn started(address: &str, wanted: ChromeCapabilities) -> WebDriver {
    for _ in 0..100 {
        if let Ok(driver) = WebDriver::new(address, wanted.clone()).await {
            return driver;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    WebDriver::new(address, wanted).await.unwrap()
}
