//! Names and values of a form or an address, put into a struct; what does not fit is named with what would.

use std::fmt;

use base::{FieldProblem, Message};
use serde::de::value::SeqDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Expected, IntoDeserializer};
use serde::de::{MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;

/// Characters of a wrong value that are said back.
const SHOWN: usize = 60;

/// # Errors
/// The first name or value that does not fit.
pub fn read<T: DeserializeOwned>(pairs: Vec<(String, String)>) -> Result<T, FieldProblem> {
    T::deserialize(Fields { rest: pairs.into_iter(), at: None }).map_err(|wrong| wrong.problem())
}

/// What does not fit, and where.
#[derive(Debug)]
struct Wrong {
    field: String,
    value: String,
    why: Why,
}

#[derive(Debug)]
enum Why {
    /// These would be known.
    Field(Vec<String>),
    Missing,
    Twice,
    /// One of these would do; empty when they cannot be listed.
    Value(Vec<String>),
    NotWhole,
    NotNumber,
}

impl Wrong {
    fn new(why: Why) -> Self {
        Self { field: String::new(), value: String::new(), why }
    }

    fn at(mut self, field: &str, value: &str) -> Self {
        if self.field.is_empty() {
            self.field = field.into();
        }
        self.value = value.chars().take(SHOWN).collect();
        self
    }

    fn problem(self) -> FieldProblem {
        let (key, allowed) = match self.why {
            Why::Field(known) if known.is_empty() => ("error-field_none", known),
            Why::Field(known) => ("error-field_unknown", known),
            Why::Missing => ("error-field_missing", Vec::new()),
            Why::Twice => ("error-field_twice", Vec::new()),
            Why::Value(allowed) if allowed.is_empty() => ("error-value_wrong", allowed),
            Why::Value(allowed) => ("error-value_unknown", allowed),
            Why::NotWhole => ("error-value_not_whole", Vec::new()),
            Why::NotNumber => ("error-value_not_number", Vec::new()),
        };
        let field: String = self.field.chars().take(SHOWN).collect();
        let message =
            Message::new(key).with("field", &field).with("value", self.value).with("allowed", allowed.join(", "));
        FieldProblem { allowed, ..FieldProblem::new(&field, message) }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.field, self.why)
    }
}

impl std::error::Error for Wrong {}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

impl serde::de::Error for Wrong {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Wrong::new(Why::Value(Vec::new()))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Wrong::new(Why::Value(vec![expected.to_string()]))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Wrong::new(Why::Value(owned(expected)))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Wrong { field: field.into(), ..Wrong::new(Why::Field(owned(expected))) }
    }

    fn missing_field(field: &'static str) -> Self {
        Wrong { field: field.into(), ..Wrong::new(Why::Missing) }
    }

    fn duplicate_field(field: &'static str) -> Self {
        Wrong { field: field.into(), ..Wrong::new(Why::Twice) }
    }
}

struct Fields {
    rest: std::vec::IntoIter<(String, String)>,
    /// Whose name has been read and whose value has not.
    at: Option<(String, String)>,
}

impl<'de> Deserializer<'de> for Fields {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_map(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_seq(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit_struct
        newtype_struct tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some((name, value)) = self.rest.next() else {
            return Ok(None);
        };
        let key = seed.deserialize(name.as_str().into_deserializer()).map_err(|wrong: Wrong| wrong.at(&name, &value));
        self.at = Some((name, value));
        key.map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let (name, value) = self.at.take().unwrap_or_default();
        seed.deserialize(Text(&value)).map_err(|wrong| wrong.at(&name, &value))
    }
}

/// As pairs, in order; names may come more than once.
impl<'de> SeqAccess<'de> for Fields {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Wrong> {
        let Some((name, value)) = self.rest.next() else {
            return Ok(None);
        };
        seed.deserialize(SeqDeserializer::new([name, value].into_iter())).map(Some)
    }
}

struct Text<'a>(&'a str);

macro_rules! parsed {
    ($($method:ident $visit:ident $why:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            visitor.$visit(self.0.trim().parse().map_err(|_| Wrong::new($why))?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Text<'_> {
    type Error = Wrong;

    parsed! {
        deserialize_bool visit_bool Why::Value(owned(&["true", "false"]));
        deserialize_i8 visit_i8 Why::NotWhole;
        deserialize_i16 visit_i16 Why::NotWhole;
        deserialize_i32 visit_i32 Why::NotWhole;
        deserialize_i64 visit_i64 Why::NotWhole;
        deserialize_u8 visit_u8 Why::NotWhole;
        deserialize_u16 visit_u16 Why::NotWhole;
        deserialize_u32 visit_u32 Why::NotWhole;
        deserialize_u64 visit_u64 Why::NotWhole;
        deserialize_f32 visit_f32 Why::NotNumber;
        deserialize_f64 visit_f64 Why::NotNumber;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
        ignored_any
    }
}

impl<'de> EnumAccess<'de> for Text<'_> {
    type Error = Wrong;
    type Variant = Bare;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Bare), Wrong> {
        seed.deserialize(self.0.into_deserializer()).map(|variant| (variant, Bare))
    }
}

/// A word holds nothing more.
struct Bare;

impl<'de> VariantAccess<'de> for Bare {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Wrong> {
        Err(Wrong::new(Why::Value(Vec::new())))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Wrong> {
        Err(Wrong::new(Why::Value(Vec::new())))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Wrong> {
        Err(Wrong::new(Why::Value(Vec::new())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Sort {
        Name,
        LastContact,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        name: String,
        sort: Option<Sort>,
        late: Option<bool>,
        count: Option<u8>,
        rows: Option<base::PageSize>,
        day: Option<base::Day>,
        customer: Option<base::CustomerId>,
    }

    fn asked(text: &str) -> Result<Asked, FieldProblem> {
        read(serde_urlencoded::from_str(text).unwrap())
    }

    /// Field, code, what would be allowed.
    fn wrong(text: &str) -> (String, String, String) {
        let problem = asked(text).unwrap_err();
        (problem.field, problem.message.key, problem.allowed.join(" "))
    }

    #[test]
    fn words_numbers_days_and_choices_are_read() {
        let read =
            asked("name=%E6%98%8E&sort=last_contact&late=true&count=7&rows=100&day=2026-11-23&customer=c1").unwrap();
        assert_eq!(
            (read.name.as_str(), read.sort, read.late, read.count),
            ("明", Some(Sort::LastContact), Some(true), Some(7))
        );
        assert_eq!((read.rows, read.day), (Some(base::PageSize(100)), "2026-11-23".parse().ok()));
        assert_eq!(asked("name=x").unwrap().sort, None);
    }

    #[test]
    fn what_does_not_fit_is_named_with_what_would() {
        let told = |field: &str, code: &str, allowed: &str| (field.to_owned(), code.to_owned(), allowed.to_owned());
        assert_eq!(wrong("name=x&sort=size"), told("sort", "error-value_unknown", "name last_contact"));
        assert_eq!(wrong("name=x&late=1"), told("late", "error-value_unknown", "true false"));
        assert_eq!(wrong("name=x&count=256"), told("count", "error-value_not_whole", ""));
        assert_eq!(wrong("name=x&rows=101"), told("rows", "error-value_unknown", "1–100"));
        assert_eq!(wrong("name=x&day=2026-02-30"), told("day", "error-value_wrong", ""));
        assert_eq!(wrong("name=x&name=y"), told("name", "error-field_twice", ""));
        assert_eq!(wrong("sort=name"), told("name", "error-field_missing", ""));
        let known = "name sort late count rows day customer";
        assert_eq!(wrong("name=x&order=name"), told("order", "error-field_unknown", known));
    }

    #[test]
    fn pairs_and_maps_are_read_too() {
        let pairs = || vec![("a".to_owned(), "1".to_owned()), ("a".to_owned(), "2".to_owned())];
        assert_eq!(read::<Vec<(String, String)>>(pairs()).unwrap(), pairs());
        let map: serde_json::Map<String, serde_json::Value> = read(pairs()).unwrap();
        assert_eq!(map["a"], "2");
    }
}
