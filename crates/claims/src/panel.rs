//! A customer's claims on his page, and what they cost us.

use askama::Template;
use async_trait::async_trait;
use base::{Actor, CustomerId, Error, Language, Money};
use db::Db;
use module::{CustomerFigure, CustomerPanel, Panel, Tone};
use texts::{Texts, format};

use crate::claim::Model;
use crate::service::CustomerCost;
use crate::store::{self, list};
use crate::{Claims, RAISE};

/// Claims that the tab shows.
const SHOWN: u64 = 20;

#[derive(Debug)]
pub struct ClaimPanel(pub Claims);

#[derive(Template)]
#[template(path = "claims_panel.html")]
struct Inside<'a> {
    texts: &'a Texts,
    language: Language,
    rows: Vec<Row>,
    customer: String,
    cost: String,
    apart: String,
    may_raise: bool,
}

struct Row {
    id: String,
    number: String,
    waybill: String,
    kind: String,
    asked: String,
    cost: String,
    status: String,
    tone: &'static str,
}

impl Inside<'_> {
    fn t(&self, key: &str) -> String {
        self.texts.get(self.language, key)
    }
}

/// What has no rate and is not in the sum; empty when all of it is.
fn apart(texts: &Texts, language: Language, cost: &CustomerCost) -> String {
    let amounts = cost.apart.iter().map(|apart| format::money(Money::new(apart.minor, apart.currency)));
    match amounts.collect::<Vec<_>>() {
        amounts if amounts.is_empty() => String::new(),
        amounts => texts.with(language, "claim-cost_apart", &[("amounts", amounts.join(", "))]),
    }
}

#[async_trait]
impl CustomerPanel for ClaimPanel {
    fn name(&self) -> &'static str {
        "claims"
    }

    fn title_key(&self) -> &'static str {
        "claim-title"
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
        let open = list::open_of(db.read(), customer).await?;
        let cost = self.0.cost(actor, customer).await?;
        let open_words = texts.with(actor.language, "claim-figure_open", &[("count", open.to_string())]);
        let notes = [open_words, apart(texts, actor.language, &cost)];
        let notes: Vec<String> = notes.into_iter().filter(|note| !note.is_empty()).collect();
        Ok(vec![CustomerFigure {
            label: texts.get(actor.language, "claim-cost"),
            value: format::money(Money::new(cost.minor, cost.currency)),
            note: notes.join(" · "),
            tone: if open > 0 { Tone::Warn } else { Tone::Neutral },
            href: format!("/claims?state=all&customer={customer}"),
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
        if !store::reaches(db.read(), actor, customer).await? {
            return Ok(None);
        }
        let rows = store::of_customer(db.read(), customer, SHOWN).await?;
        let cost = self.0.cost(actor, customer).await?;
        let t = |key: &str| texts.get(actor.language, key);
        let row = |claim: Model| Row {
            asked: format::money(claim.asked()),
            cost: claim.paid_minor.map(|_| format::money(claim.cost())).unwrap_or_default(),
            id: claim.id.0,
            number: claim.number,
            waybill: claim.waybill,
            kind: t(claim.kind.key()),
            status: t(claim.status.key()),
            tone: claim.status.tone(),
        };
        let inside = Inside {
            texts,
            language: actor.language,
            rows: rows.into_iter().map(row).collect(),
            customer: customer.to_string(),
            apart: apart(texts, actor.language, &cost),
            cost: format::money(Money::new(cost.minor, cost.currency)),
            may_raise: actor.has(RAISE),
        };
        let html = inside.render().map_err(|error| Error::Bug(error.to_string()))?;
        Ok(Some(Panel { html }))
    }
}
