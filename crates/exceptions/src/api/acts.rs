//! What programs do about exceptions. Each answers with what stands now; the ETag is its version.

use axum::extract::{Path, State};
use base::Actor;
use web::api::{Body, IfMatch, Tagged};
use web::{Answer, Failure, Me, Ui};

use super::asked::{AskedAct, BlameAct, HandOverAct, SolveAct, SolveTogether, TellAct, TellTogether, VoidAct};
use crate::exception::{ExceptionId, Model};
use crate::service::Seen;
use crate::views::{self, ExceptionView};
use crate::{Exceptions, Way};

type Now = Result<Tagged<ExceptionView>, Failure>;

fn seen(id: String, version: i64) -> Seen {
    Seen { id: ExceptionId(id), version }
}

async fn now(exceptions: &Exceptions, actor: &Actor, one: &Model) -> Now {
    let file = exceptions.file(actor, &one.exception_id()).await?;
    Ok(Tagged { version: file.exception.version, body: file.into() })
}

/// Writes down that the customer was told.
#[utoipa::path(post, path = "/api/v1/exceptions/{id}/tell", operation_id = "tell_exception", tag = "exceptions",
    params(("id" = String, Path), IfMatch), request_body = TellAct,
    responses((status = 200, body = ExceptionView, headers(("etag" = String)))))]
pub async fn tell(
    ui: Ui,
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
    Body(act): Body<TellAct>,
) -> Now {
    let text = match act.text {
        Some(text) => text,
        None => {
            let file = exceptions.file(&actor, &ExceptionId(id.clone())).await?;
            views::draft(&ui, &exceptions.notices(&actor).await?, &file, None).1
        }
    };
    let way = Way { how: act.how, at: act.at.unwrap_or(actor.now) };
    let told = exceptions.tell(&actor, way, vec![(seen(id, version), text)]).await?;
    now(&exceptions, &actor, told.first().ok_or(base::Error::NotFound)?).await
}

/// Writes down that the customers of one group were told, each in the text that the firm has set. All or none.
#[utoipa::path(post, path = "/api/v1/exceptions/tell-together", operation_id = "tell_exceptions", tag = "exceptions",
    request_body = TellTogether, responses((status = 200, body = [Model])))]
pub async fn tell_together(
    ui: Ui,
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Body(act): Body<TellTogether>,
) -> Answer<Vec<Model>> {
    let notices = exceptions.notices(&actor).await?;
    let mut tellings = Vec::new();
    for one in act.exceptions.into_iter().take(crate::service::MOST_TOGETHER + 1) {
        let seen = Seen::from(one);
        let file = exceptions.file(&actor, &seen.id).await?;
        tellings.push((seen, views::draft(&ui, &notices, &file, None).1));
    }
    let way = Way { how: act.how, at: act.at.unwrap_or(actor.now) };
    web::json(exceptions.tell(&actor, way, tellings).await?)
}

/// Writes down that the customer asked before he was told.
#[utoipa::path(post, path = "/api/v1/exceptions/{id}/asked", operation_id = "exception_asked", tag = "exceptions",
    params(("id" = String, Path), IfMatch), request_body = AskedAct,
    responses((status = 200, body = ExceptionView, headers(("etag" = String)))))]
pub async fn asked(
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
    Body(act): Body<AskedAct>,
) -> Now {
    let one = exceptions.asked(&actor, &seen(id, version), act.at.unwrap_or(actor.now)).await?;
    now(&exceptions, &actor, &one).await
}

/// Somebody is at it.
#[utoipa::path(post, path = "/api/v1/exceptions/{id}/start", operation_id = "start_exception", tag = "exceptions",
    params(("id" = String, Path), IfMatch),
    responses((status = 200, body = ExceptionView, headers(("etag" = String)))))]
pub async fn start(
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
) -> Now {
    let one = exceptions.start(&actor, &seen(id, version)).await?;
    now(&exceptions, &actor, &one).await
}

/// It is solved; who answers for it may stay open.
#[utoipa::path(post, path = "/api/v1/exceptions/{id}/solve", operation_id = "solve_exception", tag = "exceptions",
    params(("id" = String, Path), IfMatch), request_body = SolveAct,
    responses((status = 200, body = ExceptionView, headers(("etag" = String)))))]
pub async fn solve(
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
    Body(act): Body<SolveAct>,
) -> Now {
    let solved = exceptions.solve(&actor, &[seen(id, version)], &act.solution, act.liable).await?;
    now(&exceptions, &actor, solved.first().ok_or(base::Error::NotFound)?).await
}

/// All of one group are solved the same way. All or none.
#[utoipa::path(post, path = "/api/v1/exceptions/solve-together", operation_id = "solve_exceptions", tag = "exceptions",
    request_body = SolveTogether, responses((status = 200, body = [Model])))]
pub async fn solve_together(
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Body(act): Body<SolveTogether>,
) -> Answer<Vec<Model>> {
    let seen: Vec<Seen> = act.exceptions.into_iter().map(Seen::from).collect();
    web::json(exceptions.solve(&actor, &seen, &act.solution, act.liable).await?)
}

/// Who answers for it, also after it was solved.
#[utoipa::path(post, path = "/api/v1/exceptions/{id}/blame", operation_id = "blame_exception", tag = "exceptions",
    params(("id" = String, Path), IfMatch), request_body = BlameAct,
    responses((status = 200, body = ExceptionView, headers(("etag" = String)))))]
pub async fn blame(
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
    Body(act): Body<BlameAct>,
) -> Now {
    let one = exceptions.blame(&actor, &seen(id, version), act.liable).await?;
    now(&exceptions, &actor, &one).await
}

/// It was none.
#[utoipa::path(post, path = "/api/v1/exceptions/{id}/void", operation_id = "void_exception", tag = "exceptions",
    params(("id" = String, Path), IfMatch), request_body = VoidAct,
    responses((status = 200, body = ExceptionView, headers(("etag" = String)))))]
pub async fn void(
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
    Body(act): Body<VoidAct>,
) -> Now {
    let one = exceptions.void(&actor, &seen(id, version), &act.why).await?;
    now(&exceptions, &actor, &one).await
}

/// Gives it to somebody else who may handle it.
#[utoipa::path(post, path = "/api/v1/exceptions/{id}/hand-over", operation_id = "hand_over_exception",
    tag = "exceptions", params(("id" = String, Path), IfMatch), request_body = HandOverAct,
    responses((status = 200, body = ExceptionView, headers(("etag" = String)))))]
pub async fn hand_over(
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
    Body(act): Body<HandOverAct>,
) -> Now {
    let one = exceptions.hand_over(&actor, &seen(id, version), &act.owner).await?;
    now(&exceptions, &actor, &one).await
}
