//! A customer's complaints on his page.

use askama::Template;
use async_trait::async_trait;
use base::{Actor, CustomerId, Error, Language};
use db::Db;
use module::{CustomerFigure, CustomerPanel, Panel, Tone};
use texts::{Texts, format};

use crate::store;
use crate::views::excerpt;
use crate::{LOG, store::list};

/// Complaints that the tab shows.
const SHOWN: u64 = 20;
/// Characters of the customer's words on a row.
const WORDS: usize = 60;

#[derive(Debug)]
pub struct ComplaintPanel;

#[derive(Template)]
#[template(path = "complaints_panel.html")]
struct Inside<'a> {
    texts: &'a Texts,
    language: Language,
    rows: Vec<Row>,
    customer: String,
    may_log: bool,
}

struct Row {
    id: String,
    number: String,
    words: String,
    category: String,
    status: String,
    tone: &'static str,
    received: String,
}

impl Inside<'_> {
    fn t(&self, key: &str) -> String {
        self.texts.get(self.language, key)
    }
}

#[async_trait]
impl CustomerPanel for ComplaintPanel {
    fn name(&self) -> &'static str {
        "complaints"
    }

    fn title_key(&self) -> &'static str {
        "complaint-title"
    }

    async fn figures(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &Texts,
        customer: &CustomerId,
    ) -> Result<Vec<CustomerFigure>, Error> {
        if !store::reaches(db.read(), actor, customer).await? {
            return Ok(Vec::new());
        }
        let of = |view| list::Filter { view, customer: Some(customer.clone()), ..list::Filter::default() };
        let open = list::count(db.read(), actor, &of(list::View::Open)).await?;
        let all = list::count(db.read(), actor, &of(list::View::All)).await?;
        Ok(vec![CustomerFigure {
            label: texts.get(actor.language, "complaint-figure_open"),
            value: open.to_string(),
            note: texts.with(actor.language, "complaint-figure_all", &[("count", all.to_string())]),
            tone: if open > 0 { Tone::Warn } else { Tone::Neutral },
            href: format!("/complaints?view=all&customer={customer}"),
        }])
    }

    async fn render(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &Texts,
        customer: &CustomerId,
        _: &str,
    ) -> Result<Option<Panel>, Error> {
        if !store::reaches(db.read(), actor, customer).await? {
            return Ok(None);
        }
        let rows = store::of_customer(db.read(), customer, SHOWN).await?;
        let row = |complaint: crate::complaint::Model| Row {
            id: complaint.id.0,
            number: complaint.number,
            words: excerpt(&complaint.words, WORDS),
            category: texts.get(actor.language, complaint.category.key()),
            status: texts.get(actor.language, complaint.status.key()),
            tone: complaint.status.tone(),
            received: format::time(complaint.received_at),
        };
        let inside = Inside {
            texts,
            language: actor.language,
            rows: rows.into_iter().map(row).collect(),
            customer: customer.to_string(),
            may_log: actor.has(LOG),
        };
        let html = inside.render().map_err(|error| Error::Bug(error.to_string()))?;
        Ok(Some(Panel { html }))
    }
}
