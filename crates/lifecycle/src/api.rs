//! The same for programs.

use axum::extract::State;
use utoipa::OpenApi;
use web::{Answer, Me, json};

use crate::Lifecycle;
use crate::views::{MoveRow, StageRow, StagesView};

#[derive(OpenApi)]
#[openapi(paths(stages), components(schemas(StagesView, StageRow, MoveRow)))]
struct Docs;

pub fn openapi() -> Option<serde_json::Value> {
    serde_json::to_value(Docs::openapi()).ok()
}

/// How many customers stand at which relationship stage, and how they moved.
#[utoipa::path(get, path = "/api/v1/reports/stages", tag = "reports", responses((status = 200, body = StagesView)))]
pub async fn stages(Me(actor): Me, State(lifecycle): State<Lifecycle>) -> Answer<StagesView> {
    json(lifecycle.stages(&actor).await?.into())
}
