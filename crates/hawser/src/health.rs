//! For load balancers and operators: is it alive, can it work, how is it doing.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::{Db, dialect};
use metrics_exporter_prometheus::PrometheusHandle;
use module::{Access, Module, Routes};
use tokio::time::timeout;

/// Whoever balances load asks every few seconds; a database that takes longer is not there for him.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Health {
    db: Db,
    metrics: Arc<PrometheusHandle>,
}

pub fn module(db: Db, metrics: PrometheusHandle) -> Module {
    let health = Health { db, metrics: Arc::new(metrics) };
    Module {
        name: "health",
        routes: Routes::new()
            .get("/healthz", Access::Public, || async { "ok\n" }, &health)
            .get("/readyz", Access::Public, ready, &health)
            .get("/metrics", Access::Public, figures, &health),
        ..Module::default()
    }
}

async fn ready(State(health): State<Health>) -> Response {
    match timeout(PATIENCE, dialect::ping(health.db.read())).await {
        Ok(Ok(())) => "ready\n".into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

async fn figures(State(health): State<Health>) -> String {
    health.metrics.render()
}
