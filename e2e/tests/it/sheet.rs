//! Screenshots, and one sheet on which all of them can be looked at.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::browser::{Browser, Script};
use crate::collect::Visit;
use crate::looks::{LOOKS, Look, WINDOWS};

/// A long page is cut here, in CSS pixels.
const LONGEST: u64 = 2400;

/// Pages on one picture of the sheet.
const PAGES: usize = 12;

pub struct Shot {
    page: String,
    look: String,
    width: u32,
    file: String,
}

pub async fn shoot(browser: &Browser, folder: &Path, visit: &Visit, look: Look, width: u32, height: u32) -> Shot {
    let long: u64 = browser.run("return document.documentElement.scrollHeight;", vec![]).await;
    let long = long.clamp(height.into(), LONGEST);
    let clip = json!({"x": 0, "y": 0, "width": width, "height": long, "scale": 1});
    let wanted = json!({"format": "jpeg", "quality": 70, "captureBeyondViewport": true, "clip": clip});
    let picture = browser.command("Page.captureScreenshot", wanted).await;
    let page = format!("{} as {}", visit.shape, visit.reader);
    let look = look.name();
    let file = format!("{}.jpg", slug(&format!("{page} {look} {width}")));
    std::fs::write(folder.join(&file), decoded(&picture)).unwrap();
    Shot { page, look, width, file }
}

/// `sheet.html` with everything, and for each width pictures of it: `sheet-1366-1.png`.
pub async fn write(folder: &Path, order: &[Visit], shots: &[Shot]) {
    let pages: Vec<String> = order.iter().map(|visit| format!("{} as {}", visit.shape, visit.reader)).collect();
    std::fs::write(folder.join("sheet.html"), html(&pages, shots, &WINDOWS.map(|(width, _)| width))).unwrap();
    let browser = Browser::open(Script::On).await;
    for (width, _) in WINDOWS {
        for (number, some) in pages.chunks(PAGES).enumerate() {
            let part = folder.join("part.html");
            std::fs::write(&part, html(some, shots, &[width])).unwrap();
            browser.resize(1600, 900).await;
            browser.go(format!("file://{}", part.canonicalize().unwrap().display())).await;
            let long: u64 = browser.run("return document.documentElement.scrollHeight;", vec![]).await;
            let clip = json!({"x": 0, "y": 0, "width": 1600, "height": long, "scale": 1});
            let wanted = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
            let picture = browser.command("Page.captureScreenshot", wanted).await;
            let file = folder.join(format!("sheet-{width}-{}.png", number + 1));
            std::fs::write(file, decoded(&picture)).unwrap();
            std::fs::remove_file(part).unwrap();
        }
    }
    browser.close().await;
}

fn html(pages: &[String], shots: &[Shot], widths: &[u32]) -> String {
    let by: BTreeMap<(&str, &str, u32), &str> =
        shots.iter().map(|shot| ((shot.page.as_str(), shot.look.as_str(), shot.width), shot.file.as_str())).collect();
    let mut text = String::from(
        "<!doctype html><meta charset=utf-8><title>Journeys</title><style>body{font:13px sans-serif;margin:12px;background:#ddd}\
         h2{font-size:14px;margin:14px 0 4px}div{display:grid;grid-template-columns:repeat(5,1fr);gap:8px}\
         figure{margin:0}img{width:100%;height:auto;max-height:640px;object-fit:cover;object-position:top;background:#fff}</style>",
    );
    for page in pages {
        for width in widths {
            let _ = write!(text, "<h2>{page} · {width}</h2><div>");
            for look in LOOKS.map(Look::name) {
                if let Some(file) = by.get(&(page.as_str(), look.as_str(), *width)) {
                    let _ = write!(text, "<figure><a href='{file}'><img src='{file}' alt=''></a>{look}</figure>");
                }
            }
            text.push_str("</div>");
        }
    }
    text
}

fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        match c.is_ascii_alphanumeric() {
            true => slug.push(c.to_ascii_lowercase()),
            false if slug.ends_with('-') => {}
            false => slug.push('-'),
        }
    }
    slug.trim_matches('-').to_owned()
}

/// Pictures come as text.
pub fn decoded(picture: &Value) -> Vec<u8> {
    STANDARD.decode(picture["data"].as_str().unwrap()).unwrap()
}

#[test]
fn the_name_of_a_picture_says_what_it_shows() {
    assert_eq!(slug("/customers/{id} as sales_rep"), "customers-id-as-sales-rep");
}
