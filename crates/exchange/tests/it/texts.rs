use std::collections::BTreeMap;
use std::path::Path;

/// Key and the names of its arguments.
fn keys(language: &str) -> BTreeMap<String, Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("locales/{language}.ftl"));
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter_map(|line| line.split_once(" = "));
    lines
        .map(|(key, sentence)| {
            let mut names: Vec<_> =
                sentence.split("{ $").skip(1).map(|part| part.split(' ').next().unwrap().to_owned()).collect();
            names.sort();
            (key.to_owned(), names)
        })
        .collect()
}

#[test]
fn every_sentence_exists_in_both_languages_with_the_same_blanks() {
    let chinese = keys("zh-CN");
    assert_eq!(chinese, keys("en"));
    assert!(chinese.len() > 50);
}
