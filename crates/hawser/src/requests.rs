//! The log of requests: one line for each that changes something or fails. Routes, never addresses, because those hold
//! ids; who it was by kind, never by name.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use base::{Actor, ActorKind};
use tracing::Instrument;

/// Travels with the answer out to where the line is written.
#[derive(Clone, Copy)]
struct Who(&'static str);

/// Stands around everything; what others log meanwhile carries the route too.
pub async fn tell(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let (method, started) = (request.method().clone(), Instant::now());
    let span = tracing::info_span!("request", %method, route);
    let response = next.run(request).instrument(span).await;
    let status = response.status();
    if method.is_safe() && !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let Who(actor) = response.extensions().get().copied().unwrap_or(Who("nobody"));
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, route, status = status.as_u16(), ms, actor, "Request");
    response
}

/// Stands where it is known who asks.
pub async fn note_who(request: Request, next: Next) -> Response {
    let who = request.extensions().get::<Actor>().map(|actor| match actor.kind {
        ActorKind::User { .. } => Who("user"),
        ActorKind::Key { .. } => Who("key"),
        ActorKind::System(_) => Who("system"),
    });
    let mut response = next.run(request).await;
    if let Some(who) = who {
        response.extensions_mut().insert(who);
    }
    response
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;
    use axum::body::Body;
    use axum::http::StatusCode;
    use axum::routing::{get, post};
    use axum::{Extension, Router, middleware};
    use serde_json::Value;
    use tower::ServiceExt;
    use tracing_subscriber::fmt::MakeWriter;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl MakeWriter<'_> for Lines {
        type Writer = Self;

        fn make_writer(&self) -> Self {
            self.clone()
        }
    }

    impl Lines {
        fn read(&self) -> Vec<Value> {
            let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        }
    }

    /// What is logged while this is asked of a small ship, at the level that a server has by itself.
    async fn logged(request: Request) -> Vec<Value> {
        let lines = Lines::default();
        let to = tracing_subscriber::fmt().json().with_writer(lines.clone()).finish();
        let watching = tracing::subscriber::set_default(to);
        let ship = Router::new()
            .route("/ships/{id}", get(|| async { "ahoy" }).post(|| async { "aye" }))
            .route("/sinks/{id}", post(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
            .layer(middleware::from_fn(note_who))
            .layer(Extension(Actor::system("test", base::now())))
            .layer(middleware::from_fn(tell));
        ship.oneshot(request).await.unwrap();
        drop(watching);
        lines.read()
    }

    fn ask(method: &str, path: &str) -> Request {
        Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn a_request_that_changes_something_or_fails_leaves_one_line_without_its_address() {
        for (method, path, route, status) in [
            ("POST", "/ships/1234?csrf=secret", "/ships/{id}", 200),
            ("POST", "/sinks/1234", "/sinks/{id}", 500),
            ("GET", "/nowhere/1234", "none", 404),
        ] {
            let lines = logged(ask(method, path)).await;
            assert_eq!(lines.len(), 1, "{lines:?}");
            let told = &lines[0]["fields"];
            assert_eq!((&told["method"], &told["route"]), (&method.into(), &route.into()));
            assert_eq!((&told["status"], &told["actor"]), (&status.into(), &Value::from("system")));
            assert!(told["ms"].is_u64() && !lines[0].to_string().contains("1234"), "{told}");
        }
    }

    #[tokio::test]
    async fn whoever_only_looks_leaves_no_line() {
        assert_eq!(logged(ask("GET", "/ships/1234")).await, Vec::<Value>::new());
    }
}
