//! What is shown of numbers and addresses to whoever has not asked for them.

/// What a number keeps at its beginning and its end where it is long enough.
const HEAD: usize = 3;
const TAIL: usize = 4;
const HIDDEN: &str = "****";

/// `138****1234`; of a short one less, of a very short one nothing.
pub fn number(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let (head, tail) = match signs.len() {
        0 => return String::new(),
        1..=4 => (0, 0),
        5..=9 => (1, 1),
        _ => (HEAD, TAIL),
    };
    let end = signs.len() - tail;
    signs[..head].iter().collect::<String>() + HIDDEN + &signs[end..].iter().collect::<String>()
}

/// `w****@example.com`: the firm's part is no secret.
pub fn email(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((name, host)) => format!("{}{HIDDEN}@{host}", name.chars().take(1).collect::<String>()),
        None => number(text),
    }
}

/// Whether a text is masked rather than a number or an address.
pub fn is_masked(text: &str) -> bool {
    text.contains('*') || text.contains('\u{ff0a}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_is_left_of_a_number_and_nothing_of_a_short_one() {
        let masked = ["13812341234", "+41 44 123 45 67", "55512", "8456", "", "电话一二三四五六七八"].map(number);
        assert_eq!(masked, ["138****1234", "+41****5 67", "5****2", "****", "", "电话一****五六七八"]);
        assert_eq!(email("wang@mingwei.cn"), "w****@mingwei.cn");
        assert_eq!(email("不是地址"), "****");
    }
}
