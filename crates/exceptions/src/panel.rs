//! A customer's exceptions on his page.

use askama::Template;
use async_trait::async_trait;
use base::{Actor, CustomerId, Error, Language};
use chrono::Months;
use db::Db;
use module::{CustomerFigure, CustomerPanel, Panel, Tone};
use texts::{Texts, format};

use crate::exception::Kind;
use crate::store::{self, figures, list};
use crate::views::{address, lane};
use crate::{Exceptions, VIEW, rules};

/// Exceptions that the tab shows.
const ROWS: u64 = 20;
/// Months that the share looks back.
const MONTHS: u32 = 6;

#[derive(Debug)]
pub struct ExceptionPanel;

#[derive(Template)]
#[template(path = "exceptions_panel.html")]
struct Inside<'a> {
    texts: &'a Texts,
    language: Language,
    rows: Vec<Row>,
    all_href: String,
}

struct Row {
    id: String,
    waybill: String,
    what: String,
    lane: String,
    found: String,
    status: String,
    tone: &'static str,
}

impl Inside<'_> {
    fn t(&self, key: &str) -> String {
        self.texts.get(self.language, key)
    }
}

#[async_trait]
impl CustomerPanel for ExceptionPanel {
    fn name(&self) -> &'static str {
        "exceptions"
    }

    fn title_key(&self) -> &'static str {
        "exception-title"
    }

    async fn figures(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &Texts,
        customer: &CustomerId,
    ) -> Result<Vec<CustomerFigure>, Error> {
        if !actor.has(VIEW) {
            return Ok(Vec::new());
        }
        let (open, untold) = list::open_of(db.read(), actor, customer).await?;
        let since = actor.today().checked_sub_months(Months::new(MONTHS - 1)).unwrap_or(actor.today());
        let (from, to) = (since.format("%Y-%m").to_string(), rules::month_of(actor.now));
        let by = figures::By::Month;
        let months = figures::told_first(db.read(), actor, by, (&from, &to), Some(customer)).await?;
        let (due, first) = months.iter().fold((0, 0), |(due, first), row| (due + row.due, first + row.told_first));
        let share = figures::Row { key: String::new(), due, told_first: first };
        let args = [("untold", untold.to_string())];
        let note = texts.with(actor.language, "exception-figure_untold", &args);
        let share_note = match due {
            0 => texts.get(actor.language, "exception-figure_none"),
            _ => {
                let args =
                    [("share", format::percent(share.rate())), ("first", first.to_string()), ("due", due.to_string())];
                texts.with(actor.language, "exception-figure_share", &args)
            }
        };
        let pairs = [("state", "open".to_owned()), ("customer", customer.to_string())];
        Ok(vec![CustomerFigure {
            label: texts.get(actor.language, "exception-figure_open"),
            value: open.to_string(),
            note: format!("{note} · {share_note}"),
            tone: if untold > 0 { Tone::Risk } else { Tone::Neutral },
            href: address("/exceptions", pairs),
        }])
    }

    async fn render(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &Texts,
        customer: &CustomerId,
        _csrf: &str,
    ) -> Result<Option<Panel>, Error> {
        if !actor.has(VIEW) {
            return Ok(None);
        }
        let t = |key: &str| texts.get(actor.language, key);
        let until = actor.now + chrono::Duration::days(1);
        let all = store::of_customer(db.read(), actor, customer, until, ROWS).await?;
        let files = Exceptions::new(db.clone()).files(actor, all).await?;
        let row = |file: crate::File| {
            let one = file.exception;
            let what = match (one.kind, one.milestone) {
                (Kind::Late, Some(step)) => t(step.key()),
                _ => one.what,
            };
            Row {
                waybill: file.waybill,
                what: format!("{} · {what}", t(one.kind.key())),
                lane: lane(&one.origin, &one.destination),
                found: format::time(one.found_at),
                status: t(one.status.key()),
                tone: one.status.tone(),
                id: one.id,
            }
        };
        let pairs = [("state", "all".to_owned()), ("customer", customer.to_string())];
        let inside = Inside {
            texts,
            language: actor.language,
            rows: files.into_iter().map(row).collect(),
            all_href: address("/exceptions", pairs),
        };
        let html = inside.render().map_err(|error| Error::Bug(error.to_string()))?;
        Ok(Some(Panel { html }))
    }
}
