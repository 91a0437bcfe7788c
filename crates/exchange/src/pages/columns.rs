//! Which column is what: one line a field, with the column's first values beside it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::{Actor, Error};
use module::{Field, ImportKind};
use web::{Form, Me, Page, Problems, Ui};

use super::columns_form::Typed;
use super::field_row::{FieldRow, Rows};
use super::{PATIENCE, to_batch};
use crate::batch::{BatchId, Model};
use crate::committed;
use crate::mapping::{Mapping, TextInNumber};
use crate::outcome::Choices;
use crate::remembered;
use crate::sample::Sample;
use crate::service::{Imports, LAST_USED, Step};
use crate::views::words_of;
use crate::words::Words;

/// Rows of the file that are shown as they are.
const ROWS_SHOWN: usize = 5;

#[derive(Template)]
#[template(path = "import_columns.html")]
struct Columns {
    ui: Ui,
    batch: Model,
    /// Where the file is given up.
    give_up: String,
    kind: String,
    /// Those that the file fills or must fill, then all others.
    parts: [Vec<FieldRow>; 2],
    /// Columns that nobody asks for.
    left_out: String,
    sheets: Vec<(String, String)>,
    sheet: String,
    /// The proposal, what was said the last time, the committed mappings of the kind.
    mappings: Vec<(String, String)>,
    /// The one of these that stands on the page.
    basis: String,
    notices: Vec<String>,
    choices: Choices,
    /// Known sources when the kind has one; `None` when it has not.
    sources: Option<Vec<String>>,
    on_text: &'static str,
    day_order: &'static str,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    form: Problems,
    problem: String,
}

/// A file whose columns somebody looks at.
struct Open {
    batch: Model,
    kind: Arc<dyn ImportKind>,
    sample: Sample,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    sheet: Option<String>,
    mapping: Option<String>,
}

pub async fn show(ui: Ui, Me(actor): Me, State(imports): State<Imports>, Path(id): Path<String>) -> Page {
    let batch = imports.own(&actor, &BatchId(id)).await?;
    if batch.state.is_over() || imports.progress(&batch.id).is_some() {
        return Ok(to_batch(&batch.id));
    }
    let kind = imports.kind(&actor, &batch.kind)?;
    let mapping = batch.mapping()?;
    // The sheet that was asked for may be gone from the file; then the first one is shown, with the reason.
    let sample = match imports.sample(&batch, mapping.sheet.as_deref()).await {
        Err(Error::Refused(_)) if mapping.sheet.is_some() => imports.sample(&batch, None).await?,
        sample => sample?,
    };
    let typed = Typed { mapping, choices: batch.choices() };
    page(ui, &actor, &imports, Open { batch, kind, sample }, typed, None).await
}

/// Begins again with another sheet or another mapping.
pub async fn basis(
    Me(actor): Me,
    State(imports): State<Imports>,
    Path(id): Path<String>,
    Form(form): Form<Basis>,
) -> Page {
    let id = BatchId(id);
    let mapping = form.mapping.as_deref().filter(|mapping| !mapping.is_empty());
    imports.begin_with(&actor, &id, form.sheet.as_deref(), mapping).await?;
    Ok(web::redirect(&format!("/imports/{id}/columns")))
}

/// Takes the columns, keeps them for the next file of this form and checks the whole file.
pub async fn submit(
    ui: Ui,
    Me(actor): Me,
    State(imports): State<Imports>,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Page {
    let batch = imports.own(&actor, &BatchId(id)).await?;
    let kind = imports.kind(&actor, &batch.kind)?;
    let before = batch.mapping()?;
    let sample = imports.sample(&batch, before.sheet.as_deref()).await?;
    let typed = Typed::read(pairs, before, kind.fields(), &sample.header.columns)?;
    match imports.set_columns(&actor, &batch.id, &typed.mapping, &typed.choices).await {
        Ok(batch) => {
            imports.remember(&actor, &sample.header, &typed.mapping, &typed.choices).await?;
            imports.start(&actor, &batch.id, Step::Check, PATIENCE).await?;
            Ok(to_batch(&batch.id))
        }
        Err(error @ Error::Invalid(_)) => {
            page(ui, &actor, &imports, Open { batch, kind, sample }, typed, Some(error)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(ui: Ui, actor: &Actor, imports: &Imports, open: Open, typed: Typed, error: Option<Error>) -> Page {
    let Open { batch, kind, sample } = open;
    let Some(words) = words_of(&ui, kind.name()) else { return Err(Error::Bug("no texts".into()).into()) };
    let error = error.map(|error| words.error(error));
    let form = match &error {
        Some(Error::Invalid(problems)) => Problems::of(&ui, problems),
        _ => Problems::default(),
    };
    let problem = match &error {
        Some(error) => ui.say(&error.message()),
        None => batch.why().map_or_else(String::new, |why| words.say("", &why)),
    };
    let Typed { mapping, choices } = typed;
    let named = committed::of_kind(kind.name());
    let last_used = imports.last_used(actor, kind.name(), &sample.header).await?;
    let mappings = offered(&ui, last_used.as_ref().map(|(row, _)| row), &named);
    let basis = basis_of(&mapping, last_used.as_ref().map(|(_, mapping)| mapping), &named);
    let checked = batch.outcome();
    let rows = Rows {
        ui: &ui,
        words,
        mapping: &mapping,
        sample: &sample,
        checked: checked.as_ref(),
        form: &form,
        usual_currency: kind.usual_currency(imports.db()).await?,
    };
    let (first, others) = kind.fields().iter().map(|field| rows.row(field)).partition(FieldRow::stands_first);
    let sources = match kind.has_source() {
        true => Some(sources(&*kind, imports, &named).await?),
        false => None,
    };
    let template = Columns {
        kind: ui.t(&format!("import-kind-{}", kind.name())),
        parts: [first, others],
        left_out: sample.left_out(&mapping).join(" · "),
        sheets: sheets(&sample),
        sheet: sample.header.sheet.clone().unwrap_or_default(),
        mappings,
        notices: notices(&ui, &words, &mapping, &sample, kind.fields(), &basis),
        basis,
        sources,
        on_text: on_text(&mapping),
        day_order: mapping.day_order.map_or("", crate::DayOrder::name),
        columns: sample.header.columns.clone(),
        rows: first_rows(&sample),
        choices,
        form,
        problem,
        give_up: format!("/imports/{}/give-up", batch.id),
        batch: batch.clone(),
        ui: ui.clone(),
    };
    web::page_with(error.as_ref().map_or(StatusCode::OK, web::answer::status_of), template)
}

/// The proposal, what was said the last time, the committed mappings: name and title.
fn offered(ui: &Ui, last_used: Option<&remembered::Model>, named: &[(&'static str, Mapping)]) -> Vec<(String, String)> {
    let last_used = last_used.map(|row| {
        let day = texts::format::day(Actor::day_of(row.used_at));
        (LAST_USED.to_owned(), ui.t2("import-mapping-last", ("who", &row.by_name), ("day", &day)))
    });
    let named = named.iter().map(|(name, _)| ((*name).to_owned(), ui.t(&format!("import-mapping-{name}"))));
    std::iter::once((String::new(), ui.t("import-mapping-proposed"))).chain(last_used).chain(named).collect()
}

/// Which of the offered mappings this one is; the proposal when it is none of the others.
fn basis_of(mapping: &Mapping, last_used: Option<&Mapping>, named: &[(&'static str, Mapping)]) -> String {
    let bare = |mapping: &Mapping| Mapping { source: None, sheet: None, ..mapping.clone() };
    let ours = bare(mapping);
    if last_used.is_some_and(|last| bare(last) == ours) {
        return LAST_USED.into();
    }
    let same = named.iter().find(|(_, named)| bare(named) == ours);
    same.map_or_else(String::new, |(name, _)| (*name).to_owned())
}

/// What happened that nobody asked for: columns taken from the last time, columns that are not there.
fn notices(
    ui: &Ui,
    words: &Words<'_>,
    mapping: &Mapping,
    sample: &Sample,
    fields: &'static [Field],
    basis: &str,
) -> Vec<String> {
    let absent = mapping.absent(&sample.header.columns, fields);
    let absent: Vec<String> = absent.iter().map(|absent| words.field(absent.field)).collect();
    let recalled = (basis == LAST_USED).then(|| ui.t("import-recalled"));
    let passed_over = (!absent.is_empty()).then(|| ui.t1("import-passed_over", "fields", absent.join(" · ")));
    recalled.into_iter().chain(passed_over).collect()
}

/// Those that records came from before, then those of the committed mappings.
async fn sources(
    kind: &dyn ImportKind,
    imports: &Imports,
    named: &[(&'static str, Mapping)],
) -> Result<Vec<String>, Error> {
    let mut known = kind.sources(imports.db()).await?;
    for source in named.iter().filter_map(|(_, mapping)| mapping.source.clone()) {
        if !known.contains(&source) {
            known.push(source);
        }
    }
    Ok(known)
}

fn sheets(sample: &Sample) -> Vec<(String, String)> {
    match sample.header.sheets.as_slice() {
        [] | [_] => Vec::new(),
        sheets => sheets.iter().map(|sheet| (sheet.clone(), sheet.clone())).collect(),
    }
}

fn first_rows(sample: &Sample) -> Vec<Vec<String>> {
    let shown = |row: &crate::Row| {
        let cell = |at: usize| row.cells.get(at).map(|cell| crate::values::shown(cell, row.since_1904));
        let short = |text: String| text.chars().take(40).collect();
        (0..sample.header.columns.len()).map(|at| cell(at).map_or_else(String::new, short)).collect()
    };
    sample.rows.iter().take(ROWS_SHOWN).map(shown).collect()
}

/// `keep` when some columns say one thing and some the other.
fn on_text(mapping: &Mapping) -> &'static str {
    let unknown = mapping.columns.values().filter(|column| column.text == TextInNumber::Unknown).count();
    match unknown {
        0 => "refuse",
        all if all == mapping.columns.len() => "unknown",
        _ => "keep",
    }
}
