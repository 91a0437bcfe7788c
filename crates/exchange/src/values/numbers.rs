//! Numbers as people write them, kept as plain decimal text: nothing passes through a float.

use base::Currency;
use unicode_normalization::UnicodeNormalization;

/// More digits than any quantity or amount has.
const DIGITS: usize = 30;
/// Largest power of ten in `1.2E+05`.
const POWER: i32 = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberProblem {
    /// Not a number at all; a mapping may keep it as unknown.
    Text,
    /// Digits and separators that can be read in more than one way, or not at all.
    Unclear,
    Percent,
    TooLong,
}

impl NumberProblem {
    pub fn key(self) -> &'static str {
        match self {
            NumberProblem::Text => "import-number_unreadable",
            NumberProblem::Unclear => "import-number_unclear",
            NumberProblem::Percent => "import-number_percent",
            NumberProblem::TooLong => "import-number_too_long",
        }
    }
}

/// A currency sign beside a number; several currencies share a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(&'static [&'static str]);

impl Mark {
    pub fn fits(self, currency: Currency) -> bool {
        self.0.contains(&currency.code())
    }
}

const DOLLARS: &[&str] =
    &["USD", "HKD", "SGD", "AUD", "CAD", "NZD", "TWD", "MXN", "BRL", "CLP", "COP", "ARS", "FJD", "NAD", "JMD"];
const MARKS: [(&str, &[&str]); 12] = [
    ("US$", &["USD"]),
    ("HK$", &["HKD"]),
    ("RMB", &["CNY"]),
    ("CNY", &["CNY"]),
    ("USD", &["USD"]),
    ("EUR", &["EUR"]),
    ("美元", &["USD"]),
    ("人民币", &["CNY"]),
    ("元", &["CNY"]),
    ("¥", &["CNY", "JPY"]),
    ("€", &["EUR"]),
    ("$", DOLLARS),
];

/// Reads `1,234.5`, `１，２３４`, `(12.50)`, `¥ 3`, `1.2万`, `1.2E+05` and gives plain text such as `-12.5`,
/// without needless zeros, and the currency sign if there was one.
///
/// # Errors
/// What it is instead of a number.
pub fn plain_number(text: &str) -> Result<(String, Option<Mark>), NumberProblem> {
    let text: String = text.nfkc().map(|c| if c == '\u{2212}' { '-' } else { c }).collect();
    let text = text.trim();
    if text.len() > 200 {
        return Err(NumberProblem::Text);
    }
    let (mut negative, mut rest) = match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(rest) => (true, rest.trim()),
        None => (false, text),
    };
    let in_brackets = negative;
    let mut mark = None;
    let mut signed = false;
    // A sign may stand on either side of the currency: -¥5, ¥-5.
    for _ in 0..3 {
        if let Some((sign, after)) =
            rest.strip_prefix('-').map(|a| (true, a)).or(rest.strip_prefix('+').map(|a| (false, a)))
        {
            if signed || in_brackets {
                return Err(NumberProblem::Unclear);
            }
            (signed, negative, rest) = (true, sign, after.trim_start());
        } else if let Some((found, after)) = marked(rest, |rest, sign| rest.strip_prefix(sign)) {
            if mark.is_some() {
                return Err(NumberProblem::Unclear);
            }
            (mark, rest) = (Some(found), after.trim_start());
        }
    }
    if let (None, Some((found, before))) = (mark, marked(rest, |rest, sign| rest.strip_suffix(sign))) {
        (mark, rest) = (Some(found), before.trim_end());
    }
    let plain = magnitude(rest)?;
    let sign = if negative && plain != "0" { "-" } else { "" };
    Ok((format!("{sign}{plain}"), mark))
}

fn marked<'a>(text: &'a str, strip: impl Fn(&'a str, &str) -> Option<&'a str>) -> Option<(Mark, &'a str)> {
    MARKS.iter().find_map(|(sign, codes)| strip(text, sign).map(|rest| (Mark(codes), rest)))
}

/// A number without sign and currency.
fn magnitude(text: &str) -> Result<String, NumberProblem> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Err(NumberProblem::Text);
    }
    if let Some(before) = text.strip_suffix('%').or(text.strip_suffix('‰')) {
        return match magnitude(before.trim_end()) {
            Ok(_) => Err(NumberProblem::Percent),
            Err(problem) => Err(problem),
        };
    }
    let (text, power) = power_of_ten(text)?;
    let (whole, part) = match text.split_once('.') {
        Some((whole, part)) => (whole, part),
        None => (text, ""),
    };
    let digits_only = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\'')) {
        return Err(NumberProblem::Text);
    }
    let whole = ungrouped(whole).ok_or(NumberProblem::Unclear)?;
    if !digits_only(part) || whole.is_empty() && part.is_empty() {
        return Err(NumberProblem::Unclear);
    }
    shifted(&whole, part, power)
}

/// `1.2万` is 1.2 × 10^4, `1.2E+05` is 1.2 × 10^5.
fn power_of_ten(text: &str) -> Result<(&str, i32), NumberProblem> {
    for (unit, power) in [("万亿", 12), ("亿", 8), ("万", 4)] {
        if let Some(before) = text.strip_suffix(unit) {
            return Ok((before.trim_end(), power));
        }
    }
    let Some((before, power)) = text.split_once(['e', 'E']) else { return Ok((text, 0)) };
    let digits = power.strip_prefix(['+', '-']).unwrap_or(power);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NumberProblem::Text);
    }
    match power.parse::<i32>() {
        Ok(power) if power.abs() <= POWER => Ok((before, power)),
        _ => Err(NumberProblem::TooLong),
    }
}

/// Takes out thousands separators; all groups but the first must have three digits and one separator is used throughout.
fn ungrouped(whole: &str) -> Option<String> {
    let Some(separator) = whole.chars().find(|c| !c.is_ascii_digit()) else { return Some(whole.to_owned()) };
    let mut groups = whole.split(separator);
    let first = groups.next()?;
    let fine = |group: &str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    match (1..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_digit()) && groups.all(fine) {
        true => Some(whole.replace(separator, "")),
        false => None,
    }
}

/// Moves the decimal point; exact, because only digits move.
fn shifted(whole: &str, part: &str, power: i32) -> Result<String, NumberProblem> {
    let digits = format!("{whole}{part}");
    let point = i32::try_from(whole.len()).map_err(|_| NumberProblem::TooLong)? + power;
    let (whole, part) = match usize::try_from(point) {
        Ok(point) if point >= digits.len() => (format!("{digits:0<point$}"), String::new()),
        Ok(point) => (digits[..point].to_owned(), digits[point..].to_owned()),
        Err(_) => (String::new(), format!("{}{digits}", "0".repeat(point.unsigned_abs() as usize))),
    };
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    if whole.len() + part.len() > DIGITS {
        return Err(NumberProblem::TooLong);
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    Ok(if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") })
}
