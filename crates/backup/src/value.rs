//! One value between a row of either database and a line of the file, without loss.
//!
//! Fractions are text, because JSON readers may round them; JSON columns are the text that the database gave.

use std::fmt;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sea_orm::{DbErr, QueryResult, Value};
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use crate::manifest::Kind;

/// # Errors
/// When the database holds something else than the column's type says.
pub fn out_of(row: &QueryResult, at: usize, kind: Kind) -> Result<Json, DbErr> {
    Ok(match kind {
        Kind::Text | Kind::Json => row.try_get_by_index::<Option<String>>(at)?.map(Json::from),
        Kind::Whole => row.try_get_by_index::<Option<i64>>(at)?.map(Json::from),
        Kind::Fraction => row.try_get_by_index::<Option<f64>>(at)?.map(|number| number.to_string().into()),
        Kind::Truth => row.try_get_by_index::<Option<bool>>(at)?.map(Json::from),
        Kind::Instant => row
            .try_get_by_index::<Option<DateTime<Utc>>>(at)?
            .map(|instant| instant.to_rfc3339_opts(SecondsFormat::AutoSi, true).into()),
        Kind::Day => row.try_get_by_index::<Option<NaiveDate>>(at)?.map(|day| day.to_string().into()),
        Kind::Bytes => row.try_get_by_index::<Option<Vec<u8>>>(at)?.map(|bytes| hex(&bytes).into()),
    }
    .unwrap_or(Json::Null))
}

/// `None` when the text of the file is no value of this kind.
pub fn into_value(json: Json, kind: Kind) -> Option<Value> {
    Some(match (kind, json) {
        (Kind::Text | Kind::Json, Json::Null) => Value::String(None),
        (Kind::Text | Kind::Json, Json::String(text)) => Value::from(text),
        (Kind::Whole, Json::Null) => Value::BigInt(None),
        (Kind::Whole, Json::Number(number)) => Value::from(number.as_i64()?),
        (Kind::Fraction, Json::Null) => Value::Double(None),
        (Kind::Fraction, Json::String(text)) => Value::from(text.parse::<f64>().ok()?),
        (Kind::Truth, Json::Null) => Value::Bool(None),
        (Kind::Truth, Json::Bool(truth)) => Value::from(truth),
        (Kind::Instant, Json::Null) => Value::ChronoDateTimeUtc(None),
        (Kind::Instant, Json::String(text)) => Value::from(text.parse::<DateTime<Utc>>().ok()?),
        (Kind::Day, Json::Null) => Value::ChronoDate(None),
        (Kind::Day, Json::String(text)) => Value::from(text.parse::<NaiveDate>().ok()?),
        (Kind::Bytes, Json::Null) => Value::Bytes(None),
        (Kind::Bytes, Json::String(text)) => Value::from(unhex(&text)?),
        _ => return None,
    })
}

/// No table of ours has more columns.
const MOST_VALUES: usize = 500;

/// One line of the file: values without any inside them, because a nest takes far more memory than its text.
pub struct Flat(pub Vec<Json>);

impl<'de> Deserialize<'de> for Flat {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(FlatVisitor)
    }
}

struct FlatVisitor;

impl<'de> Visitor<'de> for FlatVisitor {
    type Value = Flat;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the values of a row")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut given: A) -> Result<Flat, A::Error> {
        let mut values = Vec::new();
        while let Some(One(value)) = given.next_element()? {
            if values.len() == MOST_VALUES {
                return Err(A::Error::invalid_length(values.len() + 1, &self));
            }
            values.push(value);
        }
        Ok(Flat(values))
    }
}

struct One(Json);

impl<'de> Deserialize<'de> for One {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(OneVisitor)
    }
}

struct OneVisitor;

impl Visitor<'_> for OneVisitor {
    type Value = One;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, a truth or nothing")
    }

    fn visit_unit<E>(self) -> Result<One, E> {
        Ok(One(Json::Null))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<One, E> {
        Ok(One(truth.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<One, E> {
        Ok(One(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<One, E> {
        Ok(One(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<One, E> {
        Ok(One(number.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<One, E> {
        Ok(One(text.into()))
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_fraction_comes_back_to_the_last_bit() {
        for number in [0.1 + 0.2, f64::MIN_POSITIVE, 1e300, -0.0] {
            let back = into_value(json!(number.to_string()), Kind::Fraction);
            assert_eq!(back, Some(Value::from(number)));
        }
    }

    #[test]
    fn a_line_is_read_flat_and_no_wider_than_a_table() {
        let read = |text: &str| serde_json::from_str::<Flat>(text).map(|flat| flat.0).ok();
        assert_eq!(read(r#"[null, true, -1, 18446744073709551615, "\u4e3a"]"#).unwrap()[4], json!("为"));
        assert!(read("[[0]]").is_none() && read(r#"[{"":0}]"#).is_none() && read("{}").is_none());
        assert!(read(&format!("[{}0]", "0,".repeat(MOST_VALUES))).is_none());
        assert_eq!(read(&format!("[{}0]", "0,".repeat(MOST_VALUES - 1))).unwrap().len(), MOST_VALUES);
    }

    #[test]
    fn bytes_come_back() {
        let bytes = vec![0, 1, 254, 255];
        assert_eq!(into_value(json!(hex(&bytes)), Kind::Bytes), Some(Value::from(bytes)));
        assert_eq!(into_value(json!("0"), Kind::Bytes), None);
    }

    #[test]
    fn a_value_of_another_kind_is_not_bent_until_it_fits() {
        for (json, kind) in [
            (json!("1"), Kind::Whole),
            (json!(1.5), Kind::Whole),
            (json!(1), Kind::Truth),
            (json!(1), Kind::Text),
            (json!("2026-02-30"), Kind::Day),
            (json!("yesterday"), Kind::Instant),
        ] {
            assert_eq!(into_value(json, kind), None);
        }
    }
}
