//! Where SQL may stand: queries in stores, differences in the dialect, nothing glued together.

use crate::Finding;
use crate::rust::{Kind, Token, places};
use crate::tree::is_for_tests;

/// Files that may build statements, and why.
const MAY_BUILD: [(&str, &str); 3] = [
    ("crates/db/src/dialect.rs", "the one place where the databases differ"),
    ("crates/db/src/testing", "creates and drops whole databases, whose names cannot be bound"),
    ("crates/db/src/harness", "creates and drops whole databases, whose names cannot be bound"),
];

const DECIDES_OR_SHOWS: [&str; 4] = ["/pages.rs", "/api.rs", "/service.rs", "/rules.rs"];

pub fn built_statements(path: &str, tokens: &[Token]) -> Vec<Finding> {
    if is_for_tests(path) || MAY_BUILD.iter().any(|(allowed, _)| path.starts_with(allowed)) {
        return Vec::new();
    }
    let built = places(tokens, &["format", "!"]).into_iter().filter(|&at| !tokens[at].in_test);
    let sql = built.filter(|&at| {
        let text = tokens.get(at + 3).and_then(Token::text).unwrap_or_default();
        is_sql(text) && !only_the_dialect_differs(text, &tokens[at + 2..])
    });
    let advice = "glues SQL together: bind values, choose columns by enums, put what differs into db/src/dialect.rs";
    sql.map(|at| Finding::at(path, tokens[at].line, advice)).collect()
}

pub fn statements_outside_stores(path: &str, tokens: &[Token]) -> Vec<Finding> {
    if !DECIDES_OR_SHOWS.iter().any(|end| path.ends_with(end)) {
        return Vec::new();
    }
    let sql = tokens.iter().filter(|token| !token.in_test && token.text().is_some_and(is_sql));
    sql.map(|token| Finding::at(path, token.line, "holds SQL: move the query into store.rs")).collect()
}

pub fn queries_outside_stores(path: &str, tokens: &[Token]) -> Vec<Finding> {
    let store = path.ends_with("store.rs") || path.contains("/store") || path.starts_with("crates/db/");
    if store || is_for_tests(path) || path.starts_with("crates/migrations/") {
        return Vec::new();
    }
    let starts = places(tokens, &["Entity", ":", ":"]).into_iter().filter(|&at| !tokens[at].in_test);
    let queries = starts.filter(|&at| match tokens.get(at + 3).map(|token| &token.kind) {
        Some(Kind::Word(verb)) => ["find", "insert", "update", "delete"].iter().any(|begin| verb.starts_with(begin)),
        _ => false,
    });
    queries.map(|at| Finding::at(path, tokens[at].line, "is a query: move it into store.rs")).collect()
}

/// Whether each gap is filled by a function of `dialect`, called right here.
fn only_the_dialect_differs(text: &str, call: &[Token]) -> bool {
    let mut depth = 0;
    let end = call.iter().position(|token| {
        match token.kind {
            Kind::Open(_) => depth += 1,
            Kind::Close(_) => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    let inside = &call[..end.unwrap_or(0)];
    text.matches('{').count() == text.matches("{}").count()
        && text.matches("{}").count() == places(inside, &["dialect", ":", ":"]).len()
}

fn is_sql(text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().take(40).map(str::to_lowercase).collect();
    let has = |word: &str| words.iter().any(|found| found == word);
    match (words.first().map(String::as_str), words.get(1).map(String::as_str)) {
        (Some("select"), _) => text.starts_with("SELECT ") || has("from"),
        (Some("insert"), Some("into" | "or")) | (Some("delete"), Some("from")) => true,
        (Some("update"), _) => has("set"),
        (Some("with"), _) => has("as") && has("select"),
        (Some("create" | "drop" | "alter"), Some(what)) => {
            ["table", "index", "unique", "view", "database", "virtual", "trigger", "type"].contains(&what)
        }
        (Some("pragma" | "truncate" | "vacuum" | "attach"), _) => text.starts_with(|c: char| c.is_ascii_uppercase()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust::tokens;

    #[test]
    fn a_statement_is_not_glued_together() {
        let source = tokens("let q = format!(\"SELECT a FROM t ORDER BY {column}\");");
        assert_eq!(built_statements("crates/a/src/store.rs", &source).len(), 1);
        assert!(built_statements("crates/db/src/dialect.rs", &source).is_empty());
        assert!(built_statements("crates/a/src/store.rs", &tokens("format!(\"select {n} rows\")")).is_empty());
        let differs = tokens("format!(\"SELECT a FROM t{}\", crate::dialect::for_update(tx))");
        assert!(built_statements("crates/a/src/store.rs", &differs).is_empty());
        let both = tokens("format!(\"SELECT a FROM {}{}\", table, crate::dialect::for_update(tx))");
        assert_eq!(built_statements("crates/a/src/store.rs", &both).len(), 1);
    }

    #[test]
    fn pages_and_rules_hold_no_sql() {
        let source = tokens("run(\"update customers set name = $1\")");
        assert_eq!(statements_outside_stores("crates/a/src/service.rs", &source).len(), 1);
        assert!(statements_outside_stores("crates/a/src/store.rs", &source).is_empty());
        assert!(statements_outside_stores("crates/a/src/rules.rs", &tokens("f(\"update the customer\")")).is_empty());
    }

    #[test]
    fn queries_stand_in_stores() {
        let source = tokens("customer::Entity::find_by_id(id).one(db)");
        assert_eq!(queries_outside_stores("crates/a/src/service.rs", &source).len(), 1);
        assert!(queries_outside_stores("crates/a/src/store.rs", &source).is_empty());
        assert!(queries_outside_stores("crates/a/src/customer.rs", &tokens("belongs_to = \"Entity\"")).is_empty());
    }
}
