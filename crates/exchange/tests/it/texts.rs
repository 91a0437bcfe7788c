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

#[test]
fn every_key_in_the_code_has_a_sentence_and_every_sentence_is_used() {
    let mut code = String::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut code);
    let used: Vec<&str> = code.split('"').filter(|text| text.starts_with("import-") && !text.contains(' ')).collect();
    let known = keys("en");
    for key in &used {
        assert!(known.contains_key(*key), "{key} has no sentence");
    }
    for key in known.keys().filter(|key| !key.starts_with("import-refused_")) {
        assert!(used.contains(&key.as_str()), "{key} is never said");
    }
}

fn collect(folder: &Path, code: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => collect(&path, code),
            false => code.push_str(&std::fs::read_to_string(path).unwrap()),
        }
    }
}
