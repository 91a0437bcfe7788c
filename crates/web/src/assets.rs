//! The style sheet, scripts and icons that every page uses, embedded in the program.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use rust_embed::{Embed, EmbeddedFile};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Where the files are served; routes are `{PREFIX}{file}`.
pub const PREFIX: &str = "/assets/";

#[derive(Embed)]
#[folder = "$HAWSER_ASSETS_DIST"]
struct Dist;

/// Plain name → address with the hash of the content.
static URLS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let manifest = Dist::get("manifest.json").map(|file| file.data).unwrap_or_default();
    let names: BTreeMap<String, String> = serde_json::from_slice(&manifest).unwrap_or_default();
    names.into_iter().map(|(name, file)| (name, format!("{PREFIX}{file}"))).collect()
});

/// The address of an asset: `app.css` → `/assets/app.<hash>.css`. An unknown name gives an address that answers 404.
pub fn url(name: &str) -> &'static str {
    URLS.get(name).map_or("/assets/unknown", String::as_str)
}

/// The names that [`url`] knows.
pub fn names() -> impl Iterator<Item = &'static str> {
    URLS.keys().map(String::as_str)
}

/// `GET /assets/{file}`: open to everybody, kept by browsers for ever because the name changes with the content.
pub fn handler<S: Clone + Send + Sync + 'static>() -> MethodRouter<S> {
    get(async |Path(file): Path<String>, headers: HeaderMap| serve(&file, &headers))
}

fn serve(file: &str, headers: &HeaderMap) -> Response {
    let served = URLS.values().any(|url| url.strip_prefix(PREFIX) == Some(file));
    match Dist::get(file).filter(|_| served) {
        Some(plain) => found(file, plain, headers),
        None => (StatusCode::NOT_FOUND, [(header::X_CONTENT_TYPE_OPTIONS, "nosniff")]).into_response(),
    }
}

fn found(file: &str, plain: EmbeddedFile, headers: &HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let compressed = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| accepts(accepted, encoding))
        .find_map(|(encoding, ending)| Some((encoding, Dist::get(&format!("{file}.{ending}"))?)));
    let common = [
        (header::CONTENT_TYPE, content_type(file)),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::VARY, "accept-encoding"),
    ];
    match compressed {
        Some((encoding, body)) => (common, [(header::CONTENT_ENCODING, encoding)], body.data).into_response(),
        None => (common, plain.data).into_response(),
    }
}

/// Whether an `Accept-Encoding` header takes this encoding; `q=0` means no.
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        let named = words.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        named && !words.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn content_type(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn ask(file: &str, encodings: &'static str) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(encodings));
        serve(file, &headers)
    }

    fn file(name: &str) -> &'static str {
        url(name).strip_prefix(PREFIX).unwrap()
    }

    #[test]
    fn every_asset_a_page_names_is_served_for_a_year() {
        for name in ["app.css", "app.js", "theme.js", "icons.svg", "favicon.svg", "licences.txt"] {
            let answer = ask(file(name), "gzip");
            assert_eq!(answer.status(), 200, "{name}");
            assert_eq!(answer.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
            assert_eq!(answer.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        }
        assert_eq!(ask(file("app.css"), "").headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
    }

    #[test]
    fn the_smallest_form_that_the_browser_takes_is_sent() {
        assert_eq!(ask(file("app.css"), "gzip, br").headers()[header::CONTENT_ENCODING], "br");
        assert_eq!(ask(file("app.css"), "gzip, br;q=0").headers()[header::CONTENT_ENCODING], "gzip");
        assert!(ask(file("app.css"), "").headers().get(header::CONTENT_ENCODING).is_none());
    }

    #[test]
    fn nothing_but_the_named_assets_can_be_asked_for() {
        for name in ["unknown", "manifest.json", "../Cargo.toml", "app.css"] {
            assert_eq!(ask(name, "gzip").status(), 404, "{name}");
        }
        assert_eq!(url("no-such-file.js"), "/assets/unknown");
    }

    #[test]
    fn a_first_visit_loads_less_than_180_kilobytes() {
        let compressed = |name: &str| Dist::get(&format!("{}.gz", file(name))).unwrap().data.len();
        let total: usize = ["app.css", "app.js", "theme.js", "icons.svg", "favicon.svg"].map(compressed).iter().sum();
        assert!(total < 150_000, "{total} bytes leave too little for the page itself");
    }
}
