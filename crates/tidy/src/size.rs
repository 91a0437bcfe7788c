//! Files and functions small enough to be one thing.

use crate::Finding;
use crate::rust::{Kind, Token};

const FILE: usize = 400;
/// Tests, migrations and generated files are lists rather than thoughts.
const LONG_FILE: usize = 600;
const FUNCTION: usize = 60;
const LONG_FUNCTION: usize = 100;

pub fn file_too_long(path: &str, source: &str) -> Option<Finding> {
    let limit = if may_be_long(path) { LONG_FILE } else { FILE };
    let lines = source.lines().count();
    let advice = || format!("{lines} lines, {limit} are allowed: split it by business idea");
    (lines > limit).then(|| Finding::of(path, advice()))
}

pub fn functions_too_long(path: &str, tokens: &[Token]) -> Vec<Finding> {
    let limit = if may_be_long(path) { LONG_FUNCTION } else { FUNCTION };
    let mut found = Vec::new();
    for (at, pair) in tokens.windows(2).enumerate() {
        let [first, Token { kind: Kind::Word(name), line, .. }] = pair else { continue };
        if !first.is_word("fn") {
            continue;
        }
        let lines = last_line(&tokens[at..]).map_or(0, |last| last + 1 - line);
        if lines > limit {
            found.push(Finding::at(path, *line, format!("`{name}` has {lines} lines, {limit} are allowed: split it")));
        }
    }
    found
}

fn may_be_long(path: &str) -> bool {
    path.contains("/tests/")
        || path.starts_with("e2e/")
        || path.starts_with("crates/migrations/")
        || path.contains("generated")
}

/// Of the body of the function that begins here; nothing when it has no body.
fn last_line(tokens: &[Token]) -> Option<usize> {
    let mut depth = 0;
    let mut in_body = false;
    for token in tokens {
        match token.kind {
            Kind::Mark(';') if depth == 0 => return None,
            Kind::Open(mark) => {
                in_body |= mark == '{' && depth == 0;
                depth += 1;
            }
            Kind::Close(_) if depth == 0 => return None,
            Kind::Close(_) => {
                depth -= 1;
                if in_body && depth == 0 {
                    return Some(token.line);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust::tokens;

    fn lines(count: usize) -> String {
        "let x = 1;\n".repeat(count)
    }

    #[test]
    fn a_file_of_401_lines_is_too_long_unless_it_holds_tests() {
        assert!(file_too_long("crates/a/src/b.rs", &lines(401)).is_some());
        assert!(file_too_long("crates/a/src/b.rs", &lines(400)).is_none());
        assert!(file_too_long("crates/a/tests/it/b.rs", &lines(600)).is_none());
        assert!(file_too_long("crates/a/tests/it/b.rs", &lines(601)).is_some());
    }

    #[test]
    fn a_function_of_61_lines_is_too_long() {
        let long = format!("fn ok() {{}}\nfn long(a: [u8; 3])\n{{\n{}}}\n", lines(58));
        let found = functions_too_long("a.rs", &tokens(&long));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].place, "a.rs:2");
        assert!(functions_too_long("a.rs", &tokens(&format!("fn fine() {{\n{}}}", lines(58)))).is_empty());
    }

    #[test]
    fn a_function_of_a_trait_without_a_body_is_not_counted() {
        let source = format!("trait A {{ fn a(&self); }}\nfn b() {{ {} }}", lines(50));
        assert!(functions_too_long("a.rs", &tokens(&source)).is_empty());
    }
}
