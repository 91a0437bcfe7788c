//! What does not belong into the repository.

use crate::Finding;

const LARGEST: usize = 700 * 1024;

pub fn unwelcome_file(path: &str, size: usize) -> Option<Finding> {
    let built = [".min.js", ".min.css", ".woff", ".woff2", ".ttf", ".otf", ".db", ".sqlite", ".parquet"];
    if built.iter().any(|end| path.ends_with(end)) {
        return Some(Finding::of(path, "is vendored or built: get it from a package or make it when needed"));
    }
    let advice = || format!("has {} KB, {} are allowed: make it when needed", size / 1024, LARGEST / 1024);
    (size > LARGEST).then(|| Finding::of(path, advice()))
}

/// Paths and hosts that mean something on one machine only. Needles are glued, so that this file passes too.
pub fn machine_words(path: &str, text: &str) -> Vec<Finding> {
    if path.ends_with("Cargo.lock") {
        return Vec::new();
    }
    let folders = ["work", "farm", "root", "tmp", "home"].map(|name| format!("/{name}/"));
    let hosts = [
        ["registry.", "npmjs"],
        ["index.", "crates.io"],
        ["static.", "crates.io"],
        ["pypi", ".org"],
        ["arti", "factory"],
    ];
    let hosts = hosts.map(|parts| parts.concat());
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(folder) = folders.iter().find(|folder| has_folder(line, folder)) {
            found.push(Finding::at(
                path,
                index + 1,
                format!("names `{folder}`, a folder of one machine: compute the path"),
            ));
        }
        if let Some(host) = hosts.iter().find(|host| line.contains(*host)) {
            found.push(Finding::at(
                path,
                index + 1,
                format!("names the host `{host}`: leave that to the reader's set-up"),
            ));
        }
    }
    found
}

/// At the beginning of a path and with something behind it.
fn has_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let inside = line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}~*".contains(c));
        !inside && line[at + folder.len()..].starts_with(|c: char| c.is_ascii_alphabetic())
    })
}

/// Marks of unfinished work in any text.
pub fn unfinished_marks(path: &str, text: &str) -> Vec<Finding> {
    let marks = [["FIX", "ME"], ["TO", "DO:"], ["XX", "X "], ["lorem", " ipsum"]].map(|parts| parts.concat());
    let lines = text.lines().enumerate().filter(|(_, line)| marks.iter().any(|mark| line.contains(mark)));
    lines.map(|(index, _)| Finding::at(path, index + 1, "is marked as unfinished: finish it or leave it out")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_and_vendored_files_stay_out() {
        assert!(unwelcome_file("docs/a.png", 701 * 1024).is_some());
        assert!(unwelcome_file("docs/a.png", 699 * 1024).is_none());
        assert!(unwelcome_file("web/htmx.min.js", 1).is_some());
        assert!(unwelcome_file("data/a.db", 1).is_some());
    }

    #[test]
    fn folders_and_hosts_of_one_machine_stay_out() {
        let folder = ["/", "tmp", "/hawser"].concat();
        assert_eq!(machine_words("a.md", &format!("x\nsee {folder}")).len(), 1);
        assert_eq!(machine_words("a.md", &format!("see target{folder}")).len(), 0);
        let host = ["https://registry.", "npmjs", ".org/x"].concat();
        assert_eq!(machine_words("package-lock.json", &host).len(), 1);
        assert_eq!(machine_words("Cargo.lock", &host).len(), 0);
    }

    #[test]
    fn unfinished_marks_are_found() {
        assert_eq!(unfinished_marks("a.md", &["x\n", "FIX", "ME later"].concat())[0].place, "a.md:2");
    }
}
