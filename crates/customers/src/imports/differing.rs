//! What a changed customer was and becomes, as people read it.

use std::collections::{BTreeMap, BTreeSet};

use base::{Error, UserId};
use module::Difference;
use sea_orm::ConnectionTrait;

use super::customer_rows::{Meaning, Step};
use super::in_file;
use crate::address::AddressKind;
use crate::forms::CustomerDraft;
use crate::store;

/// Between the entries of a field that holds several.
const AND: &str = " · ";

/// The fields that differ, by their names in a file; none of a row that changes nothing. Closed words stay words.
///
/// # Errors
/// When the database does not answer.
pub async fn differing(db: &impl ConnectionTrait, meanings: &[Option<Meaning>]) -> Result<Vec<Vec<Difference>>, Error> {
    let changes: Vec<Option<(CustomerDraft, &CustomerDraft, &[String])>> = meanings
        .iter()
        .map(|meaning| match meaning.as_ref().map(|meaning| &meaning.step) {
            Some(Ok(Step::Change { before, draft, fields, .. })) => Some((before.draft(), &**draft, fields.as_slice())),
            _ => None,
        })
        .collect();
    let owners = changes.iter().flatten().flat_map(|(before, after, _)| [&before.owner_id, &after.owner_id]);
    let owners: BTreeSet<UserId> = owners.flatten().cloned().collect();
    let people = store::people(db, owners.into_iter().collect()).await?;
    let names: BTreeMap<String, String> = people.into_iter().map(|person| (person.id, person.name)).collect();
    let told = |change: &Option<(CustomerDraft, &CustomerDraft, &[String])>| match change {
        Some((before, after, fields)) => fields.iter().map(|field| difference(before, after, field, &names)).collect(),
        None => Vec::new(),
    };
    Ok(changes.iter().map(told).collect())
}

fn difference(
    before: &CustomerDraft,
    after: &CustomerDraft,
    field: &str,
    names: &BTreeMap<String, String>,
) -> Difference {
    let [before, after] = [before, after].map(|draft| shown(draft, field, names));
    Difference { field: in_file(field).to_owned(), before, after }
}

fn shown(draft: &CustomerDraft, field: &str, names: &BTreeMap<String, String>) -> String {
    match field {
        "name" => draft.name.clone(),
        "short_name" => draft.short_name.clone(),
        "former_names" => draft.former_names.join(AND),
        "english_name" => draft.english_name.clone(),
        "credit_code" => draft.credit_code.clone(),
        "industry" => draft.industry.clone(),
        "size" => draft.size.map_or_else(String::new, |size| size.word().to_owned()),
        "relation_type" => draft.relation_type.word().to_owned(),
        "source" => draft.source.clone(),
        "owner" => draft.owner_id.as_ref().and_then(|id| names.get(id.as_str())).cloned().unwrap_or_default(),
        "rhythm_days" => draft.rhythm_days.map_or_else(String::new, |days| days.to_string()),
        "notes" => draft.notes.clone(),
        "tags" => draft.tags.join(AND),
        "address" => office(draft),
        _ => String::new(),
    }
}

fn office(draft: &CustomerDraft) -> String {
    let Some(office) = draft.addresses.iter().find(|address| address.kind == AddressKind::Office) else {
        return String::new();
    };
    let parts = [&office.country, &office.province, &office.city, &office.line];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ")
}
