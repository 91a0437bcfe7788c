//! The running server.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use base::Error;

use crate::config::Front;

/// Open requests get this long to finish when the program is told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(8);

/// Serves until the process is told to stop.
///
/// # Errors
/// `Unavailable` names the address that cannot be used or the certificate that cannot be read.
pub async fn serve(front: &Front, router: Router) -> Result<(), Error> {
    let handle = Handle::new();
    tokio::spawn(stop_when_told(handle.clone()));
    let listener = std::net::TcpListener::bind(front.listen)
        .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
        .map_err(|error| Error::Unavailable(format!("{}: {error}", front.listen)))?;
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = match &front.tls {
        Some((cert, key)) => {
            // Fails only when a provider is installed already, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let tls = RustlsConfig::from_pem_file(cert, key)
                .await
                .map_err(|error| Error::Unavailable(format!("{}: {error}", cert.display())))?;
            axum_server::from_tcp_rustls(listener, tls).map_err(unavailable)?.handle(handle).serve(service).await
        }
        None => axum_server::from_tcp(listener).map_err(unavailable)?.handle(handle).serve(service).await,
    };
    served.map_err(unavailable)
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
