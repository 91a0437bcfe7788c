//! How many connections there are at once, and how long one may stand still.

mod places;

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum_server::accept::Accept;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use places::Held;
pub use places::{NoPlace, Places};

const MOST_CONNECTIONS: usize = 2000;
/// Enough for these and for whatever else is open: the database, files that are read.
const FILES: u64 = 2 * MOST_CONNECTIONS as u64;

/// What the server grants whoever connects.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Whoever comes when there are so many is turned away.
    pub connections: usize,
    /// The same of one address; `None`: as many as there are.
    pub per_address: Option<usize>,
    /// For the head of a request, and between two requests.
    pub head: Duration,
    /// Without a byte in either direction; longer than the longest answer takes to begin.
    pub silence: Duration,
    /// Until somebody takes the next bytes of his answer.
    pub reading: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: affordable(),
            per_address: None,
            head: Duration::from_secs(20),
            silence: Duration::from_secs(960),
            reading: Duration::from_secs(60),
        }
    }
}

/// Each connection is an open file, and half of the files are for others. Asks the system for more files first.
fn affordable() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(FILES, |most| most.min(FILES));
    if limit.current.is_some_and(|now| now < wanted) {
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: limit.maximum });
    }
    let files = getrlimit(Resource::Nofile).current.unwrap_or(FILES);
    usize::try_from(files / 2).map_or(MOST_CONNECTIONS, |half| half.min(MOST_CONNECTIONS))
}

/// Lets in as many connections as there are places.
#[derive(Clone, Debug)]
pub struct Counted<A> {
    inner: A,
    places: Places,
    limits: Limits,
    /// What the others are told, where that needs no handshake.
    no_place: Option<NoPlace>,
}

impl<A> Counted<A> {
    pub fn new(inner: A, places: Places, limits: Limits, no_place: Option<NoPlace>) -> Self {
        Self { inner, places, limits, no_place }
    }
}

impl<A, S> Accept<TcpStream, S> for Counted<A>
where
    A: Accept<TcpStream, S>,
    A::Future: Send + 'static,
{
    type Stream = Watched<A::Stream>;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let peer = stream.peer_addr().ok().map(|peer| peer.ip());
        let Some(place) = self.places.take(peer) else {
            if let Some(no_place) = &self.no_place {
                no_place.tell(stream);
            }
            return Box::pin(async { Err(io::Error::other("too many connections")) });
        };
        let (limits, accepted) = (self.limits, self.inner.accept(stream, service));
        Box::pin(async move {
            let (inner, service) = accepted.await?;
            let [silence, reading] = [Patience::of(limits.silence), Patience::of(limits.reading)];
            Ok((Watched { inner, silence, reading, _place: place }, service))
        })
    }
}

/// A connection that ends when it stands still.
#[derive(Debug)]
pub struct Watched<I> {
    inner: I,
    silence: Patience,
    reading: Patience,
    _place: Held,
}

/// Runs while somebody is waited for.
#[derive(Debug)]
struct Patience {
    limit: Duration,
    running: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    fn of(limit: Duration) -> Self {
        Self { limit, running: None }
    }

    fn wait<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        let limit = self.limit;
        ready!(self.running.get_or_insert_with(|| Box::pin(sleep(limit))).as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<I> Watched<I> {
    /// Something moved, or the client has to take what is there.
    fn written<T>(&mut self, done: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        match done {
            Poll::Ready(done) => {
                self.silence.running = None;
                self.reading.running = None;
                Poll::Ready(done)
            }
            Poll::Pending => self.reading.wait(context),
        }
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Watched<I> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.inner).poll_read(context, to) {
            Poll::Ready(done) => {
                self.silence.running = None;
                Poll::Ready(done)
            }
            Poll::Pending => self.silence.wait(context),
        }
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Watched<I> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.written(done, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.inner).poll_write_vectored(context, bytes);
        self.written(done, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.inner).poll_flush(context) {
            // Nothing to flush is no sign that the client takes anything.
            Poll::Ready(done) => Poll::Ready(done),
            Poll::Pending => self.reading.wait(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.inner).poll_shutdown(context) {
            Poll::Ready(done) => Poll::Ready(done),
            Poll::Pending => self.reading.wait(context),
        }
    }
}
