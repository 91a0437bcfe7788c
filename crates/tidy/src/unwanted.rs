//! Words of Rust that we do not write, and the one place that may read the clock.

use crate::rust::{Token, places};
use crate::tree::is_for_tests;
use crate::{Finding, has_cjk};

/// The only file that may read the wall clock.
const CLOCK: &str = "crates/base/src/clock.rs";

/// Files that may hold Chinese characters outside of the text files, and why.
const CHINESE: [(&str, &str); 5] = [
    ("crates/base/src/money.rs", "the signs of currencies"),
    ("crates/customers/src/imports/headers.rs", "headers and words found in files that people send us"),
    ("crates/exchange/", "headers and formats found in files that people send us"),
    ("crates/texts/", "pinyin, and formats of dates and numbers that are not sentences"),
    ("crates/hawser/src/demo", "the demo's customers have Chinese names"),
];

/// Files that may silence a lint by `allow`, and why.
const SILENCED: [(&str, &str); 1] = [(
    "crates/db/src/testing.rs",
    "`db_tests!` cannot know whether a test uses what its file imports, so nothing can be expected",
)];

pub fn clock_reads(path: &str, tokens: &[Token]) -> Vec<Finding> {
    if path == CLOCK || path.starts_with("xtask/") || path.starts_with("e2e/") {
        return Vec::new();
    }
    let advice = "reads the clock: use the actor's `now`; rules get the time as a value";
    let mut clocks = vec!["Utc", "Local", "SystemTime"];
    if ["/rules.rs", "/store.rs", "/service.rs"].iter().any(|end| path.ends_with(end)) || path.contains("/rules/") {
        clocks.extend(["Instant", "base"]);
    }
    let read = |clock: &str| places(tokens, &[clock, ":", ":", "now", "("]);
    let found = clocks.into_iter().flat_map(read);
    found.map(|at| Finding::at(path, tokens[at].line, advice)).collect()
}

pub fn unfinished_or_silenced(path: &str, tokens: &[Token]) -> Vec<Finding> {
    let patterns: [(&[&str], &str); 7] = [
        (&["#", "[", "allow"], "silences a lint: mend it, or use `#[expect(…, reason = \"…\")]`"),
        (&["#", "!", "[", "allow"], "silences a lint: mend it, or use `#![expect(…, reason = \"…\")]`"),
        (&["todo", "!"], "is not finished: finish it or leave it out"),
        (&["unimplemented", "!"], "is not finished: finish it or leave it out"),
        (&["dbg", "!"], "prints for a developer: remove it"),
        (&["#", "[", "ignore"], "skips a test in silence: let it run, or let it say aloud why it skips"),
        (&["ignore", "="], "skips a test in silence: let it run, or let it say aloud why it skips"),
    ];
    let excused = SILENCED.iter().any(|(allowed, _)| *allowed == path);
    let held = patterns.iter().filter(|(pattern, _)| !(excused && pattern.contains(&"allow")));
    let found = held.flat_map(|(pattern, advice)| {
        places(tokens, pattern).into_iter().map(|at| Finding::at(path, tokens[at].line, *advice))
    });
    found.collect()
}

pub fn crates_without_a_purpose(names: &[String]) -> Vec<Finding> {
    let empty = ["utils", "util", "helpers", "common", "misc", "core", "shared", "lib"];
    let bad = names.iter().filter(|name| empty.contains(&name.as_str()));
    bad.map(|name| Finding::of(&format!("crates/{name}"), "says nothing: name it after what the business does"))
        .collect()
}

pub fn chinese_in_code(path: &str, tokens: &[Token]) -> Vec<Finding> {
    if is_for_tests(path) || CHINESE.iter().any(|(allowed, _)| path.starts_with(allowed)) {
        return Vec::new();
    }
    let found = tokens.iter().filter(|token| !token.in_test && token.text().is_some_and(has_cjk));
    let advice = "holds Chinese text: put it into the crate's locales under a key";
    found.map(|token| Finding::at(path, token.line, advice)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust::tokens;

    #[test]
    fn only_one_file_reads_the_clock() {
        let source = tokens("let now = chrono::Utc::now();");
        assert_eq!(clock_reads("crates/a/src/service.rs", &source).len(), 1);
        assert!(clock_reads(CLOCK, &source).is_empty());
        assert_eq!(clock_reads("crates/a/src/store.rs", &tokens("std::time::SystemTime::now()")).len(), 1);
    }

    #[test]
    fn a_rule_does_not_even_measure_time() {
        let source = tokens("let begun = Instant::now();");
        assert_eq!(clock_reads("crates/a/src/rules.rs", &source).len(), 1);
        assert!(clock_reads("crates/a/src/pages.rs", &source).is_empty());
        assert_eq!(clock_reads("crates/a/src/service.rs", &tokens("base::now()")).len(), 1);
    }

    #[test]
    fn silenced_lints_and_unfinished_code_are_found() {
        for bad in
            ["#[allow(dead_code)] fn a() {}", "#![allow(dead_code)]", "todo !()", "unimplemented !()", "dbg !(1)"]
        {
            assert_eq!(unfinished_or_silenced("a.rs", &tokens(bad)).len(), 1, "{bad}");
        }
        let excused = tokens("#[allow(unused_imports)] use a::*; fn f() { todo !() }");
        assert_eq!(unfinished_or_silenced(SILENCED[0].0, &excused).len(), 1);
        assert_eq!(unfinished_or_silenced("a.rs", &tokens("# [ignore] fn a() {}")).len(), 1);
        assert!(unfinished_or_silenced("a.rs", &tokens("#[expect(dead_code, reason = \"x\")] fn a() {}")).is_empty());
    }

    #[test]
    fn a_crate_is_named_after_its_purpose() {
        let names = ["customers".to_owned(), "utils".to_owned()];
        assert_eq!(crates_without_a_purpose(&names)[0].place, "crates/utils");
    }

    #[test]
    fn chinese_text_stands_in_text_files() {
        let source = tokens("// 注\nlet a = \"保存\";\n#[cfg(test)] mod tests { const A: &str = \"利贞\"; }");
        let found = chinese_in_code("crates/a/src/pages.rs", &source);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, "crates/a/src/pages.rs:2");
        assert!(chinese_in_code("crates/a/src/samples.rs", &source).is_empty());
    }
}
