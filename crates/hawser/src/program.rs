//! Puts the modules together. The only place that knows all of them.

use std::sync::Arc;

use base::Error;
use db::Db;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use module::{Job, Listener, Module, Route};
use texts::Texts;
use web::Shell;

use crate::health;
use crate::jobs::{CheckpointLog, SealAudit};

/// All modules, taken apart into what the program needs.
pub struct Program {
    pub routes: Vec<Route>,
    pub shell: Arc<Shell>,
    pub listeners: Vec<Arc<dyn Listener>>,
    pub jobs: Vec<Arc<dyn Job>>,
}

/// # Errors
/// Broken texts are our mistake.
pub fn assemble(db: &Db) -> Result<Program, Error> {
    let modules = modules(db);
    let mut locales = vec![web::locales(), exchange::locales()];
    let (mut routes, mut menu, mut listeners) = (Vec::new(), Vec::new(), Vec::new());
    let mut jobs: Vec<Arc<dyn Job>> =
        vec![Arc::new(SealAudit { db: db.clone() }), Arc::new(CheckpointLog { db: db.clone() })];
    for module in modules {
        locales.extend(module.locales);
        routes.extend(module.routes.into_all());
        menu.extend(module.menu);
        listeners.extend(module.listeners);
        jobs.extend(module.jobs);
    }
    let texts = Texts::load(locales).map_err(|error| Error::Bug(error.to_string()))?;
    Ok(Program { routes, shell: Arc::new(Shell { texts, menu }), listeners, jobs })
}

fn modules(db: &Db) -> Vec<Module> {
    vec![health::module(db.clone(), metrics())]
}

/// The recorder is one for the whole process; tests assemble the program more than once.
fn metrics() -> PrometheusHandle {
    static HANDLE: std::sync::OnceLock<PrometheusHandle> = std::sync::OnceLock::new();
    if let Some(handle) = HANDLE.get() {
        return handle.clone();
    }
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = HANDLE.get_or_init(|| recorder.handle()).clone();
    // A second recorder can only lose a race in tests; the first one then serves both.
    let _ = metrics::set_global_recorder(recorder);
    handle
}
