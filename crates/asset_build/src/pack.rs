//! Names each file by its content and writes the folder that is embedded.

use crate::{AssetError, MANIFEST, read, stamp::hex, tools, write};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Whose work is inside what we serve, and where each says so.
const LICENCES: [(&str, &str); 2] = [
    // The same author and terms as @tabler/core, which carries no licence file of its own, only a comment (added below).
    ("@tabler/core, @tabler/icons", "@tabler/icons/LICENSE"),
    ("htmx.org", "htmx.org/LICENSE"),
];

/// Fills a new folder and puts it in the place of the old one, so that nobody reads a half-written one.
pub fn pack(work: &Path, dist: &Path) -> Result<(), AssetError> {
    let fresh = work.join("dist.new");
    clear(&fresh)?;
    fs::create_dir_all(&fresh).map_err(AssetError::io("create", &fresh))?;

    let bundled = work.join("bundled");
    let mut files = BTreeMap::new();
    for name in ["app.css", "app.js", "theme.js"] {
        files.insert(name, read(&bundled.join(name))?);
    }
    files.insert("favicon.svg", read(&work.join("src/favicon.svg"))?);
    files.insert("icons.svg", sprite(work)?.into_bytes());
    files.insert("licences.txt", licences(work)?.into_bytes());

    let mut manifest = BTreeMap::new();
    for (name, content) in files {
        let hashed = hashed_name(name, &content);
        write(&fresh.join(&hashed), &content)?;
        manifest.insert(name, hashed);
    }
    tools::compress(work, &fresh)?;
    write(&fresh.join(MANIFEST), serde_json::json!(manifest).to_string())?;

    clear(dist)?;
    fs::rename(&fresh, dist).map_err(AssetError::io("put in place", dist))
}

/// `app.css` → `app.<hash>.css`; another content never has the same name, so browsers may keep it for ever.
fn hashed_name(name: &str, content: &[u8]) -> String {
    let hash = hex(&Sha256::digest(content)[..6]);
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.{hash}.{ending}"),
        None => format!("{name}.{hash}"),
    }
}

/// One SVG with a symbol for each line of `icons.txt`: our name, and the package's name where it differs.
fn sprite(work: &Path) -> Result<String, AssetError> {
    let list = read(&work.join("src/icons.txt"))?;
    let list = String::from_utf8_lossy(&list);
    let mut sprite = String::from(r#"<svg xmlns="http://www.w3.org/2000/svg">"#);
    for line in list.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let mut words = line.split_whitespace();
        let ours = words.next().unwrap_or_default();
        let theirs = words.next().unwrap_or(ours);
        let drawing = read(&work.join(format!("node_modules/@tabler/icons/icons/outline/{theirs}.svg")))
            .map_err(|_| AssetError::UnknownIcon { name: theirs.to_owned() })?;
        let drawing = inside(&String::from_utf8_lossy(&drawing));
        sprite.push_str(&format!(r#"<symbol id="{ours}" viewBox="0 0 24 24">{drawing}</symbol>"#));
    }
    sprite.push_str("</svg>");
    Ok(sprite)
}

/// What stands between `<svg …>` and `</svg>`, without the invisible square each icon starts with.
fn inside(svg: &str) -> String {
    let body = svg.split_once('>').map(|(_, rest)| rest).unwrap_or_default();
    let body = body.split("</svg>").next().unwrap_or_default();
    let lines = body.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.contains("M0 0h24v24H0z")).collect()
}

fn licences(work: &Path) -> Result<String, AssetError> {
    let mut text = String::from("Work of others that these pages contain\n");
    for (name, file) in LICENCES {
        let licence = read(&work.join("node_modules").join(file))?;
        text.push_str(&format!("\n== {name}\n\n{}\n", String::from_utf8_lossy(&licence).trim()));
    }
    for name in ["app.css.LEGAL.txt", "app.js.LEGAL.txt"] {
        if let Ok(comments) = read(&work.join("bundled").join(name)) {
            text.push_str(&format!("\n== {name}\n\n{}\n", String::from_utf8_lossy(&comments).trim()));
        }
    }
    Ok(text)
}

fn clear(folder: &Path) -> Result<(), AssetError> {
    match folder.exists() {
        true => fs::remove_dir_all(folder).map_err(AssetError::io("clear", folder)),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_content_has_another_name() {
        let name = hashed_name("app.css", b"a{}");
        assert_eq!(name.len(), "app.css".len() + 13);
        assert!(name.starts_with("app.") && name.ends_with(".css"));
        assert_ne!(hashed_name("app.css", b"b{}"), name);
    }

    #[test]
    fn an_icon_keeps_its_lines_and_loses_its_frame() {
        let svg = "<svg\n  class=\"icon\"\n>\n  <path stroke=\"none\" d=\"M0 0h24v24H0z\" fill=\"none\" />\n  <path d=\"M12 5v14\" />\n</svg>\n";
        assert_eq!(inside(svg), "<path d=\"M12 5v14\" />");
    }
}
