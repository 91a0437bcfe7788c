//! The same for programs.

use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use base::{DepartmentId, Error, Message};
use module::Access::{Needs, SignedIn};
use module::Routes;
use utoipa::OpenApi;
use web::api::{Body, Changed, IfMatch, Tagged};
use web::{Answer, Failure, Me, Ui, json};

use crate::day::{self, DayKind, Origin};
use crate::forms::{DayDraft, DueAsk, HoldAsk, HoursDraft, YearDraft};
use crate::legal::LegalClock;
use crate::service::{Calendars, year_of};
use crate::views::{DueView, HoursView, LegalView, YearRow, YearView};
use crate::{Hours, MANAGE, clock};

#[derive(OpenApi)]
#[openapi(
    paths(all_hours, hours, set_hours, drop_hours, years, year, set_year, due),
    components(schemas(
        HoursView,
        Hours,
        HoursDraft,
        YearRow,
        YearView,
        day::Model,
        DayKind,
        Origin,
        YearDraft,
        DayDraft,
        DueAsk,
        HoldAsk,
        DueView,
        LegalView,
        clock::State
    ))
)]
struct Docs;

pub fn openapi() -> Option<serde_json::Value> {
    serde_json::to_value(Docs::openapi()).ok()
}

pub fn routes(routes: Routes, calendars: &Calendars) -> Routes {
    let (hours_of, year_of) = ("/api/v1/calendar/hours/{holder}", "/api/v1/calendar/years/{year}");
    routes
        .get("/api/v1/calendar/hours", SignedIn, all_hours, calendars)
        .get(hours_of, SignedIn, hours, calendars)
        .add(Method::PUT, hours_of, Needs(MANAGE), set_hours, calendars.clone())
        .add(Method::DELETE, hours_of, Needs(MANAGE), drop_hours, calendars.clone())
        .get("/api/v1/calendar/years", SignedIn, years, calendars)
        .get(year_of, SignedIn, year, calendars)
        .add(Method::PUT, year_of, Needs(MANAGE), set_year, calendars.clone())
        .post("/api/v1/calendar/due", SignedIn, due, calendars)
}

/// Working hours of the firm and of all departments.
#[utoipa::path(get, path = "/api/v1/calendar/hours", operation_id = "list_working_hours", tag = "calendar",
    responses((status = 200, body = [HoursView])))]
pub async fn all_hours(ui: Ui, State(calendars): State<Calendars>) -> Answer<Vec<HoursView>> {
    json(calendars.all_hours().await?.into_iter().map(|held| HoursView::of(&ui, held)).collect())
}

/// Working hours of the firm (`firm`) or of a department; the ETag is the version of its own hours.
#[utoipa::path(get, path = "/api/v1/calendar/hours/{holder}", operation_id = "show_working_hours", tag = "calendar",
    params(("holder" = String, Path)), responses((status = 200, body = HoursView, headers(("etag" = String)))))]
pub async fn hours(
    ui: Ui,
    State(calendars): State<Calendars>,
    Path(holder): Path<String>,
) -> Result<Tagged<HoursView>, Failure> {
    let body = HoursView::of(&ui, calendars.hours(&holder).await?);
    Ok(Tagged { version: body.version, body })
}

/// Gives the firm or a department hours of its own; `If-Match: "0"` when it has none yet.
#[utoipa::path(put, path = "/api/v1/calendar/hours/{holder}", operation_id = "set_working_hours", tag = "calendar",
    params(("holder" = String, Path), IfMatch), request_body = HoursDraft,
    responses((status = 204, headers(("etag" = String)))))]
pub async fn set_hours(
    Me(actor): Me,
    State(calendars): State<Calendars>,
    Path(holder): Path<String>,
    IfMatch(seen): IfMatch<i64>,
    Body(draft): Body<HoursDraft>,
) -> Result<Changed, Failure> {
    let version = calendars.set_hours(&actor, &holder, seen, draft.hours, &draft.zone).await?;
    Ok(Changed { version })
}

/// Takes a department's own hours away: it goes by those above it again, the firm by the office week.
#[utoipa::path(delete, path = "/api/v1/calendar/hours/{holder}", operation_id = "drop_working_hours", tag = "calendar",
    params(("holder" = String, Path), IfMatch), responses((status = 204)))]
pub async fn drop_hours(
    Me(actor): Me,
    State(calendars): State<Calendars>,
    Path(holder): Path<String>,
    IfMatch(seen): IfMatch<i64>,
) -> Result<StatusCode, Failure> {
    calendars.drop_hours(&actor, &holder, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Years of which something is known.
#[utoipa::path(get, path = "/api/v1/calendar/years", operation_id = "list_calendar_years", tag = "calendar",
    responses((status = 200, body = [YearRow])))]
pub async fn years(State(calendars): State<Calendars>) -> Answer<Vec<YearRow>> {
    let rows = calendars.years().await?.into_iter().map(|(year, holidays, make_up_workdays)| YearRow {
        year: year.year,
        loaded: year.loaded_at.is_some(),
        version: year.version,
        holidays,
        make_up_workdays,
    });
    json(rows.collect())
}

/// Holidays and make-up workdays of a year; the ETag is its version.
#[utoipa::path(get, path = "/api/v1/calendar/years/{year}", operation_id = "show_calendar_year", tag = "calendar",
    params(("year" = i32, Path)), responses((status = 200, body = YearView, headers(("etag" = String)))))]
pub async fn year(State(calendars): State<Calendars>, Path(year): Path<String>) -> Result<Tagged<YearView>, Failure> {
    let body = YearView::from(calendars.year(year_of(&year)?).await?);
    Ok(Tagged { version: body.version, body })
}

/// Tells all holidays and make-up workdays of a year, as a file does: days that it leaves out go, days that somebody has
/// set by hand stay. `If-Match: "0"` for a year of which nothing is known.
#[utoipa::path(put, path = "/api/v1/calendar/years/{year}", operation_id = "set_calendar_year", tag = "calendar",
    params(("year" = i32, Path), IfMatch), request_body = YearDraft,
    responses((status = 200, body = YearView, headers(("etag" = String)))))]
pub async fn set_year(
    Me(actor): Me,
    State(calendars): State<Calendars>,
    Path(year): Path<String>,
    IfMatch(seen): IfMatch<i64>,
    Body(draft): Body<YearDraft>,
) -> Result<Tagged<YearView>, Failure> {
    let year = year_of(&year)?;
    calendars.load_year(&actor, year, seen, &draft.reading(year)?).await?;
    let body = YearView::from(calendars.year(year).await?);
    Ok(Tagged { version: body.version, body })
}

/// When a clock is due, what has passed and what is left. Changes nothing.
#[utoipa::path(post, path = "/api/v1/calendar/due", operation_id = "compute_due", tag = "calendar",
    request_body = DueAsk, responses((status = 200, body = DueView)))]
pub async fn due(
    ui: Ui,
    Me(actor): Me,
    State(calendars): State<Calendars>,
    Body(ask): Body<DueAsk>,
) -> Answer<DueView> {
    let (clock, at) = ask.clock(actor.now)?;
    let department = ask.department.clone().map(DepartmentId);
    let calendar = match calendars.for_department(department.as_ref()).await {
        Err(Error::NotFound) => {
            return Err(Error::invalid("department", Message::new("calendar-department_unknown")).into());
        }
        other => other?,
    };
    let reading = clock.read(&calendar, at);
    let legal = match ask.legal_days {
        Some(days) => {
            let zone = calendars.for_department(None).await?.zone();
            Some(LegalClock { received: clock.started, days }.read(zone, at))
        }
        None => None,
    };
    json(DueView::of(&ui, &reading, legal))
}
