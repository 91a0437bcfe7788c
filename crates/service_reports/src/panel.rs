//! The reports of the last months on the customer's page.

use askama::Template;
use async_trait::async_trait;
use base::{Actor, CustomerId, Error, Language};
use db::Db;
use module::{CustomerFigure, CustomerPanel, Panel};
use texts::Texts;

use crate::month::Month;
use crate::report::reaches;

/// Months that the tab offers, the current one first.
const MONTHS: u32 = 13;

#[derive(Debug)]
pub struct ReportPanel;

#[derive(Template)]
#[template(path = "service_reports_panel.html")]
struct Inside<'a> {
    texts: &'a Texts,
    language: Language,
    customer: String,
    months: Vec<String>,
}

impl Inside<'_> {
    fn t(&self, key: &str) -> String {
        self.texts.get(self.language, key)
    }
}

#[async_trait]
impl CustomerPanel for ReportPanel {
    fn name(&self) -> &'static str {
        "service_reports"
    }

    fn title_key(&self) -> &'static str {
        "service_report-title"
    }

    async fn figures(&self, _: &Db, _: &Actor, _: &Texts, _: &CustomerId) -> Result<Vec<CustomerFigure>, Error> {
        Ok(Vec::new())
    }

    async fn render(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &Texts,
        customer: &CustomerId,
        _: &str,
    ) -> Result<Option<Panel>, Error> {
        if !reaches(db.read(), actor, customer).await? {
            return Ok(None);
        }
        let now = Month::of(actor.today());
        let months = (0..MONTHS).map(|back| now.before(back).code()).collect();
        let inside = Inside { texts, language: actor.language, customer: customer.to_string(), months };
        let html = inside.render().map_err(|error| Error::Bug(error.to_string()))?;
        Ok(Some(Panel { html }))
    }
}
