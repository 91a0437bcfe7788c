//! What the JSON faces of all crates share: bodies, versions, places in a list.

use std::str::FromStr;

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::{Cursor, Error, Message, Page, PageSize};
use serde::de::{DeserializeOwned, Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Array, ArrayBuilder};
use utoipa::openapi::{ObjectBuilder, Ref, Required, Type};
use utoipa::{IntoParams, ToSchema};

use crate::Failure;

/// A JSON body that fits `T`; what does not fit is named.
#[derive(Clone, Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(told)) => Ok(Body(told)),
            Err(rejection) => {
                let why = Message::new("error-body_unreadable").with("cause", rejection.body_text());
                Err(Error::invalid("body", why).into())
            }
        }
    }
}

/// The version that the caller has read, as `ETag` told it. Absent is 428, unreadable 422; that it is the latest one is
/// for the store to see, which answers 409. `Option<IfMatch>` where it may be absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch<V = i64>(pub V);

impl<V: FromStr, S: Sync> FromRequestParts<S> for IfMatch<V> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        match version(parts) {
            Ok(Some(version)) => Ok(IfMatch(version)),
            Ok(None) => {
                // The error set knows no HTTP conditions: the problem is a field's, only its status is another.
                let mut response = wrong("error-if_match_missing").into_response();
                *response.status_mut() = StatusCode::PRECONDITION_REQUIRED;
                Err(response)
            }
            Err(failure) => Err(failure.into_response()),
        }
    }
}

impl<V: FromStr, S: Sync> OptionalFromRequestParts<S> for IfMatch<V> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Failure> {
        Ok(version(parts)?.map(IfMatch))
    }
}

fn version<V: FromStr>(parts: &Parts) -> Result<Option<V>, Failure> {
    let mut told = parts.headers.get_all(header::IF_MATCH).iter();
    match (told.next(), told.next()) {
        (None, _) => Ok(None),
        (Some(one), None) => {
            let version = one.to_str().ok().and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"'));
            version.and_then(|text| text.parse().ok()).map(Some).ok_or_else(|| wrong("error-if_match_unreadable"))
        }
        (Some(_), Some(_)) => Err(wrong("error-if_match_unreadable")),
    }
}

fn wrong(key: &str) -> Failure {
    Failure(Error::invalid("if-match", Message::new(key)))
}

impl<V> IntoParams for IfMatch<V> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = ParameterBuilder::new()
            .name("if-match")
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some("The ETag that the caller has read, for example \"3\""))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)));
        vec![parameter.build()]
    }
}

/// 200 with a record; its version is the `ETag`.
#[derive(Clone, Debug)]
pub struct Tagged<T> {
    pub version: i64,
    pub body: T,
}

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        ([etag(self.version)], Json(self.body)).into_response()
    }
}

/// 201 with what is new, where it is and its version.
#[derive(Clone, Debug)]
pub struct Created<T> {
    /// Path of our own.
    pub location: String,
    pub version: i64,
    pub body: T,
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let headers = [etag(self.version), (header::LOCATION, self.location)];
        (StatusCode::CREATED, headers, Json(self.body)).into_response()
    }
}

/// 204 with the version that the record has now.
#[derive(Clone, Copy, Debug)]
pub struct Changed {
    pub version: i64,
}

impl IntoResponse for Changed {
    fn into_response(self) -> Response {
        (StatusCode::NO_CONTENT, [etag(self.version)]).into_response()
    }
}

fn etag(version: i64) -> (HeaderName, String) {
    (header::ETAG, format!("\"{version}\""))
}

/// One page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Rows<T> {
    #[schema(schema_with = rows_by_name::<T>)]
    pub rows: Vec<T>,
    /// Pass it back as `after` to get the rows after these; null on the last page.
    pub next: Option<String>,
}

/// A derived schema would write the whole row into each list; so clients find one type by its name.
fn rows_by_name<T: ToSchema>() -> Array {
    ArrayBuilder::new().items(Ref::from_schema_name(T::name())).build()
}

impl<T> Rows<T> {
    /// A list so short that it has no second page.
    pub fn whole(rows: Vec<T>) -> Self {
        Self { rows, next: None }
    }
}

impl<T> From<Page<T>> for Rows<T> {
    fn from(page: Page<T>) -> Self {
        Self { rows: page.rows, next: page.next }
    }
}

/// The query of a list without filters. One with filters has the same two fields, because a query names all it knows.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// `next` of the page before.
    after: Option<String>,
    /// 1 to 100; 50 when absent.
    #[param(value_type = Option<u64>)]
    rows: Option<PageSize>,
}

impl Paging {
    /// # Errors
    /// `Invalid` when `after` is none of ours.
    pub fn after(&self) -> Result<Option<Cursor>, Error> {
        cursor(self.after.as_deref())
    }

    pub fn size(&self) -> PageSize {
        self.rows.unwrap_or_default()
    }
}

/// A whole number of a query from `LEAST` to `MOST`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between<const LEAST: u64, const MOST: u64>(pub u64);

impl<'de, const LEAST: u64, const MOST: u64> Deserialize<'de> for Between<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let told = u64::deserialize(deserializer)?;
        let bounds = format!("{LEAST}–{MOST}");
        let wrong = || D::Error::invalid_value(Unexpected::Unsigned(told), &bounds.as_str());
        (LEAST..=MOST).contains(&told).then_some(Self(told)).ok_or_else(wrong)
    }
}

/// The place in a list that `after` names.
///
/// # Errors
/// `Invalid` when it is none of ours.
pub fn cursor(after: Option<&str>) -> Result<Option<Cursor>, Error> {
    after.map(|text| Cursor::decode(text).ok_or_else(unknown_place)).transpose()
}

/// `after` names no place in this list.
pub fn unknown_place() -> Error {
    Error::invalid("after", Message::new("error-after_unknown"))
}
