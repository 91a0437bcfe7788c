//! Unified social credit code of legal entities, GB 32100-2015.

use base::{Message, Refusal};

/// The 31 signs in the order of their values; I, O, S, V and Z are left out because they look like digits or each other.
const SIGNS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Signs of a whole code.
const LENGTH: usize = 18;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongCode {
    #[error("has {found} characters instead of 18")]
    Length { found: usize },
    /// `position` counts from 1.
    #[error("has {sign} at {position}, which no code uses")]
    Sign { sign: char, position: usize },
    #[error("ends with {found}, its check character would be {expected}")]
    Check { expected: char, found: char },
}

impl Refusal for WrongCode {
    fn message(&self) -> Message {
        match self {
            WrongCode::Length { found } => Message::new("customer-credit_code_length").with("found", found),
            WrongCode::Sign { sign, position } => {
                Message::new("customer-credit_code_sign").with("sign", sign).with("position", position)
            }
            WrongCode::Check { expected, found } => {
                Message::new("customer-credit_code_check").with("expected", expected).with("found", found)
            }
        }
    }
}

/// The code in upper case, without blanks around it.
///
/// # Errors
/// What is wrong with it, first thing first.
pub fn checked(text: &str) -> Result<String, WrongCode> {
    let code = text.trim().to_uppercase();
    let found = code.chars().count();
    if found != LENGTH {
        return Err(WrongCode::Length { found });
    }
    let mut sum = 0;
    let mut weight = 1;
    let mut last = '0';
    for (at, sign) in code.chars().enumerate() {
        let value = value_of(sign).ok_or(WrongCode::Sign { sign, position: at + 1 })?;
        if at < LENGTH - 1 {
            // Weights are powers of 3 modulo 31.
            sum += value * weight;
            weight = weight * 3 % 31;
        }
        last = sign;
    }
    let expected = char::from(SIGNS[(31 - sum % 31) % 31]);
    match expected == last {
        true => Ok(code),
        false => Err(WrongCode::Check { expected, found: last }),
    }
}

fn value_of(sign: char) -> Option<usize> {
    SIGNS.iter().position(|known| char::from(*known) == sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes that the firms print on their own pages.
    const PUBLISHED: [&str; 2] = ["91440300708461136T", "914403001922038216"];

    #[test]
    fn published_codes_are_right() {
        for code in PUBLISHED {
            assert_eq!(checked(code), Ok(code.to_owned()));
        }
        assert_eq!(checked(" 914403001922038216 ").unwrap(), "914403001922038216");
    }

    #[test]
    fn every_change_of_one_character_is_found() {
        for code in PUBLISHED {
            for at in 0..LENGTH {
                for sign in SIGNS.iter().map(|sign| char::from(*sign)) {
                    let changed: String =
                        code.chars().enumerate().map(|(place, old)| if place == at { sign } else { old }).collect();
                    assert_eq!(checked(&changed).is_ok(), changed == code, "{changed}");
                }
            }
        }
    }

    #[test]
    fn a_wrong_code_says_what_is_wrong() {
        assert_eq!(checked("9144"), Err(WrongCode::Length { found: 4 }));
        assert_eq!(checked("91440300192203821O"), Err(WrongCode::Sign { sign: 'O', position: 18 }));
        assert_eq!(checked("91中403001922038216"), Err(WrongCode::Sign { sign: '中', position: 3 }));
        assert_eq!(checked("914403001922038217"), Err(WrongCode::Check { expected: '6', found: '7' }));
    }
}
