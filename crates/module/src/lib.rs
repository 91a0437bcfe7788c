//! What a module tells the program about itself. `hawser` collects these and knows all; modules do not know each other.

mod customer;
mod events;
mod imports;
mod records;
mod routes;
mod seen;
mod settings;
mod worklist;

use std::sync::Arc;

use base::Permission;
use texts::Locales;

pub use customer::{CustomerFigure, CustomerPanel, Panel, TimelineRow, TimelineSource, Tone};
pub use events::{Listener, deliver};
pub use imports::{Difference, Field, ImportKind, Options, Record, Shape, Value, Verdict};
pub use records::{Named, RecordNames};
pub use routes::{Access, Face, Route, Routes};
pub use seen::{Remembered, Seen};
pub use settings::{Setting, SettingField, SettingShape};
pub use worklist::{Doing, Reason, ReasonSource, Urgency};

/// Everything one module brings.
#[derive(Default)]
pub struct Module {
    /// The crate's name.
    pub name: &'static str,
    pub locales: Option<Locales>,
    /// Each has the text keys `permission-{name with - for .}`.
    pub permissions: Vec<Permission>,
    pub routes: Routes,
    pub menu: Vec<MenuEntry>,
    pub listeners: Vec<Arc<dyn Listener>>,
    pub jobs: Vec<Arc<dyn Job>>,
    pub timeline: Vec<Arc<dyn TimelineSource>>,
    /// What the customer page shows from this module, in order.
    pub panels: Vec<Arc<dyn CustomerPanel>>,
    pub reasons: Vec<Arc<dyn ReasonSource>>,
    pub import_kinds: Vec<Arc<dyn ImportKind>>,
    pub settings: Vec<Setting>,
    /// How the audit names the module's records.
    pub records: Vec<Arc<dyn RecordNames>>,
    /// The module's part of `/openapi.json`, as JSON.
    pub openapi: Option<serde_json::Value>,
}

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Module").field("name", &self.name).finish_non_exhaustive()
    }
}

/// One line of the navigation, shown to those who may open it.
#[derive(Clone, Copy, Debug)]
pub struct MenuEntry {
    pub group: MenuGroup,
    /// Order within the group.
    pub order: u8,
    pub href: &'static str,
    pub title_key: &'static str,
    /// Name in `crates/web/assets/src/icons.txt`.
    pub icon: &'static str,
    /// `None`: everybody who is signed in.
    pub needs: Option<Permission>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MenuGroup {
    Today,
    Customers,
    Service,
    Data,
    Settings,
}

impl MenuGroup {
    pub fn title_key(self) -> &'static str {
        match self {
            MenuGroup::Today => "web-menu-today",
            MenuGroup::Customers => "web-menu-customers",
            MenuGroup::Service => "web-menu-service",
            MenuGroup::Data => "web-menu-data",
            MenuGroup::Settings => "web-menu-settings",
        }
    }
}

/// Recurring work; one node at a time does it.
#[async_trait::async_trait]
pub trait Job: Send + Sync {
    fn name(&self) -> &'static str;

    /// How long after one run the next is due.
    fn every(&self) -> chrono::Duration;

    /// # Errors
    /// Logged and shown by `doctor`; the next run comes at its usual time.
    async fn run(&self, actor: &base::Actor) -> Result<(), base::Error>;
}
