//! Which hours may be stored.

use calendar::rules::{has_working_time, hours_of, office_hours, zone_of};

/// Problems of hours whose lines, from Monday, are these.
fn problems(lines: &[&str]) -> Vec<(String, String)> {
    let all: [String; 9] = std::array::from_fn(|at| lines.get(at).copied().unwrap_or_default().to_owned());
    let problems = hours_of(&all).err().unwrap_or_default();
    problems.into_iter().map(|problem| (problem.field, problem.message.key)).collect()
}

fn problem(field: &str, key: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), format!("calendar-{key}"))]
}

#[test]
fn an_office_week_with_a_night_shift_is_fine() {
    assert_eq!(problems(&["09:00-12:00, 13:30-18:00", "", "00:00-24:00", "22:00-06:00", "06:00-12:00"]), []);
    assert!(has_working_time(&office_hours()).is_ok());
}

#[test]
fn windows_that_overlap_are_refused_at_their_day() {
    assert_eq!(problems(&["09:00-12:00, 11:59-13:00"]), problem("monday", "windows_overlap"));
    assert_eq!(problems(&["09:00-12:00, 09:00-12:00"]), problem("monday", "windows_overlap"));
    assert_eq!(problems(&["", "22:00-06:00", "05:59-12:00"]), problem("wednesday", "night_overlaps"));
    // Sunday's night reaches into Monday.
    assert_eq!(problems(&["05:00-12:00", "", "", "", "", "", "22:00-06:00"]), problem("monday", "night_overlaps"));
    assert_eq!(problems(&["20:00-06:00, 05:00-19:00"]), []);
}

#[test]
fn hours_that_no_day_has_are_refused_with_their_reason() {
    assert_eq!(problems(&["25:00-26:00"]), problem("monday", "window_no_such_time"));
    assert_eq!(problems(&["", "09:00"]), problem("tuesday", "window_unreadable"));
    assert_eq!(problems(&["", "", "09:00-09:00"]), problem("wednesday", "window_same"));
    assert_eq!(problems(&["9".repeat(10_000).as_str()]), problem("monday", "line_long"));
    assert_eq!(problems(&["09:00-\u{0}12:00"]), problem("monday", "window_unreadable"));
    let many: Vec<String> = (0..13).map(|hour| format!("{hour:02}:00-{hour:02}:30")).collect();
    assert_eq!(problems(&[many.join(",").as_str()]), problem("monday", "windows_many"));
}

#[test]
fn a_week_in_which_nothing_is_ever_done_is_refused() {
    let empty: [String; 9] = Default::default();
    assert!(has_working_time(&hours_of(&empty).unwrap()).is_err());
    // A window on holidays alone would let a clock wait for the next holiday.
    let mut holidays = empty;
    holidays[7] = "09:00-17:00".into();
    assert!(has_working_time(&hours_of(&holidays).unwrap()).is_err());
}

#[test]
fn a_time_zone_has_its_iana_name() {
    assert!(zone_of(" Asia/Shanghai ").is_ok());
    for name in ["", "UTC+8", "Shanghai", "asia/shanghai", "../../etc/passwd", "Asia/Shanghai\0"] {
        assert_eq!(zone_of(name).unwrap_err().message.key, "calendar-zone_unknown", "{name}");
    }
}
