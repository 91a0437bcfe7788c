//! What a draft makes of a contact, and what the audit keeps of it.

use base::{Actor, CustomerId};
use serde_json::{Value, json};

use super::forms::ContactDraft;
use super::mask;
use crate::contact::{ContactId, Model};

/// A new contact of which nothing is known yet.
pub(super) fn blank(actor: &Actor, customer_id: CustomerId) -> Model {
    Model {
        id: ContactId::new(actor.now).0,
        customer_id,
        name: String::new(),
        sort_name: String::new(),
        honorific: String::new(),
        post: String::new(),
        department: String::new(),
        identity: None,
        personality: String::new(),
        hobbies: json!([]),
        avoid: String::new(),
        birthday_calendar: None,
        birthday_year: None,
        birthday_month: None,
        birthday_day: None,
        birthday_leap: false,
        mobile: String::new(),
        phone: String::new(),
        email: String::new(),
        wechat: String::new(),
        preferred_channel: None,
        inform_every_days: None,
        notes: String::new(),
        verified_at: None,
        verified_by: String::new(),
        archived_at: None,
        archived_by: String::new(),
        created_at: actor.now,
        created_by: actor.name.clone(),
        updated_at: actor.now,
        version: 1,
    }
}

/// With what a checked draft says.
pub(super) fn filled(contact: Model, draft: &ContactDraft) -> Model {
    let birthday = draft.birthday.flatten();
    let way = |typed: &Option<String>| typed.clone().unwrap_or_default();
    Model {
        name: draft.name.clone(),
        sort_name: texts::pinyin::sort_key(&crate::rules::name_key(&draft.name)),
        honorific: draft.honorific.clone(),
        post: draft.post.clone(),
        department: draft.department.clone(),
        identity: draft.identity,
        personality: draft.personality.clone(),
        hobbies: json!(draft.hobbies),
        avoid: draft.avoid.clone(),
        birthday_calendar: birthday.map(|one| one.calendar),
        birthday_year: birthday.and_then(|one| one.year).map(i64::from),
        birthday_month: birthday.map(|one| one.month.into()),
        birthday_day: birthday.map(|one| one.day.into()),
        birthday_leap: birthday.is_some_and(|one| one.leap),
        mobile: way(&draft.mobile),
        phone: way(&draft.phone),
        email: way(&draft.email),
        wechat: way(&draft.wechat),
        preferred_channel: draft.preferred_channel,
        inform_every_days: draft.inform_every_days,
        notes: draft.notes.clone(),
        ..contact
    }
}

/// The fields that differ. The audit is kept longer than the contact may be: it has numbers masked, and of what people
/// write about a person only that it changed.
pub(super) fn difference(before: &Model, after: &Model) -> serde_json::Map<String, Value> {
    let open = |contact: &Model| {
        [
            ("name", json!(contact.name)),
            ("honorific", json!(contact.honorific)),
            ("post", json!(contact.post)),
            ("department", json!(contact.department)),
            ("identity", json!(contact.identity)),
            ("preferred_channel", json!(contact.preferred_channel)),
            ("inform_every_days", json!(contact.inform_every_days)),
        ]
    };
    let ways = |contact: &Model| {
        [
            ("mobile", contact.mobile.clone(), mask::number(&contact.mobile)),
            ("phone", contact.phone.clone(), mask::number(&contact.phone)),
            ("email", contact.email.clone(), mask::email(&contact.email)),
            ("wechat", contact.wechat.clone(), mask::number(&contact.wechat)),
        ]
    };
    let written = |contact: &Model| {
        [
            ("personality", json!(contact.personality)),
            ("hobbies", contact.hobbies.clone()),
            ("avoid", json!(contact.avoid)),
            ("birthday", json!(contact.birthday())),
            ("notes", json!(contact.notes)),
        ]
    };
    let mut changed = serde_json::Map::new();
    for ((field, old), (_, new)) in open(before).into_iter().zip(open(after)) {
        if old != new {
            changed.insert(field.into(), json!({"before": old, "after": new}));
        }
    }
    for ((field, old, old_mask), (_, new, new_mask)) in ways(before).into_iter().zip(ways(after)) {
        if old != new {
            changed.insert(field.into(), json!({"before": old_mask, "after": new_mask}));
        }
    }
    for ((field, old), (_, new)) in written(before).into_iter().zip(written(after)) {
        if old != new {
            changed.insert(field.into(), json!({}));
        }
    }
    changed
}
