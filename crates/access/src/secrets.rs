//! Random tokens, their hashes, and passwords.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
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

/// Argon2id with 19 MiB and two passes, off the threads that answer requests.
///
/// # Errors
/// `Bug` when hashing fails.
pub async fn hash_password(password: String) -> Result<String, Error> {
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
    });
    hashed.await.map_err(bug)?.map_err(bug)
}

/// Whether the password belongs to the hash. Without a hash the same work is done for nothing, so that the time of the
/// answer does not tell whether the user exists.
///
/// # Errors
/// `Bug` when the work could not be done.
pub async fn password_fits(password: String, stored: Option<String>) -> Result<bool, Error> {
    let checked = tokio::task::spawn_blocking(move || match stored {
        Some(stored) => PasswordHash::new(&stored)
            .is_ok_and(|stored| Argon2::default().verify_password(password.as_bytes(), &stored).is_ok()),
        None => {
            let _ = Argon2::default().hash_password(password.as_bytes());
            false
        }
    });
    checked.await.map_err(bug)
}

fn bug(error: impl std::fmt::Display) -> Error {
    Error::Bug(error.to_string())
}
