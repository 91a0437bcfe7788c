//! One router of all registered routes, each behind its access check.

use std::any::Any;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{RawPathParams, Request};
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Extension, RequestExt, Router};
use base::{Actor, Error};
use module::{Access, Route};
use tower_http::catch_panic::CatchPanicLayer;
use web::answer::wrong_method;
use web::{Failure, Shell, assets, faces, guard};

use crate::requests;
use crate::sending::{PACE, Pace, watched};

/// Every handler answers within this time …
const DEADLINE: Duration = Duration::from_secs(15);
/// … but a large file over a slow line takes longer.
const UPLOAD_DEADLINE: Duration = Duration::from_secs(900);
const UPLOADS: [&str; 2] = ["/imports", "/api/v1/imports"];
/// What evidence is sent to ends so, whatever it is evidence of.
const EVIDENCE: &str = "/files";
/// What stands around the handlers, such as the check of a form, gets this much on top.
const AROUND: Duration = Duration::from_secs(20);

/// `identify` finds out who is asking; it stands outside everything that depends on it.
/// `without_query` names the operations, method and path, that take nothing besides their path.
pub fn build(
    routes: Vec<Route>,
    without_query: &BTreeSet<(String, String)>,
    shell: Arc<Shell>,
    secure: bool,
    identify: impl FnOnce(Router) -> Router,
) -> Router {
    let inside = routes
        .into_iter()
        .fold(Router::new(), |router, route| {
            let (path, access) = (route.path, route.access);
            let bare = without_query.contains(&(route.method.to_string(), path.to_owned()));
            let check = middleware::from_fn(move |request: Request, next: Next| checked((access, bare), request, next));
            let watch = middleware::from_fn(move |request: Request, next: Next| counted(path, request, next));
            let timed = middleware::from_fn(|request, next| in_time(Duration::ZERO, request, next));
            router.route(path, route.handler().layer(timed).layer(check).layer(watch))
        })
        .fallback(|| async { Failure(Error::NotFound) })
        .layer(middleware::from_fn(guard::check_origin))
        // Says nothing about any record and changes none, so no token is asked for.
        .method_not_allowed_fallback(|| async { wrong_method() })
        .layer(middleware::from_fn(|request, next| at_pace(PACE, request, next)))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(faces::give_faces))
        .layer(middleware::from_fn(requests::note_who));
    identify(inside)
        .layer(Extension(shell))
        .route(&format!("{}{{file}}", assets::PREFIX), assets::handler())
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(|request, next| in_time(AROUND, request, next)))
        .layer(middleware::from_fn(move |request, next| guard::put_headers(secure, request, next)))
        .layer(middleware::from_fn(requests::tell))
}

/// Uploads are told by their path, which is known before anything of the body is.
fn is_upload(request: &Request) -> bool {
    let path = request.uri().path();
    request.method() == Method::POST && (UPLOADS.contains(&path) || path.ends_with(EVIDENCE))
}

/// An upload may take long, but not by dripping.
async fn at_pace(pace: Pace, request: Request, next: Next) -> Response {
    if !is_upload(&request) {
        return next.run(request).await;
    }
    let (request, slow) = watched(request, pace);
    let response = next.run(request).await;
    slow.answer().unwrap_or(response)
}

async fn in_time(longer: Duration, request: Request, next: Next) -> Response {
    let deadline = longer + if is_upload(&request) { UPLOAD_DEADLINE } else { DEADLINE };
    match tokio::time::timeout(deadline, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure(Error::Unavailable(format!("no answer within {} s", deadline.as_secs()))).into_response(),
    }
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    Failure(Error::Bug(format!("panic: {}", text.unwrap_or("without words")))).into_response()
}

async fn checked((access, bare): (Access, bool), mut request: Request, next: Next) -> Response {
    // No record has such an id: a NUL, which PostgreSQL takes in no text, or bytes that are no text at all.
    let nameless = request.uri().path().contains("%00") || request.extract_parts::<RawPathParams>().await.is_err();
    let allowed = guard::check_access(access, request.extensions().get::<Actor>());
    let allowed = if nameless { allowed.and(Err(Error::NotFound)) } else { allowed };
    match allowed.and_then(|()| if bare { guard::check_no_query(request.uri()) } else { Ok(()) }) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::StatusCode;
    use module::Routes;
    use tower::ServiceExt;

    async fn breaks() -> &'static str {
        panic!("a hole in the deck")
    }

    async fn hangs() -> &'static str {
        std::future::pending().await
    }

    fn ship() -> Router {
        let routes = Routes::new()
            .get("/breaks", Access::Public, breaks, &())
            .get("/hangs", Access::Public, hangs, &())
            .get("/api/v1/breaks", Access::Public, breaks, &());
        let texts = texts::Texts::load([web::locales()]).unwrap();
        let shell = Shell { texts: Arc::new(texts), menu: Vec::new() };
        build(routes.into_all(), &BTreeSet::new(), Arc::new(shell), true, |inside| inside)
    }

    async fn ask(request: Request) -> (StatusCode, axum::http::HeaderMap, String) {
        let response = ship().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_method_that_a_path_does_not_take_is_told_which_it_takes_before_any_token_is_asked_for() {
        let wrong = |path: &str| Request::delete(path).body(Body::empty()).unwrap();
        let (status, headers, body) = ask(wrong("/breaks")).await;
        assert_eq!((status, headers["allow"].to_str().unwrap()), (StatusCode::METHOD_NOT_ALLOWED, "GET,HEAD"));
        assert!(headers.contains_key("content-security-policy") && body.contains("<html"), "{body}");
        let (status, headers, body) = ask(wrong("/api/v1/breaks")).await;
        assert_eq!((status, headers["allow"].to_str().unwrap()), (StatusCode::METHOD_NOT_ALLOWED, "GET,HEAD"));
        assert_eq!(headers["content-type"], "application/problem+json");
        assert!(body.contains("error-wrong_method"), "{body}");
    }

    #[tokio::test]
    async fn an_answer_to_what_went_wrong_has_the_headers_and_the_face_of_any_other() {
        for (path, status) in [
            ("/breaks", StatusCode::INTERNAL_SERVER_ERROR),
            ("/hangs", StatusCode::SERVICE_UNAVAILABLE),
            ("/nowhere", StatusCode::NOT_FOUND),
        ] {
            let (answered, headers, body) = ask(Request::get(path).body(Body::empty()).unwrap()).await;
            assert_eq!(answered, status, "{path}");
            assert!(headers.contains_key("content-security-policy"), "{path}");
            assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
            assert!(body.contains("<html") && !body.contains("a hole in the deck"), "{path}: {body}");
        }
        let (_, headers, body) = ask(Request::get("/api/v1/breaks").body(Body::empty()).unwrap()).await;
        assert_eq!(headers["content-type"], "application/problem+json");
        assert!(body.contains("\"bug\""), "{body}");
    }
}
