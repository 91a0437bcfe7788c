//! What people read.

use std::sync::Arc;

use askama::Template;
use attachments::{Files, Policy};
use base::Language;
use db::db_tests;
use scraper::{Html, Selector};
use texts::Texts;
use web::{Preferences, Shell, Ui};

use crate::{HERE, JPEG, Store, person};

#[derive(Template)]
#[template(source = r#"{% import "files.html" as f %}{% call f::files(files) %}{% endcall %}"#, ext = "html")]
struct Shown {
    ui: Ui,
    files: Files,
}

fn ui(language: Language) -> Ui {
    let texts = Texts::load([web::locales(), attachments_texts()]).unwrap();
    let request = axum::http::Request::get("/complaints/c-1").body(()).unwrap();
    let (mut parts, ()) = request.into_parts();
    parts.extensions.insert(Arc::new(Shell { texts: texts.into(), menu: Vec::new() }));
    parts.extensions.insert(Preferences { language, ..Preferences::default() });
    Ui::of(&parts)
}

fn attachments_texts() -> texts::Locales {
    texts::locales!()
}

fn count(html: &str, css: &str) -> usize {
    Html::parse_fragment(html).select(&Selector::parse(css).unwrap()).count()
}

db_tests! {
    async fn files_are_listed_with_a_form_that_works_without_script(db: Db) {
        let store = Store::of(&db);
        for language in [Language::Chinese, Language::English] {
            let ui = ui(language);
            let none = Files::of(&ui, &[], Policy::default(), "/complaints/c-1/files", false);
            let empty = Shown { ui: ui.clone(), files: none }.render().unwrap();
            assert_eq!((count(&empty, "form"), count(&empty, ".muted")), (0, 1));
            assert!(!empty.contains("attachment-"), "{empty}");
        }
        store.add(&person(), &HERE, "<img src=x onerror=alert(1)>.jpg", JPEG).await.unwrap();
        let files = store.all.of(db.read(), "complaint", "c-1").await.unwrap();
        let ui = ui(Language::Chinese);
        let files = Files::of(&ui, &files, Policy::default(), "/complaints/c-1/files", true);
        let error = store.receive("x.svg", b"<svg/>").await.unwrap_err();
        let html = Shown { files: files.with_problem(&ui, &error), ui }.render().unwrap();
        assert_eq!(count(&html, "img"), 0, "a name is text");
        assert_eq!(count(&html, "form[enctype='multipart/form-data'][action^='/complaints/c-1/files?csrf='] input[type=file]"), 1);
        assert_eq!(count(&html, "form[action$='/remove']"), 1);
        assert!(html.contains("SVG") && html.contains("20 MB") && html.contains("陈客服 2026-11-23 12:00"), "{html}");
    }
}
