//! What modules show on the customer page.

use async_trait::async_trait;
use base::{Actor, CustomerId, Error, Instant};
use db::{Db, Tx};

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Good,
    Risk,
    Warn,
    Info,
    Neutral,
}

impl Tone {
    /// The class suffix of `macros.html`.
    pub fn name(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Risk => "risk",
            Tone::Warn => "warn",
            Tone::Info => "info",
            Tone::Neutral => "neutral",
        }
    }
}

/// One touch, change or shipment on the customer's timeline.
#[derive(Clone, Debug, serde::Serialize)]
pub struct TimelineRow {
    pub at: Instant,
    /// Unique within the source; breaks ties of `at`.
    pub id: String,
    /// Translated kind: 电话, 运单….
    pub kind: String,
    pub icon: &'static str,
    pub who: String,
    pub text: String,
    /// Where to read more; empty when there is nowhere.
    pub href: String,
}

/// Gives a customer's rows before a point in time, newest first. The caller has checked that the actor may see him.
#[async_trait]
pub trait TimelineSource: Send + Sync {
    /// # Errors
    /// When the database does not answer.
    async fn before(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &texts::Texts,
        customer: &CustomerId,
        before: Instant,
        rows: u64,
    ) -> Result<Vec<TimelineRow>, Error>;
}

/// A figure at the head of the customer page.
#[derive(Clone, Debug)]
pub struct CustomerFigure {
    pub label: String,
    pub value: String,
    /// What the figure is made of: policy, period, counts apart. May be empty.
    pub note: String,
    pub tone: Tone,
    pub href: String,
}

/// A tab of the customer page, rendered by the module itself.
#[derive(Clone, Debug)]
pub struct Panel {
    pub html: String,
}

/// A module's part of the customer page. The caller has checked that the actor may see the customer.
#[async_trait]
pub trait CustomerPanel: Send + Sync {
    /// Part of the URL: `/customers/{id}?tab=shipments`.
    fn name(&self) -> &'static str;

    fn title_key(&self) -> &'static str;

    /// Figures for the head of the page.
    ///
    /// # Errors
    /// When the database does not answer.
    async fn figures(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &texts::Texts,
        customer: &CustomerId,
    ) -> Result<Vec<CustomerFigure>, Error>;

    /// The tab's inside; `csrf` is for its forms. `None` when the module only has figures.
    ///
    /// # Errors
    /// When the database does not answer.
    async fn render(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &texts::Texts,
        customer: &CustomerId,
        csrf: &str,
    ) -> Result<Option<Panel>, Error>;

    /// Which of these ids are shipments of the customer that the actor may see: an interaction tells about no others.
    ///
    /// # Errors
    /// When the database does not answer.
    async fn shipments_among(
        &self,
        _tx: &Tx,
        _actor: &Actor,
        _customer: &CustomerId,
        _ids: &[String],
    ) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }
}
