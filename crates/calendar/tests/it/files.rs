//! What files say about holidays.

use calendar::day::{DayKind, Model, Origin};
use calendar::file::{FileProblem, MOST_BYTES, Reading, read, written};
use calendar::rules::{Plan, Refusal, plan};

/// As the package `chinese-days` has it for 2026, shortened.
const PACKAGE: &str = r#"{
    "holidays": {"2026-01-01": "New Year's Day,元旦,1", "2026-10-01": "National Day,国庆节,3", "2025-10-01": "National Day,国庆节,3"},
    "workdays": {"2026-01-04": "New Year's Day,元旦,1"},
    "inLieuDays": {"2026-01-02": "New Year's Day,元旦,1"}
}"#;

fn rows(reading: &Reading) -> Vec<String> {
    reading.rows.values().map(|row| format!("{} {} {}", row.day, row.kind, row.name)).collect()
}

fn refused(text: &str) -> Vec<(Option<usize>, String)> {
    read(text.as_bytes()).unwrap().refused.into_iter().map(|line| (line.line, line.why.key)).collect()
}

fn stored(day: &str, kind: DayKind, name: &str, origin: Origin) -> Model {
    Model { day: day.parse().unwrap(), kind, name: name.into(), origin }
}

#[test]
fn a_csv_file_is_read_however_an_office_writes_it() {
    let wanted = ["2026-10-01 holiday 国庆节", "2026-10-10 make_up 国庆节"];
    for text in [
        "day,kind,name\n2026-10-01,holiday,国庆节\n2026-10-10,workday,国庆节\n",
        "2026-10-01,holiday,国庆节\n2026-10-10,make_up,国庆节",
        "\u{feff}日期,类型,名称\r\n2026/10/1,放假,国庆节\r\n2026年10月10日,上班,国庆节\r\n\r\n",
        "名称;日期;类型\n国庆节;2026-10-01;休\n国庆节;2026-10-10;班\n",
        "日期\t类型\t名称\n２０２６-１０-０１\t放假\t国庆节\n2026-10-10\t调休上班\t国庆节\n",
    ] {
        let reading = read(text.as_bytes()).unwrap();
        assert_eq!((rows(&reading), reading.refused.len()), (wanted.map(str::to_owned).to_vec(), 0), "{text}");
    }
    // What a Chinese spreadsheet saves as CSV.
    let (gbk, _, _) = encoding_of("日期,类型,名称\n2026-10-01,放假,国庆节\n2026-10-10,上班,国庆节\n");
    assert_eq!(rows(&read(&gbk).unwrap()), wanted);
}

fn encoding_of(text: &str) -> (Vec<u8>, &'static str, bool) {
    let (bytes, _, broken) = encoding_rs::GBK.encode(text);
    (bytes.into_owned(), "GBK", broken)
}

#[test]
fn a_public_package_is_read_as_it_comes() {
    let reading = read(PACKAGE.as_bytes()).unwrap();
    let wanted = [
        "2025-10-01 holiday 国庆节",
        "2026-01-01 holiday 元旦",
        "2026-01-04 make_up 元旦",
        "2026-10-01 holiday 国庆节",
    ];
    assert_eq!(rows(&reading), wanted);
    let plan = plan(2026, &reading, &[]).unwrap();
    assert_eq!((plan.added.len(), plan.left_out), (3, 1));
}

#[test]
fn lines_that_contradict_each_other_are_refused_with_their_number() {
    let twice = "2026-10-01,放假,国庆节\n2026-10-01,放假,国庆节\n2026-10-01,上班,国庆节\n2026-10-01,放假,中秋\n";
    let contradicts = "calendar-row_contradicts".to_owned();
    assert_eq!(refused(twice), [(Some(3), contradicts.clone()), (Some(4), contradicts.clone())]);
    // In an object the later of two equal names must not win in silence, and a day cannot be both.
    let package = r#"{"holidays": {"2026-10-01": "a,国庆节,3", "2026-10-01": "a,中秋,3"}, "workdays": {"2026-10-01": "a,国庆节,3"}}"#;
    assert_eq!(refused(package), [(None, contradicts.clone()), (None, contradicts)]);
}

#[test]
fn lines_that_say_nothing_usable_are_refused_with_a_reason() {
    let long = "长".repeat(10_000);
    let text = format!(
        "日期,类型,名称\n2026-02-30,放假,春节\n2026-10-01,也许,国庆节\n2026-10-02,放假,\n2026-10-03,放假,{long}\n2026-10-04,放假,国\0庆\n26-10-05,放假,国庆节\n国庆节\n"
    );
    let keys: Vec<_> = refused(&text);
    let key = |line: usize, key: &str| (Some(line), format!("calendar-{key}"));
    let wanted = [
        key(2, "row_day"),
        key(3, "row_kind"),
        key(4, "name_missing"),
        key(5, "name_long"),
        key(6, "name_control"),
        key(7, "row_day"),
        key(8, "row_day"),
    ];
    assert_eq!(keys, wanted);
    let shown = &read(text.as_bytes()).unwrap().refused[3].text;
    assert!(shown.chars().count() <= 60, "{shown}");
}

#[test]
fn a_file_that_is_none_is_refused_as_a_whole() {
    for (bytes, problem) in [
        (vec![b'a'; MOST_BYTES + 1], FileProblem::TooLarge),
        (b"".to_vec(), FileProblem::Empty),
        (b"\n\n ,,\n".to_vec(), FileProblem::Empty),
        (b"{\"holidays\": {}}".to_vec(), FileProblem::Empty),
        (b"{\"holidays\": {\"2026-10-01\"".to_vec(), FileProblem::NotJson),
        (b"{\"days\": []}".to_vec(), FileProblem::NotJson),
        (b"{\"holidays\": [1, 2]}".to_vec(), FileProblem::NotJson),
        (vec![0x50, 0x4b, 0x03, 0x04, 0xff, 0xff, 0x00], FileProblem::Unreadable),
    ] {
        assert_eq!(read(&bytes), Err(problem), "{:?}", &bytes[..bytes.len().min(20)]);
    }
    // As deep as it likes.
    assert_eq!(read("{\"holidays\": ".repeat(10_000).as_bytes()), Err(FileProblem::NotJson));
}

#[test]
fn what_was_read_can_be_sent_on_and_read_again() {
    let reading = read("2026-10-01,放假,\"国庆节, 第一天 \"\"大\"\"\"\n2026-10-10,上班,国庆节\n".as_bytes()).unwrap();
    assert_eq!(reading.rows.values().next().unwrap().name, "国庆节, 第一天 \"大\"");
    assert_eq!(read(written(reading.rows.values()).as_bytes()), Ok(reading));
}

#[test]
fn a_file_replaces_what_files_told_and_keeps_what_somebody_has_set() {
    let stored = [
        stored("2025-12-31", DayKind::Holiday, "元旦", Origin::File),
        stored("2026-01-01", DayKind::Holiday, "元旦", Origin::File),
        stored("2026-01-04", DayKind::Holiday, "元旦", Origin::File),
        stored("2026-05-01", DayKind::Holiday, "劳动节", Origin::File),
        stored("2026-10-01", DayKind::MakeUp, "盘点", Origin::Hand),
        stored("2026-11-11", DayKind::Holiday, "司庆", Origin::Hand),
    ];
    let plan = plan(2026, &read(PACKAGE.as_bytes()).unwrap(), &stored).unwrap();
    let Plan { added, changed, removed, kept, unchanged, left_out } = plan;
    assert_eq!((added.len(), unchanged, left_out), (0, 1, 1));
    assert_eq!(changed.iter().map(|(_, row)| row.day.to_string()).collect::<Vec<_>>(), ["2026-01-04"]);
    assert_eq!(removed.iter().map(|day| day.day.to_string()).collect::<Vec<_>>(), ["2026-05-01"]);
    assert_eq!(kept.iter().map(|(day, _)| day.name.as_str()).collect::<Vec<_>>(), ["盘点"]);
}

#[test]
fn a_notice_may_free_the_last_day_of_the_year_before() {
    let reading = read("2026-12-31,放假,元旦\n2027-01-01,放假,元旦\n2026-11-30,放假,元旦\n".as_bytes()).unwrap();
    let plan = plan(2027, &reading, &[]).unwrap();
    let days: Vec<_> = plan.added.iter().map(|row| row.day.to_string()).collect();
    assert_eq!((days, plan.left_out), (vec!["2026-12-31".to_owned(), "2027-01-01".to_owned()], 1));
}

#[test]
fn a_file_of_another_year_or_with_a_refused_line_takes_nothing() {
    let reading = read(PACKAGE.as_bytes()).unwrap();
    assert_eq!(plan(2027, &reading, &[]), Err(Refusal::YearWithoutHolidays(2027)));
    let only_work = read("2026-10-10,上班,国庆节\n".as_bytes()).unwrap();
    assert_eq!(plan(2026, &only_work, &[]), Err(Refusal::YearWithoutHolidays(2026)));
    let half = read("2026-10-01,放假,国庆节\n2026-10-99,放假,国庆节\n".as_bytes()).unwrap();
    assert_eq!(plan(2026, &half, &[]), Err(Refusal::LinesRefused));
}
