//! One router of all registered routes, each behind its access check.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use base::{Actor, Error};
use module::{Access, Route};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;
use web::{Failure, Shell, assets, faces, guard};

/// Every request is answered within this time …
const DEADLINE: Duration = Duration::from_secs(15);
/// … but a large file over a slow line takes longer.
const UPLOAD_DEADLINE: Duration = Duration::from_secs(900);
const UPLOADS: [&str; 2] = ["/imports", "/api/v1/imports"];

/// `identify` finds out who is asking; it stands outside everything that depends on it.
pub fn build(routes: Vec<Route>, shell: Arc<Shell>, secure: bool, identify: impl FnOnce(Router) -> Router) -> Router {
    let inside = routes
        .into_iter()
        .fold(Router::new(), |router, route| {
            let (path, access) = (route.path, route.access);
            let check = middleware::from_fn(move |request: Request, next: Next| checked(access, request, next));
            let watch = middleware::from_fn(move |request: Request, next: Next| counted(path, request, next));
            let deadline = if UPLOADS.contains(&path) { UPLOAD_DEADLINE } else { DEADLINE };
            let timeout = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, deadline);
            router.route(path, route.handler().layer(timeout).layer(check).layer(watch))
        })
        .fallback(|| async { Failure(Error::NotFound) })
        .method_not_allowed_fallback(|| async { Failure(Error::NotFound) })
        .layer(middleware::from_fn(guard::check_origin))
        .layer(middleware::from_fn(faces::give_faces));
    identify(inside)
        .layer(Extension(shell))
        .route(&format!("{}{{file}}", assets::PREFIX), assets::handler())
        .layer(middleware::from_fn(move |request, next| guard::put_headers(secure, request, next)))
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, UPLOAD_DEADLINE))
        .layer(TraceLayer::new_for_http())
}

async fn checked(access: Access, request: Request, next: Next) -> Response {
    match guard::check_access(access, request.extensions().get::<Actor>()) {
        Ok(()) => next.run(request).await,
        Err(error) => Failure(error).into_response(),
    }
}

/// Counts answers and their time per route, never per address: addresses hold identifiers.
async fn counted(path: &'static str, request: Request, next: Next) -> Response {
    let (method, started) = (request.method().to_string(), Instant::now());
    let response = next.run(request).await;
    let labels = [("method", method), ("route", path.to_owned()), ("status", response.status().as_u16().to_string())];
    metrics::counter!("hawser_requests_total", &labels).increment(1);
    metrics::histogram!("hawser_request_seconds", &labels[..2]).record(started.elapsed().as_secs_f64());
    response
}
