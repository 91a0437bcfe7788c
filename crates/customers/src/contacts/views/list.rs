//! A customer's contacts, and which parts of its buying centre nobody plays.

use web::Ui;

use super::{chips, lanes, roles, verified};
use crate::contact_role::BuyingRole;
use crate::contacts::service::ContactFile;
use crate::contacts::{mask, rules};

pub(crate) struct ContactsView {
    pub rows: Vec<RowView>,
    pub map: Vec<PartView>,
    /// Only one contact is known, whoever he is.
    pub only: String,
    /// What nobody is known to do, in one line.
    pub missing: String,
}

pub(crate) struct RowView {
    pub id: String,
    pub name: String,
    pub honorific: String,
    /// Post and department.
    pub post: String,
    pub identity: String,
    pub roles: Vec<String>,
    /// The first way to reach him, masked.
    pub reach: String,
    pub chips: Vec<(String, &'static str)>,
    pub verified: String,
    pub is_verified: bool,
    pub left: bool,
}

/// A part of the buying centre and who plays it: name, address, lanes.
pub(crate) struct PartView {
    pub role: String,
    pub who: Vec<(String, String, String)>,
}

impl ContactsView {
    pub fn of(ui: &Ui, files: &[ContactFile]) -> Self {
        let there: Vec<&ContactFile> = files.iter().filter(|file| file.contact.archived_at.is_none()).collect();
        let played = there.iter().flat_map(|file| file.roles.iter().map(|role| role.role));
        let missing = rules::nobody_plays(played);
        let words: Vec<String> = missing.iter().map(|role| ui.t(role.key())).collect();
        Self {
            rows: files.iter().map(|file| RowView::of(ui, file)).collect(),
            map: BuyingRole::ALL.iter().map(|role| PartView::of(ui, *role, &there)).collect(),
            only: match there.as_slice() {
                [one] => ui.t1("contact-only_one", "name", &one.contact.name),
                _ => String::new(),
            },
            missing: match words.is_empty() {
                true => String::new(),
                false => ui.t1("contact-nobody_plays", "roles", words.join(&ui.t("contact-and"))),
            },
        }
    }
}

impl RowView {
    fn of(ui: &Ui, file: &ContactFile) -> Self {
        let contact = &file.contact;
        let ways = [
            mask::number(&contact.mobile),
            mask::number(&contact.phone),
            mask::number(&contact.wechat),
            mask::email(&contact.email),
        ];
        Self {
            id: contact.id.clone(),
            name: contact.name.clone(),
            honorific: contact.honorific.clone(),
            post: post(contact),
            identity: contact.identity.map(|identity| ui.t(identity.key())).unwrap_or_default(),
            roles: roles(ui, &file.roles),
            reach: ways.into_iter().find(|way| !way.is_empty()).unwrap_or_default(),
            chips: chips(ui, &file.consents),
            verified: verified(ui, contact),
            is_verified: contact.verified_at.is_some(),
            left: contact.archived_at.is_some(),
        }
    }
}

/// Post and department in one line.
pub(crate) fn post(contact: &crate::contact::Model) -> String {
    let parts = [&contact.department, &contact.post];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" · ")
}

impl PartView {
    fn of(ui: &Ui, role: BuyingRole, there: &[&ContactFile]) -> Self {
        let plays = |file: &&ContactFile| {
            let own: Vec<_> = file.roles.iter().filter(|one| one.role == role).cloned().collect();
            let contact = &file.contact;
            let link = format!("/contacts/{}", contact.id);
            (!own.is_empty()).then(|| (contact.name.clone(), link, lanes(ui, &own)))
        };
        Self { role: ui.t(role.key()), who: there.iter().filter_map(plays).collect() }
    }
}
