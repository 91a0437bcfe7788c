//! Passwords are hashed and checked a few at a time, because each takes 19 MiB while it is worked on.

use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use base::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long somebody waits for his turn before he is asked to come back.
const WAIT: Duration = Duration::from_secs(2);
/// Told to whoever is turned away, in seconds.
const COME_BACK_AFTER: u64 = 10;

/// Argon2id with 19 MiB and two passes, off the threads that answer requests.
#[derive(Clone, Debug)]
pub struct Passwords {
    places: Arc<Semaphore>,
    wait: Duration,
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self { places: Arc::new(Semaphore::new(2 * cores)), wait: WAIT }
    }
}

impl Passwords {
    /// # Errors
    /// `TooMany` when no place gets free in time, `Bug` when hashing fails.
    pub async fn hash(&self, password: String) -> Result<String, Error> {
        let place = self.place().await?;
        let hashed = tokio::task::spawn_blocking(move || {
            let hashed = Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string());
            drop(place);
            hashed
        });
        hashed.await.map_err(bug)?.map_err(bug)
    }

    /// Whether the password belongs to the hash. Without a hash the same work is done for nothing, so that the time of
    /// the answer does not tell whether the user exists.
    ///
    /// # Errors
    /// `TooMany` when no place gets free in time, `Bug` when the work could not be done.
    pub async fn fits(&self, password: String, stored: Option<String>) -> Result<bool, Error> {
        let place = self.place().await?;
        let checked = tokio::task::spawn_blocking(move || {
            let fits = match stored {
                Some(stored) => PasswordHash::new(&stored)
                    .is_ok_and(|stored| Argon2::default().verify_password(password.as_bytes(), &stored).is_ok()),
                None => {
                    let _ = Argon2::default().hash_password(password.as_bytes());
                    false
                }
            };
            drop(place);
            fits
        });
        checked.await.map_err(bug)
    }

    /// Goes with the work, not with the request: whoever hangs up does not free memory that is still in use.
    async fn place(&self) -> Result<OwnedSemaphorePermit, Error> {
        match tokio::time::timeout(self.wait, self.places.clone().acquire_owned()).await {
            Ok(place) => place.map_err(bug),
            Err(_) => Err(Error::TooMany { retry_after_seconds: COME_BACK_AFTER }),
        }
    }
}

fn bug(error: impl std::fmt::Display) -> Error {
    Error::Bug(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_so_many_passwords_are_checked_at_the_same_moment() {
        let passwords = Passwords { places: Arc::new(Semaphore::new(2)), wait: Duration::from_millis(20) };
        let busy = [passwords.place().await.unwrap(), passwords.place().await.unwrap()];
        let turned_away = passwords.fits("x".into(), None).await;
        assert!(matches!(turned_away, Err(Error::TooMany { .. })));
        drop(busy);
        assert!(!passwords.fits("x".into(), None).await.unwrap());
        assert_eq!(passwords.places.available_permits(), 2);
    }

    #[tokio::test]
    async fn a_check_keeps_its_place_when_nobody_waits_for_it_any_more() {
        let passwords = Passwords { places: Arc::new(Semaphore::new(1)), wait: Duration::from_millis(1) };
        let gone = tokio::time::timeout(Duration::from_millis(1), passwords.fits("x".into(), None)).await;
        assert!(gone.is_err());
        assert!(matches!(passwords.hash("x".into()).await, Err(Error::TooMany { .. })));
    }
}
