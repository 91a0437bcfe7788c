//! Puts the modules together. The only place that knows all of them.

use std::sync::{Arc, OnceLock};

use access::Access;
use access::identify::{Identify, identify};
use axum::Router;
use axum::http::Method;
use axum::middleware;
use base::{Error, Permission};
use db::Db;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use module::{Job, Listener, Route};
use texts::Texts;
use web::Shell;

use crate::grants::grants;
use crate::jobs::{CheckpointLog, SealAudit};
use crate::{health, home, router};

/// All modules, taken apart into what the program needs.
pub struct Program {
    pub access: Access,
    pub shell: Arc<Shell>,
    pub listeners: Vec<Arc<dyn Listener>>,
    pub jobs: Vec<Arc<dyn Job>>,
    routes: Vec<Route>,
}

/// Also writes the built-in roles when they are missing.
///
/// # Errors
/// When the database refuses; broken texts are our mistake.
pub async fn assemble(db: &Db) -> Result<Program, Error> {
    let access = Access::new(db.clone());
    let modules = vec![home::module(), health::module(db.clone(), metrics()), access::module(access.clone())];
    let permissions: Vec<Permission> = modules.iter().flat_map(|module| module.permissions.clone()).collect();
    access.know(permissions);
    access.ensure_roles(&grants(), base::now()).await?;
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
    Ok(Program { access, shell: Arc::new(Shell { texts, menu }), listeners, jobs, routes })
}

impl Program {
    /// `secure`: the outside speaks https.
    pub fn router(&self, secure: bool) -> Router {
        let state = Identify { access: self.access.clone(), secure };
        router::build(self.routes.clone(), self.shell.clone(), secure, |inside| {
            inside.layer(middleware::from_fn_with_state(state, identify))
        })
    }

    /// Every route that exists.
    pub fn registered(&self) -> Vec<(Method, &'static str)> {
        self.routes.iter().map(|route| (route.method.clone(), route.path)).collect()
    }
}

/// The recorder is one for the whole process; tests assemble the program more than once.
fn metrics() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            // Fails only when another recorder is there already; then these figures stay empty.
            let _ = metrics::set_global_recorder(recorder);
            handle
        })
        .clone()
}
