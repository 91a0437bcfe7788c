//! Forms that never come to an end.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use axum::middleware;
use axum::routing::post;
use futures::StreamExt;
use tower::ServiceExt;
use web::Csrf;

#[tokio::test]
async fn a_form_that_drips_in_is_given_up_after_a_quarter_of_a_minute() {
    let drops = futures::stream::repeat(()).then(async |()| {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok::<_, std::io::Error>(Bytes::from_static(b"a"))
    });
    let mut request = Request::post("/imports")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from_stream(drops))
        .unwrap();
    request.extensions_mut().insert(Csrf("token".into()));
    let app = Router::new().route("/imports", post(|| async {})).layer(middleware::from_fn(web::guard::check_origin));
    let started = tokio::time::Instant::now();
    let answer = app.oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(started.elapsed() < Duration::from_secs(16), "{:?}", started.elapsed());
}
