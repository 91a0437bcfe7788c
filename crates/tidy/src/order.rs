//! A crate may use only crates listed above it in ARCHITECTURE.md.

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::Finding;

const MARKER: &str = "<!-- crates in order -->";
/// They look at everything, and nothing uses them.
const EXEMPT: [&str; 3] = ["tidy", "xtask", "e2e"];

/// The first word of each line of the fenced list below the marker, without its `/`.
pub fn listed(architecture: &str) -> Vec<String> {
    let Some((_, below)) = architecture.split_once(MARKER) else { return Vec::new() };
    let inside = below.split("```").nth(1).unwrap_or_default();
    let lines = inside.lines().skip(1).filter(|line| !line.starts_with(char::is_whitespace));
    lines.filter_map(|line| Some(line.split_whitespace().next()?.trim_end_matches('/').to_owned())).collect()
}

/// `manifests`: the text of `Cargo.toml` by crate folder.
pub fn dependency_order(architecture: &str, manifests: &BTreeMap<String, String>) -> Vec<Finding> {
    let order = listed(architecture);
    let place = |name: &str| order.iter().position(|listed| listed == name);
    let mut found = Vec::new();
    if order.is_empty() {
        return vec![Finding::of("ARCHITECTURE.md", format!("needs a fenced list of the crates below `{MARKER}`"))];
    }
    for name in order.iter().filter(|name| !manifests.contains_key(*name) && !EXEMPT.contains(&name.as_str())) {
        found.push(Finding::of("ARCHITECTURE.md", format!("lists `{name}`, which is no crate: remove the line")));
    }
    for (name, manifest) in manifests.iter().filter(|(name, _)| !EXEMPT.contains(&name.as_str())) {
        let Some(own) = place(name) else {
            found
                .push(Finding::of("ARCHITECTURE.md", format!("does not list `{name}`: add it below all that it uses")));
            continue;
        };
        for used in dependencies(manifest).iter().filter(|used| manifests.contains_key(*used)) {
            if place(used).is_none_or(|used| used >= own) {
                let advice = format!(
                    "uses `{used}`, which does not stand above it in ARCHITECTURE.md: tell it by an event or through `module`"
                );
                found.push(Finding::of(&format!("crates/{name}/Cargo.toml"), advice));
            }
        }
    }
    found
}

/// Without those for tests only: there, the schema of all is welcome.
fn dependencies(manifest: &str) -> Vec<String> {
    let Ok(manifest) = manifest.parse::<Table>() else { return Vec::new() };
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flatten();
    let tables = targets.filter_map(|(_, target)| target.as_table()).chain([&manifest]);
    let sections = tables.flat_map(|table| ["dependencies", "build-dependencies"].map(|kind| table.get(kind)));
    let entries = sections.flatten().filter_map(Value::as_table).flatten();
    entries.map(|(name, value)| value.get("package").and_then(Value::as_str).unwrap_or(name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "# A\n<!-- crates in order -->\n```\nbase/  words\ndb/    queries\nhawser/ all\n```\n";

    fn manifests(db: &str) -> BTreeMap<String, String> {
        let of = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        BTreeMap::from([of("base", ""), of("db", db), of("hawser", "[dependencies]\ndb.workspace = true\n")])
    }

    #[test]
    fn a_crate_uses_only_what_stands_above_it() {
        assert_eq!(dependency_order(LIST, &manifests("[dependencies]\nbase.workspace = true")), []);
        let found = dependency_order(LIST, &manifests("[dependencies]\nhawser.workspace = true"));
        assert_eq!(found[0].place, "crates/db/Cargo.toml");
        let renamed = "[target.'cfg(unix)'.dependencies]\nall = { package = \"hawser\", path = \"../hawser\" }";
        assert_eq!(dependency_order(LIST, &manifests(renamed)).len(), 1);
    }

    #[test]
    fn tests_may_use_what_stands_below() {
        assert_eq!(dependency_order(LIST, &manifests("[dev-dependencies]\nhawser.workspace = true")), []);
    }

    #[test]
    fn every_crate_is_listed_and_every_line_is_a_crate() {
        let mut more = manifests("");
        more.insert("claims".into(), String::new());
        assert!(dependency_order(LIST, &more)[0].advice.contains("does not list `claims`"));
        let mut fewer = manifests("");
        fewer.remove("db");
        assert!(dependency_order(LIST, &fewer)[0].advice.contains("lists `db`"));
        assert_eq!(dependency_order("# A", &fewer).len(), 1);
    }
}
