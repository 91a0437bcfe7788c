//! The checks of `tidy` over the whole checkout; each failure lists every place and what to do there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use tidy::rust::{Token, tokens};
use tidy::tree::{File, files, is_for_tests, root};
use tidy::{Finding, order, readmes, size, sql, templates, texts, tracked, unwanted, words};

static FILES: LazyLock<Vec<File>> =
    LazyLock::new(|| files(&root()).unwrap_or_else(|error| panic!("cannot read the checkout: {error}")));

static RUST: LazyLock<Vec<(&str, Vec<Token>)>> =
    LazyLock::new(|| texts_of(".rs").map(|(path, source)| (path, tokens(source))).collect());

fn texts_of(end: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES
        .iter()
        .filter(move |file| file.path.ends_with(end))
        .filter_map(|file| Some((file.path.as_str(), file.text()?)))
}

fn text_of(path: &str) -> &'static str {
    FILES.iter().find(|file| file.path == path).and_then(File::text).unwrap_or_default()
}

fn in_rust(check: impl Fn(&str, &[Token]) -> Vec<Finding>) {
    assert!(!RUST.is_empty(), "no Rust files found");
    none(RUST.iter().flat_map(|(path, tokens)| check(path, tokens)));
}

fn none(found: impl IntoIterator<Item = Finding>) {
    let found: BTreeSet<Finding> = found.into_iter().collect();
    let lines: Vec<String> = found.iter().map(|finding| format!("{} {}", finding.place, finding.advice)).collect();
    assert!(lines.is_empty(), "{} to mend:\n{}", lines.len(), lines.join("\n"));
}

/// The keys by path; files that are not Fluent are reported by their own test.
fn keys() -> BTreeMap<String, BTreeSet<String>> {
    let parsed = texts_of(".ftl").filter_map(|(path, source)| Some((path.to_owned(), texts::keys(path, source).ok()?)));
    parsed.collect()
}

fn uses() -> texts::Uses {
    let mut uses = texts::Uses::default();
    let product = |path: &str| !is_for_tests(path) && !path.starts_with("xtask/");
    RUST.iter().filter(|(path, _)| product(path)).for_each(|(path, tokens)| uses.add_rust(path, tokens));
    texts_of(".html").for_each(|(path, source)| uses.add_template(path, source));
    uses
}

#[test]
fn a_crate_uses_only_crates_above_it() {
    let manifests = texts_of("/Cargo.toml").filter_map(|(path, text)| {
        let name = path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
        Some((name.to_owned(), text.to_owned()))
    });
    none(order::dependency_order(text_of("ARCHITECTURE.md"), &manifests.collect()));
}

#[test]
fn a_file_is_one_thing() {
    none(texts_of(".rs").filter_map(|(path, source)| size::file_too_long(path, source)));
}

#[test]
fn a_function_is_one_thing() {
    in_rust(size::functions_too_long);
}

#[test]
fn there_is_one_word_for_one_idea() {
    let banned = words::banned(text_of("GLOSSARY.md"));
    assert!(banned.len() > 10, "GLOSSARY.md bans almost nothing: is its table still the third column?");
    let others = |path: &str| !path.starts_with("crates/tidy/") && !path.starts_with("xtask/");
    let code =
        RUST.iter().filter(|(path, _)| others(path)).flat_map(|(path, tokens)| words::in_code(path, tokens, &banned));
    let names = FILES.iter().filter_map(|file| words::in_name(&file.path, &file.path, &banned));
    let keys = keys();
    let keys = keys.iter().flat_map(|(path, keys)| keys.iter().filter_map(|key| words::in_name(path, key, &banned)));
    none(code.chain(names).chain(keys));
}

#[test]
fn only_the_clock_reads_the_clock() {
    in_rust(unwanted::clock_reads);
}

#[test]
fn nothing_is_unfinished_or_silenced() {
    in_rust(unwanted::unfinished_or_silenced);
}

#[test]
fn every_crate_has_a_purpose() {
    let folders = FILES.iter().filter_map(|file| file.path.strip_prefix("crates/")?.split('/').next());
    let names: BTreeSet<&str> = folders.collect();
    none(unwanted::crates_without_a_purpose(&names.into_iter().map(str::to_owned).collect::<Vec<_>>()));
}

#[test]
fn chinese_texts_stand_in_text_files() {
    in_rust(unwanted::chinese_in_code);
}

#[test]
fn templates_keep_the_content_policy_and_hold_no_text() {
    // A test may show a page that breaks the rules.
    let ours = texts_of(".html").filter(|(path, _)| !path.contains("/tests/"));
    none(ours.flat_map(|(path, source)| templates::problems(path, source)));
}

#[test]
fn every_text_file_is_fluent() {
    none(texts_of(".ftl").filter_map(|(path, source)| texts::keys(path, source).err()));
}

#[test]
fn both_languages_have_every_text() {
    let keys = keys();
    none(texts::languages_differ(&keys).into_iter().chain(texts::two_homes(&keys)));
}

#[test]
fn every_text_that_is_asked_for_exists() {
    none(uses().unknown(&keys().into_values().flatten().collect()));
}

#[test]
fn every_text_is_used() {
    none(uses().never_used(&keys()));
}

#[test]
fn sql_is_not_glued_together() {
    in_rust(sql::built_statements);
}

#[test]
fn queries_stand_in_stores() {
    in_rust(|path, tokens| {
        [sql::statements_outside_stores(path, tokens), sql::queries_outside_stores(path, tokens)].concat()
    });
}

#[test]
fn the_repository_holds_nothing_vendored_or_huge() {
    none(FILES.iter().filter_map(|file| tracked::unwelcome_file(&file.path, file.bytes.len())));
}

#[test]
fn nothing_is_true_on_one_machine_only() {
    none(FILES.iter().flat_map(|file| tracked::machine_words(&file.path, file.text().unwrap_or_default())));
}

#[test]
fn no_file_is_marked_as_unfinished() {
    none(FILES.iter().flat_map(|file| tracked::unfinished_marks(&file.path, file.text().unwrap_or_default())));
}

#[test]
fn both_readmes_tell_the_same_commands() {
    let [english, chinese] = ["README.md", "README.zh-CN.md"].map(text_of);
    assert!(!readmes::commands(english).is_empty(), "README.md tells no command");
    none(readmes::differ(english, chinese));
}
