//! Names of files, which are only ever shown.

const MOST_CHARS: usize = 200;

/// The name as it is kept: without path, control characters and what turns text around. Its ending survives when the
/// name is too long.
pub fn cleaned(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !is_invisible(*c)).collect();
    let plain = plain.trim().trim_start_matches('.').trim();
    let over = plain.chars().count().saturating_sub(MOST_CHARS);
    if over == 0 {
        return plain.to_owned();
    }
    let ending = ending(plain).map_or_else(String::new, |ending| format!(".{ending}"));
    let kept = MOST_CHARS.saturating_sub(ending.chars().count());
    plain.chars().take(kept).chain(ending.chars()).collect()
}

/// In lower case, without the dot; `None` when the name has none that is short enough to be one.
pub fn ending(name: &str) -> Option<String> {
    let (before, ending) = name.rsplit_once('.')?;
    let short = (1..=8).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric());
    (!before.is_empty() && short).then(|| ending.to_ascii_lowercase())
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_neither_path_nor_what_cannot_be_seen() {
        assert_eq!(cleaned("../../etc/passwd.txt"), "passwd.txt");
        assert_eq!(cleaned("C:\\桌面\\破损 照片.JPG"), "破损 照片.JPG");
        assert_eq!(cleaned("a\u{202e}gpj.exe\r\n\0"), "agpj.exe");
        assert_eq!(cleaned("  ..htaccess "), "htaccess");
        assert_eq!(cleaned("/"), "");
    }

    #[test]
    fn a_name_that_is_too_long_keeps_its_ending() {
        let long = cleaned(&format!("{}.jpeg", "很".repeat(400)));
        assert_eq!((long.chars().count(), ending(&long).as_deref()), (MOST_CHARS, Some("jpeg")));
        assert_eq!(cleaned(&"x".repeat(400)).len(), MOST_CHARS);
    }

    #[test]
    fn an_ending_is_short_and_stands_after_a_name() {
        assert_eq!(ending("发票.JPG").as_deref(), Some("jpg"));
        assert_eq!(ending("invoice.jpg.exe").as_deref(), Some("exe"));
        assert_eq!([ending("jpg"), ending(".jpg"), ending("a."), ending("v1.破损")], [const { None }; 4]);
    }
}
