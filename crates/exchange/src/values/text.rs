use base::Message;
use unicode_normalization::UnicodeNormalization;

/// Trims a cell's text and takes out what nobody sees: copied phone numbers and names bring direction marks,
/// zero-width blanks and byte order marks that make equal texts unequal. Joiners stay, emoji and scripts need them.
///
/// # Errors
/// NUL and other control characters; line ends are text, a tab becomes a blank.
pub fn clean(text: &str) -> Result<String, Message> {
    // Nearly all of the millions of cells.
    if text.chars().all(|c| !c.is_control() && !is_unseen(c)) {
        return Ok(bare(text.trim()).to_owned());
    }
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if is_unseen(c) => {}
            '\t' => kept.push(' '),
            '\r' | '\n' => kept.push('\n'),
            c if c.is_control() => {
                let code = format!("U+{:04X}", u32::from(c));
                return Err(Message::new("import-control_character").with("code", code));
            }
            c => kept.push(c),
        }
    }
    Ok(bare(kept.trim()).to_owned())
}

fn is_unseen(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Our own file of refused rows protects texts that look like a formula with an apostrophe.
fn bare(trimmed: &str) -> &str {
    match trimmed.strip_prefix('\'') {
        Some(rest) if crate::refused::looks_like_formula(rest) => rest.trim(),
        _ => trimmed,
    }
}

/// For comparing words: full width and half width, case, blanks and punctuation do not matter.
pub fn normal(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// `6.90123E+12`: what Excel writes into a CSV in place of a long number; its last digits are gone.
pub(super) fn is_number_cut_by_excel(text: &str) -> bool {
    let Some((head, power)) = text.trim().split_once("E+") else { return false };
    let Some((whole, part)) = head.split_once('.') else { return false };
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    whole.len() == 1 && power.len() == 2 && all_digits(whole) && all_digits(part) && all_digits(power)
}
