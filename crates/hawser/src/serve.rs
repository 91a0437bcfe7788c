//! The running server.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum_server::accept::DefaultAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use base::Error;

use crate::config::{Front, Wrong};
use crate::connections::{Counted, Limits, NoPlace, Places};

/// Open requests get this long to finish when the program is told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(8);

/// What the server stands on. Taken before anything else is done: a port that is not free costs nothing.
pub struct Place {
    listener: TcpListener,
    tls: Option<RustlsConfig>,
}

impl Place {
    /// Whoever comes from now on waits until the program serves.
    ///
    /// # Errors
    /// A sentence for the operator names the address that cannot be used or the certificate that cannot be read.
    pub async fn take(front: &Front) -> Result<Self, Wrong> {
        let address = front.listen;
        let bound = TcpListener::bind(address)
            .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
            .map_err(|error| match error.kind() {
                ErrorKind::AddrInUse => Wrong::Taken(address),
                _ => Wrong::Address { address, cause: error.to_string() },
            });
        Ok(Self { listener: bound?, tls: certificate(front).await? })
    }

    /// The port too, where the system was to choose one.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn address(&self) -> Result<SocketAddr, Error> {
        self.listener.local_addr().map_err(unavailable)
    }
}

async fn certificate(front: &Front) -> Result<Option<RustlsConfig>, Wrong> {
    let Some((cert, key)) = &front.tls else {
        return Ok(None);
    };
    // Fails only when a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match RustlsConfig::from_pem_file(cert, key).await {
        Ok(read) => Ok(Some(read)),
        Err(error) => Err(Wrong::Certificate { file: cert.display().to_string(), cause: error.to_string() }),
    }
}

/// Serves until the process is told to stop; `full` is what it says to whoever finds no place.
///
/// # Errors
/// `Unavailable` when the system takes the address away.
pub async fn serve(place: Place, front: &Front, router: Router, full: &str) -> Result<(), Error> {
    let handle = Handle::new();
    tokio::spawn(stop_when_told(handle.clone()));
    let limits = Limits { per_address: front.connections_per_address, ..Limits::default() };
    let places = Places::new(limits.connections, limits.per_address, front.outside.clone());
    serve_on(place, router, handle, limits, (places, NoPlace::new(full))).await
}

async fn serve_on(
    Place { listener, tls }: Place,
    router: Router,
    handle: Handle<SocketAddr>,
    limits: Limits,
    (places, no_place): (Places, NoPlace),
) -> Result<(), Error> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = patient(axum_server::from_tcp(listener).map_err(unavailable)?.handle(handle), limits);
    let served = match tls {
        Some(tls) => server.acceptor(Counted::new(RustlsAcceptor::new(tls), places, limits, None)).serve(service).await,
        None => {
            let plain = Counted::new(DefaultAcceptor::new(), places, limits, Some(no_place));
            server.acceptor(plain).serve(service).await
        }
    };
    served.map_err(unavailable)
}

/// Whoever says nothing, or says it very slowly, does not hold his connection for ever.
fn patient(mut server: Server<SocketAddr>, limits: Limits) -> Server<SocketAddr> {
    server.http_builder().http1().header_read_timeout(limits.head);
    server.http_builder().http2().max_concurrent_streams(100).keep_alive_interval(limits.head);
    server.first_request_timeout(limits.head)
}

fn unavailable(error: std::io::Error) -> Error {
    Error::Unavailable(error.to_string())
}

async fn stop_when_told(handle: Handle<SocketAddr>) {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
    tracing::info!(seconds = LAST_REQUESTS.as_secs(), "Told to stop; open requests may still end");
    handle.graceful_shutdown(Some(LAST_REQUESTS));
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::identify::Outside;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::time::timeout;

    const QUICK: Limits = Limits {
        connections: 2,
        per_address: None,
        head: Duration::from_millis(200),
        silence: Duration::from_secs(10),
        reading: Duration::from_millis(200),
    };
    const ASK: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

    async fn open(answer: String, limits: Limits) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let handle = Handle::new();
        listener.set_nonblocking(true).unwrap();
        let router = Router::new().route("/", get(move || std::future::ready(answer.clone())));
        let places = Places::new(limits.connections, limits.per_address, Outside::default());
        let place = Place { listener, tls: None };
        tokio::spawn(serve_on(place, router, handle.clone(), limits, (places, NoPlace::new("full\n"))));
        handle.listening().await.unwrap()
    }

    /// What comes until the server ends the connection; it must.
    async fn until_the_end(connection: &mut TcpStream) -> usize {
        let mut all = Vec::new();
        let ended = timeout(Duration::from_secs(5), connection.read_to_end(&mut all)).await;
        assert!(ended.is_ok(), "still open after {} bytes", all.len());
        all.len()
    }

    #[tokio::test]
    async fn whoever_says_nothing_or_half_a_request_is_hung_up_on() {
        let address = open("ahoy".into(), QUICK).await;
        for said in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: loc"] {
            let mut connection = TcpStream::connect(address).await.unwrap();
            connection.write_all(said.as_bytes()).await.unwrap();
            until_the_end(&mut connection).await;
        }
    }

    #[tokio::test]
    async fn whoever_stays_after_his_answer_without_asking_again_is_hung_up_on() {
        let address = open("ahoy".into(), QUICK).await;
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(ASK).await.unwrap();
        assert!(until_the_end(&mut connection).await > 0);
    }

    #[tokio::test]
    async fn a_body_that_nobody_wants_does_not_keep_a_connection_open() {
        let address = open("ahoy".into(), QUICK).await;
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(b"GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 9999\r\n\r\nx").await.unwrap();
        assert!(until_the_end(&mut connection).await > 0);
    }

    #[tokio::test]
    async fn whoever_does_not_take_his_answer_is_hung_up_on() {
        let long = 64 << 20;
        let address = open("a".repeat(long), QUICK).await;
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(ASK).await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        let mut all = Vec::new();
        let _ = timeout(Duration::from_secs(5), connection.read_to_end(&mut all)).await.unwrap();
        assert!(all.len() < long, "{}", all.len());
    }

    #[tokio::test]
    async fn one_address_does_not_fill_the_house() {
        let address = open("ahoy".into(), Limits { connections: 9, per_address: Some(1), ..QUICK }).await;
        let mut first = TcpStream::connect(address).await.unwrap();
        first.write_all(ASK).await.unwrap();
        assert!(first.read(&mut [0; 512]).await.unwrap() > 0);
        let mut second = TcpStream::connect(address).await.unwrap();
        let mut told = String::new();
        timeout(Duration::from_secs(5), second.read_to_string(&mut told)).await.unwrap().unwrap();
        assert!(told.starts_with("HTTP/1.1 503 "), "{told}");
    }

    #[tokio::test]
    async fn whoever_comes_when_the_house_is_full_is_turned_away_until_somebody_leaves() {
        let address = open("ahoy".into(), Limits { head: Duration::from_secs(60), ..QUICK }).await;
        let mut inside = Vec::new();
        for _ in 0..QUICK.connections {
            let mut connection = TcpStream::connect(address).await.unwrap();
            connection.write_all(ASK).await.unwrap();
            assert!(connection.read(&mut [0; 512]).await.unwrap() > 0);
            inside.push(connection);
        }
        let mut late = TcpStream::connect(address).await.unwrap();
        late.write_all(ASK).await.unwrap();
        let mut told = String::new();
        timeout(Duration::from_secs(5), late.read_to_string(&mut told)).await.unwrap().unwrap();
        assert!(told.starts_with("HTTP/1.1 503 ") && told.ends_with("\r\n\r\nfull\n"), "{told}");
        inside.clear();
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut next = TcpStream::connect(address).await.unwrap();
        next.write_all(ASK).await.unwrap();
        assert!(next.read(&mut [0; 512]).await.unwrap() > 0);
    }
}
