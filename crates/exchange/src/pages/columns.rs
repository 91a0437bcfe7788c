//! Which column is what: one line a field, with the column's first values beside it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use base::{Currency, Error};
use module::{Field, ImportKind, Shape};
use web::{Form, Me, Page, Problems, Ui};

use super::columns_form::{Typed, choice_words};
use super::{PATIENCE, to_batch};
use crate::batch::{BatchId, Model};
use crate::mapping::{Column, Mapping, TextInNumber};
use crate::outcome::Choices;
use crate::sample::Sample;
use crate::service::{Imports, Step};
use crate::values::normal;
use crate::{committed, views};

/// Offered for amounts, beside the columns of the file.
const CURRENCIES: [&str; 14] =
    ["CNY", "USD", "EUR", "HKD", "JPY", "GBP", "SGD", "AUD", "KRW", "THB", "VND", "MYR", "RUB", "AED"];

/// Rows of the file that are shown as they are.
const ROWS_SHOWN: usize = 5;

#[derive(Template)]
#[template(path = "import_columns.html")]
struct Columns {
    ui: Ui,
    batch: Model,
    kind: String,
    /// Those that the file fills or must fill, then all others.
    parts: [Vec<FieldRow>; 2],
    /// Columns that nobody asks for.
    left_out: String,
    sheets: Vec<(String, String)>,
    sheet: String,
    /// The committed mappings of the kind, after the proposal.
    mappings: Vec<(String, String)>,
    choices: Choices,
    on_text: &'static str,
    day_order: &'static str,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    form: Problems,
    problem: String,
}

struct FieldRow {
    name: &'static str,
    label: String,
    required: bool,
    /// What may stand in it.
    hint: String,
    selected: String,
    options: Vec<(String, String)>,
    samples: String,
    /// Only amounts have these.
    currencies: Vec<(String, String)>,
    currency: String,
    /// Only choices have these: `theirs=ours, …`.
    words: Option<String>,
    problem: String,
}

impl FieldRow {
    fn stands_first(&self) -> bool {
        self.required || !self.selected.is_empty() || !self.problem.is_empty()
    }
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
    page(ui, batch, &*kind, &sample, typed, None)
}

/// Begins again with another sheet or another mapping.
pub async fn basis(
    Me(actor): Me,
    State(imports): State<Imports>,
    Path(id): Path<String>,
    Form(form): Form<Basis>,
) -> Page {
    let id = BatchId(id);
    imports.begin_with(&actor, &id, form.sheet.as_deref(), form.mapping.as_deref()).await?;
    Ok(web::redirect(&format!("/imports/{id}/columns")))
}

/// Takes the columns and checks the whole file.
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
            imports.start(&actor, &batch.id, Step::Check, PATIENCE).await?;
            Ok(to_batch(&batch.id))
        }
        Err(error @ Error::Invalid(_)) => page(ui, batch, &*kind, &sample, typed, Some(&error)),
        Err(error) => Err(error.into()),
    }
}

fn page(
    ui: Ui,
    batch: Model,
    kind: &dyn ImportKind,
    sample: &Sample,
    typed: Typed,
    error: Option<&Error>,
) -> Result<Response, web::Failure> {
    let form = match error {
        Some(Error::Invalid(problems)) => Problems::of(&ui, problems),
        _ => Problems::default(),
    };
    let Typed { mapping, choices } = typed;
    let fields = kind.fields().iter().map(|field| row(&ui, kind, field, &mapping, sample, &form));
    let (first, others) = fields.partition(FieldRow::stands_first);
    let texts = |list: &[String]| list.iter().map(|text| (text.clone(), text.clone())).collect();
    let named = committed::of_kind(kind.name());
    let proposal = (String::new(), ui.t("import-mapping_proposed"));
    let shown = |cells: &[crate::Cell]| {
        let cell = |at: usize| cells.get(at).map_or("", crate::Cell::text).chars().take(40).collect::<String>();
        (0..sample.header.columns.len()).map(cell).collect()
    };
    let problem = match error {
        Some(error) => ui.say(&error.message()),
        None => batch.why().map_or_else(String::new, |why| ui.say(&why.message())),
    };
    let template = Columns {
        kind: ui.t(&format!("import-kind-{}", kind.name())),
        parts: [first, others],
        left_out: sample.left_out(&mapping).join(" · "),
        sheets: match sample.header.sheets.len() {
            0 | 1 => Vec::new(),
            _ => texts(&sample.header.sheets),
        },
        sheet: sample.header.sheet.clone().unwrap_or_default(),
        mappings: std::iter::once(proposal)
            .chain(named.iter().map(|(name, _)| ((*name).into(), (*name).into())))
            .collect(),
        on_text: on_text(&mapping),
        day_order: mapping.day_order.map_or("", crate::DayOrder::name),
        columns: sample.header.columns.clone(),
        rows: sample.rows.iter().take(ROWS_SHOWN).map(|row| shown(&row.cells)).collect(),
        choices,
        form,
        problem,
        batch,
        ui,
    };
    web::page_with(error.map_or(StatusCode::OK, web::answer::status_of), template)
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

fn row(
    ui: &Ui,
    kind: &dyn ImportKind,
    field: &'static Field,
    mapping: &Mapping,
    sample: &Sample,
    form: &Problems,
) -> FieldRow {
    let column = mapping.columns.get(field.name);
    let names = &sample.header.columns;
    let place = |name: &Option<String>| {
        name.as_ref().and_then(|name| names.iter().position(|column| normal(column) == normal(name)))
    };
    let at = column.and_then(|column| place(&column.column));
    let mut options = vec![(String::new(), ui.t("import-not_taken"))];
    let made = column.and_then(|column| made_up(ui, column));
    options.extend(made.clone().map(|text| ("keep".to_owned(), text)));
    options.extend(column_options(names));
    let (currencies, currency) = match field.shape {
        Shape::Amount => currencies(ui, column, names, column.and_then(|column| place(&column.currency_column))),
        _ => (Vec::new(), String::new()),
    };
    FieldRow {
        name: field.name,
        label: views::label(ui, kind.name(), field.name),
        required: field.required,
        hint: hint(ui, field.shape),
        selected: match (made, at) {
            (Some(_), _) => "keep".into(),
            (None, Some(at)) => format!("c{at}"),
            (None, None) => String::new(),
        },
        options,
        samples: at.map_or_else(String::new, |at| sample.values(at).join(" · ")),
        currencies,
        currency,
        words: matches!(field.shape, Shape::Choice(_)).then(|| column.map_or_else(String::new, choice_words)),
        problem: form.problem(field.name).to_owned(),
    }
}

fn column_options(names: &[String]) -> Vec<(String, String)> {
    let named = names.iter().enumerate().filter(|(_, name)| !name.is_empty());
    named.map(|(at, name)| (format!("c{at}"), name.clone())).collect()
}

/// What a field says that is no single column; the page cannot make such a thing, but it keeps it.
fn made_up(ui: &Ui, column: &Column) -> Option<String> {
    match (&column.constant, column.parts.as_slice()) {
        (Some(constant), _) => Some(ui.t1("import-constant", "text", constant)),
        (None, []) => None,
        (None, parts) => Some(parts.join(" + ")),
    }
}

fn currencies(
    ui: &Ui,
    column: Option<&Column>,
    names: &[String],
    at: Option<usize>,
) -> (Vec<(String, String)>, String) {
    let constant = column.and_then(|column| column.currency).map(|currency: Currency| currency.to_string());
    let mut options = vec![(String::new(), ui.t("import-choose_currency"))];
    let rare = constant.iter().map(String::as_str).filter(|code| !CURRENCIES.contains(code));
    options.extend(CURRENCIES.into_iter().chain(rare).map(|code| (code.to_owned(), code.to_owned())));
    let from = |(code, name): (String, String)| (code, ui.t1("import-currency_from", "column", name));
    options.extend(column_options(names).into_iter().map(from));
    let selected = constant.or(at.map(|at| format!("c{at}"))).unwrap_or_default();
    (options, selected)
}

fn hint(ui: &Ui, shape: Shape) -> String {
    match shape {
        Shape::Choice(words) => words.join(" / "),
        Shape::Text => ui.t("import-shape-text"),
        Shape::Day => ui.t("import-shape-day"),
        Shape::Moment => ui.t("import-shape-moment"),
        Shape::Whole => ui.t("import-shape-whole"),
        Shape::Decimal => ui.t("import-shape-decimal"),
        Shape::Amount => ui.t("import-shape-amount"),
    }
}
