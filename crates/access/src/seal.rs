//! Secrets that we must be able to read again, such as those of authenticator apps, sealed by a key outside the database.

use std::fmt;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use base::Error;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};

use crate::secrets::hex;

const NONCE_BYTES: usize = 12;

/// Who has the database alone reads nothing that is sealed with it.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

impl From<[u8; 32]> for Key {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// Reads the key, or makes it where there is none: 32 bytes, hexadecimal, for its owner only.
///
/// # Errors
/// `Unavailable` names the file when it cannot be read or written or does not hold a key.
pub fn key_file(path: &Path) -> Result<Key, Error> {
    match std::fs::read_to_string(path) {
        Ok(text) => read(&text).ok_or_else(|| unusable(path, "it does not hold a key")),
        Err(error) if error.kind() == ErrorKind::NotFound => create(path),
        Err(error) => Err(unusable(path, error)),
    }
}

fn create(path: &Path) -> Result<Key, Error> {
    let text = crate::secrets::token()?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| unusable(path, error))?;
    }
    let opened = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = match opened {
        // Another process was first: its key counts.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return key_file(path),
        other => other.map_err(|error| unusable(path, error))?,
    };
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| unusable(path, error))?;
    read(&text).ok_or_else(|| unusable(path, "it does not hold a key"))
}

fn read(text: &str) -> Option<Key> {
    Some(Key(bytes(text.trim())?.try_into().ok()?))
}

fn unusable(path: &Path, cause: impl fmt::Display) -> Error {
    Error::Unavailable(format!("{}: {cause}", path.display()))
}

impl Key {
    /// Sealed for one purpose and owner; opened only with the same two.
    ///
    /// # Errors
    /// `Unavailable` when the operating system gives no randomness.
    pub(crate) fn seal(&self, about: &str, plain: &str) -> Result<String, Error> {
        let mut nonce = [0_u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|error| Error::Unavailable(error.to_string()))?;
        let payload = Payload { msg: plain.as_bytes(), aad: about.as_bytes() };
        let sealed = ChaCha20Poly1305::new(&self.0.into())
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|error| Error::Bug(error.to_string()))?;
        Ok(format!("{}{}", hex(&nonce), hex(&sealed)))
    }

    /// `None` when it was sealed by another key, for another purpose, or changed since.
    pub(crate) fn open(&self, about: &str, sealed: &str) -> Option<String> {
        let all = bytes(sealed)?;
        let (nonce, rest) = all.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload { msg: rest, aad: about.as_bytes() };
        let plain = ChaCha20Poly1305::new(&self.0.into()).decrypt(&Nonce::from(*nonce), payload).ok()?;
        String::from_utf8(plain).ok()
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_with_the_same_key_and_purpose() {
        let key = Key([7; 32]);
        let sealed = key.seal("totp zhang", "secret").unwrap();
        assert!(!sealed.contains("secret"));
        assert_eq!(key.open("totp zhang", &sealed).as_deref(), Some("secret"));
        assert_eq!(key.open("totp li", &sealed), None);
        assert_eq!(Key([8; 32]).open("totp zhang", &sealed), None);
        assert_eq!(key.open("totp zhang", "zz"), None);
    }
}
