//! Random tokens and their hashes.

use base::Error;
use sha2::{Digest, Sha256};

/// 256 random bits, hexadecimal.
///
/// # Errors
/// `Unavailable` when the operating system gives no randomness.
pub fn token() -> Result<String, Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| Error::Unavailable(error.to_string()))?;
    Ok(hex(&bytes))
}

/// 80 random bits in four groups, without letters that look like digits.
///
/// # Errors
/// `Unavailable` when the operating system gives no randomness.
pub fn recovery_code() -> Result<String, Error> {
    const LETTERS: [char; 32] = [
        'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'm', 'n', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x',
        'y', 'z', '2', '3', '4', '5', '6', '7', '8', '9',
    ];
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| Error::Unavailable(error.to_string()))?;
    let letters: Vec<char> = bytes.iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32)).copied()).collect();
    Ok(letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-"))
}

/// However it was typed: capitals, spaces and dashes do not count.
pub fn recovery_hash(code: &str) -> String {
    let typed: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    hash(&format!("recovery {}", typed.to_ascii_lowercase()))
}

/// SHA-256, hexadecimal.
pub fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// What the forms of a session carry.
pub fn csrf(session: &str) -> String {
    hash(&format!("csrf{session}"))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
