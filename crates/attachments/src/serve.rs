//! Files on their way to the reader.

use std::io;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::Error;
use tokio::io::AsyncReadExt;
use web::Failure;

use crate::attachment::Model;
use crate::folder::{Blobs, unavailable};
use crate::rules::TOO_LARGE;
use crate::service::blocking;

/// Bytes that are read at once.
const PIECE: usize = 1 << 16;

pub(crate) async fn response(blobs: &Blobs, file: &Model) -> Result<Response, Error> {
    let (blobs, hash) = (blobs.clone(), file.sha256.clone());
    let (opened, bytes) = blocking(move || {
        let opened = blobs.open(&hash).map_err(|error| unavailable(&error))?;
        let bytes = opened.metadata().map_err(|error| unavailable(&error))?.len();
        Ok((opened, bytes))
    })
    .await?;
    let pieces = futures::stream::unfold(tokio::fs::File::from_std(opened), async |mut file| {
        let mut piece = vec![0; PIECE];
        match file.read(&mut piece).await {
            Ok(0) => None,
            Ok(read) => {
                piece.truncate(read);
                Some((Ok::<_, io::Error>(Bytes::from(piece)), file))
            }
            // The line breaks off, so that nobody takes half a file for the whole.
            Err(error) => Some((Err(error), file)),
        }
    });
    let headers: [(HeaderName, String); 6] = [
        (header::CONTENT_TYPE, file.kind.media_type().into()),
        (header::CONTENT_LENGTH, bytes.to_string()),
        (header::CONTENT_DISPOSITION, disposition(&file.name)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".into()),
        (header::CACHE_CONTROL, "private, no-store".into()),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// To be saved under its name: RFC 6266, with the name for those who read only ASCII first.
fn disposition(name: &str) -> String {
    let plain: String = (name.chars())
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' })
        .collect();
    // RFC 8187, 3.2.1: what may stand as it is.
    let encoded: String = (name.bytes())
        .map(|byte| match byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// Answers a file that was not taken: 413 when it is too large, otherwise as any error. It gets the reader's face.
pub fn turned_away(error: impl Into<Error>) -> Response {
    let error = error.into();
    let too_large = error.code() == TOO_LARGE;
    let mut response = Failure(error).into_response();
    if too_large {
        *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_end_the_header_that_carries_it() {
        let said = disposition("破损\"; x=1\r\n照片.jpg");
        assert!(said.starts_with("attachment; filename=\"____ x_1____.jpg\"; "), "{said}");
        assert!(
            said.ends_with("filename*=UTF-8''%E7%A0%B4%E6%8D%9F%22%3B%20x%3D1%0D%0A%E7%85%A7%E7%89%87.jpg"),
            "{said}"
        );
        assert!(said.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
    }
}
