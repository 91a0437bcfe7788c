//! The running server.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum_server::accept::DefaultAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use base::Error;

use crate::config::Front;
use crate::connections::{Counted, Limits};

/// Open requests get this long to finish when the program is told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(8);

/// Serves until the process is told to stop.
///
/// # Errors
/// `Unavailable` names the address that cannot be used or the certificate that cannot be read.
pub async fn serve(front: &Front, router: Router) -> Result<(), Error> {
    let handle = Handle::new();
    tokio::spawn(stop_when_told(handle.clone()));
    let listener = TcpListener::bind(front.listen)
        .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
        .map_err(|error| Error::Unavailable(format!("{}: {error}", front.listen)))?;
    let tls = match &front.tls {
        Some((cert, key)) => {
            // Fails only when a provider is installed already, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let read = RustlsConfig::from_pem_file(cert, key).await;
            Some(read.map_err(|error| Error::Unavailable(format!("{}: {error}", cert.display())))?)
        }
        None => None,
    };
    serve_on(listener, tls, router, handle, Limits::default()).await
}

async fn serve_on(
    listener: TcpListener,
    tls: Option<RustlsConfig>,
    router: Router,
    handle: Handle<SocketAddr>,
    limits: Limits,
) -> Result<(), Error> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = patient(axum_server::from_tcp(listener).map_err(unavailable)?.handle(handle), limits);
    let served = match tls {
        Some(tls) => server.acceptor(Counted::new(RustlsAcceptor::new(tls), limits)).serve(service).await,
        None => server.acceptor(Counted::new(DefaultAcceptor::new(), limits)).serve(service).await,
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
    handle.graceful_shutdown(Some(LAST_REQUESTS));
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::time::timeout;

    const QUICK: Limits = Limits {
        connections: 2,
        head: Duration::from_millis(200),
        silence: Duration::from_secs(10),
        reading: Duration::from_millis(200),
    };
    const ASK: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

    async fn open(answer: String, limits: Limits) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let handle = Handle::new();
        let router = Router::new().route("/", get(move || std::future::ready(answer.clone())));
        tokio::spawn(serve_on(listener, None, router, handle.clone(), limits));
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
        let read = timeout(Duration::from_secs(5), late.read(&mut [0; 512])).await.unwrap();
        assert!(matches!(read, Ok(0) | Err(_)));
        inside.clear();
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut next = TcpStream::connect(address).await.unwrap();
        next.write_all(ASK).await.unwrap();
        assert!(next.read(&mut [0; 512]).await.unwrap() > 0);
    }
}
