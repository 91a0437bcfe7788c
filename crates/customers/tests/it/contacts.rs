//! The people at a customer's.

use base::{Actor, CustomerId, Error, Scope};
use customers::consent::{Basis, ConsentAnswer, Purpose};
use customers::contact::{BirthdayCalendar, Channel, ContactId};
use customers::contact_role::BuyingRole;
use customers::contacts::birthday::Birthday;
use customers::contacts::forms::{ConsentDraft, ContactDraft, RoleDraft};
use customers::{Customers, EDIT, LOG, samples};
use db::{Db, audit, db_tests};

use crate::person;

async fn with_contact(db: &Db, owner: &Actor, draft: ContactDraft) -> (Customers, CustomerId, ContactId) {
    let customers = Customers::new(db.clone());
    let of = customers.create(owner, samples::draft("明为公司")).await.unwrap().customer_id();
    let id = customers.create_contact(owner, &of, draft).await.unwrap().contact_id();
    (customers, of, id)
}

fn wang() -> ContactDraft {
    ContactDraft {
        honorific: "王工".into(),
        post: "亚洲线物料管理员".into(),
        mobile: Some("13812341234".into()),
        email: Some("wang@mingwei.cn".into()),
        wechat: Some("wanggong88".into()),
        roles: vec![RoleDraft::on(BuyingRole::Decides, "首尔", "广州"), RoleDraft::on_all_lanes(BuyingRole::Uses)],
        birthday: Some(Some(Birthday { calendar: BirthdayCalendar::Lunar, year: None, month: 6, day: 30, leap: true })),
        ..ContactDraft::named("王建")
    }
}

fn consent(purpose: Purpose, answer: ConsentAnswer, basis: Option<Basis>) -> ConsentDraft {
    ConsentDraft { purpose, answer, basis, channel: Channel::WeChat, evidence: "微信回复".into() }
}

fn fields<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<String> {
    let Err(Error::Invalid(problems)) = result else { panic!("accepted: {result:?}") };
    problems.into_iter().map(|problem| problem.field).collect()
}

db_tests! {
    async fn a_contact_is_kept_as_it_was_told_and_what_is_masked_stays(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let (customers, of, id) = with_contact(&db, &zhang, wang()).await;
        let file = customers.contact(&zhang, &id).await.unwrap();
        assert_eq!((file.contact.customer_id, file.contact.mobile.as_str()), (of, "13812341234"));
        assert_eq!(file.roles.iter().map(|role| (role.role, role.origin.as_str())).collect::<Vec<_>>(),
            [(BuyingRole::Decides, "首尔"), (BuyingRole::Uses, "")]);
        let shown = ContactDraft {
            mobile: Some("138****1234".into()), email: None, wechat: Some(String::new()), birthday: None,
            ..ContactDraft::named("王建国")
        };
        customers.change_contact(&zhang, &id, 1, shown).await.unwrap();
        let file = customers.contact(&zhang, &id).await.unwrap();
        let contact = file.contact;
        assert_eq!([contact.mobile.as_str(), &contact.email, &contact.wechat], ["13812341234", "wang@mingwei.cn", ""]);
        assert_eq!((contact.birthday().map(|born| born.leap), contact.version), (Some(true), 2));
        assert!(file.roles.is_empty());
        let none = ContactDraft { birthday: Some(None), ..ContactDraft::named("王建国") };
        customers.change_contact(&zhang, &id, 2, none).await.unwrap();
        assert_eq!(customers.contact(&zhang, &id).await.unwrap().contact.birthday(), None);
    }

    async fn a_contact_of_a_customer_out_of_reach_does_not_exist(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let (customers, of, id) = with_contact(&db, &zhang, wang()).await;
        let li = person("li", "south", Scope::Own);
        let mut reader = person("chen", "service", Scope::All);
        reader.permissions.remove(&EDIT);
        let mut narrow = person("he", "south", Scope::All);
        narrow.permissions.insert(EDIT, Scope::Own);
        let gone = |error: Option<Error>| assert!(matches!(error, Some(Error::NotFound)), "{error:?}");
        for actor in [&li, &narrow] {
            gone(customers.create_contact(actor, &of, wang()).await.err());
            gone(customers.change_contact(actor, &id, 1, wang()).await.err());
            gone(customers.verify_contact(actor, &id).await.err());
            gone(customers.archive_contact(actor, &id).await.err());
            gone(customers.restore_contact(actor, &id).await.err());
            let given = consent(Purpose::Care, ConsentAnswer::Refused, None);
            gone(customers.record_consent(actor, &id, given).await.err());
        }
        gone(customers.contacts(&li, &of).await.err());
        gone(customers.contact(&li, &id).await.err());
        gone(customers.consents(&li, &id).await.err());
        gone(customers.reveal_contact(&li, &id).await.err());
        gone(customers.contact(&zhang, &ContactId("a\0b".into())).await.err());
        assert!(customers.contact(&narrow, &id).await.is_ok());
        assert!(matches!(customers.verify_contact(&reader, &id).await, Err(Error::Forbidden)));
        let nobody = Actor { permissions: [(LOG, Scope::All)].into(), ..li };
        assert!(matches!(customers.reveal_contact(&nobody, &id).await, Err(Error::Forbidden)));
    }

    async fn numbers_are_shown_thirty_times_an_hour_and_each_time_is_written_down(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let (customers, of, id) = with_contact(&db, &zhang, wang()).await;
        for _ in 0..30 {
            assert_eq!(customers.reveal_contact(&zhang, &id).await.unwrap().mobile, "13812341234");
        }
        assert!(matches!(customers.reveal_contact(&zhang, &id).await, Err(Error::TooMany { .. })));
        let written = audit::latest(db.read(), None, "contact.revealed", 99).await.unwrap();
        assert_eq!((written.len(), written[0].object.as_str(), written[0].object_id.as_str()), (30, "user", "zhang"));
        assert_eq!((written[0].detail["contact"].as_str(), written[0].detail["customer"].as_str()),
            (Some(id.as_str()), Some(of.as_str())));
        let later = Actor { now: zhang.now + chrono::Duration::minutes(61), ..zhang };
        assert!(customers.reveal_contact(&later, &id).await.is_ok());
        assert!(customers.reveal_contact(&person("boss", "x", Scope::All), &id).await.is_ok());
    }

    async fn of_many_who_ask_for_numbers_at_once_no_more_than_the_limit_see_them(db: Db) {
        let access = access::Access::new(db.clone(), access::seal::Key::from([7; 32]));
        let new = access::NewUser { name: "zhang".into(), login: "zhang".into(), ..Default::default() };
        let zhang = access.create_user(&Actor::system("test", person("x", "x", Scope::Own).now), new).await.unwrap();
        let zhang = person(zhang.as_str(), "south", Scope::Own);
        let (customers, _, id) = with_contact(&db, &zhang, wang()).await;
        let asked: Vec<_> = (0..40).map(|_| {
            let (customers, zhang, id) = (customers.clone(), zhang.clone(), id.clone());
            tokio::spawn(async move { customers.reveal_contact(&zhang, &id).await.is_ok() })
        }).collect();
        let mut seen = 0;
        for one in asked {
            seen += usize::from(one.await.unwrap());
        }
        assert!((1..=30).contains(&seen), "{seen}");
    }

    async fn no_number_stands_in_the_audit(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let (customers, _, id) = with_contact(&db, &zhang, wang()).await;
        let mut other = wang();
        (other.mobile, other.email) = (Some("13900005678".into()), Some("li@mingwei.cn".into()));
        (other.notes, other.avoid) = ("孩子今年高考".into(), "不谈足球".into());
        customers.change_contact(&zhang, &id, 1, other).await.unwrap();
        customers.reveal_contact(&zhang, &id).await.unwrap();
        let all = audit::latest(db.read(), None, "", 99).await.unwrap();
        let told = all.iter().map(|entry| entry.detail.to_string()).collect::<String>();
        assert!(told.contains("138****1234") && told.contains("139****5678"));
        for secret in ["13812341234", "13900005678", "wang@", "li@", "wanggong88", "高考", "足球"] {
            assert!(!told.contains(secret), "{secret}");
        }
    }

    async fn who_saves_a_contact_second_gets_a_conflict(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let (customers, _, id) = with_contact(&db, &zhang, wang()).await;
        customers.change_contact(&zhang, &id, 1, ContactDraft::named("王建国")).await.unwrap();
        let late = customers.change_contact(&zhang, &id, 1, ContactDraft::named("王健")).await;
        assert!(matches!(late, Err(Error::Conflict)));
        customers.verify_contact(&zhang, &id).await.unwrap();
        // That somebody verified is no reason to refuse what another one types.
        customers.change_contact(&zhang, &id, 2, ContactDraft::named("王健")).await.unwrap();
        let contact = customers.contact(&zhang, &id).await.unwrap().contact;
        assert_eq!((contact.name.as_str(), contact.verified_at, contact.verified_by.as_str()),
            ("王健", Some(zhang.now), "zhang"));
    }

    async fn whoever_left_the_firm_stays_on_file_and_comes_last(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let (customers, of, id) = with_contact(&db, &zhang, ContactDraft::named("安工")).await;
        customers.create_contact(&zhang, &of, ContactDraft::named("周总")).await.unwrap();
        customers.archive_contact(&zhang, &id).await.unwrap();
        let names: Vec<String> =
            customers.contacts(&zhang, &of).await.unwrap().into_iter().map(|file| file.contact.name).collect();
        assert_eq!(names, ["周总", "安工"]);
        assert!(matches!(customers.archive_contact(&zhang, &id).await, Err(Error::Refused(_))));
        assert!(matches!(customers.verify_contact(&zhang, &id).await, Err(Error::Refused(_))));
        assert!(matches!(customers.change_contact(&zhang, &id, 2, wang()).await, Err(Error::Refused(_))));
        customers.restore_contact(&zhang, &id).await.unwrap();
        assert!(matches!(customers.restore_contact(&zhang, &id).await, Err(Error::Refused(_))));
        assert_eq!(customers.contact(&zhang, &id).await.unwrap().contact.version, 3);
    }

    async fn the_last_answer_counts_and_all_of_them_are_kept(db: Db) {
        use ConsentAnswer::{Given, Withdrawn};
        let zhang = person("zhang", "south", Scope::Own);
        let (customers, _, id) = with_contact(&db, &zhang, wang()).await;
        let withdrawn = consent(Purpose::Care, Withdrawn, None);
        assert_eq!(fields(customers.record_consent(&zhang, &id, withdrawn.clone()).await), ["answer"]);
        let given = consent(Purpose::Care, Given, Some(Basis::Consent));
        // In the same moment: the number decides, not the time.
        customers.record_consent(&zhang, &id, given.clone()).await.unwrap();
        customers.archive_contact(&zhang, &id).await.unwrap();
        customers.record_consent(&zhang, &id, withdrawn).await.unwrap();
        customers.record_consent(&zhang, &id, consent(Purpose::Business, Given, Some(Basis::Contract))).await.unwrap();
        let now: Vec<_> = customers.contact(&zhang, &id).await.unwrap().consents;
        assert_eq!(now.iter().map(|one| (one.purpose, one.answer)).collect::<Vec<_>>(),
            [(Purpose::Business, Given), (Purpose::Care, Withdrawn)]);
        let told = customers.consents(&zhang, &id).await.unwrap();
        assert_eq!(told.iter().map(|one| (one.purpose, one.no)).collect::<Vec<_>>(),
            [(Purpose::Business, 1), (Purpose::Care, 2), (Purpose::Care, 1)]);
        assert_eq!((told[2].recorded_by.as_str(), told[2].recorded_at, told[2].evidence.as_str()),
            ("zhang", zhang.now, "微信回复"));
        let long = ConsentDraft { evidence: "长".repeat(10_001), ..given };
        assert_eq!(fields(customers.record_consent(&zhang, &id, long).await), ["evidence"]);
    }

    async fn what_cannot_be_kept_of_a_contact_is_named(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let (customers, of, id) = with_contact(&db, &zhang, wang()).await;
        let long = "长".repeat(10_000);
        let born = |calendar, year, month, day, leap| Some(Some(Birthday { calendar, year, month, day, leap }));
        let wrong: Vec<(&str, ContactDraft)> = vec![
            ("name", ContactDraft::named(&long)),
            ("name", ContactDraft::named("a\0b")),
            ("avoid", ContactDraft { avoid: "a\0b".into(), ..wang() }),
            ("notes", ContactDraft { notes: format!("{long}长"), ..wang() }),
            ("hobbies", ContactDraft { hobbies: vec![long.clone()], ..wang() }),
            ("hobbies", ContactDraft { hobbies: (0..51).map(|n| n.to_string()).collect(), ..wang() }),
            ("roles", ContactDraft { roles: vec![RoleDraft::on(BuyingRole::Uses, &long, &long)], ..wang() }),
            ("mobile", ContactDraft { mobile: Some("a\0b".into()), ..wang() }),
            ("wechat", ContactDraft { wechat: Some("w*8".into()), ..wang() }),
            ("birthday", ContactDraft { birthday: born(BirthdayCalendar::Solar, Some(1981), 2, 29, false), ..wang() }),
            ("birthday", ContactDraft { birthday: born(BirthdayCalendar::Lunar, Some(2024), 6, 1, true), ..wang() }),
            ("birthday", ContactDraft { birthday: born(BirthdayCalendar::Lunar, None, 12, 31, false), ..wang() }),
            ("birthday", ContactDraft { birthday: born(BirthdayCalendar::Solar, Some(2099), 1, 1, false), ..wang() }),
        ];
        for (field, draft) in wrong {
            assert_eq!(fields(customers.create_contact(&zhang, &of, draft.clone()).await)[0], field);
            assert_eq!(fields(customers.change_contact(&zhang, &id, 1, draft).await)[0], field);
        }
        assert_eq!(customers.contacts(&zhang, &of).await.unwrap().len(), 1);
    }
}
