//! How Chinese names are read aloud: to sort them as a dictionary does, and to find them by what is typed in Latin letters.

use std::collections::BTreeSet;
use std::iter::once;
use std::sync::LazyLock;

use pinyin::{ToPinyin, ToPinyinMulti};

/// Characters that decide the place of a name in a list; what an index of the database can hold.
const SORTED_BY: usize = 48;
/// Most readings that are kept of one name.
const MOST_READINGS: usize = 8;
/// Most ways to cut what was typed into syllables.
const MOST_CUTS: usize = 6;
/// Longest text that is cut into syllables.
const LONGEST_TYPED: usize = 40;

/// Names of places that are not read character by character.
static PLACES: LazyLock<Vec<(Vec<char>, Vec<String>)>> = LazyLock::new(|| {
    let lines = include_str!("places.txt").lines().filter(|line| !line.starts_with('#'));
    let place = |line: &str| {
        let mut words = line.split_whitespace();
        let name: Vec<char> = words.next()?.chars().collect();
        let syllables: Vec<String> = words.map(str::to_owned).collect();
        (name.len() == syllables.len()).then_some((name, syllables))
    };
    let mut places: Vec<_> = lines.filter_map(place).collect();
    // The longest fits first.
    places.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    places
});

/// Every syllable that a common character is read by.
static SYLLABLES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let common = '\u{4e00}'..='\u{9fa5}';
    let read = common.filter_map(|character| character.to_pinyin()).map(|syllable| latin(syllable.plain()));
    read.filter(|syllable| syllable.contains(['a', 'e', 'i', 'o', 'u', 'v'])).collect()
});

/// One sound of a name: a character with how it may be read, or a sign that stands for itself.
struct Sound {
    sign: char,
    /// With tones, the usual one first; empty for what is not Chinese.
    readings: Vec<String>,
}

/// Sorts names by sound, then tone, then character; Latin names stand among them by their letters. `name` is written in
/// lower case without blanks.
pub fn sort_key(name: &str) -> String {
    let sounds = sounds(name);
    let key = |sound: &Sound| format!("{}{}", sound.readings.first().map_or("", String::as_str), sound.sign);
    sounds.iter().take(SORTED_BY).map(key).collect()
}

/// What `patterns` are looked for in: for each reading of the name its initials, a dot before each, and its syllables,
/// an apostrophe before each. Empty for a name without Chinese characters.
pub fn spoken(name: &str) -> BTreeSet<String> {
    let sounds = sounds(name);
    if sounds.iter().all(|sound| sound.readings.is_empty()) {
        return BTreeSet::new();
    }
    let usual = vec![0; sounds.len()];
    let mut chosen = vec![usual.clone()];
    // A name seldom has two odd readings at once.
    for (at, sound) in sounds.iter().enumerate() {
        for other in 1..sound.readings.len() {
            let mut odd = usual.clone();
            odd[at] = other;
            chosen.push(odd);
        }
    }
    chosen.truncate(MOST_READINGS);
    chosen.iter().flat_map(|choice| [initials(&sounds, choice), syllables(&sounds, choice)]).collect()
}

/// What to look for in `spoken` when this was typed: as initials, and cut into syllables, the last of which may be
/// unfinished. Empty when it is not in Latin letters.
pub fn patterns(typed: &str) -> Vec<String> {
    if typed.is_empty() || typed.len() > LONGEST_TYPED || !typed.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Vec::new();
    }
    let initials = typed.chars().flat_map(|letter| ['.', letter]).collect();
    let mut cuts = Vec::new();
    cut(typed, String::new(), &mut cuts);
    once(initials).chain(cuts).collect()
}

fn cut(rest: &str, done: String, found: &mut Vec<String>) {
    if found.len() >= MOST_CUTS {
        return;
    }
    if rest.is_empty() {
        found.push(done);
        return;
    }
    // The longest syllable is six letters; the longest first is the usual way to read.
    for length in (1..=rest.len().min(6)).rev() {
        let (head, tail) = rest.split_at(length);
        if SYLLABLES.contains(head) {
            cut(tail, format!("{done}'{head}"), found);
        }
    }
    let unfinished = |syllable: &String| syllable.starts_with(rest) && syllable != rest;
    let begun = SYLLABLES.range(rest.to_owned()..).take_while(|syllable| syllable.starts_with(rest)).any(unfinished);
    let whole = format!("{done}'{rest}");
    // One letter alone is an initial.
    if begun && (rest.len() > 1 || !done.is_empty()) && !found.contains(&whole) && found.len() < MOST_CUTS {
        found.push(whole);
    }
}

fn sounds(name: &str) -> Vec<Sound> {
    let characters: Vec<char> = name.chars().collect();
    let mut sounds = Vec::with_capacity(characters.len());
    while sounds.len() < characters.len() {
        let rest = &characters[sounds.len()..];
        match PLACES.iter().find(|(place, _)| rest.starts_with(place)) {
            Some((place, syllables)) => {
                let known = place.iter().zip(syllables);
                sounds.extend(known.map(|(sign, syllable)| Sound { sign: *sign, readings: vec![syllable.clone()] }));
            }
            None => sounds.push(Sound { sign: rest[0], readings: readings(rest[0]) }),
        }
    }
    sounds
}

/// How a character may be read, once for each plain syllable, the usual one first.
fn readings(character: char) -> Vec<String> {
    let Some(all) = character.to_pinyin_multi() else { return Vec::new() };
    let mut kept: Vec<String> = Vec::new();
    for reading in all {
        let reading = latin(reading.with_tone_num_end());
        if !kept.iter().any(|kept| toneless(kept) == toneless(&reading)) {
            kept.push(reading);
        }
    }
    kept
}

fn initials(sounds: &[Sound], choice: &[usize]) -> String {
    let mut line = String::new();
    for (sound, chosen) in sounds.iter().zip(choice) {
        let letter = sound.readings.get(*chosen).and_then(|reading| reading.chars().next()).unwrap_or(sound.sign);
        if letter.is_alphanumeric() {
            line.extend(['.', letter]);
        }
    }
    line
}

fn syllables(sounds: &[Sound], choice: &[usize]) -> String {
    let mut line = String::new();
    let mut in_word = false;
    for (sound, chosen) in sounds.iter().zip(choice) {
        match sound.readings.get(*chosen) {
            Some(reading) => {
                line.push('\'');
                line.push_str(toneless(reading));
                in_word = false;
            }
            None if sound.sign.is_alphanumeric() => {
                if !in_word {
                    line.push('\'');
                }
                line.push(sound.sign);
                in_word = true;
            }
            None => in_word = false,
        }
    }
    line
}

fn toneless(reading: &str) -> &str {
    reading.trim_end_matches(|tone: char| tone.is_ascii_digit())
}

/// As it is typed: nobody has a key for ü.
fn latin(syllable: &str) -> String {
    syllable.replace('ü', "v").replace('ê', "e")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The samples of the tests, a name a line.
    fn sample(at: usize) -> &'static str {
        include_str!("names_for_tests.txt").lines().nth(at).unwrap()
    }

    fn found(name: &str, typed: &str) -> bool {
        let spoken = spoken(name);
        patterns(typed).iter().any(|pattern| spoken.iter().any(|line| line.contains(pattern)))
    }

    #[test]
    fn a_name_is_found_by_initials_by_full_and_by_unfinished_syllables() {
        for typed in ["mwgs", "mingwei", "mingw", "mw", "weigongsi", "gs", "ming"] {
            assert!(found(sample(0), typed), "{typed}");
        }
        for typed in ["in", "ei", "wm", "mingwo", "ingwei"] {
            assert!(!found(sample(0), typed), "{typed}");
        }
    }

    #[test]
    fn places_are_read_as_their_people_read_them() {
        for (at, typed) in [(1, "cq"), (2, "xm"), (3, "cs"), (4, "luan"), (1, "chongqing"), (3, "changsha")] {
            assert!(found(sample(at), typed), "{typed}");
        }
    }

    #[test]
    fn an_odd_reading_and_letters_inside_a_name_are_found_too() {
        // The seventh name begins with a character that is read in two ways.
        for typed in ["zengshi", "cengshi", "zs"] {
            assert!(found(sample(6), typed), "{typed}");
        }
        for typed in ["tclwl", "wuliu", "tcl"] {
            assert!(found(sample(5), typed), "{typed}");
        }
    }

    #[test]
    fn what_can_be_cut_in_two_ways_is_looked_for_in_both() {
        let cuts = patterns("xian");
        assert!(cuts.contains(&"'xian".to_owned()) && cuts.contains(&"'xi'an".to_owned()), "{cuts:?}");
        assert!(patterns(sample(0)).is_empty());
    }

    #[test]
    fn names_stand_in_the_order_of_a_dictionary() {
        let mut names: Vec<&str> = include_str!("names_for_tests.txt").lines().skip(7).collect();
        let wanted = names.clone();
        names.sort();
        names.sort_by_cached_key(|name| sort_key(name));
        assert_eq!(names, wanted);
    }
}
