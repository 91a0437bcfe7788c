//! Every text in both languages, every key used, every used key there.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::Entry;
use fluent_syntax::parser::parse;

use crate::Finding;
use crate::rust::{Kind, Token};

/// Keys that are put together at run time where no literal shows how, each with the place that does it.
/// Prefixes that stand in a literal (`format!("error-{code}")`) are found by themselves.
const DYNAMIC: [&str; 0] = [];

/// Functions whose first literal argument is a text key.
const ASKS: [&str; 4] = ["t", "t1", "t2", "tn"];

/// The keys of one file, or what is wrong with it.
pub fn keys(path: &str, source: &str) -> Result<BTreeSet<String>, Finding> {
    let resource = parse(source).map_err(|(_, errors)| {
        let first = errors.first();
        let line = first.map_or(1, |error| 1 + source.get(..error.pos.start).unwrap_or(source).matches('\n').count());
        let why = first.map_or_else(String::new, |error| error.kind.to_string());
        Finding::at(path, line, format!("is not Fluent: {why}"))
    })?;
    let mut keys = BTreeSet::new();
    for entry in resource.body {
        let name = match entry {
            Entry::Message(message) => message.id.name.to_owned(),
            Entry::Term(term) => format!("-{}", term.id.name),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) | Entry::Junk { .. } => continue,
        };
        if !keys.insert(name.clone()) {
            return Err(Finding::of(path, format!("has `{name}` twice: keep one")));
        }
    }
    Ok(keys)
}

/// `files`: the keys by path, such as `crates/a/locales/en.ftl`.
pub fn languages_differ(files: &BTreeMap<String, BTreeSet<String>>) -> Vec<Finding> {
    let empty = BTreeSet::new();
    let mut found = Vec::new();
    let folders: BTreeSet<&str> =
        files.keys().filter_map(|path| path.rsplit_once('/')).map(|(folder, _)| folder).collect();
    for folder in folders {
        let [chinese, english] = ["zh-CN.ftl", "en.ftl"].map(|name| format!("{folder}/{name}"));
        for (here, there) in [(&chinese, &english), (&english, &chinese)] {
            let [own, other] = [here, there].map(|path| files.get(path).unwrap_or(&empty));
            found.extend(other.difference(own).map(|key| Finding::of(here, format!("lacks `{key}`: add its text"))));
        }
    }
    found
}

/// Two crates with the same key would overwrite each other's text.
pub fn two_homes(files: &BTreeMap<String, BTreeSet<String>>) -> Vec<Finding> {
    let mut homes: BTreeMap<&str, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for (path, keys) in files.iter().filter(|(path, _)| path.ends_with("/en.ftl")) {
        for key in keys.iter().filter(|key| !key.starts_with('-')) {
            if let Some(first) = homes.insert(key, path) {
                found.push(Finding::of(path, format!("has `{key}`, which {first} has too: rename one")));
            }
        }
    }
    found
}

/// What code and templates say about keys.
#[derive(Debug, Default)]
pub struct Uses {
    /// (place, key): surely a text key.
    asked: Vec<(String, String)>,
    /// Every literal; one that equals a key uses it.
    literals: BTreeSet<String>,
}

impl Uses {
    pub fn add_rust(&mut self, path: &str, tokens: &[Token]) {
        for (at, token) in tokens.iter().enumerate().filter(|(_, token)| !token.in_test) {
            let Some(text) = token.text() else { continue };
            self.literals.insert(text.to_owned());
            if asks(&tokens[..at]) {
                self.asked.push((format!("{path}:{}", token.line), text.to_owned()));
            }
        }
    }

    pub fn add_template(&mut self, path: &str, source: &str) {
        for (index, line) in without_comments(source).lines().enumerate() {
            let parts: Vec<&str> = line.split('"').collect();
            for pair in parts.windows(2) {
                self.literals.insert(pair[1].to_owned());
                if ASKS.iter().any(|ask| ends_with_call(pair[0], ask)) {
                    self.asked.push((format!("{path}:{}", index + 1), pair[1].to_owned()));
                }
            }
        }
    }

    pub fn unknown(&self, known: &BTreeSet<String>) -> Vec<Finding> {
        let missing =
            self.asked.iter().filter(|(_, key)| !known.contains(key) && !key.contains('{') && !key.ends_with('-'));
        missing.map(|(place, key)| Finding::of(place, format!("asks for `{key}`: add it to both text files"))).collect()
    }

    /// `files`: the keys by path.
    pub fn never_used(&self, files: &BTreeMap<String, BTreeSet<String>>) -> Vec<Finding> {
        let mut prefixes: BTreeSet<&str> = DYNAMIC.into_iter().collect();
        for literal in &self.literals {
            match literal.split_once('{') {
                Some((prefix, _)) if is_prefix(prefix) => drop(prefixes.insert(prefix)),
                None if literal.ends_with('-') && is_prefix(literal) => drop(prefixes.insert(literal)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        for (path, keys) in files.iter().filter(|(path, _)| path.ends_with("/en.ftl")) {
            let unused = keys.iter().filter(|key| {
                !key.starts_with('-')
                    && !self.literals.contains(*key)
                    && !prefixes.iter().any(|prefix| key.starts_with(prefix))
            });
            let advice = |key| format!("has `{key}`, which nothing uses: remove it from both files");
            found.extend(unused.map(|key| Finding::of(path, advice(key))));
        }
        found
    }
}

/// Lines stay where they are.
fn without_comments(source: &str) -> String {
    let mut pieces = source.split("{#");
    let mut kept = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (comment, rest) = piece.split_once("#}").unwrap_or((piece, ""));
        kept.extend(comment.chars().filter(|c| *c == '\n'));
        kept.push_str(rest);
    }
    kept
}

fn is_prefix(text: &str) -> bool {
    text.len() > 2 && text.contains('-') && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// Whether the tokens before a literal are `t(`, `t1(`, … or `Message::new(`.
fn asks(before: &[Token]) -> bool {
    let [.., name, open] = before else { return false };
    if open.kind != Kind::Open('(') {
        return false;
    }
    match &name.kind {
        Kind::Word(word) if word == "new" => before.len() > 4 && before[before.len() - 5].is_word("Message"),
        Kind::Word(word) => ASKS.contains(&word.as_str()),
        _ => false,
    }
}

fn ends_with_call(before: &str, name: &str) -> bool {
    let Some(rest) = before.trim_end().trim_end_matches('&').strip_suffix('(').and_then(|rest| rest.strip_suffix(name))
    else {
        return false;
    };
    !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust::tokens;

    fn files(chinese: &str, english: &str) -> BTreeMap<String, BTreeSet<String>> {
        let of = |path: &str, source: &str| (path.to_owned(), keys(path, source).unwrap());
        BTreeMap::from([of("crates/a/locales/zh-CN.ftl", chinese), of("crates/a/locales/en.ftl", english)])
    }

    #[test]
    fn both_languages_have_the_same_keys() {
        assert_eq!(languages_differ(&files("a-b = 甲\n", "a-b = A\n")), []);
        let found = languages_differ(&files("a-b = 甲\n", "a-c = A\n"));
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].place, "crates/a/locales/en.ftl");
    }

    #[test]
    fn a_broken_file_is_named_with_its_line() {
        assert_eq!(keys("en.ftl", "a = A\nb = { $x\n").unwrap_err().place.split(':').next(), Some("en.ftl"));
        assert!(keys("en.ftl", "a = A\na = B\n").unwrap_err().advice.contains("twice"));
    }

    #[test]
    fn two_crates_never_have_the_same_key() {
        let mut both = files("a = 甲\n", "a = A\n");
        assert_eq!(two_homes(&both), []);
        both.insert("crates/b/locales/en.ftl".into(), BTreeSet::from(["a".to_owned()]));
        assert_eq!(two_homes(&both).len(), 1);
    }

    #[test]
    fn a_key_that_is_asked_for_exists() {
        let mut uses = Uses::default();
        uses.add_rust("a.rs", &tokens("fn f() { Message::new(\"a-x\"); page.t(\"a-b\"); set(\"other\") }"));
        uses.add_template("a.html", "{# t(\"a-c\") #}<a title=\"x\">{{ t(\"a-y\") }}</a>{{ ctx.t1(\"a-z\", 1) }}");
        let found = uses.unknown(&BTreeSet::from(["a-b".to_owned()]));
        let places: Vec<&str> = found.iter().map(|finding| finding.place.as_str()).collect();
        assert_eq!(places, ["a.rs:1", "a.html:1", "a.html:1"]);
    }

    #[test]
    fn a_key_that_nothing_uses_is_found() {
        let mut uses = Uses::default();
        uses.add_rust("a.rs", &tokens("fn f() { format!(\"stage-{}\", x); show(\"a-b\") }"));
        let found = uses.never_used(&files("", "a-b = A\nstage-lost = L\nold = O\n"));
        assert_eq!(found.len(), 1);
        assert!(found[0].advice.contains("`old`"));
    }
}
