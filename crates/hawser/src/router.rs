//! One router of all registered routes, each behind its access check.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use base::{Actor, Error};
use module::{Access, Route};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;
use web::{Failure, Shell, assets, faces, guard};

/// Every request is answered within this time.
const DEADLINE: Duration = Duration::from_secs(15);

/// `identify` finds out who is asking; it stands outside everything that depends on it.
pub fn build(routes: Vec<Route>, shell: Arc<Shell>, secure: bool, identify: impl FnOnce(Router) -> Router) -> Router {
    let inside = routes
        .into_iter()
        .fold(Router::new(), |router, route| {
            let (path, access) = (route.path, route.access);
            let check = middleware::from_fn(move |request: Request, next: Next| checked(access, request, next));
            router.route(path, route.handler().layer(check))
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
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, DEADLINE))
        .layer(TraceLayer::new_for_http())
}

async fn checked(access: Access, request: Request, next: Next) -> Response {
    match guard::check_access(access, request.extensions().get::<Actor>()) {
        Ok(()) => next.run(request).await,
        Err(error) => Failure(error).into_response(),
    }
}
