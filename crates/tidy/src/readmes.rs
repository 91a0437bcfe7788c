//! The two READMEs tell the same commands.

use std::collections::BTreeSet;

use crate::Finding;

const PROGRAMS: [&str; 8] = ["cargo", "hawser", "sudo", "apt-get", "apt", "npm", "git", "curl"];

/// Commands in fenced blocks and code spans, without what a comment adds.
pub fn commands(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            found.extend(command(line));
        } else {
            found.extend(line.split('`').skip(1).step_by(2).filter_map(command));
        }
    }
    found
}

fn command(line: &str) -> Option<String> {
    let line = line.split(" #").next().unwrap_or_default().trim().trim_start_matches("$ ");
    let program = line.split_whitespace().next()?;
    (PROGRAMS.contains(&program) && line.contains(' ')).then(|| line.split_whitespace().collect::<Vec<_>>().join(" "))
}

pub fn differ(english: &str, chinese: &str) -> Vec<Finding> {
    let [english, chinese] = [english, chinese].map(commands);
    let lacks =
        |path, command: &String| Finding::of(path, format!("lacks the command `{command}` of the other README"));
    let mut found: Vec<Finding> = english.difference(&chinese).map(|one| lacks("README.zh-CN.md", one)).collect();
    found.extend(chinese.difference(&english).map(|one| lacks("README.md", one)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_readmes_tell_the_same_commands() {
        let english = "Run `cargo run --release -- demo`.\n```sh\n$ cargo xtask test   # all\n```";
        assert_eq!(differ(english, "```\ncargo xtask test\n```\n运行 `cargo run --release -- demo`。"), []);
        let found = differ(english, "运行 `cargo run -- demo`。\n```\ncargo xtask test # 全部\n```");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].place, "README.zh-CN.md");
    }

    #[test]
    fn a_name_is_not_a_command() {
        assert!(commands("`hawser` and `cargo`, and cargo build").is_empty());
    }
}
