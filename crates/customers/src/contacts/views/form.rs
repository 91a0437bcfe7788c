//! What stands in the form of a contact: every field as it was typed.

use base::{Error, FieldProblem, Message};
use unicode_normalization::UnicodeNormalization;

use crate::contact::{BirthdayCalendar, Model};
use crate::contact_role::{self, BuyingRole};
use crate::contacts::birthday::Birthday;
use crate::contacts::forms::{ContactDraft, RoleDraft};
use crate::contacts::{mask, rules};

/// The birthday stays what it is; it is not shown.
pub(crate) const KEEP: &str = "keep";

#[derive(Clone, Debug, Default)]
pub(crate) struct Typed {
    pub name: String,
    pub honorific: String,
    pub post: String,
    pub department: String,
    pub identity: String,
    pub roles: Vec<TypedRole>,
    pub personality: String,
    /// Between commas.
    pub hobbies: String,
    pub avoid: String,
    /// Empty for none, `keep`, or a calendar.
    pub birthday_calendar: String,
    pub birthday_year: String,
    pub birthday_month: String,
    pub birthday_day: String,
    pub birthday_leap: String,
    pub mobile: String,
    pub phone: String,
    pub email: String,
    pub wechat: String,
    pub preferred_channel: String,
    pub inform_every_days: String,
    pub notes: String,
    /// The version that saving replaces.
    pub version: i64,
}

/// One part of the buying centre in the form.
#[derive(Clone, Debug)]
pub(crate) struct TypedRole {
    pub role: BuyingRole,
    pub everywhere: String,
    /// Between commas.
    pub lanes: String,
}

impl TypedRole {
    pub fn is_everywhere(&self) -> bool {
        !self.everywhere.is_empty()
    }
}

fn no_roles() -> Vec<TypedRole> {
    let one = |role: &BuyingRole| TypedRole { role: *role, everywhere: String::new(), lanes: String::new() };
    BuyingRole::ALL.iter().map(one).collect()
}

impl Typed {
    /// A form in which nothing is typed yet.
    pub fn blank() -> Self {
        Self { roles: no_roles(), birthday_calendar: BirthdayCalendar::Solar.word().into(), ..Self::default() }
    }

    /// What is stored; what is masked elsewhere is masked here.
    pub fn stored(contact: &Model, roles: &[contact_role::Model]) -> Self {
        let typed = |role: &BuyingRole| {
            let own = || roles.iter().filter(|one| one.role == *role);
            let lanes = own().filter(|one| !one.origin.is_empty()).map(super::lane).collect::<Vec<_>>();
            let everywhere = if own().any(|one| one.origin.is_empty()) { "yes" } else { "" };
            TypedRole { role: *role, everywhere: everywhere.into(), lanes: lanes.join(", ") }
        };
        let known = contact.birthday().is_some();
        Self {
            name: contact.name.clone(),
            honorific: contact.honorific.clone(),
            post: contact.post.clone(),
            department: contact.department.clone(),
            identity: contact.identity.map(|one| one.word().to_owned()).unwrap_or_default(),
            roles: BuyingRole::ALL.iter().map(typed).collect(),
            personality: contact.personality.clone(),
            hobbies: contact.hobbies().join(", "),
            avoid: contact.avoid.clone(),
            birthday_calendar: if known { KEEP } else { BirthdayCalendar::Solar.word() }.into(),
            mobile: mask::number(&contact.mobile),
            phone: mask::number(&contact.phone),
            email: mask::email(&contact.email),
            wechat: mask::number(&contact.wechat),
            preferred_channel: contact.preferred_channel.map(|one| one.word().to_owned()).unwrap_or_default(),
            inform_every_days: contact.inform_every_days.map(|days| days.to_string()).unwrap_or_default(),
            notes: contact.notes.clone(),
            version: contact.version,
            ..Self::default()
        }
    }

    /// What is still masked means what is stored now.
    pub fn renew(&mut self, now: Typed) {
        let ways = [
            (&mut self.mobile, now.mobile),
            (&mut self.phone, now.phone),
            (&mut self.email, now.email),
            (&mut self.wechat, now.wechat),
        ];
        for (typed, stored) in ways {
            if mask::is_masked(typed) {
                *typed = stored;
            }
        }
        self.version = now.version;
    }

    /// Roles come as fields of their own, which a struct cannot take.
    ///
    /// # Errors
    /// `Refused` for a field that no form of ours has.
    pub fn read(pairs: Vec<(String, String)>) -> Result<Self, Error> {
        let mut typed = Typed { roles: no_roles(), ..Typed::default() };
        let unreadable = || Error::Refused(Message::new("error-form_unreadable"));
        for (name, value) in pairs {
            match name.as_str() {
                "version" => typed.version = value.parse().map_err(|_| unreadable())?,
                _ => *typed.field(&name).ok_or_else(unreadable)? = value.replace("\r\n", "\n"),
            }
        }
        Ok(typed)
    }

    fn field(&mut self, name: &str) -> Option<&mut String> {
        if let Some((part, word)) = name.split_once('-') {
            let role = self.roles.iter_mut().find(|one| one.role.word() == word)?;
            return match part {
                "role" => Some(&mut role.everywhere),
                "lanes" => Some(&mut role.lanes),
                _ => None,
            };
        }
        Some(match name {
            "name" => &mut self.name,
            "honorific" => &mut self.honorific,
            "post" => &mut self.post,
            "department" => &mut self.department,
            "identity" => &mut self.identity,
            "personality" => &mut self.personality,
            "hobbies" => &mut self.hobbies,
            "avoid" => &mut self.avoid,
            "birthday_calendar" => &mut self.birthday_calendar,
            "birthday_year" => &mut self.birthday_year,
            "birthday_month" => &mut self.birthday_month,
            "birthday_day" => &mut self.birthday_day,
            "birthday_leap" => &mut self.birthday_leap,
            "mobile" => &mut self.mobile,
            "phone" => &mut self.phone,
            "email" => &mut self.email,
            "wechat" => &mut self.wechat,
            "preferred_channel" => &mut self.preferred_channel,
            "inform_every_days" => &mut self.inform_every_days,
            "notes" => &mut self.notes,
            _ => return None,
        })
    }

    /// # Errors
    /// `Refused` for a word that is none of its set; `Invalid` for a birthday of no calendar.
    pub fn draft(&self) -> Result<ContactDraft, Error> {
        let every = plain(&self.inform_every_days);
        Ok(ContactDraft {
            name: self.name.clone(),
            honorific: self.honorific.clone(),
            post: self.post.clone(),
            department: self.department.clone(),
            identity: word(&self.identity)?,
            roles: self.roles.iter().flat_map(role_drafts).collect(),
            personality: self.personality.clone(),
            hobbies: between_commas(&self.hobbies),
            avoid: self.avoid.clone(),
            birthday: self.birthday()?,
            mobile: Some(self.mobile.clone()),
            phone: Some(self.phone.clone()),
            email: Some(self.email.clone()),
            wechat: Some(self.wechat.clone()),
            preferred_channel: word(&self.preferred_channel)?,
            // What is no number is out of range like 0, and the rule says so at the field.
            inform_every_days: (!every.is_empty()).then(|| every.parse().unwrap_or(0)),
            notes: self.notes.clone(),
        })
    }

    fn birthday(&self) -> Result<Option<Option<Birthday>>, Error> {
        let [year, month, day] = [&self.birthday_year, &self.birthday_month, &self.birthday_day].map(|one| plain(one));
        let nothing = year.is_empty() && month.is_empty() && day.is_empty();
        let problem = || Error::Invalid(vec![FieldProblem::new("birthday", Message::new("contact-birthday_of_which"))]);
        let calendar: Option<BirthdayCalendar> = match self.birthday_calendar.as_str() {
            KEEP if nothing => return Ok(None),
            KEEP => return Err(problem()),
            other => word(other)?,
        };
        match calendar {
            _ if nothing => Ok(Some(None)),
            None => Err(problem()),
            // What is no number is no day, and the rule says so.
            Some(calendar) => Ok(Some(Some(Birthday {
                calendar,
                year: (!year.is_empty()).then(|| year.parse().unwrap_or(0)),
                month: month.parse().unwrap_or(0),
                day: day.parse().unwrap_or(0),
                leap: !self.birthday_leap.is_empty(),
            }))),
        }
    }
}

fn role_drafts(typed: &TypedRole) -> Vec<RoleDraft> {
    let mut drafts: Vec<RoleDraft> = Vec::new();
    if typed.is_everywhere() {
        drafts.push(RoleDraft::on_all_lanes(typed.role));
    }
    // What is no lane has one end only, and the rule says so.
    let lane = |text: String| rules::lane(&text).unwrap_or((text, String::new()));
    let lanes = between_commas(&typed.lanes).into_iter().map(lane);
    drafts.extend(lanes.map(|(origin, destination)| RoleDraft { role: typed.role, origin, destination }));
    drafts
}

fn between_commas(text: &str) -> Vec<String> {
    text.split(crate::views::form::is_comma).map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

/// Digits in any width, without blanks.
fn plain(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

fn word<T: std::str::FromStr>(text: &str) -> Result<Option<T>, Error> {
    match text {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Error::Refused(Message::new("error-form_unreadable"))),
    }
}
