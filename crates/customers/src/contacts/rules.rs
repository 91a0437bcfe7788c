//! What may be written about a contact.

use std::collections::BTreeSet;

use base::{Day, FieldProblem, Message, Refusal as _};
use unicode_normalization::UnicodeNormalization;

use super::birthday::{Birthday, FIRST_YEAR};
use super::forms::{ConsentDraft, ContactDraft};
use super::mask;
use crate::consent::{Basis, ConsentAnswer, Purpose};
use crate::contact::Model;
use crate::contact_role::BuyingRole;
use crate::rules::{LONGEST_NAME, line_problem, text_problem, too_many_parts};

/// Most contacts of one customer, those who left included: all of them stand on one page.
pub const MOST_OF_CUSTOMER: u64 = 300;
/// Most hobbies or roles of one contact.
const MOST_PARTS: usize = 50;
/// Longest time between two news, in days.
const LONGEST_RHYTHM: i64 = 730;
/// Fewest and most digits of a number, with country code and extension.
const DIGITS: [usize; 2] = [5, 25];

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the calendar has no such day")]
    NoSuchBirthday,
    #[error("nobody of ours is born in this year")]
    BirthdayYear,
    #[error("the contact has left the firm")]
    HasLeft,
    #[error("the contact is still there")]
    IsThere,
    #[error("the customer has too many contacts")]
    TooManyContacts,
    #[error("what was not given cannot be withdrawn")]
    NothingToWithdraw,
    #[error("what is given needs a basis")]
    BasisMissing,
    #[error("only what is given has a basis")]
    BasisOnlyOfGiven,
    #[error("marketing needs the contact's own will")]
    BasisOfMarketing,
    #[error("what is given needs evidence")]
    EvidenceMissing,
}

impl base::Refusal for Refusal {
    fn message(&self) -> Message {
        let key = match self {
            Refusal::NoSuchBirthday => "contact-no_such_birthday",
            Refusal::BirthdayYear => return Message::new("contact-birthday_year").with("first", FIRST_YEAR),
            Refusal::HasLeft => "contact-has_left",
            Refusal::IsThere => "contact-is_there",
            Refusal::TooManyContacts => return Message::new("contact-too_many").with("most", MOST_OF_CUSTOMER),
            Refusal::NothingToWithdraw => "contact-nothing_to_withdraw",
            Refusal::BasisMissing => "contact-basis_missing",
            Refusal::BasisOnlyOfGiven => "contact-basis_only_of_given",
            Refusal::BasisOfMarketing => "contact-basis_of_marketing",
            Refusal::EvidenceMissing => "contact-evidence_missing",
        };
        Message::new(key)
    }
}

/// The draft without blanks around its texts, and with what stays as `before` has it.
///
/// # Errors
/// Every field that cannot be accepted.
pub fn checked(mut draft: ContactDraft, before: Option<&Model>, today: Day) -> Result<ContactDraft, Vec<FieldProblem>> {
    trim(&mut draft);
    let mut problems = Vec::new();
    if draft.name.is_empty() {
        problems.push(FieldProblem::new("name", Message::new("contact-name_missing")));
    }
    problems.extend(text_problems(&draft));
    keep(&mut draft, before);
    for (field, typed) in [("mobile", &draft.mobile), ("phone", &draft.phone)] {
        problems.extend(typed.as_ref().and_then(|text| number_problem(field, text)));
    }
    problems.extend(draft.email.as_ref().and_then(|text| email_problem(text)));
    problems.extend(draft.wechat.as_ref().and_then(|text| masked_problem("wechat", text)));
    let birthday = draft.birthday.flatten();
    // One that is stored was checked on the day on which it was told.
    let new = before.and_then(Model::birthday) != birthday;
    if let Some(Err(refusal)) = birthday.filter(|_| new).map(|birthday| Birthday::checked(birthday, today)) {
        problems.push(FieldProblem::new("birthday", refusal.message()));
    }
    if draft.inform_every_days.is_some_and(|days| !(1..=LONGEST_RHYTHM).contains(&days)) {
        let message = Message::new("customer-rhythm_out_of_range").with("most", LONGEST_RHYTHM);
        problems.push(FieldProblem::new("inform_every_days", message));
    }
    for (field, count) in [("hobbies", draft.hobbies.len()), ("roles", draft.roles.len())] {
        problems.extend((count > MOST_PARTS).then(|| too_many_parts(field, count)));
    }
    if problems.is_empty() { Ok(draft) } else { Err(problems) }
}

fn trim(draft: &mut ContactDraft) {
    let lines = [&mut draft.name, &mut draft.honorific, &mut draft.post, &mut draft.department];
    let ways = [&mut draft.mobile, &mut draft.phone, &mut draft.email, &mut draft.wechat];
    for text in lines.into_iter().chain(ways.into_iter().flatten()) {
        *text = text.trim().into();
    }
    // Full-width digits and the at sign come from Chinese input methods.
    for number in [&mut draft.mobile, &mut draft.phone, &mut draft.email].into_iter().flatten() {
        *number = number.nfkc().collect();
    }
    draft.hobbies = draft.hobbies.iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect();
    draft.hobbies.sort();
    draft.hobbies.dedup();
    for role in &mut draft.roles {
        (role.origin, role.destination) = (role.origin.trim().into(), role.destination.trim().into());
    }
    draft.roles.sort();
    draft.roles.dedup();
}

fn text_problems(draft: &ContactDraft) -> Vec<FieldProblem> {
    let mut lines = vec![
        ("name", &draft.name),
        ("honorific", &draft.honorific),
        ("post", &draft.post),
        ("department", &draft.department),
    ];
    lines.extend(draft.hobbies.iter().map(|hobby| ("hobbies", hobby)));
    lines.extend(draft.roles.iter().flat_map(|role| [("roles", &role.origin), ("roles", &role.destination)]));
    let ways = [("mobile", &draft.mobile), ("phone", &draft.phone), ("email", &draft.email), ("wechat", &draft.wechat)];
    lines.extend(ways.into_iter().filter_map(|(field, text)| Some((field, text.as_ref()?))));
    let half = |role: &&super::forms::RoleDraft| role.origin.is_empty() != role.destination.is_empty();
    let half = draft.roles.iter().find(half).map(|_| FieldProblem::new("roles", Message::new("contact-half_a_lane")));
    let texts = [("personality", &draft.personality), ("avoid", &draft.avoid), ("notes", &draft.notes)];
    let lines = lines.into_iter().filter_map(|(field, text)| line_problem(field, text));
    lines.chain(texts.into_iter().filter_map(|(field, text)| text_problem(field, text))).chain(half).collect()
}

/// What is absent, or masked as it was shown, stays.
fn keep(draft: &mut ContactDraft, before: Option<&Model>) {
    let stored = |of: fn(&Model) -> &String| before.map(of).cloned().unwrap_or_default();
    let number: fn(&str) -> String = mask::number;
    let ways = [
        (&mut draft.mobile, stored(|model| &model.mobile), number),
        (&mut draft.phone, stored(|model| &model.phone), mask::number),
        (&mut draft.email, stored(|model| &model.email), mask::email),
        (&mut draft.wechat, stored(|model| &model.wechat), mask::number),
    ];
    for (typed, stored, masked) in ways {
        let same = typed.as_ref().is_none_or(|text| *text == masked(&stored));
        if same {
            *typed = Some(stored);
        }
    }
    if draft.birthday.is_none() {
        draft.birthday = Some(before.and_then(Model::birthday));
    }
}

fn masked_problem(field: &str, text: &str) -> Option<FieldProblem> {
    mask::is_masked(text).then(|| FieldProblem::new(field, Message::new("contact-masked")))
}

fn number_problem(field: &str, text: &str) -> Option<FieldProblem> {
    if text.is_empty() {
        return None;
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let only_signs = text.chars().all(|c| c.is_ascii_digit() || "+-() /#.,ext\u{8f6c}".contains(c));
    let wrong = !only_signs || !(DIGITS[0]..=DIGITS[1]).contains(&digits);
    masked_problem(field, text).or_else(|| wrong.then(|| FieldProblem::new(field, Message::new("contact-no_number"))))
}

fn email_problem(text: &str) -> Option<FieldProblem> {
    if text.is_empty() {
        return None;
    }
    let part = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@,;<>".contains(c));
    let right = text.split_once('@').is_some_and(|(name, host)| part(name) && part(host));
    masked_problem("email", text)
        .or_else(|| (!right).then(|| FieldProblem::new("email", Message::new("contact-no_email"))))
}

/// # Errors
/// Every field that cannot be accepted beside what the contact said last about this purpose.
pub fn checked_consent(
    mut draft: ConsentDraft,
    last: Option<ConsentAnswer>,
) -> Result<ConsentDraft, Vec<FieldProblem>> {
    draft.evidence = draft.evidence.trim().into();
    let given = draft.answer == ConsentAnswer::Given;
    let own_will = matches!(draft.basis, None | Some(Basis::Consent | Basis::LegitimateRequest));
    let wrong = [
        (
            "answer",
            Refusal::NothingToWithdraw,
            draft.answer == ConsentAnswer::Withdrawn && last != Some(ConsentAnswer::Given),
        ),
        ("basis", Refusal::BasisMissing, given && draft.basis.is_none()),
        ("basis", Refusal::BasisOnlyOfGiven, !given && draft.basis.is_some()),
        ("basis", Refusal::BasisOfMarketing, given && draft.purpose == Purpose::Marketing && !own_will),
        ("evidence", Refusal::EvidenceMissing, given && draft.evidence.is_empty()),
    ];
    let mut problems: Vec<FieldProblem> = wrong
        .into_iter()
        .filter(|(_, _, is_so)| *is_so)
        .map(|(field, refusal, _)| FieldProblem::new(field, refusal.message()))
        .collect();
    problems.extend(text_problem("evidence", &draft.evidence));
    if problems.is_empty() { Ok(draft) } else { Err(problems) }
}

/// The parts of the buying centre that nobody plays on any lane.
pub fn nobody_plays(played: impl IntoIterator<Item = BuyingRole>) -> Vec<BuyingRole> {
    let played: BTreeSet<BuyingRole> = played.into_iter().collect();
    BuyingRole::ALL.iter().copied().filter(|role| !played.contains(role)).collect()
}

/// Reads a lane as people write it: 苏黎世–广州, Zürich -> Basel. `None` when it has no two ends.
pub fn lane(text: &str) -> Option<(String, String)> {
    let joints = ["->", "\u{2192}", "\u{2013}", "\u{2014}", "\u{2192}", "-", "~", "\u{81f3}", "\u{5230}"];
    let (origin, destination) = joints.iter().find_map(|joint| text.split_once(joint))?;
    let rest =
        |text: &str| text.trim_matches(|c: char| c.is_whitespace() || "-\u{2013}\u{2014}".contains(c)).to_owned();
    let (origin, destination) = (rest(origin), rest(destination));
    let named = !origin.is_empty() && !destination.is_empty() && origin.chars().count() <= LONGEST_NAME;
    named.then_some((origin, destination))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::Channel;

    fn fields(result: Result<ContactDraft, Vec<FieldProblem>>) -> Vec<String> {
        result.unwrap_err().into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn every_wrong_field_of_a_contact_is_named_at_once() {
        let mut draft = ContactDraft::named(" ");
        (draft.post, draft.notes) = ("长".repeat(10_000), "a\0b".into());
        (draft.mobile, draft.email) = (Some("138****1234".into()), Some("王工".into()));
        draft.phone = Some("12".into());
        draft.inform_every_days = Some(0);
        draft.roles = vec![super::super::forms::RoleDraft::on(BuyingRole::Uses, "苏黎世", "")];
        let found = fields(checked(draft, None, "2026-11-23".parse().unwrap()));
        assert_eq!(found, ["name", "post", "notes", "roles", "mobile", "phone", "email", "inform_every_days"]);
    }

    #[test]
    fn full_width_numbers_are_kept_in_plain_digits() {
        let mut draft = ContactDraft::named("王工");
        draft.mobile = Some("１３８１２３４１２３４".into());
        draft.phone = Some("020-8123 4567转801".into());
        let draft = checked(draft, None, "2026-11-23".parse().unwrap()).unwrap();
        assert_eq!((draft.mobile.as_deref(), draft.email.as_deref()), (Some("13812341234"), Some("")));
    }

    #[test]
    fn lanes_are_read_as_people_write_them() {
        for text in ["苏黎世–广州", "苏黎世 - 广州", "苏黎世->广州", "苏黎世→广州", "苏黎世至广州"]
        {
            assert_eq!(lane(text), Some(("苏黎世".into(), "广州".into())), "{text}");
        }
        assert_eq!([lane("苏黎世"), lane("–广州"), lane("")], [None, None, None]);
    }

    #[test]
    fn what_is_given_has_a_basis_and_evidence_and_only_that_can_be_withdrawn() {
        use ConsentAnswer::{Given, Refused, Withdrawn};
        let draft = |purpose, answer, basis, evidence: &str| ConsentDraft {
            purpose,
            answer,
            basis,
            channel: Channel::WeChat,
            evidence: evidence.into(),
        };
        let keys = |draft, last| -> Vec<String> {
            checked_consent(draft, last).err().unwrap_or_default().into_iter().map(|one| one.message.key).collect()
        };
        let missing = ["contact-basis_missing", "contact-evidence_missing"];
        assert_eq!(keys(draft(Purpose::Care, Given, None, " "), None), missing);
        assert!(keys(draft(Purpose::Business, Given, Some(Basis::Contract), "合同 3.2"), None).is_empty());
        let marketing = draft(Purpose::Marketing, Given, Some(Basis::Contract), "合同");
        assert_eq!(keys(marketing, None), ["contact-basis_of_marketing"]);
        assert!(keys(draft(Purpose::Care, Refused, None, ""), None).is_empty());
        assert_eq!(keys(draft(Purpose::Care, Withdrawn, None, ""), Some(Refused)), ["contact-nothing_to_withdraw"]);
        assert!(keys(draft(Purpose::Care, Withdrawn, None, ""), Some(Given)).is_empty());
        let basis = draft(Purpose::Care, Refused, Some(Basis::Consent), "");
        assert_eq!(keys(basis, None), ["contact-basis_only_of_given"]);
    }

    #[test]
    fn a_part_that_somebody_plays_on_one_lane_is_not_missing() {
        let missing = nobody_plays([BuyingRole::Decides, BuyingRole::Uses, BuyingRole::Decides]);
        assert_eq!(missing.len(), 5);
        assert!(!missing.contains(&BuyingRole::Uses));
    }
}
