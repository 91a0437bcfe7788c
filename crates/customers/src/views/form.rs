//! What stands in the customer form: every field as it was typed.

use base::{Error, FieldProblem, Message, UserId};
use unicode_normalization::UnicodeNormalization;
use web::Ui;

use crate::address::AddressKind;
use crate::customer::{RelationType, Size};
use crate::forms::{AddressDraft, CustomerDraft};
use crate::rules;

/// Most rows of addresses that the form has.
const MOST_ROWS: usize = 50;

#[derive(Clone, Debug, Default)]
pub(crate) struct Typed {
    pub name: String,
    pub short_name: String,
    /// One a line.
    pub former_names: String,
    pub english_name: String,
    pub credit_code: String,
    pub industry: String,
    pub size: String,
    pub relation_type: String,
    pub source: String,
    pub owner_id: String,
    pub rhythm_days: String,
    /// Between commas, Chinese or English ones.
    pub tags: String,
    pub notes: String,
    pub addresses: Vec<TypedAddress>,
    /// The version that saving replaces.
    pub version: i64,
    /// The version that somebody began with, when others saved since.
    pub since: Option<i64>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct TypedAddress {
    pub kind: String,
    pub country: String,
    pub province: String,
    pub city: String,
    pub line: String,
}

impl TypedAddress {
    fn is_empty(&self) -> bool {
        [&self.country, &self.province, &self.city, &self.line].iter().all(|text| text.trim().is_empty())
    }
}

/// Which button sent the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Pressed {
    #[default]
    Save,
    AddAddress,
    /// Take what is stored now for one field.
    Take(String),
}

impl Typed {
    /// Addresses come as numbered fields, and empty fields do not come at all, which a struct cannot take.
    ///
    /// # Errors
    /// `Refused` for a field that no form of ours has.
    pub fn read(pairs: Vec<(String, String)>) -> Result<(Self, Pressed), Error> {
        let (mut typed, mut pressed) = (Typed::default(), Pressed::Save);
        let unreadable = || Error::Refused(Message::new("error-form_unreadable"));
        for (name, value) in pairs {
            match name.as_str() {
                "add_address" => pressed = Pressed::AddAddress,
                "take" => pressed = Pressed::Take(value),
                "version" => typed.version = value.parse().map_err(|_| unreadable())?,
                "since" => typed.since = Some(value.parse().map_err(|_| unreadable())?),
                _ => *typed.field(&name).ok_or_else(unreadable)? = value.replace("\r\n", "\n"),
            }
        }
        Ok((typed, pressed))
    }

    fn field(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "name" => &mut self.name,
            "short_name" => &mut self.short_name,
            "former_names" => &mut self.former_names,
            "english_name" => &mut self.english_name,
            "credit_code" => &mut self.credit_code,
            "industry" => &mut self.industry,
            "size" => &mut self.size,
            "relation_type" => &mut self.relation_type,
            "source" => &mut self.source,
            "owner_id" => &mut self.owner_id,
            "rhythm_days" => &mut self.rhythm_days,
            "tags" => &mut self.tags,
            "notes" => &mut self.notes,
            numbered => return self.address_field(numbered),
        })
    }

    /// `address_3_city`, counted from 0.
    fn address_field(&mut self, name: &str) -> Option<&mut String> {
        let (number, part) = name.strip_prefix("address_")?.split_once('_')?;
        let number = number.parse::<usize>().ok().filter(|number| *number < MOST_ROWS)?;
        if self.addresses.len() <= number {
            self.addresses.resize_with(number + 1, TypedAddress::default);
        }
        let address = self.addresses.get_mut(number)?;
        Some(match part {
            "kind" => &mut address.kind,
            "country" => &mut address.country,
            "province" => &mut address.province,
            "city" => &mut address.city,
            "line" => &mut address.line,
            _ => return None,
        })
    }

    /// A form in which nothing is typed yet.
    pub fn blank(owner: Option<&UserId>) -> Self {
        let relation_type = RelationType::default().word().into();
        Typed { owner_id: owner.map(ToString::to_string).unwrap_or_default(), relation_type, ..Typed::default() }
    }

    /// What is stored.
    pub fn stored(draft: &CustomerDraft, version: i64) -> Self {
        let address = |one: &AddressDraft| TypedAddress {
            kind: one.kind.word().into(),
            country: one.country.clone(),
            province: one.province.clone(),
            city: one.city.clone(),
            line: one.line.clone(),
        };
        Typed {
            name: draft.name.clone(),
            short_name: draft.short_name.clone(),
            former_names: draft.former_names.join("\n"),
            english_name: draft.english_name.clone(),
            credit_code: draft.credit_code.clone(),
            industry: draft.industry.clone(),
            size: draft.size.map_or_else(String::new, |size| size.word().into()),
            relation_type: draft.relation_type.word().into(),
            source: draft.source.clone(),
            owner_id: draft.owner_id.clone().map(String::from).unwrap_or_default(),
            rhythm_days: draft.rhythm_days.map_or_else(String::new, |days| days.to_string()),
            tags: draft.tags.join(", "),
            notes: draft.notes.clone(),
            addresses: draft.addresses.iter().map(address).collect(),
            version,
            since: None,
        }
    }

    /// # Errors
    /// `Refused` for a word that is none of its set: no form of ours sends it.
    pub fn draft(&self) -> Result<CustomerDraft, Error> {
        let lines = |text: &str| text.lines().map(str::to_owned).collect();
        let rhythm: String = self.rhythm_days.nfkc().filter(|c| !c.is_whitespace()).collect();
        Ok(CustomerDraft {
            name: self.name.clone(),
            short_name: self.short_name.clone(),
            former_names: lines(&self.former_names),
            english_name: self.english_name.clone(),
            credit_code: self.credit_code.clone(),
            industry: self.industry.clone(),
            size: match self.size.as_str() {
                "" => None,
                size => Some(word::<Size>(size)?),
            },
            relation_type: word(&self.relation_type)?,
            source: self.source.clone(),
            owner_id: Some(self.owner_id.clone()).filter(|id| !id.is_empty()).map(UserId),
            // What is no number is out of range like 0, and the rule says so at the field.
            rhythm_days: (!rhythm.is_empty()).then(|| rhythm.parse().unwrap_or(0)),
            notes: self.notes.clone(),
            tags: self.tags.split(is_comma).map(str::to_owned).collect(),
            addresses: self.addresses.iter().filter(|one| !one.is_empty()).map(address).collect::<Result<_, _>>()?,
        })
    }

    /// One more row for an address; what is typed stays.
    pub fn add_address(&mut self) {
        if self.addresses.len() < MOST_ROWS {
            self.addresses.push(TypedAddress::default());
        }
    }

    pub fn rows(&self) -> Vec<TypedAddress> {
        match self.addresses.is_empty() {
            true => vec![TypedAddress::default()],
            false => self.addresses.clone(),
        }
    }

    /// Takes what is stored for one field, by the name that the audit has for it.
    pub fn take(&mut self, name: &str, mut stored: Typed) {
        if name == "addresses" {
            self.addresses = stored.addresses;
        } else if let (Some(own), Some(theirs)) = (self.field(name), stored.field(name)) {
            *own = std::mem::take(theirs);
        }
    }
}

fn address(typed: &TypedAddress) -> Result<AddressDraft, Error> {
    Ok(AddressDraft {
        kind: match typed.kind.as_str() {
            "" => AddressKind::Office,
            kind => word(kind)?,
        },
        country: typed.country.clone(),
        province: typed.province.clone(),
        city: typed.city.clone(),
        line: typed.line.clone(),
    })
}

/// Commas and semicolons, narrow and wide, and the Chinese list mark.
pub(crate) fn is_comma(c: char) -> bool {
    matches!(c, ',' | ';' | '\n' | '\u{ff0c}' | '\u{ff1b}' | '\u{3001}')
}

fn word<T: std::str::FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::Refused(Message::new("error-form_unreadable")))
}

/// A field that somebody else changed meanwhile and that is not the same here.
#[derive(Clone, Debug)]
pub(crate) struct Clash {
    pub field: String,
    pub label: String,
    pub who: String,
    pub mine: String,
    pub theirs: String,
}

/// `changes`: who changed which fields, newest first; only fields that differ now are left. Both drafts may differ in
/// blanks that saving takes away, so the checked one is compared where it can be saved.
pub(crate) fn clashes(
    changes: &[(String, Vec<String>)],
    mine: &CustomerDraft,
    theirs: &CustomerDraft,
    show: impl Fn(&str, &CustomerDraft) -> String,
    label: impl Fn(&str) -> String,
) -> Vec<Clash> {
    let mine = rules::checked(mine.clone()).unwrap_or_else(|_| mine.clone());
    let mut found: Vec<Clash> = Vec::new();
    for (who, fields) in changes {
        for field in fields {
            let (own, stored) = (show(field, &mine), show(field, theirs));
            if own != stored && !found.iter().any(|clash| clash.field == *field) {
                let (field, label) = (field.clone(), label(field));
                found.push(Clash { field, label, who: who.clone(), mine: own, theirs: stored });
            }
        }
    }
    found
}

/// The problems of fields that have a name of their own in the form.
pub(crate) fn problems(ui: &Ui, error: &Error) -> web::Problems {
    let problems: &[FieldProblem] = match error {
        Error::Invalid(problems) => problems,
        _ => &[],
    };
    web::Problems::of(ui, problems)
}
