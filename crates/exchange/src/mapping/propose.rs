use std::collections::BTreeMap;

use base::Currency;
use module::{Field, Shape};
use unicode_normalization::UnicodeNormalization;

use super::{Column, Mapping};
use crate::values::normal;

/// A mapping guessed from the header; people look at it before it is used.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    pub mapping: Mapping,
    /// In the order of the fields.
    pub matches: Vec<Match>,
    /// Required fields without a column, and amounts without a currency.
    pub open: Vec<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    pub field: &'static str,
    pub column: String,
    /// 100 the header is one of the field's names; 90 except for a unit in brackets; below 90 it only contains one.
    pub confidence: u8,
}

const CURRENCY_HEADERS: [&str; 8] = ["币种", "币别", "货币", "结算币种", "currency", "currencycode", "curr", "ccy"];

/// A name that is only part of the header must be at least so much of it, per cent.
const PART_OF_HEADER: usize = 50;

/// Each column serves at most one field and each field gets at most one column. Where two fields claim a column
/// equally, nobody gets it: a wrong guess costs more than a missing one.
pub fn propose(kind: &str, columns: &[String], fields: &'static [Field]) -> Proposal {
    let headers: Vec<Header> = columns.iter().map(|column| Header::new(column)).collect();
    let mut claims: Vec<(u8, &'static Field, usize)> = Vec::new();
    for field in fields {
        for (at, header) in headers.iter().enumerate() {
            if let Some(confidence) = header.confidence(field) {
                claims.push((confidence, field, at));
            }
        }
    }
    let mut best = BTreeMap::new();
    for confidence in (0..=100).rev() {
        let free: Vec<_> = claims
            .iter()
            .filter(|(claimed, field, at)| {
                *claimed == confidence
                    && !best.contains_key(field.name)
                    && !best.values().any(|(taken, _): &(usize, u8)| taken == at)
            })
            .collect();
        for (_, field, at) in &free {
            let rivals = free.iter().filter(|(_, _, other)| other == at).count();
            // The same header twice in one file: the first column is not better than the second.
            let columns = free.iter().filter(|(_, other, _)| other.name == field.name).count();
            if rivals == 1 && columns == 1 {
                best.insert(field.name, (*at, confidence));
            }
        }
    }
    proposal(kind, columns, &headers, fields, &best)
}

fn proposal(
    kind: &str,
    columns: &[String],
    headers: &[Header],
    fields: &'static [Field],
    best: &BTreeMap<&'static str, (usize, u8)>,
) -> Proposal {
    let currency_column = headers.iter().position(|header| CURRENCY_HEADERS.contains(&header.whole.as_str()));
    let mut mapping =
        Mapping { kind: kind.into(), source: None, sheet: None, day_order: None, columns: BTreeMap::new() };
    let (mut matches, mut open) = (Vec::new(), Vec::new());
    for field in fields {
        let Some((at, confidence)) = best.get(field.name) else {
            if field.required {
                open.push(field.name);
            }
            continue;
        };
        let mut column = Column { column: Some(columns[*at].clone()), ..Column::default() };
        if field.shape == Shape::Amount {
            column.currency = headers[*at].currency();
            if column.currency.is_none() {
                column.currency_column = currency_column.map(|at| columns[at].clone());
            }
            if column.currency.is_none() && column.currency_column.is_none() {
                open.push(field.name);
            }
        }
        matches.push(Match { field: field.name, column: columns[*at].clone(), confidence: *confidence });
        mapping.columns.insert(field.name.into(), column);
    }
    Proposal { mapping, matches, open }
}

struct Header {
    /// Everything, normalised.
    whole: String,
    /// Without what stands in brackets.
    bare: String,
    /// What stands in brackets, as it was.
    bracketed: String,
}

impl Header {
    fn new(column: &str) -> Self {
        let (mut bare, mut bracketed, mut depth) = (String::new(), String::new(), 0_u32);
        for c in column.nfkc() {
            match c {
                '(' | '[' | '【' | '〔' => depth += 1,
                ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
                c if depth > 0 => bracketed.push(c),
                c => bare.push(c),
            }
        }
        Self { whole: normal(column), bare: normal(&bare), bracketed }
    }

    fn confidence(&self, field: &Field) -> Option<u8> {
        let names = field.headers.iter().copied().chain([field.name]);
        names.filter_map(|name| self.confidence_in(&normal(name))).max()
    }

    fn confidence_in(&self, name: &str) -> Option<u8> {
        if name.is_empty() || self.bare.is_empty() {
            return None;
        }
        if self.whole == name {
            return Some(100);
        }
        if self.bare == name {
            return Some(90);
        }
        let (part, whole) = (name.chars().count(), self.bare.chars().count());
        let long_enough = if name.is_ascii() { part >= 4 } else { part >= 2 };
        match long_enough && self.bare.contains(name) && part * 100 >= whole * PART_OF_HEADER {
            true => u8::try_from(40 + part * 40 / whole).ok(),
            false => None,
        }
    }

    /// `Freight Cost (USD)`, `运费（元）`.
    fn currency(&self) -> Option<Currency> {
        self.bracketed.trim().parse().ok()
    }
}
