//! Contacts as a browser without script shows them.

use axum::http::StatusCode;
use base::Scope;
use customers::{Customers, EDIT, samples};
use db::db_tests;

use crate::pages::{app, get, post};
use crate::person;

const FORM: &str = "form#contact";

db_tests! {
    async fn a_contact_is_added_and_changed_without_script(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        let of = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().id;
        let app = app(&customers, &zhang);
        let tab = get(&app, &format!("/customers/{of}?tab=contacts")).await;
        assert_eq!(tab.all(".empty-state p").len(), 1);
        let new = format!("/customers/{of}/contacts/new");
        let typed = get(&app, &new).await.form_of(FORM, &[
            ("name", "王建"), ("mobile", "138-1234"), ("role-uses", "yes"), ("lanes-decides", "首尔–广州，苏黎世"),
            ("birthday_calendar", "lunar"), ("birthday_month", "１２"), ("birthday_day", "31"), ("birthday_leap", "yes"),
            ("hobbies", "钓鱼、茶"), ("avoid", "一\r\n二"),
        ]);
        let refused = post(&app, &new, &typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.all(".field-problem").len(), 2);
        let kept = refused.form_of(FORM, &[]);
        for (name, value) in [("name", "王建"), ("mobile", "138-1234"), ("role-uses", "yes"), ("avoid", "一\n二"),
            ("lanes-decides", "首尔–广州，苏黎世"), ("birthday_calendar", "lunar"), ("birthday_leap", "yes"),
            ("birthday_day", "31"), ("hobbies", "钓鱼、茶")] {
            assert!(kept.contains(&(name.to_owned(), value.to_owned())), "{name}");
        }
        let right = refused.form_of(FORM, &[("mobile", "13812341234"), ("lanes-decides", "首尔–广州"), ("birthday_day", "30")]);
        let created = post(&app, &new, &right).await;
        assert_eq!(created.status, StatusCode::SEE_OTHER);
        let page = get(&app, &created.to).await;
        assert!(page.html.contains("138****1234") && !page.html.contains("13812341234"));
        assert!(page.html.contains("决策（首尔–广州）") && page.html.contains("使用（全部线路）"));
        let here = created.to.split('?').next().unwrap().to_owned();
        let edit = get(&app, &format!("{here}/edit")).await;
        assert!(!edit.html.contains("13812341234"));
        let saved = post(&app, &format!("{here}/edit"), &edit.form_of(FORM, &[("post", "物流主管"), ("role-uses", "")])).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        let seen = post(&app, &format!("{here}/reveal"), &[]).await;
        assert_eq!(seen.status, StatusCode::OK);
        assert_eq!(seen.attribute("#reach a", "href"), ["tel:13812341234"]);
        assert!(seen.html.contains("农历闰月 12-30") && seen.html.contains("物流主管"));
        assert!(seen.all(".event p").iter().any(|text| text == "职务、决策角色"));
    }

    async fn the_tab_says_who_decides_and_whom_nobody_knows(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        let of = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().id;
        let app = app(&customers, &zhang);
        let new = format!("/customers/{of}/contacts/new");
        let blank = get(&app, &new).await;
        post(&app, &new, &blank.form_of(FORM, &[("name", "王建"), ("lanes-decides", "首尔–广州"), ("phone", "020-81234567")])).await;
        let path = format!("/customers/{of}?tab=contacts");
        let one = get(&app, &path).await;
        assert!(one.all(".notice")[0].contains("王建"));
        assert_eq!(one.all("aside dd .tag").len(), 6);
        assert!(one.all("aside dd")[2].contains("首尔–广州"));
        assert!(one.html.contains("020****4567") && !one.html.contains("81234567"));
        assert!(one.all("#contacts td .tag").contains(&"未核实".to_owned()));
        post(&app, &new, &blank.form_of(FORM, &[("name", "李姐"), ("role-buys", "yes")])).await;
        let two = get(&app, &path).await;
        assert!(two.all(".notice").is_empty());
        assert_eq!(two.all("aside dd .tag").len(), 5);
    }

    async fn consent_is_recorded_withdrawn_and_kept_without_script(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        let of = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().customer_id();
        let draft = customers::contacts::forms::ContactDraft::named("王建");
        let here = format!("/contacts/{}", customers.create_contact(&zhang, &of, draft).await.unwrap().id);
        let app = app(&customers, &zhang);
        let form = "form[action*='/consents']";
        let page = get(&app, &here).await;
        assert_eq!(page.all("#consents tbody .tag"), ["未取得"; 5]);
        let act = format!("{here}/consents");
        let typed = page.form_of(form, &[("purpose", "care"), ("channel", "wechat"), ("evidence", "截图 12")]);
        let refused = post(&app, &act, &typed).await;
        assert_eq!((refused.status, refused.all("#basis-problem").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        assert_eq!(refused.all("#evidence"), ["截图 12"]);
        let given = refused.form_of(form, &[("basis", "consent")]);
        assert_eq!(post(&app, &act, &given).await.status, StatusCode::SEE_OTHER);
        let withdrawn = page.form_of(form, &[("purpose", "care"), ("answer", "withdrawn"), ("channel", "phone")]);
        assert_eq!(post(&app, &act, &withdrawn).await.status, StatusCode::SEE_OTHER);
        let page = get(&app, &here).await;
        assert_eq!(page.all("#consents tbody .tag")[3], "已撤回");
        assert_eq!(page.all("#consents .event").len(), 2);
        let tab = get(&app, &format!("/customers/{of}?tab=contacts")).await;
        assert!(tab.all("#contacts td .tag").contains(&"生日节日关怀：已撤回".to_owned()));
    }

    async fn who_saves_a_contact_second_keeps_what_he_typed_and_hears_what_changed(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::All);
        let of = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().customer_id();
        let mut draft = customers::contacts::forms::ContactDraft::named("王建");
        draft.mobile = Some("13812341234".into());
        let id = customers.create_contact(&zhang, &of, draft).await.unwrap().contact_id();
        let (path, app) = (format!("/contacts/{id}/edit"), app(&customers, &person("li", "south", Scope::All)));
        let mine = get(&app, &path).await.form_of(FORM, &[("post", "主管")]);
        let theirs = get(&app, &path).await.form_of(FORM, &[("mobile", "13900005678"), ("honorific", "王工")]);
        assert_eq!(post(&app, &path, &theirs).await.status, StatusCode::SEE_OTHER);
        let clash = post(&app, &path, &mine).await;
        assert_eq!(clash.status, StatusCode::CONFLICT);
        assert!(clash.all("[role=alert]")[0].contains("li刚刚修改了：手机、称呼"), "{:?}", clash.all("[role=alert]"));
        let again = clash.form_of(FORM, &[]);
        assert!(again.contains(&("mobile".into(), "139****5678".into())) && again.contains(&("post".into(), "主管".into())));
        assert_eq!(post(&app, &path, &again).await.status, StatusCode::SEE_OTHER);
        let contact = customers.contact(&zhang, &id).await.unwrap().contact;
        assert_eq!((contact.mobile.as_str(), contact.post.as_str(), contact.version), ("13900005678", "主管", 3));
    }

    async fn whoever_may_only_look_sees_a_contact_masked_and_no_act_but_showing(db: Db) {
        let customers = Customers::new(db);
        let zhang = person("zhang", "south", Scope::Own);
        let of = customers.create(&zhang, samples::draft("明为公司")).await.unwrap().customer_id();
        let mut draft = customers::contacts::forms::ContactDraft::named("<b>王建");
        draft.wechat = Some("wanggong88".into());
        let id = customers.create_contact(&zhang, &of, draft).await.unwrap().contact_id();
        let mut narrow = person("he", "south", Scope::All);
        narrow.permissions.insert(EDIT, Scope::Own);
        let app = app(&customers, &narrow);
        let page = get(&app, &format!("/contacts/{id}")).await;
        assert_eq!(page.attribute("#main form", "action"), [format!("/contacts/{id}/reveal")]);
        assert!(!page.html.contains("wanggong88") && !page.html.contains("<b>王建"));
        for path in [format!("/contacts/{id}/edit"), format!("/customers/{of}/contacts/new")] {
            assert_eq!(get(&app, &path).await.status, StatusCode::NOT_FOUND);
        }
        for act in ["edit", "verify", "archive", "restore"] {
            let fields = [("name".to_owned(), "x".to_owned()), ("version".to_owned(), "1".to_owned())];
            let fields = if act == "edit" { &fields[..] } else { &[] };
            assert_eq!(post(&app, &format!("/contacts/{id}/{act}"), fields).await.status, StatusCode::NOT_FOUND, "{act}");
        }
    }
}
