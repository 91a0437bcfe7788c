//! What the journeys found, told once for all the looks it was seen in.

use std::collections::BTreeMap;
use std::fmt::Write;

#[derive(Default)]
pub struct Findings {
    /// Page, then sentence, then in which looks.
    found: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

impl Findings {
    pub fn add(&mut self, page: &str, look: &str, sentences: impl IntoIterator<Item = String>) {
        for sentence in sentences {
            self.found.entry(page.into()).or_default().entry(sentence).or_default().push(look.into());
        }
    }

    pub fn merge(&mut self, other: Findings) {
        for (page, sentences) in other.found {
            for (sentence, looks) in sentences {
                self.found.entry(page.clone()).or_default().entry(sentence).or_default().extend(looks);
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub fn told(&self) -> String {
        let mut text = String::new();
        for (page, sentences) in &self.found {
            let _ = writeln!(text, "{page}");
            for (sentence, looks) in sentences {
                let _ = writeln!(text, "    {sentence}\n        [{}]", looks.join(", "));
            }
        }
        text
    }
}

#[test]
fn a_fault_seen_in_two_looks_is_told_once() {
    let (mut one, mut two) = (Findings::default(), Findings::default());
    one.add("/", "light", ["too wide".to_owned()]);
    two.add("/", "dark", ["too wide".to_owned()]);
    one.merge(two);
    assert_eq!(one.told(), "/\n    too wide\n        [light, dark]\n");
}
