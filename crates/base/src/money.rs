use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An ISO 4217 currency code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, sea_orm::DeriveValueType)]
#[sea_orm(value_type = "String")]
pub struct Currency([u8; 3]);

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("not an ISO 4217 currency code")]
pub struct UnknownCurrency;

/// Active ISO 4217 codes whose minor unit is not 1/100.
const OTHER_DECIMALS: [(&str, u32); 24] = [
    ("BHD", 3),
    ("BIF", 0),
    ("CLF", 4),
    ("CLP", 0),
    ("DJF", 0),
    ("GNF", 0),
    ("IQD", 3),
    ("ISK", 0),
    ("JOD", 3),
    ("JPY", 0),
    ("KMF", 0),
    ("KRW", 0),
    ("KWD", 3),
    ("LYD", 3),
    ("OMR", 3),
    ("PYG", 0),
    ("RWF", 0),
    ("TND", 3),
    ("UGX", 0),
    ("VND", 0),
    ("VUV", 0),
    ("XAF", 0),
    ("XOF", 0),
    ("XPF", 0),
];

/// Active ISO 4217 codes with two decimals.
const TWO_DECIMALS: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD \
    CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG \
    HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK \
    MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS \
    SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG";

impl Currency {
    pub const CNY: Currency = Currency(*b"CNY");
    pub const USD: Currency = Currency(*b"USD");
    pub const EUR: Currency = Currency(*b"EUR");
    pub const JPY: Currency = Currency(*b"JPY");

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Decimals of the minor unit: CNY 2, JPY 0, KWD 3.
    pub fn decimals(self) -> u32 {
        OTHER_DECIMALS.iter().find(|(code, _)| *code == self.code()).map_or(2, |(_, decimals)| *decimals)
    }

    /// Minor units in one unit: CNY 100.
    pub fn minor_per_unit(self) -> i64 {
        10_i64.pow(self.decimals())
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(text: &str) -> Result<Self, UnknownCurrency> {
        let text = text.trim().to_ascii_uppercase();
        let text = match text.as_str() {
            "RMB" | "人民币" | "¥" | "￥" | "元" => "CNY",
            "美元" | "US$" | "$" => "USD",
            "欧元" | "€" => "EUR",
            other => other,
        };
        let known = OTHER_DECIMALS.iter().any(|(code, _)| *code == text)
            || TWO_DECIMALS.split_whitespace().any(|code| code == text);
        match (known, <[u8; 3]>::try_from(text.as_bytes())) {
            (true, Ok(bytes)) => Ok(Self(bytes)),
            _ => Err(UnknownCurrency),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// An amount in whole minor units of its own currency. Never a float; amounts of different currencies do not add.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// `None` when the currencies differ or the sum does not fit.
    pub fn plus(self, other: Money) -> Option<Money> {
        match self.currency == other.currency {
            true => Some(Money { minor: self.minor.checked_add(other.minor)?, currency: self.currency }),
            false => None,
        }
    }

    /// Plain decimal text without thousands: `1234.50`.
    pub fn amount(self) -> String {
        let decimals = self.currency.decimals() as usize;
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = decimals + 1);
        let (whole, part) = digits.split_at(digits.len() - decimals);
        match decimals {
            0 => format!("{sign}{whole}"),
            _ => format!("{sign}{whole}.{part}"),
        }
    }

    /// Reads plain decimal text. More decimals than the currency has are rounded half away from zero.
    /// `None` when it is not a number or does not fit.
    pub fn parse(amount: &str, currency: Currency) -> Option<Money> {
        let (negative, text) = match amount.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, amount),
        };
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        if whole.is_empty() && part.is_empty() || !(whole.bytes().chain(part.bytes())).all(|b| b.is_ascii_digit()) {
            return None;
        }
        let decimals = currency.decimals() as usize;
        let kept: String = part.chars().chain(std::iter::repeat('0')).take(decimals).collect();
        let rounds_up = part.as_bytes().get(decimals).is_some_and(|digit| *digit >= b'5');
        let minor: i64 = format!("{}{kept}", if whole.is_empty() { "0" } else { whole }).parse().ok()?;
        let minor = minor.checked_add(i64::from(rounds_up))?;
        Some(Money { minor: if negative { -minor } else { minor }, currency })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_their_own_decimals() {
        assert_eq!(Money::parse("1234.5", Currency::CNY).unwrap().minor, 123_450);
        assert_eq!(Money::parse("1234.5", Currency::JPY).unwrap().minor, 1235);
        assert_eq!(Money::parse("-0.005", "KWD".parse().unwrap()).unwrap().amount(), "-0.005");
        assert_eq!(Money::new(-5, Currency::CNY).amount(), "-0.05");
        assert_eq!(Money::parse("1,2", Currency::CNY), None);
        assert_eq!(Money::parse("99999999999999999999", Currency::CNY), None);
    }

    #[test]
    fn different_currencies_are_never_added() {
        assert_eq!(Money::new(1, Currency::CNY).plus(Money::new(1, Currency::USD)), None);
    }

    #[test]
    fn a_currency_is_one_of_iso_4217() {
        assert_eq!("usd".parse(), Ok(Currency::USD));
        assert_eq!("人民币".parse(), Ok(Currency::CNY));
        assert_eq!("XXQ".parse::<Currency>(), Err(UnknownCurrency));
    }
}
