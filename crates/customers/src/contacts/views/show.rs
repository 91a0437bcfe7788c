//! What the page of one contact shows.

use db::audit;
use texts::format;
use web::Ui;

use super::{Way, birthday, roles, verified};
use crate::consent;
use crate::consent::Purpose;
use crate::contact::Model;
use crate::contacts::mask;
use crate::contacts::service::{ContactFile, Revealed};
use crate::views::by;

pub(crate) struct ContactPageView {
    pub id: String,
    pub customer_id: String,
    pub name: String,
    pub honorific: String,
    pub post: String,
    pub identity: String,
    pub roles: String,
    pub personality: String,
    pub hobbies: Vec<String>,
    pub avoid: String,
    pub birthday: String,
    pub ways: Vec<Way>,
    /// Whether something is masked that can be shown.
    pub hidden: bool,
    pub channel: String,
    pub every: String,
    pub notes: String,
    pub verified: String,
    pub is_verified: bool,
    /// Since when he has left, and who said so; empty while he is there.
    pub left: String,
    pub created: String,
    pub advice: String,
}

impl ContactPageView {
    pub fn of(ui: &Ui, file: &ContactFile, revealed: Option<&Revealed>) -> Self {
        let contact = &file.contact;
        let ways = ways(ui, contact, revealed);
        let born = match (contact.birthday(), revealed) {
            (Some(day), Some(_)) => birthday(ui, day),
            (Some(_), None) => ui.t("contact-birthday_hidden"),
            (None, _) => String::new(),
        };
        let day = |at| format::day(base::Actor::day_of(at));
        let who = |name: &str| by(ui, name);
        let left = |at| ui.t2("contact-left_on", ("day", &day(at)), ("who", &who(&contact.archived_by)));
        let created = day(contact.created_at);
        Self {
            id: contact.id.clone(),
            customer_id: contact.customer_id.to_string(),
            name: contact.name.clone(),
            honorific: contact.honorific.clone(),
            post: super::list::post(contact),
            identity: contact.identity.map(|one| ui.t(one.key())).unwrap_or_default(),
            roles: roles(ui, &file.roles).join(&ui.t("contact-and")),
            personality: contact.personality.clone(),
            hobbies: contact.hobbies(),
            avoid: contact.avoid.clone(),
            hidden: revealed.is_none() && (!ways.is_empty() || contact.birthday().is_some()),
            birthday: born,
            ways,
            channel: contact.preferred_channel.map(|one| ui.t(one.key())).unwrap_or_default(),
            every: contact.inform_every_days.map(|days| ui.t1("customer-every", "days", days)).unwrap_or_default(),
            notes: contact.notes.clone(),
            verified: verified(ui, contact),
            is_verified: contact.verified_at.is_some(),
            left: contact.archived_at.map(left).unwrap_or_default(),
            created: ui.t2("customer-created_by", ("day", &created), ("who", &who(&contact.created_by))),
            advice: match contact.identity {
                Some(identity) => ui.t(&format!("contact-advice-{identity}")),
                None => ui.t("contact-advice_unknown"),
            },
        }
    }
}

fn ways(ui: &Ui, contact: &Model, revealed: Option<&Revealed>) -> Vec<Way> {
    let dialled = |number: &str| number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect::<String>();
    let way = |label: &str, text: String, href: String| Way { label: ui.t(label), text, href };
    let all = match revealed {
        Some(seen) => [
            way("contact-mobile", seen.mobile.clone(), format!("tel:{}", dialled(&seen.mobile))),
            way("contact-phone", seen.phone.clone(), format!("tel:{}", dialled(&seen.phone))),
            way("contact-wechat", seen.wechat.clone(), String::new()),
            way("contact-email", seen.email.clone(), format!("mailto:{}", seen.email)),
        ],
        None => [
            way("contact-mobile", mask::number(&contact.mobile), String::new()),
            way("contact-phone", mask::number(&contact.phone), String::new()),
            way("contact-wechat", mask::number(&contact.wechat), String::new()),
            way("contact-email", mask::email(&contact.email), String::new()),
        ],
    };
    all.into_iter().filter(|way| !way.text.is_empty()).collect()
}

/// Where one purpose stands.
pub(crate) struct PurposeView {
    pub purpose: String,
    pub answer: String,
    pub tone: &'static str,
    pub basis: String,
    pub how: String,
    pub recorded: String,
}

impl PurposeView {
    /// Each purpose, also one that was never asked about.
    pub fn all(ui: &Ui, consents: &[consent::Model]) -> Vec<Self> {
        let one = |purpose: &Purpose| match consents.iter().find(|one| one.purpose == *purpose) {
            Some(row) => Self::of(ui, row),
            None => Self {
                purpose: ui.t(purpose.key()),
                answer: ui.t("contact-consent_none"),
                tone: "neutral",
                basis: String::new(),
                how: String::new(),
                recorded: String::new(),
            },
        };
        Purpose::ALL.iter().map(one).collect()
    }

    pub fn of(ui: &Ui, row: &consent::Model) -> Self {
        let channel = ui.t(row.channel.key());
        Self {
            purpose: ui.t(row.purpose.key()),
            answer: ui.t(row.answer.key()),
            tone: row.answer.tone(),
            basis: row.basis.map(|basis| ui.t(basis.key())).unwrap_or_default(),
            how: match row.evidence.is_empty() {
                true => channel,
                false => ui.t2("contact-how", ("channel", &channel), ("evidence", &row.evidence)),
            },
            recorded: format!("{} {}", format::time(row.recorded_at), by(ui, &row.recorded_by)),
        }
    }
}

/// One act in a contact's history.
pub(crate) struct ActView {
    pub when: String,
    pub who: String,
    pub act: String,
    /// The fields that it changed.
    pub fields: String,
}

impl ActView {
    pub fn of(ui: &Ui, entry: audit::Model) -> Self {
        let changed = entry.action == "contact.changed";
        let fields = entry.detail.as_object().into_iter().flatten().map(|(field, _)| field.as_str());
        let named = fields.filter(|field| changed && *field != "version").map(|field| label(ui, field));
        Self {
            when: format::time(entry.at),
            who: by(ui, &entry.actor_name),
            fields: named.collect::<Vec<_>>().join(&ui.t("contact-and")),
            act: ui.t(&format!("audit-{}", entry.action.replace('.', "-"))),
        }
    }
}

/// The label of a field, by the name that the audit has for it.
pub(crate) fn label(ui: &Ui, field: &str) -> String {
    ui.t(&format!("contact-{field}"))
}
