//! Whom a row of a file means and what it wants of him.

use std::collections::{BTreeMap, BTreeSet};

use base::{Actor, DepartmentId, Error, FieldProblem, Message, UserId};
use module::Record;
use sea_orm::ConnectionTrait;

use super::headers::BETWEEN;
use super::{chosen, in_file, problem};
use crate::address::AddressKind;
use crate::called::Called;
use crate::forms::{AddressDraft, CustomerDraft};
use crate::service::{CustomerFile, department_of, difference, own};
use crate::store::{self, parts};
use crate::{people, rules};

/// What one row does.
#[derive(Debug)]
pub enum Step {
    New {
        draft: Box<CustomerDraft>,
        department: Option<DepartmentId>,
    },
    Change {
        before: Box<CustomerFile>,
        draft: Box<CustomerDraft>,
        department: Option<DepartmentId>,
        fields: Vec<String>,
    },
    Nothing {
        id: String,
    },
}

/// A row that makes sense by itself.
#[derive(Debug)]
pub struct Meaning {
    /// Written like `rules::name_key`.
    pub name: String,
    /// Empty when the row gives none.
    pub code: String,
    /// What it does with what is stored, or why it cannot.
    pub step: Result<Step, Vec<FieldProblem>>,
}

/// One meaning a record, or what is wrong with it whatever is stored.
///
/// # Errors
/// When the database does not answer.
pub async fn meanings(
    db: &impl ConnectionTrait,
    actor: &Actor,
    records: &[&Record],
) -> Result<Vec<Result<Meaning, Vec<FieldProblem>>>, Error> {
    let known = Known::load(db, actor, records).await?;
    let meaning = |record: &&Record| match known.alone(record) {
        Ok(CustomerDraft { name, credit_code, .. }) => {
            let (name, step) = (rules::name_key(&name), known.step(actor, record)?);
            Ok(Ok(Meaning { name, code: credit_code, step }))
        }
        Err(problems) => Ok(Err(problems)),
    };
    records.iter().map(meaning).collect()
}

/// Everything that the rows may mean.
struct Known {
    by_code: BTreeMap<String, String>,
    by_name: BTreeMap<String, BTreeSet<String>>,
    files: BTreeMap<String, CustomerFile>,
    /// Those that the actor may change.
    reached: BTreeSet<String>,
    people: Vec<people::Model>,
}

impl Known {
    async fn load(db: &impl ConnectionTrait, actor: &Actor, records: &[&Record]) -> Result<Self, Error> {
        let texts = |field: &'static str| records.iter().filter_map(move |record| record.text(field));
        let keys: BTreeSet<String> = texts("name").chain(texts("credit_code")).map(rules::name_key).collect();
        let (mut by_code, mut by_name) = (BTreeMap::new(), BTreeMap::<_, BTreeSet<String>>::new());
        for row in store::called(db, keys).await? {
            match row.kind {
                Called::Code => drop(by_code.insert(row.name_key, row.customer_id)),
                Called::Name => drop(by_name.entry(row.name_key).or_default().insert(row.customer_id)),
                _ => {}
            }
        }
        let ids: BTreeSet<String> = by_code.values().chain(by_name.values().flatten()).cloned().collect();
        let ids: Vec<String> = ids.into_iter().collect();
        let reached = store::reached(db, actor, crate::EDIT, &ids).await?.into_iter().map(|one| one.id).collect();
        let mut tags = parts::tags_of_all(db, &ids).await?;
        let mut addresses = parts::addresses_of_all(db, &ids).await?;
        let file = |customer: crate::customer::Model| CustomerFile {
            tags: tags.remove(&customer.id).unwrap_or_default(),
            addresses: addresses.remove(&customer.id).unwrap_or_default(),
            assessments: Vec::new(),
            customer,
        };
        let files = store::whoever_sees(db, &ids).await?.into_iter().map(file);
        let files = files.map(|file| (file.customer.id.clone(), file)).collect();
        let owners: BTreeSet<String> = texts("owner").map(str::to_owned).collect();
        let owners: Vec<String> = owners.into_iter().collect();
        Ok(Self { by_code, by_name, files, reached, people: store::people_called(db, &owners).await? })
    }

    fn step(&self, actor: &Actor, record: &Record) -> Result<Result<Step, Vec<FieldProblem>>, Error> {
        let before = match self.meant(record) {
            Ok(before) => before,
            Err(problem) => return Ok(Err(vec![problem])),
        };
        let Some(before) = before else {
            return Ok(self.alone(record).and_then(|draft| self.created(actor, draft)));
        };
        match self.wanted(record, before.draft()) {
            Ok(draft) => self.changed(actor, before, draft),
            Err(problems) => Ok(Err(problems)),
        }
    }

    /// What the row says by itself, whatever is stored.
    fn alone(&self, record: &Record) -> Result<CustomerDraft, Vec<FieldProblem>> {
        self.wanted(record, CustomerDraft::named(""))
    }

    /// By credit code, otherwise by full name; a customer with another code is another firm.
    fn meant(&self, record: &Record) -> Result<Option<&CustomerFile>, FieldProblem> {
        let code = record.text("credit_code").map(rules::name_key);
        let by_code = code.as_ref().and_then(|code| self.by_code.get(code));
        let by_name = record.text("name").and_then(|name| self.by_name.get(&rules::name_key(name)));
        let fits = |file: &&CustomerFile| code.is_none() || file.customer.credit_code.is_none();
        let found: Vec<&CustomerFile> = match by_code {
            Some(id) => self.files.get(id).into_iter().collect(),
            None => by_name.into_iter().flatten().filter_map(|id| self.files.get(id)).filter(fits).collect(),
        };
        match found[..] {
            [] => Ok(None),
            [one] if self.reached.contains(&one.customer.id) => Ok(Some(one)),
            [_] => Err(problem("name", "customer-import-out_of_reach")),
            _ => Err(problem("name", "customer-import-several")),
        }
    }

    /// The draft with what the row says; an empty cell changes nothing.
    fn wanted(&self, record: &Record, mut draft: CustomerDraft) -> Result<CustomerDraft, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let mut refuse = |field: &str, message: Message| problems.push(FieldProblem::new(field, message));
        let texts = [
            ("name", &mut draft.name),
            ("short_name", &mut draft.short_name),
            ("english_name", &mut draft.english_name),
            ("credit_code", &mut draft.credit_code),
            ("industry", &mut draft.industry),
            ("source", &mut draft.source),
            ("notes", &mut draft.notes),
        ];
        for (field, kept) in texts {
            if let Some(text) = record.text(field) {
                text.clone_into(kept);
            }
        }
        draft.size = chosen(record, "size").or(draft.size);
        draft.relation_type = chosen(record, "relation_type").unwrap_or(draft.relation_type);
        if let Some(name) = record.text("owner") {
            match self.person(name) {
                Ok(person) => draft.owner_id = Some(UserId(person.id.clone())),
                Err(message) => refuse("owner", message),
            }
        }
        // Commas stand in English names.
        if let Some(text) = record.text("former_names") {
            draft.former_names = text.split(['；', ';', '、', '|', '\n']).map(str::to_owned).collect();
        }
        if let Some(text) = record.text("tags") {
            draft.tags = text.split(BETWEEN).map(str::to_owned).collect();
        }
        draft.rhythm_days = record.whole("rhythm_days").or(draft.rhythm_days);
        put_address(record, &mut draft.addresses);
        let renamed = |problem: FieldProblem| FieldProblem { field: in_file(&problem.field).into(), ..problem };
        match rules::checked(draft) {
            Ok(draft) if problems.is_empty() => Ok(draft),
            Ok(_) => Err(problems),
            Err(more) => Err(problems.into_iter().chain(more.into_iter().map(renamed)).collect()),
        }
    }

    fn created(&self, actor: &Actor, mut draft: CustomerDraft) -> Result<Step, Vec<FieldProblem>> {
        own(actor, &mut draft);
        let owner = draft.owner_id.as_ref();
        match department_of(actor, crate::CREATE, owner, self.with_id(owner)) {
            Some(department) => Ok(Step::New { draft: Box::new(draft), department }),
            None => Err(vec![problem("owner", "customer-owner_out_of_reach")]),
        }
    }

    fn changed(
        &self,
        actor: &Actor,
        before: &CustomerFile,
        draft: CustomerDraft,
    ) -> Result<Result<Step, Vec<FieldProblem>>, Error> {
        let changed = difference(&before.draft(), &draft)?;
        let fields: Vec<String> = changed.keys().map(|field| in_file(field).to_owned()).collect();
        if fields.is_empty() {
            return Ok(Ok(Step::Nothing { id: before.customer.id.clone() }));
        }
        let owner = draft.owner_id.as_ref();
        let department = match before.customer.owner_id.as_ref() == owner {
            true => Some(before.customer.department_id.clone()),
            false => department_of(actor, crate::EDIT, owner, self.with_id(owner)),
        };
        Ok(match department {
            Some(department) => {
                Ok(Step::Change { before: Box::new(before.clone()), draft: Box::new(draft), department, fields })
            }
            None => Err(vec![problem("owner", "customer-owner_out_of_reach")]),
        })
    }

    fn with_id(&self, id: Option<&UserId>) -> Option<&people::Model> {
        self.people.iter().find(|person| id.is_some_and(|id| id.as_str() == person.id))
    }

    /// Who is called so, by name or login.
    fn person(&self, name: &str) -> Result<&people::Model, Message> {
        let mut called = self.people.iter().filter(|person| person.name == name || person.login == name);
        match (called.next(), called.next()) {
            (Some(person), None) => Ok(person),
            (None, _) => Err(Message::new("customer-import-nobody").with("name", name)),
            _ => Err(Message::new("customer-import-several_people").with("name", name)),
        }
    }
}

/// A file knows one address, that of the office.
fn put_address(record: &Record, addresses: &mut Vec<AddressDraft>) {
    let said = ["country", "province", "city", "address"].map(|field| record.text(field));
    if said.iter().all(Option::is_none) {
        return;
    }
    let at = addresses.iter().position(|address| address.kind == AddressKind::Office).unwrap_or(addresses.len());
    if at == addresses.len() {
        addresses.push(AddressDraft::empty(AddressKind::Office));
    }
    let Some(office) = addresses.get_mut(at) else { return };
    let parts = [&mut office.country, &mut office.province, &mut office.city, &mut office.line];
    for (part, said) in parts.into_iter().zip(said) {
        if let Some(said) = said {
            said.clone_into(part);
        }
    }
}
