use std::path::PathBuf;

use base::Language;
use clap::Parser;
use serde_json::Value;

use super::*;

#[path = "tests_of_values.rs"]
mod of_values;

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    model: Model,
}

/// What `hawser model` answers to this command line, `FILE` being a file with this text.
fn ask(line: &str, text: &str) -> Result<Value, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.csv");
    std::fs::write(&file, text).unwrap();
    let words = line.split_whitespace().map(|word| match word {
        "FILE" => file.display().to_string(),
        "OUT" => folder.path().join("out.csv").display().to_string(),
        word => word.to_owned(),
    });
    let asked = Line::try_parse_from(["model".to_owned()].into_iter().chain(words)).unwrap();
    let texts = Texts::load([texts::locales!()]).unwrap();
    for language in [Language::Chinese, Language::English] {
        let words = Words::new(&texts, language);
        let found = told(&asked.model, &words);
        if language == Language::Chinese {
            let said =
                found.as_ref().map_or_else(|message| vec![texts.say(language, message)], |told| told.lines.clone());
            assert!(said.iter().all(|line| !parted(line)), "{said:?}");
        }
        if let Ok(told) = &found {
            assert!(
                told.lines.iter().all(|line| !line.contains("model-") && !line.contains("{ $")),
                "{:?}",
                told.lines
            );
        }
        if language == Language::English {
            let out = std::fs::read_to_string(folder.path().join("out.csv"));
            let answer = found.map_err(|message| texts.say(language, &message))?;
            let rows = out.map_or(0, |out| out.lines().count());
            return Ok(json!({"told": answer.json, "rows": rows}));
        }
    }
    unreachable!()
}

/// Whether a space stands between two Chinese characters or before a Chinese mark.
fn parted(line: &str) -> bool {
    let chinese = |one: char| ('\u{3000}'..='\u{9fff}').contains(&one) || ('\u{ff00}'..='\u{ffef}').contains(&one);
    let all: Vec<char> = line.chars().collect();
    let mark = |one: char| ['\u{ff0c}', '\u{3002}', '\u{ff1a}', '\u{ff1b}'].contains(&one);
    all.windows(3).any(|three| three[1] == ' ' && (mark(three[2]) || chinese(three[0]) && chinese(three[2])))
}

const BOUGHT: &str = "--customer who --date day --value worth";

/// Customers who buy at their own pace and leave after some purchase.
fn purchases() -> String {
    let mut chance = fastrand::Rng::with_seed(5);
    let mut text = "who;day;worth\n".to_owned();
    let start = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    for customer in 0..600 {
        let (pace, own) = (-chance.f64().ln() * 40.0 + 3.0, -chance.f64().ln() * 30.0 + 5.0);
        let stays = chance.f64().powf(0.4);
        let mut day = chance.f64() * 90.0;
        while day < 640.0 {
            let worth = (own * (0.5 + chance.f64())).round() + 1.0;
            text.push_str(&format!("c{customer};{};{worth}\n", start + chrono::Days::new(day as u64)));
            if chance.f64() > stays {
                break;
            }
            day += -chance.f64().ln() * pace;
        }
    }
    text
}

#[test]
fn bad_rows_of_purchases_and_spells_are_named_by_their_line() {
    let cases = [
        (
            format!("bgnbd FILE {BOUGHT}"),
            "who,day,worth\na,2025-01-01,1\nb,2025-02-31,1\n",
            "Line 3: “day” is not a day",
        ),
        (format!("bgnbd FILE {BOUGHT}"), "who,day,worth\na,2025-01-01,1\n,2025-02-01,1\n", "Line 3: “who” is empty"),
        (
            format!("gammagamma FILE {BOUGHT}"),
            "who,day,worth\na,2025-01-01,1\na,2025-01-02,-4\n",
            "Line 3: “worth” is negative",
        ),
        (
            format!("paretonbd FILE {BOUGHT}"),
            "who,day,worth\na,2025-01-01,NaN\n",
            "Line 2: “worth” is not a number: NaN",
        ),
        (format!("rfm FILE {BOUGHT}"), "who,day,worth\na,2025-01-01,inf\n", "Line 2: “worth” is not a number"),
        ("abc FILE --customer a --value b".into(), "a,b\nx,1\ny,-1\n", "Line 3: “b” is negative"),
        ("km FILE --time t --event e".into(), "t,e\n1,1\n\n-2,1\n", "Line 4: “t” is negative"),
        ("km FILE --time t --event e".into(), "t,e\n1,1\n2,7\n", "Line 3: “e” must lie between 0 and 1"),
    ];
    for (line, text, wanted) in cases {
        let said = ask(&line, text).unwrap_err();
        assert!(said.contains(wanted), "{line}: {said}");
    }
}

#[test]
fn bad_rows_of_other_models_are_named_by_their_line() {
    let cases = [
        (
            "bgbb FILE".into(),
            "frequency,recency,periods\n1,1,6\n2,1,6\n",
            "Line 3: “frequency” and “recency” contradict",
        ),
        ("bgbb FILE".into(), "frequency,recency,periods\n1,1,6\n-1,1,6\n", "Line 3: “frequency” is negative"),
        (
            "bgbb FILE --customers n".into(),
            "frequency,recency,periods,n\n1,1,6,2.5\n",
            "Line 2: “n” must be a whole number",
        ),
        (
            "bgbb FILE --customers n".into(),
            "frequency,recency,periods,n\n1,1,6,1\n1,1,6,5e9\n",
            "Line 3: “n” must lie between 0 and 4294967295",
        ),
        (format!("rfm FILE {BOUGHT}"), "who,day,worth\na,2025-01-01,1\nb,9999-12-31,1\n", "Line 3: the year of “day”"),
        (
            format!("rfm FILE {BOUGHT}"),
            "who,day,worth\na,2025-01-01,1\nb,-0001-01-01,1\n",
            "Line 3: “day” is not a day",
        ),
        ("change FILE --date d".into(), "d\n2025-01-01\n0202-05-01\n", "Line 3: the year of “d”"),
        ("wallet FILE --supplier s --place p".into(), "s,p\nx,1\ny,2\nx,3\n", "Line 4: “s” is there already in line 2"),
        (
            "importance FILE --attribute a --importance i --performance p".into(),
            "a,i,p\nx,1,2\nx,2,1\n",
            "Line 3: “a” is there already in line 2",
        ),
        ("abc FILE --customer a --value b".into(), "a,b\nx,1\n\0,1\n", "Line 3 holds a NUL"),
        (
            format!("gammagamma FILE {BOUGHT}"),
            "who,day,worth\na,2025-01-01,0\na,2025-01-02,4\n\nb,2025-01-01,1\nb,2025-01-03,0\nb,2025-01-04,0\n",
            "Line 6: “worth” of a day with a repeat purchase is zero",
        ),
        (
            format!("bgnbd FILE {BOUGHT}"),
            "who,day,worth\na,2025-01-01,1\na,2025-01-02,0\nb,2025-01-01,1\n",
            "Line 3: “worth” of a day with a repeat purchase is zero",
        ),
        ("bgbb FILE".into(), "frequency,recency,periods\n1,7,6\n", "Line 2: “recency” lies after “periods”"),
        ("sbg FILE --survivors n".into(), "n\n100\n80\n90\n", "Line 4: “n” may not rise"),
        ("sbg FILE --survivors n --rows 3".into(), "n\n100\n80\n70\n-5\n", "Line 5: “n” is negative"),
        ("nps FILE --value a".into(), "a\n10\n11\n", "Line 3: “a” must lie between 0 and 10"),
        ("wallet FILE --supplier s --place p".into(), "s,p\nx,0\n", "Line 2: “p” must be above zero"),
        ("forecast FILE --date d --value v".into(), "d,v\n2025-01-01,1\n2025-01-02,-1\n", "Line 3: “v” is negative"),
        ("lorenz FILE --value x".into(), "a,b\n1,2\n", "no column “x”; the file has: a, b"),
        ("lorenz FILE --value a".into(), "a,b\n1,2\n3\n", "Line 3 has 1 cells"),
    ];
    for (line, text, wanted) in cases {
        let said = ask(&line, text).unwrap_err();
        assert!(said.contains(wanted), "{line}: {said}");
    }
}

#[test]
fn what_the_data_cannot_support_is_said() {
    let purchases = &purchases();
    let cases = [
        (format!("bgnbd FILE {BOUGHT}"), "who,day,worth\na,2025-01-01,1\na,2025-03-01,1\n", "Too few customers: 1"),
        (
            format!("bgnbd FILE {BOUGHT}"),
            "who,day,worth\na,2025-01-01,1\nb,2025-01-01,1\n",
            "All customers are the same",
        ),
        (format!("mbgnbd FILE {BOUGHT}"), "who,day,worth\na,2025-01-01,1\nb,2025-01-02,1\n", "No repeat purchases"),
        ("lorenz FILE --value a".into(), "a\n0\n0\n", "No value"),
        ("logrank FILE --time t --event e --group g".into(), "t,e,g\n1,1,x\n2,1,x\n", "Too few groups with spells: 1"),
        ("sbg FILE --survivors n".into(), "n\n1024\n512\n256\n128\n", "do not determine"),
        ("forecast FILE --date d".into(), "d\n2025-01-01\n2025-06-01\n", "Too few periods"),
        ("cox FILE --time t --event e --columns c".into(), "t,e,c\n1,1,5\n2,1,5\n3,0,5\n", "“c” cannot be estimated"),
        (
            format!("bgnbd FILE {BOUGHT} --calibration-end 2026-01-01"),
            "who,day,worth\na,2025-01-01,1\n",
            "lies after the end",
        ),
        ("rfm FILE --customer who --date day".into(), "who,day\na,2025-01-01\n", "--value"),
        ("lorenz FILE --value a".into(), "a\n", "no rows"),
        (format!("bgnbd FILE {BOUGHT} --ahead 1e9"), purchases, "at most 100 years"),
        (format!("bgnbd FILE {BOUGHT} --ahead NaN"), purchases, "at most 100 years"),
    ];
    for (line, text, wanted) in cases {
        let said = ask(&line, text).unwrap_err();
        assert!(said.contains(wanted), "{line}: {said}");
    }
}

#[test]
fn an_option_that_cannot_be_is_named_whatever_the_file_holds() {
    let cases = [
        (format!("bgnbd FILE {BOUGHT} --months 0"), "--months must lie between 1 and 520"),
        (format!("bgnbd FILE {BOUGHT} --months 521"), "--months must lie between 1 and 520"),
        (format!("bgnbd FILE {BOUGHT} --discount nan"), "--discount must lie between 0 and 1"),
        (format!("bgnbd FILE {BOUGHT} --discount=-0.1"), "--discount must lie between 0 and 1"),
        (format!("rfm FILE {BOUGHT} --classes 0"), "--classes must lie between 2 and 9"),
        ("abc FILE --customer a --value b --a nan".into(), "--a and --b must rise"),
        ("abc FILE --customer a --value b --a 0.9 --b 0.8".into(), "--a and --b must rise"),
        ("bgbb FILE --ahead 0".into(), "--ahead must lie between 1 and 1000"),
        ("bgbb FILE --discount inf".into(), "--discount must lie between 0 and 1"),
        ("sbg FILE --survivors n --discount nan".into(), "--discount must lie between 0.0001 and 1"),
        ("sbg FILE --survivors n --rows 0".into(), "--rows must lie between 3"),
        ("forecast FILE --date d --ahead 0".into(), "--ahead must lie between 1 and 260"),
        ("change FILE --date d --before 367".into(), "--before must lie between 0 and 366"),
    ];
    for (line, wanted) in cases {
        let said = ask(&line, "x\n1\n").unwrap_err();
        assert!(said.contains(wanted) && !said.contains("Line"), "{line}: {said}");
    }
}

#[test]
fn sums_beyond_all_numbers_are_refused() {
    let cases = [
        ("abc FILE --customer a --value b".to_owned(), "a,b\nx,1e308\ny,1e308\n"),
        ("abc FILE --customer a --value b".to_owned(), "a,b\nx,1e308\nx,1e308\ny,1\n"),
        ("lorenz FILE --value b".to_owned(), "a,b\nx,1e308\ny,1e308\n"),
        ("rfm FILE --customer a --date d --value b".to_owned(), "a,d,b\nx,2025-01-01,1e308\nx,2025-01-02,1e308\n"),
        (
            "forecast FILE --date d --value b".to_owned(),
            "d,b\n2025-01-01,1e308\n2025-01-02,1e308\n2025-03-31,1\n2025-04-30,1\n",
        ),
    ];
    for (line, text) in cases {
        let said = ask(&line, text).unwrap_err();
        assert!(said.contains("sum of “b” is larger than a number can be"), "{line}: {said}");
    }
}

#[test]
fn more_weeks_than_possible_are_not_called_too_few() {
    let said = ask("forecast FILE --date d --period week", "d\n1900-01-01\n2100-01-01\n").unwrap_err();
    assert!(said.contains("Too many whole periods: 10435, at most 6000"), "{said}");
}

#[test]
fn a_column_that_names_everybody_is_no_group() {
    let rows: String = (0..201).map(|at| format!("{at},1,g{at}\n")).collect();
    for command in ["km", "logrank"] {
        let said = ask(&format!("{command} FILE --time t --event e --group g"), &format!("t,e,g\n{rows}")).unwrap_err();
        assert!(said.contains("“g” has more than 200 different groups"), "{said}");
    }
}

#[test]
fn the_order_of_rows_and_repeated_days_do_not_matter() {
    let text = purchases();
    let mut rows: Vec<&str> = text.lines().skip(1).collect();
    let asked = format!("bgnbd FILE {BOUGHT} --calibration-end 2025-03-31 --out OUT");
    let first = ask(&asked, &text).unwrap();
    rows.reverse();
    // The same day again adds to its value, and is no purchase of its own.
    let twice = format!("who;day;worth\n{}\n{};2025-01-01;0\n", rows.join("\n"), rows[0].split(';').next().unwrap());
    let day = rows[0].split(';').nth(1).unwrap();
    let second = ask(&asked, &twice.replace("2025-01-01;0\n", &format!("{day};0\n"))).unwrap();
    // Sums in another order differ in the last digits.
    let parameters = |answer: &Value| -> Vec<String> {
        let each = answer["told"]["parameters"].as_array().unwrap().iter();
        each.map(|one| format!("{:.6}", one["value"].as_f64().unwrap())).collect()
    };
    assert_eq!(parameters(&first), parameters(&second));
    assert_eq!(first["rows"], 601);
    assert!(
        first["told"]["hold_out"]["came"].as_f64().unwrap() > 0.0
            && first["told"]["lifetime_value"]["sum"].as_f64().unwrap() > 0.0
    );
}

#[test]
fn every_model_answers_in_both_languages() {
    let spells = "t,e,g,c\n1,1,x,0.5\n2,0,x,1.5\n3,1,y,0.2\n4,1,y,2.5\n5,1,x,0.7\n6,1,y,1.1\n";
    let days: String = (0..1500)
        .map(|at| format!("{}\n", chrono::NaiveDate::from_num_days_from_ce_opt(738_000 + at).unwrap()))
        .collect();
    let days = format!("d\n{days}{days}2020-08-15\n");
    for (line, text) in [
        (format!("mbgnbd FILE {BOUGHT}"), purchases()),
        (format!("gammagamma FILE {BOUGHT} --out OUT"), purchases()),
        (format!("rfm FILE {BOUGHT} --out OUT"), purchases()),
        ("bgbb FILE --customers n --out OUT".into(), "frequency,recency,periods,n\n0,0,4,50\n1,1,4,20\n1,3,4,9\n2,3,4,10\n3,4,4,12\n4,4,4,9\n".into()),
        ("sbg FILE --survivors n".into(), "n\n1000\n869\n743\n653\n593\n".into()),
        ("abc FILE --customer a --value b --boundary within --out OUT".into(), "a,b\nx,1\ny,5\nz,20\n".into()),
        ("lorenz FILE --value a".into(), "a\n1\n2\n9\n".into()),
        ("km FILE --time t --event e --group g --out OUT".into(), spells.into()),
        ("logrank FILE --time t --event e --group g".into(), spells.into()),
        ("cox FILE --time t --event e --columns c".into(), spells.into()),
        ("nps FILE --value a".into(), "a\n10\n9\n3\n".into()),
        ("csat FILE --value a".into(), "a\n5\n4\n3\n".into()),
        ("ces FILE --value a".into(), "a\n5\n4\n7\n".into()),
        ("importance FILE --attribute a --importance i --performance p".into(), "a,i,p\nx,5,2\ny,2,4\n".into()),
        ("wallet FILE --supplier s --place p".into(), "s,p\nx,1\ny,2\n".into()),
        ("forecast FILE --date d --ahead 3 --festival 2021-02-12,2022-02-01,2023-01-22,2024-02-10,2025-01-29 --out OUT".into(), days.clone()),
        ("change FILE --date d --out OUT".into(), days),
    ] {
        let answer = ask(&line, &text).unwrap_or_else(|said| panic!("{line}: {said}"));
        assert!(answer["told"]["model"].is_string(), "{line}");
        assert!(!line.contains("OUT") || answer["rows"].as_u64().unwrap() > 2, "{line}");
    }
}

#[test]
fn the_published_figures_come_from_a_file_too() {
    let Some(folder) = std::env::var_os("HAWSER_TEST_DATA").map(PathBuf::from) else {
        eprintln!("SKIPPED: HAWSER_TEST_DATA is not set; it names the folder with cdnow/CDNOW_sample.txt");
        return;
    };
    let text = std::fs::read_to_string(folder.join("cdnow/CDNOW_sample.txt")).unwrap();
    let rows = text.lines().map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        format!("{},{},{}\n", words[1], words[2], words[4])
    });
    let text = format!("who,day,worth\n{}", rows.collect::<String>());
    let asked = format!("bgnbd FILE {BOUGHT} --calibration-end 1997-09-30 --end 1998-06-30");
    let told = &ask(&asked, &text).unwrap()["told"];
    let parameters =
        told["parameters"].as_array().unwrap().iter().map(|one| format!("{:.3}", one["value"].as_f64().unwrap()));
    assert_eq!(parameters.collect::<Vec<_>>(), ["0.243", "4.414", "0.793", "2.426"]);
    assert_eq!(format!("{:.1}", told["log_likelihood"].as_f64().unwrap()), "-9582.4");
    assert_eq!((&told["repeaters"], &told["hold_out"]["came"]), (&json!(946), &json!(1882.0)));
}
