//! The pages, as a browser without script uses them.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::{Extension, Router, middleware};
use base::{Actor, Scope};
use customers::{Customers, EDIT, LOG, VIEW, samples};
use db::db_tests;
use scraper::{Html, Selector};
use tower::ServiceExt;

use crate::person;

pub(crate) fn app(customers: &Customers, actor: &Actor) -> Router {
    let module = customers::module(customers.clone());
    let texts = texts::Texts::load([web::locales(), module.locales.unwrap()]).unwrap();
    customers.extend(module.panels, module.timeline);
    module
        .routes
        .into_router()
        .layer(middleware::from_fn(web::faces::give_faces))
        .layer(Extension(Arc::new(web::Shell { texts: Arc::new(texts), menu: module.menu })))
        .layer(Extension(actor.clone()))
}

pub(crate) struct Seen {
    pub status: StatusCode,
    /// Where a redirect leads.
    pub to: String,
    pub html: String,
}

impl Seen {
    pub fn all(&self, selector: &str) -> Vec<String> {
        let page = Html::parse_document(&self.html);
        let text = |element: scraper::ElementRef<'_>| element.text().collect::<String>().trim().to_owned();
        page.select(&Selector::parse(selector).unwrap()).map(text).collect()
    }

    pub fn attribute(&self, selector: &str, name: &str) -> Vec<String> {
        let page = Html::parse_document(&self.html);
        let selector = Selector::parse(selector).unwrap();
        page.select(&selector).filter_map(|element| element.attr(name).map(str::to_owned)).collect()
    }

    /// The fields of the form as a browser would send them, changed where `changes` says so.
    fn form(&self, changes: &[(&str, &str)]) -> Vec<(String, String)> {
        self.form_of("form#customer", changes)
    }

    pub fn form_of(&self, selector: &str, changes: &[(&str, &str)]) -> Vec<(String, String)> {
        let page = Html::parse_document(&self.html);
        let form = page.select(&Selector::parse(selector).unwrap()).next().unwrap();
        let mut sent = Vec::new();
        for field in form.select(&Selector::parse("input, select, textarea").unwrap()) {
            if field.attr("type") == Some("checkbox") && field.attr("checked").is_none() {
                continue;
            }
            let chosen = Selector::parse("option[selected]").unwrap();
            let value = match field.value().name() {
                "textarea" => field.text().collect(),
                "select" => field.select(&chosen).next().and_then(|one| one.attr("value")).unwrap_or("").to_owned(),
                _ => field.attr("value").unwrap_or("").to_owned(),
            };
            sent.push((field.attr("name").unwrap().to_owned(), value));
        }
        for (name, value) in changes {
            sent.retain(|(sent, _)| sent != name);
            sent.push(((*name).to_owned(), (*value).to_owned()));
        }
        sent
    }
}

pub(crate) async fn get(app: &Router, path: &str) -> Seen {
    ask(app, Request::get(path).body(Body::empty()).unwrap()).await
}

pub(crate) async fn post(app: &Router, path: &str, fields: &[(String, String)]) -> Seen {
    let body = serde_urlencoded::to_string(fields).unwrap();
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    ask(app, request.body(Body::from(body)).unwrap()).await
}

async fn ask(app: &Router, request: Request<Body>) -> Seen {
    let response = app.clone().oneshot(request).await.unwrap();
    let to = response.headers().get(header::LOCATION).map_or("", |to| to.to_str().unwrap()).to_owned();
    let status = response.status();
    let html = String::from_utf8(to_bytes(response.into_body(), 1 << 22).await.unwrap().to_vec()).unwrap();
    Seen { status, to, html }
}

pub(crate) fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

db_tests! {
    async fn the_filters_stay_in_every_link_of_the_list(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        for n in 0..101 {
            customers.create(&zhang, samples::draft(&format!("明为 {n:03}"))).await.unwrap();
        }
        customers.create(&zhang, samples::draft("迅捷")).await.unwrap();
        let app = app(&customers, &zhang);
        let first = get(&app, "/customers?q=%E6%98%8E%E4%B8%BA&stage=prospect").await;
        assert_eq!(first.all(".pager-total"), ["共 101 位客户"]);
        for href in first.attribute("#customers thead a, .pager a", "href") {
            assert!(href.contains("q=%E6%98%8E%E4%B8%BA&stage=prospect"), "{href}");
        }
        let without = first.attribute(".chips a", "href");
        assert_eq!(without, ["/customers?stage=prospect", "/customers?q=%E6%98%8E%E4%B8%BA", "/customers"]);
        let second = get(&app, &first.attribute("a[rel=next]", "href")[0]).await;
        let third = get(&app, &second.attribute("a[rel=next]", "href")[0]).await;
        assert_eq!(third.all("td.cell-title a"), ["明为 100"]);
        assert!(third.attribute("a[rel=next]", "href").is_empty());
        let back = get(&app, &third.attribute("a[rel=prev]", "href")[0]).await;
        assert_eq!(back.all("td.cell-title a"), second.all("td.cell-title a"));
        let start = get(&app, &back.attribute("a[rel=prev]", "href")[0]).await;
        assert_eq!(start.all("td.cell-title a"), first.all("td.cell-title a"));
        assert!(start.attribute("a[rel=prev]", "href").is_empty());
        let none = get(&app, "/customers?q=红木").await;
        assert!(none.all(".empty-state p")[0].contains("没有符合"));
    }

    async fn a_form_with_mistakes_keeps_what_was_typed(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        let app = app(&customers, &zhang);
        let blank = get(&app, "/customers/new").await;
        let typed = blank.form(&[
            ("name", "明为公司"), ("credit_code", "914403001922038217"), ("rhythm_days", "两周"),
            ("notes", "一\r\n二"), ("address_0_city", "深圳"), ("address_0_kind", "pickup"),
        ]);
        let refused = post(&app, "/customers/new", &typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.all("#credit_code-problem"), ["校验码不对：最后一位应为 6，现在是 7。请核对整段代码。"]);
        assert_eq!(refused.all("#rhythm_days-problem").len(), 1);
        let kept = refused.form(&[]);
        for expected in [("name", "明为公司"), ("rhythm_days", "两周"), ("notes", "一\n二"), ("address_0_city", "深圳"),
            ("address_0_kind", "pickup")] {
            assert!(kept.contains(&(expected.0.to_owned(), expected.1.to_owned())), "{expected:?}");
        }
        let right = refused.form(&[("credit_code", ""), ("rhythm_days", "１４"), ("tags", "重点，易碎、月结")]);
        let created = post(&app, "/customers/new", &right).await;
        assert_eq!(created.status, StatusCode::SEE_OTHER);
        let page = get(&app, &created.to).await;
        assert_eq!(page.all("dd a.tag"), ["易碎", "月结", "重点"]);
        assert!(page.html.contains("每 14 天") && page.html.contains("客户已新建"));
    }

    async fn one_more_address_is_a_plain_button(db: Db) {
        let customers = Customers::new(db);
        let app = app(&customers, &person("zhang", "south", Scope::Own));
        let mut sent = get(&app, "/customers/new").await.form(&[("name", "明为"), ("address_0_line", "港口路 1 号")]);
        sent.push(("add_address".into(), "1".into()));
        let more = post(&app, "/customers/new", &sent).await;
        assert_eq!(more.status, StatusCode::OK);
        assert_eq!(more.attribute("#name, #address_0_line, #address_1_line", "value"), ["明为", "港口路 1 号", ""]);
        let sent = more.form(&[("address_0_line", ""), ("address_1_line", "货运路 2 号")]);
        let created = post(&app, "/customers/new", &sent).await;
        let file = get(&app, &format!("{}&tab=file", created.to)).await;
        assert!(file.html.contains("货运路 2 号") && !file.html.contains("港口路"));
    }

    async fn who_saves_second_sees_both_values_and_decides(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::All);
        let li = person("li", "south", Scope::All);
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().id;
        let path = format!("/customers/{id}/edit");
        let (first, second) = (app(&customers, &zhang), app(&customers, &li));
        let (of_zhang, of_li) = (get(&first, &path).await, get(&second, &path).await);
        let changes = [("industry", "家具"), ("notes", "张的备注"), ("source", "展会")];
        assert_eq!(post(&first, &path, &of_zhang.form(&changes)).await.status, StatusCode::SEE_OTHER);
        let mine = of_li.form(&[("industry", "木材"), ("notes", "李的备注"), ("source", "展会")]);
        let clash = post(&second, &path, &mine).await;
        assert_eq!(clash.status, StatusCode::CONFLICT);
        let cells = clash.all("tbody td:not(.cell-acts)");
        assert_eq!(cells, ["行业", "木材", "家具", "zhang", "备注", "李的备注", "张的备注", "zhang"]);
        let mut take = clash.form(&[]);
        take.push(("take".into(), "notes".into()));
        let taken = post(&second, &path, &take).await;
        assert_eq!(taken.all("tbody td.cell-title"), ["行业"]);
        assert_eq!(post(&second, &path, &taken.form(&[])).await.status, StatusCode::SEE_OTHER);
        let file = customers.file(&li, &base::CustomerId(id)).await.unwrap().customer;
        assert_eq!((file.industry.as_str(), file.notes.as_str(), file.version), ("木材", "张的备注", 3));
    }

    async fn nobody_sees_a_button_that_he_may_not_press(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().id;
        let mut reader = person("li", "south", Scope::All);
        reader.permissions.retain(|permission, _| *permission == VIEW);
        let mut narrow = person("wang", "south", Scope::All);
        for permission in [EDIT, LOG] {
            narrow.permissions.insert(permission, Scope::Own);
        }
        for actor in [reader, narrow.clone()] {
            let app = app(&customers, &actor);
            for path in [format!("/customers/{id}"), format!("/customers/{id}?tab=file")] {
                let page = get(&app, &path).await;
                assert_eq!(page.status, StatusCode::OK);
                assert!(page.attribute("#main form", "action").is_empty());
                assert!(page.attribute("#main a[href$='/edit']", "href").is_empty());
            }
        }
        let app = app(&customers, &narrow);
        assert_eq!(get(&app, &format!("/customers/{id}/edit")).await.status, StatusCode::NOT_FOUND);
        let stage = fields(&[("stage", "target"), ("reason", "来过")]);
        assert_eq!(post(&app, &format!("/customers/{id}/stage"), &stage).await.status, StatusCode::NOT_FOUND);
    }

    async fn an_interaction_is_logged_and_its_step_done_without_script(db: Db) {
        let customers = Customers::new(db);
        let app = app(&customers, &person("zhang", "south", Scope::Own));
        let zhang = person("zhang", "south", Scope::Own);
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().id;
        let path = format!("/customers/{id}/interactions");
        let said = [("kind", "visit"), ("direction", "outgoing"), ("happened_at", "2026-11-23T11:30"),
            ("outcome", "agreed"), ("mood", "pleased"), ("text", "十二月招标 <b>")];
        let refused = post(&app, &path, &fields(&said)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.all("#text"), ["十二月招标 <b>"]);
        assert_eq!(refused.attribute("input[type=radio][checked]", "value"), ["visit", "agreed", "pleased"]);
        assert_eq!(refused.all("#next_step-problem").len(), 1);
        let step = [("next_step", "约王工"), ("next_step_on", "2026-11-22")];
        let logged = post(&app, &path, &fields(&[&said[..], &step[..]].concat())).await;
        assert_eq!((logged.status, logged.to.as_str()), (StatusCode::SEE_OTHER, &*format!("/customers/{id}?said=logged")));
        let page = get(&app, &logged.to).await;
        assert_eq!(page.all(".event-body > p:not(.event-head)"), ["十二月招标 <b>下一步：约王工（2026-11-22）"]);
        assert_eq!(page.all(".event strong"), ["拜访 · 达成一致 · 满意"]);
        assert_eq!(page.all(".event time"), ["2026-11-23 11:30"]);
        assert!(page.all("td .tag").contains(&"逾期 1 天".to_owned()));
        let done = page.attribute("form[action$='/step-done']", "action");
        assert_eq!(post(&app, &done[0], &[]).await.status, StatusCode::SEE_OTHER);
        assert!(get(&app, &format!("/customers/{id}")).await.attribute("form[action$='/step-done']", "action").is_empty());
        let back = page.attribute("form[action$='/take-back']", "action");
        let taken = post(&app, &back[0], &[]).await;
        assert_eq!((taken.all("#text"), taken.all(".event").len()), (vec!["十二月招标 <b>".to_owned()], 0));
    }

    async fn a_stage_set_by_hand_needs_a_reason(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        let app = app(&customers, &zhang);
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().id;
        let path = format!("/customers/{id}/stage");
        let refused = post(&app, &path, &fields(&[("stage", "target")])).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.attribute("#stage option[selected]", "value"), ["target"]);
        let set = post(&app, &path, &fields(&[("stage", "target"), ("reason", "展会认识")])).await;
        let page = get(&app, &set.to).await;
        assert!(page.html.contains("目标客户") && page.html.contains("zhang 手工设置：展会认识"));
    }

    async fn a_customer_of_somebody_else_looks_like_one_that_never_was(db: Db) {
        let customers = Customers::new(db);
        let id = customers.create(&person("li", "south", Scope::Own), samples::draft("明为公司")).await.unwrap().id;
        let app = app(&customers, &person("zhang", "south", Scope::Own));
        for path in [format!("/customers/{id}"), format!("/customers/{id}/edit"), "/customers/%E4%B8%8D".into()] {
            let page = get(&app, &path).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
            assert!(page.html.contains("没有找到") && !page.html.contains("明为"));
        }
        assert_eq!(post(&app, &format!("/customers/{id}/edit"), &fields(&[("name", "x")])).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_name_that_is_markup_stays_a_name(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        let mut draft = samples::draft("<script>alert(1)</script>");
        draft.notes = "<script>\nalert(2)".into();
        draft.tags = vec!["<script>".into()];
        let id = customers.create(&zhang, draft).await.unwrap().id;
        customers.log(&zhang, &base::CustomerId(id.clone()), samples::call("<script>\nalert(3)")).await.unwrap();
        let app = app(&customers, &zhang);
        for path in ["/customers", &format!("/customers/{id}"), &format!("/customers/{id}?tab=file"), &format!("/customers/{id}/edit")] {
            let page = get(&app, path).await;
            assert!(!page.html.contains("<script>"), "{path}");
            assert!(page.html.contains("&lt;script&gt;") || page.html.contains("&#60;script&#62;"), "{path}");
        }
    }

    async fn a_timeline_before_the_end_or_the_beginning_of_the_calendar_is_a_page(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let customers = Customers::new(db);
        let app = app(&customers, &zhang);
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().id;
        for before in ["8210266876799999999", "-8334601228800000000", "9223372036854775807", "-9223372036854775808"] {
            let seen = get(&app, &format!("/customers/{id}?before={before}")).await;
            assert_eq!(seen.status, StatusCode::OK, "{before}");
        }
        let typed = [("kind", "call"), ("direction", "outgoing"), ("text", "x"), ("no_next_step", "on"),
            ("happened_at", "-262143-01-01T00:00")];
        let refused = post(&app, &format!("/customers/{id}/interactions"), &fields(&typed)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let strange = [("kind", "call"), ("direction", "outgoing"), ("text", "x"), ("no_next_step", "on"),
            ("shipment", "s1")];
        let refused = post(&app, &format!("/customers/{id}/interactions"), &fields(&strange)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.html.contains("这张运单不属于该客户"));
    }

    async fn the_timeline_shows_every_interaction_exactly_once(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        let id = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().customer_id();
        for n in 0..75_i64 {
            // Ten at a time happened at the same moment, and forty at the oldest.
            let mut call = samples::call(&format!("第 {n} 次"));
            call.happened_at = Some(zhang.now - chrono::Duration::hours((n / 10).min(4)));
            customers.log(&zhang, &id, call).await.unwrap();
        }
        let app = app(&customers, &zhang);
        let (mut path, mut seen) = (format!("/customers/{id}"), Vec::new());
        loop {
            let page = get(&app, &path).await;
            seen.extend(page.all(".event-body > p:not(.event-head)"));
            match page.attribute(".pager a[rel=next]", "href").pop() {
                Some(next) => path = next,
                None => break,
            }
        }
        assert_eq!(seen.len(), 75);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 75);
    }
}
