//! Codes of authenticator apps (RFC 6238): SHA-1, six digits, thirty seconds, one step either way.

use base::{Error, Instant};
use qrcode::{Color, QrCode};
use totp_rs::{Builder, Secret, Totp};

const ISSUER: &str = "Hawser";

/// What an authenticator app needs to know; shown until the first code confirms it.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Base32, for typing.
    pub secret: String,
    pub url: String,
    /// Modules of the picture along one side, and the path that draws the dark ones.
    pub side: usize,
    pub picture: String,
}

/// 160 random bits, base32.
pub fn fresh_secret() -> String {
    Secret::generate().to_base32()
}

/// # Errors
/// `Bug` for a secret that is not one of ours.
pub fn offer(secret: &str, login: &str) -> Result<Offer, Error> {
    let url = of(secret, login)?.to_url().map_err(bug)?;
    let code = QrCode::new(url.as_bytes()).map_err(bug)?;
    let side = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
    let picture = dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % side, at / side)).collect();
    Ok(Offer { secret: secret.into(), url, side, picture })
}

/// The step that the code belongs to, when it fits now and is later than the last one used.
///
/// # Errors
/// `Bug` for a secret that is not one of ours.
pub fn step_of(secret: &str, code: &str, last: Option<i64>, now: Instant) -> Result<Option<i64>, Error> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    let step = of(secret, "user")?.check(&code, seconds).and_then(|step| i64::try_from(step).ok());
    Ok(step.filter(|step| last.is_none_or(|last| *step > last)))
}

fn of(secret: &str, login: &str) -> Result<Totp, Error> {
    let secret = Secret::try_from_base32(secret).map_err(|error| Error::Bug(format!("{error:?}")))?;
    Builder::new().with_secret(secret).with_account_name(login).with_issuer(Some(ISSUER)).build().map_err(bug)
}

fn bug(error: impl std::fmt::Display) -> Error {
    Error::Bug(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the secret "12345678901234567890" at 59 seconds gives 94287082 (the last six count here).
    #[test]
    fn the_code_of_the_standard_fits_once() {
        let secret = Secret::new(b"12345678901234567890".to_vec().into()).to_base32();
        let now = "1970-01-01T00:00:59Z".parse().unwrap();
        assert_eq!(step_of(&secret, "287 082", None, now).unwrap(), Some(1));
        assert_eq!(step_of(&secret, "287082", Some(1), now).unwrap(), None);
        assert_eq!(step_of(&secret, "287083", None, now).unwrap(), None);
        let later = "1970-01-01T00:02:00Z".parse().unwrap();
        assert_eq!(step_of(&secret, "287082", None, later).unwrap(), None);
    }
}
