//! A body that is sent has to arrive: whoever drips it keeps a place, a file and a task busy for nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use base::{Error, Message};
use futures::stream::{StreamExt, unfold};
use tokio::time::timeout;
use web::Failure;

/// What has to arrive while we have waited this long, bytes: a slow mobile line brings three times as much.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    pub wait: Duration,
    pub bytes: u64,
}

pub const PACE: Pace = Pace { wait: Duration::from_secs(30), bytes: 128 * 1024 };

/// Whether the body came too slowly.
#[derive(Clone, Debug, Default)]
pub struct TooSlow(Arc<AtomicBool>);

impl TooSlow {
    /// What its sender is told, when it did.
    pub fn answer(&self) -> Option<Response> {
        if !self.0.load(Ordering::Relaxed) {
            return None;
        }
        let mut response = Failure(Error::Refused(Message::new("error-form_too_slow"))).into_response();
        *response.status_mut() = StatusCode::REQUEST_TIMEOUT;
        Some(response)
    }
}

/// The same request, whose body ends with an error when it falls behind.
pub fn watched(request: Request<Body>, pace: Pace) -> (Request<Body>, TooSlow) {
    let slow = TooSlow::default();
    let (parts, body) = request.into_parts();
    let sending =
        Sending { body: body.into_data_stream(), pace, arrived: 0, waited: Duration::ZERO, slow: slow.clone() };
    (Request::from_parts(parts, Body::from_stream(unfold(sending, Sending::next))), slow)
}

struct Sending {
    body: BodyDataStream,
    pace: Pace,
    /// Since what was waited for had last come in full.
    arrived: u64,
    /// For the sender; how long we take ourselves with what has come is none of his business.
    waited: Duration,
    slow: TooSlow,
}

impl Sending {
    async fn next(mut self) -> Option<(Result<Bytes, axum::Error>, Self)> {
        let begun = Instant::now();
        let Ok(read) = timeout(self.pace.wait.saturating_sub(self.waited), self.body.next()).await else {
            self.slow.0.store(true, Ordering::Relaxed);
            return Some((Err(axum::Error::new("the body comes too slowly")), self));
        };
        self.waited += begun.elapsed();
        let read = read?;
        self.arrived += read.as_ref().map_or(0, |bytes| bytes.len() as u64);
        if self.arrived >= self.pace.bytes {
            (self.arrived, self.waited) = (0, Duration::ZERO);
        }
        Some((read, self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::sleep;

    const QUICK: Pace = Pace { wait: Duration::from_millis(50), bytes: 100 };

    /// One piece each ten milliseconds.
    fn sent(pieces: usize, bytes: usize) -> Request<Body> {
        let stream = unfold(0, move |done| async move {
            sleep(Duration::from_millis(10)).await;
            (done < pieces).then(|| (Ok::<_, std::convert::Infallible>(Bytes::from(vec![b'x'; bytes])), done + 1))
        });
        Request::post("/imports").body(Body::from_stream(stream)).unwrap()
    }

    async fn read(request: Request<Body>) -> (Option<usize>, Option<StatusCode>) {
        let (request, slow) = watched(request, QUICK);
        let read = axum::body::to_bytes(request.into_body(), usize::MAX).await;
        (read.ok().map(|bytes| bytes.len()), slow.answer().map(|answer| answer.status()))
    }

    #[tokio::test]
    async fn whoever_drips_a_file_is_told_so_and_hung_up_on() {
        assert_eq!(read(sent(1000, 1)).await, (None, Some(StatusCode::REQUEST_TIMEOUT)));
    }

    #[tokio::test]
    async fn a_file_that_comes_along_is_taken_however_long_it_takes() {
        assert_eq!(read(sent(30, 100)).await, (Some(3000), None));
    }

    #[tokio::test]
    async fn a_small_file_needs_no_pace() {
        assert_eq!(read(sent(2, 10)).await, (Some(20), None));
    }
}
