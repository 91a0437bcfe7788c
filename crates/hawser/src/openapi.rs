//! `/openapi.json`: what programs may ask, put together from what the modules say of themselves.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use module::{Access, Module, Routes};
use serde_json::{Map, Value, json};

pub fn module(parts: &[Value]) -> Module {
    let document = Arc::new(document(parts));
    Module {
        name: "openapi",
        routes: Routes::new().get("/openapi.json", Access::Public, whole, &document),
        ..Module::default()
    }
}

async fn whole(State(document): State<Arc<Value>>) -> Json<Value> {
    Json(Value::clone(&document))
}

/// OpenAPI 3.1 of all parts; every operation may also answer with a problem document.
pub fn document(parts: &[Value]) -> Value {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for part in parts {
        merge(&mut paths, &part["paths"]);
        merge(&mut schemas, &part["components"]["schemas"]);
    }
    for operation in paths.values_mut().flat_map(operations) {
        operation["responses"]["default"] = json!({
            "description": "A problem document (RFC 9457)",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        });
    }
    schemas.insert("Problem".into(), problem());
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Hawser", "version": env!("CARGO_PKG_VERSION"), "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"key": []}],
    })
}

/// Operations, method and path, whose address takes nothing besides its path.
pub fn without_query(document: &Value) -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            if !parameters.into_iter().any(|parameter| parameter["in"] == "query") {
                all.insert((method.to_uppercase(), path.clone()));
            }
        }
    }
    all
}

fn merge(into: &mut Map<String, Value>, from: &Value) {
    for (name, value) in from.as_object().into_iter().flatten() {
        match (into.get_mut(name), value) {
            (Some(Value::Object(held)), Value::Object(more)) => held.extend(more.clone()),
            _ => {
                into.insert(name.clone(), value.clone());
            }
        }
    }
}

fn operations(path: &mut Value) -> impl Iterator<Item = &mut Value> {
    path.as_object_mut().into_iter().flat_map(Map::values_mut).filter(|operation| operation["responses"].is_object())
}

fn problem() -> Value {
    let text = |about: &str| json!({"type": "string", "description": about});
    json!({
        "type": "object",
        "required": ["type", "title", "status", "code", "detail"],
        "properties": {
            "type": text("urn:hawser:problem:{code}"),
            "title": text("What the status means"),
            "status": {"type": "integer"},
            "code": text("Stable; does not depend on the language"),
            "detail": text("One sentence in the language of the request"),
            "fields": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "field": text("Name of the field"),
                        "code": text("Stable"),
                        "detail": text("A sentence"),
                        "allowed": {
                            "type": "array",
                            "items": {"type": "string"},
                            "description": "What would do, where that is a closed set",
                        },
                    },
                },
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_share_paths_and_every_operation_may_end_in_a_problem() {
        let one = json!({"paths": {"/a": {"get": {"responses": {}}}}, "components": {"schemas": {"A": {}}}});
        let two = json!({"paths": {"/a": {"post": {"responses": {}}}}, "components": {"schemas": {"B": {}}}});
        let whole = document(&[one, two]);
        for method in ["get", "post"] {
            assert!(whole["paths"]["/a"][method]["responses"]["default"].is_object());
        }
        assert!(whole["components"]["schemas"].as_object().unwrap().keys().eq(["A", "B", "Problem"]));
    }
}
