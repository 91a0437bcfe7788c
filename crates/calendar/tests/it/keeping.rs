//! The stored calendar: who may change it, who goes by which hours, and two people at once.

use base::{Day, DepartmentId, Error};
use calendar::day::DayKind;
use calendar::file::read;
use calendar::{Calendars, Hours, calendar_of, rules, windows};
use db::{Db, db_tests};

use crate::{department, keeper, person};

const NOTICE: &str = "2026-10-01,放假,国庆节\n2026-10-02,放假,国庆节\n2026-10-10,上班,国庆节\n";

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// These windows on all days of the week and on holidays.
fn always(line: &str) -> Hours {
    Hours::of_lines(std::array::from_fn(|_| windows(line).unwrap()))
}

async fn line_of(db: &Db, department: Option<&DepartmentId>) -> String {
    let calendar = Calendars::new(db.clone()).for_department(department).await.unwrap();
    calendar.windows_on(day("2026-11-23")).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn kinds(events: &[db::outbox::Model]) -> Vec<String> {
    events.iter().map(|event| format!("{} {}", event.kind, event.payload)).collect()
}

db_tests! {
    async fn a_firm_that_has_set_nothing_works_in_office_hours(db: Db) {
        let calendar = Calendars::new(db.clone()).for_department(None).await.unwrap();
        assert_eq!((calendar.hours(), calendar.zone()), (&rules::office_hours(), rules::ZONE));
        let held = Calendars::new(db).hours("firm").await.unwrap();
        assert_eq!((held.is_own(), held.version), (false, 0));
    }

    async fn a_department_goes_by_its_own_hours_or_those_above_or_the_firms(db: Db) {
        let (calendars, keeper) = (Calendars::new(db.clone()), keeper());
        let sales = department(&db, "销售部", None).await;
        let south = department(&db, "华南销售组", Some(&sales)).await;
        let service = department(&db, "客服部", None).await;
        assert_eq!(line_of(&db, Some(&south)).await, "09:00-12:00 13:30-18:00");
        calendars.set_hours(&keeper, "firm", 0, always("08:00-17:00"), "Asia/Shanghai").await.unwrap();
        calendars.set_hours(&keeper, sales.as_str(), 0, always("10:00-19:00"), "Asia/Shanghai").await.unwrap();
        for (department, line) in [(None, "08:00-17:00"), (Some(&service), "08:00-17:00"), (Some(&sales), "10:00-19:00"), (Some(&south), "10:00-19:00")] {
            assert_eq!(line_of(&db, department).await, line);
        }
        calendars.set_hours(&keeper, south.as_str(), 0, always("22:00-06:00"), "America/Los_Angeles").await.unwrap();
        let calendar = calendars.for_department(Some(&south)).await.unwrap();
        assert_eq!((line_of(&db, Some(&south)).await.as_str(), calendar.zone().name()), ("22:00-06:00", "America/Los_Angeles"));
        calendars.drop_hours(&keeper, south.as_str(), 1).await.unwrap();
        calendars.drop_hours(&keeper, "firm", 1).await.unwrap();
        assert_eq!(line_of(&db, Some(&south)).await, "10:00-19:00");
        assert_eq!(line_of(&db, Some(&service)).await, "09:00-12:00 13:30-18:00");
        assert!(matches!(calendars.drop_hours(&keeper, "firm", 1).await, Err(Error::NotFound)));
    }

    async fn a_department_that_does_not_exist_has_no_hours(db: Db) {
        let (calendars, nobody) = (Calendars::new(db.clone()), DepartmentId("nobody".into()));
        assert!(matches!(calendars.for_department(Some(&nobody)).await, Err(Error::NotFound)));
        assert!(matches!(calendars.hours("nobody").await, Err(Error::NotFound)));
        let set = calendars.set_hours(&keeper(), "nobody", 0, rules::office_hours(), "Asia/Shanghai").await;
        assert!(matches!(set, Err(Error::NotFound)));
    }

    async fn hours_without_working_time_change_nothing(db: Db) {
        let calendars = Calendars::new(db.clone());
        let refused = calendars.set_hours(&keeper(), "firm", 0, Hours::default(), "Asia/Shanghai").await;
        assert!(matches!(refused, Err(Error::Refused(message)) if message.key == "calendar-no_working_time"));
        let overlap = always("09:00-12:00, 11:00-13:00");
        let refused = calendars.set_hours(&keeper(), "firm", 0, overlap, "Mars/Olympus").await;
        assert!(matches!(refused, Err(Error::Invalid(problems)) if problems.len() == 10));
        assert_eq!(line_of(&db, None).await, "09:00-12:00 13:30-18:00");
    }

    async fn of_two_people_who_change_hours_the_second_is_told(db: Db) {
        let (calendars, keeper) = (Calendars::new(db.clone()), keeper());
        let set = |seen: i64, line: &str| {
            let (calendars, keeper, hours) = (calendars.clone(), keeper.clone(), always(line));
            async move { calendars.set_hours(&keeper, "firm", seen, hours, "Asia/Shanghai").await }
        };
        assert_eq!(set(0, "08:00-17:00").await.unwrap(), 1);
        assert!(matches!(set(0, "07:00-16:00").await, Err(Error::Conflict)));
        assert_eq!(set(1, "08:30-17:30").await.unwrap(), 2);
        assert!(matches!(set(1, "07:00-16:00").await, Err(Error::Conflict)));
        assert!(matches!(calendars.drop_hours(&keeper, "firm", 1).await, Err(Error::Conflict)));
        assert_eq!(line_of(&db, None).await, "08:30-17:30");
    }

    async fn everybody_reads_and_only_keepers_change(db: Db) {
        let (calendars, reader) = (Calendars::new(db.clone()), person(&[]));
        let reading = read(NOTICE.as_bytes()).unwrap();
        assert!(calendars.set_hours(&reader, "firm", 0, rules::office_hours(), "Asia/Shanghai").await.is_err());
        assert!(calendars.drop_hours(&reader, "firm", 0).await.is_err());
        assert!(calendars.preview(&reader, 2026, NOTICE.as_bytes()).await.is_err());
        assert!(matches!(calendars.load_year(&reader, 2026, 0, &reading).await, Err(Error::Forbidden)));
        assert!(calendars.set_day(&reader, day("2026-10-01"), DayKind::Holiday, "国庆节").await.is_err());
        assert!(calendars.remove_day(&reader, day("2026-10-01")).await.is_err());
        assert_eq!(calendars.year(2026).await.unwrap().days.len(), 0);
        assert_eq!(calendars.all_hours().await.unwrap().len(), 1);
    }

    async fn a_preview_changes_nothing_and_the_load_does_what_it_said(db: Db) {
        let (calendars, keeper) = (Calendars::new(db.clone()), keeper());
        let preview = calendars.preview(&keeper, 2026, NOTICE.as_bytes()).await.unwrap();
        let year = calendars.year(2026).await.unwrap();
        assert_eq!((year.version, year.loaded.is_some(), year.days.len()), (0, false, 0));
        let done = calendars.load_year(&keeper, 2026, preview.version, &preview.reading).await.unwrap();
        assert_eq!(Ok(done), preview.plan);
        let year = calendars.year(2026).await.unwrap();
        assert_eq!((year.version, year.loaded.is_some(), year.days.len()), (1, true, 3));
        let calendar = calendars.for_department(None).await.unwrap();
        assert_eq!(calendar.kind_of(day("2026-10-10")), Some(DayKind::MakeUp));
        assert!(calendar.workday_after(day("2026-09-30"), 1).unknown_years.is_empty());
        assert_eq!(calendar.workday_after(day("2026-12-31"), 1).unknown_years, [2027]);
    }

    async fn a_corrected_file_takes_away_what_it_no_longer_tells(db: Db) {
        let (calendars, keeper) = (Calendars::new(db.clone()), keeper());
        calendars.load_year(&keeper, 2026, 0, &read(NOTICE.as_bytes()).unwrap()).await.unwrap();
        calendars.set_day(&keeper, day("2026-11-11"), DayKind::Holiday, "司庆").await.unwrap();
        let corrected = read("2026-10-01,放假,国庆节\n2026-10-02,放假,中秋\n".as_bytes()).unwrap();
        let stale = calendars.load_year(&keeper, 2026, 1, &corrected).await;
        assert!(matches!(stale, Err(Error::Conflict)), "somebody has set a day since");
        calendars.load_year(&keeper, 2026, 2, &corrected).await.unwrap();
        let days = calendars.year(2026).await.unwrap().days;
        let names: Vec<_> = days.iter().map(|day| format!("{} {}", day.day, day.name)).collect();
        assert_eq!(names, ["2026-10-01 国庆节", "2026-10-02 中秋", "2026-11-11 司庆"]);
    }

    async fn a_day_set_by_hand_does_not_make_its_year_known(db: Db) {
        let (calendars, keeper) = (Calendars::new(db.clone()), keeper());
        calendars.set_day(&keeper, day("2027-01-01"), DayKind::Holiday, " 元旦 ").await.unwrap();
        let year = calendars.year(2027).await.unwrap();
        assert_eq!((year.loaded.is_none(), year.days[0].name.as_str()), (true, "元旦"));
        let calendar = calendars.for_department(None).await.unwrap();
        let told = calendar.workday_after(day("2026-12-31"), 1);
        assert_eq!((told.answer, told.unknown_years), (Some(day("2027-01-04")), vec![2026, 2027]));
        calendars.remove_day(&keeper, day("2027-01-01")).await.unwrap();
        assert!(matches!(calendars.remove_day(&keeper, day("2027-01-01")).await, Err(Error::NotFound)));
        for name in ["", "  ", "a\0b", "长长".repeat(5_000).as_str()] {
            let refused = calendars.set_day(&keeper, day("2027-01-01"), DayKind::Holiday, name).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{} characters", name.len());
        }
        let far = calendars.set_day(&keeper, Day::from_ymd_opt(9999, 1, 1).unwrap(), DayKind::Holiday, "元旦").await;
        assert!(matches!(far, Err(Error::NotFound)));
    }

    async fn each_change_is_told_to_the_audit_and_to_whoever_keeps_due_times(db: Db) {
        let (calendars, keeper) = (Calendars::new(db.clone()), keeper());
        calendars.set_hours(&keeper, "firm", 0, always("08:00-17:00"), "Asia/Shanghai").await.unwrap();
        calendars.drop_hours(&keeper, "firm", 1).await.unwrap();
        calendars.load_year(&keeper, 2026, 0, &read(NOTICE.as_bytes()).unwrap()).await.unwrap();
        calendars.set_day(&keeper, day("2026-10-03"), DayKind::Holiday, "国庆节").await.unwrap();
        calendars.remove_day(&keeper, day("2026-10-03")).await.unwrap();
        let told = db::audit::latest(db.read(), None, "", 10).await.unwrap();
        let mut acts: Vec<_> = told.iter().map(|entry| format!("{} {}", entry.action, entry.object_id)).collect();
        acts.sort();
        assert_eq!(acts, [
            "calendar_day.removed 2026",
            "calendar_day.set 2026",
            "calendar_year.loaded 2026",
            "working_hours.changed firm",
            "working_hours.dropped firm",
        ]);
        let loaded = told.iter().find(|entry| entry.action == "calendar_year.loaded").unwrap();
        assert_eq!(loaded.detail["added"].as_array().unwrap().len(), 3);
        let events = db::outbox::undelivered(db.read(), keeper.now).await.unwrap();
        assert_eq!(events.len(), 5);
        assert!(kinds(&events).contains(&"calendar.changed {\"year\":2026}".to_owned()), "{:?}", kinds(&events));
        assert!(kinds(&events).contains(&"calendar.changed {\"hours\":\"firm\"}".to_owned()));
    }

    async fn a_transaction_sees_the_calendar_that_it_has_just_changed(db: Db) {
        let tx = db.begin().await.unwrap();
        assert!(calendar_of(&tx, None).await.unwrap().workday_after(day("2026-10-01"), 1).answer.is_some());
        db.commit(tx).await.unwrap();
    }
}
