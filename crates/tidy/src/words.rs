//! Words that GLOSSARY.md bans, in names of the code, of files and of texts.

use crate::Finding;
use crate::rust::{Kind, Token};

/// The banned words of the glossary's third column that a machine can judge: those in backticks, as names are written
/// (`ticket`, `client_id`). Words without backticks also have a technical meaning; there a reader must judge.
pub fn banned(glossary: &str) -> Vec<Banned> {
    let mut all = Vec::new();
    for line in glossary.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [_, word, banned, ..] = cells.as_slice() else { continue };
        let names = banned.split('`').skip(1).step_by(2);
        all.extend(names.map(|name| Banned { name: parts(name), instead: (*word).to_owned() }));
    }
    all
}

#[derive(Debug, PartialEq, Eq)]
pub struct Banned {
    name: Vec<String>,
    instead: String,
}

pub fn in_code(path: &str, tokens: &[Token], banned: &[Banned]) -> Vec<Finding> {
    let words = tokens.iter().filter_map(|token| match &token.kind {
        Kind::Word(word) => Some((token.line, word)),
        _ => None,
    });
    words.filter_map(|(line, word)| Some(Finding::at(path, line, advice(word, banned)?))).collect()
}

pub fn in_name(place: &str, name: &str, banned: &[Banned]) -> Option<Finding> {
    Some(Finding::of(place, advice(name, banned)?))
}

fn advice(name: &str, banned: &[Banned]) -> Option<String> {
    let own = parts(name);
    let hit = banned.iter().find(|banned| own.windows(banned.name.len()).any(|some| same(some, &banned.name)))?;
    Some(format!("`{name}` uses `{}`, which GLOSSARY.md bans: say {}", hit.name.join("_"), hit.instead))
}

/// The last word also in the plural.
fn same(found: &[String], banned: &[String]) -> bool {
    let last = banned.len() - 1;
    found.iter().zip(banned).enumerate().all(|(at, (found, banned))| {
        found == banned || (at == last && found.strip_suffix('s') == Some(banned.as_str()))
    })
}

/// `ClientId`, `client_id`, `client-id` → client, id.
fn parts(name: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut lower = false;
    for c in name.chars() {
        if c.is_uppercase() && lower {
            spaced.push(' ');
        }
        spaced.push(if c.is_alphanumeric() { c } else { ' ' });
        lower = c.is_lowercase();
    }
    spaced.to_lowercase().split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust::tokens;

    const GLOSSARY: &str = "| 中文 | word | banned | meaning |\n|---|---|---|---|\n\
                            | 客户 | customer | client, account: `client_id` | … |\n| 投诉 | complaint | `ticket` | … |\n";

    #[test]
    fn a_banned_word_is_found_however_it_is_written() {
        let banned = banned(GLOSSARY);
        let found = in_code("a.rs", &tokens("struct TicketRow;\nfn of(client_ids: u8, client: u8) {}"), &banned);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].advice.contains("say complaint"));
        assert_eq!(found[1].place, "a.rs:2");
        assert!(in_name("crates/tickets/", "tickets", &banned).is_some());
        assert!(in_name("en.ftl", "customer-ticket", &banned).is_some());
    }

    #[test]
    fn words_with_a_technical_meaning_are_left_to_the_reader() {
        let banned = banned(GLOSSARY);
        assert!(in_code("a.rs", &tokens("let client = http::Client::new(); let ticketed = 1;"), &banned).is_empty());
    }
}
